"""The list of papers that hold no longer: what is on it, when it is made anew. On both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.clearance import issuing, papering, publishing
from app.clearance.list_models import EndedList
from app.clearance.models import Clearance
from app.cli import founding
from app.database import transaction
from app.errors import Unavailable
from app.jobs import registry
from app.signing import claims, listing
from tests.clearance.listed import cleared, published, trust_of


@pytest.fixture
def issued(app, database) -> Clearance:
    with app.app_context(), transaction(database):
        return cleared()


def test_the_list_follows_what_ends(app, database, client, issued):
    """A revocation is in the list that is made next; the list is for anyone, may be kept, and names nothing of the trade."""
    assert client.get("/verify/list").status_code == 503
    trust = trust_of(app, database)
    assert published(app, database, client).entries == ()
    with transaction(database) as session:
        session.execute(sa.update(Clearance).values(_status="revoked", revoked_at=clock.now()))
    answer = client.get("/verify/list")
    assert listing.read(answer.text, trust).find(issued.code) is None
    newest = published(app, database, client)
    assert newest.serial == 2
    ended = newest.find(issued.code)
    assert ended is not None
    assert ended.state == "revoked"
    answer = client.get("/verify/list")
    assert answer.headers["Cache-Control"] == f"public, max-age={30}"
    assert "Set-Cookie" not in answer.headers
    for secret in (issued.code, issued.number):
        assert secret not in answer.text
        assert secret.encode() not in claims.decoded(answer.text.split(".")[1])
    again = client.get("/verify/list", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_superseded_papers_are_on_the_list(app, database, client, issued):
    with app.app_context(), transaction(database) as session:
        old = session.get(Clearance, issued.id)
        fresh = Clearance(
            declaration_id=old.declaration_id, decision_id=old.decision_id, items=list(old.items), serial=old.serial,
            replaces_id=old.id, version=old.version, digest=old.digest,
        )  # fmt: skip
        issuing.ask_for(fresh, by=founding.actor("maria"))
        work = papering.plan(fresh.id)
        for step in (papering.intend_claims, papering.draw, papering.intend, papering.sign):
            work = step(work)
        papering.store(work)
    told = published(app, database, client)
    ended = told.find(issued.code)
    assert ended is not None
    assert (ended.state, len(told.entries)) == ("superseded", 1)
    job = app.extensions["akno.jobs"].find(f"ended-{issued.id}")
    assert job.name == publishing.JOB


def test_when_a_list_is_due(app, database, issued, monkeypatch):
    with app.app_context(), transaction(database):
        assert publishing.list_due() == ("first",)
        publishing.publish()
        assert publishing.list_due() == ()
    with app.app_context(), transaction(database) as session:
        made = session.scalar(sa.select(Clearance.issued_at).where(Clearance.id == issued.id)) + timedelta(seconds=1)
        session.execute(sa.update(EndedList).values(made_at=made))
        with monkeypatch.context() as patched:
            patched.setattr(clock, "now", lambda: made + publishing.SOON)
            assert publishing.list_due() == (), "no paper is younger than the list"
            session.execute(sa.update(EndedList).values(made_at=made - timedelta(seconds=2)))
            assert publishing.list_due() == ("issued",)
            patched.setattr(clock, "now", lambda: made)
            assert publishing.list_due() == (), "one edition in a while is enough"
        session.execute(sa.update(EndedList).values(made_at=clock.now() - publishing.EVERY))
        assert publishing.list_due() == ("hour",)
        session.execute(sa.update(EndedList).values(key="0" * 64))
        assert publishing.list_due() == ("key",)
        for _turn in range(5):
            publishing.publish()
        assert session.scalar(sa.select(sa.func.count()).select_from(EndedList)) == publishing.KEPT
        session.execute(sa.delete(EndedList))
        with pytest.raises(Unavailable):
            publishing.get_list()


def test_no_writer_waits_for_the_key(app, database, issued, worker):
    """The worker's look at the clock only asks for an edition; the key is asked while nothing is written."""
    job = registry.JOBS[publishing.JOB]
    assert [(step.function, step.writing) for step in job.steps] == [
        (publishing.gather, False), (publishing.sign, False), (publishing.keep, True),
    ]  # fmt: skip
    with app.app_context(), transaction(database):
        registry.WATCHES["clearance.list"].act("first")
        assert publishing.find_list() is None
    worker.drain()
    with app.app_context(), transaction(database, writing=False):
        assert publishing.find_list(whole=True).text
