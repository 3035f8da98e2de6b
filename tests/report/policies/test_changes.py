"""What a policy that changed is said to have changed in: only what is so, and each of the kinds."""

from collections.abc import Iterator

import pytest

from shelfworthy.report.policies.comparing import MOST, policy_diff
from shelfworthy.report.policies.shape import How, PolicyChange, PolicyDiff
from tests.report.policies import texts
from tests.report.policies.texts import BASE, becomes, seen


def one(found: PolicyDiff | None) -> PolicyChange:
    assert found is not None
    [change] = found.changes
    return change


def meant(found: PolicyDiff | None) -> list[str]:
    """All that is said to have changed in meaning."""
    assert found is not None
    return [says for change in found.changes if change.how is How.MEANING for says in change.says]


def test_the_same_policy_did_not_change() -> None:
    assert becomes({}) is None


# -- in meaning --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "says", "requirement"),
    [
        (
            texts.PERIOD,
            "We keep the hours for 90 days and then delete them.",
            "A period changed: 30 days → 90 days.",
            "privacy.choices",
        ),
        (
            texts.PERIOD,
            "We keep the hours for ninety (90) days and then delete them.",
            "A period changed: 30 days → ninety (90) days.",
            "privacy.choices",
        ),
        (
            texts.TOLD,
            "We will send you an e-mail at least 2 days before this policy changes.",
            "A period changed: 14 days → 2 days.",
            "privacy.available",
        ),
        (
            texts.AGE,
            "The app is not meant for children under 16 years of age.",
            "An age changed: 13 → 16.",
            "privacy.children",
        ),
        (
            texts.SOLD,
            "We sell your personal data to anybody.",
            "It said no, and does not say no now.",
            "privacy.practice",
        ),
        (texts.DELETE, "", "It no longer says how you can have data deleted.", "privacy.choices"),
        (texts.REFUSE, "", "It no longer says how you can refuse.", "privacy.choices"),
        (texts.TOLD, "", "It no longer says that changes are told.", "privacy.available"),
        (
            texts.PERIOD,
            "We keep the hours for as long as necessary.",
            "This said for how long data are kept; it says something else now.",
            "privacy.choices",
        ),
    ],
)
def test_it_changed_in_meaning(old: str, new: str, says: str, requirement: str) -> None:
    found = becomes({old: new})
    change = one(found)
    assert change.how is How.MEANING
    assert says in change.says
    assert requirement in change.requirements
    assert (change.old, change.new) == (old, new)
    assert found is not None
    assert requirement in found.reopened
    assert found.says == "It changed in meaning."


def test_a_recipient_that_was_not_named_before() -> None:
    found = becomes({}, "Your data are also passed on to Fernside Analytics Ltd, which counts them.")
    assert "A recipient is new: Fernside Analytics Ltd." in meant(found)


def test_a_recipient_that_is_named_elsewhere_is_not_new() -> None:
    found = becomes({}, "Your data are also backed up and stored by Hillcrest Hosting Ltd.")
    assert not meant(found)


def test_a_right_that_is_new() -> None:
    without = [line for line in BASE if line != texts.DELETE]
    found = policy_diff(seen(*without), seen(*BASE), "policy", "")
    assert meant(found) == ["It newly says how you can have data deleted."]


# -- not in meaning ----------------------------------------------------------------------------------------


def test_only_the_date() -> None:
    found = becomes({texts.DATE: "This privacy policy was last updated on 12 November 2026."})
    assert one(found).how is How.DATE
    assert found is not None
    assert (found.says, found.reopened) == ("Only its date changed.", ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("3 March 2026", "May 1, 2026"),
        ("Effective Date: 2026-03-01", "Effective Date: 2027-01-31"),
        (
            "This policy was last published on: 31 March 2026",
            "This policy was last published on: 21 April 2026",
        ),
    ],
)
def test_a_line_that_is_a_date_and_little_else(old: str, new: str) -> None:
    change = one(policy_diff(seen(old, *BASE), seen(new, *BASE), "policy", ""))
    assert (change.how, change.old, change.new) == (How.DATE, old, new)


def test_a_date_behind_a_sentence_about_data_is_a_date() -> None:
    told = "Where appropriate, we may tell you by email what changes in how we use your data."
    old, new = (f"This policy was last published on: {day}" for day in ("31 March 2026", "21 April 2026"))
    change = one(policy_diff(seen(f"{told} {old}", *BASE), seen(f"{told} {new}", *BASE), "policy", ""))
    assert (change.how, change.old, change.new) == (How.DATE, old, new)


def test_an_exception_is_left_to_a_person() -> None:
    found = becomes({texts.TAKEN: f"Other than as said below, {texts.TAKEN[0].lower()}{texts.TAKEN[1:]}"})
    assert one(found).how is How.TO_READ


def test_a_date_until_which_data_are_kept_is_not_only_a_date() -> None:
    before = seen(*BASE, "We keep your orders until 31 December 2027 and then delete them.")
    after = seen(*BASE, "We keep your orders until 31 December 2037 and then delete them.")
    assert one(policy_diff(before, after, "policy", "")).how is not How.DATE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (texts.PERIOD, "We keep these hours for thirty days and then delete them."),
        (texts.PURPOSE, texts.PURPOSE.replace("We need", "We also need")),
        (texts.CONTACT, texts.CONTACT.replace("Questions", "The questions")),
    ],
)
def test_only_the_wording(old: str, new: str) -> None:
    found = becomes({old: new})
    assert one(found).how is How.WORDING
    assert found is not None
    assert (found.says, found.reopened) == ("Only its wording changed.", ())


def test_typography_is_no_change() -> None:
    assert becomes({texts.REFUSE: texts.REFUSE.replace('"Hours"', "“Hours”").replace(" ", "  ")}) is None


def test_another_order_is_layout() -> None:
    found = policy_diff(seen(*BASE), seen(*BASE[3:], *BASE[:3]), "policy", "")
    assert found is not None
    assert found.says.startswith("Only its layout changed")
    assert not found.changes


@pytest.mark.parametrize(
    "again",
    [
        "If you would like your account and all of your data to be deleted, the app has a button for it.",
        "Delete account, a button in the app, deletes your account and all your data.",
    ],
)
def test_a_right_in_other_words_is_not_gone(again: str) -> None:
    assert not meant(becomes({texts.DELETE: again}))


def test_another_statement_of_what_is_said_already_is_left_to_a_person() -> None:
    found = becomes({}, "We keep crash reports for one year and then delete them.")
    assert one(found).how is How.TO_READ
    assert not meant(found)


def test_how_firmly_it_is_said_is_left_to_a_person() -> None:
    found = becomes({texts.TOLD: texts.TOLD.replace("will", "may")})
    assert one(found).how is How.TO_READ


def test_what_no_rule_knows_is_said_to_be_so() -> None:
    found = becomes({texts.LAW: "Lanterns come in three colours, and a fourth is on its way to the shops."})
    assert found is not None
    assert {change.how for change in found.changes} == {How.OTHER}
    assert found.says == "It changed in sentences of which our rules know nothing."


def test_more_content_is_not_only_wording() -> None:
    found = becomes({texts.TAKEN: texts.TAKEN.replace("your name,", "your name, your shoe size,")})
    assert one(found).how is How.OTHER


LONG = (
    "We keep recordings of your lamp for 30 days on our servers, and after that they are deleted from there."
)
PARTED = (
    "We keep recordings of your lamp for 30 days on our servers.",
    "After that they are deleted from there.",
)


@pytest.mark.parametrize("turned", [False, True])
def test_a_sentence_that_was_parted_is_held_against_both_its_parts(turned: bool) -> None:
    whole, parts = seen(*BASE, LONG), seen(*BASE, *PARTED)
    found = policy_diff(parts, whole, "policy", "") if turned else policy_diff(whole, parts, "policy", "")
    change = one(found)
    sides = (change.new, change.old) if turned else (change.old, change.new)
    assert sides == (LONG, " ".join(PARTED))
    assert change.how is not How.MEANING


def test_a_sentence_like_another_is_not_taken_for_a_part_of_it() -> None:
    logs, mails = "We keep logs of the lamp for 30 days.", "We keep mails of the lamp for 30 days."
    found = policy_diff(seen(*BASE, logs, mails), seen(*BASE, logs.replace("30", "60")), "policy", "")
    assert found is not None
    assert {(change.old, change.new) for change in found.changes} >= {(mails, "")}


# -- what was not seen -------------------------------------------------------------------------------------


def test_of_a_policy_that_was_not_read_whole_nothing_is_gone() -> None:
    found = becomes({texts.DELETE: "", texts.REFUSE: ""}, whole=False)
    assert not meant(found)
    assert found is not None
    assert found.cut


def test_what_was_denied_with_a_condition_is_not_denied_newly() -> None:
    without = [line for line in BASE if line not in (texts.NAMED, texts.SOLD)]
    never = "We do not share your personal data with advertisers, brokers or anybody else."
    before = "Under no circumstances are your data shared with third parties, unless the lamp needs it."
    assert meant(policy_diff(seen(*without), seen(*without, never), "policy", ""))
    assert not meant(policy_diff(seen(*without, before), seen(*without, never), "policy", ""))


def test_it_would_have_been() -> None:
    assert len(meant(becomes({texts.DELETE: "", texts.REFUSE: ""}))) == 2


def test_another_language_is_left_to_a_person() -> None:
    german = (
        "Wir speichern Ihren Namen und Ihre E-Mail-Adresse, damit Sie sich anmelden können.",
        "Die Daten werden nach 30 Tagen gelöscht, und Sie können sie in der App selbst löschen.",
    )
    found = policy_diff(seen(*BASE), seen(*german, language="de"), "policy", "")
    assert found is not None
    assert "English" in found.says
    assert "German" in found.says
    assert not found.changes


# -- bounds ------------------------------------------------------------------------------------------------


def flood(begin: int) -> Iterator[str]:
    return (
        f"We keep record number {number} for {number} days and delete it."
        for number in range(begin, begin + 3000)
    )


@pytest.mark.slow
def test_a_flood_of_changes_is_bounded_and_said() -> None:
    found = policy_diff(seen(*flood(1)), seen(*flood(5001)), "policy", "")
    assert found is not None
    assert len(found.changes) == MOST
    assert found.left_out > 0


def test_the_order_of_the_same_changes_is_the_same() -> None:
    new = {texts.PERIOD: "", texts.DELETE: "", texts.LAW: "Nothing here."}
    assert becomes(new) == becomes(new)
