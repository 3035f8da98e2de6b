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
