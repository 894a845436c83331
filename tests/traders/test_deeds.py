"""The deeds around an accreditation: who may, in which order, what is recorded, and what happens at the same moment."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.cli import accrediting, founding
from app.cli.accrediting import COUNTRY, Given
from app.database import Database, session, transaction
from app.documents.models import Blob
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.ledger.models import Entry
from app.traders import applying, deciding, ending, examining, finders, policy
from app.traders.deciding import Appeal
from app.traders.models import Accreditation
from app.traders.reading import Terms
from tests.factories.world import World
from tests.reviews.racing import race

OPERATOR, RECYCLER, CERTIFICATE = COUNTRY
APPEAL = Appeal("Суд", "court.gov.by", 30)


@pytest.fixture(autouse=True)
def _bare(world: World, database: Database) -> None:
    with transaction(database):
        assert not session().scalar(sa.select(sa.func.count()).select_from(Accreditation)), "tests begin with none"


def proposed(database: Database, given: Given = CERTIFICATE) -> Accreditation:
    """An application that waits for a supervisor."""
    with transaction(database):
        made = accrediting.give(given)
        session().execute(
            sa.update(Accreditation).values(_status="proposed", number=None, decided_at=None, decided_by_id=None)
        )
        return finders.lock_accreditation(made)


def terms(**more: str) -> Terms:
    today = clock.today()
    until = (today + timedelta(days=100)).isoformat()
    return replace(Terms(valid_from=today.isoformat(), valid_until=until), **more)


def test_the_country_has_three_and_is_founded_once(database: Database) -> None:
    with transaction(database):
        assert accrediting.found() == 3
        assert accrediting.found() == 0
        rows = session().scalars(sa.select(Accreditation).order_by(Accreditation.id)).all()
        year = clock.today().year
        assert [row.number for row in rows] == [f"BY/AEO2/{year}/00001", f"BY/REC/{year}/00001", f"BY/ENV/{year}/00001"]
        assert {row.status for row in rows} == {"granted"}
        entries = Counter(session().scalars(sa.select(Entry.event).where(Entry.subject == "accreditation")))
        assert entries["accreditation.granted"] == 3
        said = session().scalars(sa.select(Entry).where(Entry.event == "accreditation.granted")).first()
        assert said
        assert "Вела" not in str(said.payload)
        assert said.payload["kind"] == "aeo-2"
        [held] = finders.list_held(founding.actor("vera").organisation_id, clock.today())
        assert held.guarantee
        assert held.guarantee.reference == "BG-2026-0117"
        assert finders.list_held(founding.actor("anna").organisation_id, clock.today()) == ()
        assert finders.list_held(None, clock.today()) == ()


def test_only_what_counts_counts(database: Database) -> None:
    with transaction(database):
        made = accrediting.give(OPERATOR)
        owner, today = made.holder_id, clock.today()
        assert made.valid_to
        assert finders.list_held(owner, today)
        assert not finders.list_held(owner, today - timedelta(days=1))
        assert not finders.list_held(owner, made.valid_to)
        assert finders.list_held(owner, made.valid_to - timedelta(days=1))
        ending.suspend(made, ground="AEO-CASE", reason="Справа", appeal=APPEAL, by=founding.actor("ihar"))
        assert not finders.list_held(owner, today)
        ending.restore(made, reason="Закрыта", by=founding.actor("mikola"))
        assert finders.list_held(owner, today)
        ending.give_up(made, reason="Не трэба", by=founding.actor("vera"))
        assert not finders.list_held(owner, today)


def test_who_may_do_what(database: Database) -> None:
    with transaction(database):
        for who in ("piotr", "bogdan", "maria", "admin", "audit"):
            with pytest.raises(NotAllowed):
                applying.start("aeo", "1", by=founding.actor(who))
        for kind, type_code in (("aeo", ""), ("aeo", "9"), ("recycler", "1"), ("knight", "")):
            with pytest.raises(Invalid):
                applying.start(kind, type_code, by=founding.actor("vera"))
        made = applying.start("aeo", "2", by=founding.actor("vera"))
        with pytest.raises(Conflict):
            applying.start("aeo", "2", by=founding.actor("vera"))
        applying.start("aeo", "3", by=founding.actor("vera"))
        with pytest.raises(NotAllowed):
            applying.save(made, answers={}, scope={}, by=founding.actor("anna"))
        for who in ("anna", "maria", "nina", "audit"):
            with pytest.raises(NotFound):
                finders.get_accreditation(made.id, actor=founding.actor(who))
        assert not policy.see_desk(founding.actor("olga"))
        with pytest.raises(Invalid) as refused:
            applying.send(made, by=founding.actor("vera"))
        fields = {fault.field for fault in refused.value.faults}
        assert {"answer-AEO-TAXES", "files-AEO-TAXES", "answer-AEO-DUTIES"} <= fields
        assert "files-AEO-DUTIES" not in fields


def test_the_examiner_never_decides_and_no_other_agency_either(database: Database) -> None:
    waiting = proposed(database, replace(OPERATOR, examiner="mikola", granter="ihar"))
    with transaction(database):
        for who in ("mikola", "maria", "nazar", "vera"):
            with pytest.raises(NotAllowed):
                deciding.grant(waiting, terms=terms(), by=founding.actor(who))
            with pytest.raises(NotAllowed):
                deciding.refuse(waiting, ground="AEO-UNMET", reason="x", appeal=APPEAL, by=founding.actor(who))
        deciding.send_back(waiting, reason="Зверце баланс", by=founding.actor("ihar"))
        with pytest.raises(Conflict):
            deciding.grant(waiting, terms=terms(), by=founding.actor("ihar"))
        with pytest.raises(NotAllowed):
            examining.mark(waiting, findings={}, by=founding.actor("maria"))
        examining.take(waiting, by=founding.actor("maria"))
        examining.mark(waiting, findings={}, by=founding.actor("maria"))


def test_nothing_is_examined_before_the_scanner_has_seen_it(database: Database, world: World) -> None:
    with transaction(database):
        made = accrediting.give(OPERATOR)
        session().execute(sa.update(Accreditation).values(_status="applied", number=None))
        session().execute(sa.update(Blob).values(scan="infected"))
    with transaction(database), pytest.raises(Conflict):
        examining.take(made, by=founding.actor("maria"))
    with transaction(database):
        session().execute(sa.update(Accreditation).values(_status="incomplete"))
    with transaction(database), pytest.raises(Invalid) as refused:
        applying.send(made, by=founding.actor("vera"))
    assert {fault.code for fault in refused.value.faults} == {"ACC-FILE-INFECTED"}


def test_a_grant_and_a_withdrawal_at_the_same_moment_one_wins(database: Database) -> None:
    waiting = proposed(database)
    with transaction(database):
        nazar, les = founding.actor("nazar"), founding.actor("les")
    told = race(
        database,
        {
            "grant": lambda: deciding.grant(waiting, terms=terms(), by=nazar),
            "withdraw": lambda: applying.withdraw(waiting, by=les),
        },
    )
    won = [name for name, error in told.items() if error is None]
    assert len(won) == 1, told
    assert [type(error) for error in told.values() if error] == [Conflict]
    with transaction(database):
        row = session().get_one(Accreditation, waiting.id)
        assert row.status == {"grant": "granted", "withdraw": "withdrawn"}[won[0]]
        assert (row.number is not None) == (won == ["grant"])


def test_two_begin_the_same_application_at_once_and_one_is_kept(database: Database) -> None:
    with transaction(database):
        vera = founding.actor("vera")
    told = race(database, {name: lambda: applying.start("aeo", "1", by=vera) for name in ("one", "two")})
    assert sorted(error is None for error in told.values()) == [False, True], told
    with transaction(database):
        assert session().scalar(sa.select(sa.func.count()).select_from(Accreditation)) == 1


def test_the_day_turns_once_in_two_workers(database: Database) -> None:
    with transaction(database):
        made = accrediting.give(CERTIFICATE)
        session().execute(sa.update(Accreditation).values(valid_to=clock.today()))
    told: list[bool] = []
    race(database, {name: lambda: told.append(ending.turn_day(made.id)) for name in ("one", "two")})
    assert sorted(told) == [False, True]
    with transaction(database):
        events = session().scalars(sa.select(Entry.event).where(Entry.subject_id == made.id)).all()
        assert events.count("accreditation.expired") == 1


def test_the_register_is_searched_and_paged(database: Database) -> None:
    with transaction(database):
        accrediting.found()
        find = finders.list_register
        assert [row.kind for row in find(search="вела").rows] == ["aeo"]
        assert [row.kind for row in find(search="192381579").rows] == ["aeo"]
        assert [row.kind for row in find(search="by/rec").rows] == ["recycler"]
        assert find(search="нікога").rows == []
        assert [row.kind for row in find(kind="recycler").rows] == ["recycler"]
        assert len(find(holding=True).rows) == 3
        session().execute(sa.update(Accreditation).values(_status="suspended"))
        assert find(holding=True).rows == []
        assert len(find().rows) == 3
        with pytest.raises(NotFound):
            find("bent")
