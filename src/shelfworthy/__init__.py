"""Shelfworthy: does this connected product deserve its place on the shelf?"""

__version__ = "0.1.0"
