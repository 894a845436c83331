"""Marks: the words by which a package is found. Written with each version; what an earlier version said is found too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app.database import session
from app.declarations.models import Declaration, Mark
from app.declarations.package import Package

LONGEST = 70
SHORTEST = 3
"""A word of fewer letters and digits finds everything and so nothing."""
TRADER = "@"
"""Before the marks of whose package it is: one trader has many packages, so these are looked up apart."""
_QUOTED = re.compile(r"[«\"“„](.+?)[»\"”“]")


def normal(text: str) -> str:
    """Return a word as it is kept and looked for: upper case, letters and digits only, at most 70 of them."""
    return "".join(letter for letter in text.upper() if letter.isalnum())[:LONGEST]


def trader_marks(unp: str, name: str) -> set[str]:
    """Return how a trader is found: tax number, the name as it stands, and what of it stands in quotation marks."""
    own = _QUOTED.search(name)
    words = {normal(unp), normal(name), normal(own[1]) if own else ""}
    return {(TRADER + word)[:LONGEST] for word in words if len(word) >= SHORTEST}


def marks_of(package: Package, number: str, unp: str, name: str) -> set[str]:
    """Return every mark of a package: numbers, reference, containers, seals, means of transport, documents, trader."""
    words = {normal(word) for word in (number, package.lrn, *_things(package), *_papers(package))}
    return {word for word in words if len(word) >= SHORTEST} | trader_marks(unp, name)


def keep(declaration: Declaration, package: Package, *, unp: str) -> None:
    """Keep the marks of a package as it stands now; one statement, and those that are there already stay."""
    found = marks_of(package, declaration.number or "", unp, declaration.owner_name)
    rows = [{"mark": mark, "declaration_id": declaration.id} for mark in sorted(found)]
    session().execute(_keeping(session().get_bind().dialect.name), rows)


def _things(package: Package) -> Iterator[str]:
    for transport in (package.border_transport, package.arrival_transport, package.departure_transport):
        if transport is not None:
            yield transport.id
    yield from package.seals
    yield from _equipment(package.containers)
    for line in package.lines:
        yield from _equipment(line.containers)


def _equipment(containers: Iterable[Any]) -> Iterator[str]:
    for container in containers:
        yield container.id
        yield from container.seals


def _papers(package: Package) -> Iterator[str]:
    for document in package.all_documents:
        yield document.number


@cache
def _keeping(engine: str) -> Any:
    """The INSERT of the engine at hand."""
    table: Any = Mark.__table__
    made: Any = postgresql.insert(table) if engine == "postgresql" else sqlite.insert(table)
    return made.on_conflict_do_nothing()
