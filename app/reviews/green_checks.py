"""Which measures a rule may never sign off, and when a rule may: pure, from what the law's answer says of a package.

Never for prohibitions, CITES, veterinary control and high-risk phytosanitary control (domain.md section 6), nor for what the
law has signed by two officers. The kinds are ``data/never_green.csv``; the effect, the flag and the documents of a measure are
looked at besides, so that a row under another name is held all the same.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.errors import Text
from app.requirements.outcome import AppliedMeasure, Found, Lane
from app.reviews import four_eyes
from app.traders import advantages
from app.traders.advantages import Held

TABLE = Path(__file__).resolve().parent / "data" / "never_green.csv"
REGISTRY = "registry"
"""The proof of a rule by which every document must be found in a registry; any other proof is a kind of accreditation."""
CITES_PERMIT, VETERINARY_CERTIFICATE = "01031", "01201"
"""Codes of the EAEU classifier: whatever a measure is called, with one of these no rule signs it off."""
SHOWN = "shown"
"""The state of a document whose file is there or which a registry holds."""


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """What of a measure decides whether a rule may sign it off. ``documents``: codes it names."""

    agency: str
    measure_type: str
    effect: str
    flag: str
    documents: frozenset[str]


_WORDS: Mapping[str, Text] = {
    "prohibition": {
        "en": "it is a prohibition: an officer judges each exception",
        "be": "гэта забарона: кожнае выключэнне ацэньвае службовая асоба",
        "ru": "это запрет: каждое исключение оценивает должностное лицо",
    },
    "cites": {
        "en": "it protects endangered species: an officer compares every permit",
        "be": "яна ахоўвае рэдкія віды: кожны дазвол параўноўвае службовая асоба",
        "ru": "она охраняет редкие виды: каждое разрешение сравнивает должностное лицо",
    },
    "veterinary": {
        "en": "it is veterinary control",
        "be": "гэта ветэрынарны кантроль",
        "ru": "это ветеринарный контроль",
    },
    "phytosanitary": {
        "en": "it is phytosanitary control of high risk",
        "be": "гэта фітасанітарны кантроль высокай рызыкі",
        "ru": "это фитосанитарный контроль высокого риска",
    },
    "no-case": {
        "en": "it opens no case, so there is nothing to sign off",
        "be": "яна не адкрывае справы, таму падпісваць няма чаго",
        "ru": "она не открывает дела, поэтому подписывать нечего",
    },
    "four-eyes": {
        "en": "two officers sign such cases",
        "be": "такія справы падпісваюць дзве службовыя асобы",
        "ru": "такие дела подписывают два должностных лица",
    },
}


def why_never(kind: MeasureKind) -> str:
    """Return why no rule may sign a measure off (a code of ``words``), "" where one may."""
    by_type = _never().get(kind.measure_type, "")
    if by_type:
        return by_type
    if kind.effect != "require":
        return "prohibition" if kind.effect == "prohibit" else "no-case"
    if kind.flag.startswith("CITES") or CITES_PERMIT in kind.documents:
        return "cites"
    if VETERINARY_CERTIFICATE in kind.documents:
        return "veterinary"
    return "four-eyes" if four_eyes.second_looks(kind.agency, (kind.measure_type,)) else ""


def words(because: str) -> Text:
    """Return a reason of ``why_never`` in words."""
    return _WORDS[because]


@cache
def _never() -> Mapping[str, str]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["measure_type"]: row["because"] for row in csv.DictReader(lines)}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in force: its code, measure and proof, and how many of a thousand sign-offs are looked at again."""

    code: str
    agency: str
    measure: str
    proof: str
    second_look: int


@dataclass(frozen=True, slots=True)
class Goods:
    """The code and procedure of each goods item that an agency judges."""

    code: str
    procedure: str


def applies(
    lanes: Sequence[Lane], rules: Iterable[Rule], goods: Sequence[Goods], held: Sequence[Held],
    registered: Callable[[Found], bool],
) -> tuple[Rule, ...]:  # fmt: skip
    """Return the rules under which an agency's case may be signed off, one for each measure; none unless every measure has one
    whose proof is there.

    ``lanes``: the agency's own and those that stand behind it, which no rule of its own covers; ``held``: accreditations of the
    package's owner; ``registered``: whether a registry of the window holds a document.
    """
    by_measure = {rule.measure: rule for rule in rules}
    measures = [measure for lane in lanes for measure in lane.measures]
    found = [by_measure.get(measure.code) for measure in measures]
    if not measures or any(rule is None for rule in found):
        return ()
    pairs = [(rule, measure) for rule, measure in zip(found, measures, strict=True) if rule is not None]
    if all(_proved(rule, measure, goods, held, registered) for rule, measure in pairs):
        return tuple(rule for rule, _measure in pairs)
    return ()


def _proved(
    rule: Rule,
    measure: AppliedMeasure,
    goods: Sequence[Goods],
    held: Sequence[Held],
    registered: Callable[[Found], bool],
) -> bool:
    # A measure that has changed since the rule was agreed is looked at afresh.
    if measure.prohibited or measure.reason or measure.effect != "require" or measure.measure_type in _never():
        return False
    wanted = {code for ways in measure.required for way in ways for code in way}
    if wanted & {CITES_PERMIT, VETERINARY_CERTIFICATE}:
        return False
    if rule.proof != REGISTRY:
        return all(accredited(rule.proof, one, held) is not None for one in goods)
    # A finding without a document proves nothing.
    return bool(measure.findings) and all(
        finding.found and not finding.missing and all(one.state == SHOWN and registered(one) for one in finding.found)
        for finding in measure.findings
    )


def accredited(kind: str, goods: Goods, held: Sequence[Held]) -> Held | None:
    """Return an accreditation of a kind that covers goods and has automatic sign-off among its advantages, or None."""
    own = [one for one in held if one.kind == kind]
    return advantages.automatic(own, code=goods.code, procedure=goods.procedure)
