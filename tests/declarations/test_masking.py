"""What somebody with a part of the need sees: every leaf has a group, and what is not granted never leaves the tree."""

from __future__ import annotations

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app import markup
from app.cli.packing import sample
from app.clock import today
from app.declarations import masking
from app.declarations.changes import between
from app.declarations.codec import to_package
from app.declarations.form_lists import Lists
from app.declarations.masking import GROUPS, HIDDEN, NOTHING, WHOLE, Sight, group_of, mask
from app.declarations.structure import leaves, nodes
from app.requirements.compiling import packaged_edition

pytestmark = pytest.mark.pure

EDITION = packaged_edition()
CODING = EDITION.document_code
TREE = markup.read(sample("beef_flowers_pet", on=today()).xml)
LEAVES = [path for path, node in nodes().items() if node.is_leaf]


def test_every_leaf_of_the_schema_has_a_group_and_few_have_none():
    unknown = [path for path in LEAVES if group_of(path) not in {*GROUPS, masking.REFERENCE}]
    assert unknown == []
    rest = [path for path in LEAVES if group_of(path) == masking.REST]
    assert rest == ["/Declaration/Consignment/ConsignmentItem/SequenceNumeric"]


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("/Declaration/FunctionalReferenceID", "reference"),
        ("/Declaration/InvoiceAmount", "values"),
        ("/Declaration/Exporter/Name", "parties"),
        ("/Declaration/Exporter/Address/Line", "addresses"),
        ("/Declaration/Exporter/Address/CountryCode", "parties"),
        ("/Declaration/Exporter/Communication/ID", "contacts"),
        ("/Declaration/Consignment/Carrier/Communication/ID", "contacts"),
        ("/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/Commodity/InvoiceLine/ItemChargeAmount", "values"),
        ("/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/Commodity/Description", "goods"),
        ("/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/AdditionalDocument/ID", "documents"),
        ("/Declaration/GoodsShipment/PreviousDocument/ID", "previous"),
        ("/Declaration/NoSuchThing/OfTheSchema", "rest"),
    ],
)
def test_where_a_value_belongs(path, group):
    assert group_of(path) == group


def test_nothing_granted_shows_the_reference_alone():
    seen = {path for path, text in leaves(mask(TREE, NOTHING, CODING)) if text != HIDDEN and "/@" not in path}
    assert seen
    kinds = {path for path in seen if path.endswith(("/CategoryCode", "/TypeCode")) and "AdditionalDocument" in path}
    assert {group_of(path) for path in seen - kinds} == {masking.REFERENCE}


def test_the_whole_sight_gets_the_tree_itself_and_masking_changes_no_tree():
    before = leaves(copy.deepcopy(TREE))
    assert mask(TREE, WHOLE, CODING) is TREE
    mask(TREE, NOTHING, CODING)
    assert leaves(TREE) == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    some.frozensets(some.sampled_from(sorted(GROUPS))),
    some.none() | some.frozensets(some.integers(1, 3)),
    some.frozensets(some.sampled_from(["01201", "01202", "04021", "L-WDEC", "02015"])),
)
def test_a_leaf_is_as_it_was_or_hidden_and_hidden_ones_are_those_told(groups, items, documents):
    sight = Sight(groups=groups, items=items, documents=documents)
    masked, hidden = dict(leaves(mask(TREE, sight, CODING))), masking.hidden_paths(TREE, sight, CODING)
    for path, text in leaves(TREE):
        above = path.partition("/@")[0]
        if masking.bare(above) in hidden:
            assert masked.get(path) in (HIDDEN, None), path
        else:
            assert masked[path] == text, path


def test_goods_that_others_judge_are_hidden_and_their_number_is_not():
    sight = Sight(groups=frozenset({"goods"}), items=frozenset({2}))
    package = to_package(mask(TREE, sight, CODING))
    assert package.lines[0].description == HIDDEN
    assert package.lines[1].description == to_package(TREE).lines[1].description
    assert [line.sequence for line in package.lines] == [1, 2, 3]


def test_a_document_of_another_kind_is_known_by_its_kind_alone():
    sight = Sight(items=None, documents=frozenset({"01201"}))
    papers = {CODING(one.category, one.type): one for one in to_package(mask(TREE, sight, CODING)).all_documents}
    assert papers["01201"].number not in ("", HIDDEN)
    assert papers["04021"].number == HIDDEN
    assert papers["04021"].issued_on is None
    assert papers["04021"].file_sha256 in ("", HIDDEN)


def test_a_place_that_a_measure_has_read_is_seen():
    place = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Origin/CountryCode"
    read = masking.pointer(place)
    for pointers, hidden in ((frozenset(), True), (frozenset({read}), False)):
        sight = Sight(items=frozenset({1}), pointers=pointers)
        assert (masking.bare(place) in masking.hidden_paths(TREE, sight, CODING)) is hidden


def test_a_hidden_value_that_changed_is_told_to_have_changed_and_nothing_more():
    later = copy.deepcopy(TREE)
    amount = next(one for one in later.iter("{*}InvoiceAmount"))
    was, amount.text = amount.text, "123456.78"
    lists = Lists(EDITION, "en", "import")
    rows = [
        row
        for section in between(TREE, later, lists, NOTHING).sections
        for block in section.blocks
        for row in block.rows
    ]
    assert [(row.before, row.after) for row in rows] == [(HIDDEN, HIDDEN)]
    whole = [row for section in between(TREE, later, lists).sections for block in section.blocks for row in block.rows]
    assert was in whole[0].before
    assert "123456" in whole[0].after


def test_what_is_opened_is_added():
    sight = Sight(groups=frozenset({"goods"}), items=frozenset({1})).adding({"values": 1, "items": 1, "documents": 1})
    assert sight.sees("values")
    assert sight.sees_item(7)
    assert sight.sees_paper("04021", 3)
    assert not sight.sees("contacts")


def test_only_what_the_package_has_is_told_to_be_hidden():
    assert masking.veil(TREE, WHOLE, CODING)[1] == []
    told = masking.veil(TREE, Sight(groups=frozenset({"goods"}), items=frozenset({1})), CODING)[1]
    assert "values" in told
    assert "items" in told
    assert "rest" not in told
    assert "goods" not in told
