"""Names that ransom campaigns against open databases gave to what they left: reference data of our own.

Here, since the check that knows what they mean and the probe that asks a store for single records of these
names both need them. Who changes what `unmistakable` says raises the version of `database-ransom-traces`.
Sources: reports on MongoDB (2017), MySQL (Guardicore, 2017 and 2020), Elasticsearch (Secureworks, 2022),
PostgreSQL (Border0, 2023), Redis (Duo Labs, 2016; Imperva, 2018).
"""

# Of databases, collections, tables, indices, keys; in lower case: nobody else uses these names.
UNMISTAKABLE = frozenset({"pwned_secure_your_stuff_silly", "readme_missing_databases", "please_read"})
# The beginnings of such names, in lower case, which campaigns end in various ways.
BEGINNINGS = ("please_read_me", "read_me_to_recover", "readme_to_recover")
# The same, but others use these names, too: lists of leaked passwords, notes to colleagues.
AMBIGUOUS = frozenset({"pwned", "read_me", "read__me"})
# Redis keys through which intruders write their own SSH key or scheduled task onto the machine.
INTRUDERS_KEYS = frozenset({"crackit"})
# The same, but a backup may be called so, too.
PERHAPS_KEYS = frozenset({"backup1", "backup2", "backup3", "backup4"})


def unmistakable(name: str) -> bool:
    """Whether only a ransom note bears this name."""
    return name.lower() in UNMISTAKABLE or name.lower().startswith(BEGINNINGS)


def keys() -> tuple[str, ...]:
    """Every name to ask a store of single records for, as campaigns have written them; in a stable order."""
    notes = {*UNMISTAKABLE, *BEGINNINGS, "read_me_to_recover_database", "read_me_to_recover_your_data"}
    written = {form for name in notes | AMBIGUOUS for form in (name, name.upper())}
    return tuple(sorted(written | INTRUDERS_KEYS | PERHAPS_KEYS))
