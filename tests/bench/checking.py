"""Checking without a key: how many a second beside what lxml alone can do, and what a flood of faults costs the others."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.synchronize import Barrier
from typing import Any

from lxml import etree

from app.declarations.schema import NAMESPACE, schema_set
from tests.bench.floor import PROCESSES
from tests.bench.places import Place
from tests.bench.serving import Load, ask, burst

ROAD = "/api/v1/check"
MOST_SECONDS = 3.0
FLOOD_FAULTS = 40_000
_DOCUMENT = b"<AdditionalDocument><CategoryCode>LONG</CategoryCode></AdditionalDocument>"
FLOOD = (
    f'<Declaration xmlns="{NAMESPACE}"><FunctionCode>9</FunctionCode>'.encode()
    + _DOCUMENT * FLOOD_FAULTS
    + b"</Declaration>"
)
"""The file of forty thousand faults: 3 MB, each of its documents with a category that is too long."""


@contextmanager
def without_limit() -> Iterator[None]:
    """Everybody comes from one address here: what an address may ask in a minute is measured by nobody."""
    name = "AKNO_API_REQUESTS_PER_MINUTE_WITHOUT_KEY"
    before = os.environ.get(name)
    os.environ[name] = "0"
    try:
        yield
    finally:
        os.environ.pop(name) if before is None else os.environ.update({name: before})


def check_many(port: int, body: bytes, *, count: int, connections: int, seconds: float = MOST_SECONDS) -> Load:
    """Check the same package again and again. Raises RuntimeError at the first answer that is no verdict."""
    return burst([_check(port, body)] * count, connections, seconds=seconds)


def _check(port: int, body: bytes) -> Callable[[], None]:
    def one() -> None:
        status, answer = ask(port, "POST", ROAD, body)
        if status != 200:
            raise RuntimeError(f"a check answered {status}: {answer[:400].decode()}")

    return one


def floor(body: bytes, count: int) -> float:
    """Parse and validate by lxml alone, in two processes; returns packages per second."""
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(PROCESSES), context.Queue()
    each = count // PROCESSES
    workers = [context.Process(target=_work, args=(body, each, barrier, answers)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    spans = [answers.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
    span = max(end for _, _, end in spans) - min(begin for _, begin, _ in spans)
    return float(sum(done for done, _, _ in spans) / span)


def _work(body: bytes, count: int, barrier: Barrier, answers: Any) -> None:
    schema = schema_set().compiled
    barrier.wait()
    began, done = time.time(), 0
    while done < count and time.time() < began + MOST_SECONDS:
        etree.fromstring(body, etree.XMLParser(schema=schema, resolve_entities=False, no_network=True))
        done += 1
    answers.put((done, began, time.time()))


def flooded(place: Place, port: int, *, floods: int = 3) -> tuple[list[float], Load]:
    """Send the flood again and again while two others check; returns the floods' times in ms, and how the others fared."""
    over = threading.Event()
    body, counted = place.models["bicycles"].copy("FLOOD"), f'"count":{FLOOD_FAULTS},'.encode()

    def flood() -> list[float]:
        try:
            return [_timed(port, FLOOD, counted) for _ in range(floods)]
        finally:
            over.set()

    def other() -> list[float]:
        times: list[float] = []
        while not over.is_set():
            times.append(_timed(port, body, b'"count":0,'))
        return times

    began = time.perf_counter()
    with ThreadPoolExecutor(3) as pool:
        sender, *others = pool.submit(flood), pool.submit(other), pool.submit(other)
    spent = sorted(one for future in others for one in future.result())
    return sender.result(), Load(len(spent) / (time.perf_counter() - began), tuple(spent))


def _timed(port: int, body: bytes, wanted: bytes) -> float:
    """Check once; returns the milliseconds. Raises RuntimeError for an answer without what is wanted at its beginning."""
    began = time.perf_counter()
    status, answer = ask(port, "POST", ROAD, body)
    if status != 200 or wanted not in answer[:1024]:
        raise RuntimeError(f"a check was answered {status}: {answer[:400].decode()}")
    return (time.perf_counter() - began) * 1000
