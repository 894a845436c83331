"""What sealing costs those who file: rounds with a sealing process beside the server and rounds without, in turns."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from config import Settings
from tests.bench.filing import file_many
from tests.bench.places import Place

_COUNT, _CONNECTIONS = 160, 8


def beside(place: Place, port: int, *, pairs: int) -> tuple[float, float]:
    """File as fast as two server processes can, sealed meanwhile and held.

    Returns by how many hundredths sealing slows filing down (the median of the pairs; negative when the machine was busier in
    the rounds without), and milliseconds of processor that sealing took for one filing.
    """
    slower, spent, filed = [], 0.0, 0
    with _sealer(place.settings) as line:
        for turn in range(pairs):
            rates = {}
            # Whoever is first in one pair is second in the next: a machine that grows slower favours neither.
            for sealed in (False, True) if turn % 2 else (True, False):
                _said(line, "drain")
                if sealed:
                    line.send("seal")
                load = file_many(place, port, "bicycles", count=_COUNT, connections=_CONNECTIONS)
                if sealed:
                    spent += _said(line, "stop")
                    filed += len(load.times)
                rates[sealed] = load.rate
            slower.append((rates[False] / rates[True] - 1) * 100)
    return statistics.median(slower), spent / filed * 1000


def _said(line: Connection, word: str) -> float:
    line.send(word)
    if not line.poll(60):
        raise RuntimeError("the process that seals does not answer")
    answer: float = line.recv()
    return answer


@contextmanager
def _sealer(settings: Settings) -> Iterator[Connection]:
    """A process that reads the ledger as the worker does, but as the sealer alone; what gathers in a round without it must
    not be its work in the next one, so it is told to drain."""
    context = multiprocessing.get_context("spawn")
    line, theirs = context.Pipe()
    process = context.Process(target=_seal_on, args=(settings, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield line
    finally:
        line.close()
        process.join(10)
        if process.is_alive():
            process.kill()


def _seal_on(settings: Settings, line: Connection) -> None:
    from app import create_app
    from app.jobs.working import FOLLOW_SECONDS, Worker
    from app.ledger import sealing

    worker = Worker(create_app(settings))
    assert sealing.READER
    while True:
        try:
            word = line.recv()
        except EOFError:
            return
        began = time.process_time()
        if word == "seal":
            while not line.poll(FOLLOW_SECONDS):
                worker.follow()
            line.recv()
        else:
            worker.follow()
        line.send(time.process_time() - began)
