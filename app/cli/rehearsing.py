"""Preparing the database of test mode: tables, reference data, the robot's officers. Repeatable; the worker begins with it."""

from __future__ import annotations

from flask import Flask

from app.database import transaction
from app.migrating import migrate
from app.rehearsal import mirroring
from app.rehearsal.staffing import staff
from app.requirements import loading


def prepare(app: Flask) -> int:
    """Bring the database of the second window to this release; returns how many agencies were made."""
    engines = app.extensions["akno.database"]
    migrate(engines, app.extensions["akno.jobs"])
    with app.app_context(), transaction(engines):
        loading.publish()
        made = staff()
        mirroring.refresh()
    return made
