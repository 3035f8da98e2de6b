"""What real policies, given as text, were misread by: texts of our own with the same traits."""

import pytest

from shelfworthy.checks import BY_ID
from shelfworthy.model import About, Answer, Identity, PrivacyPolicy, Quote
from shelfworthy.seen.policy import PolicySeen
from shelfworthy.webtext.documents import Source, of_text

ABOUT = About(
    surface=PrivacyPolicy(id="policy", where="policy.md", sensors=()),
    product=Identity(name="Plum", vendor="Plumfield Toys", category="toy", for_children=False),
)
BEGIN = "# Privacy\n\nThis policy is about the personal data that we collect when you use our services.\n\n"


def answer(check: str, text: str) -> Answer:
    document = of_text(Source("policy", "x", "x", -1, 200), BEGIN + text, whole=True)
    seen = PolicySeen(at=None, hops=(), documents=(document,), unvisited=())
    return next(iter(BY_ID[check].judge(seen, ABOUT)))


def quoted(said: Answer) -> str:
    assert isinstance(said.place, Quote)
    return said.place.text


@pytest.mark.parametrize(
    "text",
    [
        "To learn more, read our [terms](https://plum.example/terms) and what they say of the shop.",
        "![An icon](https://plum.example/images/icon.png)",
        "Our site is at https://www.plum.example and is there for all of you to read.",
    ],
)
def test_the_address_of_a_link_is_no_claim_of_encryption(text: str) -> None:
    assert answer("policy-security-claims", text).says == "none"


@pytest.mark.parametrize(
    "text",
    [
        "We protect it with measures such as these, among others:\n\n* Encryption (SSL)\n\n* Locks on doors",
        "We use encryption for all your data, see [here](https://plum.example/).",
    ],
)
def test_a_claim_beside_them_is_one(text: str) -> None:
    said = answer("policy-security-claims", text)
    assert said.says == "claim"
    assert "ncryption" in str(said.facts["sentence"])


TAKES = "We take your name and your location. "


@pytest.mark.parametrize(
    "denied",
    [
        "We do not collect data on your heart rate or your health.",
        "The data that we process do not include what you say or any other audio.",
        "Special data are things like these, which we prohibit others to send us: health data, sleep data.",
        "## What we do not collect\n\nData on your health, and audio of your voice.",
        "We take all steps necessary to treat your data with care.",
        "There is a recording of activities on the site, and a pixel, which is an image tag.",
        "You may have come to this site by a link from an e-mail, to protect the health and safety of data.",
        "They use data (not including your e-mail address or your voice) about your visits.",
        "Leave us a voicemail, we are friends of free speech and of sound judgement.",
    ],
)
def test_what_is_denied_or_only_sounds_so_is_no_kind_of_data(denied: str) -> None:
    said = answer("policy-collection", f"{TAKES}We use your location to show you the weather.\n\n{denied}")
    assert said.facts["kinds"] == ("names", "locations")


@pytest.mark.parametrize(
    "other",
    [
        "The data that we process do not reflect your name, which could be used to identify you.",
        "We process anonymous data to make statistics on your location.",
        "If we need to process your name, we will only do so for a valid reason.",
        "For example, the location that is used to visit our site is London.",
        "Read this section on your location to learn more about how we use your location.",
    ],
)
def test_the_purpose_is_one_of_the_data_that_are_named(other: str) -> None:
    purpose = "We use your location to show you the weather."
    for text in (f"{other} {TAKES}{purpose}", f"{TAKES}{purpose} {other}"):
        assert quoted(answer("policy-collection", text)) == purpose


@pytest.mark.parametrize(
    "other",
    [
        "Plumfield is a company with its registered office at 90 Larch Road, registered under number C34158.",
        "You can complain to the data protection commission, for example at info@dataprotection.example.",
        "To opt out of training, fill in the [inquiries form](https://plum.example/out) on your privacy.",
        "This policy does not address what others do with your data.",
        "If you are under 18 and want your name removed, mail under18@plum.example.",
        "Ask postmaster@plum.example for any technical questions.",
    ],
)
@pytest.mark.parametrize(
    "best",
    [
        "If you have any questions about this policy, please send an email to ask@plum.example.",
        "If you have questions about your data, [contact us](https://plum.example/contact).",
        "Our data protection officer can be reached at dpo@plum.example.",
    ],
)
def test_the_best_way_to_ask_is_quoted_wherever_it_stands(other: str, best: str) -> None:
    for text in (f"{other} {best}", f"{best} {other}"):
        assert quoted(answer("policy-contact", text)) == best


def test_what_is_quoted_of_no_contradictions_is_on_a_subject_that_is_named() -> None:
    said = answer(
        "policy-contradictions",
        "We may also receive data about you from partners. We share your data with our service providers, "
        "who store them for us. We keep your data for as long as it is necessary. You can delete your "
        "account and all of your data at any time in the app.",
    )
    assert said.facts["subjects"] == "sharing, keeping, deleting"
    assert "receive" not in quoted(said)


@pytest.mark.parametrize(
    "other",
    [
        "You can use your device settings to enable location services.",
        "We send newsletters. You can opt out of these in your account settings.",
    ],
)
def test_a_way_to_refuse_is_quoted_and_no_other(other: str) -> None:
    way = "You can turn off the collection of your location in the settings of the app."
    for text in (f"{other}\n\n{way}", f"{way}\n\n{other}"):
        assert quoted(answer("policy-opt-out", text)) == way


def test_deleting_by_oneself_is_quoted_before_asking_a_help_desk() -> None:
    alone = "To delete your account and data, click “Delete your account” and confirm on the following page."
    desk = "To begin, choose the issue “I would like to delete my account,” and complete the information."
    assert quoted(answer("policy-deletion", f"{desk} {alone}")) == alone


def test_a_table_is_no_long_sentence() -> None:
    row = "| Names | To greet you and to say who is there | Our shops and some of our kind helpers |"
    table = "\n".join(["| What | Why | Who |", "| --- | --- | --- |", *[row] * 20])
    plain = "We keep what you tell us, and you can ask us at any time. " * 2
    assert answer("policy-readable", f"{plain}\n\n{table}").says == "readable"
