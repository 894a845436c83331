"""The real server on a private port, and a small bounded client: some connections, some requests, every answer timed."""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from config import ROOT
from tests.bench.places import Place
from tests.postgresql import free_port

WORKERS = 2
MOST_SECONDS = 5.0
"""No burst takes longer, however busy the machine is."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a burst gave: answers per second and the time of each, in milliseconds, shortest first."""

    rate: float
    times: tuple[float, ...]

    def quantile(self, share: float) -> float:
        """The time that this share of the answers did not exceed."""
        return self.times[min(len(self.times) - 1, int(len(self.times) * share))]


@contextlib.contextmanager
def served(place: Place, *, workers: int = WORKERS) -> Iterator[int]:
    """Serve the window by gunicorn with so many sync worker processes; gives the port."""
    port = free_port()
    gunicorn = Path(sys.executable).with_name("gunicorn")
    words = [gunicorn, "wsgi:app", "-b", f"127.0.0.1:{port}", "-w", workers, "--log-level", "error"]
    with process(place, *words):
        _wait(port)
        yield port


@contextlib.contextmanager
def process(place: Place, *words: object) -> Iterator[None]:
    """Run a process of the window and end it by its own pid."""
    started = subprocess.Popen([str(word) for word in words], cwd=ROOT, env=os.environ | place.environment())
    try:
        yield
    finally:
        started.terminate()
        try:
            started.wait(15)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def _wait(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError):
            if ask(port, "GET", "/healthz")[0] == 200:
                return
        time.sleep(0.05)
    raise RuntimeError("the server did not come up within 30 s")


def ask(port: int, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    """Ask once on a connection of its own, as a sync worker answers; returns status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def burst(asks: Sequence[Callable[[], None]], connections: int, *, seconds: float = MOST_SECONDS) -> Load:
    """Work off the asks with so many at once, as far as the time reaches; an ask that raises ends the bench."""
    waiting, times, failed = iter(asks), [], []
    lock = threading.Lock()

    def work() -> None:
        while not failed and time.perf_counter() < deadline:
            with lock:
                one = next(waiting, None)
            if one is None:
                return
            began = time.perf_counter()
            try:
                one()
            except Exception as error:
                failed.append(error)
                return
            times.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    began = time.perf_counter()
    deadline = began + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    if failed:
        raise failed[0]
    return Load(len(times) / elapsed, tuple(sorted(times)))
