"""A draft that is sent while somebody is saving it, and one that is sent from two tabs at once."""

from __future__ import annotations

import threading
import time

import sqlalchemy as sa
from flask import Flask

from app import clock, database
from app.cli import founding
from app.cli.packing import sample
from app.database import Database
from app.declarations import drafting, finders
from app.intake import opening, submission
from app.intake.models import Receipt
from tests.factories.world import World


def _draft(engines: Database) -> object:
    with database.transaction(engines):
        vera = founding.actor("vera")
        tree = opening.open_bytes(sample("bicycles", on=clock.today()).xml).tree
        assert tree is not None
        return drafting.open_tree(tree, by=vera, channel="xml").id


def _send(app: Flask, engines: Database, key: object, sent: list[object]) -> None:
    with app.app_context():
        try:
            with database.transaction(engines):
                vera = founding.actor("vera")
                draft = finders.get_declaration(key, actor=vera)  # type: ignore[arg-type]
                sent.append(submission.submit_draft(draft, by=vera).id)
        except BaseException as error:
            sent.append(error)


def test_what_was_saved_is_what_is_filed(world: World, app: Flask, database: Database) -> None:
    """The save is under way when the other tab sends: whoever was told "saved" finds it in the package."""
    key, sent = _draft(database), list[object]()
    sender = threading.Thread(target=_send, args=(app, database, key, sent))
    with app.app_context(), _writing(database):
        vera = founding.actor("vera")
        draft = finders.get_declaration(key, actor=vera)  # type: ignore[arg-type]
        drafting.save(draft, [("/Declaration/FunctionalReferenceID", "SAVED-IN-TIME", None)], by=vera)
        sender.start()
        time.sleep(0.5)
        assert sent == []
    sender.join(timeout=60)
    with _writing(database):
        filed = finders.get_declaration(key, actor=founding.actor("vera"))  # type: ignore[arg-type]
        assert filed.status == "under-review", sent
        assert filed.lrn == filed.registered_lrn == "SAVED-IN-TIME"
        assert b"SAVED-IN-TIME" in finders.get_version(filed).canonical


def test_two_tabs_send_one_draft_and_get_one_receipt(world: World, app: Flask, database: Database) -> None:
    key, sent = _draft(database), list[object]()
    tabs = [threading.Thread(target=_send, args=(app, database, key, sent)) for _ in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join(timeout=60)
    assert len(sent) == 4
    assert len(set(map(str, sent))) == 1, sent
    with _writing(database) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Receipt)) == 1


def _writing(engines: Database):  # type: ignore[no-untyped-def]
    return database.transaction(engines)
