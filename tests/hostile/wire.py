"""Requests that two servers would read differently (trust.md S-SMUG), and lines that are no HTTP: bytes on a socket.

Behind each stands ``HIDDEN``, a whole second request: who answers two times has been talked into it. What is refused is
refused with 400 or 501, and the connection is closed.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
SECONDS = 20.0
"""How long an answer is waited for; the server gives up sooner."""
_STATUS = re.compile(rb"^HTTP/1\.[01] (\d{3}) ", re.MULTILINE)


def _post(*lines: bytes, body: bytes = b"", path: bytes = b"/sign-in") -> bytes:
    return b"\r\n".join((b"POST " + path + b" HTTP/1.1", b"Host: localhost", *lines, b"", b"")) + body


def _get(
    *lines: bytes, path: bytes = b"/static/site.css", version: bytes = b"HTTP/1.1", host: bytes = b"Host: localhost"
) -> bytes:
    return b"\r\n".join((b"GET " + path + b" " + version, host, *lines, b"", b""))


_CHUNKED, _LENGTH = b"Transfer-Encoding: chunked", b"Content-Length: 6"
_PIECE = b"0\r\n\r\n"

WIRE: Mapping[str, bytes] = {
    "S-SMUG CL.TE": _post(_LENGTH, _CHUNKED, body=_PIECE + HIDDEN),
    "S-SMUG TE.CL": _post(_CHUNKED, b"Content-Length: 4", body=b"28\r\n" + HIDDEN + _PIECE),
    "S-SMUG TE.TE": _post(_CHUNKED, b"Transfer-Encoding: x", body=_PIECE + HIDDEN),
    "S-SMUG TE in two": _post(b"Transfer-Encoding: x, chunked", body=_PIECE + HIDDEN),
    "S-SMUG TE turned round": _post(b"Transfer-Encoding: chunked, identity", body=_PIECE + HIDDEN),
    "S-SMUG TE twice chunked": _post(b"Transfer-Encoding: chunked, chunked", body=_PIECE + HIDDEN),
    "S-SMUG TE with a tab": _post(b"Transfer-Encoding:\tchunked", _LENGTH, body=_PIECE + HIDDEN),
    "S-SMUG TE with a blank before the colon": _post(b"Transfer-Encoding : chunked", _LENGTH, body=_PIECE + HIDDEN),
    "S-SMUG TE with an underline": _post(b"Transfer_Encoding: chunked", b"Content-Length: 0", body=HIDDEN),
    "S-SMUG TE in HTTP/1.0": _post(_CHUNKED, body=_PIECE + HIDDEN).replace(b"HTTP/1.1", b"HTTP/1.0", 1),
    "S-SMUG TE that nobody knows": _post(b"Transfer-Encoding: gzip, chunked", body=_PIECE + HIDDEN),
    "S-SMUG two lengths": _post(_LENGTH, b"Content-Length: 0", body=b"a=1&b=" + HIDDEN),
    "S-SMUG two lengths in a line": _post(b"Content-Length: 6, 0", body=b"a=1&b=" + HIDDEN),
    "S-SMUG a length with a sign": _post(b"Content-Length: +6", body=b"a=1&b=" + HIDDEN),
    "S-SMUG a length below nought": _post(b"Content-Length: -1", body=HIDDEN),
    "S-SMUG a length in hexadecimals": _post(b"Content-Length: 0x6", body=b"a=1&b=" + HIDDEN),
    "S-SMUG a length with a line under it": _post(b"Content-Length: 1_0", body=b"a=1&b=" + HIDDEN),
    "S-SMUG a piece without a number": _post(_CHUNKED, body=b"z\r\nabc\r\n" + _PIECE + HIDDEN),
    "S-SMUG a piece with a sign": _post(_CHUNKED, body=b"-1\r\nabc\r\n" + _PIECE + HIDDEN),
    "S-SMUG a piece with 0x": _post(_CHUNKED, body=b"0x3\r\nabc\r\n" + _PIECE + HIDDEN),
    "S-SMUG a piece longer than it says": _post(_CHUNKED, body=b"3\r\nabcdef\r\n" + _PIECE + HIDDEN),
    "S-SMUG a piece with an underline": _post(_CHUNKED, body=b"0_3\r\nabc\r\n" + _PIECE + HIDDEN),
    "S-SMUG a line that goes on": _get(b"X-A: b", b" Host: evil.example") + HIDDEN,
    "S-SMUG a name with a blank": _get(b"X A: b") + HIDDEN,
    "S-SMUG a line without a colon": _get(b"Nothing") + HIDDEN,
    "S-SMUG a NUL in a value": _get(b"X-A: a\0b") + HIDDEN,
    "S-SMUG a naked CR in a value": _get(b"X-A: a\rHost: evil.example") + HIDDEN,
    "S-SMUG a first line of two words": b"GET /\r\nHost: localhost\r\n\r\n" + HIDDEN,
    "S-SMUG a first line of four words": b"GET /static/site.css x HTTP/1.1\r\nHost: localhost\r\n\r\n" + HIDDEN,
    "S-SMUG a method in small letters and signs": b"ge{}t /static/site.css HTTP/1.1\r\nHost: localhost\r\n\r\n" + HIDDEN,
    "S-SMUG a first line of 10 KB": _get(path=b"/" + b"a" * 10_000) + HIDDEN,
    "S-SMUG a header of 10 KB": _get(b"X-A: " + b"a" * 10_000) + HIDDEN,
    "S-SMUG 200 headers": _get(*(b"X-%d: a" % n for n in range(200))) + HIDDEN,
    "S-SMUG HTTP/2 from the start": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN,
    "S-SMUG HTTP/9.9": _get(version=b"HTTP/9.9") + HIDDEN,
    "S-SMUG TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64) + b"\r\n\r\n",
    "S-HOST two hosts": _get(b"Host: evil.example") + HIDDEN,
    "S-HOST none": b"GET /static/site.css HTTP/1.1\r\n\r\n" + HIDDEN,
    "S-HOST another's": _get(host=b"Host: evil.example") + HIDDEN,
    "S-HOST another's in the first line": _get(path=b"http://evil.example/static/site.css", host=b"Host: evil.example") + HIDDEN,
}  # fmt: skip
"""What must be refused. Each is one try; nothing of it may reach the window as something else."""

BORNE: Mapping[str, bytes] = {
    "S-SMUG h2c": _get(b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA") + HIDDEN,
    "S-SMUG a websocket": _get(b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Key: dGhlIHNhbXBsZQ==") + HIDDEN,
    "S-SMUG two at once": _get() + HIDDEN,
    "S-SMUG a body where none belongs": _get(_LENGTH) + b"a=1&b=" + HIDDEN,
    "S-HOST the first line names another": _get(path=b"http://evil.example/static/site.css"),
    "S-HOST forwarded": _get(b"X-Forwarded-Host: evil.example", b"Forwarded: host=evil.example", b"X-Host: evil.example"),
    "S-METHOD TRACE": _get(b"X-Secret: canary").replace(b"GET", b"TRACE", 1),
    "S-METHOD CONNECT": _get(path=b"evil.example:443").replace(b"GET", b"CONNECT", 1),
    "S-METHOD overridden": _get(b"X-HTTP-Method-Override: DELETE", b"X-Method-Override: DELETE"),
}  # fmt: skip
"""What is answered like the plain request that it is, once: nothing is switched, nothing of it comes back."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back: the statuses of all answers, all bytes, and whether the other side hung up."""

    statuses: tuple[int, ...]
    data: bytes
    closed: bool


def exchange(port: int, pieces: Iterable[bytes], *, hang_up: bool = False) -> Heard:
    """Send bytes to the window and listen until it hangs up; ``hang_up``: close our side when all is sent."""
    got, closed = bytearray(), False
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as line:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for piece in pieces:
                line.sendall(piece)
            if hang_up:
                line.shutdown(socket.SHUT_WR)
        try:
            while more := line.recv(65_536):
                got += more
            closed = True
        except ConnectionResetError:
            closed = True
        except TimeoutError:
            # Left hanging: end it hard, so that nothing of it stays in the way.
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return Heard(tuple(int(one) for one in _STATUS.findall(bytes(got))), bytes(got), closed)


def wrong(name: str, heard: Heard) -> str:
    """What is wrong with the answer to a case; "" when nothing is."""
    said = f"{heard.statuses}{'' if heard.closed else ', left open'}: {heard.data[:80]!r}"
    if not heard.closed or len(heard.statuses) > 1 or b"evil" in heard.data or b"canary" in heard.data:
        return said
    if name in WIRE:
        # What is no HTTP at all may be hung up on without a word.
        return "" if heard.statuses in ((400,), (501,), (505,), (431,), (414,), ()) else said
    return "" if heard.statuses and 200 <= heard.statuses[0] < 500 else said
