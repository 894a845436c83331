"""The change that is being written of a filed package: begun, brought as a file, dropped, sent.

It stands on the package's row beside the version that holds; the agencies go on meanwhile. The pages of a draft write it.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from lxml import etree

from app.access import Actor, require
from app.database import session
from app.declarations import codec, editing, finders, parsing, pointers, policy
from app.declarations.models import Declaration, Version
from app.documents import serving, storage, uploading
from app.errors import Conflict, Fault, Invalid, NotFound
from app.intake import amending, opening, receiving
from app.intake.container import is_zip
from app.ledger.recording import record

FUNCTION = "/Declaration/FunctionCode"
CHANGE = "13"
"""The message function of an amendment (the one other than "original" that our schema lets through for it)."""

BASE, RECEIVED, AS_RECEIVED = "amends", "received", "as_received"
"""Keys of the draft's notes: the version it was begun from; the blob that brought it; the digest it had then."""


def begin(declaration: Declaration, *, by: Actor) -> Declaration:
    """Begin a change from the version that holds; one that has been begun is gone on with.

    Raises Conflict in a state that cannot be changed, NotAllowed by policy.
    """
    declaration = amending.lock(declaration)
    amending.must_be_amendable(declaration)
    require(policy.amend, by, declaration)
    if declaration.draft_xml is None:
        _keep(declaration, finders.get_version(declaration).canonical, by, {})
    return declaration


def bring(declaration: Declaration, body: bytes, *, by: Actor) -> Declaration:
    """Take a whole changed package (XML or ZIP) as the change; what was written before is replaced. Nothing is sent yet.

    The files of a ZIP enter the sender's library. Raises Invalid with every fault of container and schema, Conflict and
    NotAllowed as ``begin``.
    """
    sha256 = storage.store().put(body)
    opened = opening.open_bytes(body)
    declaration = amending.lock(declaration)
    amending.must_be_amendable(declaration)
    require(policy.amend, by, declaration)
    faults: list[Fault] = list(opened.faults)
    if opened.tree is not None and not faults:
        found = receiving.keep_files(codec.to_package(opened.tree), opened.files, by=by)
        faults = [pointers.placed(one, opened.tree) for one in found]
    if opened.tree is None or faults:
        raise Invalid(faults)
    uploading.enter(sha256, len(body), media_type="application/zip" if is_zip(body) else "application/xml")
    if editing.get_leaf(opened.tree, FUNCTION) == CHANGE:
        # A whole package sent as an amendment: once taken, it stands as the package.
        editing.set_leaf(opened.tree, FUNCTION, editing.ORIGINAL)
    data = codec.canonical(opened.tree)
    _keep(declaration, data, by, {RECEIVED: sha256, AS_RECEIVED: codec.digest(data)})
    return declaration


def drop(declaration: Declaration, *, by: Actor) -> Declaration:
    """Put a change away that was not sent; the version that holds stays. Raises Conflict when there is none."""
    declaration = amending.lock(declaration)
    require(policy.amend, by, declaration)
    if declaration.draft_xml is None:
        raise _nothing_begun()
    declaration.draft_xml, declaration.draft_notes = None, {}
    session().flush()
    record("declaration.amendment_dropped", "declaration", declaration.id, by=by, declaration_id=declaration.id)
    return declaration


def send(declaration: Declaration, *, seen_version: int, seen_digest: str, by: Actor) -> Version:
    """Send the change as a new version. ``seen_version``: the one its effect was shown against; ``seen_digest``: of what
    was shown, so that nothing is sent that a colleague wrote in between.

    Raises Conflict when nothing is begun or the change was edited meanwhile, and everything that ``amending.amend`` does;
    what was written is kept then.
    """
    declaration = amending.lock(declaration)
    if declaration.draft_xml is None:
        amending.must_be_seen(declaration, seen_version)
        raise _nothing_begun()
    data, notes = declaration.draft_xml, dict(declaration.draft_notes)
    now = codec.digest(data)
    if seen_digest != now:
        raise Conflict(
            _l("Somebody changed this draft after you looked at it. Look at what will change now, then send it."),
            {"digest": now},
        )
    arrival = _arrival(notes[RECEIVED]) if notes.get(AS_RECEIVED) == now else None
    return amending.amend(
        declaration, tree_of(declaration), cause=amending.AMENDED, by=by, expected_version=seen_version, arrival=arrival
    )


def _arrival(sha256: str) -> bytes | None:
    """What was sent as the change; None when a file that no package stood on was not kept so long (``privacy.keeping``)."""
    try:
        return serving.reread(sha256)
    except NotFound:
        return None


def tree_of(declaration: Declaration) -> etree._Element:
    """Return the tree of the change that was begun. Raises Conflict when there is none."""
    if declaration.draft_xml is None:
        raise _nothing_begun()
    tree = parsing.plain(declaration.draft_xml).tree
    if tree is None:
        raise RuntimeError(f"the stored change of package {declaration.id} cannot be read")
    return tree


def base_of(declaration: Declaration) -> int:
    """Return the version from which the change was begun."""
    return int(declaration.draft_notes.get(BASE) or declaration.version)


def _keep(declaration: Declaration, data: bytes, by: Actor, notes: dict[str, Any]) -> None:
    fresh = declaration.draft_xml is None
    declaration.draft_xml = data
    declaration.draft_notes = {BASE: declaration.version, **notes}
    session().flush()
    if fresh:
        record("declaration.amendment_started", "declaration", declaration.id, by=by, declaration_id=declaration.id)


def _nothing_begun() -> Conflict:
    return Conflict(
        _l("No change of this package is being written: it was sent or dropped already."), {"draft": "none"}
    )
