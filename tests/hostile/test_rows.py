"""Every row of trust.md A.5 and A.6 has its tests: the rows are written here, the tests in rows.csv, and they are there."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from app.declarations import schema
from config import ROOT
from tests.hostile.documents import FILES
from tests.hostile.forms import FORMS
from tests.hostile.packages import XML, archives
from tests.hostile.wire import BORNE, WIRE

pytestmark = pytest.mark.pure
TABLE = Path(__file__).with_name("rows.csv")
SENT = [*(f"X{n}" for n in range(1, 31)), *(f"Z{n}" for n in range(1, 15)), *(f"F{n}" for n in range(1, 10))]
DONE = [
    "S-IDOR",
    "S-STATE",
    "S-FIELD",
    "S-CSRF",
    "S-SESS",
    "S-BRUTE",
    "S-ENUM",
    "S-TIME",
    "S-REDIR",
    "S-HOST",
    "S-SSRF-WH",
    "S-SSRF-PDF",
    "S-PDFHTML",
    "S-CSV",
    "S-XSS",
    "S-REDOS",
    "S-CACHE",
    "S-PATH",
    "S-SQLI",
    "S-SSTI",
    "S-CMD",
    "S-SMUG",
    "S-HPP",
    "S-METHOD",
    "S-LOG",
    "S-MAIL",
    "S-RACE",
    "S-CLICK",
    "S-SECRETS",
    "S-DOS",
    "S-ADMIN",
    "S-XSW",
    "S-STRIP",
    "S-PDFSIG",
    "S-PDFTRUST",
    "S-KEY",
    "S-WEBHOOK",
]
NOT_SENT = {"X21", "X29", "X30"}
"""Keys of a schema, a broken set on disk, two readers that disagree: nobody can send these; each has a test of its own."""


def rows() -> dict[str, list[str]]:
    with TABLE.open(encoding="utf-8", newline="") as table:
        return {row["row"]: row["tests"].split() for row in csv.DictReader(table)}


def test_every_row_has_its_line() -> None:
    assert list(rows()) == [*SENT, *DONE]
    assert all(rows().values())


@pytest.mark.parametrize("row", [*SENT, *DONE])
def test_every_test_of_a_row_is_there(row: str) -> None:
    for node in rows()[row]:
        file, _, name = node.partition("::")
        assert re.search(rf"^def {name}\(", (ROOT / "tests" / file).read_text("utf-8"), re.MULTILINE), node


@pytest.mark.parametrize("row", [one for one in SENT if one not in NOT_SENT])
def test_every_row_of_what_is_sent_has_a_case(row: str) -> None:
    names = [*XML, *archives(), *FILES, *FORMS, *WIRE, *BORNE]
    assert [name for name in names if name.startswith(f"{row} ")]


def test_x21_our_schemas_have_no_keys_to_be_looked_up() -> None:
    """X21, and the memory errors of identity constraints in libxml2 (trust.md A.7): there is none in the published set."""
    files = sorted(schema.FOLDER.rglob("*.xsd"))
    assert files
    for path in files:
        assert not re.search(r"<xs:(key|keyref|unique)\b", path.read_text("utf-8")), path.name
