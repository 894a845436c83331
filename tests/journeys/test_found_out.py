"""An administrator of the database alters a decision and is found out (trust.md P4, journey of issue 5)."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from lxml import html

from app import clock
from app.cli import ledger_facts
from app.cli.ledger import group
from app.database import transaction
from app.privacy import keeping
from tests.factories.world import World
from tests.journeys.roads import file_xml, open_case, packed, sign_all, state
from tests.ledger.sealed import Log, Undone, log

__all__ = ["log"]

ALTERED = {
    "the outcome of an item": "UPDATE decision_items SET outcome = 'refused' WHERE outcome = 'approved'",
    "a condition that nobody set": "UPDATE decision_items SET conditions = 'anything'",
    "the days of an appeal": "UPDATE decision_items SET appeal_days = 1 WHERE outcome = 'refused'",
    "the ground of a refusal": "UPDATE decision_items SET legal_ground = 'another law' WHERE outcome = 'refused'",
    "the note": "UPDATE decisions SET note = 'all is well'",
    "who signed": "UPDATE decisions SET person_id = (SELECT id FROM people WHERE email LIKE 'admin@%')",
    "the version it is on": "UPDATE decisions SET digest = '" + "0" * 64 + "'",
    "what was paid": "UPDATE decisions SET payment = 'secured' WHERE payment = 'paid'",
    "which goods go": "UPDATE decisions SET released = '[]' WHERE payment = 'paid'",
    "the decision is gone": "DELETE FROM decision_items",
    "what was filed": "UPDATE versions SET canonical = '<Declaration/>'",
    "the paper": "UPDATE clearances SET number = 'BY-CLR-260101-0000001-1' WHERE issued_at IS NOT NULL",
    "a package let go": "UPDATE declarations SET status = 'released' WHERE status = 'refused'",
    "a package refused": "UPDATE declarations SET status = 'withdrawn' WHERE status = 'released'",
}


@pytest.fixture
def decided(world: World, log: Log, worker) -> dict[str, str]:
    """A package that was released and one that was refused, sealed and signed."""
    where = file_xml(world.sofia, packed("solar_panels"))
    released = sign_all(world, world.sofia, where)["number"]
    refused = state(world.vera, file_xml(world.vera, packed("bicycles")))["number"]
    open_case(world.maria, refused)
    _refuse(world)
    worker.drain()
    log.seal()
    log.sign()
    return {"released": released, "refused": refused}


def _refuse(world: World) -> None:
    page = world.maria.submit("/decide", **{"item-1-outcome": "refused"})
    tree = html.fromstring(page.text)
    reason = next(one for one in tree.xpath("//*[@name='item-1-reason_code']//option/@value") if one)
    fields = {
        "item-1-outcome": "refused", "item-1-reason_code": reason, "item-1-legal_ground": "Art. 1", "item-1-appeal_office": "Court",
        "item-1-appeal_contact": "Minsk", "item-1-appeal_days": "30",
    }  # fmt: skip
    world.maria.submit("/decide", **fields)


def test_an_administrator_who_alters_a_decision_in_the_database_is_found_out(log: Log, decided: dict[str, str]) -> None:
    with log.app.app_context():
        clean = CliRunner().invoke(group, ["verify"])
    assert clean.exit_code == 0, clean.output
    missed = []
    for deed, statement in ALTERED.items():
        with log.app.app_context(), contextlib.suppress(Undone), transaction(log.database) as session:
            touched = session.execute(sa.text(statement)).rowcount
            session.expire_all()
            found = ledger_facts.compare()
            if not touched or not found or not any(number in one.where for one in found for number in decided.values()):
                missed.append((deed, touched, list(map(str, found))))
            raise Undone
    assert missed == []
    _packages_that_were_kept_long_enough(log)
    log.sql("UPDATE decision_items SET outcome = 'conditions' WHERE outcome = 'approved'")
    with log.app.app_context():
        caught = CliRunner().invoke(group, ["verify"])
    assert caught.exit_code == 1
    assert decided["released"] in caught.output
    assert "outcomes" in caught.output


def _packages_that_were_kept_long_enough(log: Log) -> None:
    """What retention took away years later is no alteration; the same rows gone too early, or unsaid, are."""
    later = clock.now() + timedelta(days=365 * 6)
    with log.app.app_context(), contextlib.suppress(Undone), transaction(log.database) as session:
        keeping.expire("packages", now=later)
        assert session.scalar(sa.text("SELECT count(*) FROM decisions")) == 0
        assert ledger_facts.compare(now=later) == []
        assert ledger_facts.compare() != []
        raise Undone
