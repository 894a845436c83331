"""Versions of a package: what was filed, as canonical XML and as the very bytes that arrived."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Response, url_for

from app.access import Actor, Verdict
from app.api import door, packages, raw
from app.api.declarations_shapes import MOST_VERSION, PackagePath, VersionPath, VersionShape, VersionsShape
from app.declarations import finders, policy
from app.declarations.models import Declaration, Version
from app.documents import serving
from app.errors import NotFound
from app.insights import standing
from app.ledger import witnessing

blueprint = door.resource(
    "versions", __name__, "What was filed: every version of a package, canonical and as received."
)


@dataclass(frozen=True, slots=True)
class Filed:
    """A version with the package it belongs to."""

    declaration: Declaration
    version: Version


def get_filed(declaration_id: uuid.UUID, number: int, *, actor: Actor) -> Filed:
    """Return a version of one of the actor's own packages. Raises NotFound."""
    declaration = finders.get_declaration(declaration_id, actor=actor)
    if not 0 < number <= MOST_VERSION:
        raise NotFound()
    return Filed(declaration, finders.get_version(declaration, number))


def read(actor: Actor, filed: Filed) -> Verdict:
    """Read a version: who may read its package."""
    return policy.read(actor, filed.declaration)


@blueprint.get(
    "/declarations/<uuid:declaration_id>/versions", responses=door.answers(shape=VersionsShape, refusals=(404,))
)
@door.guarded(policy.read, finders.get_declaration, path=PackagePath)
def list_versions(declaration: Declaration) -> Response:
    """List the versions of a package, newest first: when and why each came, which approvals it kept, who looked again."""
    witnessing.package_read(declaration.id)
    lines = standing.list_version_lines(declaration, finders.get_version(declaration))
    return door.said(VersionsShape(rows=[packages.version(one, declaration) for one in lines]))


@blueprint.get(
    "/declarations/<uuid:declaration_id>/versions/<int:number>",
    responses=door.answers(shape=VersionShape, refusals=(404,), tagged=True),
)
@door.guarded(read, get_filed, path=VersionPath)
def show_version(filed: Filed) -> Response:
    """Show one version. What it says never changes; its ETag is the digest of its canonical XML."""
    declaration, version = filed.declaration, filed.version
    witnessing.package_read(declaration.id)
    lines = standing.list_version_lines(declaration, version) if declaration.version > 1 else ()
    line = next((one for one in lines if one.number == version.number), None)
    line = line or standing.list_version_lines(declaration, version)[0]
    shape = VersionShape(
        **packages.version(line, declaration).model_dump(),
        edition=version.edition,
        xml=_at("api_versions.show_xml", filed),
        received=_at("api_versions.show_received", filed),
    )
    return door.said(shape, tag=version.digest)


@blueprint.get(
    "/declarations/<uuid:declaration_id>/versions/<int:number>/xml",
    responses=door.answers(kinds={raw.XML: raw.TEXT}, refusals=(404,), tagged=True),
)
@door.guarded(read, get_filed, path=VersionPath)
def show_xml(filed: Filed) -> Response:
    """Fetch the canonical XML of a version. Its ETag is its SHA-256: the digest that decisions and clearances name."""
    witnessing.package_read(filed.declaration.id)
    return raw.answer(filed.version.canonical, _file_name(filed), tag=filed.version.digest)


@blueprint.get(
    "/declarations/<uuid:declaration_id>/versions/<int:number>/received",
    responses=door.answers(kinds={raw.XML: raw.TEXT, raw.ZIP: raw.BYTES}, refusals=(404, 409), tagged=True),
)
@door.guarded(read, get_filed, path=VersionPath)
def show_received(filed: Filed) -> Response:
    """Fetch the bytes exactly as they arrived, XML or ZIP. The ETag is their SHA-256."""
    sha256 = filed.version.received_sha256
    if sha256 is None:
        raise NotFound()
    witnessing.package_read(filed.declaration.id)
    return raw.answer(serving.received(sha256), f"{_file_name(filed)}-received", tag=sha256)


def _at(endpoint: str, filed: Filed) -> str:
    where: dict[str, Any] = {"declaration_id": filed.declaration.id, "number": filed.version.number}
    return url_for(endpoint, **where)


def _file_name(filed: Filed) -> str:
    name = filed.declaration.number or filed.declaration.lrn or "package"
    return f"{name.replace('/', '-')}-v{filed.version.number}"
