"""Forms and uploads that lie about themselves (trust.md A.5, F7 to F9): bytes as a browser never writes them.

Each is one request: where it goes, its headers, its body. ``TOKEN`` in a body stands for the CSRF token of whoever sends it.
A length that is not true is written into the headers; whoever sends closes their side where the body ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.hostile.documents import Brought, pdf, picture

TOKEN = b"-the-token-of-the-session-"
EDGE = b"--x\r\n"
END = b"\r\n--x--\r\n"
MULTIPART = "multipart/form-data; boundary=x"
WHOLE = -1
"""The length of a body that is told as it is."""
MIB = 1024 * 1024
MOST = 60 * MIB
"""Bytes of the largest request that is read."""


@dataclass(frozen=True, slots=True)
class Form:
    """One request by POST: what may be answered, why, and the requirement of ASVS 5.0; ``length`` None: chunked."""

    path: str
    body: bytes
    answers: frozenset[int]
    why: str
    kind: str = MULTIPART
    length: int | None = WHOLE
    asvs: str = "4.2.1"
    headers: Mapping[str, str] = field(default_factory=dict)


def part(name: str, body: bytes, disposition: bytes = b"", more: bytes = b"") -> bytes:
    """One part of a form, without the edge that ends it."""
    told = disposition or b'form-data; name="%s"' % name.encode()
    return EDGE + b"Content-Disposition: " + told + b"\r\n" + more + b"\r\n" + body + b"\r\n"


def _file(
    disposition: bytes = b'form-data; name="files"; filename="a.pdf"', more: bytes = b"", body: bytes | None = None
) -> bytes:
    return part("csrf_token", TOKEN) + part("files", pdf() if body is None else body, disposition, more)[:-2] + END


def _named(told: bytes) -> Callable[[], Form]:
    """An upload whose part says this of its file; whatever the name is taken for, no header or path comes of it."""
    disposition = b'form-data; name="files"; ' + told
    return lambda: Form("/documents", _file(disposition), TAKEN_OR_NOT, "a name is cleaned at the door", asvs="5.3.2")


def _typed(more: bytes, body: bytes | None = None) -> Callable[[], Form]:
    return lambda: Form(
        "/documents", _file(more=more, body=body), TAKEN_OR_NOT, "what a file says it is is never asked", asvs="5.2.2"
    )


def uploaded(one: Brought) -> Form:
    """A file as a browser sends it to the library's page."""
    name = one.name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A").encode()
    disposition = b'form-data; name="files"; filename="%s"' % name
    return Form(
        "/documents",
        _file(disposition, body=one.data, more=b"Content-Type: application/octet-stream\r\n"),
        REFUSED,
        one.why,
    )


def package_of(data: bytes) -> Form:
    """A package as a browser sends it to the page."""
    ending = b"zip" if data[:2] == b"PK" else b"xml"
    body = part("package", data, b'form-data; name="package"; filename="package.%s"' % ending)
    return Form(
        "/file", part("csrf_token", TOKEN) + body[:-2] + END, frozenset({303, 422}), "a package ends at its receipt"
    )


TAKEN_OR_NOT = frozenset({303, 400, 422})
REFUSED = frozenset({400, 413, 422})
EARLY = frozenset({413})
_TEXT = b"<x/>"
_NOTE = "what is longer than the limit is not read"
_LIE = "what is read is what was said, at most"
_PARTS = "parts and their texts are counted while they are read"


def _parts(count: int) -> bytes:
    return part("csrf_token", TOKEN) + b"".join(part(f"a{n}", b"") for n in range(count)) + END[2:]


def _lines(count: int) -> bytes:
    """A part that begins with a line end and goes on without any (CVE-2023-46136 looked for the next edge at each)."""
    return (
        part("csrf_token", TOKEN)
        + part("package", b"\r\n" + b"a" * count, b'form-data; name="package"; filename="a.xml"')[:-2]
        + END
    )


FORMS: Mapping[str, Callable[[], Form]] = {
    "F7 says more than it sends": lambda: Form("/documents", _file(), TAKEN_OR_NOT, _LIE, length=10_000_000),
    "F7 says less than it sends": lambda: Form("/documents", _file(), REFUSED, _LIE, length=150),
    "F7 says nothing at all": lambda: Form("/documents", _file(), REFUSED, _LIE, length=0),
    "F7 says 1 GB": lambda: Form("/documents", _file(), EARLY, _NOTE, length=1024 * MIB),
    "F7 says 9 EB": lambda: Form("/documents", _file(), EARLY | {400}, _NOTE, length=2**63),
    "F7 in pieces, without its length": lambda: Form("/documents", _file(body=b"MZ"), REFUSED, "read as any other", length=None),
    "F7 61 MB in pieces": lambda: Form("/api/v1/check", b"x" * 61 * MIB, EARLY | {422}, _NOTE, "application/xml", None),
    "F7 61 MB of a package": lambda: Form("/api/v1/check", b"x" * 61 * MIB, EARLY, _NOTE, "application/xml"),
    "F7 a package that says 1 GB": lambda: Form("/api/v1/declarations", _TEXT, EARLY, _NOTE, "application/xml", 1024 * MIB),
    "F7 10 000 parts": lambda: Form("/documents", _parts(10_000), EARLY, _PARTS),
    "F7 a text of 3 MB": lambda: Form("/file", part("csrf_token", TOKEN) + part("package", b"x" * 3 * MIB)[:-2] + END, EARLY, _PARTS),
    "F7 a text that says 1 GB": lambda: Form("/file", part("a", b"x" * 1000)[:-2] + END, EARLY, _NOTE, length=1024 * MIB),
    "F7 a form of 3 MB of names": lambda: Form("/file", b"a" * 3 * MIB + b"=1", EARLY | {400}, _PARTS, "application/x-www-form-urlencoded"),
    "F7 a form of 100 000 names": lambda: Form("/file", b"&".join(b"a%d=1" % n for n in range(100_000)), REFUSED, _PARTS, "application/x-www-form-urlencoded"),
    "F7 a part that begins with a line end and goes on for 10 MB": lambda: Form("/file", _lines(10 * MIB), TAKEN_OR_NOT, "reading is linear"),
    "F7 a file of line ends": lambda: Form("/documents", _file(body=b"\r\n" * 2 * MIB), REFUSED, "reading is linear"),
    "F7 a file of edges that are none": lambda: Form("/documents", _file(body=b"\r\n--" * MIB), REFUSED, "reading is linear"),
    "F7 10 MB before the first part": lambda: Form("/file", b"a" * 10 * MIB + b"\r\n" + _parts(0), REFUSED, _PARTS),
    "F7 a head of 1 MB": lambda: Form("/documents", _file(more=b"X-A: " + b"a" * MIB + b"\r\n"), TAKEN_OR_NOT | EARLY, _PARTS),
    "F7 without an end": lambda: Form("/documents", _file()[: -len(END)], REFUSED, _LIE),
    "F7 without an edge": lambda: Form("/documents", _file(), REFUSED, _LIE, "multipart/form-data"),
    "F7 an edge of 100 KB": lambda: Form("/documents", _file(), REFUSED, _LIE, "multipart/form-data; boundary=" + "x" * 4_000),
    "F7 an edge with a line end": lambda: Form("/documents", _file(), REFUSED, _LIE, 'multipart/form-data; boundary="x\ty"'),
    "F7 nothing but an end": lambda: Form("/documents", END, REFUSED, _LIE),
    "F8 filename* alone": _named(b"filename*=UTF-8''a%0d%0aSet-Cookie:%20a=b.pdf"),
    "F8 filename* beside filename": _named(b"filename=\"a.pdf\"; filename*=UTF-8''..%2f..%2fetc%2fpasswd"),
    "F8 filename* in pieces": _named(b'filename*0="a.ex"; filename*1="e"; filename*2*=UTF-8\'\'.pdf'),
    "F8 filename* in a charset that nobody has": _named(b"filename*=nothing''a.pdf"),
    "F8 two names": _named(b'filename="a.pdf"; filename="b.exe"'),
    "F8 quotes": _named(b'filename="a\\".pdf\\"; x=\\".pdf"'),
    "F8 without its quotes": _named(b"filename=a b.pdf"),
    "F8 a quote that does not end": _named(b'filename="a.pdf'),
    "F8 CR and LF": _named(b'filename="a%0D%0ASet-Cookie: a=b.pdf"'),
    "F8 a naked LF": _named(b'filename="a\nSet-Cookie: a=b.pdf"'),
    "F8 a NUL": _named(b'filename="a.pdf\0.exe"'),
    "F8 5 KB": _named(b'filename="' + b"a" * 5_000 + b'.pdf"'),
    "F8 a path": _named(b'filename="C:\\\\fakepath\\\\..\\\\a.pdf"'),
    "F8 turned round": _named('filename="inv\u202efdp.exe"'.encode()),
    "F8 bytes that are no UTF-8": _named(b'filename="\xff\xfe.pdf"'),
    "F8 code": _named(b'filename="<img src=x onerror=alert(1)>.pdf"'),
    "F8 no disposition": lambda: Form("/documents", EDGE + b"\r\n" + pdf() + END, REFUSED, _LIE, asvs="5.3.2"),
    "F8 the disposition twice": _typed(b'Content-Disposition: form-data; name="csrf_token"\r\n'),
    "F8 the token as a file": lambda: Form("/documents", part("csrf_token", TOKEN, b'form-data; name="csrf_token"; filename="a"')[:-2] + END, frozenset({400}), "a token is a field", asvs="3.5.1"),
    "F9 a PDF that says it is a page": _typed(b"Content-Type: text/html\r\n"),
    "F9 a page that says it is a PDF": _typed(b"Content-Type: application/pdf\r\n", b"<html><script>alert(1)</script></html>"),
    "F9 a charset": _typed(b"Content-Type: application/pdf; charset=utf-7\r\n"),
    "F9 two kinds": _typed(b"Content-Type: application/pdf\r\nContent-Type: text/html\r\n"),
    "F9 a kind that is none": _typed(b"Content-Type: \xff/;;=\r\n"),
    "F9 base64": _typed(b"Content-Transfer-Encoding: base64\r\n", b"JVBERi0xLjQK"),
    "F9 forms within the form": _typed(b"Content-Type: multipart/mixed; boundary=y\r\n", b'--y\r\nContent-Disposition: file; filename="a.exe"\r\n\r\nMZ\r\n--y--'),
    "F9 a picture that says it is XML": lambda: Form("/api/v1/check", picture("PNG"), REFUSED | {200}, "what bytes are is what they are", "application/xml"),
    "F9 a package in UTF-7": lambda: Form("/api/v1/check", b"+ADw-Declaration/+AD4-", REFUSED | {200}, "UTF-8 alone is read", "application/xml; charset=utf-7"),
    "F9 a package as a form": lambda: Form("/api/v1/check", b"a=1", REFUSED | {200}, "what bytes are is what they are", "application/x-www-form-urlencoded"),
}  # fmt: skip
"""By the row of the table."""


def chunked(body: bytes, size: int = 65_536) -> Iterator[bytes]:
    """A body in pieces, as HTTP/1.1 sends one whose length nobody knows."""
    for at in range(0, len(body), size):
        piece = body[at : at + size]
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"
