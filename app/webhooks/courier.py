"""The courier: beside the jobs of a worker, in threads of its own, it takes due deliveries to their receivers.

One thread looks into the database and writes down; many talk to the network, and while they wait no transaction is open. Of
each endpoint one event is on its way at a time, in order; endpoints never wait for each other, and those that failed or are
slow have at most half of the threads.
"""

from __future__ import annotations

import logging
import queue
import socket
import ssl
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from flask import Flask

from app import clock, database
from app.jobs import registry
from app.webhooks import addresses, attempting, delivering, signing
from app.webhooks.attempting import Task
from app.webhooks.delivering import Outcome

log = logging.getLogger("akno.webhooks")

AT_ONCE = 64
"""Messages on their way at a time; each is a thread that waits for the network."""
LOOK_SECONDS = 0.5
"""Pause between two looks when nothing comes back meanwhile."""
SLOW_MILLISECONDS = 3000
GRACE_SECONDS = 3.0
"""What is on its way when the worker ends may come back for so long; the rest is tried again."""

Result = tuple[Task, Outcome]


class Courier:
    """The courier of one worker; ``start`` returns at once, ``stop`` when nothing is on its way."""

    def __init__(
        self,
        app: Flask,
        *,
        seconds: float = delivering.SECONDS,
        look_seconds: float = LOOK_SECONDS,
        trust: ssl.SSLContext | None = None,
        resolver: addresses.Resolver = socket.getaddrinfo,
    ) -> None:
        self.app = app
        self.engines: database.Database = app.extensions["akno.database"]
        self.loopback: bool = app.extensions["akno.settings"].webhook_allow_loopback
        self.seconds, self.look_seconds, self.resolver = seconds, look_seconds, resolver
        self.trust = trust or ssl.create_default_context()
        self._stopping = threading.Event()
        self._came: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._unwritten: list[Result] = []
        self._away: dict[Task, Future[None]] = {}
        self._slow: set[uuid.UUID] = set()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="akno-courier")
        self._desk = threading.Thread(target=self._go_on, name="akno-courier-desk", daemon=True)

    def start(self) -> None:
        """Begin to take deliveries out."""
        self._desk.start()

    def stop(self) -> None:
        """Take nothing more out, write down what comes back within GRACE_SECONDS, give the rest back."""
        self._stopping.set()
        self._desk.join(timeout=GRACE_SECONDS + 10)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _go_on(self) -> None:
        while not self._stopping.is_set():
            self._gather(self.look_seconds)
            self._try(self._round)
        deadline = time.monotonic() + GRACE_SECONDS
        unsent = [task for task, future in list(self._away.items()) if future.cancel()]
        for task in unsent:
            del self._away[task]
        while self._away and time.monotonic() < deadline:
            self._gather(0.05)
        self._try(lambda: self._write(unsent))

    def _try(self, deed: Callable[[], object]) -> None:
        try:
            deed()
        except Exception:
            # Nothing is lost: what came back is kept and written with the next round, a lease that nobody ends runs out.
            log.exception("the courier could not go on; it tries again")
            self._stopping.wait(self.look_seconds)

    def _gather(self, seconds: float) -> None:
        """Wait for what comes back, then take in everything that is there."""
        with suppress(queue.Empty):
            self._take_in(self._came.get(timeout=seconds))
            while True:
                self._take_in(self._came.get_nowait())

    def _take_in(self, result: Result) -> None:
        task, outcome = result
        self._away.pop(task, None)
        self._unwritten.append(result)
        (self._slow.add if outcome.milliseconds > SLOW_MILLISECONDS else self._slow.discard)(task.endpoint_id)

    def _round(self) -> None:
        """Write down what came back and take out what is due, in one short transaction; where there is nothing to do, none
        that writes is opened."""
        if not self._unwritten and not self._any_due():
            return
        with self.app.app_context(), database.transaction(self.engines):
            attempting.settle(self._unwritten)
            free = 0 if self._stopping.is_set() else AT_ONCE - len(self._away)
            tasks = attempting.claim(free=free, patient=AT_ONCE // 2 - self._patient(), slow=self._slow)
        self._unwritten = []
        for task in tasks:
            self._away[task] = self._threads.submit(self._carry, task)

    def _write(self, unsent: list[Task]) -> None:
        if self._unwritten or unsent:
            with self.app.app_context(), database.transaction(self.engines):
                attempting.settle(self._unwritten)
                attempting.release(unsent)
            self._unwritten = []

    def _any_due(self) -> bool:
        if len(self._away) >= AT_ONCE:
            return False
        with database.transaction(self.engines, writing=False):
            return attempting.any_due()

    def _patient(self) -> int:
        return sum(task.attempts > 0 or task.endpoint_id in self._slow for task in self._away)

    def _carry(self, task: Task) -> None:
        """One attempt, in a thread of its own: whatever happens, something comes back."""
        try:
            outcome = self._attempt(task)
        except Exception:
            log.exception("an attempt broke")
            outcome = Outcome(None, "our-mistake")
        self._came.put((task, outcome))

    def _attempt(self, task: Task) -> Outcome:
        began = time.monotonic()
        try:
            target = addresses.resolve(task.url, loopback=self.loopback, resolver=self.resolver)
        except addresses.Refused as refused:
            return Outcome(None, refused.code, int((time.monotonic() - began) * 1000))
        timestamp = int(clock.now().timestamp())
        headers = {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            "Connection": "close",
            "User-Agent": "Akno-Webhooks/1",
            "webhook-id": task.message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signing.signature(task.secrets, task.message_id, timestamp, task.body),
        }
        return delivering.send(target, task.body, headers, trust=self.trust, seconds=self.seconds)


registry.alongside("webhooks", Courier)
