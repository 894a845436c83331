"""What the page of a goods item offers from the past: rulings of the owner that fit, codes chosen before for the same words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.access import Actor
from app.declarations.models import Declaration
from app.declarations.package import Line, Package
from app.requirements import searching
from app.requirements.ruling_models import Ruling

TELLING = 5
"""Letters from which on a stem that two descriptions share says that they may be of the same goods."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A ruling that may be quoted for a goods item. ``quoted``: it is; ``item`` is the place of the document, 0 for the whole
    package; the flags say where the item does not agree with it yet."""

    ruling: Ruling
    quoted: bool
    item: int
    code_differs: bool
    origin_differs: bool


def offers(line: Line, package: Package, rulings: Iterable[Ruling], *, package_wide: Sequence[str]) -> list[Offer]:
    """Return the rulings that fit a goods item: quoted there already, of its code, or of goods described alike. Pure.

    ``package_wide``: the kinds of documents that stand on the whole package.
    """
    quoted = {document.number for document in (*package.documents, *line.documents)}
    return [
        Offer(
            ruling=ruling,
            quoted=ruling.number in quoted,
            item=0 if ruling.document_code in package_wide else line.number,
            code_differs=bool(ruling.goods_code and line.code != ruling.goods_code),
            origin_differs=bool(ruling.origin and line.origin != ruling.origin),
        )
        for ruling in rulings
        if ruling.number in quoted or _fits(line, ruling)
    ]


def _fits(line: Line, ruling: Ruling) -> bool:
    if not ruling.goods_code or not line.code:
        return not line.description or _alike(line.description, ruling.goods)
    return line.code[:6] == ruling.goods_code[:6] or _alike(line.description, ruling.goods)


def _alike(one: str, other: str) -> bool:
    """Whether two descriptions share a word that says something."""
    stems = [
        {found for word in searching.words_of(text) if len(found := searching.stem(word)) >= TELLING}
        for text in (one, other)
    ]
    return bool(stems[0] & stems[1])


def whose(declaration: Declaration, actor: Actor) -> uuid.UUID | None:
    """Return whose past counts for a draft: its owner's; the writer's own while a trader's draft names no owner yet."""
    return declaration.owner_id or (actor.organisation_id if actor.kind == "trader" else None)
