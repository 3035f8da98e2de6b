"""What a policy can say that matters, by the topics of `checks/policy/`, and which requirement asks it."""

from functools import cache

from shelfworthy.guidelines import five_guidelines

SUBJECTS: dict[str, tuple[str, ...]] = {  # named as in the words of reports
    "refuse": ("opt-out",),
    "delete": ("delete-self", "delete-ask"),
    "no-delete": ("delete-none",),
    "period": ("keep-period",),
    "ever": ("keep-ever",),
    "named": ("share-named",),
    "vague": ("share-vague",),
    "nobody": ("share-none",),
    "not-sold": ("sold-not",),
    "sold": ("sold",),
    "no-ads": ("ads-not",),
    "ads": ("ads",),
    "consent": ("child-consent",),
    "parents": ("child-rights",),
    "told": ("change-notice",),
    "silent": ("change-silent",),
    "contact": ("contact",),
    "secure": ("secure",),
    "microphone": ("sensor-microphone",),
    "camera": ("sensor-camera",),
    "position": ("sensor-location",),
}
# What, said instead, is another meaning of the same sentence.
INSTEAD: dict[str, tuple[str, ...]] = {
    "refuse": ("opt-out-none",),
    "delete": ("delete-none",),
    "period": ("keep-vague", "keep-ever"),
    "nobody": ("share-named", "share-kinds", "share-vague"),
    "not-sold": ("sold",),
    "no-ads": ("ads",),
    "told": ("change-silent",),
}
# What is told as certain where the classifier sees it, too; as which of its topics.
CERTAIN: dict[str, tuple[str, ...]] = {
    "refuse": ("opt-out",),
    "delete": ("delete-self", "delete-ask"),
    "no-delete": ("delete-none",),
    "period": ("keep-period",),
    "ever": ("keep-ever",),
    "named": ("share-named",),
    "nobody": ("share-none",),
    "not-sold": ("share-none",),
    "consent": ("child-consent",),
    "parents": ("child-rights",),
    "told": ("change-notice",),
    "contact": ("contact",),
    "secure": ("secure",),
}
CHECKS = {  # by the beginning of a topic
    "opt-out": "policy-opt-out",
    "delete": "policy-deletion",
    "keep": "policy-retention",
    "share": "policy-sharing",
    "sold": "policy-sharing",
    "ads": "policy-sharing",
    "child": "policy-children",
    "voice": "policy-children",
    "change": "policy-current",
    "date": "policy-current",
    "contact": "policy-contact",
    "secure": "policy-security-claims",
    "sensor": "policy-sensors",
    "data": "policy-collection",
    "purpose": "policy-collection",
    "hears": "policy-contradictions",
    "place": "policy-contradictions",
}
MATTER = tuple(dict.fromkeys(topic for topics in SUBJECTS.values() for topic in topics))


def requirements(topics: set[str]) -> tuple[str, ...]:
    """The requirements that sentences of these topics concern."""
    checks = {check for begins, check in CHECKS.items() if any(topic.startswith(begins) for topic in topics)}
    return tuple(sorted({id for check in checks for id in _asking().get(check, ())}))


@cache
def _asking() -> dict[str, list[str]]:
    """By check, the requirements that name it."""
    found: dict[str, list[str]] = {}
    for id, requirement in five_guidelines().requirements():
        for check in (*requirement.all, *(one for group in requirement.any for one in group)):
            found.setdefault(check, []).append(id)
    return found
