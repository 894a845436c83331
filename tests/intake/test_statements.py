"""What a filing and the pages around it cost in statements, counted at the driver on the engine of this run.

More statements are more waiting on a network; a number that must grow is changed here, in the open.
"""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from app.clock import today
from app.database import Database, transaction
from tests.bench.packages import Model, bicycles, mixed
from tests.bench.places import file_key
from tests.bench.stages import Statements
from tests.factories.world import World
from tests.journeys.roads import file_xml, open_case, packed, state

MOST_OF_A_FILING = 14
MOST_WITH_DOCUMENTS = 15
"""Of these: who sends, whose package, what was sent before, which law, which files: six. A row in each table: eight."""
MOST_OF_A_QUEUE = 4
MOST_OF_A_PACKAGE = 13
MOST_OF_A_CASE = 13


def _file(app: Flask, database: Database, client: FlaskClient, model: Model) -> list[str]:
    with app.app_context(), transaction(database):
        key = file_key(model)
    sent: list[str] = []
    for serial in ("ONE", "TWO"):
        with Statements() as statements:
            answer = client.post(
                "/api/v1/declarations", data=model.copy(serial), headers={"Authorization": f"Bearer {key}"}
            )
        assert answer.status_code == 201, answer.text
        sent = statements.sent
    return sent


def test_a_filing(app: Flask, database: Database, client: FlaskClient) -> None:
    sent = _file(app, database, client, bicycles(today()))
    assert len(sent) <= MOST_OF_A_FILING, "\n".join(sent)


def test_a_filing_for_four_agencies_with_certificates(app: Flask, database: Database, client: FlaskClient) -> None:
    sent = _file(app, database, client, mixed(today()))
    assert len(sent) <= MOST_WITH_DOCUMENTS, "\n".join(sent)


def test_a_filing_writes_each_table_once_and_reads_nothing_back(
    app: Flask, database: Database, client: FlaskClient
) -> None:
    writes = [one.split()[2] for one in _file(app, database, client, mixed(today())) if one.startswith("INSERT")]
    assert len(writes) == len(set(writes))
    sent = _file(app, database, client, bicycles(today()))
    first_row = next(at for at, one in enumerate(sent) if one.startswith("INSERT INTO declarations"))
    assert [one for one in sent[first_row:] if not one.startswith("INSERT")] == []


def test_the_pages_of_a_case(world: World) -> None:
    address = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, address)["number"]
    world.olga.sign_in()
    with Statements() as queue:
        assert number in world.olga.get("/queue").text
    case = open_case(world.olga, number)
    with Statements() as desk:
        world.olga.get(case)
    with Statements() as package:
        world.anna.get(address)
    # The session behind the cookie is one statement of each page.
    assert len(queue.sent) <= MOST_OF_A_QUEUE, "\n".join(queue.sent)
    assert len(desk.sent) <= MOST_OF_A_CASE, "\n".join(desk.sent)
    assert len(package.sent) <= MOST_OF_A_PACKAGE, "\n".join(package.sent)
