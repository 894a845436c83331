"""Files for the library that are not what they seem, or too much (trust.md A.5, F1 to F6): each with the code it gets.

``code`` "" means that the file is taken: nothing in it runs by itself, and it only ever leaves as a download that no
browser opens. Every file is made here, small ones by hand, so that each byte of a trick can be seen.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pikepdf
from PIL import Image

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS" + b"-TEST-FILE!$H+H*"
"""The harmless text that every scanner calls a virus, in pieces, so that no scanner stops at this file."""
CALLED = "http://127.0.0.1:9/"
"""Where a file tries to lead whoever opens it; the run against the served window puts a listener there."""
LARGEST = 20 * 1024 * 1024
"""Bytes of the largest file that is taken."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it is brought: its name, its bytes, the code of the answer, why, and the requirement of ASVS 5.0."""

    name: str
    data: bytes
    code: str
    why: str
    asvs: str = "5.2.2"


def pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **save: object) -> bytes:
    """A PDF of one page, changed while it is open."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, **save)  # type: ignore[arg-type]
    return out.getvalue()


def raw_pdf(*objects: bytes, root: int = 1, tail: bytes = b"") -> bytes:
    """A PDF of the given objects (1, 2, ...) with a table that is right; ``tail`` stands in its trailer."""
    out, starts = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % start for start in starts)
    out += b"trailer\n<< /Size %d /Root %d 0 R %s >>\n" % (len(objects) + 1, root, tail)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % at)


CATALOG, PAGES = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"


def picture(form: str, size: tuple[int, int] = (40, 30), **save: object) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, "#ffd166").save(out, form, **save)  # type: ignore[arg-type]
    return out.getvalue()


def archive(name: str = "a.class", body: bytes = b"x") -> bytes:
    """A ZIP (so a JAR too) with one member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, body)
    return out.getvalue()


def png(width: int, height: int, data: bytes, *more: bytes, kind: int = 2) -> bytes:
    """A PNG of these dimensions, whatever its data are; ``more`` chunks stand before the data."""
    head = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(more) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _action(subtype: str, **more: object) -> Callable[[pikepdf.Pdf], None]:
    """A link on the page that does something when it is pressed."""

    def change(document: pikepdf.Pdf) -> None:
        done = pikepdf.Dictionary(S=pikepdf.Name(f"/{subtype}"), **more)
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=done)
        document.pages[0].obj.Annots = pikepdf.Array([document.make_indirect(link)])

    return change


def _opening(subtype: str, **more: object) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name(f"/{subtype}"), **more)

    return change


def _attached(body: bytes) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        document.attachments["a.exe"] = pikepdf.AttachedFileSpec(document, body, filename="a.exe")

    return change


def _form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = pikepdf.Dictionary(XFA=document.make_stream(b"<xdp/>"), Fields=pikepdf.Array())


def _at_each_page(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))


def many_pages(count: int) -> bytes:
    """So many pages, all of them one and the same object."""
    kids = b"3 0 R " * count
    return raw_pdf(CATALOG, b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % count, PAGE)


def deep_pages(depth: int) -> bytes:
    """A tree of pages that is a chain."""
    links = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (n + 3, n + 1) for n in range(depth)]
    last = PAGE.replace(b"2 0 R", b"%d 0 R" % (depth + 1))
    return raw_pdf(CATALOG, *links, last)


def ring_of_pages() -> bytes:
    """A tree of pages whose child is its own parent."""
    return raw_pdf(CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>")


def bomb(size: int) -> bytes:
    """A PDF of a few megabytes whose stream of objects unfolds to ``size`` bytes."""
    packer, block = zlib.compressobj(1), b" " * (16 * 1024 * 1024)
    body = packer.compress(b"3 0 << /Type /Catalog /Pages 4 0 R >> ")
    for _ in range(size // len(block)):
        body += packer.compress(block)
    body += packer.flush()
    head = b"%PDF-1.7\n"
    stream = b"1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(body)
    stream += body + b"\nendstream\nendobj\n"
    at = len(head) + len(stream)
    rows = bytes(6) + bytes((1, 0, 0, 0, 9, 0)) + bytes((1, *at.to_bytes(4, "big"), 0)) + bytes((2, 0, 0, 0, 1, 0))
    cross = b"2 0 obj\n<< /Type /XRef /Size 4 /W [1 4 1] /Root 3 0 R /Length %d >>\nstream\n" % len(rows)
    return head + stream + cross + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at


def _page_with(content: bytes, filters: bytes = b"") -> bytes:
    stream = b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), filters, content)
    return raw_pdf(CATALOG, PAGES, PAGE.replace(b">>", b"/Contents 4 0 R >>"), stream)


def _claims(length: int) -> bytes:
    return _page_with(b"q Q").replace(b"/Length 3", b"/Length %d" % length)


def _located() -> bytes:
    """A photograph that knows where it was made."""
    noted = Image.Exif()
    noted[0x8825] = {1: "N", 2: (53.0, 54.0, 0.0), 3: "E", 4: (27.0, 33.0, 0.0)}
    return picture("JPEG", exif=noted.tobytes())


def _moving(form: str) -> bytes:
    out = io.BytesIO()
    first, *rest = [Image.new("RGB", (40, 30), (n, 0, 0)) for n in range(20)]
    first.save(out, form, save_all=True, append_images=rest)
    return out.getvalue()


_RUNS = "what runs by itself is refused by the structure of the file"
_OTHER = "name, first bytes and structure must agree"
_TWO = "a file is one file"
_ALONE = "opened apart, with little memory and time"
_DOWN = "nothing in it runs; it only leaves as a download in a sandbox"
_KIND = "PDF, JPEG, PNG and XML are taken, nothing else"
_NAME = "the last ending counts; unseen signs and devices are refused"
_HTML = b"<!doctype html><html><body><script>alert(document.domain)</script></body></html>"
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
_RTF = b"{\\rtf1{\\object\\objocx{\\*\\objdata 0105000002000000}}}"
_HTA = b"<html><hta:application/><script language=vbscript>CreateObject(1)</script></html>"
_WORD = archive("word/vbaProject.bin", b"Sub AutoOpen()")


FILES: Mapping[str, Callable[[], Brought]] = {
    "F1 EICAR by its name": lambda: Brought("eicar.com", EICAR, "FILE-TYPE", _KIND, "5.4.3"),
    "F1 EICAR as a PDF": lambda: Brought("a.pdf", EICAR, "FILE-NOT-AS-NAMED", _OTHER, "5.4.3"),
    "F1 EICAR in the attachment of a PDF": lambda: Brought("a.pdf", pdf(_attached(EICAR)), "FILE-ACTIVE", _RUNS, "5.4.3"),
    "F1 EICAR in a ZIP in a ZIP": lambda: Brought("a.zip", archive("b.zip", archive("c.com", EICAR)), "FILE-TYPE", _KIND, "5.4.3"),
    "F2 a document with macros": lambda: Brought("permit.docm", _WORD, "FILE-TYPE", _KIND),
    "F2 a sheet with macros": lambda: Brought("permit.xlsm", _WORD, "FILE-TYPE", _KIND),
    "F2 macros as a PDF": lambda: Brought("permit.pdf", _WORD, "FILE-NOT-AS-NAMED", _OTHER),
    "F2 an old document": lambda: Brought("permit.doc", _OLE, "FILE-TYPE", _KIND),
    "F2 an old document as a picture": lambda: Brought("permit.jpg", _OLE, "FILE-NOT-AS-NAMED", _OTHER),
    "F2 a template of elsewhere": lambda: Brought("permit.xml", b'<?mso-application progid="Word.Document"?><!DOCTYPE w SYSTEM "' + CALLED.encode() + b'"><w/>', "FILE-ACTIVE", _RUNS),
    "F2 a cell that starts a program": lambda: Brought("permit.csv", b"=cmd|'/C calc'!A0", "FILE-TYPE", _KIND),
    "F2 RTF with an object": lambda: Brought("permit.rtf", _RTF, "FILE-TYPE", _KIND),
    "F2 RTF as a PDF": lambda: Brought("permit.pdf", _RTF, "FILE-NOT-AS-NAMED", _OTHER),
    **{
        f"F3 the name {name!r}": (lambda name=name, code=code: Brought(name, pdf(), code, _NAME, "5.3.2"))
        for name, code in (
            ("invoice.pdf.exe", "FILE-TYPE"), ("a.pdf\x00.exe", "FILE-NAME"), ("a.pdf.", "FILE-NAME"), (".htaccess", "FILE-NAME"),
            ("con.pdf", "FILE-NAME"), ("LPT1.pdf", "FILE-NAME"), ("inv\u202efdp.exe", "FILE-NAME"), ("a\u200b.pdf", "FILE-NAME"),
            ("a\r\nSet-Cookie: a=b.pdf", "FILE-NAME"), ("a" * 300 + ".pdf", "FILE-NAME"), ("a.pdf::$DATA", "FILE-NAME"),
            ("a.pdf ", ""), ("a.PDF", ""), ("invoice", "FILE-TYPE"), ("a\uff0fb.pdf", ""), ("a.рdf", "FILE-TYPE"),
        )
    },
    "F4 a page as a picture": lambda: Brought("a.png", _HTML, "FILE-NOT-AS-NAMED", _OTHER, "5.3.1"),
    "F4 a page as a PDF": lambda: Brought("a.pdf", _HTML, "FILE-NOT-AS-NAMED", _OTHER, "5.3.1"),
    "F4 a drawing as a picture": lambda: Brought("a.jpg", _SVG, "FILE-NOT-AS-NAMED", _OTHER, "1.3.4"),
    "F4 a drawing as XML": lambda: Brought("a.xml", _SVG, "FILE-NOT-AS-NAMED", "what a browser would run is no document", "1.3.4"),
    "F4 a drawing inside XML": lambda: Brought("a.xml", b"<a>" + _SVG + b"</a>", "", _DOWN, "1.3.4"),
    "F4 a drawing by its name": lambda: Brought("a.svg", _SVG, "FILE-TYPE", _KIND, "1.3.4"),
    "F4 a page in XML": lambda: Brought("a.xml", b'<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>', "FILE-NOT-AS-NAMED", "what a browser would run is no document", "5.3.1"),
    "F4 a stylesheet that runs": lambda: Brought("a.xml", b'<?xml-stylesheet type="text/xsl" href="' + CALLED.encode() + b'"?><x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform" version="1.0"/>', "", _DOWN, "5.3.1"),
    "F4 a script as a PDF": lambda: Brought("a.pdf", b"alert(1)//%PDF-1.4", "FILE-NOT-AS-NAMED", _OTHER, "5.3.1"),
    "F4 an application of HTML as a PDF": lambda: Brought("a.pdf", _HTA, "FILE-NOT-AS-NAMED", _OTHER, "5.3.1"),
    "F4 a page that says later that it is a PDF": lambda: Brought("a.pdf", _HTML + pdf(), "FILE-NOT-AS-NAMED", _OTHER, "5.3.1"),
    "F4 a picture with a JAR behind": lambda: Brought("a.jpg", picture("JPEG") + archive(), "FILE-TWO-IN-ONE", _TWO),
    "F4 a GIF with a JAR behind": lambda: Brought("a.gif", picture("GIF") + archive(), "FILE-TYPE", _KIND),
    "F4 a GIF with a JAR behind as a picture": lambda: Brought("a.png", picture("GIF") + archive(), "FILE-NOT-AS-NAMED", _OTHER),
    "F4 a PDF with a ZIP behind": lambda: Brought("a.pdf", pdf() + archive(), "FILE-TWO-IN-ONE", _TWO),
    "F4 a PDF with a ZIP before": lambda: Brought("a.pdf", archive() + pdf(), "FILE-NOT-AS-NAMED", _OTHER),
    "F4 a PDF with a page behind": lambda: Brought("a.pdf", pdf() + _HTML, "FILE-TWO-IN-ONE", _TWO, "5.3.1"),
    "F4 a PDF with a program behind": lambda: Brought("a.pdf", pdf() + b"MZ" + bytes(3000), "FILE-TWO-IN-ONE", _TWO),
    "F4 a PDF with a page in its comments": lambda: Brought("a.pdf", pdf().replace(b"\n", b"\n%" + _HTML + b"\n", 1), "", _DOWN, "5.3.1"),
    "F4 a picture with a page behind": lambda: Brought("a.png", picture("PNG") + _HTML, "FILE-TWO-IN-ONE", _TWO, "5.3.1"),
    "F4 a photograph with a page behind": lambda: Brought("a.jpg", picture("JPEG") + _HTML, "FILE-TWO-IN-ONE", _TWO, "5.3.1"),
    "F4 a photograph with a program behind": lambda: Brought("a.jpg", picture("JPEG") + b"MZ" + bytes(3000), "FILE-TWO-IN-ONE", _TWO),
    "F4 a picture with a page in its comment": lambda: Brought("a.jpg", picture("JPEG", comment=_HTML), "", _DOWN, "5.3.1"),
    "F5 JavaScript": lambda: Brought("a.pdf", pdf(_action("JavaScript", JS="app.alert(1)")), "FILE-ACTIVE", _RUNS),
    "F5 JavaScript behind another name": lambda: Brought("a.pdf", pdf(_action("JavaScript", JS="app.alert(1)"), object_stream_mode=pikepdf.ObjectStreamMode.disable).replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53"), "FILE-ACTIVE", _RUNS),
    "F5 JavaScript in a stream of objects": lambda: Brought("a.pdf", pdf(_action("JavaScript", JS="app.alert(1)"), object_stream_mode=pikepdf.ObjectStreamMode.generate), "FILE-ACTIVE", _RUNS),
    "F5 JavaScript at each page": lambda: Brought("a.pdf", pdf(_at_each_page), "FILE-ACTIVE", _RUNS),
    "F5 an address on opening": lambda: Brought("a.pdf", pdf(_opening("URI", URI=CALLED)), "FILE-ACTIVE", _RUNS),
    "F5 a program": lambda: Brought("a.pdf", pdf(_action("Launch", F="cmd.exe")), "FILE-ACTIVE", _RUNS),
    "F5 another file": lambda: Brought("a.pdf", pdf(_action("GoToR", F="\\\\127.0.0.1\\a")), "FILE-ACTIVE", _RUNS),
    "F5 an attached file that is gone to": lambda: Brought("a.pdf", pdf(_action("GoToE", F="a")), "FILE-ACTIVE", _RUNS),
    "F5 a form that is sent": lambda: Brought("a.pdf", pdf(_action("SubmitForm", F=CALLED)), "FILE-ACTIVE", _RUNS),
    "F5 data that are fetched": lambda: Brought("a.pdf", pdf(_action("ImportData", F=CALLED)), "FILE-ACTIVE", _RUNS),
    "F5 a file within": lambda: Brought("a.pdf", pdf(_attached(b"MZ")), "FILE-ACTIVE", _RUNS),
    "F5 XFA": lambda: Brought("a.pdf", pdf(_form), "FILE-ACTIVE", _RUNS),
    "F5 a link to press": lambda: Brought("a.pdf", pdf(_action("URI", URI=CALLED)), "", "a link does nothing by itself; pictures of pages have none"),
    "F5 a password": lambda: Brought("a.pdf", pdf(encryption=pikepdf.Encryption(owner="s", user="s", R=6)), "FILE-LOCKED", "nobody could read it"),
    "F5 a password for printing": lambda: Brought("a.pdf", pdf(encryption=pikepdf.Encryption(owner="s", user="", R=6)), "FILE-LOCKED", "nobody could look into it"),
    "F5 100 000 pages": lambda: Brought("a.pdf", many_pages(100_000), "FILE-PAGES", _ALONE, "5.2.1"),
    "F5 a tree of pages 5 000 deep": lambda: Brought("a.pdf", deep_pages(5_000), "FILE-BROKEN", _ALONE, "5.2.1"),
    "F5 pages in a ring": lambda: Brought("a.pdf", ring_of_pages(), "FILE-BROKEN", _ALONE, "5.2.1"),
    "F5 150 000 objects": lambda: Brought("a.pdf", raw_pdf(CATALOG, PAGES, PAGE, *(b"null",) * 150_000), "FILE-PAGES", _ALONE, "5.2.1"),
    "F5 an array 100 000 deep": lambda: Brought("a.pdf", raw_pdf(CATALOG, PAGES, PAGE, b"[" * 100_000 + b"]" * 100_000), "", "what is nested too deep is read as nothing", "5.2.1"),
    "F5 an array 200 deep": lambda: Brought("a.pdf", raw_pdf(CATALOG, PAGES, PAGE, b"[" * 200 + b"]" * 200), "FILE-BROKEN", _ALONE, "5.2.1"),
    "F5 a page of 10^9 points": lambda: Brought("a.pdf", raw_pdf(CATALOG, PAGES, PAGE.replace(b"595 842", b"1000000000 1000000000")), "", "a picture of it has the size of any other", "5.2.6"),
    "F5 a table that leads to itself": lambda: Brought("a.pdf", _ring(), "", "read once; nothing runs", "5.2.1"),
    "F5 a stream that says 2 GB": lambda: Brought("a.pdf", _claims(2_147_483_648), "", "the length is looked up, not believed", "5.2.1"),
    "F5 a stream that unfolds to 1 GB": lambda: Brought("a.pdf", bomb(1024**3), "FILE-BROKEN", _ALONE, "5.2.3"),
    "F5 a filter of filters": lambda: Brought("a.pdf", _page_with(b"x" * 64, b"/Filter [" + b"/FlateDecode " * 5_000 + b"]"), "", "what a page says is read in the sandbox alone", "5.2.3"),
    "F5 without its end": lambda: Brought("a.pdf", pdf()[:200], "FILE-BROKEN", _ALONE),
    "F5 only its first line": lambda: Brought("a.pdf", b"%PDF-1.7\n", "FILE-BROKEN", _ALONE),
    "F6 100 000 x 100 000": lambda: Brought("a.png", png(100_000, 100_000, zlib.compress(bytes(1000))), "FILE-PIXELS", "asked before anything is decoded", "5.2.6"),
    "F6 65 000 x 65 000 as JPEG": lambda: Brought("a.jpg", _wide_jpeg(), "FILE-PIXELS", "asked before anything is decoded", "5.2.6"),
    "F6 49 megapixels in 50 KB": lambda: Brought("a.png", png(7_000, 7_000, zlib.compress(bytes((7_000 * 3 + 1) * 7_000), 9)), "", _ALONE, "5.2.6"),
    "F6 one pixel and words that unfold to 50 MB": lambda: Brought("a.png", png(1, 1, zlib.compress(bytes(4)), chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(50_000_000), 9))), "FILE-BROKEN", _ALONE, "5.2.3"),
    "F6 one pixel and a profile that unfolds to 50 MB": lambda: Brought("a.png", png(1, 1, zlib.compress(bytes(4)), chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(50_000_000), 9))), "FILE-BROKEN", _ALONE, "5.2.3"),
    "F6 one pixel and 21 MB behind": lambda: Brought("a.png", picture("PNG", (1, 1)) + bytes(21_000_000), "FILE-TOO-BIG", "the limit of bytes comes first", "5.2.1"),
    "F6 a picture that moves": lambda: Brought("a.png", _moving("PNG"), "FILE-MOVES", "a document is one picture", "5.2.6"),
    "F6 a GIF that moves": lambda: Brought("a.jpg", _moving("GIF"), "FILE-NOT-AS-NAMED", _OTHER),
    "F6 half a picture": lambda: Brought("a.jpg", picture("JPEG", (400, 300))[:700], "FILE-BROKEN", "half a permit is none"),
    "F6 a picture that says where it was made": lambda: Brought("a.jpg", _located(), "", "the pictures that are shown know nothing of it", "5.2.2"),
    "F7 nothing": lambda: Brought("a.pdf", b"", "FILE-EMPTY", "an empty file is no document", "5.2.1"),
    "F7 one byte": lambda: Brought("a.pdf", b"%", "FILE-NOT-AS-NAMED", _OTHER, "5.2.1"),
    "F7 the largest but one byte": lambda: Brought("a.png", _padded(LARGEST - 1), "", "the limit is exact", "5.2.1"),
    "F7 the largest": lambda: Brought("a.png", _padded(LARGEST), "", "the limit is exact", "5.2.1"),
    "F7 one byte more": lambda: Brought("a.png", _padded(LARGEST + 1), "FILE-TOO-BIG", "the limit is exact", "5.2.1"),
}  # fmt: skip
"""By the row of the table. What the pixels, pages and objects of a file are is asked in a child that may die of it."""


def _ring() -> bytes:
    """Its table of objects names itself as the one before."""
    made = raw_pdf(CATALOG, PAGES, PAGE, tail=b"/Prev 0000000000")
    return made.replace(b"/Prev 0000000000", b"/Prev %010d" % made.rindex(b"xref\n0 "))


def _wide_jpeg() -> bytes:
    made = picture("JPEG")
    at = made.index(b"\xff\xc0") + 5
    return made[:at] + struct.pack(">HH", 65_000, 65_000) + made[at + 4 :]


def _padded(size: int) -> bytes:
    """A picture of exactly so many bytes, as a program writes it that keeps its own notes in it."""
    made = picture("PNG")
    room = size - len(made) - 12
    return made[:-12] + chunk(b"prVt", bytes(room)) + made[-12:]
