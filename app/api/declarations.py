"""Packages for software: file them, find them, read how far they are, take them back."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request, url_for

from app.api import door, packages, problem, raw, wco_response
from app.api.declarations_shapes import (
    FaultsShape,
    FilingLinks,
    FilingShape,
    PackagePath,
    PackagesAsked,
    PackageShape,
    PackagesShape,
    TimelineShape,
    Withdrawal,
)
from app.declarations import finders, policy
from app.declarations.models import Declaration
from app.errors import NotFound
from app.intake import policy as intake
from app.intake import receipts, receiving, withdrawing
from app.intake.models import Receipt
from app.ledger import witnessing
from app.web import actor

blueprint = door.resource("declarations", __name__, "File packages, follow them, take them back.")

MOST_KEY = 255


@blueprint.post(
    "/declarations",
    responses=wco_response.documented(door.answers(
        shape=FilingShape,
        status=201,
        refusals=(409, 413, 422),
        headers={
            "Location": "The package in this API",
            "Idempotent-Replayed": "true: this filing was answered before; status and body are those of the first answer",
        },
    ), 201, 409, 422),
    openapi_extensions=raw.asked(
        "The package: XML of our namespace, a WCO declaration in the published namespaces, or a ZIP with declaration.xml and "
        "the files that its documents name.",
        raw.header("Idempotency-Key", "Of your choice, for example a UUID: a filing repeated with it is not done again, at "
                   "whatever time. Required.", required=True, longest=MOST_KEY, example="order-4711"),
        raw.header("X-File-Name", "The name of the file, kept with the receipt; letters beyond ASCII percent-encoded (UTF-8)", example="declaration.xml"),
        raw.header("X-Second-Consignment", "`yes`: an equal package of the last day is another consignment",
                   choice=("yes",), example="yes"),
    ),
)  # fmt: skip
@door.guarded(intake.file)
def file_declaration() -> Any:
    """File a package.

    Answers by Idempotency-Key, whatever happened to the connection in between:
    * the same key, the same bytes: the first answer again, with `Idempotent-Replayed: true` (also of a refusal; only
      `request_id` differs);
    * the same key while the first is at work: waits for it and repeats its answer;
    * the same key, other bytes: 422 `key-reused`;
    * no key, or a longer one than 255 characters: 400 `idempotency-key`;
    * the same bytes or equal content under another key within a day: 409 `duplicate-content`;
    * 5xx: nothing was kept, the key is free.
    Keys of other organisations are other keys. A refused package is kept with its receipt; its LRN is not used up.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not 0 < len(key) <= MOST_KEY:
        return problem.problem(400, "idempotency-key")
    receipt = receiving.receive(
        request.get_data(cache=False),
        body_name=raw.file_name("declaration.xml"),
        channel="api",
        by=g.actor,
        key=key,
        confirmed=request.headers.get("X-Second-Consignment") == "yes",
    )
    if receipt.idempotency_key != key:
        return wco_response.instead_of(_registered_before(receipt), receipt, receipt.declaration)
    answer = _registered(receipt) if receipt.outcome == "registered" else _refused(receipt)
    if not receipt.fresh:
        answer.headers["Idempotent-Replayed"] = "true"
    return wco_response.instead_of(answer, receipt, receipt.declaration)


def _registered(receipt: Receipt) -> Response:
    """Facts that never change: the receipt, the package's names, its first version."""
    declaration = receipt.declaration
    if declaration is None or declaration.number is None:
        raise RuntimeError(f"receipt {receipt.number} says registered and knows no package")
    here = url_for("api_declarations.show_declaration", declaration_id=declaration.id)
    page = door.page("declarations.show", declaration_id=declaration.id)
    filing = FilingShape(
        outcome="registered",
        id=declaration.id,
        receipt=receipt.number,
        number=declaration.number,
        lrn=declaration.lrn,
        version=1,
        digest=declaration.digest if declaration.version == 1 else finders.get_version(declaration, 1).digest,
        received_at=receipt.received_at,
        package=page,
        links=FilingLinks(
            declaration=here, receipt=url_for("api_receipts.show_receipt", receipt_id=receipt.id), page=page
        ),
    )
    return door.said(filing, 201, Location=here)


def _registered_before(receipt: Receipt) -> Response:
    """The very package is registered already, under another key or by another door (trust.md R7)."""
    declaration = receipt.declaration
    where = url_for("api_declarations.show_declaration", declaration_id=declaration.id) if declaration else ""
    g.refused = True
    return problem.problem(
        409, "duplicate-content", receipt=receipt.number, registered_receipt=receipt.number, declaration=where,
        number=declaration.number if declaration else "",
    )  # fmt: skip


def _refused(receipt: Receipt) -> Response:
    # A refused filing is kept with its receipt although the answer is an error: nothing that arrived is lost.
    g.keep_refusal = True
    errors = [problem.error_of(one) for one in receipt.faults]
    if {fault["code"] for fault in receipt.faults} == {"DUPLICATE-CONTENT"}:
        earlier = receipt.faults[0]["value"].rpartition(" · ")[2]
        return problem.problem(
            409, "duplicate-content", receipt=receipt.number, registered_receipt=earlier, errors=errors
        )  # fmt: skip
    return problem.problem(422, "faults", receipt=receipt.number, fault_count=receipt.fault_count, errors=errors)


@blueprint.get("/declarations", responses=door.answers(shape=PackagesShape, refusals=(404,)))
@door.guarded(policy.list_own)
def list_declarations(query: PackagesAsked) -> Response:
    """List the packages of your organisation, last changed first.

    For following: keep the greatest `updated_at` you have seen and ask `updated_since` it. What happened in between stands in
    the feed of events.
    """
    also = Declaration.updated_at >= query.updated_since if query.updated_since else None
    page = finders.list_declarations(actor(), query.cursor, status=query.status, search=query.q.strip(), also=also)
    return door.said(PackagesShape(rows=[packages.line(one) for one in page.rows], next=page.following))


@blueprint.get(
    "/declarations/<uuid:declaration_id>",
    responses=wco_response.documented(door.answers(shape=PackageShape, refusals=(404,), tagged=True), 200),
)
@door.guarded(policy.read, finders.get_declaration, path=PackagePath)
def show_declaration(declaration: Declaration) -> Response:
    """Show a package: its state, every agency with its clock, whose turn it is, what is asked, what is cleared.

    The first part of the ETag, before the dot, is the digest of the version that holds: send the whole as `If-Match` with a
    change.
    """
    witnessing.package_read(declaration.id)
    if wco_response.wanted():
        return wco_response.of_package(declaration)
    shape = packages.whole(declaration)
    return door.said(shape, tag=packages.tag(declaration, shape))


@blueprint.get("/declarations/<uuid:declaration_id>/faults", responses=door.answers(shape=FaultsShape, refusals=(404,)))
@door.guarded(policy.read, finders.get_declaration, path=PackagePath)
def list_declaration_faults(declaration: Declaration) -> Response:
    """List the faults of the last arrival that belongs to a package: of a draft that was sent and refused, the first hundred."""
    witnessing.package_read(declaration.id)
    receipt = receipts.find_last(declaration.id)
    if receipt is None:
        raise NotFound()
    return door.said(packages.faults(receipt))


@blueprint.get(
    "/declarations/<uuid:declaration_id>/events", responses=door.answers(shape=TimelineShape, refusals=(404,))
)
@door.guarded(policy.read, finders.get_declaration, path=PackagePath)
def list_declaration_events(declaration: Declaration) -> Response:
    """List what happened to a package, oldest first, of a very long story the newest 200: agencies, never officers."""
    witnessing.package_read(declaration.id)
    return door.said(packages.timeline(declaration))


@blueprint.post(
    "/declarations/<uuid:declaration_id>/withdraw",
    responses=door.answers(shape=PackageShape, refusals=(404, 409)),
)
@door.guarded(policy.withdraw, finders.get_declaration, path=PackagePath)
def withdraw_declaration(declaration: Declaration, body: Withdrawal) -> Response:
    """Take a package back for a reason, before anything of it is released. The agencies are told; the package stays readable."""
    withdrawing.withdraw(declaration, reason=body.reason.strip(), by=actor())
    return door.said(packages.whole(finders.get_declaration(declaration.id, actor=actor())))
