"""Where a link leads, by its words and its address: to a policy, another text of the maker, or on the way.

Pages, files and strings are asked by the same words, whoever finds them.
"""

import re
from urllib.parse import unquote, urlsplit

from shelfworthy.seen.policy import PolicyBlock, PolicyDocument, PolicyLink, Role

BEGINS = 400  # characters
POLICY = "privacy policy"  # what a mention of one is called, for discovery


def any_of(words: str) -> re.Pattern[str]:
    """Any of these expressions, which stand between spaces; "_" is a space in one."""
    return re.compile("|".join(word.replace("_", " ") for word in words.split()), re.IGNORECASE)


PRIVACY = any_of(
    r"""privacy data[_-]?protection \b(?:your|my)_(?:personal_)?(?:data|information)\b gdpr
    \b(?:ihre|deine|eure|meine)_daten\b \b(?:sus|tus|vuestros|mis|tratamiento_de)_datos\b
    \b(?:vos|tes|mes)_données\b datenschutz dsgvo confidentialit vie_priv[ée]e données_personnelles
    protection_des_donn[ée]es privacidad protección_de_datos datos_personales informativa_sulla
    riservatezza privacyverklaring privacybeleid privacidade integritetspolicy
    プライバシー 個人情報 隐私 隱私 개인정보 конфиденциальност"""
)
CHILDREN = any_of(r"child kids parents coppa kinder eltern niñ[oa]s enfants bambini お子 子ども")
COOKIES = any_of("cookie クッキー")
NOTICE = re.compile("polic|notice|erklärung", re.IGNORECASE)
# One text on both: "Privacy and cookies".
PRIVACY_AND_COOKIES = re.compile(
    rf"(?:{PRIVACY.pattern})\W+(?:(?:and|und|et|y|e)\W+)?(?:{COOKIES.pattern})"
    rf"|(?:{COOKIES.pattern})s?\W+(?:and|und|et|y|e|&)\W+(?:your )?(?:{PRIVACY.pattern})",
    re.IGNORECASE,
)
TERMS = any_of(
    r"""\bterms\b conditions_of user_agreement nutzungsbedingungen \bagb\b geschäftsbedingungen términos
    condiciones conditions_(?:générales|d.utilisation) \bcgu\b termini voorwaarden 利用規約"""
)
# RFC 9116 calls a policy how flaws are to be reported.
DISCLOSURE = any_of("vulnerab disclos bount report schwachstelle offenlegung faille divulg vulnerabilidad")
# Pages on which people look for such texts when the one they are at has no link to them.
HUBS = any_of(
    r"""legal imprint impressum aviso_legal mentions_légales note_legali about über_uns contact kontakt
    small_print fine_print kleingedruckte letra_(?:pequeña|menuda) petits_caractères
    support help hilfe ayuda aide customer service company policies trust safety security apps?\b product
    produkt setup 会社 サポート"""
)


def role(words: str, url: str = "") -> Role | None:
    """Which text of the maker a link leads to, or a page is that calls itself so."""
    said = f"{words} {last(url)}"
    if PRIVACY.search(said):
        return "children" if CHILDREN.search(said) else "cookies" if only_cookies(words, said) else "policy"
    if COOKIES.search(said):
        return "cookies"
    return "terms" if TERMS.search(said) else None


def only_cookies(words: str, said: str) -> bool:
    """Whether it is about cookies, and names privacy by the way. said: with its address."""
    if COOKIES.search(said) is None or NOTICE.search(said):
        return False
    return not PRIVACY_AND_COOKIES.search(words)


def on_the_way(link: PolicyLink) -> bool:
    """Whether such texts may be found from there."""
    return HUBS.search(f"{link.text} {last(link.url)}") is not None


def last(url: str) -> str:
    """The path of a URL as words."""
    return re.sub(r"[/_.+-]+", " ", unquote(urlsplit(url).path))[-120:]


def names_policy(words: str, url: str) -> bool:
    """Whether a link leads to a privacy policy, and not to one on how flaws are disclosed."""
    return role(words, url) == "policy" and DISCLOSURE.search(f"{words} {last(url)}") is None


def calls_itself(page: PolicyDocument) -> bool:
    """Whether a page calls itself a privacy policy: in title, heading or address.

    Or where it begins, if it leads to no other one.
    """
    if page.form in ("pdf", "text"):
        return True
    heads = [heading(page, one) for one in page.blocks if one.tag in ("h1", "h2")]
    said = {role(page.title), *map(role, heads[:1]), role("", page.final)}
    leads = any(role(link.text, link.url) == "policy" for link in page.links)
    return "policy" in said or (begins_so(page) and not leads)


def begins_so(page: PolicyDocument) -> bool:
    """Whether what a page begins with is about privacy."""
    begins = " ".join(heading(page, one) for one in page.blocks if not one.aside)[:BEGINS]
    return role(begins) == "policy"


def heading(page: PolicyDocument, block: PolicyBlock) -> str:
    """The words of a block."""
    return page.text[block.start :].partition("\n")[0]
