"""The store and the library behind the page."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.documents import finders, storage, uploading
from app.documents.models import Blob, Document
from app.errors import Invalid, NotAllowed, NotFound, Unavailable
from app.ledger.models import Entry
from tests.documents import files
from tests.documents.conftest import make_actor


def test_store_keeps_and_proves(store):
    key = store.put(b"akno")
    assert key == hashlib.sha256(b"akno").hexdigest()
    assert store.put(b"akno") == key
    assert store.has(key)
    assert store.read(key) == b"akno"
    assert (store.root / key[:2] / key).is_file()
    assert not list(store.root.rglob(".new-*"))


def test_store_notices_changed_bytes(store):
    key = store.put(b"akno")
    (store.root / key[:2] / key).write_bytes(b"okna")
    with pytest.raises(Unavailable):
        store.read(key)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "a" * 63 + "/"])
def test_store_takes_digests_only(store, key):
    with pytest.raises(NotFound):
        store.read(key)


def test_store_syncs_file_and_folder(store, monkeypatch):
    synced = []
    real = storage.os.fsync
    monkeypatch.setattr(storage.os, "fsync", lambda handle: (synced.append(handle), real(handle)))
    store.put(b"akno")
    assert len(synced) >= 2


def test_upload_is_remembered(session, anna):
    document = uploading.upload(owner_id=anna.organisation_id, data=files.pdf(), file_name="Сертыфікат Ў.pdf", by=anna)
    assert document.file_name == "Сертыфікат Ў.pdf"
    assert document.blob.scan == "not scanned"
    assert document.blob.media_type == "application/pdf"
    assert session.scalar(sa.select(Entry.event)) == "document.uploaded"
    assert finders.get_document(document.id, actor=anna) is document
    assert finders.find_document(anna.organisation_id, document.sha256) is document


def test_same_file_twice_is_one_document(session, anna):
    data = files.pdf()
    first = uploading.upload(owner_id=anna.organisation_id, data=data, file_name="a.pdf", by=anna)
    again = uploading.upload(owner_id=anna.organisation_id, data=data, file_name="a.pdf", by=anna)
    other = uploading.upload(owner_id=anna.organisation_id, data=data, file_name="b.pdf", by=anna)
    assert again is first
    assert other is not first
    assert session.scalar(sa.select(sa.func.count()).select_from(Blob)) == 1


def test_refused_file_leaves_no_row(session, anna, store):
    with pytest.raises(Invalid) as refused:
        uploading.upload(owner_id=anna.organisation_id, data=b"", file_name="пусты.pdf", by=anna)
    assert [(fault.code, fault.value) for fault in refused.value.faults] == [("FILE-EMPTY", "пусты.pdf")]
    assert session.scalar(sa.select(sa.func.count()).select_from(Document)) == 0


def test_library_is_the_owners(session, anna):
    other = make_actor(session, unp="190000027", name="Rosa Flora")
    document = uploading.upload(owner_id=anna.organisation_id, data=files.pdf(), file_name="a.pdf", by=anna)
    with pytest.raises(NotFound):
        finders.get_document(document.id, actor=other)
    assert not finders.list_documents(other).rows
    with pytest.raises(NotAllowed):
        uploading.upload(owner_id=anna.organisation_id, data=files.pdf(), file_name="a.pdf", by=other)


def test_library_pages_by_key(session, anna):
    for number in range(5):
        document = uploading.upload(owner_id=anna.organisation_id, data=files.pdf(), file_name=f"{number}.pdf", by=anna)
        document.uploaded_at += timedelta(seconds=number // 2)
    session.flush()
    seen, cursor = [], None
    while True:
        page = finders.list_documents(anna, cursor, limit=2)
        seen += [document.file_name for document in page.rows]
        cursor = page.following
        if cursor is None:
            break
    assert seen == ["4.pdf", "3.pdf", "2.pdf", "1.pdf", "0.pdf"]
    for bent in ("x", "2026-01-01~x", "2026-01-01T00:00:00~" + str(document.id)):
        with pytest.raises(NotFound):
            finders.list_documents(anna, bent)
