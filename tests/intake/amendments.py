"""What the tests of amending do again and again: file a package, change leaves of it, sign for an agency, look at rows."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from lxml import etree

from app import clock, database
from app.cli import founding
from app.cli.packing import sample
from app.declarations import editing, finders, parsing
from app.declarations.models import Declaration, Version
from app.documents import uploading
from app.intake import amending, receiving
from app.ledger.models import Entry
from app.reviews import claiming, deciding
from app.reviews import finders as reviews
from app.reviews.examining import ItemDecision
from app.reviews.models import Decision, Review

GOODS = editing.ITEM
CUSTOMS, VET, PHYTO, NATURE = "BY-GTK", "BY-DVPN", "BY-GGISKZR", "BY-MPR"
OFFICERS = {CUSTOMS: "maria", VET: "olga", PHYTO: "fyodar", NATURE: "nina"}
Change = tuple[str, str | None]


def file(name: str = "beef_flowers_pet", *, who: str = "anna", lrn: str | None = None) -> uuid.UUID:
    """File a sample with its papers in the open transaction; returns its id."""
    by, packed = founding.actor(who), sample(name, on=clock.today(), lrn=lrn)
    for file_name, data in packed.files.items():
        uploading.upload(owner_id=by.organisation_id, data=data, file_name=file_name, by=by)  # type: ignore[arg-type]
    receipt = receiving.receive(packed.xml, body_name="a.xml", channel="xml", by=by, confirmed=True)
    assert receipt.declaration_id is not None, receipt.faults
    return receipt.declaration_id


def get(key: uuid.UUID, who: str = "anna") -> Declaration:
    return finders.get_declaration(key, actor=founding.actor(who))


def tree_of(key: uuid.UUID, version: int | None = None) -> etree._Element:
    """The tree of a filed version, to be changed."""
    tree = parsing.plain(finders.get_version(get(key), version).canonical).tree
    assert tree is not None
    return copy.deepcopy(tree)


def change(
    key: uuid.UUID, *changes: Change, who: str = "anna", edit: Callable[[etree._Element], Any] | None = None,
    cause: str = "amended", expected: int | None = None,
) -> Version:  # fmt: skip
    """Amend a package in the open transaction: set leaves, or edit the tree."""
    declaration, tree = get(key, who), tree_of(key)
    for path, value in changes:
        editing.set_leaf(tree, path, value)
    if edit is not None:
        edit(tree)
    seen = declaration.version if expected is None else expected
    return amending.amend(declaration, tree, cause=cause, by=founding.actor(who), expected_version=seen)


def review(key: uuid.UUID, agency: str) -> Review:
    """The review of an agency that counts."""
    return next(one for one in reviews.list_reviews(key, decisions=True) if one.agency == agency)


def sign(key: uuid.UUID, agency: str, outcomes: dict[int, str] | None = None, **more: Any) -> Decision:
    """Claim and decide for an agency in the open transaction, on the version that holds."""
    by, declaration = founding.actor(OFFICERS[agency]), get(key)
    found = claiming.claim(review(key, agency), by=by)
    items = [ItemDecision(number, (outcomes or {}).get(number, "approved")) for number in found.items]
    return deciding.decide(
        found, version=declaration.version, digest=declaration.digest, items=items, by=by, **more
    )  # fmt: skip


def events(key: uuid.UUID, *names: str) -> Sequence[Entry]:
    """The ledger entries of a package with these names, in order."""
    query = sa.select(Entry).where(Entry.declaration_id == key, Entry.event.in_(names)).order_by(Entry.position)
    return database.session().scalars(query).all()
