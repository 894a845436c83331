"""A client of clamd, the daemon of ClamAV, over its socket: PING, VERSION and INSTREAM in the z form (clamd(8)).

Only the answer ``stream: OK`` is clean. A socket that is reset, falls silent or is full, an answer that is cut or of no
known form and every ERROR are "not scanned": a guard that cannot work holds (trust.md R27). Knows no database.
"""

from __future__ import annotations

import re
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

CHUNK = 64 * 1024
"""Bytes of one part of a stream; clamd takes any up to its StreamMaxLength."""
MOST_ANSWER = 4096
CONNECT_SECONDS = 2.0
"""A daemon on this machine answers at once or is down."""

_FOUND = re.compile(r"stream: (?P<name>[^\r\n]{1,400}) FOUND")
_VERSION = re.compile(r"ClamAV (?P<engine>[0-9A-Za-z.+~_-]{1,32})(?:/(?P<number>\d{1,12})/(?P<day>[^/\r\n]{8,40}))?")


class NotScanned(Exception):
    """Nothing is known of the bytes: ``because`` is a code: down, slow, oversize, cut-off or refused."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


@dataclass(frozen=True, slots=True)
class Verdict:
    """What clamd said of some bytes: ``found`` is the name of what it found, empty for nothing."""

    found: str = ""

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.found


@dataclass(frozen=True, slots=True)
class Signatures:
    """Which engine with which set: ``number`` of the official set (0: only signatures of one's own), ``made_at`` its day."""

    engine: str
    number: int = 0
    made_at: datetime | None = None

    @property
    def label(self) -> str:
        """Engine and set in one word, as it is kept with a result: ``1.4.3/27500``."""
        return f"{self.engine}/{self.number}"


@dataclass(frozen=True, slots=True)
class Clamd:
    """A daemon at ``place``: the path of a Unix socket, or ``host:port``. Seconds are for a whole scan of one file."""

    place: str
    seconds: float = 60.0
    most_bytes: int = 60 * 1024 * 1024

    def ping(self) -> None:
        """Raise NotScanned unless the daemon answers."""
        if self._ask(b"zPING\0", ()) != "PONG":
            raise NotScanned("refused")

    def signatures(self) -> Signatures:
        """Return engine and signature set. Raises NotScanned."""
        return read_version(self._ask(b"zVERSION\0", ()))

    def scan(self, data: bytes) -> Verdict:
        """Return what the daemon says of some bytes. Raises NotScanned whenever it says nothing that can be relied on."""
        if len(data) > self.most_bytes:
            raise NotScanned("oversize")
        return read_verdict(self._ask(b"zINSTREAM\0", _parts(data)))

    def _ask(self, command: bytes, parts: Iterable[bytes]) -> str:
        deadline = time.monotonic() + self.seconds
        try:
            with _connected(self.place, min(CONNECT_SECONDS, self.seconds)) as line:
                try:
                    for part in (command, *parts):
                        line.settimeout(_left(deadline))
                        line.sendall(part)
                except (BrokenPipeError, ConnectionResetError):
                    # It may have said why before it hung up: over its own limit of a stream it does.
                    return _hear(line, deadline) or _cut_off()
                return _hear(line, deadline)
        except TimeoutError:
            raise NotScanned("slow") from None
        except (BrokenPipeError, ConnectionResetError):
            raise NotScanned("cut-off") from None
        except (OSError, ValueError):
            raise NotScanned("down") from None


def read_verdict(answer: str) -> Verdict:
    """Read an answer to INSTREAM. Pure. Raises NotScanned for everything but OK and FOUND."""
    if answer == "stream: OK":
        return Verdict()
    found = _FOUND.fullmatch(answer)
    if found is not None:
        return Verdict(found["name"])
    if "size limit exceeded" in answer:
        raise NotScanned("oversize")
    raise NotScanned("refused" if answer else "cut-off")


def read_version(answer: str) -> Signatures:
    """Read an answer to VERSION. Pure. Raises NotScanned for what is none. Only the official set has a number and a day."""
    found = _VERSION.fullmatch(answer)
    if found is None:
        raise NotScanned("refused" if answer else "cut-off")
    if not found["number"]:
        return Signatures(found["engine"])
    try:
        day = datetime.strptime(" ".join(found["day"].split()), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        # A set whose day cannot be read is as old as can be.
        day = None
    return Signatures(found["engine"], int(found["number"]), day)


def _parts(data: bytes) -> Iterator[bytes]:
    """The stream as clamd wants it: each part behind its length in network order, and a length of zero at the end."""
    for at in range(0, len(data), CHUNK):
        part = data[at : at + CHUNK]
        yield struct.pack("!L", len(part)) + part
    yield struct.pack("!L", 0)


def _connected(place: str, seconds: float) -> socket.socket:
    host, colon, port = place.rpartition(":")
    if not place.startswith("/") and colon:
        return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(seconds)
        line.connect(place)
    except OSError:
        line.close()
        raise
    return line


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _hear(line: socket.socket, deadline: float) -> str:
    """Return the answer up to its zero byte; an answer without one is cut off and counts for nothing."""
    heard = b""
    while b"\0" not in heard:
        if len(heard) > MOST_ANSWER:
            raise NotScanned("refused")
        line.settimeout(_left(deadline))
        part = line.recv(MOST_ANSWER)
        if not part:
            raise NotScanned("cut-off")
        heard += part
    return heard.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _cut_off() -> str:
    raise NotScanned("cut-off")
