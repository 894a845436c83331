"""Picturing: what is filed is drawn once for its bytes by the worker, and what cannot be drawn says why."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import Database, transaction
from app.documents import darkroom, finders, picturing, storage, uploading
from app.documents.models import Blob, Rendition
from app.errors import NotFound
from app.intake import picturing as following
from app.jobs import registry
from app.jobs.engine import JobEngine
from tests.documents import files
from tests.factories.world import World
from tests.journeys.roads import file_xml, packed


def kept(database: Database, data: bytes, media_type: str, *, scan: str = "") -> str:
    with transaction(database):
        blob = uploading.keep(data, media_type=media_type)
        blob.scan = scan or blob.scan
        return blob.sha256


def wanted(app: Flask, database: Database, *digests: str) -> int:
    with transaction(database):
        return picturing.want(digests, jobs=app.extensions["akno.jobs"])


def pages_of(database: Database, sha256: str) -> finders.Pages:
    with transaction(database, writing=False):
        return finders.list_pages(sha256)


def run(database: Database, sha256: str) -> None:
    with transaction(database):
        registry.run(picturing.JOB, sha256)


def test_what_is_wanted_is_drawn_by_the_worker(app: Flask, database: Database, worker) -> None:
    data = files.pdf(lambda made: made.add_blank_page(page_size=(842, 595)))
    sha256 = kept(database, data, "application/pdf")
    assert pages_of(database, sha256) == finders.Pages("none")
    assert wanted(app, database, sha256) == 1
    assert pages_of(database, sha256).state == "wanted"
    worker.drain()
    pages = pages_of(database, sha256)
    assert (pages.state, pages.failure, pages.count) == ("drawn", "", 2)
    assert [(one.page, one.width) for one in pages.sheets] == [(1, 1400), (2, 1400)]
    png = storage.store().read(pages.sheets[0].picture_sha256 or "")
    assert darkroom.is_plain_png(png, pages.sheets[0].width, pages.sheets[0].height)
    with transaction(database, writing=False) as session:
        assert session.get_one(Blob, hashlib.sha256(png).hexdigest()).media_type == "image/png"


def test_the_same_bytes_are_asked_for_once(app: Flask, database: Database) -> None:
    sha256 = kept(database, files.picture("PNG"), "image/png")
    other = kept(database, files.picture("JPEG"), "image/jpeg")
    assert wanted(app, database, sha256, sha256) == 1
    assert wanted(app, database, sha256, other) == 1
    assert wanted(app, database, sha256, other) == 0
    jobs: JobEngine = app.extensions["akno.jobs"]
    assert jobs.count_waiting() == 2


def test_text_is_not_drawn(app: Flask, database: Database) -> None:
    sha256 = kept(database, b"<a/>", "application/xml")
    assert wanted(app, database, sha256, "f" * 64) == 0
    assert wanted(app, database) == 0


def test_the_job_is_safe_to_repeat(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = kept(database, files.pdf(), "application/pdf")
    wanted(app, database, sha256)
    with transaction(database):
        order = picturing.read(sha256)
        drawn = picturing.draw(order)
        picturing.store(drawn)
        picturing.store(drawn)
    before = pages_of(database, sha256)
    monkeypatch.setattr(darkroom, "develop", None)
    run(database, sha256)
    after = pages_of(database, sha256)
    assert [one.picture_sha256 for one in before.sheets] == [one.picture_sha256 for one in after.sheets]
    assert after.state == "drawn"


@pytest.mark.parametrize(
    ("data", "media_type", "scan", "failure"),
    [
        (b"%PDF-1.7", "application/pdf", "", "broken"),
        (files.huge_png(), "image/png", "", "too-large"),
        (files.pdf(), "application/pdf", "infected", "infected"),
    ],
)
def test_a_failure_is_kept_as_a_code(database: Database, data: bytes, media_type: str, scan: str, failure: str) -> None:
    sha256 = kept(database, data, media_type, scan=scan)
    run(database, sha256)
    pages = pages_of(database, sha256)
    assert (pages.state, pages.failure, list(pages.sheets)) == ("failed", failure, [])


def test_pages_that_were_drawn_are_shown_beside_the_failure(database: Database, monkeypatch) -> None:
    def two(data: bytes, media_type: str, keep, **limits) -> darkroom.Outcome:
        keep(darkroom.Picture(1, files.picture("PNG"), 40, 30))
        keep(darkroom.Picture(2, b"", 0, 0))
        return darkroom.Outcome(9, "too-long")

    monkeypatch.setattr(darkroom, "develop", two)
    sha256 = kept(database, files.pdf(), "application/pdf")
    run(database, sha256)
    pages = pages_of(database, sha256)
    assert (pages.state, pages.failure, pages.count) == ("failed", "too-long", 9)
    assert [(one.state, one.failure) for one in pages.sheets] == [("drawn", ""), ("failed", "broken")]
    with transaction(database, writing=False):
        assert finders.get_page(sha256, 1).width == 40
        for number in (0, 2, 3, -1):
            with pytest.raises(NotFound):
                finders.get_page(sha256, number)


def test_where_the_lock_fails_nothing_is_drawn_and_the_job_is_seen_to_fail(
    app: Flask, database: Database, worker, monkeypatch
) -> None:
    """A guard that cannot work holds; once it works, the administrator's retry draws."""
    sha256 = kept(database, files.pdf(), "application/pdf")
    wanted(app, database, sha256)
    with monkeypatch.context() as patch:
        patch.setattr(darkroom, "develop", lambda *_arguments: darkroom.Outcome(0, "no-guard"))
        worker.drain()
    assert (pages_of(database, sha256).state, pages_of(database, sha256).failure) == ("failed", "no-guard")
    jobs: JobEngine = app.extensions["akno.jobs"]
    with transaction(database):
        [failed] = jobs.list_failed()
        assert "seccomp" in failed.error
        jobs.retry(failed.key)
    worker.drain()
    assert pages_of(database, sha256).state == "drawn"


def test_bytes_that_are_gone_are_no_failure_of_the_file(database: Database) -> None:
    with pytest.raises(NotFound):
        run(database, "f" * 64)


# --- the reader of the ledger ----------------------------------------------------------------------------------------------


def follow(app: Flask, database: Database) -> None:
    more = 1
    while more:
        with app.app_context(), transaction(database):
            more = following.follow()


def test_what_is_filed_is_asked_for_and_the_filing_pays_nothing(
    app: Flask, world: World, database: Database, monkeypatch
) -> None:
    monkeypatch.setattr(following, "BATCH", 3)
    file_xml(world.anna, packed("beef_flowers_pet"))
    jobs: JobEngine = app.extensions["akno.jobs"]
    assert jobs.count_waiting() == 0, "the filing enqueues nothing"
    follow(app, database)
    with transaction(database, writing=False) as session:
        attached = set(session.scalars(sa.text("SELECT DISTINCT sha256 FROM attachments")))
        asked = set(session.scalars(sa.select(Rendition.sha256)))
        assert asked == attached != set()
    assert jobs.count_waiting() == len(attached)
    follow(app, database)
    assert jobs.count_waiting() == len(attached), "once"
