"""People with sessions of their own at the served window, and what it means that they press at the same moment."""

from __future__ import annotations

import html
import http.client
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from app.cli.country import DOMAIN
from app.clock import now
from app.identity import codes
from tests.bench.places import PASSWORD

TIMEOUT = 60
APART_MS = (6.0, 40.0)
"""Two people never press in the same microsecond: each begins up to so many milliseconds late (one of these for a round), so
that either can be first, even where the way of one to the lock is longer."""
NO_ANSWER = 0
BUSY, PATIENCE, AGAIN_SECONDS = 503, 5, 1.0

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What the window answered: status (303: done; NO_ANSWER: none came) and the page or what went wrong."""

    status: int
    text: str = ""

    @property
    def done(self) -> bool:
        """Whether it was done: a form that was taken leads on."""
        return self.status == 303


class Person:
    """Somebody signed in; ``post`` follows no redirect, for its status is what a race is judged by.

    ``busy``: where it is counted that the window was too busy (503). It has done nothing then, says when to come back, and
    whoever pressed presses again. ``secret``: of the app with codes of somebody official.
    """

    def __init__(self, port: int, name: str, busy: Counter[str], secret: str = "") -> None:
        self.port, self.name, self.busy = port, name, busy
        self.cookies: SimpleCookie = SimpleCookie()
        self.token = self._token("/sign-in")
        signed = self.post("/sign-in", email=f"{name}@{DOMAIN}", password=PASSWORD)
        if not signed.done:
            raise RuntimeError(f"{name} could not sign in: {signed.status}")
        if secret:
            self._show_who(secret)
        self.token = self._token("/account")

    def _show_who(self, secret: str) -> None:
        """Give the code of the app: who signs in twice within half a minute gives the next one."""
        self.token, here = self._token("/sign-in/code"), codes.interval(now())
        for step in (here, here + 1):
            if self.post("/sign-in/code", code=codes.code_at(secret, step)).done:
                return
        raise RuntimeError(f"{self.name} could not show a second factor")

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, /, **fields: str) -> Answer:
        """Send a form, and again when the window says that it is too busy now."""
        body = urlencode({"csrf_token": self.token, **fields}).encode()
        answer = self._ask("POST", path, body)
        for _ in range(PATIENCE):
            if answer.status != BUSY:
                break
            self.busy[self.name] += 1
            time.sleep(AGAIN_SECONDS)
            answer = self._ask("POST", path, body)
        return answer

    def _token(self, path: str) -> str:
        found = _TOKEN.search(self.get(path).text)
        if found is None:
            raise RuntimeError(f"{path} has no form")
        return html.unescape(found[1])

    def _ask(self, method: str, path: str, body: bytes | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            for line in answer.headers.get_all("Set-Cookie") or ():
                self.cookies.load(line)
            return Answer(answer.status, text)
        finally:
            connection.close()


def at_once(acts: Mapping[str, Callable[[], Answer]]) -> dict[str, Answer]:
    """Let everybody act at the same moment, each in a thread of their own; returns what each was answered."""
    gate = threading.Barrier(len(acts))
    told: dict[str, Answer] = {}
    apart = random.choice(APART_MS)

    def run(name: str, act: Callable[[], Answer]) -> None:
        late = random.uniform(0, apart) / 1000
        gate.wait()
        time.sleep(late)
        try:
            told[name] = act()
        except Exception as error:
            told[name] = Answer(NO_ANSWER, repr(error))

    threads = [threading.Thread(target=run, args=pair) for pair in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
