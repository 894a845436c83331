"""Officers see what is unusual with its peers drawn, and say what they make of it; traders see nothing of it anywhere."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import sqlalchemy as sa
from lxml import html

from app import clock
from app.database import Database, session, transaction
from app.declarations.codec import to_package
from app.declarations.models import Declaration
from app.ledger.models import Entry
from app.markup import read
from app.risk import peering, peers
from app.risk.anomaly_lifecycle import LIFECYCLE
from app.risk.peers_models import Anomaly, PeerCell, PostDay
from app.webhooks.knowledge import KNOWN
from tests.factories.world import World
from tests.journeys.roads import file_xml, open_case, packed, state
from tests.risk.test_peering import follow

ODD = re.compile(r"unusual|незвыч|необыч", re.IGNORECASE)


def peers_for(database: Database) -> None:
    """Thirty peers for every price of the bicycles, ten times dearer than theirs: what a year would bring."""
    package = to_package(read(packed("bicycles").xml))
    with transaction(database):
        for one in peers.figures_of(package):
            bins = {peers.bin_of((one.unit_value or 1) * 10): 30}
            key = peers.keys_of(one, peers.VALUE)[0]
            said = peers.said(key, bins)
            row = {"count": 30, "bins": bins, "median": said.median, "mad": said.mad, "quantiles": list(said.quantiles)}
            if session().get(PeerCell, key) is None:
                session().add(PeerCell(key=key, **row))
                session().flush()


def found(database: Database) -> list[Anomaly]:
    with transaction(database, writing=False):
        return list(session().scalars(sa.select(Anomaly).order_by(Anomaly.score.desc(), Anomaly.item)))


def test_an_officer_sees_what_is_unusual_and_says_what_it_is(world: World, database: Database) -> None:
    peers_for(database)
    where = file_xml(world.vera, packed("bicycles"))
    follow(database)
    rows = found(database)
    assert rows
    assert {row.kind for row in rows} == {"value"}
    number = state(world.vera, where)["number"]

    page = world.maria.get("/risk/anomalies?lang=en")
    assert page.status_code == 200
    assert number in page.text
    assert "times less" in page.text
    assert (
        world.maria.get(f"/risk/anomalies?heading={rows[0].code[:4]}&kind=value&agency=BY-GTK").text.count(number) >= 1
    )
    assert number not in world.maria.get("/risk/anomalies?kind=route").text
    assert world.maria.get("/risk/anomalies?kind=magic").status_code == 404
    assert world.maria.get("/risk/anomalies?cursor=x").status_code == 404

    one = f"/risk/anomalies/{rows[0].id}"
    page = world.maria.get(one)
    assert "<title id=" in page.text
    assert "style=" not in page.text
    assert "The same as a table" in page.text
    answer = world.maria.post(f"{one}/explain", reason="no")
    assert answer.status_code == 422
    assert ">\nno</textarea>" in answer.text
    answer = world.maria.post(f"{one}/explain", reason="A sale of last year's models", follow=True)
    assert "A sale of last year&#39;s models" in answer.text
    again = world.maria.post(f"{one}/explain", reason="The same once more")
    assert again.status_code == 409
    assert world.maria.post(f"{one}/note", reason="Yet the seller is new").status_code == 303

    case = open_case(world.maria, number)
    assert "times less" in world.maria.get(f"{case}?lang=en").text

    with transaction(database, writing=False):
        events = [row.event for row in session().scalars(sa.select(Entry).where(Entry.subject == "anomaly"))]
        marked = session().get(Anomaly, rows[0].id)
        assert marked.status == "noted"
    assert sorted(set(events)) == ["anomaly.explained", "anomaly.found", "anomaly.noted"]


def test_nothing_of_it_is_for_traders_and_only_agencies_with_a_lane_see_it(world: World, database: Database) -> None:
    peers_for(database)
    where = file_xml(world.vera, packed("bicycles"))
    follow(database)
    rows = found(database)
    for path in ("/risk/anomalies", f"/risk/anomalies/{rows[0].id}", "/risk/forecast", "/risk/forecast.csv"):
        assert world.vera.get(path).status_code in (403, 404)
        assert world.admin.get(path).status_code in (403, 404)
    assert not any(name.startswith("anomaly.") for name in KNOWN), "neither the feed nor a webhook tells of them"
    assert "anomal" not in json.dumps(state(world.vera, where))
    for tongue in ("be", "ru", "en"):
        assert not ODD.search(world.vera.get(f"{where}?lang={tongue}").text)
    assert world.olga.get("/risk/anomalies").status_code == 200
    assert world.olga.get(f"/risk/anomalies/{rows[0].id}").status_code == 404
    assert world.audit.get(f"/risk/anomalies/{rows[0].id}").status_code == 200
    refused = world.audit.post(f"/risk/anomalies/{rows[0].id}/note", reason="An auditor changes nothing")
    assert refused.status_code == 403


def test_a_withdrawn_package_is_no_signal_any_more(world: World, database: Database) -> None:
    peers_for(database)
    where = file_xml(world.vera, packed("bicycles"))
    follow(database)
    world.vera.get(f"{where}/withdraw")
    world.vera.submit("/withdraw", reason="The contract was cancelled by the seller")
    follow(database)
    assert {row.status for row in found(database)} == {"superseded"}
    assert state(world.vera, where)["number"] not in world.maria.get("/risk/anomalies").text
    assert peering.follow.__doc__


def test_the_forecast_is_a_table_and_a_file(world: World, database: Database) -> None:
    empty = world.maria.get("/risk/forecast?lang=en")
    assert "nothing can be foretold" in empty.text
    today = clock.today()
    with transaction(database):
        for back in range(1, 29):
            session().add(PostDay(office="11216710", day=today - timedelta(days=back), hours=[0] * 9 + [4] + [0] * 14))
    page = world.maria.get("/risk/forecast")
    assert "rests on 4 whole weeks" in page.text
    assert 'class="heat-5"' in page.text
    file = world.maria.get("/risk/forecast.csv?post=11216710")
    assert file.mimetype == "text/csv"
    assert ",9,4.0,4,4,4,0" in file.text
    assert world.maria.get("/risk/forecast?post=99999999").status_code == 404


def test_a_long_list_goes_on_page_by_page_and_shows_each_once(world: World, database: Database) -> None:
    where = file_xml(world.vera, packed("bicycles"))
    number = state(world.vera, where)["number"]
    with transaction(database):
        declaration = session().scalar(sa.select(Declaration.id).where(Declaration.number == number))
        for item in range(1, 61):
            row = Anomaly(
                declaration_id=declaration, version=1, item=item, kind="value", direction="import", code="8712003000",
                origin="CN", agencies=" BY-GTK ", unit="EUR", value=1.0, median=10.0, spread=0.2, route="", peers=40,
                cell="value:import:871200:CN:EUR", bins={"10": 40}, score=item, package_score=500, found_at=clock.now(),
            )  # fmt: skip
            LIFECYCLE.begin(row)
            session().add(row)
    seen: list[str] = []
    path = "/risk/anomalies?kind=value&heading=8712"
    while path:
        page = html.fromstring(world.maria.get(path).text)
        seen += [a.get("href") for a in page.xpath("//td/a[contains(@href, '/risk/anomalies/')]")]
        path = next(iter(page.xpath("//a[@rel='next']/@href")), "")
    assert len(seen) == len(set(seen)) == 60
