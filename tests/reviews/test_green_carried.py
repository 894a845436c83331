"""What a rule has signed does not outlive the green lane: a change that raises the lane brings the case before an officer."""

from __future__ import annotations

import uuid
from datetime import timedelta

import sqlalchemy as sa

from app import clock
from app.cli import accrediting, founding
from app.cli.accrediting import Given
from app.database import Database, session, transaction
from app.declarations import editing
from app.declarations.editing import ITEM
from app.declarations.finders import get_version
from app.declarations.models import Declaration
from app.intake import amending
from app.markup import read
from app.reviews import green_ruling
from app.reviews.green_ruling import Typed
from app.reviews.models import Review
from app.risk import agreeing, finders, proposing
from app.risk.proposing import Proposal
from tests.factories.world import World
from tests.journeys.roads import file_bytes, file_xml, packed, upload_documents


def environment(where: uuid.UUID) -> Review:
    query = sa.select(Review).where(
        Review.declaration_id == where, Review.agency == "BY-MPR", Review._status != "superseded"
    )
    return session().scalars(query.options(sa.orm.undefer(Review.lane))).one()


def switch_on(measure: str) -> None:
    today = clock.today().strftime("%d.%m.%Y")
    rule = green_ruling.propose(Typed(measure, "Аператары", "aeo", "0", today), by=founding.actor("nazar"))
    # Only one supervisor of the ministry is in the demonstration: the row is agreed to as a second one would.
    rule.proposed_by_id = founding.actor("ihar").person_id
    session().flush()
    green_ruling.agree(rule, by=founding.actor("nazar"))


def watch_for(word: str) -> None:
    today = clock.today()
    version = proposing.propose(
        Proposal(
            titles={"be": "Слова"}, reasons={"be": "Прычына"},
            condition={"fact": "item.description", "op": "contains_any", "value": [word]}, valid_from=today,
            valid_until=today + timedelta(days=30), weight=10, effect="red", agencies=("BY-MPR",), basis="тэст",
            confidence="seen",
        ),
        by=founding.actor("maksim"),
    )  # fmt: skip
    shared = finders.get_version(version.id, actor=founding.actor("nazar"))
    agreeing.answer(shared, agreed=True, by=founding.actor("nazar"))
    own = finders.get_version(version.id, actor=founding.actor("mikola"))
    agreeing.try_out(own, by=founding.actor("mikola"))
    agreeing.activate(own, by=founding.actor("mikola"))


def change(database: Database, key: uuid.UUID, words: str) -> None:
    with transaction(database):
        declaration = session().get_one(Declaration, key)
        tree = read(get_version(declaration).canonical)
        path = f"{ITEM}[1]/Commodity/Description"
        editing.set_leaf(tree, path, f"{editing.get_leaf(tree, path)}, {words}")
        amending.amend(
            declaration, tree, cause="amended", by=founding.actor("anna"), expected_version=declaration.version
        )


def test_a_change_that_raises_the_lane_brings_an_officer(world: World, database: Database) -> None:
    first = uuid.UUID(file_xml(world.anna, packed("beef_flowers_pet", lrn="T-1")).rpartition("/")[2])
    with transaction(database):
        measures = [one["code"] for one in environment(first).lane["lane"]["measures"]]
        accrediting.give(Given("aeo", "2", "anna", "maria", "mikola", 900, guarantee="BG-1"))
        for measure in measures:
            switch_on(measure)
        watch_for("небяспечны сакрэт")
    again_filed = packed("beef_flowers_pet", lrn="T-2")
    upload_documents(world.anna, again_filed)
    where = file_bytes(world.anna, again_filed.xml, "package.xml", confirmed="yes")
    second = uuid.UUID(where.rpartition("/")[2])
    with transaction(database, writing=False):
        assert environment(first).status == "queued"
        signed = environment(second)
        assert (signed.status, signed.result) == ("decided", "approved")
    change(database, second, "чысты")
    with transaction(database, writing=False):
        carried = environment(second)
        assert (carried.id, carried.status, carried.version) == (signed.id, "decided", 2)
    change(database, second, "небяспечны сакрэт")
    with transaction(database, writing=False):
        again = environment(second)
        assert again.id != signed.id
        assert (again.status, again.risk, again.four_eyes) == ("queued", "red", True)
