"""The real application in front of a real browser: gunicorn, the worker, Chromium; the country with a case in every state."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from app import create_app
from app.cli import accrediting, announcing, cases, founding
from app.database import transaction
from app.traders import applying
from config import ROOT, Settings
from tests.browser.window import CHROMIUM, Visitor
from tests.conftest import ENGINE, SECRET, Place
from tests.factories.world import World
from tests.postgresql import free_port

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass(frozen=True, slots=True)
class Site:
    """Where the application answers, and the same application here, to know its addresses."""

    base_url: str
    app: Flask


@pytest.fixture(scope="package")
def site(place: Place, prepared: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The web server and the worker as two processes on a private loopback port, ended by their own ids."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not on this machine (Debian package chromium): no browser journey")
    if find_library("atomic") is None:
        pytest.skip("libatomic is not on this machine (Debian package libatomic1): the browser's driver does not start")
    if ENGINE != "sqlite":
        pytest.skip("the browser walks once, on SQLite: pages do not know which database stands behind them")
    place.copy("prepared", "browser")
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    storage = tmp_path_factory.mktemp("browser-storage")
    app = _with_cases(place.url("browser"), storage, base_url)
    bin_folder = Path(sys.executable).parent
    web = [bin_folder / "gunicorn", "wsgi:app", "-b", f"127.0.0.1:{port}", "-w", "1", "--threads", "4"]
    worker = [bin_folder / "flask", "--app", "wsgi", "work", "--executor", "browser"]
    environment = _environment(place.url("browser"), storage, base_url)
    log = (tmp_path_factory.mktemp("browser-log") / "log").open("wb")
    started = [
        subprocess.Popen([*map(str, words)], cwd=ROOT, env=environment, stdout=log, stderr=log)
        for words in ([*web, "--log-level", "warning"], worker)
    ]
    try:
        _wait_for(f"{base_url}/readyz")
        yield Site(base_url, app)
    finally:
        _end(started)
        log.close()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One headless browser for the room; it ends with the room, so that its loop is in nobody's way."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(site: Site, chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Make a visitor with a browser window of her own: ``visit("anna")``, ``visit("anna", javascript=False)``."""
    made: list[Visitor] = []

    def arrive(name: str = "", *, javascript: bool = True) -> Visitor:
        context = chromium.new_context(
            base_url=site.base_url,
            locale="en-GB",
            java_script_enabled=javascript,
            viewport={"width": 1280, "height": 900},
        )
        context.set_default_timeout(45_000)
        made.append(Visitor(context, name, site.app))
        return made[-1]

    yield arrive
    for visitor in made:
        visitor.page.context.close()
    assert [trouble for visitor in made for trouble in visitor.troubles] == []


def _with_cases(url: str, storage: Path, base_url: str) -> Flask:
    settings = Settings(
        secret_key=SECRET,
        demonstration=True,
        database_url=url,
        storage_dir=storage,
        argon2_memory_kib=64,
        base_url=base_url,
    )
    app = create_app(settings)
    database = app.extensions["akno.database"]
    with app.app_context(), transaction(database):
        cases.make()
        accrediting.found()
        announcing.found()
        applying.start("aeo", "1", by=founding.actor("anna"))
    database.dispose()
    return app


def _environment(url: str, storage: Path, base_url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AKNO_")}
    return kept | {
        "AKNO_SECRET_KEY": SECRET,
        "AKNO_DEMONSTRATION": "1",
        "AKNO_DATABASE_URL": url,
        "AKNO_STORAGE_DIR": str(storage),
        "AKNO_BASE_URL": base_url,
        "AKNO_ARGON2_MEMORY_KIB": "64",
    }


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer within 90 s")


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
