"""Files as people send them, honest and otherwise; each is made here, none is taken from anywhere."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image


def pdf(change=None, **save) -> bytes:
    """A one-page PDF; ``change`` gets the open document."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def picture(form: str, size=(40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#ffd166").save(out, form)
    return out.getvalue()


def huge_png(wide: int = 100_000, high: int = 100_000) -> bytes:
    """A PNG of so many pixels (10 000 million) in a few hundred bytes: only its head says so."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.class", "x")
    return out.getvalue()


def javascript(document) -> None:
    document.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(
            Names=pikepdf.Array(
                ["go", document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))]
            )
        )
    )


def open_action(document) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="http://example.com")


def launch(document) -> None:
    document.pages[0].Annots = pikepdf.Array(
        [document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9],
            A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")))]
    )  # fmt: skip


def embedded(document) -> None:
    document.attachments["virus.exe"] = pikepdf.AttachedFileSpec(document, b"MZ", filename="virus.exe")


def xfa(document) -> None:
    document.Root.AcroForm = pikepdf.Dictionary(XFA=document.make_stream(b"<xdp/>"), Fields=pikepdf.Array())


def shows_page(document) -> None:
    document.Root.OpenAction = pikepdf.Array([document.pages[0].obj, pikepdf.Name.Fit])


def bomb(size: int = 1024**3) -> bytes:
    """A PDF of a few megabytes whose object stream unfolds to ``size`` bytes."""
    packer = zlib.compressobj(1)
    block = b" " * (16 * 1024 * 1024)
    body = packer.compress(b"3 0 << /Type /Catalog /Pages 4 0 R >> ")
    for _ in range(size // len(block)):
        body += packer.compress(block)
    body += packer.flush()
    head = b"%PDF-1.7\n"
    stream = b"1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(body)
    stream += body + b"\nendstream\nendobj\n"
    at = len(head) + len(stream)
    rows = b"".join(
        bytes(row)
        for row in ((0, 0, 0, 0, 0, 0), (1, 0, 0, 0, 9, 0), (1, *at.to_bytes(4, "big"), 0), (2, 0, 0, 0, 1, 0))
    )
    cross = b"2 0 obj\n<< /Type /XRef /Size 4 /W [1 4 1] /Root 3 0 R /Length %d >>\nstream\n" % len(rows)
    return head + stream + cross + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at
