"""Whom a policy lets us ask about names: its keys, the list of RDAP services, and what is wrong with them."""

import json
from pathlib import Path

import pytest

from shelfworthy.model import Policy, Registry
from shelfworthy.product.address import Address, WrongAddress
from shelfworthy.product.asking import Asking, registry_at, resolver_at, with_asking
from shelfworthy.product.bootstrap import registries
from shelfworthy.product.mistakes import BadFile
from shelfworthy.product.read import read_policy

IANA = {
    "version": "1.0",
    "publication": "2026-11-01T00:00:00Z",
    "description": "RDAP bootstrap file",
    "services": [
        [["com", "net"], ["http://rdap.example/com/", "https://rdap.example/com/"]],
        [["xn--kprw13d"], ["https://rdap.example.tw/"]],
        [["co.uk"], ["https://rdap.example.uk:8443/"]],
        [["bad"], ["ftp://rdap.example/"]],
        [["*"], ["https://rdap.example/"]],
    ],
}


def policy(text: str, folder: Path) -> Policy:
    (folder / "dns.json").write_text(json.dumps(IANA))
    file = folder / "policy.toml"
    file.write_text(text)
    return read_policy(file)


def test_a_policy_names_resolvers_registries_and_iana_s_list(tmp_path: Path) -> None:
    it = policy(
        """\
resolver = ["192.0.2.53", "[2001:db8::53]:5353"]
bootstrap = "dns.json"

[[registry]]
to = "whois://whois.example.de"
suffixes = ["de"]
""",
        tmp_path,
    )
    asking = Asking(it)
    assert [(at.host, at.port) for at in asking.resolvers] == [("192.0.2.53", 53), ("2001:db8::53", 5353)]
    assert asking.registry("toy.com") == Address(scheme="https", host="rdap.example", port=443, path="/com/")
    assert asking.registry("toy.co.uk") == Address(
        scheme="https", host="rdap.example.uk", port=8443, path="/"
    )
    assert asking.registry("toy.de") == Address(scheme="whois", host="whois.example.de", port=43, path="")
    assert asking.registry("toy.bad") is None
    assert asking.registry("toy.uk") is None
    assert ("whois.example.de", 43) in asking.places
    assert ("192.0.2.53", 53) in asking.places


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"services": 7}', '{"services": [[["com"]]]}', "[" * 100_000]
)
def test_what_is_no_list_of_services_is_said_to_be_none(text: str) -> None:
    with pytest.raises(WrongAddress, match="no list of RDAP services"):
        registries(text.encode())


WRONG = {
    'resolver = ["dns.example"]': 'policy.toml:1: resolver.#1: "dns.example" is not one address.',
    'resolver = ["192.0.2.0/24"]': 'policy.toml:1: resolver.#1: "192.0.2.0/24" is not one address.',
    'resolver = "192.0.2.53"': "does not belong here. Expected a list in square brackets.",
    'bootstrap = "nothing.json"': 'bootstrap: there is no file "nothing.json" beside the policy.',
    'bootstrap = "policy.toml"': "bootstrap: it is no list of RDAP services.",
    '[[registry]]\nto = "gopher://x"\nsuffixes = ["com"]': "to: it does not begin with",
    '[[registry]]\nto = "whois://192.0.2.0/24"\nsuffixes = ["com"]': "to: it is no host.",
    '[[registry]]\nto = "https://rdap.example/"\nsuffixes = []': "suffixes: it is empty.",
    '[[registry]]\nto = "https://rdap.example/"\nsuffixes = ["*.com"]': 'suffixes: "*.com" is no suffix.',
    '[[registry]]\nto = "https://rdap.example/"': "suffixes: it is missing.",
}


@pytest.mark.parametrize("text", WRONG)
def test_mistakes_are_answered_with_file_and_key(text: str, tmp_path: Path) -> None:
    with pytest.raises(BadFile) as bad:
        policy(text, tmp_path)
    assert WRONG[text] in str(bad.value)


@pytest.mark.parametrize("text", ["dns.example", "192.0.2.0/24", "AA:BB:CC:DD:EE:FF", ""])
def test_a_resolver_is_one_address(text: str) -> None:
    with pytest.raises(WrongAddress):
        resolver_at(text)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("whois://whois.example", "whois.example", 43),
        ("WHOIS://whois.example:4343/", "whois.example", 4343),
        ("whois://192.0.2.1", "192.0.2.1", 43),
    ],
)
def test_a_whois_server(text: str, host: str, port: int) -> None:
    at = registry_at(text)
    assert (at.scheme, at.host, at.port) == ("whois", host, port)


def test_what_is_typed_takes_from_the_usual_policy_only_whom_to_ask() -> None:
    usual = Policy(
        observer="lab",
        open=("10.0.0.0/8", "127.0.0.0/8"),
        resolver=("10.0.0.53",),
        registry=(Registry(to="https://rdap.example/", suffixes=("com",)),),
    )
    typed = Policy(observer="the operator", open=("192.168.1.7/32",))
    both = with_asking(typed, usual)
    assert both.observer == "the operator"
    assert both.resolver == usual.resolver
    assert both.registry == usual.registry
    assert both.open == ("192.168.1.7/32", "10.0.0.53")
