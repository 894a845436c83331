"""What a page of the form is made of: boxes, groups of boxes, tables of the same boxes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

SPARE_ROWS = 1
"""Empty rows offered below the filled ones in a table of a form."""


@dataclass(frozen=True, slots=True)
class Field:
    """One box. ``kind``: text, area, whole, decimal, day, choice, code or listed; ``codes`` names its code list.

    ``attribute`` is the attribute the box's companion fills (``currencyID``, ``unitCode``) with ``beside`` as the code list,
    ``unit`` its value where there is nothing to choose. ``implied`` are leaves (name beside this one, value) written with it.
    """

    name: str
    label: Any
    kind: str = "text"
    hint: Any = ""
    codes: str = ""
    attribute: str = ""
    beside: str = ""
    unit: str = ""
    width: str = "w-third"
    implied: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        """The XPath of the leaf."""
        return f"/Declaration/{self.name}"

    @property
    def anchor(self) -> str:
        """The HTML id of the box."""
        return anchor(self.name)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading. ``rows``: a table of the same thing, each row the XPath (below Declaration) of one."""

    title: Any
    fields: tuple[Field, ...]
    hint: Any = ""
    rows: tuple[tuple[str, tuple[Field, ...]], ...] = ()

    def every(self) -> Iterator[Field]:
        """Yield all fields, those of rows last."""
        yield from self.fields
        for _base, row in self.rows:
            yield from row


def anchor(name: str) -> str:
    """Return the HTML id of a field name."""
    return "f-" + re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()


def table(title: Any, base: str, count: int, row: Callable[[str, int], tuple[Field, ...]]) -> Group:
    """Return a table: a row for each that is there and a spare one; ``base`` is the XPath below Declaration, no index."""
    places = [f"{base}[{n + 1}]" for n in range(count + SPARE_ROWS)]
    return Group(title, (), rows=tuple((place, row(place, n)) for n, place in enumerate(places)))


def earlier(above: str, known: Sequence[Any]) -> Group:
    """Return the table of earlier documents (PreviousDocument) below a class."""

    def row(place: str, index: int) -> tuple[Field, ...]:
        return (
            Field(f"{place}/TypeCode", _l("Kind"), "listed", codes="document_types"),
            Field(f"{place}/ID", _l("Number")),
            Field(
                f"{place}/CategoryCode", _l("Category"), width="w-quarter", hint=_l("X, Y or Z in foreign messages.")
            ),
            Field(f"{place}/LineNumeric", _l("Its goods item"), "whole", width="w-quarter"),
        )

    return table(_l("Earlier documents"), f"{above}/PreviousDocument", len(known), row)
