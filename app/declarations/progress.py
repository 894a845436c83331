"""How far a package has come: the task list of a draft, and one line per agency of a filed one. Values in, values out."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from lxml import etree

from app.declarations import document_form, form_map
from app.declarations.editing import get_leaf
from app.declarations.form_map import DOCUMENTS, ITEM, PARTIES, QUESTIONS, TRANSPORT
from app.declarations.package import Package
from app.declarations.structure import leaves
from app.errors import Fault
from app.requirements.outcome import Outcome

DONE, BEGUN, UNTOUCHED, BARRED, PROBLEM = "done", "begun", "untouched", "barred", "problem"
STATES: Mapping[str, tuple[Any, str]] = {
    DONE: (_l("Completed"), ""),
    BEGUN: (_l("In progress"), "blue"),
    UNTOUCHED: (_l("Not yet started"), "blue"),
    BARRED: (_l("Cannot start yet"), ""),
    PROBLEM: (_l("There is a problem"), "stop"),
}
"""Words and tone of each state of a task (GOV.UK's few)."""

_GIVEN = {"TypeCode", "FunctionCode", "GoodsItemQuantity"}
_DOCUMENT_CODES = {"DOC-MISSING"}
_QUESTION_CODES = {"QUESTION-UNANSWERED"}

Place = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the task list: page, goods item, state, faults that stand there."""

    section: str
    item: int | None
    state: str
    faults: int = 0


def place_of(fault: Fault) -> Place:
    """Return the page where a fault is mended, and its goods item."""
    section, item = form_map.place_of(fault.path)
    if fault.code in _DOCUMENT_CODES or fault.code.startswith(("DOC-", "PERMIT-", "ATTACHMENT-")):
        return DOCUMENTS, item
    if fault.code in _QUESTION_CODES:
        return QUESTIONS, item
    if section == QUESTIONS:
        return (PARTIES, None) if item is None else (ITEM, item)
    return section, item


def by_place(faults: Iterable[Fault]) -> dict[Place, list[Fault]]:
    """Group faults by the page that mends them."""
    found: dict[Place, list[Fault]] = defaultdict(list)
    for fault in faults:
        found[place_of(fault)].append(fault)
    return found


def tasks(package: Package, tree: etree._Element, faults: Sequence[Fault], outcome: Outcome | None) -> list[Task]:
    """Return the task list of a draft: parties, transport, every goods item, documents, questions, in this order."""
    placed = by_place(faults)
    made = [
        _form_task(PARTIES, None, package, tree, placed),
        _form_task(TRANSPORT, None, package, tree, placed),
        *(_form_task(ITEM, line.number, package, tree, placed) for line in package.lines),
    ]
    return [*made, _documents(package, placed), _questions(package, placed, outcome)]


def _form_task(
    section: str, item: int | None, package: Package, tree: etree._Element, placed: Mapping[Place, Sequence[Fault]]
) -> Task:
    found = placed.get((section, item), ())
    boxes = [box for group in form_map.groups(section, package, item) for box in group.every()]
    touched = any(get_leaf(tree, box.path) for box in boxes if box.name not in _GIVEN)
    if not touched:
        return Task(section, item, UNTOUCHED, len(found))
    if not found:
        return Task(section, item, DONE)
    return Task(section, item, PROBLEM if any(fault.value for fault in found) else BEGUN, len(found))


def _all(section: str, placed: Mapping[Place, Sequence[Fault]]) -> list[Fault]:
    return [fault for (name, _item), found in placed.items() if name == section for fault in found]


def _documents(package: Package, placed: Mapping[Place, Sequence[Fault]]) -> Task:
    found = _all(DOCUMENTS, placed)
    if not package.all_documents:
        return Task(DOCUMENTS, None, UNTOUCHED, len(found))
    if not found:
        return Task(DOCUMENTS, None, DONE)
    wrong = any(fault.value and fault.code not in _DOCUMENT_CODES for fault in found)
    return Task(DOCUMENTS, None, PROBLEM if wrong else BEGUN, len(found))


def _questions(package: Package, placed: Mapping[Place, Sequence[Fault]], outcome: Outcome | None) -> Task:
    if outcome is None or not package.direction or not any(line.code for line in package.lines):
        return Task(QUESTIONS, None, BARRED)
    unanswered = outcome.unanswered
    if not unanswered:
        return Task(QUESTIONS, None, DONE if all(line.code for line in package.lines) else BEGUN)
    state = UNTOUCHED if len(unanswered) == len(outcome.questions) else BEGUN
    return Task(QUESTIONS, None, state, len(unanswered))


def other_leaves(tree: etree._Element, package: Package, outcome: Outcome | None) -> list[tuple[str, str]]:
    """Return (XPath, value) of every leaf the form has no box for: shown read-only, so that nothing is silently there.

    Answers to questions that are asked stand on their own page; answers nobody asks for are among the rest.
    """
    boxed = {_bare(path) for path in form_map.paths(package)}
    asked = {option.code for question in outcome.questions for option in question.options} if outcome else set()
    answers = (*package.answers, *(one for line in package.lines for one in line.answers))
    answered = tuple(f"{one.path}/" for one in answers if one.code in asked)
    return [
        (path, value)
        for path, value in leaves(tree)
        if value
        and "/@" not in path
        and _bare(path) not in boxed
        and not _elsewhere(path)
        and not path.startswith(answered)
    ]


def _bare(path: str) -> str:
    """A path with an index everywhere or nowhere means the same first place."""
    return path.replace("[1]", "")


def _elsewhere(path: str) -> bool:
    """Leaves with pages of their own (documents) or kept by the window itself (numbers, counts, answers)."""
    name = path.rpartition("/")[2]
    if name == "SequenceNumeric" or path in ("/Declaration/FunctionCode", "/Declaration/GoodsItemQuantity"):
        return True
    _inside, _slash, leaf = path.partition("/AdditionalDocument")
    return bool(leaf) and leaf.partition("/")[2] in document_form.LEAVES


# --- a filed package ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LaneLine:
    """One agency of a filed package: its pane, its words, why it was asked, what it decided.

    ``state`` is lit, held (a question to the trader is open), refused, or dark; ``tone`` that of the tag. ``behind`` are
    lanes of issuing agencies it stands in for.
    """

    agency: str
    items: tuple[int, ...]
    state: str
    words: Any
    tone: str
    due_at: datetime | None
    decided_at: datetime | None
    measures: tuple[Any, ...]
    behind: tuple[Any, ...]
    decisions: tuple[Any, ...]


def lane_lines(outcome: Outcome, reviews: Sequence[Any], *, withdrawn: bool, now: datetime) -> list[LaneLine]:
    """Return one line per agency that signs, customs last; ``reviews`` come with their decisions."""
    lines = []
    for review in reviews:
        lane = outcome.lane(review.agency)
        behind = tuple(one for code in lane.behind if (one := outcome.lane(code)) is not None) if lane else ()
        state, words, tone = _said(review, reviews, withdrawn, now)
        lines.append(
            LaneLine(
                review.agency, tuple(review.items), state, words, tone, None if withdrawn else review.due_at,
                review.decided_at, lane.measures if lane else (), behind, tuple(review.decisions),
            )
        )  # fmt: skip
    return lines


def _said(review: Any, reviews: Sequence[Any], withdrawn: bool, now: datetime) -> tuple[str, Any, str]:
    if review.status == "decided":
        return _RESULTS.get(review.result, _RESULTS["unknown"])
    if withdrawn:
        return "dark", _l("Closed: withdrawn"), ""
    late = "due" if review.paused_at is None and review.due_at < now else ""
    if review.status == "question":
        return "held", _l("Waits for your answer"), "asked"
    if review.status == "inspection":
        return "dark", _l("Inspection ordered"), late or "blue"
    if review.releases and any(other.open for other in reviews if other is not review):
        return "dark", _l("Waits for the other agencies"), late
    if review.status == "claimed":
        return "dark", _l("With an officer"), late or "blue"
    return "dark", _l("In the queue"), late


_RESULTS: Mapping[str, tuple[str, Any, str]] = {
    "approved": ("lit", _l("Approved"), "ok"),
    "conditions": ("lit", _l("Approved, with conditions"), "ok"),
    "refused": ("refused", _l("Refused"), "stop"),
    "unknown": ("dark", _l("Decided"), ""),
}


def sentence(status: str, lines: Sequence[LaneLine], ngettext: Callable[..., str]) -> tuple[Any, Any]:
    """Return what to say about a filed package in one sentence, and what comes next; ``ngettext`` is Babel's."""
    signed = sum(line.state == "lit" for line in lines)
    refused = sum(line.state == "refused" for line in lines)
    if status in _ENDS:
        return _ENDS[status]
    said = ngettext(
        "%(signed)s of %(num)s agency has signed.", "%(signed)s of %(num)s agencies have signed.", len(lines), signed=signed
    )  # fmt: skip
    if any(line.state == "held" for line in lines):
        return said, _l("It is your turn: an agency waits for your answer.")
    if refused:
        return said, _l("An agency has refused: customs decides about each goods item last.")
    waiting = [line for line in lines if line.state == "dark"]
    if len(waiting) == 1:
        return said, _l("Customs decides now: it releases last.")
    return said, _l("You need not do anything now.")


_ENDS: Mapping[str, tuple[Any, Any]] = {
    "partly-released": (
        _l("Partly released."),
        _l("The goods on the clearances below may go on; the others wait. You need not do anything for them now."),
    ),
    "released": (_l("Released."), _l("All agencies have decided. The goods on the clearances that hold may go on.")),
    "refused": (_l("Refused."), _l("No goods item may go. Each refusal below says why and where to appeal.")),
    "withdrawn": (_l("Withdrawn."), _l("You took this package back. Nobody works on it any more.")),
}

STATUSES: Mapping[str, tuple[Any, str]] = {
    "draft": (_l("Draft"), ""),
    "registered": (_l("Registered"), "blue"),
    "under-review": (_l("Under review"), "blue"),
    "awaiting-trader": (_l("Waiting for the trader"), "due"),
    "partly-released": (_l("Partly released"), "blue"),
    "released": (_l("Released"), "ok"),
    "refused": (_l("Refused"), "stop"),
    "withdrawn": (_l("Withdrawn"), ""),
}
"""A package's state in the person's words, and the tone of its tag."""


def registered_in(registered_at: datetime | None, entries: Sequence[Any]) -> int:
    """Return the seconds from receipt to registration, rounded up, by the receipt's own ledger entry; 0 where none tells."""
    issued = (entry.payload for entry in entries if entry.event == "receipt.issued")
    received = next((one.get("received_at") for one in issued if one["status"] == "registered"), None)
    if registered_at is None or received is None:
        return 0
    return max(1, math.ceil((registered_at - datetime.fromisoformat(received)).total_seconds()))
