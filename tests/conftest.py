"""One application per worker, a fresh database per test (a copy of a prepared one), named people, honest last lines."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.cli.work import import_jobs
from app.database import Database, transaction
from app.jobs.engine import JobEngine
from app.jobs.working import Worker
from app.ledger import outside
from app.migrating import migrate
from config import ROOT, Settings
from tests.factories.world import World, people_the_world
from tests.interop import judged
from tests.postgresql import Cluster, in_memory

ENGINE = os.environ.get("AKNO_TEST_ENGINE", "sqlite")
# What the tests write lies in memory: nothing of it outlives the run, and waiting for a disk took more time than the tests.
if in_memory() is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(in_memory()))
# The same examples in every run, however slow the machine is: a find of the dice is no reason to stop somebody else's change.
# ``--hypothesis-profile=default`` throws them anew.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("steady")
SECRET = "only for tests: 0123456789abcdef0123456789abcdef"


ONE_ENGINE = {
    "architecture/test_access", "architecture/test_hostile", "architecture/test_hostile_door", "architecture/test_routes",
    "api/test_contract", "api/test_examples", "api/test_quick_start", "api/test_developer_pages", "api/test_document",
    "api/test_problems", "api/test_dating", "api/test_reference", "hostile/test_packages", "hostile/test_documents", "hostile/test_words", "hostile/test_attacks::test_sqli_ssti_cmd_no_word_brings_more_rows", "hostile/test_attacks::test_log_lines_are_one_line_each_and_short", "intake/test_check_page",
    "intake/test_upload", "parity/test_parity", "rehearsal/test_worker", "interop/test_wco_door",
    "interop/test_wco_responses", "declarations/test_drafts_foreign", "declarations/test_rules_views",
    "declarations/test_sheet_items", "identity/test_shell", "webhooks/test_crowd", "cli/test_up", "api/test_door",
    "api/test_clearances", "api/test_documents", "api/test_questions", "api/test_requirements", "api/test_samples",
    "reviews/test_viewing", "reviews/test_queue_views", "declarations/test_sheet_views", "webhooks/test_views",
    "webhooks/test_api", "exports/test_views", "requirements/test_views", "clearance/test_verifying", "clearance/test_verify_pages",
    "documents/test_picturing", "identity/test_apikeys", "ledger/test_views", "scanning/test_open_cases", "identity/test_provider", "identity/test_breakglass", "identity/test_factors", "identity/test_stepping", "web/test_edges", "web/test_signs", "identity/test_accounts",
    "reviews/test_seeing", "privacy/test_reads", "requirements/test_grammar", "requirements/test_names", "declarations/test_browsing", "declarations/test_copying",
    "declarations/test_whatif", "rules/test_mended", "insights/test_needs", "api/test_describing",
    "api/test_warming", "intake/test_whose", "journeys/test_needs", "journeys/test_newcomer", "journeys/test_spreadsheet",
    "rehearsal/test_robot", "documents/test_library", "notifications/test_journey", "journeys/test_foreign_message",
    "clearance/test_parts", "declarations/test_filed_views", "identity/test_mandates", "jobs/test_pages",
    "journeys/test_verifying_abroad", "journeys/test_four_eyes", "journeys/test_phished_password", "identity/test_resetting",
    "identity/test_own_rights",
}  # fmt: skip
"""What says nothing of the database and takes long: who may open which page, bent input, words of answers. Once is enough; what
sends numbers beyond a column goes to both. Left to itself (``AKNO_TEST_ENGINE=postgresql pytest``) PostgreSQL gets all."""


class Place:
    """Where the databases of one worker live: how to make an empty one, how to copy the prepared one over the current."""

    def __init__(self, folder: Path, cluster: Cluster | None) -> None:
        self.folder, self.cluster = folder, cluster

    def url(self, name: str) -> str:
        return self.cluster.url(name) if self.cluster else f"sqlite:///{self.folder / name}.db"

    def make_empty(self, name: str) -> None:
        if self.cluster:
            self.cluster.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            self.cluster.execute(f"CREATE DATABASE {name}")
        else:
            for end in ("", "-wal", "-shm"):
                (self.folder / f"{name}.db{end}").unlink(missing_ok=True)

    def copy(self, source: str, target: str) -> None:
        if self.cluster:
            self.cluster.execute(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
            self.cluster.execute(f"CREATE DATABASE {target} TEMPLATE {source} STRATEGY FILE_COPY")
        else:
            self.make_empty(target)
            shutil.copyfile(self.folder / f"{source}.db", self.folder / f"{target}.db")


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    """Translations are compiled by make; a bare pytest compiles them too, so that no test sees yesterday's words."""
    for po in (ROOT / "app" / "translations").glob("*/LC_MESSAGES/messages.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            subprocess.run([ROOT / ".venv/bin/pybabel", "-q", "compile", "-i", po, "-o", mo], check=True)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    cluster = Cluster() if ENGINE == "postgresql" else None
    yield Place(tmp_path_factory.mktemp("databases"), cluster)
    if cluster:
        cluster.stop()


@pytest.fixture(scope="session")
def settings(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        secret_key=SECRET,
        demonstration=True,
        database_url=place.url("current"),
        storage_dir=tmp_path_factory.mktemp("storage"),
        mail_dir=tmp_path_factory.mktemp("mail"),
        argon2_memory_kib=64,
        trusted_hosts=("localhost", "127.0.0.1"),
        job_poll_seconds=0.02,
        # Counted as in life, but a test may walk all of the API at once: tests/api/test_limiting.py sets them low.
        api_requests_per_minute=100_000,
        api_requests_per_minute_without_key=100_000,
    )


@pytest.fixture(scope="session")
def prepared(place: Place, settings: Settings) -> World:
    """Make the prepared database once: migrated, reference data loaded, people in it."""
    place.make_empty("current")
    app = create_app(settings)
    database: Database = app.extensions["akno.database"]
    migrate(database, app.extensions["akno.jobs"])
    with app.app_context(), transaction(database):
        world = people_the_world()
    database.dispose()
    place.copy("current", "prepared")
    return world


@pytest.fixture(scope="session")
def one_app(settings: Settings, prepared: World) -> Iterator[Flask]:
    app = create_app(settings)
    app.config.update(TESTING=True)
    yield app
    app.extensions["akno.database"].dispose()


@pytest.fixture
def app(one_app: Flask, place: Place) -> Flask:
    """The application on a fresh copy of the prepared database."""
    database: Database = one_app.extensions["akno.database"]
    jobs: JobEngine = one_app.extensions["akno.jobs"]
    database.dispose()
    place.copy("prepared", "current")
    jobs.forget_client()
    # The copies of the log that another test signed contradict a database that knows nothing of them.
    shutil.rmtree(outside.folder(one_app.extensions["akno.settings"]), ignore_errors=True)
    return one_app


@pytest.fixture
def database(app: Flask) -> Database:
    return app.extensions["akno.database"]


@pytest.fixture
def empty_database(place: Place) -> Iterator[Database]:
    place.make_empty("empty")
    made = Database(place.url("empty"))
    yield made
    made.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def _forget_closed_streams() -> None:
    """The engine keeps the error stream of the test in which it started first; a test that captures closes its own."""
    engine = logging.getLogger("dbos")
    for handler in list(engine.handlers):
        if isinstance(handler, logging.StreamHandler) and handler.stream.closed:
            engine.removeHandler(handler)


class Drain:
    """The real worker of the tests: ``drain`` starts it on the application, lets it finish what waits, and stops it."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def drain(self, seconds: float = 90) -> None:
        import_jobs()
        _forget_closed_streams()
        jobs: JobEngine = self.app.extensions["akno.jobs"]
        worker = Worker(self.app, retry_seconds=0.05)
        worker.start()
        try:
            deadline = time.monotonic() + seconds
            while jobs.count_waiting():
                assert time.monotonic() < deadline, "the worker did not finish in time"
                time.sleep(0.02)
        finally:
            worker.stop()

    def watch(self) -> None:
        """Do what the moment brings (deadlines, leases, signatures), as the worker does every second."""
        import_jobs()
        Worker(self.app).watch()

    def follow(self) -> None:
        """Let the readers of the ledger take in what is new."""
        import_jobs()
        Worker(self.app).follow()


@pytest.fixture
def worker(app: Flask) -> Drain:
    """The worker process's own code, run in this process when a test asks for it."""
    return Drain(app)


@pytest.fixture
def world(app: Flask, prepared: World) -> World:
    """The named people, each able to walk through the application (``world.anna.get("/packages")``)."""
    return prepared.at(app)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what knows no database as pure, so that the PostgreSQL run need not repeat it; what drives a browser is all in
    one folder and runs in a process of its own."""
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)
        place = f"{item.path.parent.name}/{item.path.stem}"
        if (
            place in ONE_ENGINE or f"{place}::{item.name.partition('[')[0]}" in ONE_ENGINE
        ) and "beyond" not in item.name:
            item.add_marker(pytest.mark.one_engine)
        fixtures = set(getattr(item, "fixturenames", ()))
        if not fixtures & {"app", "database", "world", "client", "empty_database", "prepared", "place", "settings"}:
            item.add_marker(pytest.mark.pure)


_left_out: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Where the real messages are on the machine, leaving one out is no success."""
    if report.skipped and not hasattr(report, "wasxfail") and "interop" in report.nodeid and judged.MESSAGES.exists():
        _left_out.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    judged.collect(session)
    if _left_out and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name in _left_out:
        terminalreporter.write_line(f"a real message was left out although ../shared is here: {name}", red=True)
