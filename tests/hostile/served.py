"""The window as in life, watched: server processes and worker with their costs, a listener that must never be called, and
a quiet honest client whose answers must stay right and quick."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from app import database
from app.cli import founding
from app.declarations.models import Declaration
from app.documents.models import Document
from tests.bench import places, serving
from tests.bench.places import Place
from tests.hostile import costs
from tests.hostile.costs import Cost
from tests.races.people import Person

HOSTILE, HONEST = "vera", "anna"
"""Who sends the corpus, and who works beside it."""
PATIENCE = 2.0
"""Seconds in which the honest one has 99 of 100 answers, however hostile the neighbour is (trust.md R25)."""
SLOWER = 8
"""So many times as long as without a neighbour, where that is more: on a busy machine everybody waits."""
PAUSE = 0.4
LOOK_SECONDS = 0.05
WARM = 8
"""Asks of the honest one that are looked at to know what one costs."""


class Listener:
    """Somebody outside: whoever calls has been talked into it."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.calls: list[bytes] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _from = self.socket.accept()
                with caller:
                    caller.settimeout(1)
                    with contextlib.suppress(OSError):
                        self.calls.append(caller.recv(200))


class Honest(threading.Thread):
    """Somebody who does her work beside: checks a package, files one, looks at her list; every answer is judged."""

    def __init__(self, place: Place, port: int) -> None:
        super().__init__(daemon=True)
        self.place, self.port = place, port
        self.key = place.sender("mixed", 0)[1]
        self.person = Person(port, HONEST, Counter())
        self.wrong: list[str] = []
        self.times: list[float] = []
        self.patience = PATIENCE
        self.ended = threading.Event()

    def run(self) -> None:
        """Work until told to end."""
        for number in itertools.count():
            if self.ended.wait(PAUSE):
                return
            work = (self._check, self._look, self._file, self._look)[number % 4]
            begun = time.monotonic()
            try:
                said = work(number)
            except Exception as error:
                said = repr(error)
            took = time.monotonic() - begun
            self.times.append(took)
            if said:
                self.wrong.append(f"{work.__name__[1:]}: {said} after {took:.2f} s")

    def late(self) -> float:
        """The time that all but one answer of a hundred kept to."""
        times = sorted(self.times)
        return times[int(len(times) * 0.99) - 1] if times else 0.0

    def _check(self, number: int) -> str:
        body = self.place.models["mixed"].copy(f"C{number}")
        status, told = serving.ask(self.port, "POST", "/api/v1/check", body, Content_Type="application/xml")
        codes = {one["code"] for one in json.loads(told)["faults"]} if status == 200 else {str(status)}
        # The checker knows no library, so the papers of a good package are all that it can miss.
        return "" if codes <= {"ATTACHMENT-MISSING", "DOC-ATTACHMENT-MISSING"} else str(codes)

    def _file(self, number: int) -> str:
        body = self.place.models["mixed"].copy(f"H{number}")
        told = {
            "Authorization": f"Bearer {self.key}",
            "Idempotency_Key": f"honest-{number}",
            "Content_Type": "application/xml",
        }
        told |= {"X_Second_Consignment": "yes"}
        status, said = serving.ask(self.port, "POST", "/api/v1/declarations", body, **told)
        return "" if status == 201 else f"{status} {said[:300]!r}"

    def _look(self, _number: int) -> str:
        answer = self.person.get("/packages")
        return "" if answer.status == 200 and "</html>" in answer.text else str(answer.status)


class Watch(threading.Thread):
    """Looks at the processes all the time, also at those that live only for a moment; knows the most that any has grown by."""

    def __init__(self, parent: int) -> None:
        super().__init__(daemon=True)
        self.parent = parent
        self.had: dict[int, int] = {}
        self.most: dict[int, int] = {}
        self.ended = threading.Event()

    def begin(self) -> list[int]:
        """Measure anew; returns the processes there are."""
        there = costs.family(self.parent)[1:]
        self.had = {pid: costs.forget_peak(pid) for pid in there}
        self.most = {}
        return there

    def run(self) -> None:
        """Look until told to end."""
        while not self.ended.wait(LOOK_SECONDS):
            self.look()

    def look(self) -> int:
        """The most bytes that a process has grown by since the beginning."""
        for pid in costs.family(self.parent)[1:]:
            # A child that was made meanwhile began with what its parent had: what it has grown by is above the largest.
            base = self.had.get(pid, max(self.had.values(), default=0))
            self.most[pid] = max(self.most.get(pid, 0), costs.peak(pid) - base)
        return max(self.most.values(), default=0)


@dataclass
class Ground:
    """The served window and everybody at it."""

    place: Place
    port: int
    key: str
    person: Person
    honest: Honest
    listener: Listener
    watch: Watch
    share: float = 0.0
    serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @contextlib.contextmanager
    def measured(self) -> Iterator[Cost]:
        """What the processes of the window use within the block."""
        cost, there = Cost(), self.watch.begin()
        begun, asked = costs.seconds(there), len(self.honest.times)
        yield cost
        beside = (len(self.honest.times) - asked) * self.share
        cost.seconds = max(0.0, costs.seconds(there) - begun - beside)
        cost.grown = self.watch.look()

    def weigh_honest(self) -> None:
        """Find out what one ask of the honest one costs, so that it is not laid at a neighbour's door."""
        there = costs.family(os.getpid())[1:]
        while len(self.honest.times) < WARM:
            time.sleep(PAUSE)
        quiet = sum(self.honest.times[-WARM:]) / WARM
        self.honest.patience = max(PATIENCE, SLOWER * quiet)
        begun, asked = costs.seconds(there), len(self.honest.times)
        while len(self.honest.times) < asked + WARM:
            time.sleep(PAUSE)
        self.share = (costs.seconds(there) - begun) / (len(self.honest.times) - asked)

    def kept(self) -> dict[str, int]:
        """What the hostile one has in the window: packages and documents."""
        with database.transaction(self.place.database, writing=False) as session:
            owner = self._owner
            return {
                model.__tablename__: session.scalar(
                    sa.select(sa.func.count()).select_from(model).where(model.owner_id == owner)
                ) or 0
                for model in (Declaration, Document)
            }  # fmt: skip

    def __post_init__(self) -> None:
        with self.place.app.app_context(), database.transaction(self.place.database, writing=False):
            self._owner = founding.actor(HOSTILE).organisation_id

    def alive(self) -> bool:
        """Whether the window answers and its worker lives."""
        status, told = serving.ask(self.port, "GET", "/readyz")
        return status == 200 and bool(json.loads(told)["worker"]["alive"])

    def wait(self) -> None:
        """Let the worker come up. Raises RuntimeError when it does not."""
        for _ in range(120):
            if self.alive():
                return
            time.sleep(0.5)
        raise RuntimeError("the worker did not come up within a minute")


@contextlib.contextmanager
def opened(listener: Listener) -> Iterator[Ground]:
    """Serve the window by two processes and a worker, on a database of its own; gone again afterwards."""
    # Everybody comes from one address here: the limit of an address is for the others.
    os.environ |= {"AKNO_DEMONSTRATION": "1", "AKNO_API_REQUESTS_PER_MINUTE_WITHOUT_KEY": "0"}
    with places.opened("sqlite") as place, serving.served(place) as port:
        flask = Path(sys.executable).with_name("flask")
        with serving.process(place, flask, "--app", "wsgi", "work", "--executor", "hostile"):
            honest, watch = Honest(place, port), Watch(os.getpid())
            ground = Ground(
                place, port, place.sender("bicycles", 0)[1], Person(port, HOSTILE, Counter()), honest, listener, watch
            )
            ground.wait()
            honest.start()
            watch.start()
            ground.weigh_honest()
            try:
                yield ground
            finally:
                for thread in (honest, watch):
                    thread.ended.set()
                    thread.join(30)
