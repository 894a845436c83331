"""From a released package to its paper, and what anyone learns from a code."""

from __future__ import annotations

import io
import re
import time
import uuid

import pikepdf
import pytest
import sqlalchemy as sa

from app.clearance import certificate, finders, issuing, numbering, papering, verification
from app.clearance.models import Clearance
from app.cli import cases, founding
from app.database import transaction
from app.declarations.models import Declaration
from app.documents import storage
from app.documents.models import Blob
from app.errors import Conflict, NotFound
from app.jobs.working import Worker
from app.ledger.models import Entry
from app.reviews.models import Decision
from tests.clearance.parts import counted

WORDS = {"genuine": "Genuine", "superseded": "Superseded", "revoked": "Revoked", "unknown": "Unknown"}


@pytest.fixture
def released(app, database) -> uuid.UUID:
    """Beef, roses and PET of Belmyaso Trade, signed by every agency."""
    with app.app_context(), transaction(database):
        declaration = cases._filed("beef_flowers_pet", "BMT-26-2001", founding.actor("anna"))
        cases._approve(declaration, "BY-DVPN")
        cases._approve(declaration, "BY-GGISKZR", condition="Разгрузка толькі на станцыі Мінск-2.")
        cases._approve(declaration, "BY-MPR")
        cases._approve(declaration, "BY-GTK")
        assert declaration.status == "released"
        return declaration.id


@pytest.fixture
def issued(app, database, released) -> Clearance:
    with app.app_context(), transaction(database):
        return issuing.issue(released)


def releasing(database, package) -> Decision:
    with transaction(database, writing=False) as session:
        query = sa.select(Decision).where(Decision.declaration_id == package, Decision.agency == "BY-GTK")
        return session.scalars(query).one()


def test_release_enqueues_the_paper(app, database, released):
    decision = releasing(database, released)
    state = app.extensions["akno.jobs"].find(f"clearance-{decision.id}")
    assert (state.name, state.arguments, state.status) == (
        issuing.JOB, (str(released), str(decision.id)), "ENQUEUED",
    )  # fmt: skip


def test_paper_carries_the_package(database, issued):
    assert issued.status == "issued"
    assert numbering.is_number(issued.number)
    paper = storage.store().read(issued.sha256)
    with transaction(database, writing=False) as session, pikepdf.open(io.BytesIO(paper)) as document:
        attached = document.attachments["declaration.xml"].get_file().read_bytes()
        assert attached == certificate.canonical_of(issued)
        assert session.get(Blob, issued.sha256).media_type == "application/pdf"
        events = session.scalars(
            sa.select(Entry.event).where(Entry.subject == "clearance").order_by(Entry.position)
        ).all()
    assert events == ["clearance.requested", *["clearance.signing_intended"] * 2, "clearance.issued"]


def test_facts_are_the_officers(app, database, issued):
    with app.app_context(), transaction(database, writing=False):
        facts = issuing.facts_of(issued, issued_at=issued.issued_at)
    assert facts.left == "be"
    assert [item.number for item in facts.goods] == [1, 2, 3]
    assert facts.released == (1, 2, 3)
    assert [one.agency for one in facts.sign_offs][-1] == "BY-GTK"
    assert facts.sign_offs[-1].releases
    signed = [one for sign_off in facts.sign_offs for one in sign_off.signatures]
    assert all(one.personal_number and one.post and not one.name for one in signed)
    assert (signed[-1].payment, signed[-1].payment_reference) == ("paid", "DEMO-PAYMENT")
    assert not facts.in_parts
    conditions = [one.conditions for sign in signed for one in sign.judgements if one.conditions]
    assert "Разгрузка толькі на станцыі Мінск-2." in conditions


def test_issuing_twice_is_one_paper(app, database, released, issued):
    with app.app_context(), transaction(database) as session:
        assert issuing.issue(released).id == issued.id
        assert session.scalar(sa.select(sa.func.count()).select_from(Clearance)) == 1
        work = papering.plan(issued.id)
        assert work.done
        assert papering.store(work).sha256 == issued.sha256


def test_nothing_is_issued_before_release(app, database):
    with app.app_context(), transaction(database):
        declaration = cases._filed("bicycles", "VM-26-2001", founding.actor("vera"))
        with pytest.raises(Conflict):
            issuing.request(declaration.id)
        with pytest.raises(NotFound):
            issuing.request(uuid.uuid4())


def test_a_decision_that_releases_nothing_here_has_no_clearance(app, database, released):
    with app.app_context(), transaction(database), pytest.raises(NotFound):
        issuing.request(released, uuid.uuid4())


def test_worker_issues_the_paper(app, database, released):
    worker = Worker(app, retry_seconds=0.05)
    worker.start()
    try:
        end = time.monotonic() + 60
        found = None
        while time.monotonic() < end and (found is None or found.status != "issued"):
            time.sleep(0.1)
            with transaction(database, writing=False):
                found = finders.find_clearance(released)
    finally:
        worker.stop()
    assert found is not None
    assert found.status == "issued"


def test_codes_say_what_they_are(app, database, client, issued, released):
    for typed in (issued.code, numbering.grouped(issued.code), numbering.grouped(issued.code).lower()):
        page = client.get(f"/verify/{typed}?lang=en")
        assert page.status_code == 200
        assert WORDS["genuine"] in page.text
    with app.app_context(), transaction(database, writing=False):
        office = issuing.facts_of(issued, issued_at=issued.issued_at).office["en"]
    for fact in (issued.number, office, "1–3"):
        assert fact in page.text
    with transaction(database, writing=False) as session:
        declaration = session.get(Declaration, released)
    for secret in ("Белмяса", declaration.number, declaration.lrn, "190142358", "Анна"):
        assert secret not in page.text


def test_nothing_else_is_a_code(database, client, issued, released):
    with transaction(database, writing=False) as session:
        registration = session.get(Declaration, released).number
    for typed in (
        "nonsense",
        issued.number,
        str(issued.id),
        issued.code[:-1],
        issued.code[:-1] + "#",
        registration.replace("/", "-"),
    ):
        page = client.get(f"/verify/{typed}?lang=en".replace("#", "%23"))
        assert page.status_code == 404
        assert WORDS["unknown"] in page.text
        assert issued.number not in re.sub(r"<(input|a) [^>]*>", "", page.text)
    assert client.get(f"/verify/{registration}").status_code == 404
    assert client.get("/verify?lang=en").status_code == 200
    assert client.get("/verify?code=").status_code == 422
    asked = client.get(f"/verify?code={numbering.grouped(issued.code).lower()}")
    assert asked.location == f"/verify/{issued.code}"
    assert client.get("/verify", query_string={"code": registration}, follow_redirects=True).status_code == 404


def test_a_requested_clearance_is_not_genuine(app, database, client, released):
    with app.app_context(), transaction(database) as session:
        code = session.get(Clearance, issuing.request(released)).code
    assert client.get(f"/verify/{code}").status_code == 404


def test_superseded_says_so(database, client, issued):
    with transaction(database) as session:
        session.execute(sa.update(Clearance).values(_status="superseded"))
    page = client.get(f"/verify/{issued.code}?lang=en")
    assert WORDS["superseded"] in page.text
    assert WORDS["genuine"] not in page.text


def test_a_clearance_of_before_partial_releases_draws_and_verifies(app, database, client, released):
    """Rows that know neither their decision nor their items: everything that nobody refused was released."""
    with app.app_context(), transaction(database) as session:
        clearance = session.get(Clearance, issuing.request(released))
        clearance.decision_id, clearance.items = None, []
        session.execute(sa.update(Decision).values(released=[], rests_on=[]))
        session.flush()
        assert issuing.request(released) == clearance.id
        issued = issuing.issue(released)
        assert issued.id == clearance.id
        assert issuing.facts_of(issued, issued_at=issued.issued_at).released == (1, 2, 3)
        code = issued.code
    page = client.get(f"/verify/{code}?lang=en")
    assert WORDS["genuine"] in page.text
    assert "1–3" in page.text


def test_the_facts_are_read_in_a_fixed_number_of_statements(app, database, issued):
    """Whatever the package and however often somebody verifies it."""
    with app.app_context(), transaction(database, writing=False) as session, counted(session) as statements:
        issuing.facts_of(issued, issued_at=issued.issued_at)
    assert len(statements) <= 9, statements


def test_whose_paper_it_is(world, issued):
    path = f"/clearances/{issued.id}/paper"
    for name in ("anna", "piotr", "maria", "audit"):
        answer = getattr(world, name).get(path)
        assert answer.status_code == 200, name
        assert answer.data[:5] == b"%PDF-"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert f"{issued.number}.pdf" in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    for name in ("vera", "taras", "bogdan"):
        assert getattr(world, name).get(path).status_code == 404, name
    assert world.admin.get(path).status_code in (403, 404)
    # The paper carries the whole package, and the veterinary inspectorate sees the part that it needs.
    assert world.olga.get(path).status_code == 403


def test_a_file_is_compared_on_the_page(app, client, issued, monkeypatch):
    with app.app_context(), transaction(app.extensions["akno.database"], writing=False):
        ours = storage.store().read(str(issued.sha256))

    def bring(data: bytes, name: str = "paper.pdf"):
        client.get("/verify?lang=en")
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/verify").text)[1]
        form = {"csrf_token": token} | ({"paper": (io.BytesIO(data), name)} if name else {})
        return client.post("/verify", data=form, content_type="multipart/form-data")

    genuine, altered, unknown = bring(ours), bring(ours + b"\n"), bring(b"%PDF-1.7 nothing")
    assert (genuine.status_code, altered.status_code, unknown.status_code) == (200, 200, 200)
    assert "<strong>Genuine</strong>" in genuine.text
    assert "<strong>Altered</strong>" in altered.text
    assert issued.number in altered.text
    assert "<strong>Unknown</strong>" in unknown.text
    assert "none that was issued here" in unknown.text
    monkeypatch.setattr(verification, "MOST_PAPER_BYTES", 1000)
    for nothing in (bring(b"", ""), bring(b"x" * 1001)):
        assert nothing.status_code == 422
        assert 'id="paper-error"' in nothing.text
