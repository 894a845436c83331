"""A cleared package, and the list of ended papers as anyone fetches it."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from app.clearance import issuing, publishing
from app.clearance.models import Clearance
from app.cli import cases, founding
from app.database import Database, transaction
from app.jobs import registry
from app.reviews.finders import list_reviews
from app.signing import listing
from app.signing import trust as trusting


def cleared() -> Clearance:
    """Bicycles of Vela Mir, signed by all who are asked, with their paper."""
    declaration = cases._filed("bicycles", "VM-26-3001", founding.actor("vera"))
    asked = sorted(list_reviews(declaration.id), key=lambda review: review.releases)
    for agency in [one.agency for one in asked]:
        cases._approve(declaration, agency)
    assert declaration.status == "released"
    return issuing.issue(declaration.id)


def trust_of(app: Flask, database: Database) -> trusting.Trust:
    with app.app_context(), transaction(database, writing=False):
        return publishing.trust_in_force()


def published(app: Flask, database: Database, client: FlaskClient) -> listing.Listed:
    with app.app_context(), transaction(database):
        registry.run(publishing.JOB, "")
    return listing.read(client.get("/verify/list").text, trust_of(app, database))
