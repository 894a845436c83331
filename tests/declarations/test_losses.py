"""The loss report: what was said and is not kept is named, what is kept and has no field, what stands around it."""

from __future__ import annotations

import copy

import pytest
from lxml import etree

from app.cli.packing import sample
from app.clock import today
from app.declarations import codec, editing, everything, losses, parsing, wco
from app.declarations.structure import leaves
from tests.interop.enveloped import enveloped

pytestmark = pytest.mark.pure
MORE = "<AuthorisationHolder><ID listID='1'>BY190142358</ID></AuthorisationHolder>"


def package() -> etree._Element:
    tree = wco.read(sample("beef_flowers_pet", on=today()).xml).tree
    assert tree is not None
    return tree


def report(received: bytes | None, tree: etree._Element) -> losses.Report:
    root = parsing.plain(received).tree if received is not None else None
    return losses.report(root, tree, codec.to_package(tree))


def test_nothing_of_our_own_packages_is_lost() -> None:
    tree = package()
    found = report(codec.canonical(tree), tree)
    assert (found.lost, found.around) == ((), ())
    assert found.values == found.kept == len([value for _path, value in leaves(tree) if value])
    assert report(None, tree) == found


def test_what_is_missing_or_changed_is_named_with_its_place() -> None:
    tree = package()
    body = codec.canonical(tree)
    kept = copy.deepcopy(tree)
    editing.set_leaf(kept, "/Declaration/BorderTransportMeans/ID", "another")
    editing.set_leaf(kept, f"{editing.ITEM}[2]/Origin[1]/CountryCode", None)
    lost = report(body, kept).lost
    assert {leaf.path for leaf in lost} == {
        "/Declaration/BorderTransportMeans/ID", f"{editing.ITEM}[2]/Origin[1]/CountryCode",
    }  # fmt: skip
    assert "42A/67A/68A[2]/92A/063" in {leaf.pointer for leaf in lost}
    assert report(body, kept).kept == report(body, kept).values - 2


def test_text_where_none_belongs_is_not_silently_dropped() -> None:
    body = codec.canonical(package())
    stray = body.replace(b"<GoodsShipment>", b"<GoodsShipment>first words").replace(
        b"</Consignment>", b"</Consignment>more", 1
    )
    tree = parsing.plain(body).tree
    assert tree is not None
    assert [(leaf.path, leaf.value) for leaf in report(stray, tree).lost] == [
        ("/Declaration/GoodsShipment", "first words"), ("/Declaration/GoodsShipment", "more"),
    ]  # fmt: skip


def test_envelope_and_hints_stand_around_and_foreign_leaves_have_no_field() -> None:
    body = enveloped(codec.canonical(package()), more=MORE.replace(" listID='1'", ""))
    found = wco.read(body)
    assert found.tree is not None
    told = report(body, found.tree)
    assert told.lost == ()
    assert [(leaf.path, leaf.value) for leaf in told.around][:2] == [
        ("/MetaData/WCODataModelVersionCode", "3.6"), ("/MetaData/WCOTypeName", "DEC"),
    ]  # fmt: skip
    assert [leaf.path for leaf in told.around if "@" in leaf.path] == ["/MetaData/@schemaLocation"]
    assert "/Declaration/AuthorisationHolder[1]/ID" in {leaf.path for leaf in told.unnamed}


def test_everything_is_shown_once_and_stands_at_its_item() -> None:
    tree = package()
    found = everything.branches(leaves(tree))
    assert [branch.item for branch in found] == [None, None, 1, 2, 3]
    shown = [(value.path, value.text) for branch in found for value in branch.values]
    shown += [
        (f"{value.path}/@{name}", text)
        for branch in found
        for value in branch.values
        for name, text in value.attributes
    ]
    assert sorted(shown) == sorted(leaves(tree))
    price = next(value for value in found[2].values if value.place.endswith("ItemChargeAmount"))
    assert price.identifiers == "42A/67A/68A/23A/79A/112"
    assert dict(price.attributes)["currencyID"]
