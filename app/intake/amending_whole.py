"""A whole changed package, XML or ZIP, taken at once as the new version: for software. A change that somebody is writing in
the portal stays where it is."""

from __future__ import annotations

from lxml import etree

from app.access import Actor, require
from app.declarations import codec, editing, pointers, policy
from app.declarations.models import Declaration, Version
from app.documents import storage
from app.errors import Fault, Invalid
from app.intake import amending, enclosures, receiving
from app.intake.amendment_drafts import CHANGE, FUNCTION
from app.intake.opening import Opened, open_bytes


def amend(declaration: Declaration, body: bytes, *, expected_version: int, by: Actor) -> Version:
    """Take a whole changed package as the new version; the files of a ZIP enter the sender's library.

    Raises Stale for another version than the one seen, Conflict in a state that cannot be changed, NotAllowed by policy,
    Invalid with every fault; nothing is changed then.
    """
    storage.store().put(body)
    opened = open_bytes(body)
    declaration = amending.lock(declaration)
    amending.must_be_amendable(declaration)
    require(policy.amend, by, declaration)
    amending.must_be_seen(declaration, expected_version)
    tree = _tree(opened)
    found = receiving.keep_files(codec.to_package(tree), opened.files, by=by)
    if found:
        raise Invalid([pointers.placed(one, tree) for one in found])
    return amending.amend(
        declaration, tree, cause=amending.AMENDED, by=by, expected_version=expected_version, arrival=body, keep_draft=True
    )  # fmt: skip


def preview(declaration: Declaration, body: bytes, *, by: Actor) -> amending.Preview:
    """Return what a whole changed package would do if it were sent now; stores nothing, neither bytes nor files.

    Raises Conflict in a state that cannot be changed, Invalid for bytes that cannot be read as a package.
    """
    amending.must_be_amendable(declaration)
    opened = open_bytes(body)
    tree = _tree(opened)
    package = codec.to_package(tree)
    faults: list[Fault] = enclosures.match_container(package, opened.files) if opened.files else []
    if faults:
        raise Invalid([pointers.placed(one, tree) for one in faults])
    return amending.preview(declaration, tree, by=by, sent=enclosures.sent_along(package, opened.files))


def _tree(opened: Opened) -> etree._Element:
    """The tree that was brought. What says of itself that it is an amendment stands as the package once it is taken."""
    if opened.tree is None or opened.faults:
        raise Invalid(opened.faults)
    if editing.get_leaf(opened.tree, FUNCTION) == CHANGE:
        editing.set_leaf(opened.tree, FUNCTION, editing.ORIGINAL)
    return opened.tree
