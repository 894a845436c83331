"""Few grouped questions for what the data could not settle (domain.md section 3).

A measure that passes every other filter and still depends on a flag, or on a description (``hs_scope`` = ex), asks.
Flags are grouped by ``flag_groups.csv`` and ``questions.csv``: those of the carriage once per package, the rest once
per item and group.
Where a goods prefix is waste by nature the question is a choice without "none": its last option is WASTE_OTHER, and
anything that leaves the waste unclassified goes to the agency. At most three questions an item; more are merged into
one list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.errors import Text
from app.requirements.facts import ItemFacts
from app.requirements.outcome import Option, Question

if TYPE_CHECKING:
    from app.requirements.compiling import CompiledEdition, CompiledMeasure

MOST_PER_ITEM = 3
OTHER = "WASTE_OTHER"
"""The answer "another kind of waste": stands where "none" would."""

OTHER_LABEL: Text = {
    "be": "Іншыя адходы: вызначыць ведамства",
    "ru": "Другие отходы: определит ведомство",
    "en": "Other waste: the agency decides",
}
DESCRIBED: Text = {
    "be": "Ці адпавядае ваш тавар гэтаму апісанню: «{note}»?",
    "ru": "Соответствует ли ваш товар этому описанию: «{note}»?",
    "en": "Does your item match this description: “{note}”?",
}


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag and how it is asked. ``ask``: always, prefix (goods of ``prefixes``), listed (goods where a measure
    reads a flag of the same question), waste (goods that are waste by nature), along (only beside others: stated
    freely, never demanded).
    """

    code: str
    question: str
    label: Text
    ask: str
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionKind:
    """A question of ``questions.csv``. ``no_none``: goods prefixes that are waste by nature; ``other_agency`` judges
    "other".
    """

    code: str
    level: str
    kind: str
    text: Text
    no_none: tuple[str, ...]
    other_agency: str


def read_flags(table: Iterable[Mapping[str, str]]) -> dict[str, Flag]:
    """Read ``flag_groups.csv``."""
    return {
        row["flag"]: Flag(row["flag"], row["question"], _text(row, "label"), row["ask"], tuple(row["ask_for"].split()))
        for row in table
    }


def read_questions(table: Iterable[Mapping[str, str]]) -> dict[str, QuestionKind]:
    """Read ``questions.csv``."""
    return {
        row["question"]: QuestionKind(
            row["question"],
            row["level"],
            row["kind"],
            _text(row, "text"),
            tuple(row["no_none_prefixes"].split()),
            row["other_agency"],
        )
        for row in table
    }


def _text(row: Mapping[str, str], name: str) -> Text:
    return {language: row[f"{name}_{language}"] for language in ("be", "ru", "en")}


@dataclass(slots=True)
class Raised:
    """A question on its way: options with their label, whether each must be answered, the measures and items behind
    it.
    """

    code: str
    labels: dict[str, Text] = field(default_factory=dict)
    demanded: set[str] = field(default_factory=set)
    measures: dict[str, None] = field(default_factory=dict)
    items: dict[int, None] = field(default_factory=dict)


class Asking:
    """Gathers what one package must be asked while its items are matched."""

    __slots__ = ("_edition", "_item", "_package", "questions")

    def __init__(self, edition: CompiledEdition) -> None:
        self._edition = edition
        self._package: dict[str, Raised] = {}
        self._item: dict[str, Raised] = {}
        self.questions: list[Question] = []

    def flags(self, measure: CompiledMeasure, item: ItemFacts, known: frozenset[str]) -> None:
        """Note the flags of a measure that the data neither proved nor ruled out (``known``)."""
        for name in measure.flags:
            if name in known:
                continue
            flag = self._edition.flags[name]
            kind = self._edition.questions[flag.question]
            raised = (self._package if kind.level == "package" else self._item).setdefault(
                flag.question, Raised(flag.question)
            )
            raised.labels[name] = flag.label
            raised.measures[measure.code] = None
            raised.items[item.number] = None
            if self._demanded(flag, measure, item.code):
                raised.demanded.add(name)

    def description(self, measure: CompiledMeasure, item: ItemFacts) -> None:
        """Note a measure that covers only the goods its note describes."""
        raised = self._item.setdefault(measure.code, Raised(measure.code))
        raised.labels[measure.code] = measure.described_as
        raised.measures[measure.code] = None
        raised.items[item.number] = None
        raised.demanded.add(measure.code)

    def _demanded(self, flag: Flag, measure: CompiledMeasure, code: str) -> bool:
        if measure.prefix != "*" and self._edition.questions[flag.question].level == "item":
            return True
        if flag.ask == "prefix":
            return code.startswith(flag.prefixes)
        if flag.ask == "listed":
            return code.startswith(tuple(self._edition.listed.get(flag.question, ())))
        if flag.ask == "waste":
            return code.startswith(self._edition.questions["waste"].no_none)
        return flag.ask == "always"

    def close_item(self, item: ItemFacts, answers: Mapping[str, bool]) -> None:
        """Turn what this item raised into at most three questions."""
        raised = [entry for entry in self._item.values() if entry.demanded]
        self._item = {}
        for entry in _merged(raised):
            self.questions.append(self._question(entry, answers, "item", item.code))

    def close_package(self, answers: Mapping[str, bool]) -> list[Question]:
        """Turn what the carriage and the general measures raised into one question; return all questions, it first."""
        asked = [self._question(entry, answers, "package", "") for entry in self._package.values() if entry.demanded]
        return asked + self.questions

    def _question(self, raised: Raised, answers: Mapping[str, bool], level: str, code: str) -> Question:
        kind = self._edition.questions.get(raised.code)
        other = kind is not None and bool(kind.no_none) and code.startswith(kind.no_none)
        labels = {**raised.labels, OTHER: OTHER_LABEL} if other else raised.labels
        options = tuple(
            Option(name, label, "" if name not in answers else "Y" if answers[name] else "N")
            for name, label in labels.items()
        )
        single = kind is not None and kind.kind == "one"
        chosen = single and any(answers.get(name) for name in labels)
        text = kind.text if kind else _described(next(iter(labels.values())))
        return Question(
            code=raised.code,
            level=level,
            kind=kind.kind if kind else "yesno",
            text=text,
            options=options,
            none_allowed=not other,
            items=() if level == "package" else tuple(raised.items),
            measures=tuple(raised.measures),
            unanswered=not chosen and not raised.demanded.issubset(answers),
        )


def _described(note: Text) -> Text:
    return {language: text.format(note=note[language]) for language, text in DESCRIBED.items()}


def _merged(raised: list[Raised]) -> list[Raised]:
    if len(raised) <= MOST_PER_ITEM:
        return raised
    described = [entry for entry in raised if entry.code in entry.measures]
    flags = [entry for entry in raised if entry.code not in entry.measures]
    if len(described) > 1:
        flags, described = [*flags, _one("described", described)], []
    together = flags + described
    if len(together) <= MOST_PER_ITEM:
        return together
    # Choices (CITES, waste) keep their own question; lists of boxes can share one.
    apart = [entry for entry in together if entry.code in ("cites", "waste")]
    shared = [entry for entry in together if entry.code not in ("cites", "waste")]
    return [*apart, _one("more", shared)]


def _one(code: str, parts: list[Raised]) -> Raised:
    whole = Raised(code)
    for part in parts:
        whole.labels.update(part.labels)
        whole.demanded |= part.demanded
        whole.measures.update(part.measures)
        whole.items.update(part.items)
    return whole
