"""The shelf: a shop's catalogue, the verdict behind every listing, decisions that stand up, and a watch.

Django, and nowhere else but here: `settings.py` is its one way in. See ARCHITECTURE.md for who does what.
"""
