"""One try at the network: send a message to a checked address and look at the answer. No database, no settings.

No redirect is followed, no proxy is asked, nothing is unpacked. Everything together (connect, handshake, send, read) has one
deadline: a clock beside it closes the connection, so that no drop-by-drop answer outlasts it.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from app.webhooks.addresses import Address, Target

SECONDS = 10.0
CONNECT_SECONDS = 4.0
"""What one address of a name may take to answer at all, so that there is time left for another one."""
MOST_READ = 64 * 1024
"""Bytes of an answer that are read; the rest is left with whoever sends it."""
MOST_KEPT = 1024
"""Bytes of an answer that the log keeps."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try: the status of the answer, or the code of what went wrong; milliseconds; the beginning of the answer
    as text."""

    status: int | None
    error: str = ""
    milliseconds: int = 0
    text: str = ""

    @property
    def delivered(self) -> bool:
        """Whether the receiver took it: 2xx alone; a redirect is a failure."""
        return not self.error and self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the receiver wants no more of it."""
        return not self.error and self.status == 410


class _Wire(http.client.HTTPConnection):
    """A connection to one checked address: the name is for Host, SNI and the certificate only."""

    def __init__(self, target: Target, address: Address, trust: ssl.SSLContext, until: float) -> None:
        super().__init__(str(address), target.port)
        self.target, self.trust, self.until = target, trust, until
        self._line: socket.socket | None = None

    def connect(self) -> None:
        """Connect to exactly the address that was checked; TLS is for the name."""
        patience = min(_left(self.until), CONNECT_SECONDS)
        self.sock = self._line = socket.create_connection((self.host, self.port), timeout=patience)
        self.sock.settimeout(_left(self.until))
        if self.target.secure:
            self.sock = self._line = self.trust.wrap_socket(
                self.sock, server_hostname=self.target.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def end(self) -> None:
        """End whatever is going on, from another thread: a read that waits comes back with nothing."""
        if self._line is not None:
            with suppress(OSError):
                # The plain one also under TLS: the line is cut, nobody says goodbye.
                socket.socket.shutdown(self._line, socket.SHUT_RDWR)

    @property
    def ended(self) -> bool:
        """Whether the deadline has passed."""
        return time.monotonic() >= self.until


def send(
    target: Target, body: bytes, headers: Mapping[str, str], *, trust: ssl.SSLContext, seconds: float = SECONDS
) -> Outcome:
    """Post a message and return what came of it, after ``seconds`` at the latest. Raises nothing the network can bring."""
    began = time.monotonic()
    outcome = Outcome(None, "connection")
    for address in target.addresses:
        outcome = _once(target, address, body, headers, trust, began + seconds)
        # Another address of the same name is tried only where nothing was said to the first.
        if outcome.error != "connection":
            break
    spent = int((time.monotonic() - began) * 1000)
    return Outcome(outcome.status, outcome.error, spent, outcome.text)


def _once(
    target: Target, address: Address, body: bytes, headers: Mapping[str, str], trust: ssl.SSLContext, until: float
) -> Outcome:
    wire = _Wire(target, address, trust, until)
    clock = threading.Timer(max(0.0, until - time.monotonic()), wire.end)
    clock.daemon = True
    clock.start()
    try:
        wire.connect()
    except ssl.SSLError:
        return Outcome(None, "timeout" if wire.ended else "certificate")
    except OSError:
        return Outcome(None, "timeout" if wire.ended else "connection")
    else:
        return _ask(wire, body, headers)
    finally:
        clock.cancel()
        wire.close()


def _ask(wire: _Wire, body: bytes, headers: Mapping[str, str]) -> Outcome:
    try:
        wire.putrequest("POST", wire.target.path, skip_host=True, skip_accept_encoding=True)
        for name, value in ({"Host": wire.target.host_header} | dict(headers)).items():
            wire.putheader(name, value)
        wire.putheader("Content-Length", str(len(body)))
        wire.endheaders(body)
        answer = wire.getresponse()
        text = _text(answer)
    except (OSError, http.client.HTTPException):
        return Outcome(None, "timeout" if wire.ended else "broken-off")
    # Whoever says 200 and never ends has not answered in time.
    return Outcome(None, "timeout", text=text) if wire.ended else Outcome(answer.status, text=text)


def _text(answer: http.client.HTTPResponse) -> str:
    """Read at most MOST_READ bytes and keep the beginning, as text: signs that steer a screen become blanks."""
    text = answer.read(MOST_READ)[:MOST_KEPT].decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() or sign in "\n\t" else " " for sign in text)


def _left(until: float) -> float:
    return max(0.01, until - time.monotonic())
