"""The database's own refusal to change or delete a decision, whoever asks: SQL by vendor.

A migration's `RunPython(protect, unprotect)`. Tests that empty tables call `unprotect` before.
"""

from typing import Any, Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE: Final = "shelf_decision"
WORDS: Final = "decisions are only appended"

PROTECTED: Final = {
    "sqlite": (
        f"CREATE TRIGGER decision_kept BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END",
        f"CREATE TRIGGER decision_stays BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END",
    ),
    "postgresql": (
        f"""CREATE FUNCTION decision_kept() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$""",
        f"""CREATE TRIGGER decision_kept BEFORE UPDATE OR DELETE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION decision_kept()""",
        f"""CREATE TRIGGER decision_stays BEFORE TRUNCATE ON {TABLE}
            FOR EACH STATEMENT EXECUTE FUNCTION decision_kept()""",
    ),
}
UNPROTECTED: Final = {
    "sqlite": ("DROP TRIGGER IF EXISTS decision_kept", "DROP TRIGGER IF EXISTS decision_stays"),
    "postgresql": (
        f"DROP TRIGGER IF EXISTS decision_kept ON {TABLE}",
        f"DROP TRIGGER IF EXISTS decision_stays ON {TABLE}",
        "DROP FUNCTION IF EXISTS decision_kept()",
    ),
}


def protect(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ANN401 - as RunPython calls it
    """Put the triggers there."""
    for statement in PROTECTED[editor.connection.vendor]:
        editor.execute(statement)


def unprotect(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ANN401 - as RunPython calls it
    """Take them away."""
    for statement in UNPROTECTED[editor.connection.vendor]:
        editor.execute(statement)
