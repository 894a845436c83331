"""What a filing and the pages around it cost in statements, counted at the driver on the engine of this run.

More statements are more waiting on a network; a number that must grow is changed here, in the open.
"""

from __future__ import annotations

import uuid

from flask import Flask
from flask.testing import FlaskClient

from app.clock import today
from app.database import Database, transaction
from tests.architecture import scene
from tests.bench.packages import Model, bicycles, mixed
from tests.bench.places import file_key
from tests.bench.stages import Statements
from tests.factories.world import Someone, World
from tests.journeys.roads import file_xml, open_case, packed, state

MOST_OF_A_FILING = 18
MOST_WITH_DOCUMENTS = 19
"""Of these: who sends, whose package, what was sent before, which law, which files: six. A row in each table: nine, of
which one finds the package again (its marks). For risk three more: the stamps of what the process keeps, the seed of the day
until it is kept too, the assessment."""
MORE_BY_KEY = 4
"""The door for software besides: how often this key has asked, and the entry of the request log; whose turn it is with the
Idempotency-Key (PostgreSQL) and what was answered under it before."""
MOST_OF_A_QUEUE = 11
"""Who asks, notices unread, which law, habits, kept filters, pace; the rows, their windows, who looks at them; counts; what
is being signed. Filters, counts and the second signature came with the officers' desk; none grows with the queue."""
MOST_OF_A_PACKAGE = 15
"""Who asks, notices unread, which law, pace; package, version (its XML for the page, its outcome for whose turn it is); one
each for reviews, decisions, questions, inspections, clearances, attachments, their files, the timeline."""
MOST_OF_A_CASE = 30
"""Who asks, notices unread, habits, which law, pace; case, its decisions, version; one each for the papers, their files, the
page shown, reviews, their decisions, the timeline, who did it, proposals, what is being signed, silence, findings, notes,
whom a note may name, inspections, clearances, questions, who looks; the assessment, what is odd, what was announced of it; and whether the reader has a
part in the package."""
MORE_WITH_TALK = 8
"""Once there are questions, notes and inspections: their messages, files, mentions, parties, calls and samples."""


def _file(app: Flask, database: Database, client: FlaskClient, model: Model) -> list[str]:
    with app.app_context(), transaction(database):
        key = file_key(model)
    sent: list[str] = []
    for serial in ("ONE", "TWO"):
        with Statements() as statements:
            answer = client.post(
                "/api/v1/declarations",
                data=model.copy(serial),
                headers={"Authorization": f"Bearer {key}", "Idempotency-Key": serial},
            )
        assert answer.status_code == 201, answer.text
        sent = statements.sent
    return sent


def test_a_filing(app: Flask, database: Database, client: FlaskClient) -> None:
    sent = _file(app, database, client, bicycles(today()))
    assert len(sent) <= MOST_OF_A_FILING + MORE_BY_KEY, "\n".join(sent)


def test_a_filing_for_four_agencies_with_certificates(app: Flask, database: Database, client: FlaskClient) -> None:
    sent = _file(app, database, client, mixed(today()))
    assert len(sent) <= MOST_WITH_DOCUMENTS + MORE_BY_KEY, "\n".join(sent)


def test_a_filing_writes_each_table_once_and_reads_nothing_back(
    app: Flask, database: Database, client: FlaskClient
) -> None:
    writes = [one.split()[2] for one in _file(app, database, client, mixed(today())) if one.startswith("INSERT")]
    assert len(writes) == len(set(writes))
    sent = _file(app, database, client, bicycles(today()))
    first_row = next(at for at, one in enumerate(sent) if one.startswith("INSERT INTO declarations"))
    assert [one for one in sent[first_row:] if not one.startswith("INSERT")] == []


def _sent(who: Someone, path: str) -> list[str]:
    """What a page asks; opened twice, for some lists are made once for the process."""
    assert who.get(path).status_code == 200
    with Statements() as statements:
        who.get(path)
    return statements.sent


def test_the_pages_of_a_case(world: World) -> None:
    address = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, address)["number"]
    assert number in world.olga.get("/queue").text
    queue = _sent(world.olga, "/queue")
    desk, package = _sent(world.olga, open_case(world.olga, number)), _sent(world.anna, address)
    # The session behind the cookie is one statement of each page.
    assert len(queue) <= MOST_OF_A_QUEUE, "\n".join(queue)
    assert len(desk) <= MOST_OF_A_CASE, "\n".join(desk)
    assert len(package) <= MOST_OF_A_PACKAGE, "\n".join(package)


def test_talk_costs_the_pages_a_number_of_statements_that_does_not_grow(app: Flask, world: World) -> None:
    """Questions, notes, inspections and neighbours in the queue: three of each ask no more than one of each."""
    database: Database = app.extensions["akno.database"]
    address = file_xml(world.anna, packed("beef_flowers_pet"))
    key = uuid.UUID(address.rpartition("/")[2])
    case = open_case(world.olga, state(world.anna, address)["number"])
    pages = (
        (world.olga, "/queue"),
        (world.olga, case),
        (world.maria, f"/cases/{_review(app, key)}"),
        (world.anna, address),
    )
    seen = []
    for _ in range(3):
        with app.app_context(), transaction(database):
            scene.talk(key)
        file_xml(world.vera, packed("bicycles"))
        file_xml(world.anna, packed("beef_flowers_pet", lrn=f"N-{len(seen)}"))
        seen.append([_sent(who, path) for who, path in pages])
    for first, *later in zip(*seen, strict=True):
        assert [len(one) for one in later] == [len(first)] * 2, "\n".join(later[-1])
    queue, desk, customs, package = seen[-1]
    assert len(queue) <= MOST_OF_A_QUEUE
    assert max(len(desk), len(customs)) <= MOST_OF_A_CASE + MORE_WITH_TALK, "\n".join(customs)
    assert len(package) <= MOST_OF_A_PACKAGE + MORE_WITH_TALK, "\n".join(package)


def _review(app: Flask, declaration_id: uuid.UUID) -> uuid.UUID:
    with app.app_context(), transaction(app.extensions["akno.database"], writing=False):
        return scene.review_of(declaration_id, scene.CUSTOMS).id
