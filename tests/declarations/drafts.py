"""Beginning drafts and looking inside them, for the tests of the trader's rooms."""

from __future__ import annotations

import uuid

from lxml import etree

from app.database import Database, transaction
from app.declarations import parsing
from app.declarations.models import Declaration
from tests.factories.world import Someone

SHIPMENT = "GoodsShipment"
GOODS = f"{SHIPMENT}/GovernmentAgencyGoodsItem"


def begin(who: Someone, direction: str = "import") -> str:
    """Start a package in the portal and return its address."""
    who.get("/packages/new")
    answer = who.submit("/packages", follow=False, direction=direction)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def tree_of(database: Database, address: str) -> etree._Element:
    """The tree of the draft at an address."""
    with transaction(database, writing=False) as session:
        row = session.get_one(Declaration, uuid.UUID(address.rsplit("/", 1)[-1]))
        assert row.draft_xml is not None
        tree = parsing.plain(row.draft_xml).tree
    assert tree is not None
    return tree
