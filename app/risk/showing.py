"""What a reader may see of an assessment, in words: the lane and why, the signals with the values and limits they compared, what
could not be told, and the draw. Pure; the rows and the reader's rights come from the caller.

An agency sees its own lane and the signals that are shared with it; customs besides those of the agencies it stands for; the
auditor sees all. No trader ever comes here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.errors import Text
from app.risk import conditions, scoring, thresholds
from app.risk.assessment_models import Assessment
from app.risk.facts import NUMBER, Ref, reading
from app.risk.scoring import Because, Scored, Signal
from app.risk.thresholds import Laned

LANGUAGES = ("be", "ru", "en")
WHY: Mapping[str, Any] = {
    thresholds.SCORE: _l("the score reaches the limit of the agency"),
    thresholds.FLOOR: _l("an indicator asks for this lane, whatever the score"),
    thresholds.RANDOM: _l("random selection: the package was drawn"),
    thresholds.PROHIBITED: _l("a prohibition applies: never green"),
    thresholds.UNCLASSIFIED: _l("the goods are not classified: never green"),
    thresholds.UNKNOWN: _l("something could not be told: never green"),
    thresholds.WATCHED: _l("something in the package stands on a watch-list, or looks like it"),
    thresholds.MARKED: _l("a protected mark seems to stand on the goods"),
    thresholds.UNSET: _l("the agency has set no limits: never green"),
    thresholds.FAILED: _l("the window could not assess the package (our mistake, logged): never green"),
}
"""Why a lane is not green."""
DEPTH: Mapping[str, Any] = {
    thresholds.GREEN: _l("Nothing asks for a closer look."),
    thresholds.YELLOW: _l("Compare the documents with the goods declared, one by one."),
    thresholds.RED: _l("Look at the goods: an inspection is suggested. Two officers sign."),
}
"""How deep a lane asks to look."""
_VALUES = (
    "item.statistical_value",
    "item.value_per_kg",
    "package.invoice_currency",
    "package.delivery_terms",
    "package.guaranteed",
)
_PARTIES = ("package.exporter_country", "package.importer_country", "package.through_agent")
_ROUTE = (
    "package.transport_mode",
    "package.transport_nationality",
    "package.containers",
    "package.seals",
    "package.exit_office",
)
_HIDDEN: Text = {"be": "схавана", "ru": "скрыто", "en": "hidden"}
_ITEM: Text = {"be": "тавар {n}", "ru": "товар {n}", "en": "item {n}"}


@dataclass(frozen=True, slots=True)
class Told:
    """One signal in words. ``sentences``: each fact with its value and limit; ``untold``: facts it could not tell."""

    code: str
    version: int
    agency: str
    title: Text
    weight: int
    effect: str
    shadow: bool
    items: tuple[int, ...]
    sentences: tuple[Text, ...]
    untold: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class View:
    """An assessment for one reader. ``own`` is the lane of the case; ``lanes`` all that the reader may see."""

    own: Laned
    depth: Any
    why: tuple[Any, ...]
    lanes: tuple[Laned, ...]
    signals: tuple[Told, ...]
    untold: tuple[Told, ...]
    draws: Mapping[str, Mapping[str, Any]]
    assessment: Assessment
    suggests: bool

    @property
    def lowered(self) -> Mapping[str, Any]:
        """The accreditation that lowered the score, {} for none."""
        return self.assessment.lowered


def view_of(
    assessment: Assessment, agency: str, *, behind: Sequence[str] = (), whole: bool = False,
    titles: Mapping[tuple[str, int], Text], grants: Callable[[str], bool] = lambda group: True,
) -> View:  # fmt: skip
    """Return what may be seen of an assessment on a case of ``agency``. ``behind``: agencies that customs stands for;
    ``whole``: the auditor; ``titles`` of the indicators; ``grants``: whether the reader's agency sees a group of data."""
    lanes = {code: Laned.from_dict(code, data) for code, data in assessment.lanes.items()}
    mine = {agency, *behind}
    shown = tuple(one for code, one in lanes.items() if whole or code in mine)
    own = thresholds.joined(
        agency, tuple(one for code, one in lanes.items() if code in mine) or (thresholds.failing(agency),)
    )
    scored = scoring.from_dict(assessment.signals) if assessment.signals else Scored("", (), {}, {})
    allowed = scored.signals if whole else tuple(one for one in scored.signals if mine & {one.agency, *one.agencies})
    untold = scored.untold if whole else tuple(one for one in scored.untold if mine & set(one.agencies))
    return View(
        own=own,
        depth=DEPTH[own.lane],
        why=tuple(WHY[code] for code in own.because),
        lanes=shown,
        signals=tuple(_told(one, titles, grants) for one in allowed),
        untold=tuple(_not_told(one, titles) for one in untold),
        draws={code: one for code, one in assessment.draws.items() if whole or code in mine},
        assessment=assessment,
        suggests=own.lane == thresholds.RED,
    )


def codes_of(assessment: Assessment) -> list[str]:
    """Return the codes of the indicators an assessment names."""
    told = assessment.signals
    return sorted({one["code"] for one in (*told.get("signals", ()), *told.get("untold", ()))})


def _told(one: Signal, titles: Mapping[tuple[str, int], Text], grants: Callable[[str], bool]) -> Told:
    return Told(
        one.code, one.version, one.agency, titles.get((one.code, one.version), {"en": one.code}), one.weight, one.effect,
        one.shadow, one.items, tuple(_sentence(why, grants) for why in one.because), tuple(map(_label, one.unknown)),
    )  # fmt: skip


def _not_told(one: scoring.Untold, titles: Mapping[tuple[str, int], Text]) -> Told:
    title = next((text for (code, _version), text in titles.items() if code == one.code), {"en": one.code})
    return Told(one.code, 0, "", title, 0, "", False, (), (), tuple(map(_label, one.facts)))


def _label(key: str) -> Text:
    return {language: conditions.said(reading(key), language) for language in LANGUAGES}


def _sentence(why: Because, grants: Callable[[str], bool]) -> Text:
    return {language: _said(why, language, grants) for language in LANGUAGES}


def _said(why: Because, language: str, grants: Callable[[str], bool]) -> str:
    """ "item 2: value per kg to like goods is below 0.33 (here 0.21)"."""
    ref = reading(why.fact)
    parsed = _limit_of(ref, why)
    other = reading(why.to) if why.to else None
    text = conditions.said_leaf(conditions.leaf(ref, why.op, parsed, other), language)
    if why.item:
        text = f"{_ITEM[language].format(n=why.item)}: {text}"
    if ref.kind.type == "flag" or why.value is None:
        return text
    group = _group_of(ref.kind.name)
    seen = conditions.said_value(ref, "is", _value_of(ref, why.value), language) if grants(group) else _HIDDEN[language]
    return f"{text} ({_here(language)} {seen})"


def _here(language: str) -> str:
    return {"be": "тут", "ru": "здесь", "en": "here"}[language]


def _limit_of(ref: Ref, why: Because) -> Any:
    if why.to:
        return None
    return scoring.limit_of(ref.kind.type, why.op, why.limit)


def _value_of(ref: Ref, value: Any) -> Any:
    if ref.kind.type == NUMBER:
        return scoring.known(NUMBER, value)
    return tuple(value) if isinstance(value, Collection) and not isinstance(value, str) else value


def _group_of(fact: str) -> str:
    """The group of data elements that a fact is made of (``declarations.masking``)."""
    if fact in _VALUES:
        return "values"
    if fact in _PARTIES or fact.startswith(("trader.", "company.")):
        return "parties"
    return "transport" if fact in _ROUTE or fact.startswith("advance.") else "goods"
