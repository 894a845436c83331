"""How far a package has come: the task list of a draft, and one line per agency of a filed one. Values in, values out."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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

SIGNED = ("approved", "conditions")
"""Outcomes with which a goods item may go on."""


def pane(status: str, result: str, results: Mapping[str, Any]) -> str:
    """Return how an agency's pane looks.

    ``held``: a question to the trader is open; ``lit``: it has signed; ``refused``; ``mixed``: it signed some goods items and
    refused others; ``part``: it signed some and has still to decide about others; ``dark``: it has not begun.
    """
    if status == "question":
        return "held"
    some = any(outcome in SIGNED for outcome in results.values())
    if status != "decided":
        return "part" if some else "dark"
    if result == "refused":
        return "mixed" if some else "refused"
    return "lit"


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What goes on beside the reviews, by agency: ``answers`` until when the first open question wants its answer,
    ``inspections`` what lies ahead (reviews.inspection_desk.Told), ``carried`` the version from which a review goes on."""

    answers: Mapping[str, datetime] = field(default_factory=dict)
    inspections: Mapping[str, Any] = field(default_factory=dict)
    carried: Mapping[str, int] = field(default_factory=dict)


def carried_from(versions: Sequence[Any]) -> dict[str, int]:
    """Return, by agency, the version from which its review was carried to the newest one; ``versions`` are newest first with
    their number and the agencies carried over to them."""
    found: dict[str, int] = {}
    for agency in versions[0].carried if versions else ():
        for version in versions:
            if agency not in version.carried:
                break
            found[agency] = version.number - 1
    return found


@dataclass(frozen=True, slots=True)
class LaneLine:
    """One agency of a filed package: its pane, its words, why it was asked, what it decided.

    ``state`` is that of ``pane``; ``tone`` that of the tag. ``answer_by``: until when it waits for the trader, ``inspection``:
    the one ahead, ``carried_from``: the version it judged before (0: this one). ``shares``: the goods items of each outcome,
    told while they are not one. ``behind`` are lanes of issuing agencies it stands in for.
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
    open: bool = False
    releases: bool = False
    answer_by: datetime | None = None
    inspection: Any = None
    carried_from: int = 0
    shares: tuple[tuple[str, tuple[int, ...]], ...] = ()


def lane_lines(
    outcome: Outcome, reviews: Sequence[Any], *, withdrawn: bool, now: datetime, meanwhile: Meanwhile | None = None
) -> list[LaneLine]:
    """Return one line per agency that signs, customs last; ``reviews`` come with their decisions."""
    beside = meanwhile or Meanwhile()
    return [_lane_line(outcome, review, reviews, withdrawn, now, beside) for review in reviews]


def _lane_line(
    outcome: Outcome, review: Any, reviews: Sequence[Any], withdrawn: bool, now: datetime, beside: Meanwhile
) -> LaneLine:
    lane = outcome.lane(review.agency)
    works = review.open and not withdrawn
    return LaneLine(
        agency=review.agency,
        items=tuple(review.items),
        state="dark" if withdrawn and review.open else pane(review.status, review.result, review.results),
        words=_words(review, reviews, withdrawn),
        tone=_tone(review, withdrawn, now),
        due_at=None if withdrawn else review.due_at,
        decided_at=review.decided_at,
        measures=lane.measures if lane else (),
        behind=tuple(one for code in lane.behind if (one := outcome.lane(code)) is not None) if lane else (),
        decisions=tuple(review.decisions),
        open=works,
        releases=review.releases,
        answer_by=beside.answers.get(review.agency) if works else None,
        inspection=beside.inspections.get(review.agency) if works else None,
        carried_from=beside.carried.get(review.agency, 0),
        shares=_shares(review),
    )


def _words(review: Any, reviews: Sequence[Any], withdrawn: bool) -> Any:
    if review.status == "decided":
        return _RESULTS.get(_result(review), _RESULTS["unknown"])[0]
    if withdrawn:
        return _l("Closed: withdrawn")
    if review.status in _STATES_TOLD:
        return _STATES_TOLD[review.status]
    if any(outcome in SIGNED for outcome in review.results.values()):
        return _l("Approved in part")
    if review.releases and any(other.open for other in reviews if other is not review):
        return _l("Waits for the other agencies")
    return _l("With an officer") if review.status == "claimed" else _l("In the queue")


def _tone(review: Any, withdrawn: bool, now: datetime) -> str:
    if review.status == "decided":
        return _RESULTS.get(_result(review), _RESULTS["unknown"])[1]
    if withdrawn:
        return ""
    if review.status == "question":
        return "asked"
    if review.paused_at is None and review.due_at < now:
        return "due"
    begun = review.status in ("claimed", "inspection", "proposed") or pane("", "", review.results) == "part"
    return "blue" if begun and not (review.releases and review.status == "queued") else ""


def _result(review: Any) -> str:
    state = pane(review.status, review.result, review.results)
    return state if state == "mixed" else str(review.result)


def _shares(review: Any) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The goods items of each outcome, in the order of OUTCOMES; nothing while none is decided or all have the same one."""
    grouped: dict[str, list[int]] = defaultdict(list)
    for number in review.items:
        grouped[review.results.get(str(number), "")].append(number)
    if len(grouped) < 2:
        return ()
    return tuple((outcome, tuple(grouped[outcome])) for outcome in OUTCOMES if outcome in grouped)


OUTCOMES: Mapping[str, Any] = {
    "approved": _l("approved"),
    "conditions": _l("approved, with conditions"),
    "refused": _l("refused"),
    "held": _l("held"),
    "": _l("not decided yet"),
}
"""Outcomes of goods items in words; "" while there is none."""

_STATES_TOLD: Mapping[str, Any] = {
    "question": _l("Waits for your answer"),
    "inspection": _l("Inspection ordered"),
    "proposed": _l("Being checked a second time"),
}

_RESULTS: Mapping[str, tuple[Any, str]] = {
    "approved": (_l("Approved"), "ok"),
    "conditions": (_l("Approved, with conditions"), "ok"),
    "mixed": (_l("Approved in part, refused in part"), "due"),
    "refused": (_l("Refused"), "stop"),
    "unknown": (_l("Decided"), ""),
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
