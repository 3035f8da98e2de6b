"""Our security.txt parser and check beside an independent validator's answers about the same real files.

    python -m benchmarks.securitytxt FOLDER

FOLDER holds `NN.txt` and `labels.json` (`{"NN": {"errors": […], "recs": […], "notif": […]}}`, the codes of
the validator). The files are measured and never kept. Prints a row per file and code, with how we say it, and
ends with code 1 if one of us sees an error that the other does not.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Contact, Outcome
from shelfworthy.probes.contact.security_txt import Parsed, parse
from shelfworthy.seen.contact import ContactSeen, SecurityTxt

AS_OF = datetime(2026, 11, 21, 12, tzinfo=UTC)  # the day the labels were made
YEAR = timedelta(days=366)
FORM = {"no_line_separators"}  # errors to the validator; our check advises, and does not fail for them
OURS = {  # our id → the validator's code
    "no-contact": "no_contact",
    "no-expires": "no_expire",
    "contact-no-uri": "no_uri",
    "no-final-newline": "no_line_separators",
    "unknown-field": "unknown_field",
    "no-field": "invalid_line",
}


def said(parsed: Parsed) -> Iterator[str]:
    """What we see in a file, in the validator's codes."""
    for problem in parsed.problems:
        yield OURS.get(problem.id, problem.id)
    if parsed.expires is not None and parsed.expires <= AS_OF:
        yield "expired"
    if parsed.expires is not None and parsed.expires > AS_OF + YEAR:
        yield "long_expiry"
    if not parsed.signed:
        yield "not_signed"
    by_mail = any(one.name == "contact" and one.value.startswith("mailto:") for one in parsed.fields)
    if by_mail and not any(one.name == "encryption" for one in parsed.fields):
        yield "no_encryption"


def verdict(parsed: Parsed) -> Outcome:
    """What the check answers of the file alone, as if it was served as it should be."""
    url = next(
        (field.value for field in parsed.fields if field.name == "canonical"), "https://maker.example/"
    )
    file = SecurityTxt(
        url=url,
        final=url,
        whole=True,
        fields=parsed.fields,
        problems=parsed.problems,
        expires=parsed.expires,
        signature=None,
    )
    seen = ContactSeen(
        at=AS_OF, site="https://maker.example", places=(), security_txt=file, pages=(), unvisited=()
    )
    about = About(surface=Contact(id="maker", where="contact:https://maker.example/"))
    return next(iter(BY_ID["contact-security-txt"].judge(seen, about))).outcome


def main(folder: Path) -> int:
    labels = json.loads((folder / "labels.json").read_text())
    rows = agreed = split = 0
    for name, label in sorted(labels.items()):
        parsed = parse((folder / f"{name}.txt").read_bytes())
        ours = set(said(parsed))
        theirs = {code for codes in label.values() for code in codes}
        errors = set(label["errors"])
        answer = verdict(parsed)
        for code in sorted(ours | theirs):
            who = "both" if code in ours & theirs else "only we" if code in ours else "only they"
            rows, agreed = rows + 1, agreed + (who == "both")
            split += who != "both" and code in errors
            print(f"{name}  {code:20} {'error' if code in errors else 'note':6} {who}")
        wrong = bool(errors - FORM) != (answer is Outcome.FAIL)
        split += wrong
        print(
            f"{name}  = check: {answer}; validator: {'invalid' if errors else 'valid'}{' ← differ' * wrong}"
        )
    print(f"{agreed} of {rows} codes agree; {split} disagreements that concern an error or the answer")
    return 1 if split else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
