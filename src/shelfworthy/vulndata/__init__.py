"""Data about known flaws, imported by the operator into one local file: CVE, OSV, CISA's list, ends of
support.

Nothing is fetched. What is imported is kept only as far as it is about components that we know
(`seen/components.toml`); each file is a reference with name, date and digest.
"""
