"""Questions of the law as a form: names of the boxes, and what the ticks mean as answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from app.requirements.outcome import Question

NONE = "-"
"""The value of the box "none of these"."""


@dataclass
class Answers:
    """What a questions form said: answers by (goods item or None, flag or measure id), errors by box, everything as ticked."""

    given: dict[tuple[int | None, str], str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    ticked: dict[str, list[str]] = field(default_factory=dict)


def box(question: Question) -> str:
    """Return the name of a question's boxes; one question stands once for the package or once for an item."""
    where = "-".join(str(number) for number in question.items) or "package"
    return f"question-{where}-{question.code}"


def ticked(question: Question) -> list[str]:
    """Return what stands answered now, as the boxes show it."""
    if question.kind == "yesno":
        return [option.answer for option in question.options if option.answer]
    chosen = [option.code for option in question.options if option.answer == "Y"]
    if chosen or question.unanswered:
        return chosen
    return [NONE] if question.none_allowed else []


def read(questions: Iterable[Question], posted: Mapping[str, Sequence[str]]) -> Answers:
    """Turn ticks into answers. A question left alone stays open; "none" beside another tick is an error."""
    made = Answers()
    for question in questions:
        name = box(question)
        said = list(posted.get(name, ()))
        made.ticked[name] = said
        if not said:
            continue
        if NONE in said and len(said) > 1:
            made.errors[name] = _("Tick either “none of these” or what is true, not both.")
            continue
        for option in question.options:
            yes = said[0] == "Y" if question.kind == "yesno" else option.code in said
            for item in question.items or (None,):
                made.given[(item, option.code)] = "Y" if yes else "N"
    return made
