"""The catalogue of events: past tense, each with the payload keys it carries. The names are a contract."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EVENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # identity
        "organisation.registered": ("kind", "unp_digest"),
        "person.invited": ("organisation", "roles"),
        "person.link_issued": (),
        "person.disabled": (),
        "person.password_set": (),
        "membership.ended": ("organisation",),
        "person.signed_in": ("session",),
        "person.signed_out": ("session",),
        "person.sign_in_refused": ("account_digest", "address_digest"),
        "mandate.offered": ("trader", "broker", "scope"),
        "mandate.accepted": ("trader", "broker", "scope"),
        "mandate.ended": ("trader", "broker"),
        "key.created": ("prefix", "scopes"),
        "key.revoked": ("prefix",),
        # documents
        "document.uploaded": ("sha256", "media_type", "size", "scan"),
        "document.read": ("sha256",),
        # requirements
        "reference.loaded": ("edition", "added", "ended", "unchanged"),
        # intake
        "receipt.read": (),
        "receipt.issued": ("number", "channel", "status", "faults", "body"),
        # declarations
        "declaration.drafted": ("channel",),
        "declaration.copied": ("source",),
        "declaration.read": (),
        "declaration.submitted": ("number", "version", "digest", "edition", "lrn_digest"),
        "declaration.routed": ("agencies", "lanes"),
        "declaration.released": ("version", "digest"),
        "declaration.refused": ("version", "digest"),
        "declaration.withdrawn": ("reason_digest",),
        # reviews
        "review.opened": ("agency", "declaration", "due_at", "items", "measures"),
        "review.claimed": ("agency", "declaration", "until"),
        "review.lapsed": ("agency", "declaration"),
        "review.released": ("agency", "declaration"),
        "review.reassigned": ("agency", "declaration", "to"),
        "review.superseded": ("agency", "declaration"),
        "review.decided": ("agency", "declaration", "decision", "version", "digest", "outcomes", "text_digest"),
        # clearance
        "clearance.requested": ("declaration", "number", "version", "digest"),
        "clearance.issued": ("declaration", "number", "sha256"),
        "clearance.superseded": ("declaration", "number"),
        "clearance.revoked": ("declaration", "number", "reason_digest"),
        # jobs
        "job.retried": ("job",),
    }
)
