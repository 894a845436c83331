"""How each service of the window stands, in the words of those who use it: made of what ``health`` sees. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.jobs.health import Health

WORKS, LATE, DOWN = "works", "late", "down"
STATES = {WORKS: _l("works"), LATE: _l("works late"), DOWN: _l("does not work")}
"""What a service can be, best first."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service and its state: one of STATES."""

    name: str
    title: Any
    state: str
    words: Any = ""


def services(health: Health) -> tuple[Service, ...]:
    """Return the services in the order in which a package meets them."""
    takes = WORKS if health.ready else DOWN
    works = takes if health.worker else DOWN if not health.database else LATE
    waits = _l("They wait until the worker is back; nothing is lost.") if works == LATE else ""
    return (
        Service("pages", _l("Pages of the window"), WORKS if health.database else DOWN),
        Service("check", _l("Checking before filing"), WORKS if health.database else DOWN),
        Service("filing", _l("Filing by page and API"), takes),
        _files(health, takes),
        _clearances(health, works, waits),
        Service("messages", _l("Events, webhooks, letters"), works, waits),
    )


def _files(health: Health, takes: str) -> Service:
    title = _l("Files: upload and download")
    if takes == DOWN or health.scan in ("off", WORKS, "starting"):
        return Service("documents", title, takes)
    return Service(
        "documents", title, LATE, _l("Files are taken, and stay closed until the virus scanner works again.")
    )


def _clearances(health: Health, works: str, waits: Any) -> Service:
    title = _l("Drawing up clearances")
    if health.unsigned_since is None:
        return Service("clearances", title, works, waits)
    return Service(
        "clearances", title, DOWN, _l("Nothing can be signed at the moment. What is released waits and is not lost.")
    )


def whole(found: tuple[Service, ...]) -> str:
    """Return the state of the window: that of the worst service."""
    order = list(STATES)
    return max((one.state for one in found), key=order.index)
