"""S-SMUG, S-HOST, S-METHOD at the server that is shipped: what two readers would take for two requests is none."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import ROOT
from tests.conftest import SECRET
from tests.hostile.wire import BORNE, WIRE, exchange, wrong
from tests.postgresql import free_port

pytestmark = pytest.mark.pure
"""What is refused here is refused before anybody asks a database."""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The window as it is served, without anything in its database."""
    found, folder = free_port(), tmp_path_factory.mktemp("served")
    told = os.environ | {
        "AKNO_SECRET_KEY": SECRET, "AKNO_DATABASE_URL": f"sqlite:///{folder / 'nothing.db'}", "AKNO_STORAGE_DIR": str(folder),
        "AKNO_DEMONSTRATION": "1",
    }  # fmt: skip
    gunicorn = Path(sys.executable).with_name("gunicorn")
    words = [str(gunicorn), "wsgi:app", "-b", f"127.0.0.1:{found}", "-w", "1", "--log-level", "critical"]
    with subprocess.Popen(words, cwd=ROOT, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(600):
            with contextlib.suppress(OSError):
                if exchange(found, [b"GET /static/site.css HTTP/1.0\r\nHost: localhost\r\n\r\n"]).statuses == (200,):
                    break
            time.sleep(0.05)
        yield found
        process.terminate()


@pytest.mark.parametrize("name", [*WIRE, *BORNE])
def test_one_request_is_one_answer(port: int, name: str) -> None:
    assert wrong(name, exchange(port, [(WIRE | BORNE)[name]])) == ""
