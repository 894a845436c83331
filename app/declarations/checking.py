"""The verdict on a package: business rules and what the law asks, all at once, each fault in three languages.

The same functions answer on the server and offline; only what asks a registry is left out where there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from lxml import etree

from app.declarations import wco
from app.declarations.codec import to_package
from app.declarations.facts import facts_of
from app.declarations.package import MOST_ITEMS, Package, SupportingDocument
from app.declarations.pointers import placed
from app.declarations.rules.catalogue import find_faults, in_order
from app.declarations.rules.declaring import Given, Registry
from app.errors import Fault, Text
from app.requirements import matching, wording
from app.requirements.compiling import CompiledEdition
from app.requirements.facts import PackageFacts
from app.requirements.outcome import Missing, Outcome, Prohibited, Question
from app.traders.advantages import waivable

TOP = "/Declaration"
ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"
SAID_BY_A_RULE = ("expired", "early", "no_number")
"""Problems of a document that a rule already names at the same place: one cause, one fault."""


MOST_PLACED = 200
"""Faults that get the line of the file as received; an answer shows fewer."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All faults of a package, in order, and the whole answer of the law (lanes, questions, documents)."""

    faults: list[Fault]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known about a file: faults against the schema (``more`` beyond those listed), faults against the rules.

    ``package`` and ``verdict`` are None where the file cannot be read as a package at all.
    """

    schema_faults: list[Fault]
    rule_faults: list[Fault]
    more: int = 0
    package: Package | None = None
    verdict: Verdict | None = None


def check(
    package: Package,
    *,
    edition: CompiledEdition,
    on: date,
    attached: Collection[str] | None = frozenset(),
    registry: Registry | None = None,
    tree: etree._Element | None = None,
) -> Verdict:
    """Return every fault of a package as of its filing day, and the answer of the law it was judged by.

    ``attached``: XPaths of documents with a file behind them, None where the files are out of sight (``facts_of``).
    ``registry`` None: rules that need one are not asked. ``tree``: the tree as received, for the lines of the faults.
    """
    if len(package.lines) > MOST_ITEMS:
        empty = facts_of(replace(package, lines=()), edition=edition, on=on, attached=attached, registry=registry)
        return Verdict([placed(_too_many_items(package), tree)], matching.match(edition, empty))
    broken = find_faults(Given(package, edition, on, registry))
    facts = facts_of(package, edition=edition, on=on, attached=attached, registry=registry)
    outcome = _matched(edition, facts, registry)
    wanting = _requirement_faults(package, outcome, edition, {fault.path.rpartition("/")[0] for fault in broken})
    faults = in_order([*broken, *wanting])
    if tree is not None:
        # Finding a place walks over its siblings: a flood of faults is placed as far as anyone is shown.
        faults = [placed(fault, tree) for fault in faults[:MOST_PLACED]] + faults[MOST_PLACED:]
    return Verdict(faults, outcome)


def _matched(edition: CompiledEdition, facts: PackageFacts, registry: Registry | None) -> Outcome:
    """Match; where a document is missing that some accreditation spares its holder, ask what the owner holds and match again."""
    outcome = matching.match(edition, facts)
    wanted = {code for entry in outcome.missing for way in entry.ways for code in way}
    if registry is None or wanted.isdisjoint(waivable()):
        return outcome
    held = registry.held(facts.on)
    return matching.match(edition, replace(facts, held=held)) if held else outcome


def _too_many_items(package: Package) -> Fault:
    message = {
        "be": f"У пакеце больш за {MOST_ITEMS} тавараў.",
        "ru": f"В пакете больше {MOST_ITEMS} товаров.",
        "en": f"The package has more than {MOST_ITEMS} goods items.",
    }
    remedy = {
        "be": f"Падзяліце пакет: да {MOST_ITEMS} тавараў у кожным.",
        "ru": f"Разделите пакет: до {MOST_ITEMS} товаров в каждом.",
        "en": f"Divide the package: up to {MOST_ITEMS} goods items in each.",
    }
    return _fault("ITEMS-TOO-MANY", message, remedy, package.lines[MOST_ITEMS].path, f"> {MOST_ITEMS}")


def check_bytes(
    data: bytes,
    *,
    edition: CompiledEdition,
    on: date,
    attached: Collection[str] | None = None,
    registry: Registry | None = None,
) -> Checked:
    """Check a file: our own package or a WCO message in its envelope. Never raises for what the bytes contain.

    A file that breaks the schema but is a package all the same is checked against the rules too.
    """
    parsed = wco.read(data)
    if parsed.tree is None:
        return Checked(list(parsed.faults), [], parsed.more)
    package = to_package(parsed.tree)
    verdict = check(package, edition=edition, on=on, attached=attached, registry=registry, tree=parsed.tree)
    return Checked(list(parsed.faults), verdict.faults, parsed.more, package, verdict)


def _requirement_faults(
    package: Package, outcome: Outcome, edition: CompiledEdition, named: Collection[str]
) -> Iterator[Fault]:
    for question in outcome.unanswered:
        yield from _unanswered(package, question)
    for entry in outcome.missing:
        yield from _missing(package, entry, edition, named)
    for ban in outcome.prohibited:
        yield from _prohibited(package, ban, edition)


def _unanswered(package: Package, question: Question) -> Iterator[Fault]:
    """Name an open question, its allowed answers, and the XML that carries the answer."""
    message, remedy = wording.unanswered(question), wording.unanswered_remedy(question)
    if question.level == "package":
        path = f"{TOP}/AdditionalInformation[{len(package.answers) + len(package.notes) + 1}]"
        yield _fault("QUESTION-UNANSWERED", message, remedy, f"{path}/StatementDescription", question.code)
        return
    for number in question.items:
        line = package.lines[number - 1]
        path = f"{line.path}/AdditionalInformation[{len(line.answers) + len(line.notes) + 1}]"
        yield _fault("QUESTION-UNANSWERED", message, remedy, f"{path}/StatementDescription", question.code)


def _missing(package: Package, entry: Missing, edition: CompiledEdition, named: Collection[str]) -> Iterator[Fault]:
    """Name a document that is not there: measure, act, issuer, how and where to get it, lead time."""
    message, remedy = wording.missing(entry, edition), wording.obtaining(entry)
    codes = {code for way in entry.ways for code in way}
    seen: set[str] = set()
    for number in entry.items:
        path, document = _place(package, number, codes, edition, entry.documents[0].scope)
        told = entry.problem in SAID_BY_A_RULE and document is not None and document.path in named
        if path in seen or told:
            continue
        seen.add(path)
        yield _fault("DOC-MISSING", message, remedy, f"{path}/TypeCode", " ".join(sorted(codes)))


def _place(
    package: Package, number: int, codes: Collection[str], edition: CompiledEdition, scope: str
) -> tuple[str, SupportingDocument | None]:
    """Return where a document is to be mended (the one that is there) or added: at the header if its kind allows."""
    line = package.lines[number - 1]
    for document in line.documents + package.documents:
        if edition.document_code(document.category, document.type) in codes:
            return document.path, document
    if scope == "package":
        return f"{TOP}/AdditionalDocument[{len(package.documents) + 1}]", None
    return f"{line.path}/AdditionalDocument[{len(line.documents) + 1}]", None


def _prohibited(package: Package, ban: Prohibited, edition: CompiledEdition) -> Iterator[Fault]:
    """Say that the goods may not move and by which act; a ban never asks for a document."""
    message, remedy = wording.prohibited(ban), wording.prohibited_remedy(ban, edition)
    for number in ban.items:
        line = package.lines[number - 1]
        yield _fault("PROHIBITED", message, remedy, line.code_path, line.code)


def _fault(code: str, message: Text, remedy: Text, path: str, value: str) -> Fault:
    return placed(Fault(code, message, remedy, path=path, value=value, kind="requirement"))
