"""Between boxes and leaves: what a person typed becomes changes of the draft, what stands there becomes values of boxes.

Nothing here judges the business: only what cannot be stored at all (too long, not a number, no such day) is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from lxml import etree

from app.declarations.draft_edits import Change, element_at
from app.declarations.editing import get_leaf
from app.declarations.form_lists import Lists
from app.declarations.form_parts import Field, Group
from app.declarations.pointers import own_text
from app.declarations.structure import find_node

Typed = Mapping[str, str]
_FORMAT = re.compile(r"(an|a|n)(\.\.)?(\d+)(?:,(\d+))?")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")


@dataclass
class Reading:
    """What a form said: changes to make, errors by field name, and everything as typed."""

    changes: list[Change] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


def shown(groups: Iterable[Group], tree: etree._Element) -> dict[str, str]:
    """Return the value of every box, as a person writes it: dates dd.mm.yyyy, decimals with a comma."""
    values: dict[str, str] = {}
    for group in groups:
        for box in group.every():
            element = element_at(tree, box.path)
            text = own_text(element) if element is not None else ""
            values[box.name] = _as_written(box, text)
            if box.attribute:
                holder = element.get(box.attribute, "") if element is not None else ""
                values[f"{box.name}@{box.attribute}"] = holder or box.unit
    return values


def _as_written(box: Field, text: str) -> str:
    if box.kind == "day" and len(text) >= 8 and text[:8].isdigit():
        return f"{text[6:8]}.{text[4:6]}.{text[:4]}"
    if box.kind == "decimal":
        return text.replace(".", ",")
    return text


def read(groups: Sequence[Group], typed: Typed, lists: Lists, tree: etree._Element) -> Reading:
    """Turn a posted form into changes of ``tree``. Boxes that were not posted are left alone.

    A box that says what it was shown to say writes back the very leaf: saving a page unchanged changes nothing.
    """
    made = Reading(typed=dict(typed))
    now = shown(groups, tree)
    for group in groups:
        for box in group.every():
            if box.name in typed:
                _read_box(box, typed, lists, made, None if _touched(box, typed, now) else tree)
    return made


def paths(groups: Sequence[Group]) -> list[str]:
    """Return the XPaths of all leaves a page writes: the ones its revision is about."""
    found = []
    for group in groups:
        for box in group.every():
            above = box.path.rpartition("/")[0]
            found += [box.path, *(f"{above}/{name}" for name, _fixed in box.implied)]
    return found


def _touched(box: Field, typed: Typed, now: Typed) -> bool:
    names = [box.name, *([f"{box.name}@{box.attribute}"] if box.attribute and box.beside else [])]
    return any(typed.get(name, "").strip() != now[name].replace("\r\n", "\n").strip() for name in names)


def _read_box(box: Field, typed: Typed, lists: Lists, made: Reading, tree: etree._Element | None) -> None:
    """Read one box; ``tree`` is given where nothing was changed, and says what stands there."""
    above = box.path.rpartition("/")[0]
    if tree is not None:
        untouched = (box.path, *(f"{above}/{name}" for name, _fixed in box.implied))
        made.changes += [(path, get_leaf(tree, path) or None, None) for path in untouched]
        return
    said = typed[box.name].strip()
    value, error = value_of(box, said, lists)
    if error:
        made.errors[box.name] = error
        return
    attributes = _attributes(box, typed, lists) if value else None
    made.changes.append((box.path, value or None, attributes))
    made.changes += [(f"{above}/{name}", fixed if value else None, None) for name, fixed in box.implied]


def _attributes(box: Field, typed: Typed, lists: Lists) -> dict[str, str] | None:
    if not box.attribute:
        return None
    said = typed.get(f"{box.name}@{box.attribute}", "").strip()
    if box.beside:
        said = lists.resolve(box.beside, said)
    said = said or box.unit
    return {box.attribute: said} if said else None


def value_of(box: Field, said: str, lists: Lists) -> tuple[str, str]:
    """Return what a box says as (value, ""), or ("", what is wrong) where it cannot be stored."""
    if not said:
        return "", ""
    if box.kind == "day":
        return _day(box, said)
    if box.kind in ("decimal", "whole"):
        return _number(box, said)
    if box.kind == "code":
        said = _SPACES.sub("", said)
    elif box.kind in ("listed", "choice"):
        said = lists.resolve(box.codes, said)
    return (said, "") if not (error := _too_long(box, said)) else ("", error)


def day_of(said: str) -> date | None:
    """Read a date as dd.mm.yyyy, dd.mm.yy or ISO; None where there is no such day."""
    for pattern in ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y", "%d/%m/%Y", "%Y%m%d"):
        try:
            return datetime.strptime(said.strip(), pattern).date()
        except ValueError:
            continue
    return None


def _day(box: Field, said: str) -> tuple[str, str]:
    day = day_of(said)
    if day is None or not 2000 <= day.year <= 2099:
        return "", _("%(field)s: write the date as day.month.year, for example 22.11.2026.", field=box.label)
    return day.strftime("%Y%m%d"), ""


def plain_number(said: str) -> str:
    """Return a typed number in plain form: spaces out, comma or dot as the decimal sign (``42 310,5`` gives ``42310.5``).

    Returns ``""`` where it is not a number.
    """
    text = _SPACES.sub("", said)
    if "," in text and "." in text:
        decimal = max(",", ".", key=text.rfind)
        text = text.replace("." if decimal == "," else ",", "")
    text = text.replace(",", ".")
    return text if _NUMBER.fullmatch(text) and text.isascii() else ""


def _number(box: Field, said: str) -> tuple[str, str]:
    text = plain_number(said)
    if not text:
        return "", _(
            "%(field)s must be a number, for example 1250,5. You wrote “%(value)s”.",
            field=box.label,
            value=said[:80],
        )
    node = find_node(box.path)
    limits = _FORMAT.fullmatch(node.format) if node is not None else None
    digits, places = (int(limits[3]), int(limits[4] or 0)) if limits else (16, 6)
    whole, _point, fraction = text.partition(".")
    fraction = fraction if len(fraction) <= places else fraction.rstrip("0")
    if box.kind == "whole" and fraction.strip("0"):
        return "", _("%(field)s must be a whole number.", field=box.label)
    if len(fraction) > places:
        return "", _("%(field)s: at most %(count)s digits after the comma.", field=box.label, count=places)
    if len(whole.lstrip("0")) + len(fraction) > digits:
        return "", _("%(field)s: at most %(count)s digits.", field=box.label, count=digits)
    return (whole.lstrip("0") or "0") + (f".{fraction}" if fraction and box.kind == "decimal" else ""), ""


def _too_long(box: Field, said: str) -> str:
    node = find_node(box.path)
    limits = _FORMAT.fullmatch(node.format) if node is not None else None
    if limits is None:
        return ""
    kind, exact, length = limits[1], not limits[2], int(limits[3])
    about = {"field": box.label, "count": length, "have": len(said)}
    words = ""
    if len(said) > length:
        words = _("%(field)s must be %(count)s characters or fewer; there are %(have)s.", **about)
    elif exact and len(said) < length:
        words = _("%(field)s must have exactly %(count)s characters; there are %(have)s.", **about)
    elif kind == "n" and not (said.isdigit() and said.isascii()):
        words = _("%(field)s must have digits only.", **about)
    elif kind == "a" and not (said.isalpha() and said.isascii()):
        words = _("%(field)s must have Latin letters only.", **about)
    return str(words)


def placed_errors(faults: Sequence[Any], groups: Iterable[Group], language: str) -> dict[str, str]:
    """Turn schema faults into errors at their boxes, by field name; what has no box here comes under ``""``."""
    names = {box.path: box.name for group in groups for box in group.every()}
    found: dict[str, str] = {}
    for fault in faults:
        words = f"{fault.message[language]} {fault.remedy[language]}".strip()
        found.setdefault(names.get(fault.path, ""), words)
    return found
