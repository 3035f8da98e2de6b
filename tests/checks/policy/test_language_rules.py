"""The rules of German and Spanish over sentences of their language; those of French and Japanese over some.

The sentences of one language were written by one author, and the rules widened by them: what is held here is
that nothing gets lost, not how the rules do on texts of others.
"""

from collections import Counter
from pathlib import Path

import pytest

from shelfworthy.checks.policy._rules import Sure, of_one, rules
from shelfworthy.checks.policy._words import words
from shelfworthy.checks.policy.policy_contradictions import EXCLUDE, MAY_EXCLUDE, SUBJECTS
from shelfworthy.webtext.sentences import Sentence

SENTENCES = Path(__file__).parents[2] / "policies" / "sentences"
# Topics that decide an answer by themselves.
DECIDES = words(
    """date change-notice change-silent keep-period keep-vague keep-ever delete-self delete-ask delete-none
    opt-out opt-out-none share-named share-none share-vague secure contact child-consent child-rights
    child-not"""
)
# A topic of the cards, where the rules call it otherwise or leave it to a person on purpose.
ALSO = {
    "change-silent": {"change-posted"},
    "share-named": {"share-near"},
    "share-none": {"share-part"},
    "share-kinds": {"share-near"},
}
# What a sentence of the first topic says as well.
TOGETHER = {
    ("delete-ask", "contact"),
    ("opt-out", "contact"),
    ("delete-self", "keep-period"),
    ("delete-self", "delete-ask"),
    ("delete-ask", "delete-self"),
    ("child-rights", "delete-self"),
    ("secure", "share-none"),
}
NOT_ASKED = ("cookies", "Browser", "navegador")  # of an opt-out these are no way, and say nothing


def topics(language: str, sentence: str) -> set[str]:
    alone = Sentence(0, 0, len(sentence), sentence, heading="", lead="", aside=False, head=False)
    return set(of_one(alone, ["", ""], rules()[language]))


def labelled(language: str) -> list[tuple[str, str]]:
    lines = (SENTENCES / f"{language}.tsv").read_text("utf-8").splitlines()
    return [(topic, sentence) for topic, _, sentence in (line.partition("\t") for line in lines)]


def found(topic: str, has: set[str]) -> bool:
    match topic:
        case "collect":
            return any(one.startswith("data-") for one in has)
        case "sensor":
            return any(one.startswith("sensor-") for one in has)
        case "other" | "secure-weak":
            return not has & DECIDES
    return bool(has & ({topic} | ALSO.get(topic, set())))


@pytest.mark.parametrize("language", ["de", "es"])
def test_what_is_said_is_found_and_little_else(language: str) -> None:
    several = labelled(language)
    assert len(several) >= 400
    hits, all_, wrong, decided = Counter[str](), Counter[str](), [], 0
    for topic, sentence in several:
        has = topics(language, sentence)
        if topic == "opt-out-weak" and any(one in sentence for one in NOT_ASKED):
            assert not has & DECIDES, sentence
            continue
        all_[topic] += 1
        hits[topic] += found(topic, has)
        for one in has & DECIDES:
            decided += 1
            if one != topic and (topic, one) not in TOGETHER:
                wrong.append((one, topic, sentence))
    assert {topic: hits[topic] / all_[topic] for topic in all_ if hits[topic] < 0.9 * all_[topic]} == {}
    assert len(wrong) <= 0.01 * decided, wrong


@pytest.mark.parametrize("language", ["de", "es"])
def test_every_topic_that_checks_ask_for_has_a_rule(language: str) -> None:
    asked = {topic for topics in SUBJECTS.values() for topic in topics}
    asked |= {topic for pair in (*EXCLUDE, *MAY_EXCLUDE) for topic in pair}
    asked |= DECIDES | {"delete-weak", "opt-out-weak", "contact-weak", "purpose", "voice-use", "voice-end"}
    asked |= {"sensor-microphone", "sensor-camera", "sensor-location"}
    assert asked <= {rule.topic for rule in rules()[language]}


def test_no_language_has_topics_that_nobody_asks_for() -> None:
    by_language = {code: {rule.topic for rule in of} for code, of in rules().items()}
    own = {"share-near", "share-part", "kept", "kept-not"}  # of German and Spanish
    for code, has in by_language.items():
        assert has - by_language["en"] - own == set(), code


def test_wide_rules_are_english_only() -> None:
    """Where no classifier is asked they never hold."""
    assert [code for code, of in rules().items() if any(rule.sure is Sure.WIDE for rule in of)] == ["en"]


SOME = [
    ("fr", "date", "Dernière mise à jour : 3 mars 2025"),
    ("fr", "date", "La présente politique est en vigueur depuis le 1er juillet 2024."),
    ("fr", "date", "Version du 14 février 2026"),
    ("fr", "date", "Rédigée en octobre 2025."),
    ("fr", "change-notice", "Nous vous préviendrons de toute modification par courriel, trente jours avant."),
    ("fr", "change-notice", "Toute modification vous est notifiée dans l'application dix jours à l'avance."),
    ("fr", "change-notice", "Si nous changeons cette page, vous recevez un message avant."),
    ("fr", "change-notice", "Aucune modification ne sera faite sans vous prévenir."),
    ("fr", "change-silent", "Nous pouvons modifier cette politique à tout moment et sans préavis."),
    ("fr", "change-silent", "Nous ne sommes pas tenus de vous informer des modifications."),
    ("fr", "change-posted", "Les modifications sont publiées sur cette page."),
    ("fr", "change-posted", "Nous vous invitons à consulter régulièrement la version à jour."),
    ("fr", "contact", "Une question sur vos données ? vie-privee@brume.example"),
    ("fr", "contact", "Par courrier : Brume SARL, protection des données, 12 rue des Lilas, 69001 Lyon"),
    ("fr", "contact", "Un formulaire est réservé aux questions de confidentialité."),
    ("fr", "contact-weak", "Contactez-nous !"),
    ("fr", "contact-weak", "Notre service clients est joignable au 0 800 555 012."),
    ("ja", "date", "制定日:2024年4月1日"),
    ("ja", "date", "最終更新 2025/11/03"),
    ("ja", "date", "本方針は令和7年4月1日から施行します。"),
    ("ja", "date", "(2023年10月1日 改定)"),
    ("ja", "change-notice", "本ポリシーを変更する場合は、30日前までにメールでお知らせします。"),
    ("ja", "change-notice", "改定の際は、事前にアプリ内で通知いたします。"),
    ("ja", "change-notice", "お知らせすることなく変更することはありません。"),
    ("ja", "change-silent", "当社は、予告なく本方針を変更することがあります。"),
    ("ja", "change-silent", "変更について個別の通知は行いません。"),
    ("ja", "change-posted", "変更後の内容は、本ページに掲載します。"),
    ("ja", "contact", "個人情報に関するお問い合わせ:privacy@kasumi.example"),
    ("ja", "contact", "郵便でのご請求は〒100-0001 東京都千代田区一丁目1番 かすみ株式会社まで"),
    ("ja", "contact", "個人情報の開示は、お問い合わせフォームからご請求ください。"),
    ("ja", "contact-weak", "ご不明な点はカスタマーサポートまでお電話ください。"),
]
NONE_OF_THESE = [
    ("fr", "La société Brume a été fondée en 2025."),
    ("fr", "Le règlement (UE) 2016/679 est applicable depuis le 25 mai 2018."),
    ("fr", "Changez votre mot de passe tous les trois mois et notez-le avant de partir."),
    ("fr", "Une mise à jour du micrologiciel est annoncée par courriel trois jours avant."),
    ("fr", "Pour la presse : presse@brume.example"),
    ("fr", "Les prix peuvent changer."),
    ("fr", "Nous enregistrons votre numéro de téléphone."),
    ("fr", "La garantie est de deux ans."),
    ("ja", "当社は2010年に設立されました。"),
    ("ja", "ファームウェアの更新は、事前にメールでお知らせします。"),
    ("ja", "パスワードの変更は、アプリ内で行ってください。"),
    ("ja", "当社は、氏名、住所、電話番号、メールアドレスを取得します。"),
    ("ja", "製品の仕様は予告なく変更することがあります。"),
    ("ja", "採用に関するお問い合わせは recruit@kasumi.example まで"),
]
# Statements that exclude each other, and the topics of each.
PLAIN = [
    ("de", "never-shared", "Wir geben Ihre Daten niemals an Dritte weiter."),
    ("de", "shared-on", "Wir geben Ihre Daten an unsere Werbepartner weiter."),
    ("de", "sold-not", "Wir verkaufen Ihre Daten nicht."),
    ("de", "sold", "Wir verkaufen Ihre Daten an Händler."),
    ("de", "ads-not", "Wir zeigen keine Werbung."),
    ("de", "ads", "Wir zeigen Ihnen personalisierte Werbung."),
    ("de", "place-not", "Ihren Standort erfassen wir nicht."),
    ("de", "place", "Die App sendet Ihren Standort alle zwei Minuten an unseren Server."),
    ("de", "hears-not", "Das Mikrofon hört nur zu, wenn du die Taste drückst."),
    ("de", "hears", "Das Mikrofon hört rund um die Uhr zu."),
    ("de", "kept-not", "Wir speichern keine Stimmen."),
    ("de", "kept", "Sprachaufnahmen werden zwei Jahre gespeichert."),
    ("es", "never-shared", "Nunca cedemos sus datos a terceros."),
    ("es", "shared-on", "Compartimos sus datos con anunciantes y socios."),
    ("es", "sold-not", "No vendemos sus datos."),
    ("es", "sold", "Vendemos sus datos."),
    ("es", "ads-not", "No mostramos publicidad."),
    ("es", "ads", "Le mostramos publicidad personalizada."),
    ("es", "place-not", "No recogemos su ubicación."),
    ("es", "place", "El collar envía su ubicación a nuestros servidores cada minuto."),
    ("es", "hears-not", "El micro solo escucha cuando pulsas el botón."),
    ("es", "hears", "El micro escucha siempre."),
    ("es", "kept-not", "No guardamos la voz de nadie."),
    ("es", "kept", "Las grabaciones de voz se guardan dos años."),
]
EXCLUDES = {one: other for pair in EXCLUDE for one, other in (pair, pair[::-1])}
OF_ALL = frozenset({"date", "change-notice", "change-silent", "contact"})


@pytest.mark.parametrize(("language", "topic", "sentence"), SOME)
def test_french_and_japanese(language: str, topic: str, sentence: str) -> None:
    has = topics(language, sentence)
    assert topic in has
    assert has & OF_ALL <= {topic}


@pytest.mark.parametrize(("language", "sentence"), NONE_OF_THESE)
def test_french_and_japanese_that_say_none_of_it(language: str, sentence: str) -> None:
    assert not topics(language, sentence) & OF_ALL


@pytest.mark.parametrize(("language", "topic", "sentence"), PLAIN)
def test_plain_statements_are_not_taken_for_their_opposite(language: str, topic: str, sentence: str) -> None:
    has = topics(language, sentence)
    assert topic in has
    assert EXCLUDES[topic] not in has


def test_there_is_a_statement_of_every_side() -> None:
    assert {(language, topic) for language, topic, _ in PLAIN} == {
        (language, topic) for language in ("de", "es") for topic in EXCLUDES
    }
