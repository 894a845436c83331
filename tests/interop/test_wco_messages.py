"""Real messages and messages of ours in their shapes, all judged by the same parser behind the one door."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from app.declarations import codec, wco
from app.declarations.parsing import plain
from app.declarations.structure import leaves, local_name
from tests.interop import judged

OURS = Path(__file__).resolve().parents[1] / "samples" / "interop"
WORDS = {
    "SPSCertificate": "SPS certificate",
    "SPSImportPermit": "SPS import permit",
    "CITES": "CITES",
    "EU CSW-CERTEX": "CSW-CERTEX",
    "WCO RES": "without a namespace",
}

OURS_SAY = {
    "sps_import": "SPS import permit",
    "sps_phyto": "SPS certificate",
    "sps_vet": "SPS certificate",
    "cites": "CITES",
}
"""What the answer must call a message that is no declaration, by the beginning of its file's name."""


def rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


REAL = rows(judged.MESSAGES / "MANIFEST.csv")


@pytest.mark.parametrize("row", rows(OURS / "MANIFEST.csv"), ids=lambda row: row["file"])
def test_our_message_in_their_shape(row: dict[str, str]) -> None:
    found = wco.read((OURS / row["file"]).read_bytes())
    assert (found.faults[0].code if found.faults else "OK") == row["expected"]
    said = [words for start, words in OURS_SAY.items() if row["file"].startswith(start)]
    assert all(words in found.faults[0].message["en"] for words in said)


def test_there_are_twenty_messages_of_ours_at_least() -> None:
    assert len(rows(OURS / "MANIFEST.csv")) >= 20
    assert {row["file"] for row in rows(OURS / "MANIFEST.csv")} == {path.name for path in OURS.glob("*.xml")}


def test_the_real_messages_are_all_here() -> None:
    if judged.skipped():
        pytest.skip("no ../shared: the real messages are not on this machine")
    assert len(REAL) == judged.TOTAL


@pytest.mark.parametrize("row", REAL, ids=lambda row: row["file"])
def test_a_real_message_is_judged_as_published(row: dict[str, str]) -> None:
    found = wco.read((judged.MESSAGES / row["file"]).read_bytes())
    codes = [fault.code for fault in found.faults]
    if row["xsd_result"] == "not-well-formed":
        assert codes == ["XML-NOT-WELL-FORMED"]
        assert f"line {found.faults[0].line})" in row["reason"]
    elif row["xsd_result"] == "invalid":
        assert codes == ["SCHEMA-ELEMENT", "SCHEMA-MISSING"]
        assert [fault.path for fault in found.faults] == ["/Declaration/unknown", "/Declaration/FunctionCode"]
    elif row["kind"].startswith("WCO DEC"):
        assert row["xsd_result"] == "valid"
        assert [(fault.line, fault.path, fault.message["en"]) for fault in found.faults] == []
    else:
        assert codes == ["XML-ROOT"]
        (words,) = [said for kind, said in WORDS.items() if row["kind"].startswith(kind)]
        assert words in found.faults[0].message["en"]
    judged.judged(row["file"])


@pytest.mark.parametrize(
    "row", [row for row in REAL if row["kind"].startswith("WCO DEC") and row["xsd_result"] == "valid"],
    ids=lambda row: row["file"],
)  # fmt: skip
def test_a_real_declaration_loses_no_leaf(row: dict[str, str]) -> None:
    """Everything said in the message is in the canonical package, under the same names and in the same order."""
    data = (judged.MESSAGES / row["file"]).read_bytes()
    found = wco.read(data)
    assert found.tree is not None
    received = plain(data).tree
    assert received is not None
    declaration = wco.find_declaration(received)
    assert declaration is not None
    again = wco.read(codec.canonical(found.tree))
    assert again.tree is not None
    assert leaves(declaration) == leaves(found.tree) == leaves(again.tree)
    lines = [element.sourceline for element in declaration.iter("{*}*")]
    assert [element.sourceline for element in found.tree.iter("{*}*")] == lines
    package = codec.to_package(found.tree)
    items = [element for element in found.tree.iter("{*}GovernmentAgencyGoodsItem")]
    assert len(package.lines) == len(items)
    assert all(len(line.code) in (0, 8, 10) for line in package.lines)
    assert local_name(found.tree) == "Declaration"


def test_the_count_of_accepted_declarations(capsys: pytest.CaptureFixture[str]) -> None:
    if judged.skipped():
        pytest.skip("no ../shared: the real messages are not on this machine")
    accepted = [row for row in REAL if wco.read((judged.MESSAGES / row["file"]).read_bytes()).ok]
    with capsys.disabled():
        print(f"\ninterop: {len(accepted)} real WCO DEC messages with 0 schema faults")
    assert len(accepted) == 68
