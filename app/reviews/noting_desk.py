"""The notes of a case for its page: each with whom it is for, and the form of a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.access import Actor
from app.errors import Text
from app.identity.models import Membership
from app.reviews import note_finders, policy
from app.reviews.models import Review
from app.reviews.naming import Names
from app.reviews.note_finders import AGENCY, CASE
from app.reviews.noting import AUDIENCE, MENTIONS, MOST_TEXT, TEXT
from app.reviews.thread_models import Note

BLANK: Mapping[str, Any] = {TEXT: "", AUDIENCE: AGENCY, MENTIONS: ()}
"""An untouched form: a note is for one's own agency unless it is said otherwise."""


@dataclass(frozen=True, slots=True)
class Row:
    """A note, whose agency wrote it, and whether every agency on the case reads it."""

    note: Note
    agency: Text
    shared: bool
    names_me: bool


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a case. ``hidden``: why this reader sees none at all, "" when they are shown; ``colleagues``: whom a new
    note may name, by agency, one's own first (value, words)."""

    rows: Sequence[Row]
    can_write: bool
    hidden: Any
    colleagues: Sequence[tuple[Text, Sequence[tuple[str, str]]]]
    typed: Mapping[str, Any]
    most: int = MOST_TEXT


def lay_out(
    review: Review, names: Names, *, actor: Actor, has_part: bool, typed: Mapping[str, Any] | None = None
) -> Notes:  # fmt: skip
    """Return the notes of a case for one reader, none for who has a part in the package; after a refusal with what was
    typed."""
    if has_part:
        why = _l("You have a part in this package: what officers note on it is not shown to you.")
        return Notes((), False, why, (), BLANK)
    writes = bool(policy.write_note(actor, review))
    rows = [
        Row(note, names.agency(note.agency), note.audience == CASE, actor.person_id in _named(note))
        for note in note_finders.list_notes(review, actor=actor)
    ]
    return Notes(rows, writes, "", _colleagues(review, names, actor) if writes else (), {**BLANK, **(typed or {})})


def _named(note: Note) -> set[Any]:
    return {mention.person_id for mention in note.mentions}


def _colleagues(review: Review, names: Names, actor: Actor) -> Sequence[tuple[Text, Sequence[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {review.agency: []}
    for one in note_finders.list_colleagues(review):
        if one.person_id != actor.person_id:
            groups.setdefault(str(one.organisation.agency), []).append((str(one.person_id), _words(one)))
    return [(names.agency(agency), people) for agency, people in groups.items() if people]


def _words(one: Membership) -> str:
    return f"{one.person.full_name}, {one.post}" if one.post else one.person.full_name
