"""Packages by Hypothesis: good ones built from our models, and the same changed in values, structure, bytes, and as ZIPs."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from lxml import etree

from app.cli.packing import SAMPLES, Packed, sample
from app.declarations import editing, parsing
from app.declarations.schema import NAMESPACE
from app.declarations.structure import nodes
from tests.bench import packages as models
from tests.intake.zips import Part, honest, made, streamed, table

ON = date(2026, 11, 22)
NAMES = sorted(path.stem for path in SAMPLES.glob("*.xml"))
LEAVES = sorted(path for path, node in nodes().items() if node.is_leaf)
VALUES = (
    "", "0", "-0", "-1", "1.5", "1,5", "00012", "1e400", "NaN", "INF", "9" * 20, "0." + "3" * 200, "20260230", "20261301",
    "00000101", "99991231", "20260101", "BY", "RU", "UK", "ZZ", "IM", "EX", "TR", "40", "10", "80", "8712003000", "0201300004",
    "871200", "9999999999", "Y", "N", "REQ", "CSQU3054383", "CSQU3054384", "191678343", "191678344", "EUR", "BYN", "KGM", "PCE",
    "01201", "01207", "851", "Прыклад", "ў" * 70, "a\u202eb", "&<>\"'", "x" * 5000, "  two  words ",
)  # fmt: skip
"""What people and programs write where something else belongs: numbers, days, codes, texts (trust.md X25, X27, X28)."""

ENVELOPE = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
FOREIGN = "urn:wco:datamodel:WCO:DEC-DMS:2"

Change = Callable[[etree._Element], None]


@dataclass(frozen=True, slots=True)
class Made:
    """One generated package: the family it is of, and its bytes."""

    family: str
    data: bytes


@cache
def good(name: str) -> Packed:
    """A sample as if it was written for the day, with its files."""
    return sample(name, on=ON, lrn="PARITY-1")


@cache
def _five() -> bytes:
    return models.bicycles(ON).xml


def tree_of(data: bytes) -> etree._Element:
    tree = parsing.parse(data).tree
    assert tree is not None
    return tree


def written(tree: etree._Element, indented: bool = True) -> bytes:
    if indented:
        etree.indent(tree)
    data: bytes = etree.tostring(tree, encoding="UTF-8", xml_declaration=True)
    return data


# --- good ones ---------------------------------------------------------------------------------------------------

_REFERENCES = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789-", min_size=1, max_size=22)
_WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "Zs")), min_size=3, max_size=120)


@st.composite
def valid(draw: st.DrawFn) -> Made:
    """A package that breaks no rule: another reference, other words, as one of the three ways to send it."""
    name = draw(st.sampled_from(NAMES))
    packed = good(name)
    five = draw(st.integers(0, 7)) == 0
    tree = tree_of(_five() if five else packed.xml)
    editing.set_leaf(tree, "/Declaration/FunctionalReferenceID", draw(_REFERENCES))
    for item in range(1, len(tree.findall(f".//{{{NAMESPACE}}}GovernmentAgencyGoodsItem")) + 1):
        if draw(st.booleans()):
            path = f"/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[{item}]/Packaging[1]/MarksNumbersID"
            editing.set_leaf(tree, path, draw(_WORDS))
    data = written(tree, draw(st.booleans()))
    way = draw(st.sampled_from(("xml", "xml", "wco", "zip")))
    if way == "wco":
        return Made("valid wco", enveloped(data))
    if way == "zip" and packed.files and not five:
        return Made("valid zip", honest({"declaration.xml": data, **packed.files}))
    return Made("valid xml", data)


def enveloped(data: bytes) -> bytes:
    """The same declaration as others send it."""
    inside = data.partition(b"?>")[2].replace(NAMESPACE.encode(), FOREIGN.encode())
    return b'<md:MetaData xmlns:md="' + ENVELOPE.encode() + b'">' + inside + b"</md:MetaData>"


# --- changed in values -------------------------------------------------------------------------------------------


@st.composite
def values(draw: st.DrawFn) -> Made:
    """Some leaves hold something else, or are gone."""
    tree = tree_of(good(draw(st.sampled_from(NAMES))).xml)
    for _ in range(draw(st.integers(1, 8))):
        path = draw(st.sampled_from(LEAVES)).replace(
            "GovernmentAgencyGoodsItem", f"GovernmentAgencyGoodsItem[{draw(st.integers(1, 4))}]"
        )
        value = draw(st.one_of(st.none(), st.sampled_from(VALUES), st.text(max_size=30)))
        try:
            editing.set_leaf(tree, path, value)
        except ValueError:  # no XML can hold it
            continue
    return Made("values", written(tree, draw(st.booleans())))


@st.composite
def texts(draw: st.DrawFn) -> Made:
    """A value there is, replaced in place: no form's help in keeping the rest in order."""
    tree = tree_of(good(draw(st.sampled_from(NAMES))).xml)
    full = [element for element in tree.iter(etree.Element) if element.text and element.text.strip()]
    for _ in range(draw(st.integers(1, 6))):
        element = draw(st.sampled_from(full))
        element.text = draw(st.sampled_from(VALUES))
    return Made("texts", written(tree))


# --- changed in structure ----------------------------------------------------------------------------------------


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _repeat(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.insert(parent.index(element), copy.deepcopy(element))


def _move_up(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.insert(0, element)


def _rename(element: etree._Element) -> None:
    element.tag = f"{{{NAMESPACE}}}Surprise"


def _abroad(element: etree._Element) -> None:
    element.tag = "{urn:elsewhere}" + str(element.tag).rpartition("}")[2]


def _put_in(element: etree._Element) -> None:
    etree.SubElement(element, f"{{{NAMESPACE}}}Surprise").text = "1"


def _attribute(element: etree._Element) -> None:
    element.set("surprise", "1")


def _mix(element: etree._Element) -> None:
    element.tail = "text between"


def _comment(element: etree._Element) -> None:
    element.insert(0, etree.Comment("in between"))


CHANGES: tuple[Change, ...] = (
    _remove, _repeat, _move_up, _rename, _abroad, _put_in, _attribute, _mix, _comment,
)  # fmt: skip


@st.composite
def structure(draw: st.DrawFn) -> Made:
    """Elements gone, twice, in the wrong place, under another name, with company."""
    tree = tree_of(good(draw(st.sampled_from(NAMES))).xml)
    for _ in range(draw(st.integers(1, 5))):
        element = draw(st.sampled_from([one for one in tree.iter(etree.Element) if one is not tree]))
        draw(st.sampled_from(CHANGES))(element)
    data = written(tree, draw(st.booleans()))
    return Made("structure", enveloped(data) if draw(st.integers(0, 4)) == 0 else data)


# --- changed in bytes --------------------------------------------------------------------------------------------

_FRAGMENTS = (
    b"<!DOCTYPE a>", b"&x;", b"&#7;", b"\x00", b"\xff", b"<!-- x -->", b"<?x y?>", b"<![CDATA[9]]>", b"</Declaration>", b"<a>",
    b"\xef\xbb\xbf", b"]]>", b"&amp;", b"\r\n", "ў".encode(), b"xmlns:i='urn:i'",
)  # fmt: skip


@st.composite
def raw(draw: st.DrawFn) -> Made:
    """The bytes of a package cut, flipped, or with something in between; also in another encoding."""
    data = bytearray(good(draw(st.sampled_from(NAMES))).xml)
    way = draw(st.sampled_from(("cut", "flip", "insert", "insert", "encoding")))
    if way == "cut":
        del data[draw(st.integers(0, len(data))) :]
    elif way == "flip":
        for _ in range(draw(st.integers(1, 4))):
            data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    elif way == "insert":
        at = draw(st.integers(0, len(data)))
        data[at:at] = draw(st.sampled_from(_FRAGMENTS))
    else:
        text = bytes(data).decode()
        data = bytearray(text.encode(draw(st.sampled_from(("utf-16", "utf-16-le", "utf-32", "cp1251"))), "replace"))
    return Made(f"bytes {way}", bytes(data))


# --- ZIPs --------------------------------------------------------------------------------------------------------


@cache
def _tricks() -> tuple[bytes, ...]:
    found = table(good("bicycles").xml).items()
    return tuple(data for name, (data, _code) in found if len(data) < 200_000 and not name.startswith("Z1 "))


@st.composite
def zips(draw: st.DrawFn) -> Made:
    """A ZIP with its files all, some, altered or too many; streamed; broken; and every trick of the container table."""
    packed = good(draw(st.sampled_from([name for name in NAMES if good(name).files])))
    files = {"declaration.xml": packed.xml, **packed.files}
    way = draw(st.sampled_from(("missing", "altered", "unnamed", "streamed", "flip", "trick", "odd name")))
    names = sorted(packed.files)
    if way == "missing":
        del files[draw(st.sampled_from(names))]
    elif way == "altered":
        files[draw(st.sampled_from(names))] = draw(st.binary(max_size=40))
    elif way == "unnamed":
        files[draw(st.sampled_from(("ліст.pdf", "a.zip", "папка/a.pdf", "x" * 100)))] = b"x"
    elif way == "trick":
        return Made("zip trick", draw(st.sampled_from(_tricks())))
    elif way == "odd name":
        odd = draw(st.binary(min_size=1, max_size=12))
        return Made("zip odd name", made([Part(b"declaration.xml", packed.xml), Part(odd, b"x")]))
    data = streamed(files) if way == "streamed" else honest(files)
    if way == "flip":
        changed = bytearray(data)
        changed[draw(st.integers(0, len(changed) - 1))] ^= draw(st.integers(1, 255))
        data = bytes(changed)
    return Made(f"zip {way}", data)


SHARES = ((valid, 5), (values, 4), (texts, 3), (structure, 4), (raw, 2), (zips, 2))
"""How many of twenty packages each family gives."""


FEWEST = 20
"""Examples of one turn: the first that Hypothesis draws is always its plainest."""


def generate(count: int, start: int = 1) -> list[Made]:
    """Return so many packages, no two alike; the same ``start`` gives the same ones."""
    found: dict[bytes, Made] = {}
    for family, share in SHARES:
        wanted = len(found) + max(1, -(-count * share // 20))
        turn = start
        while len(found) < wanted:
            found |= {one.data: one for one in _drawn(family(), max(FEWEST, wanted - len(found)), turn)}
            turn += 1
    made = list(found.values())
    # The shares are rounded up: what is too much is taken off evenly, not from the last family.
    return [made[index * len(made) // count] for index in range(count)]


def _drawn(strategy: st.SearchStrategy[Made], count: int, turn: int) -> list[Made]:
    drawn: list[Made] = []

    @seed(turn)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(one=strategy)
    def collect(one: Made) -> None:
        drawn.append(one)

    collect()
    return drawn
