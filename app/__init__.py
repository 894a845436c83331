"""Akno, a Single Window for trade. ``create_app`` is the table of contents of the house."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

from flask import Flask, has_request_context, request, session
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_openapi import Info, OpenAPI
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from config import ROOT, Settings

# Named here, imported when an application is built: importing one pure room must not import the whole house.
ROOMS = (
    "identity.views", "documents.views", "traders.views", "traders.desk_views", "traders.register_views", "requirements.views", "requirements.ruling_views", "declarations.views", "declarations.status_views",
    "declarations.rules_views", "declarations.draft_views", "declarations.draft_document_views",
    "declarations.draft_check_views", "declarations.values_views", "declarations.whatif_views", "declarations.sheet_views",
    "reviews.views", "reviews.queue_views", "reviews.greening_views", "reviews.board_views",
    "reviews.viewer_views", "reviews.deciding_views", "reviews.asking_views", "reviews.changes_views",
    "reviews.inspection_views", "reviews.noting_views", "reviews.clock_views", "reviews.seeing_views", "reviews.readers_views", "intake.views", "intake.amending_views",
    "intake.check_views", "intake.answering_views", "clearance.views", "cases.views", "risk.watch_views", "insights.risk_views", "risk.rights_views", "exports.views", "notifications.views", "privacy.views", "jobs.views", "rehearsal.views", "webhooks.views",
    "advance.views", "advance.movement_views", "advance.arrival_views", "risk.anomaly_views", "risk.assessment_views", "risk.indicator_views", "ledger.views", "ledger.witness_views", "api.problem_views", "api.developer_views",
)  # fmt: skip
API = (
    "declarations", "versions", "losses", "amendments", "questions", "receipts", "reference", "requirements", "clearances", "documents", "accreditations", "check",
    "events", "webhooks", "samples", "advance", "movements",
)  # fmt: skip
"""One file per resource of the API; its document is made of them."""
COMMANDS = (
    "cli.account:group", "cli.bundle:command", "cli.check_package:command", "cli.ledger:group", "cli.personal:group", "cli.reference:group", "cli.requirements:group", "cli.risk:group", "cli.scanner:group", "cli.signing:group", "cli.soundness:group",
    "cli.verify_clearance:command", "cli.work:command",
)  # fmt: skip


def create_app(settings: Settings) -> Flask:
    """Build the application from one frozen Settings; nothing is read from anywhere else.

    Raises ``declarations.schema.SchemaBroken`` when a published schema is not what its manifest says.
    """
    app = OpenAPI(
        __name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"), **_api_settings()
    )
    _configure(app, settings)
    _carry(app, settings)
    csrf = CSRFProtect(app)
    Bootstrap5(app)
    Babel(app, locale_selector=_language)
    import_module("app.shell").init_shell(app)
    for room in ROOMS:
        app.register_blueprint(import_module(f"app.{room}").blueprint)
    csrf.exempt(import_module("app.ledger.witness_views").blueprint)  # machines, no cookie: nothing to forge
    for resource in API:
        # Machines come with a key and cookies are not looked at, so there is nothing to forge.
        api = import_module(f"app.api.{resource}").blueprint
        csrf.exempt(api)
        app.register_api(api)
    app.register_blueprint(import_module("app.api.document").blueprint)
    for place in COMMANDS:
        module, _, name = place.partition(":")
        app.cli.add_command(getattr(import_module(f"app.{module}"), name))
    return app


def _api_settings() -> dict[str, Any]:
    """What the API has in common: its title, and what a request that does not fit its models is answered."""
    from app.api import problem, shapes

    return {
        "info": Info(title="Akno", version="1.0.0", description="A Single Window for trade: file once, signed off by all."),
        "doc_ui": False, "validation_error_status": 400, "validation_error_model": shapes.Problem,
        "validation_error_callback": problem.of_validation,
    }  # fmt: skip


def _carry(app: Flask, settings: Settings) -> None:
    """What stands below the pages: schemas, the two engines of the database, jobs, ledger, store, the edge of a request."""
    from app import reactions, web
    from app.api import door, problem, remembering
    from app.database import Database
    from app.declarations.schema import schema_set
    from app.documents import storage
    from app.jobs.engine import JobEngine
    from app.ledger import recording
    from app.rehearsal import dispatching

    schema_set()
    engines = Database(settings.database_url)
    jobs = JobEngine(engines, settings.application_version)
    app.extensions |= {
        "akno.settings": settings, "akno.database": engines, "akno.jobs": jobs, "akno.problem": problem.of_exception,
    }  # fmt: skip
    store, secret = storage.LocalStore(settings.storage_dir), settings.secret_key.get_secret_value().encode()
    if settings.rehearsal:
        app.extensions |= {storage.OWN: store, recording.KEY: b"rehearsal-ledger:" + secret}
    else:
        # The process's own; test mode is made beside it later, while it serves, and leaves these as they are.
        recording.use_key(b"ledger:" + secret)
        storage.use(store)
        reactions.connect(jobs)
    remembering.init_apart(app)  # its hook runs when the transaction of the request has ended, the door's before
    web.init_edges(app, engines)
    door.init_door(app)
    dispatching.init_rehearsal(app, settings, create_app)


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SESSION_COOKIE_NAME="__Host-akno" if settings.secure_cookies else "akno",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(minutes=settings.idle_minutes),
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE=settings.default_language,
        BABEL_DEFAULT_TIMEZONE=settings.time_zone,
        BABEL_TRANSLATION_DIRECTORIES="translations",
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    from app.shell import plainly

    app.jinja_options = {"undefined": StrictUndefined, "autoescape": True, "finalize": plainly}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _language() -> str | None:
    """The language chosen at the switch, else the person's own, else what the browser asks for."""
    from app import web
    from app.api import problem

    if not has_request_context():
        # A job has no reader: its refusals speak the language of the window.
        return None
    if web.wants_json():
        return problem.language()  # machines ask for their language at each call; cookies are not looked at
    who = web.actor()
    chosen = session.get("language") or (who.language if who.signed_in else None)
    return chosen or request.accept_languages.best_match(("be", "ru", "en"))
