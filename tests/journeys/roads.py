"""What the people of the journeys do again and again: file, find a case in the queue, sign off, look how far it is."""

from __future__ import annotations

import io
import re
from typing import Any

from lxml import html

from app.cli.packing import Packed, sample
from app.clock import today
from tests.factories.world import Someone, World

OFFICERS = {
    "BY-GTK": "maria", "BY-DVPN": "olga", "BY-GGISKZR": "fyodar", "BY-MPR": "nina", "BY-RCHEPH": "hanna", "BY-TI": "taras",
}  # fmt: skip


PAID = {"payment": "paid", "payment_reference": "PP-17/2026"}
"""What customs says of the payments before goods go."""


def packed(name: str, *, lrn: str | None = None) -> Packed:
    """One of our sample packages, written for today."""
    return sample(name, on=today(), lrn=lrn)


def upload_documents(who: Someone, package: Packed) -> None:
    """Put the permits and certificates into the library."""
    who.get("/documents")
    files = [(io.BytesIO(data), name) for name, data in package.files.items()]
    answer = who.post("/documents", files=files, follow=True)
    assert answer.status_code == 200, answer.text


def file_xml(who: Someone, package: Packed, *, documents: bool = True) -> str:
    """File by the upload page; return the address of what it led to (/packages/… or /receipts/…)."""
    if documents and package.files:
        upload_documents(who, package)
    return file_bytes(who, package.xml, "package.xml")


def file_bytes(who: Someone, body: bytes, name: str, **fields: Any) -> str:
    """Send any bytes to the upload page; return where the answer leads."""
    who.get("/file")
    answer = who.post("/file", package=(io.BytesIO(body), name), **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def state(who: Someone, package: str) -> dict[str, Any]:
    """The state of a package as data."""
    return who.browser.get(f"{package}/status.json").get_json()


def agencies_asked(found: dict[str, Any]) -> set[str]:
    """The agencies that sign."""
    return {lane["agency"] for lane in found["lanes"] if lane["status"]}


def open_case(officer: Someone, number: str) -> str:
    """Find the package in the officer's own queue and claim it; return the address of the case."""
    page = html.fromstring(officer.get("/queue").text)
    links = [a for a in page.xpath("//a[contains(@href, '/cases/')]") if number in a.text_content()]
    assert links, f"{number} does not stand in the queue of {officer.name}"
    case = str(links[0].get("href"))
    officer.get(case)
    officer.submit("/claim")
    officer.get(case)
    return case


def approve(officer: Someone, number: str, **fields: Any) -> None:
    """Claim and approve everything that was left open."""
    open_case(officer, number)
    paid = PAID if "payment_reference" in officer.page.text else {}
    answer = officer.submit("/decide", **({"rest": "yes"} | paid | fields))
    assert answer.status_code == 200, re.sub(r"\s+", " ", html.fromstring(answer.text).text_content())[:800]


def sign_all(world: World, trader: Someone, package: str) -> dict[str, Any]:
    """Every agency signs, customs last; return the state after that."""
    found = state(trader, package)
    for agency in sorted(agencies_asked(found), key=lambda one: one == "BY-GTK"):
        approve(getattr(world, OFFICERS[agency]), found["number"])
    return state(trader, package)


def faults_of(who: Someone, receipt: str) -> list[dict[str, Any]]:
    """The faults of a receipt as data."""
    return who.browser.get(f"{receipt}/faults.json").get_json()["faults"]
