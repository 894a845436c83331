"""Health for anyone; failed jobs for the administrator."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, flash, jsonify, render_template, request
from flask_babel import gettext as _

from app.access import Actor
from app.documents import gate, scanner, scanning, storage
from app.errors import NotFound
from app.jobs import policy
from app.jobs.engine import JobEngine, JobState, root_of
from app.jobs.health import Health, examine
from app.ledger import recording
from app.signing import alarms
from app.web import actor, back, guard, public

blueprint = Blueprint("jobs", __name__)

_JOBS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:akno:jobs")
"""A job's key is text and the ledger's subjects are ids: under this name the same key is always the same id."""


def engine() -> JobEngine:
    """The task engine of this application."""
    return current_app.extensions["akno.jobs"]  # type: ignore[no-any-return]


def find_job(key: str, *, actor: Actor) -> JobState:
    """The latest attempt of a job, for the guard. Raises NotFound."""
    state = engine().find(key)
    if state is None:
        raise NotFound(f"job {key}")
    return state


def seen() -> Health:
    """How the window fares now, its signing and its scanner included: this room stands below both."""
    found = examine(engine(), storage.store(), current_app.extensions["akno.settings"].scanner)
    stop = alarms.find_stop() if found.database else None
    found = found if stop is None else replace(found, unsigned_since=stop.since, unsigned_because=stop.because)
    return _with_scanner(found)


def _with_scanner(found: Health) -> Health:
    """Add how the scanner fares, by what the worker last saw: no request asks it."""
    if not found.database or not gate.stands():
        return found
    stands = scanning.standing()
    return replace(
        found, scan=stands.state, scan_since=stands.since, scan_stale=stands.stale, scan_engine=stands.engine,
        files_waiting=scanning.count_waiting(),
    )  # fmt: skip


@blueprint.get("/health")
@public
def health() -> Any:
    """The state of the window: a page for people, JSON by Accept. 503 when it cannot take a package."""
    found = seen()
    status = 200 if found.ready else 503
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(found.as_dict()), status
    settings = current_app.extensions["akno.settings"]
    toy = settings.demonstration and settings.signing_certificate_file is None
    return render_template("jobs/health.html", health=found, scanner_words=scanner.STATES, toy_signs=toy), status


@blueprint.get("/healthz")
@public
def alive() -> Any:
    """Whether the process answers: asks nothing else."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@public
def ready() -> Any:
    """Whether a package can be taken now (database and store)."""
    found = seen()
    return jsonify(found.as_dict()), 200 if found.ready else 503


@blueprint.get("/jobs")
@guard(policy.retry)
def failed_jobs() -> str:
    """The jobs that gave up, newest first, each with its reason and a button."""
    return render_template("jobs/failed.html", jobs=engine().list_failed(), health=seen())


@blueprint.post("/jobs/<key>/retry")
@guard(policy.retry, find_job)
def retry(state: JobState) -> Any:
    """Start a failed job once more, and remember who did: this room stands below the ledger, so its view records."""
    again = engine().retry(state.key)
    recording.record("job.retried", "job", uuid.uuid5(_JOBS, root_of(state.key)), by=actor(), job=again)
    flash(_("Started again: %(job)s.", job=state.name), "success")
    return back("jobs.failed_jobs")
