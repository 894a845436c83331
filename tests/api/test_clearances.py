"""Clearances by the API: whose they are, the facts of the paper, the paper itself, and verification for anyone."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa
from flask import Flask

from app.clearance import finders, issuing, numbering
from app.clearance.models import Clearance
from app.cli import cases, founding
from app.database import Database, transaction
from app.ledger.models import Entry
from tests.api.test_door import problem
from tests.intake.arrivals import bearer, counted, grown, key_of

READ = ("declaration:read", "clearance:download")


@pytest.fixture
def released(app: Flask, database: Database) -> uuid.UUID:
    """Beef, roses and PET of Belmyaso Trade, signed by every agency; the paper is not drawn yet."""
    with app.app_context(), transaction(database):
        declaration = cases._filed("beef_flowers_pet", "BMT-26-2001", founding.actor("anna"))
        for agency in ("BY-DVPN", "BY-GGISKZR", "BY-MPR", "BY-GTK"):
            cases._approve(declaration, agency)
        return declaration.id


@pytest.fixture
def issued(app: Flask, database: Database, released: uuid.UUID) -> Clearance:
    with app.app_context(), transaction(database):
        return issuing.issue(released)


def get(app: Flask, path: str, key: str = "", **headers: str) -> Any:
    return app.test_client().get(f"/api/v1{path}", headers=bearer(key, **headers) if key else headers)


def verify(app: Flask, data: bytes) -> dict[str, Any]:
    answer = app.test_client().post("/api/v1/verify", data=data, content_type="application/pdf")
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def paper(app: Flask, key: str, clearance: Clearance) -> bytes:
    return bytes(get(app, f"/clearances/{clearance.id}/pdf", key).data)


def test_a_package_and_its_clearance(app: Flask, database: Database, issued: Clearance) -> None:
    key = key_of(database, "anna", READ)
    body = get(app, f"/declarations/{issued.declaration_id}/clearances", key).get_json()
    assert [one["number"] for one in body["rows"]] == [issued.number]
    head = body["rows"][0]
    shown = app.test_client().get(head["links"]["self"], headers=bearer(key))
    facts = shown.get_json()
    assert facts | head == facts, "the head stands in the facts as it is"
    assert facts["status"] == "issued"
    assert facts["released"] == [1, 2, 3] == [one["number"] for one in facts["goods"]]
    assert {one["agency"] for one in facts["sign_offs"]} == {"BY-DVPN", "BY-GGISKZR", "BY-MPR", "BY-GTK"}
    assert all(not one["name"] for sign_off in facts["sign_offs"] for one in sign_off["signatures"])
    again = app.test_client().get(head["links"]["self"], headers=bearer(key, If_None_Match=shown.headers["ETag"]))
    assert (again.status_code, again.data) == (304, b"")


def test_the_paper(app: Flask, database: Database, issued: Clearance) -> None:
    key = key_of(database, "anna", READ)
    answer = get(app, f"/clearances/{issued.id}/pdf", key)
    assert (answer.status_code, answer.mimetype, answer.headers["ETag"]) == (
        200,
        "application/pdf",
        f'"{issued.sha256}"',
    )
    assert f"{issued.number}.pdf" in answer.headers["Content-Disposition"]
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert "declaration.xml" in pdf.attachments
    again = get(app, f"/clearances/{issued.id}/pdf", key, If_None_Match=f'"{issued.sha256}"')
    assert (again.status_code, again.data) == (304, b"")


def test_a_paper_that_is_being_drawn_up(app: Flask, database: Database, released: uuid.UUID) -> None:
    """Between the release and the paper its facts are there, and who asks for the PDF is told when to come again."""
    with app.app_context(), transaction(database):
        issuing.request(released)
    key = key_of(database, "anna", READ)
    head = get(app, f"/declarations/{released}/clearances", key).get_json()["rows"][0]
    assert (head["status"], head["sha256"], head["links"]["pdf"]) == ("requested", None, None)
    assert get(app, f"/clearances/{head['id']}", key).get_json()["issued_at"] is None
    answer = get(app, f"/clearances/{head['id']}/pdf", key)
    assert problem(answer, 409)["code"] == "not-yet"
    assert answer.headers["Retry-After"] == "2"
    assert get(app, f"/verify/{head['code']}").get_json()["state"] == "unknown"


@pytest.mark.parametrize("path", ["/declarations/{0.declaration_id}/clearances", "/clearances/{0.id}", "/clearances/{0.id}/pdf"])  # fmt: skip
def test_whose_it_is(app: Flask, database: Database, issued: Clearance, path: str) -> None:
    where = path.format(issued)
    assert problem(get(app, where), 401)["code"] == "key-needed"
    assert problem(get(app, where, key_of(database, "anna", ("declaration:read",))), 403)["code"] == "not-allowed"
    assert problem(get(app, where, key_of(database, "vera", READ)), 404)["code"] == "not-found"
    nothing = path.format(Clearance(id=uuid.uuid4(), declaration_id=uuid.uuid4()))
    assert problem(get(app, nothing, key_of(database, "anna", READ)), 404)["code"] == "not-found"


# --- for anyone ---------------------------------------------------------------------------------------------------


def test_a_code_is_verified_by_anyone(app: Flask, issued: Clearance) -> None:
    code = numbering.grouped(issued.code)
    body = get(app, f"/verify/{code}").get_json()
    assert (body["state"], body["number"], body["released"]) == ("genuine", issued.number, [1, 2, 3])
    assert get(app, f"/verify/{issued.code.lower()}").get_json() == body
    for nobody in (code[:-1] + "!", issued.number, "x", "A" * 200):
        assert get(app, f"/verify/{nobody}").get_json()["state"] == "unknown", nobody
    assert problem(get(app, f"/verify/{'A' * 201}"), 400)["code"] == "request"
    assert "Мінск" not in str({name: value for name, value in body.items() if name != "office"}), "no name, no address"


def test_a_paper_is_verified_by_anyone(app: Flask, database: Database, issued: Clearance) -> None:
    ours = paper(app, key_of(database, "anna", READ), issued)
    before = counted(database)
    genuine = verify(app, ours)
    assert (genuine["state"], genuine["signature"]["state"]) == ("genuine", "sound")
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(ours)) as pdf:
        pdf.docinfo["/Title"] = "Approved for everything"
        pdf.save(out)
    changed = verify(app, out.getvalue())
    assert (changed["state"], changed["number"]) == ("altered", issued.number)
    assert verify(app, ours + b"\n")["state"] == "altered"
    assert grown(before, counted(database)) == {}, "nothing of it is stored"


def test_a_revoked_paper_says_so(app: Flask, database: Database, issued: Clearance) -> None:
    ours = paper(app, key_of(database, "anna", READ), issued)
    with transaction(database) as session:
        held = finders.lock_clearance(issued.id)
        session.execute(sa.update(Clearance).where(Clearance.id == held.id).values(_status="revoked"))
    assert verify(app, ours)["state"] == "revoked"
    assert get(app, f"/verify/{issued.code}").get_json()["state"] == "revoked"


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-", b"%PDF-1.7\n" + b"\0" * 1000, b"hello", b"PK\x03\x04", b"\xff" * 100, b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"]
)  # fmt: skip
def test_what_is_no_paper_is_unknown(app: Flask, data: bytes) -> None:
    told = verify(app, data)
    assert told.pop("signature")["state"] == "unreadable"
    assert told == {
        "state": "unknown", "number": None, "issued_at": None, "revoked_at": None, "office": None, "item_count": None,
        "released": [], "released_net_kg": None, "held_back": [], "earlier": [], "version": None, "serial": None,
        "successor": None, "later": [], "test": False, "key_withdrawn_at": None,
    }  # fmt: skip


def test_a_pdf_with_links_to_nowhere_is_unknown(app: Flask) -> None:
    """A file made to be looked at for long is looked at apart and briefly."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 1, 1],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("http://x/verify/" + "A" * 40)),
    )  # fmt: skip
    page.Annots = pikepdf.Array([link] * 5000)
    out = io.BytesIO()
    pdf.save(out)
    assert verify(app, out.getvalue())["state"] == "unknown"


def test_a_file_that_is_no_paper_by_its_size(app: Flask) -> None:
    answer = app.test_client().post("/api/v1/verify", data=b"%PDF-" + b"x" * (5 * 1024 * 1024))
    assert problem(answer, 413)["code"] == "http-413"


def test_the_auditor_s_reading_is_remembered_and_a_trader_s_is_not(
    app: Flask, database: Database, issued: Clearance
) -> None:
    """Only traders and brokers make keys; reading one's own leaves no entry."""
    key = key_of(database, "anna", READ)
    with transaction(database, writing=False) as session:
        before = session.scalar(sa.select(sa.func.count()).select_from(Entry))
    assert get(app, f"/clearances/{issued.id}", key).status_code == 200
    with transaction(database, writing=False) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Entry)) == before
