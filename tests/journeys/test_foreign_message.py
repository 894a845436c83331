"""(h) A declaration that somebody's program wrote for another country is opened as a draft, completed, filed, cleared."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from app.cli.packing import stand_in
from app.clock import today
from app.declarations import structure, wco
from tests.factories.world import Someone, World
from tests.interop.judged import MESSAGES
from tests.journeys.roads import agencies_asked, faults_of, file_bytes, sign_all, state

OWN = Path(__file__).resolve().parents[1] / "samples" / "interop" / "im_chilled_beef.xml"
PUBLISHED = MESSAGES / "wco-dec" / "TT_IM188a__Step1_TT_IM188a.xml"
UNP = "190142358"


def _wanted(who: Someone, package: str) -> list[str]:
    """Codes of what the check page wants mended."""
    page = html.fromstring(who.get(f"{package}/check").text)
    return [one.text_content() for one in page.xpath("//ol[@class='faults']//span[@class='code']")]


def _fill(who: Someone, page: str, action: str, **fields: str) -> None:
    who.get(page)
    assert who.page is not None
    boxes = {name for form in html.fromstring(who.page.text).forms for name in form.fields}
    missing = set(fields) - boxes
    assert not missing, f"{page} has no box for {missing}"
    answer = who.submit(action, follow=False, **fields)
    assert answer.status_code == 303, re.sub(r"\s+", " ", html.fromstring(answer.text).text_content())[:900]


def _bring(who: Someone, package: str, item: int, code: str, number: str, *, file: bool) -> None:
    """Add a document of the header (item 0) or of a goods item, with a file where the law wants to see it."""
    who.get(f"{package}/documents/{item}/0")
    assert who.page is not None
    form = next(one for one in html.fromstring(who.page.text).forms if "/documents/" in (one.action or ""))
    base = next(name for name in form.fields if name.endswith("/TypeCode")).removesuffix("/TypeCode")
    day = (today() - timedelta(days=3)).strftime("%d.%m.%Y")
    fields: dict[str, object] = {f"{base}/TypeCode": code, f"{base}/ID": number, f"{base}/IssueDateTime": day}
    if file:
        fields["file"] = (io.BytesIO(stand_in(code, number)), f"{code}.pdf")
    answer = who.submit("/documents/", follow=False, **fields)
    assert answer.status_code == 303, re.sub(r"\s+", " ", html.fromstring(answer.text).text_content())[:900]


@pytest.mark.parametrize("message", [OWN, PUBLISHED], ids=["ours", "published"])
def test_anna_completes_a_message_made_for_another_country(world: World, worker, message: Path) -> None:
    if not message.exists():
        pytest.skip("no ../shared beside the project: the published message is not on this machine")
    anna = world.anna
    received = message.read_bytes()
    tree = wco.read(received).tree
    assert tree is not None
    before = dict(structure.leaves(tree))
    receipt = file_bytes(anna, received, "message.xml")
    assert {fault["code"] for fault in faults_of(anna, receipt)} >= {"UNP-FORM", "OFFICE-MISSING", "DOC-MISSING"}
    anna.get(receipt)
    package = anna.submit("/open", follow=False).headers["Location"]

    leaves = before
    codes = {name: UNP for name in ("Declarant/ID", "GoodsShipment/Importer/ID")}
    price = next(value for path, value in leaves.items() if path.endswith("InvoiceLine/ItemChargeAmount"))
    _fill(
        anna, f"{package}/parties", "/parties",
        **codes,
        **{"FunctionalReferenceID": "BMT-26-7001", "DeclarationOfficeID": "06611", "InvoiceAmount": price, "InvoiceAmount@currencyID": "GBP"},
    )  # fmt: skip
    for code, number in (
        ("10060", "BY/211126/000018733"),
        ("03011", "BMT-26/9"),
        ("04021", "INV-188"),
        ("02015", "CMR 188"),
    ):
        _bring(anna, package, 0, code, number, file=False)
    for code, number in (("01202", "BY-VET-26-188"), ("01201", "VET-188"), ("L-ESTN", "GB-188")):
        _bring(anna, package, 1, code, number, file=True)
    assert _wanted(anna, package) == []
    anna.submit("/send")
    filed = state(anna, package)
    assert filed["status"] == "under-review"
    assert agencies_asked(filed) == {"BY-DVPN", "BY-GTK"}

    kept = dict(structure.leaves(wco.read(anna.browser.get(f"{package}/declaration.xml").data).tree))
    changed = {"FunctionalReferenceID", *codes}
    lost = {
        path: value
        for path, value in before.items()
        if kept.get(path) != value and path.removeprefix("/Declaration/") not in changed
    }
    assert lost == {}
    assert sign_all(world, anna, package)["status"] == "released"
    worker.drain()
    assert state(anna, package)["clearance"]["status"] == "issued"
