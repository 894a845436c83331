"""Akno, a Single Window for trade. ``create_app`` is the table of contents of the house."""

from __future__ import annotations

import importlib
import importlib.util
from datetime import timedelta

from flask import Flask, request, session
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from app import shell, web
from app.database import Database
from app.documents import storage
from app.jobs.engine import JobEngine
from app.ledger import recording
from config import ROOT, Settings

VIEWS = (
    "identity", "documents", "requirements", "declarations", "reviews", "intake", "clearance", "jobs",
)  # fmt: skip


def create_app(settings: Settings) -> Flask:
    """Build the application from one frozen Settings; nothing is read from anywhere else."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    _configure(app, settings)
    engines = Database(settings.database_url)
    jobs = JobEngine(engines, settings.application_version)
    app.extensions |= {"akno.settings": settings, "akno.database": engines, "akno.jobs": jobs}
    recording.use_key(b"ledger:" + settings.secret_key.get_secret_value().encode())
    storage.use(storage.LocalStore(settings.storage_dir))
    web.init_edges(app, engines)
    shell.init_shell(app)
    CSRFProtect(app)
    Bootstrap5(app)
    Babel(app, locale_selector=_language)
    for room in VIEWS:
        if importlib.util.find_spec(f"app.{room}.views"):
            app.register_blueprint(importlib.import_module(f"app.{room}.views").blueprint)
    return app


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
    app.jinja_options = {"undefined": StrictUndefined, "autoescape": True}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _language() -> str | None:
    chosen = session.get("language") or web.actor().language if web.actor().signed_in else session.get("language")
    return chosen or request.accept_languages.best_match(("be", "ru", "en"))
