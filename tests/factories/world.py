"""The named people of the tests: the demonstration country, each person with a browser of her own."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from lxml import html as pages
from werkzeug.test import TestResponse

from app import clock
from app.cli import founding
from app.cli.country import DOMAIN, PEOPLE
from app.database import session, transaction
from app.identity import codes, vault
from app.identity.factor_models import Factor
from app.requirements import loading
from app.risk import drawing_lots, thresholds
from app.risk.assessment_models import DrawSeed

PASSWORD = "four storks above the quiet mill"
_given: dict[str, int] = {}
"""The interval of the last code that each address gave in this process: each code is good once."""


def code_of(app: Flask, email: str) -> str:
    """The code a made-up person reads from her app. Who signs in more often than every half minute gives the next one's, and
    when that is used up the window is made to forget, so that no test waits."""
    here = codes.interval(clock.now())
    # Not the interval before: it could be over by the time the window looks.
    step = max(here, _given.get(email, 0) + 1)
    with app.app_context():
        secret = vault.made_up_secret(email)
        if step > here + 1:
            with transaction(app.extensions["akno.database"]):
                session().execute(sa.update(Factor).values(last_step=None))
            step = here
    _given[email] = step
    return codes.code_at(secret, step)


def asks_for_code(answer: TestResponse) -> bool:
    """Whether the window asks for a proof before it signs anything."""
    return answer.status_code in (403, 422) and 'name="step_code"' in answer.text


class Someone:
    """A person at a browser: ``get`` and ``post`` as she would; ``post`` carries the CSRF token of the last page."""

    def __init__(self, app: Flask, name: str) -> None:
        self.app, self.name, self.email = app, name, f"{name}@{DOMAIN}"
        self.browser: FlaskClient = app.test_client()
        self.signed_in = False
        self.page: TestResponse | None = None
        self.gives_codes = True
        """Whether she gives a code at once when she is asked for one before something is signed."""

    def sign_in(self) -> Someone:
        """Sign in once."""
        if not self.signed_in:
            self.get("/sign-in", signing_in=True)
            answer = self.post("/sign-in", email=self.email, password=PASSWORD, signing_in=True)
            assert answer.status_code == 303, answer.text
            if answer.headers["Location"].startswith("/sign-in/code"):
                self.get(answer.headers["Location"], signing_in=True)
                answer = self.post("/sign-in/code", code=self.code(), signing_in=True)
                assert answer.status_code == 303, answer.text
            # Forms of before the sign-in are dead.
            self.signed_in, self.page = True, None
        return self

    def code(self) -> str:
        """What her app shows, and has not been given yet."""
        return code_of(self.app, self.email)

    def _proof(self, answer: TestResponse) -> dict[str, str]:
        by_password = 'type="password" name="step_code"' in answer.text
        return {"step_code": PASSWORD if by_password else self.code()}

    def get(self, path: str, *, signing_in: bool = False, **keywords: Any) -> TestResponse:
        """Open a page, following redirects."""
        if not signing_in:
            self.sign_in()
        self.page = self.browser.get(path, follow_redirects=True, **keywords)
        return self.page

    def post(self, path: str, *, signing_in: bool = False, follow: bool = False, **fields: Any) -> TestResponse:
        """Send a form with the CSRF token of the session."""
        if not signing_in:
            self.sign_in()
        sent = {"csrf_token": self.token()} | fields
        answer = self.browser.post(path, data=sent, follow_redirects=follow)
        if self.gives_codes and asks_for_code(answer):
            answer = self.browser.post(path, data=sent | self._proof(answer), follow_redirects=follow)
        if answer.status_code < 300 or answer.status_code >= 400:
            self.page = answer
        return answer

    def submit(self, action: str, *, follow: bool = True, **fields: Any) -> TestResponse:
        """Send the form of the current page whose action contains ``action``, with what it already holds, changed."""
        assert self.page is not None
        form = next(f for f in pages.fromstring(self.page.text).forms if action in (f.action or ""))
        values: dict[str, Any] = {}
        for key, value in form.form_values():
            values[key] = (
                [*values[key], value]
                if isinstance(values.get(key), list)
                else ([values[key], value] if key in values else value)
            )
        how: dict[str, Any] = {"follow_redirects": follow, "content_type": "multipart/form-data"}
        answer = self.browser.post(form.action or "", data=values | fields, **how)
        if self.gives_codes and asks_for_code(answer):
            answer = self.browser.post(form.action or "", data=values | fields | self._proof(answer), **how)
        self.page = answer
        return answer

    def token(self) -> str:
        """The CSRF token in force, from any page that has a form."""
        page = self.page.text if self.page is not None else ""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        if found is None:
            found = re.search(
                r'name="csrf_token"[^>]*value="([^"]+)"',
                self.browser.get("/sign-in" if not self.signed_in else "/account").text,
            )
        assert found, "no page with a form was seen"
        return html.unescape(found[1])


@dataclass
class World:
    """Everybody by first name: ``world.anna``."""

    app: Flask | None = None

    def at(self, app: Flask) -> World:
        """The same people, with fresh browsers, at an application."""
        return World(app)

    def __getattr__(self, name: str) -> Someone:
        if name not in {who.email for who in PEOPLE} or self.app is None:
            raise AttributeError(name)
        someone = Someone(self.app, name)
        setattr(self, name, someone)
        return someone


def people_the_world() -> World:
    """Load the reference data and found the country in the current transaction."""
    loading.publish()
    founding.found(PASSWORD)
    promise_quiet_lots()
    return World()


OFFICES = ("11206533", "11206611", "11206650", "11206651")
"""Where the sample packages are filed, as registration numbers begin."""


def promise_quiet_lots() -> None:
    """Promise a seed of today by which none of the first packages of an office is drawn: what tests tell hangs on no lot."""
    today = clock.today()
    numbers = [f"{office}/{today:%d%m%y}/{serial:07d}" for office in OFFICES for serial in range(1, 7)]
    shares = [(one.agency, one.random_per_mille) for one in thresholds.table().values()]
    quiet = next(
        seed
        for seed in (f"{number:064x}" for number in range(100_000))
        if not any(drawing_lots.drawn(seed, number, agency, share) for number in numbers for agency, share in shares)
    )
    row = DrawSeed(day=today, seed=quiet, commitment=drawing_lots.commitment(quiet), committed_at=clock.now())
    session().add(row)
    session().flush()
