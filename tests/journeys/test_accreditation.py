"""A trader applies as an authorised economic operator, is examined by one and granted by another; all see it in the register."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import sqlalchemy as sa

from app import clock
from app.database import Database, session, transaction
from app.identity.finders import find_organisation_by_unp
from app.traders import ending, finders
from app.traders.advantages import Held
from app.traders.models import Accreditation
from tests.documents.files import pdf
from tests.factories.world import Someone, World

CRITERIA = ("AEO-ACTIVITY", "AEO-GUARANTEE", "AEO-DUTIES", "AEO-TAXES", "AEO-OFFENCES", "AEO-RECORDS")
FILES = ("AEO-ACTIVITY", "AEO-GUARANTEE", "AEO-TAXES", "AEO-RECORDS")


def applies(trader: Someone) -> str:
    """Vera begins an application, answers it, and sends it; returns its address."""
    trader.get("/accreditation?lang=en")
    page = trader.submit("/accreditation", kind="aeo-type-1")
    assert page.status_code == 200, page.text
    place = re.search(r"/accreditation/([0-9a-f-]{36})", page.text)
    assert place
    path = place[0]
    answers = {f"answer-{code}": f"Умова {code} выконваецца" for code in CRITERIA}
    files = {f"files-{code}": (io.BytesIO(pdf()), f"{code}.pdf") for code in FILES}
    trader.get(f"{path}/edit")
    saved = trader.submit(f"{path}/edit", goods="8712 95", then="send", **answers, **files)
    assert "Before it can be sent" not in saved.text
    sent = trader.submit(f"{path}/send")
    assert "Sent, not looked at yet" in sent.text
    return path


def examines(officer: Someone, path: str) -> None:
    """An officer takes the application, finds every condition met and proposes to grant it."""
    officer.get(f"{path}?lang=en")
    taken = officer.submit(f"{path}/take")
    assert "Only who is another person than you may grant or refuse" in taken.text
    met = {f"met-{code}": "yes" for code in CRITERIA}
    proposed = officer.submit(f"{path}/examine", then="propose", proposal="grant", note="Усё на месцы", **met)
    assert "Proposed: grant" in proposed.text


def grants(supervisor: Someone, path: str) -> str:
    """A supervisor grants it for two years; returns the number."""
    supervisor.get(f"{path}?lang=en")
    until = (clock.today() + timedelta(days=700)).strftime("%d.%m.%Y")
    security = {"guarantee_reference": "BG-2026-1", "guarantee_amount": "1 000 000", "guarantee_currency": "EUR"}
    granted = supervisor.submit(f"{path}/grant", valid_until=until, **security)
    number = re.search(r"BY/AEO1/[0-9]{4}/[0-9]{5}", granted.text)
    assert granted.status_code == 200, granted.text
    assert number
    return number[0]


def held_by_velo(database: Database) -> tuple[Held, ...]:
    with transaction(database, writing=False):
        velo = find_organisation_by_unp("192381579")
        assert velo
        return finders.list_held(velo.id, clock.today())


def clear(database: Database) -> None:
    """Velo holds nothing yet: what the demonstration founded is put aside."""
    with transaction(database):
        session().execute(sa.update(Accreditation).values(_status="withdrawn"))


def test_an_operator_is_made_shown_suspended_and_restored(world: World, database: Database) -> None:
    clear(database)
    path = applies(world.vera)
    assert world.anna.get(path).status_code == 404, "another trader finds nothing"
    assert world.nina.get(path).status_code == 404, "another agency finds nothing"
    assert "Sent, not looked at yet" in world.maria.get("/accreditation/desk?lang=en").text
    examines(world.maria, path)
    number = grants(world.mikola, path)
    [held] = held_by_velo(database)
    assert (held.number, held.scope.goods, held.type) == (number, ("8712", "95"), "1")
    assert held.guarantee
    assert str(held.guarantee.amount) in ("1000000", "1000000.00")
    stranger = world.app.test_client()  # type: ignore[union-attr]
    shown = stranger.get("/accreditations?lang=en&q=Вела").text
    assert number in shown
    assert "Вера" not in shown, "no person is named"
    assert number in world.vera.get("/accreditation?lang=en").text
    world.mikola.get(f"{path}?lang=en")
    suspended = world.mikola.submit(f"{path}/suspend", ground="AEO-CASE", reason="Пачата справа")
    assert "Suspended" in suspended.text
    assert held_by_velo(database) == (), "its advantages end at once"
    assert "can be appealed" in world.vera.get(f"{path}?lang=en").text
    world.ihar.get(path)
    world.ihar.submit(f"{path}/restore", reason="Справа закрыта")
    assert [one.number for one in held_by_velo(database)] == [number]


def test_nobody_grants_what_they_examined(world: World, database: Database) -> None:
    clear(database)
    path = applies(world.vera)
    examines(world.mikola, path)
    assert "never the one who examined it" in world.mikola.get(f"{path}?lang=en").text
    refused = world.mikola.post(f"{path}/grant", valid_from="01.01.2030")
    assert refused.status_code == 403
    grants(world.ihar, path)


def test_what_is_missing_is_asked_for_and_completed(world: World, database: Database) -> None:
    clear(database)
    path = applies(world.vera)
    world.maria.get(f"{path}?lang=en")
    world.maria.submit(f"{path}/take")
    asked = world.maria.submit(
        f"{path}/examine",
        then="ask",
        asked="Дашліце баланс",
        **{"met-AEO-TAXES": "no", "note-AEO-TAXES": "Старая даведка"},
    )
    assert "To be completed by the applicant" in asked.text
    page = world.vera.get(f"{path}/edit?lang=en").text
    assert "Дашліце баланс" in page
    assert "Старая даведка" in page
    world.vera.submit(f"{path}/edit", **{"answer-AEO-TAXES": "Новая даведка"})
    world.vera.get(path)
    assert "Under examination" in world.vera.submit(f"{path}/send").text
    assert "Новая даведка" in world.maria.get(path).text


def test_a_refusal_says_why_and_where_to_appeal(world: World, database: Database) -> None:
    clear(database)
    path = applies(world.vera)
    world.maria.get(f"{path}?lang=en")
    world.maria.submit(f"{path}/take")
    met = {f"met-{code}": "yes" for code in CRITERIA} | {"met-AEO-TAXES": "no"}
    unsaid = world.maria.submit(f"{path}/examine", then="propose", proposal="grant", **met)
    assert unsaid.status_code == 422
    assert "It is not said why this is not met" in unsaid.text
    assert "It cannot be granted" in unsaid.text
    world.maria.submit(f"{path}/examine", then="propose", proposal="refuse", **{"note-AEO-TAXES": "Запазычанасць"})
    world.mikola.get(f"{path}?lang=en")
    empty = world.mikola.submit(f"{path}/refuse", reason="Не ўсё", appeal_days="", ground="AEO-UNMET")
    assert empty.status_code == 422
    assert "Не ўсё" in empty.text, "what was typed is kept"
    world.mikola.submit(f"{path}/refuse", ground="AEO-UNMET", reason="Падатковы доўг", appeal_days="30")
    told = world.vera.get(f"{path}?lang=en").text
    assert "within 30 days" in told
    assert "Падатковы доўг" in told
    assert "Запазычанасць" in told
    again = world.vera
    again.get("/accreditation?lang=en")
    assert again.submit("/accreditation", kind="aeo-type-1").status_code == 200, "a new application may follow"


def test_its_end_is_told_three_times_and_comes_once(world: World, database: Database) -> None:
    clear(database)
    path = applies(world.vera)
    examines(world.maria, path)
    grants(world.mikola, path)
    told = []
    for left in (61, 60, 45, 30, 7, 1, 0, -1):
        with transaction(database):
            ends = clock.today() + timedelta(days=left)
            session().execute(sa.update(Accreditation).where(Accreditation._status == "granted").values(valid_to=ends))
        with transaction(database):
            for key in ending.list_ending():
                told.append((left, ending.turn_day(key)))
        with transaction(database):
            assert list(ending.list_ending()) == []
    assert told == [(60, True), (30, True), (7, True), (0, True)]
    assert held_by_velo(database) == ()
    assert "Expired" in world.vera.get(f"{path}?lang=en").text
