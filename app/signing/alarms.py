"""Whether the window can sign: found out by signing, told after five minutes, and after four hours nothing is cleared.

Filings and decisions go on meanwhile; what was released waits for its paper (trust.md R28; the four hours are X-Road's).
"""

from __future__ import annotations

import logging
import threading
import uuid
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy.dialects import postgresql, sqlite

from app import clock, database
from app.access import SYSTEM
from app.database import session
from app.errors import Fault
from app.jobs import registry
from app.ledger.recording import record
from app.signing import keeping, stamping
from app.signing.keeping import PAPER
from app.signing.keys import NoKey, Signer, forget
from app.signing.models import SigningStop

log = logging.getLogger("akno.signing")

TOLD_AFTER = timedelta(minutes=5)
"""A stop as long as this is told: an event, a notice to the administrators, the page of health."""
CLEARS_NOT_AFTER = timedelta(hours=4)
"""After such a stop customs releases nothing more: every hour more is paper that nobody at the border has."""
LOOK_SECONDS = 15.0
"""Pause between two looks of the worker."""
PROBE = b"akno: this is signed to see whether the key answers"
_SIGNING = uuid.uuid5(uuid.NAMESPACE_URL, "urn:akno:signing")


def find_stop() -> SigningStop | None:
    """Return since when and why nothing can be signed, or None while all is well."""
    return session().get(SigningStop, PAPER)


def find_told_stop() -> SigningStop | None:
    """Return the stop when it has lasted so long that people are told, else None."""
    stop = find_stop()
    return stop if stop is not None and clock.now() - stop.since >= TOLD_AFTER else None


def cannot_clear() -> bool:
    """Whether nothing could be signed for CLEARS_NOT_AFTER: asked before customs releases goods."""
    stop = find_stop()
    return stop is not None and clock.now() - stop.since >= CLEARS_NOT_AFTER


CANNOT_CLEAR = Fault(
    "SIGNING-DOWN",
    {
        "be": "Акно больш за чатыры гадзіны не можа падпісваць пасведчанні, таму зараз тавары не выпускаюцца.",
        "ru": "Окно более четырёх часов не может подписывать свидетельства, поэтому сейчас товары не выпускаются.",
        "en": "The window has not been able to sign clearances for more than four hours, so no goods are released now.",
    },
    {
        "be": "Адміністратары ведаюць пра гэта. Захавайце напісанае і вырашыце зноў, калі на старонцы «Стан акна» подпіс "
        "зноў будзе працаваць; адмовіць або прытрымаць тавары можна і зараз.",
        "ru": "Администраторы знают об этом. Сохраните написанное и решите снова, когда на странице «Состояние окна» подпись "
        "снова будет работать; отказать или придержать товары можно и сейчас.",
        "en": "The administrators know of it. Keep what you wrote and decide again when the page “Health of the window” says that "
        "signing works; goods may be refused or held meanwhile.",
    },
)


def failed(because: str) -> None:
    """Note that something could not be signed; the first time counts."""
    insert: Any = postgresql.insert if session().get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"purpose": PAPER, "since": clock.now(), "because": because, "told_at": None}
    session().execute(insert(SigningStop.__table__).values(**values).on_conflict_do_nothing())


def probe() -> tuple[Signer | None, str]:
    """Sign something that is no paper; returns the signer, or None and the code of what is wrong. Writes nothing.

    The time-stamp authority is asked only while it is what is wrong: elsewhere a stamp is worth its price.
    """
    try:
        found = keeping.in_use()
        found.sign(PROBE)
        stop = find_stop()
        if stop is not None and stop.because == stamping.STAMP:
            stamping.probe()
    except NoKey as wrong:
        forget()  # a token that is put back is found only when it is looked for afresh
        return None, wrong.because
    return found, ""


def settle(found: Signer | None, because: str) -> None:
    """Take in what a probe said: a stop begins, is told once, or ends; the end of the key is announced in time."""
    if found is None:
        failed(because)
        stop = session().get(SigningStop, PAPER, with_for_update=True, populate_existing=True)
        if stop is not None and stop.told_at is None and clock.now() - stop.since >= TOLD_AFTER:
            stop.told_at = clock.now()
            record("signing.stopped", "signing", _SIGNING, by=SYSTEM, because=stop.because)
        return
    keeping.announce(keeping.take(found))
    stop = session().get(SigningStop, PAPER, with_for_update=True, populate_existing=True)
    if stop is not None:
        if stop.told_at is not None:
            record("signing.resumed", "signing", _SIGNING, by=SYSTEM)
        session().delete(stop)


def look(app: Flask) -> None:
    """Probe outside of any writing transaction, then take in what was seen."""
    engines: database.Database = app.extensions["akno.database"]
    with app.app_context():
        with database.transaction(engines, writing=False):
            seen = probe()
        with database.transaction(engines):
            settle(*seen)


class Watchman:
    """Looks again and again beside the jobs, in a thread of its own: a token may take its time to answer."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._go, name="akno-signing", daemon=True)

    def start(self) -> None:
        """Begin to look; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End; a look under way is waited for some seconds."""
        self._ending.set()
        self._thread.join(timeout=5)

    def _go(self) -> None:
        while not self._ending.wait(LOOK_SECONDS):
            try:
                look(self.app)
            except Exception:
                # Whatever it was (a driver's own error among them), the next round looks again: nobody would notice else.
                log.exception("whether the window can sign could not be seen; the next look tries again")


registry.alongside("signing", Watchman)
