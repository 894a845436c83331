"""The lines of the quick start, taken from the page as a reader would copy them, run against the real server and worker."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from lxml import html

from app import create_app
from app.cli import cases
from app.database import transaction
from app.declarations.models import Declaration
from app.documents import storage as stores
from config import ROOT, Settings
from tests.conftest import SECRET, Place
from tests.factories.world import World
from tests.intake.arrivals import FILE, key_of
from tests.postgresql import free_port

RIGHTS = (*FILE, "clearance:download", "document:read")
pytestmark = pytest.mark.timeout(240)


@dataclass(frozen=True, slots=True)
class Served:
    """Where the window answers, and the same application here, to make keys and sign for customs."""

    address: str
    app: Flask

    def blocks(self) -> list[tuple[str, str]]:
        """The lines of the page: how they are run, and their text."""
        with urllib.request.urlopen(f"{self.address}/developers") as answer:
            page = html.fromstring(answer.read().decode())
        return [(pre.get("data-run"), pre.text_content()) for pre in page.xpath("//pre[@data-run]")]


@pytest.fixture(scope="module")
def served(place: Place, prepared: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The web server and the worker as two processes on a private loopback port, ended by their own ids."""
    place.copy("prepared", "pasted")
    address = f"http://127.0.0.1:{free_port()}"
    storage, others = tmp_path_factory.mktemp("pasted"), stores.store()
    settings = Settings(
        secret_key=SECRET, demonstration=True, database_url=place.url("pasted"), storage_dir=storage,
        argon2_memory_kib=64, base_url=address,
    )  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AKNO_")}
    environment = kept | {
        "AKNO_SECRET_KEY": SECRET, "AKNO_DATABASE_URL": place.url("pasted"), "AKNO_STORAGE_DIR": str(storage),
        "AKNO_BASE_URL": address, "AKNO_MAIL_DIR": str(storage / "mail"), "AKNO_DEMONSTRATION": "1",
    }  # fmt: skip
    bin_folder = Path(sys.executable).parent
    web = [
        bin_folder / "gunicorn",
        "wsgi:app",
        "-b",
        address.removeprefix("http://"),
        "--threads",
        "4",
        "--log-level",
        "error",
    ]
    worker = [bin_folder / "flask", "--app", "wsgi", "work", "--executor", "pasted"]
    with (storage / "log").open("wb") as log:
        started = [
            subprocess.Popen([*map(str, words)], cwd=ROOT, env=environment, stdout=log, stderr=log)
            for words in (web, worker)
        ]
        try:
            _wait_for(f"{address}/readyz")
            app = create_app(settings)
            yield Served(address, app)
            app.extensions["akno.database"].dispose()
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(20)
            stores.use(others)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer within 60 s")


@pytest.fixture
def customs(served: Served) -> Iterator[None]:
    """An officer of customs who approves whatever is filed, as the robot of test mode does."""
    ending = threading.Event()

    def work() -> None:
        while not ending.wait(0.3):
            with served.app.app_context(), transaction(served.app.extensions["akno.database"]) as session:
                for one in session.scalars(sa.select(Declaration).where(Declaration._status == "under-review")).all():
                    cases._approve(one, "BY-GTK")

    officer = threading.Thread(target=work)
    officer.start()
    yield
    ending.set()
    officer.join()


def run(served: Served, folder: Path, words: list[str], name: str = "anna") -> str:
    """Run the words of a shell or of Python in a folder with a key of somebody's."""
    key = key_of(served.app.extensions["akno.database"], name, RIGHTS)
    done = subprocess.run(
        words, cwd=folder, capture_output=True, text=True, timeout=120,
        env={"PATH": os.environ["PATH"], "AKNO": served.address, "AKNO_KEY": key, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_lines_of_the_shell(served: Served, customs: None, tmp_path: Path) -> None:
    lines = [text for how, text in served.blocks() if how == "bash"]
    assert len(lines) == 2
    assert f'export AKNO="{served.address}"' in lines[0]
    said = run(served, tmp_path, ["bash", "-euo", "pipefail", "-c", "\n".join(lines)])
    assert "GROSS-TOTAL" in said, "the faulty file was checked"
    assert '"under-review"' in said or '"released"' in said, "its status was read"
    assert '"state":"genuine"' in said, "the paper was verified"
    assert (tmp_path / "clearance.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("place_on_page", [0, 1], ids=["standard library", "requests"])
def test_the_lines_of_python(served: Served, customs: None, tmp_path: Path, place_on_page: int) -> None:
    text = [text for how, text in served.blocks() if how == "python"][place_on_page]
    (tmp_path / "lines.py").write_text(text)
    said = run(served, tmp_path, [sys.executable, "-W", "error", "lines.py"], name=("anna", "vera")[place_on_page])
    assert "is registered" in said
    assert "lets goods items [1] go" in said
    assert (tmp_path / "clearance.pdf").read_bytes().startswith(b"%PDF-")


def test_the_key_is_the_one_thing_to_put_in(served: Served) -> None:
    assert [text for how, text in served.blocks() if how == "key"] == ['export AKNO_KEY="akno_test_…"']
