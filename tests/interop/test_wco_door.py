"""Real declarations through the real door: registered, or faults that name what the Belarus profile asks in addition.

Never a 500, never a silent loss; the answer also as a WCO Response whose every pointer leads back to the place of its fault.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from app.database import Database
from app.declarations import codec, everything, losses, parsing, responding, schema, wco, wco_pointers
from app.declarations.structure import find_node, leaves
from tests.intake.arrivals import DOOR, bearer, key_of
from tests.interop import judged

REAL = sorted(judged.MESSAGES.glob("wco-dec*/*.xml"))
OURS = sorted((Path(__file__).resolve().parents[1] / "samples" / "interop").glob("*.xml"))
MISSING = "no ../shared beside the project: the real messages are not on this machine"
RESPONSE = {"Accept": "application/vnd.wco.res+xml;envelope=1"}
SCHEMA = etree.XMLSchema(etree.parse(str(schema.FOLDER / responding.SCHEMA / "envelope.xsd")))


def declarations() -> list[Path]:
    """Real messages that are declarations, well-formed and by the published schema."""
    if not judged.MESSAGES.exists():
        return []
    with (judged.MESSAGES / "MANIFEST.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        judged.MESSAGES / row["file"]
        for row in rows
        if row["kind"].startswith("WCO DEC") and row["xsd_result"] == "valid"
    ]  # fmt: skip


DECLARATIONS = declarations()


@pytest.fixture
def door(app: Any, database: Database) -> Any:
    """The API with a key that may file; ``door(body, **headers)``."""
    key = key_of(database, "anna")
    client = app.test_client()
    count = iter(range(10_000))

    def send(body: bytes, headers: dict[str, str] | None = None) -> Any:
        asked = bearer(key, **{"Idempotency-Key": f"real-{next(count)}"}) | (headers or {})
        return client.post(DOOR, data=body, headers=asked)

    return send


def test_there_are_real_declarations() -> None:
    if judged.skipped():
        pytest.skip(MISSING)
    assert len(REAL) == 77
    assert len(DECLARATIONS) == 68


def test_every_real_message_passes_the_door(door: Any) -> None:
    """In one test, so that the country is founded once for all of them."""
    if judged.skipped():
        pytest.skip(MISSING)
    known = {path.resolve() for path in DECLARATIONS}
    for path in REAL:
        answer = door(path.read_bytes())
        assert answer.status_code in (201, 409, 422), f"{path.name}: {answer.status_code} {answer.text[:300]}"
        if answer.status_code == 201:
            continue
        told = answer.get_json()
        codes = {fault["code"] for fault in told["errors"]}
        assert codes, path.name
        foreign = {code for code in codes if code.startswith(("XML-", "SCHEMA-", "ZIP-"))}
        if path.resolve() in known and answer.status_code == 422:
            # What the profile of Belarus asks in addition, named by our rules; the message itself is understood.
            assert not foreign, f"{path.name}: {foreign}"
            assert codes & {
                "UNP-FORM",
                "OFFICE-MISSING",
                "OFFICE-UNKNOWN",
                "DOC-MISSING",
                "OWNER-MISSING",
                "LRN-MISSING",
            }, f"{path.name}: {sorted(codes)}"
        elif path.resolve() not in known:
            assert foreign, path.name
        for fault in told["errors"]:
            assert fault["message"], path.name
            assert fault["remedy"], path.name


def test_the_answers_are_responses_whose_pointers_lead_back(door: Any) -> None:
    paths = [*DECLARATIONS[:20], *OURS] if DECLARATIONS else OURS
    pointed = 0
    for path in paths:
        body = path.read_bytes()
        told, answer = door(body), door(body, RESPONSE)
        assert (answer.status_code, answer.mimetype) == (told.status_code, "application/vnd.wco.res+xml"), path.name
        root = etree.fromstring(answer.data)
        assert SCHEMA.validate(root), f"{path.name}: {SCHEMA.error_log}"
        response = root[-1]
        errors = response.findall("{*}Error")
        faults = told.get_json()["errors"]
        assert [one.findtext("{*}ValidationCode") for one in errors] == [fault["code"] for fault in faults]
        for one, fault in zip(errors, faults, strict=True):
            assert one.findtext("{*}Description", "").startswith(fault["message"][:200].strip())
            for steps in responding.read_pointers(one):
                pointed += 1
                back = wco_pointers.path_of(steps)
                assert same_place(back, fault["xpath"]), f"{path.name}: {fault['xpath']} came back as {back}"
    assert pointed > 20


def same_place(back: str, path: str) -> bool:
    """Whether a pointer came back to its place, or, where the Data Model has no identifier for the rest, to what holds it."""
    bare, told = back.replace("[1]", ""), path.replace("[1]", "")
    if bare == told:
        return True
    rest = told.removeprefix(bare)
    node = find_node(path)
    return told.startswith(bare) and (node is None or not node.wco_id or rest.startswith("["))


@pytest.mark.parametrize("path", DECLARATIONS, ids=lambda path: path.stem[-40:])
def test_nothing_of_a_real_declaration_is_lost_and_everything_is_shown(path: Path) -> None:
    body = path.read_bytes()
    found = wco.read(body)
    assert found.tree is not None
    report = losses.report(parsing.plain(body).tree, found.tree, codec.to_package(found.tree))
    assert report.lost == ()
    assert report.kept == report.values > 0
    kept = leaves(found.tree)
    shown = [
        place
        for branch in everything.branches(kept)
        for value in branch.values
        for place in ((value.path, value.text), *((f"{value.path}/@{name}", text) for name, text in value.attributes))
    ]
    assert sorted(shown) == sorted(kept)
    values = dict(kept)
    for leaf in report.unnamed:
        assert values[leaf.path] == leaf.value
        assert leaf.pointer.startswith("42A")
    envelope = {leaf.path: leaf.value for leaf in report.around}
    if b"MetaData" in body[:2000]:
        assert envelope["/MetaData/WCOTypeName"] == "DEC"
