"""How a rule is declared: the decorator, the texts in its docstring, what a rule is given and what it finds.

The docstring of a rule is the text the trader reads, in a small strict format::

    be: …          the message, in three languages; a line without a label goes on with the one above
    mend be: …     how to mend it, in three languages

Words in braces are the finding's parameters and must be the same in all three languages. ``{item}`` (the number of the
goods item) and ``{value}`` (what was written) are always there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from string import Formatter
from typing import Protocol

from app.declarations.package import Package, Quantity
from app.declarations.pointers import placed
from app.declarations.quoted import AdvanceRuling
from app.errors import VALUE_SHOWN, Fault, Text
from app.requirements.compiling import CompiledEdition
from app.traders.advantages import Held

PACKAGE, EDITION, REGISTRY = "package", "edition", "registry"
"""What a rule needs besides the package: nothing, the code lists of an edition, a registry of the window."""

LANGUAGES = ("be", "ru", "en")
MOST_WORDED = 2_000
"""Findings of one rule that are put into words one by one: a flood of them is counted, not written."""

SHOWN = 80
"""Characters of a parameter quoted inside a sentence; the whole value stands beside it."""

_LABEL = re.compile(r"^(mend )?(be|ru|en):\s*(.*)$")
_ITEM = re.compile(r"/GovernmentAgencyGoodsItem\[(\d+)\]")


class RuleTextError(ValueError):
    """A rule's docstring is not complete; raised at import and names the rule."""


@dataclass(frozen=True, slots=True)
class Trader:
    """An organisation as the registry knows it. ``active`` is False once it is closed or disabled."""

    unp: str
    name: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Permit:
    """A permit as the registry knows it. ``holder`` is a UNP; ``remaining`` is what is left of its quantity, if it has one."""

    number: str
    holder: str = ""
    revoked: bool = False
    remaining: Quantity | None = None


class Registry(Protocol):
    """What the window itself knows. Every answer is as of now; None means: we hold no such thing."""

    def find_trader(self, unp: str) -> Trader | None:
        """Return the organisation registered under a UNP."""

    def mandate(self, broker: str, trader: str, direction: str, on: date) -> bool:
        """Whether the trader (UNP) lets the broker (UNP) act in this direction on the day."""

    def lrn_used(self, owner: str, lrn: str) -> str | None:
        """Return the registration number of the package this owner already registered under the LRN."""

    def permit(self, number: str) -> Permit | None:
        """Return a permit the window holds."""

    def registered(self, number: str) -> bool:
        """Whether a declaration is registered here under this registration number."""

    def rulings(self, numbers: frozenset[str]) -> Mapping[str, AdvanceRuling]:
        """Return the advance rulings of some numbers that the window holds, by number."""

    def held(self, on: date) -> tuple[Held, ...]:
        """Return the accreditations of the package's owner that count on the day."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a rule looks at: the package, the edition of the code lists, the filing day, a registry or None (offline)."""

    package: Package
    edition: CompiledEdition
    on: date
    registry: Registry | None = None

    def asked(self) -> Registry:
        """Return the registry; only rules that need one are run with one."""
        if self.registry is None:
            raise LookupError("this rule asks a registry and none was given")
        return self.registry


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that breaks a rule: XPath, the value found there, parameters of the rule's text."""

    path: str
    value: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``between`` names the two places it compares, empty for a rule that looks at one place."""

    code: str
    needs: str
    between: tuple[str, ...]
    message: Text
    remedy: Text
    check: Callable[[Given], Iterator[Finding]]

    def faults(self, given: Given) -> Iterator[Fault]:
        """Yield a Fault for every finding, placed: pointer and form field follow from its path.

        Beyond MOST_WORDED findings dots stand for the parameters and only the path is told: nobody is shown that many.
        """
        kind = "registry" if self.needs == REGISTRY else "rule"
        findings = self.check(given)
        for finding in islice(findings, MOST_WORDED):
            words = {"item": item_of(finding.path), "value": finding.value} | dict(finding.params)
            words = {name: word[:SHOWN] for name, word in words.items()}
            message, remedy = _filled(self.message, words), _filled(self.remedy, words)
            yield placed(Fault(self.code, message, remedy, path=finding.path, value=finding.value, kind=kind))
        dots = dict.fromkeys(placeholders(self.message["en"]) | placeholders(self.remedy["en"]), "…")
        message, remedy = _filled(self.message, dots), _filled(self.remedy, dots)
        for finding in findings:
            yield Fault(self.code, message, remedy, path=finding.path, value=finding.value[:VALUE_SHOWN], kind=kind)


def rule(
    code: str, *, needs: str = PACKAGE, between: tuple[str, ...] = ()
) -> Callable[[Callable[[Given], Iterator[Finding]]], Rule]:
    """Declare a rule under a stable code. Raises RuleTextError at import when a text is missing or not the same thrice."""

    def declare(check: Callable[[Given], Iterator[Finding]]) -> Rule:
        message, remedy = read_texts(code, check.__doc__ or "")
        return Rule(code, needs, between, message, remedy, check)

    return declare


def read_texts(code: str, docstring: str) -> tuple[Text, Text]:
    """Return message and remedy of a rule from its docstring. Raises RuleTextError."""
    texts: dict[tuple[bool, str], str] = {}
    label: tuple[bool, str] | None = None
    for line in filter(None, (line.strip() for line in docstring.splitlines())):
        found = _LABEL.match(line)
        if found:
            label = (bool(found[1]), found[2])
            texts[label] = found[3]
        elif label is None:
            raise RuleTextError(f"{code}: the docstring begins with neither be:, ru: nor en:")
        else:
            texts[label] += " " + line
    return tuple(_three(code, texts, mend) for mend in (False, True))  # type: ignore[return-value]


def placeholders(text: str) -> frozenset[str]:
    """Return the parameters a text asks for."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def item_of(path: str) -> str:
    """Return the number of the goods item an XPath lies in, ``""`` for the header."""
    found = _ITEM.search(path)
    return found[1] if found else ""


def plain(value: Decimal) -> str:
    """Return a number as people write it: no exponent, no trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _three(code: str, texts: Mapping[tuple[bool, str], str], mend: bool) -> Text:
    what = "mend " if mend else ""
    found = {language: texts.get((mend, language), "") for language in LANGUAGES}
    for language in (language for language, text in found.items() if not text):
        raise RuleTextError(f"{code}: no text '{what}{language}:'")
    for language, text in found.items():
        if placeholders(text) != placeholders(found["en"]):
            raise RuleTextError(f"{code}: '{what}{language}:' has other parameters than '{what}en:'")
    return found


def _filled(text: Text, words: Mapping[str, str]) -> Text:
    return {language: sentence.format_map(words) for language, sentence in text.items()}
