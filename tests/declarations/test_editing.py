"""Edits keep the order of the schema, whatever the order they come in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.declarations import codec, editing, parsing
from app.declarations.editing import ITEM
from app.declarations.package import Quantity
from app.declarations.structure import Node, leaves, nodes

WORDS = st.text("абвгўіёxyz<&> \"'\n0", min_size=1, max_size=6).filter(str.strip)


def _value(node: Node) -> st.SearchStrategy[str]:
    """A value that the schema allows for a leaf."""
    if node.values:
        return st.sampled_from(node.values)
    if node.is_date:
        return st.sampled_from(["20261122", "20260101093000Z", "20251231235959+03"])
    if node.base == "decimal":
        return st.integers(0, 9999).map(str)
    if node.name == "SHA256":
        return st.just("ab" * 32)
    if node.name == "MediaType":
        return st.just("application/pdf")
    letters, size = node.format.rstrip("0123456789,."), int(node.format.lstrip("an.").partition(",")[0])
    if letters == "n":
        return st.just("1" * (size if ".." not in node.format else 1))
    if letters == "a":
        return st.just("B" * size)
    return WORDS.map(lambda text: text.strip()[:size].strip() or "x")


LEAVES = [node for node in nodes().values() if node.is_leaf and node.name != "SequenceNumeric"]


@st.composite
def edits(draw: st.DrawFn) -> dict[str, str]:
    """Paths with indexes and values; an attachment always whole."""
    found: dict[str, str] = {}
    for node in draw(st.lists(st.sampled_from(LEAVES), min_size=1, max_size=12)):
        parts, path = node.path.split("/")[1:], ""
        for part in parts:
            path += "/" + part
            below = nodes()[path_without_index(path)]
            if below.repeatable:
                path += f"[{draw(st.integers(1, 3))}]"
        found[path] = draw(_value(node))
        if "/Attachment/" in path:
            place = path.rpartition("/")[0]
            found |= {f"{place}/FileName": "дазвол.pdf", f"{place}/SHA256": "0f" * 32}
    return found


def path_without_index(path: str) -> str:
    return "".join(part for part in path.replace("[", "]").split("]") if not part.isdigit())


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_order_of_edits_is_valid_and_reads_back(data: st.DataObject) -> None:
    wanted = data.draw(edits())
    tree = editing.new_tree()
    for path in data.draw(st.permutations(sorted(wanted))):
        editing.set_leaf(tree, path, wanted[path])
    written = codec.canonical(tree)
    parsed = parsing.parse(written)
    assert [fault.message["en"] for fault in parsed.faults] == []
    assert {path: editing.get_leaf(parsed.tree, path) for path in wanted} == wanted
    assert codec.canonical(parsed.tree) == written
    assert codec.canonical(editing.compose(wanted)) == written


@settings(max_examples=60, deadline=None)
@given(edits())
def test_removing_what_was_set_leaves_an_empty_package(wanted: dict[str, str]) -> None:
    tree = editing.compose(wanted)
    for path in reversed(sorted(wanted)):
        editing.set_leaf(tree, path, None)
    left = {path.rpartition("/")[2] for path, _ in leaves(tree)}
    assert left <= {"FunctionCode", "SequenceNumeric"} | {path.rpartition("/")[2] for path in _emptied(tree)}


def _emptied(tree: object) -> list[str]:
    """Placeholders made for a lower index than the one asked for: they have no value."""
    return [path for path, value in leaves(tree) if not value]  # type: ignore[arg-type]


def test_items_are_numbered_and_renumbered() -> None:
    tree = editing.new_tree()
    assert [editing.add_item(tree) for _ in range(3)] == [1, 2, 3]
    editing.set_leaf(tree, f"{ITEM}[3]/Commodity/Description", "тры")
    editing.set_leaf(tree, f"{ITEM}[3]/CustomsValueAmount", "5", {"currencyID": "EUR"})
    editing.remove_item(tree, 2)
    package = codec.to_package(tree)
    assert [(line.number, line.sequence, line.description) for line in package.lines] == [(1, 1, ""), (2, 2, "тры")]
    assert parsing.parse(codec.canonical(tree)).ok
    with pytest.raises(IndexError):
        editing.remove_item(tree, 3)


def test_documents_and_answers() -> None:
    tree = editing.new_tree()
    editing.add_item(tree)
    one = editing.add_document(tree, 1, type="01207", number="BY-1", writeoff=Quantity(Decimal("12.5"), "KGM"))
    two = editing.add_document(
        tree, 1, type="L-WDEC", number="2", file_name="файл.pdf", file_sha256="aa" * 32, media_type="application/pdf"
    )
    editing.add_document(tree, None, type="04021", number="INV-1")
    editing.set_answer(tree, 1, "WASTE", "N")
    editing.set_answer(tree, 1, "WASTE", "Y")
    editing.set_answer(tree, None, "CARRIER", "none")
    package = codec.to_package(tree)
    assert (one, two) == (1, 2)
    assert [document.type for document in package.lines[0].documents] == ["01207", "L-WDEC"]
    assert package.lines[0].documents[0].writeoff == Quantity(
        Decimal("12.5"), "KGM", f"{ITEM}[1]/AdditionalDocument[1]/WriteOff/QuantityQuantity"
    )
    assert [(answer.code, answer.value) for answer in package.lines[0].answers] == [("WASTE", "Y")]
    assert [(answer.code, answer.value) for answer in package.answers] == [("CARRIER", "none")]
    assert parsing.parse(codec.canonical(tree)).ok
    editing.remove_document(tree, 1, 1)
    editing.set_answer(tree, 1, "WASTE", None)
    package = codec.to_package(tree)
    assert [document.number for document in package.lines[0].documents] == ["2"]
    assert package.lines[0].answers == ()


def test_a_value_is_cleaned_and_a_wrong_place_is_said() -> None:
    tree = editing.new_tree()
    editing.set_leaf(tree, "/Declaration/FunctionalReferenceID", " A\x00B\x1f \r\n")
    assert editing.get_leaf(tree, "/Declaration/FunctionalReferenceID") == "AB"
    for path in ("/Declaration/Nothing", "/Declaration/GoodsShipment[2]/Importer/ID", "/Response/ID"):
        with pytest.raises(ValueError, match=r"place|path"):
            editing.set_leaf(tree, path, "x")
    with pytest.raises(ValueError, match="class"):
        editing.set_leaf(tree, "/Declaration/GoodsShipment", "x")
    with pytest.raises(ValueError, match="attribute"):
        editing.set_leaf(tree, "/Declaration/GoodsItemQuantity", "1", {"currencyID": "EUR"})


def test_an_attribute_is_set_and_removed() -> None:
    tree = editing.compose({"/Declaration/InvoiceAmount": ("10.50", {"currencyID": "EUR"})})
    assert codec.to_package(tree).invoice.currency == "EUR"
    editing.set_leaf(tree, "/Declaration/InvoiceAmount", "11", {"currencyID": None})
    assert codec.to_package(tree).invoice.currency == ""
