"""Real receivers in threads on loopback, good and bad; and a certificate authority of their own."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from app import clock


@dataclass
class Received:
    """One message as it came, and when."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: Any = field(default_factory=clock.now)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


Behaviour = Callable[[Any], None]


class Receiver:
    """One receiver: what it got, and how it behaves towards each path."""

    def __init__(
        self, behaviours: dict[str, Behaviour] | None = None, certificate: ssl.SSLContext | None = None
    ) -> None:
        self.received: list[Received] = []
        self.behaviours = behaviours or {}
        self.ending = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.received.append(Received(self.path, headers, body))
                self.receiver = receiver
                with contextlib.suppress(OSError):
                    receiver.behaviours.get(self.path, ok)(self)

            do_GET = do_POST

            def log_message(self, *_words: Any) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A caller that hangs up is what is tried here."""

        self.server = Server(("127.0.0.1", 0), Handler)
        if certificate is not None:
            self.server.socket = certificate.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def url(self, path: str = "/", *, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def of(self, path: str) -> list[Received]:
        return [one for one in self.received if one.path == path]

    def __enter__(self) -> Receiver:
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.ending.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


# --- how receivers behave ----------------------------------------------------------------------------------------------


def ok(handler: Any) -> None:
    _answer(handler, 200, b"thank you")


def status(code: int, body: bytes = b"", **headers: str) -> Behaviour:
    return lambda handler: _answer(handler, code, body, **headers)


def hang(seconds: float) -> Behaviour:
    return lambda handler: handler.receiver.ending.wait(seconds)


def drip(handler: Any) -> None:
    """Head and body, one byte at a time, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not handler.receiver.ending.wait(0.02):
        handler.wfile.write(b"x")
        handler.wfile.flush()


def drip_head(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not handler.receiver.ending.wait(0.02):
        handler.wfile.write(b"x")
        handler.wfile.flush()


def flood(total: int) -> Behaviour:
    """Send so many bytes back, or as many as the caller takes."""

    def pour(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(total))
        handler.end_headers()
        block, sent = b"f" * 65536, 0
        while sent < total and not handler.receiver.ending.is_set():
            handler.wfile.write(block)
            sent += len(block)

    return pour


def bomb(handler: Any) -> None:
    """Ten megabytes in ten kilobytes, to be unpacked by whoever is careless."""
    _answer(handler, 200, gzip.compress(b"0" * 10_000_000), Content_Encoding="gzip")


def garbage(handler: Any) -> None:
    handler.wfile.write(b"\x00\xff no HTTP at all\r\n\r\n")


def slam(handler: Any) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def _answer(handler: Any, code: int, body: bytes, **headers: str) -> None:
    handler.send_response(code)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


# --- certificates ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority that the tests alone trust."""

    folder: Path

    def certificate(self, name: str) -> ssl.SSLContext:
        """A server's side of TLS with a certificate for a name."""
        key, request, made = (self.folder / f"{name}.{end}" for end in ("key", "csr", "pem"))
        _openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, "-subj", f"/CN={name}")
        extra = self.folder / f"{name}.ext"
        extra.write_text(f"subjectAltName=DNS:{name}\n")
        _openssl(
            "x509", "-req", "-in", request, "-CA", self.folder / "ca.pem", "-CAkey", self.folder / "ca.key",
            "-CAcreateserial", "-days", "2", "-extfile", extra, "-out", made,
        )  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made, key)
        return context

    def trust(self) -> ssl.SSLContext:
        """A client's side that trusts this authority and no other."""
        return ssl.create_default_context(cafile=str(self.folder / "ca.pem"))


def authority(folder: Path) -> Authority:
    """Found a certificate authority in a folder."""
    _openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "ca.key", "-out", folder / "ca.pem",
        "-days", "2", "-subj", "/CN=Tests", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )  # fmt: skip
    return Authority(folder)


def _openssl(*words: object) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


@contextlib.contextmanager
def receiving(behaviours: dict[str, Behaviour] | None = None, **more: Any) -> Iterator[Receiver]:
    """A receiver as long as the block lasts."""
    with Receiver(behaviours, **more) as receiver:
        yield receiver
