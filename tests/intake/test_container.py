"""The container against honest archives and every trick of trust.md A.5; pure: bytes in, files or faults out."""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile
import zlib

import pytest

from app.intake import archive
from app.intake.container import MOST_FILES, unpack
from app.intake.words import WORDS
from tests.intake.zips import STORED, STREAMED, UTF8, Part, honest, made, streamed, table
from tests.patience import BLOWN_UP

XML = b"<Declaration/>"
TABLE = table(XML)


@pytest.mark.parametrize("name", TABLE)
def test_a_trick_is_refused_by_its_name(name: str) -> None:
    data, code = TABLE[name]
    begun = time.process_time()
    found, faults = unpack(data)
    assert time.process_time() - begun < BLOWN_UP
    if code == "ATTACHMENT-UNNAMED":
        assert found is not None
        return
    assert found is None
    assert code in [fault.code for fault in faults]
    for fault in faults:
        assert fault.kind == "container"
        assert all(fault.message[one] and fault.remedy[one] for one in ("be", "ru", "en"))
        assert fault.value.isprintable(), fault.value


def test_no_declaration_lists_what_was_found() -> None:
    _, (fault,) = unpack(made([Part(b"folder/declaration.xml", XML), Part(b"a.pdf")]))
    assert fault.value == "a.pdf, folder/declaration.xml"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_honest_archive_is_read(method: int) -> None:
    files = {
        "declaration.xml": XML,
        "Сертыфікат якасці №5.pdf": b"%PDF" * 50_000,
        "папка/ліст.pdf": b"",
        "🐄.pdf": b"x",
    }
    found, faults = unpack(honest(files, method))
    assert faults == []
    assert found is not None
    assert {"declaration.xml": found.declaration, **found.attachments} == files


def test_folders_are_passed_over() -> None:
    found, _ = unpack(honest({"declaration.xml": XML, "docs/": b"", "docs/a.pdf": b"a"}))
    assert found is not None
    assert found.attachments == {"docs/a.pdf": b"a"}


def test_what_was_written_as_a_stream_is_read() -> None:
    files = {"declaration.xml": XML, "a.pdf": b"%PDF" * 1000, "b.pdf": b"b"}
    data = streamed(files)
    assert struct.unpack_from("<H", data, 6)[0] & STREAMED
    found, faults = unpack(data)
    assert faults == []
    assert found is not None
    assert found.attachments == {"a.pdf": files["a.pdf"], "b.pdf": b"b"}


@pytest.mark.parametrize("mark", [b"", b"PK\x07\x08"])
@pytest.mark.parametrize("wide", ["<2L", "<2Q"])
def test_every_shape_of_a_data_descriptor_is_read(mark: bytes, wide: str) -> None:
    part = Part(b"declaration.xml", XML, STORED, STREAMED)
    part.descriptor = mark + struct.pack("<L", zlib.crc32(XML)) + struct.pack(wide, len(XML), len(XML))
    found, faults = unpack(made([part, Part(b"a.pdf", b"a")]))
    assert [fault.code for fault in faults] == []
    assert found is not None
    assert found.attachments == {"a.pdf": b"a"}


NAMES = {
    "flagged UTF-8": Part("Ліст №5 ў.pdf".encode(), flags=UTF8),
    "UTF-8 without the flag": Part("Ліст №5 ў.pdf".encode()),
    "Info-ZIP's own field": Part(
        b"?.pdf", extra=struct.pack("<2HBL", 0x7075, 5 + len("Ліст №5 ў.pdf".encode()), 1, zlib.crc32(b"?.pdf"))
        + "Ліст №5 ў.pdf".encode(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", NAMES)
def test_cyrillic_names_are_kept(how: str) -> None:
    found, faults = unpack(made([Part(b"declaration.xml", XML), NAMES[how]]))
    assert faults == []
    assert found is not None
    assert list(found.attachments) == ["Ліст №5 ў.pdf"]


def test_names_of_the_old_code_page_are_read_as_cp866() -> None:
    name = "Сертификат качества Ў.pdf"
    found, _ = unpack(made([Part(b"declaration.xml", XML), Part(name.encode("cp866"), b"x")]))
    assert found is not None
    assert list(found.attachments) == [name]
    assert archive.FALLBACK == "cp866"


def test_a_field_that_belongs_to_another_name_is_not_believed() -> None:
    lie = struct.pack("<2HBL", 0x7075, 5 + 5, 1, zlib.crc32(b"other")) + b"x.pdf"
    found, _ = unpack(made([Part(b"declaration.xml", XML), Part(b"a.pdf", b"a", extra=lie)]))
    assert found is not None
    assert list(found.attachments) == ["a.pdf"]


def test_as_many_files_as_may_be() -> None:
    files = {"declaration.xml": XML} | {f"{n}.pdf": b"x" for n in range(MOST_FILES - 1)}
    found, faults = unpack(honest(files))
    assert faults == []
    assert found is not None
    assert len(found.attachments) == MOST_FILES - 1


def test_bytes_of_all_files_together_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.intake.container.MOST_BYTES", 10_000)
    body = random.Random(1).randbytes(6_000)
    found, (fault,) = unpack(honest({"declaration.xml": XML, "a.pdf": body, "b.pdf": body}))
    assert found is None
    assert (fault.code, fault.value) == ("ZIP-BOMB", "b.pdf")


def test_any_damage_is_told_never_raised() -> None:
    """Every cut, and 2 000 changes of one byte: an answer each time, and never other bytes than were sent."""
    files = {"declaration.xml": XML, "a.pdf": b"%PDF" * 40}
    data = honest(files)
    for end in range(len(data)):
        assert unpack(data[:end])[0] is None
    dice = random.Random(2)
    for _ in range(2_000):
        changed = bytearray(data)
        changed[dice.randrange(len(data))] = dice.randrange(256)
        found, faults = unpack(bytes(changed))
        assert (found is None) == bool(faults)
        if found is not None:
            assert found.declaration == XML
            assert list(found.attachments.values()) == [files["a.pdf"]]


def test_two_readers_see_the_same() -> None:
    """Whatever is let in reads the same in Python's own reader."""
    for data in (honest({"declaration.xml": XML, "a.pdf": b"1"}), streamed({"declaration.xml": XML, "a.pdf": b"1"})):
        found, _ = unpack(data)
        assert found is not None
        with zipfile.ZipFile(io.BytesIO(data)) as other:
            assert other.read("a.pdf") == found.attachments["a.pdf"]
            assert other.read("declaration.xml") == found.declaration


def test_every_code_of_the_table_has_words() -> None:
    assert {code for _, code in TABLE.values()} <= set(WORDS)
