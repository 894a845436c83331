"""Who may bring, see and fetch the files of an organisation. Files inside a package are served by that package's rooms."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Permission, Verdict, holds, no
from app.documents.models import Document


def upload(actor: Actor, owner_id: Any = None) -> Verdict:
    """Whether the actor may put a file into an organisation's library: its own, by its role."""
    allowed = holds(actor, Permission.DOCUMENT_UPLOAD)
    if not allowed or actor.kind == "system":
        return allowed
    if owner_id is not None and owner_id != actor.organisation_id:
        return no(_l("Files go into the library of your own organisation."))
    return YES


def browse(actor: Actor, subject: Any = None) -> Verdict:
    """Whether the actor has a library to look at: traders and brokers have one."""
    allowed = holds(actor, Permission.DOCUMENT_READ)
    if not allowed or actor.kind in ("trader", "broker", "system"):
        return allowed
    return no(_l("The library belongs to traders and brokers. Officers find the files on the case."))


def read(actor: Actor, document: Document) -> Verdict:
    """Whether the actor may fetch a file from the library: the owner's people only."""
    allowed = holds(actor, Permission.DOCUMENT_READ)
    if not allowed or actor.kind == "system":
        return allowed
    return YES if document.owner_id == actor.organisation_id else no(_l("This file belongs to another organisation."))
