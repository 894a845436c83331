"""Receiving: bytes become a package or faults. Container, schema, canonical form; submission does the rest."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.access import Actor
from app.database import session
from app.declarations import codec, pointers
from app.declarations.package import Package, SupportingDocument
from app.documents import storage, uploading
from app.errors import Conflict, Fault, Invalid
from app.intake import enclosures, receipts, submission
from app.intake.container import is_zip
from app.intake.models import Receipt
from app.intake.opening import open_bytes
from app.ledger.recording import record_all
from app.turns import take_turn


class KeyReused(Conflict):
    """The idempotency key was used before for other bytes."""

    status = 422


def receive(
    body: bytes,
    *,
    body_name: str,
    channel: str,
    by: Actor,
    key: str | None = None,
    confirmed: bool = False,
) -> Receipt:
    """Take in one arrival and return its receipt: registered, or refused with every fault at once.

    The same key with the same bytes gives the first receipt again. Raises KeyReused for the same key with other bytes.
    """
    # Bytes stored, opened and read come first: the transaction begins to write with the next line, not before.
    sha256 = storage.store().put(body)
    opened = open_bytes(body)
    package = codec.to_package(opened.tree) if opened.tree is not None else None
    uploading.enter(sha256, len(body), media_type="application/zip" if is_zip(body) else "application/xml")
    earlier = _find_by_key(by, key) if key else None
    if earlier is not None:
        if earlier.body_sha256 != sha256:
            raise KeyReused(_l("This Idempotency-Key was used before for other bytes."), {"receipt": earlier.number})
        return earlier
    arrival = submission.Arrival(channel, sha256, body_name, key=key, confirmed=confirmed)
    if opened.tree is None or package is None:
        return refuse(arrival, opened.faults, by=by, more=opened.more)
    found = list(opened.faults)
    if not found:
        found = [pointers.placed(one, opened.tree) for one in keep_files(package, opened.files, by=by)]
    if found:
        # All faults come back together: those of file and schema, and those the rules find in a tree that can be read.
        if not opened.more:
            sent = enclosures.sent_along(package, opened.files)
            found += submission.rule_faults(package, opened.tree, by=by, sent=sent)
        return refuse(arrival, found, by=by, more=opened.more, package=package)
    return submission.submit(arrival, opened.tree, package, by=by)


def _find_by_key(by: Actor, key: str) -> Receipt | None:
    take_turn("idempotency-key", str(by.organisation_id), key)
    return receipts.find_by_key(by.organisation_id, key)


def refuse(
    arrival: submission.Arrival, faults: list[Fault] | tuple[Fault, ...], *, by: Actor, more: int = 0,
    package: Package | None = None,
) -> Receipt:  # fmt: skip
    """Write the receipt of a refused arrival; the bytes are kept, the LRN is not used up."""
    receipt, happening = receipts.write(
        outcome="refused",
        channel=arrival.channel,
        body_sha256=arrival.body_sha256,
        body_name=arrival.body_name,
        by=by,
        lrn=package.lrn if package else "",
        faults=list(faults),
        more=more,
        key=arrival.key,
    )
    record_all([happening], by=by)
    return receipt


def keep_files(package: Package, files: dict[str, bytes], *, by: Actor) -> list[Fault]:
    """Put the files of the ZIP into the sender's library: all of them, or none and what is wrong with files or names."""
    if not files or by.organisation_id is None:
        return []
    faults = enclosures.match_container(package, files)
    if faults:
        return faults
    try:
        with session().begin_nested():
            _upload_all(files, enclosures.named_files(package), by)
    except Invalid as refused:
        return list(refused.faults)
    return []


def _upload_all(files: dict[str, bytes], named: Mapping[str, SupportingDocument], by: Actor) -> None:
    """In the order of names, so that two who bring the same files never wait for each other. Raises Invalid."""
    faults = []
    for name, data in sorted(files.items()):
        try:
            uploading.upload(
                owner_id=by.organisation_id,  # type: ignore[arg-type]
                data=data,
                file_name=name.rsplit("/", 1)[-1],
                number=named[name].number,
                by=by,
            )
        except Invalid as refused:
            faults += [_at(one, named[name].path, name) for one in refused.faults]
    if faults:
        raise Invalid(faults)


def _at(found: Fault, path: str, name: str) -> Fault:
    return Fault(
        found.code,
        found.message,
        found.remedy,
        path=path,
        value=found.value or name,
        kind=found.kind,
        field=found.field,
    )
