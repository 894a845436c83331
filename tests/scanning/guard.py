"""A clamd of the tests' own, with signatures of their own, and daemons that do what clamd does when it is not well."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from app.documents.clamd import Clamd, NotScanned

EICAR = ("X5O!P%@AP[4" + chr(92) + "PZX54(P^)7CC)7}$" + "EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*").encode()
"""The test file of the antivirus makers, put together here: in one piece it would lock this very file up."""
MARKER = ("akno-test-" + "malicious-marker").encode()
"""What our second signature looks for at any place."""
LIMIT = 2 * 1024 * 1024
"""Bytes of a stream that this clamd takes."""
_CONFIG = """
LocalSocket {folder}/clamd.sock
PidFile {folder}/clamd.pid
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
Foreground yes
StreamMaxLength {limit}
MaxThreads 4
SelfCheck 0
"""


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A real clamd on a socket of its own; ended by its id."""
    program = shutil.which("clamd")
    if program is None:
        pytest.skip("clamd is not installed (Debian: clamav-daemon)")
    signatures = folder / "signatures"
    signatures.mkdir()
    rows = [f"Akno.Test.Eicar:0:0:{EICAR.hex()}", f"Akno.Test.Marker:0:*:{MARKER.hex()}"]
    (signatures / "local.ndb").write_text("\n".join(rows) + "\n")
    (folder / "clamd.conf").write_text(_CONFIG.format(folder=folder, limit=LIMIT))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-c", str(folder / "clamd.conf")], stdout=log, stderr=log)
        try:
            yield _answering(str(folder / "clamd.sock"), folder / "log")
        finally:
            process.terminate()
            process.wait(20)


def _answering(place: str, log: Path) -> str:
    deadline = time.monotonic() + 60
    while True:
        try:
            Clamd(place).ping()
        except NotScanned:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        else:
            return place


@contextmanager
def unwell(folder: Path, answers: dict[bytes, bytes | None], *, hears: int = -1) -> Iterator[str]:
    """A daemon that answers commands (without z and zero byte) as it is told: None is silence. ``hears``: bytes of a
    stream after which it hangs up without a word."""
    place = str(folder / "unwell.sock")
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(place)
    server.listen()
    over = threading.Event()

    def one(line: socket.socket) -> None:
        with line:
            line.settimeout(5)
            heard = b""
            while b"\0" not in heard and (part := line.recv(4096)):
                heard += part
            said = answers.get(heard.partition(b"\0")[0][1:], b"UNKNOWN COMMAND\0")
            if said is None:
                over.wait(5)
            elif hears >= 0 and heard.startswith(b"zINSTREAM"):
                line.recv(hears) if hears else None
            else:
                line.sendall(said)

    def serve() -> None:
        while not over.is_set():
            try:
                line, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=_quietly, args=(one, line), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield place
    finally:
        over.set()
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


def _quietly(deed, line) -> None:
    with suppress(OSError):
        deed(line)
