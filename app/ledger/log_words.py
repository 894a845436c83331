"""The words of the log's pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.ledger.events import EVENTS
from app.ledger.log_models import Epoch
from app.shell import day, moment

STOPPED = {
    "leaf": _l("The bytes of an entry are not those that were recorded: somebody changed them in the database."),
    "tree": _l("A stored hash of the tree is not the one that its entries make."),
    "smaller": _l("The database holds fewer entries than were signed."),
    "outside": _l("The database contradicts a checkpoint that was signed and stands outside of it."),
    "no-key": _l("The log has no key. The operator makes one with: flask ledger key."),
    "other-key": _l("The key of the log is not the one it signed with before."),
    "key-unfit": _l("The file of the log's key cannot be used."),
}
EVENT_NAMES = tuple(sorted(EVENTS))
SAID = {
    "number": _l("Number"),
    "sha256": _l("Fingerprint of the file (SHA-256)"),
    "body": _l("Fingerprint of what arrived (SHA-256)"),
    "received_at": _l("Arrived"),
}
"""Names of what the entries say that people outside hold proofs of; the others keep the names of the ledger."""


def stopped(epoch: Epoch | None) -> Any:
    """Why nothing is signed at the moment, in words; an empty text while all is well."""
    if epoch is None or not epoch.stopped_because:
        return ""
    return STOPPED.get(epoch.stopped_because, epoch.stopped_because)


def facts(leaf: dict[str, Any]) -> list[tuple[str, str]]:
    """What a leaf says, line by line, with a name for each thing that it says of itself."""
    names = {
        "at": _("When"), "event": _("What happened"), "subject": _("To what"), "declaration": _("Package"),
        "person": _("By whom (a random id)"), "organisation": _("For which organisation (a random id)"), "agency": _("Agency"),
        "channel": _("By which way"),
    }  # fmt: skip
    lines = [(words, _shown(name, leaf[name])) for name, words in names.items() if leaf.get(name)]
    payload = leaf.get("payload")
    if isinstance(payload, dict):
        # What stands above already is not said twice.
        own = {name: value for name, value in payload.items() if value != leaf.get(name)}
        lines += [(str(SAID.get(name, name)), _shown(name, value)) for name, value in said(own)]
    return lines


def said(payload: dict[str, Any]) -> list[tuple[str, str]]:
    """What an entry says of itself, name by name, without what is empty."""
    return [(str(name), _plain(value)) for name, value in payload.items() if value not in (None, "", [], {})]


def _shown(name: str, value: Any) -> str:
    """A moment in the reader's words and to the second; the sealed bytes beside it have it exactly."""
    try:
        at = datetime.fromisoformat(str(value)) if name in ("at", "received_at") else None
    except ValueError:
        at = None
    return f"{day(at)}, {moment(at, 'seconds')}" if at else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_plain(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return str(value)
