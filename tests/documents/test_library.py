"""The library through the browser, by the named people."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from app.database import transaction
from app.documents.models import Blob, Document
from tests.documents import files


@pytest.fixture
def engines(database):
    return database


def bring(someone, *named):
    someone.get("/documents?lang=en")
    sent = [(io.BytesIO(data), name) for name, data in named]
    return someone.post("/documents", files=sent)


def test_several_files_at_once(world):
    answer = bring(world.anna, ("Сертыфікат №12 Ў.pdf", files.pdf()), ("scan.png", files.picture("PNG")))
    assert answer.status_code == 303
    page = world.anna.get("/documents").text
    assert "Сертыфікат №12 Ў.pdf" in page
    assert "2 files are in your library" in page
    assert page.count("not scanned (no scanner configured)") == 2
    assert "clean" not in page


def test_what_is_refused_says_why_and_keeps_the_rest(world, database):
    answer = bring(world.anna, ("good.pdf", files.pdf()), ("дрэнны.exe", b"MZ"), ("empty.pdf", b""))
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    for words in ("дрэнны.exe", "must be a PDF, JPEG, PNG or XML", "The selected file is empty", "good.pdf"):
        assert words in answer.text
    with transaction(database, writing=False) as session:
        assert session.scalars(sa.select(Document.file_name).order_by(Document.id.desc()).limit(1)).all() == [
            "good.pdf"
        ]


def test_nothing_chosen(world):
    answer = bring(world.anna)
    assert answer.status_code == 422
    assert "Select a file" in answer.text


def test_download_is_an_attachment_for_the_owner_only(world, database):
    bring(world.anna, ("Ветэрынарны сертыфікат.pdf", files.pdf()))
    with transaction(database, writing=False) as session:
        document = session.scalars(sa.select(Document).where(Document.file_name == "Ветэрынарны сертыфікат.pdf")).one()
    path = f"/documents/{document.id}/file"
    answer = world.anna.get(path)
    assert answer.data == files.pdf() or answer.data[:5] == b"%PDF-"
    assert answer.mimetype == "application/pdf"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert "filename*=UTF-8''" in disposition
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert world.vera.get(path).status_code == 404
    assert world.olga.get(path).status_code == 404
    with transaction(database) as session:
        session.execute(sa.update(Blob).where(Blob.sha256 == document.sha256).values(scan="infected"))
    assert world.anna.get(path).status_code == 403


def test_officers_and_strangers_have_no_library(world, client):
    assert world.olga.get("/documents").status_code == 403
    assert client.get("/documents").status_code in (302, 303)


def test_other_tongues(world):
    bring(world.anna, ("a.pdf", b""))
    answer = world.anna.browser.post(
        "/documents?lang=be", data={"csrf_token": world.anna.token(), "files": (io.BytesIO(b""), "пусты.pdf")}
    )
    assert "Выбраны файл пусты." in answer.text
