"""Notes: what officers say among themselves about a package. The trader, the broker and machines never read them.

A note is for one's own agency or for every agency on the case; an officer who is named in it is told. A note is written once
and never edited: what was said stands.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from app import clock
from app.access import Actor, require
from app.database import new_id, session
from app.errors import Fault, Invalid, Text
from app.ledger.recording import digest as digest_of
from app.ledger.recording import record
from app.reviews import finders, note_finders, policy
from app.reviews.models import Review
from app.reviews.note_finders import AGENCY, AUDIENCES, CASE
from app.reviews.thread_models import Note, NoteMention

MOST_TEXT = 4000
"""Characters of a note."""
MOST_MENTIONS = 20
"""Officers one note may name: what concerns more people is no note."""
TWICE = timedelta(minutes=1)
"""Within this time the same words of the same officer for the same readers are the same note, sent twice."""
TEXT, AUDIENCE, MENTIONS = "note_text", "note_audience", "note_mentions"
"""Names and ids of the form's fields."""

_Words = tuple[str, str, str]
WORDS: Mapping[str, tuple[_Words, _Words]] = {
    "NOTE-TEXT-MISSING": (
        ("Нататка пустая.", "Заметка пустая.", "The note is empty."),
        (
            "Напішыце хаця б адно слова або вярніцеся да справы.",
            "Напишите хотя бы одно слово или вернитесь к делу.",
            "Write at least one word, or go back to the case.",
        ),
    ),
    "NOTE-TEXT-LONG": (
        (
            "Нататка задоўгая: {long} знакаў.",
            "Заметка слишком длинная: {long} знаков.",
            "The note is too long: {long} characters.",
        ),
        (
            "Скараціце да {most} знакаў або напішыце дзве.",
            "Сократите до {most} знаков или напишите две.",
            "Shorten it to {most} characters, or write two.",
        ),
    ),
    "NOTE-AUDIENCE-MISSING": (
        ("Не выбрана, хто чытае нататку.", "Не выбрано, кто читает заметку.", "It is not chosen who reads the note."),
        (
            "Выберыце: толькі ваш орган або ўсе органы гэтай справы.",
            "Выберите: только ваш орган или все органы этого дела.",
            "Choose: your agency only, or all agencies on this case.",
        ),
    ),
    "NOTE-MENTION-UNKNOWN": (
        (
            "Сярод названых ёсць хтосьці, хто не працуе ні ў адным органе гэтай справы.",
            "Среди названных есть кто-то, кто не работает ни в одном органе этого дела.",
            "Somebody named works for none of the agencies on this case.",
        ),
        (
            "Выберыце супрацоўнікаў са спіса пад нататкай.",
            "Выберите сотрудников из списка под заметкой.",
            "Choose officers from the list below the note.",
        ),
    ),
    "NOTE-MENTION-AGENCY": (
        (
            "Нататка толькі для вашага ведамства, а названы і супрацоўнік іншага.",
            "Заметка только для вашего ведомства, а назван и сотрудник другого.",
            "The note is for your agency only, but an officer of another agency is named.",
        ),
        (
            "Зніміце з яго адзнаку або выберыце «Усе ведамствы па гэтай справе, але не заяўнік».",
            "Снимите с него отметку или выберите «Все ведомства этого дела, но не заявитель».",
            "Take the tick off that name, or choose “All agencies on this case”.",
        ),
    ),
    "NOTE-MENTION-MANY": (
        (
            "Названа супрацоўнікаў: {many}.",
            "Названо сотрудников: {many}.",
            "{many} officers are named.",
        ),
        ("Назавіце не больш за {most}.", "Назовите не более {most}.", "Name no more than {most}."),
    ),
}
"""What is wrong with a note: (message, remedy), each in Belarusian, Russian and English."""


def write(review: Review, *, audience: str, text: str, mentions: Sequence[uuid.UUID] = (), by: Actor) -> Note:
    """Write a note on the package of a review; ``mentions`` are the ids of the people it names.

    A button pressed twice writes once: the note that stands there already is returned.
    Raises NotAllowed (another agency, no right, a part in the package), Invalid with every fault of the note.
    """
    review = finders.lock_review(review)
    require(policy.write_note, by, review)
    finders.refuse_own_package(review, by)
    named = list(dict.fromkeys(mentions))
    there = {one.person_id: one for one in note_finders.list_colleagues(review)}
    own = {key for key, one in there.items() if one.organisation.agency == by.agency}
    faults = examine(text, audience, named, known=there, own=own)
    if faults:
        raise Invalid(faults)
    same = note_finders.find_same(review, _lines(text), audience, since=clock.now() - TWICE, by=by)
    if same is not None and {one.person_id for one in same.mentions} == set(named):
        return same
    note = Note(
        id=new_id(), declaration_id=review.declaration_id, agency=by.agency, audience=audience, text=_lines(text),
        at=clock.now(), version=review.version, person_id=by.person_id, person_name=by.name[:120], post=by.post[:80],
        mentions=[NoteMention(person_id=key, person_name=there[key].person.full_name) for key in named],
    )  # fmt: skip
    session().add(note)
    session().flush()
    record(
        "note.written", "note", note.id, by=by, declaration_id=review.declaration_id, agency=by.agency,
        declaration=str(review.declaration_id), audience=audience, mentions=[str(key) for key in named],
        text_digest=digest_of(note.text),
    )  # fmt: skip
    return note


def examine(
    text: str,
    audience: str,
    mentions: Collection[uuid.UUID],
    *,
    known: Collection[uuid.UUID],
    own: Collection[uuid.UUID],
) -> list[Fault]:
    """Return every fault of a note. ``known``: who may be named at all, ``own``: those of the writer's agency. Pure."""
    faults = []
    if not text.strip():
        faults.append(_fault("NOTE-TEXT-MISSING", TEXT))
    elif len(_lines(text)) > MOST_TEXT:
        faults.append(_fault("NOTE-TEXT-LONG", TEXT, long=len(_lines(text)), most=MOST_TEXT))
    if audience not in AUDIENCES:
        faults.append(_fault("NOTE-AUDIENCE-MISSING", AUDIENCE))
    if len(mentions) > MOST_MENTIONS:
        faults.append(_fault("NOTE-MENTION-MANY", MENTIONS, many=len(mentions), most=MOST_MENTIONS))
    elif any(key not in known for key in mentions):
        faults.append(_fault("NOTE-MENTION-UNKNOWN", MENTIONS))
    elif audience == AGENCY and any(key not in own for key in mentions):
        faults.append(_fault("NOTE-MENTION-AGENCY", MENTIONS))
    return faults


def _lines(text: str) -> str:
    """The text as it is kept: a browser sends each line's end as two characters, and the reader counts one."""
    return text.replace("\r\n", "\n").strip()


def _fault(code: str, field: str, **values: object) -> Fault:
    message, remedy = (_three(words, values) for words in WORDS[code])
    return Fault(code, message, remedy, field=field)


def _three(words: _Words, values: Mapping[str, object]) -> Text:
    return {code: sentence.format(**values) for code, sentence in zip(("be", "ru", "en"), words, strict=True)}


__all__ = ["AGENCY", "CASE", "examine", "write"]
