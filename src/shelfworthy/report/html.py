"""The report as one HTML file: no script, nothing fetched from anywhere, readable on a phone and on paper.

Every text in it is cleaned (`report.clean`) and escaped on its way into the page, whatever it is. Findings
lead to the fields that decided them, and observations back to the findings.
"""

import base64
import hashlib
import re
from collections import defaultdict
from functools import cache
from html import escape
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from shelfworthy.checks import BY_ID
from shelfworthy.guidelines import five_guidelines
from shelfworthy.guidelines.crosswalk import our_crosswalk
from shelfworthy.model import Gap, Judgement, Looked, Observation, Place, digest
from shelfworthy.record import Evidence
from shelfworthy.report import quoting, reasons
from shelfworthy.report.assemble import answers, kinds, report_of
from shelfworthy.report.clean import inline, plain
from shelfworthy.report.fields import anchor, sheet, target
from shelfworthy.report.on_the_way import called
from shelfworthy.report.pages import page
from shelfworthy.report.radio import radios
from shelfworthy.report.sentences import clip, day
from shelfworthy.report.shape import Report, ReportFinding
from shelfworthy.report.summary import summary
from shelfworthy.report.words import words
from shelfworthy.seen import AnySeen
from shelfworthy.seen.policy import PolicySeen

ID = re.compile(r"\b[0-9a-f]{24}\b")
TICKED = re.compile(r"`([^`]{1,80})`")
MOST = 200  # of a list; what is left out is counted, and lies in the evidence


class Exhibits:
    """The evidence by surface, and what was found in each observation."""

    def __init__(self, report: Report, evidence: Evidence) -> None:
        by_time = sorted(evidence.observations, key=lambda one: (one.at, one.seen.tag(), one.id))
        self.observations: dict[str, Observation[AnySeen]] = {one.id: one for one in by_time}
        self.findings = {finding.id: finding for finding in report.findings}
        self.found: defaultdict[str, list[ReportFinding]] = defaultdict(list)
        for finding in report.findings:
            for id in finding.evidence:
                self.found[id].append(finding)
        self.at: defaultdict[str, list[Observation[AnySeen]]] = defaultdict(list)
        for observation in by_time:
            self.at[observation.surface].append(observation)
        self.looks: defaultdict[str, list[Looked]] = defaultdict(list)
        for look in sorted(evidence.looks, key=lambda one: (one.began, one.by, one.id)):
            self.looks[look.surface].append(look)
        self.gaps: defaultdict[str, list[Gap]] = defaultdict(list)
        for gap in report.gaps:
            self.gaps[gap.surface].append(gap)
        self.sheets = {
            id: sheet(quoting.bare(one), self._places(id), quoting.LEFT_OUT)
            for id, one in self.observations.items()
        }
        self.policies = {
            id: quoting.documents(id, one.seen, self.found[id])
            for id, one in self.observations.items()
            if isinstance(one.seen, PolicySeen)
        }
        self._anchors = {
            (id, finding.id): passage.anchor
            for id, documents in self.policies.items()
            for document in documents
            for passage in document.passages
            for finding in passage.findings
        }
        declared = [surface.id for surface in report.surfaces]
        others = sorted({*self.at, *self.looks, *self.gaps} - set(declared))
        self.surfaces = (*declared, *others)

    def href(self, finding: ReportFinding, id: str) -> str:
        """Where in the page the evidence of a finding is: the field, else the observation; "" if gone."""
        if id not in self.observations:
            return ""
        if anchored := self._anchors.get((id, finding.id)):
            return f"#{anchored}"
        path = target(self.sheets[id], finding.place)
        return f"#observation-{id}.{anchor(path)}" if path else f"#observation-{id}"

    def linked(self, text: str) -> Markup:
        """Text in which ids of findings lead to them."""

        def link(id: re.Match[str]) -> str:
            found = self.findings.get(id[0])
            return f'<a href="#finding-{id[0]}">{escape(plain(found.check))}</a>' if found else id[0]

        return Markup(ID.sub(link, str(prose(text))))  # noqa: S704 - escaped by `prose`, and the link is ours

    def _places(self, id: str) -> list[Place]:
        return [one.place for one in self.found[id] if one.place is not None]


def report(evidence: Evidence, judgement: Judgement) -> str:
    """The audit as an HTML page."""
    rules = five_guidelines()
    shown = report_of(evidence, judgement)
    css = (files(__package__) / "templates" / "report.css").read_text(encoding="utf-8")
    guidelines = list(reasons.ordered(shown, rules))
    found = reasons.exposures(shown, rules)
    order = [*(id for _, one in guidelines for id in one.requirements), *dict(found)]
    template = _environment().get_template("report.html")
    return template.render(
        report=shown,
        rules=rules,
        evidence=evidence,
        exhibits=Exhibits(shown, evidence),
        exposures=found,
        guidelines=guidelines,
        home=_homes(shown, order),
        introduced=_introductions(shown, order),
        errands=reasons.errands(shown, rules),
        elsewhere=our_crosswalk().elsewhere,
        kinds=kinds(shown),
        summary=summary(shown),
        css=Markup(css),  # noqa: S704 - our own file
        css_hash=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        radios={one.surface: one for one in radios(evidence)},
        most=MOST,
    )


def prepare() -> None:
    """Compile the templates, before there is anything to report."""
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("shelfworthy.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_cleaned,
    )
    environment.filters |= {"clip": clip, "gravest": reasons.gravest, "prose": prose}
    environment.globals |= {
        "anchor": anchor,
        "asks": reasons.asks,
        "called": called,
        "changes": reasons.changes,
        "passage": quoting.anchor,
        "pages": {id: page(check) for id, check in BY_ID.items()},
        "day": day,
        "spot": spot,
        "title": reasons.title,
        "unasked": reasons.unasked,
        "why_exposed": reasons.why_exposed,
        "why_guideline": reasons.why_guideline,
        "why_requirement": reasons.why_requirement,
        "words": words(),
    }
    return environment


def spot(surface: str) -> str:
    """The surface as the end of an HTML id. Those seen can be long and alike at their beginning."""
    return f"seen-{digest(surface.encode())[:16]}" if surface.startswith("seen:") else anchor(surface)


def prose(text: str) -> Markup:
    """A sentence, cleaned and escaped; what stands in backticks is set as code."""
    return Markup(TICKED.sub(r"<code>\1</code>", escape(plain(text, 2000))))  # noqa: S704 - escaped first


def _cleaned(value: object) -> object:
    """What a template prints: text is cleaned, whatever it is; only our own markup passes as it is."""
    return inline(value, 2000) if isinstance(value, str) and not isinstance(value, Markup) else value


def _homes(report: Report, requirements: list[str]) -> dict[str, str]:
    """For each finding the requirement it is shown under first: there its anchor stands."""
    place = {id: number for number, id in enumerate(requirements)}
    return {
        finding.id: min(finding.requirements, key=lambda id: place.get(id, len(place)), default="")
        for finding in report.findings
    }


def _introductions(report: Report, requirements: list[str]) -> frozenset[str]:
    """The findings beside which their check is explained: of each check one, where it decides first."""
    by_id = answers(report.verdict)
    checks = {finding.id: finding.check for finding in report.findings}
    first: dict[str, str] = {}
    for part in ("because", "findings", "notes"):
        for requirement in requirements:
            for id in getattr(by_id[requirement], part):
                if id in checks:
                    first.setdefault(checks[id], id)
    return frozenset(first.values())
