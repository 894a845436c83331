"""Drawing apart: many at once are drawn one by one, and a child that dies or hangs fails one paper and no more."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.clearance.drawing import DrawingFailed, Press
from config import ROOT
from tests.clearance.sample import CANONICAL, facts


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


def test_eight_threads_draw_eight_sound_papers(press: Press) -> None:
    """Side by side in one process they broke the heap of the worker."""
    gate = threading.Barrier(8)

    def draw(_number: int) -> bytes:
        gate.wait()
        return press.draw(facts(), CANONICAL).pdf

    with ThreadPoolExecutor(8) as threads:
        papers = list(threads.map(draw, range(8)))
    assert len({paper[:60_000] for paper in papers}) == 1
    assert papers[0].startswith(b"%PDF-")
    assert papers[0].rstrip().endswith(b"%%EOF")


def test_a_child_that_dies_fails_one_paper_and_the_next_is_drawn(press: Press) -> None:
    press.draw(facts(), CANONICAL)
    assert press._child is not None
    os.kill(press._child.pid or 0, signal.SIGSTOP)
    killer = threading.Timer(0.2, os.kill, (press._child.pid, signal.SIGKILL))
    killer.start()
    with pytest.raises(DrawingFailed, match="died"):
        press.draw(facts(), CANONICAL)
    killer.join()
    assert press.draw(facts(), CANONICAL).pdf.startswith(b"%PDF-")


def test_a_child_that_hangs_is_ended(press: Press) -> None:
    press.draw(facts(), CANONICAL)
    assert press._child is not None
    hung = press._child
    os.kill(hung.pid or 0, signal.SIGSTOP)
    with pytest.raises(DrawingFailed, match="within"):
        press.draw(facts(), CANONICAL, seconds=0.3)
    assert not hung.is_alive()
    assert press.draw(facts(), CANONICAL).pdf.startswith(b"%PDF-")


def test_what_went_wrong_in_the_child_is_said(press: Press) -> None:
    with pytest.raises(DrawingFailed, match="Error"):
        press.draw(None, CANONICAL)  # type: ignore[arg-type]
    assert press.draw(facts(), CANONICAL).pdf.startswith(b"%PDF-")


_TRIES = """
import os, socket, sys
from app.clearance import confining, printing
from tests.clearance.sample import CANONICAL, facts
printing.warm()
print(confining.confine())
for what in (
    lambda: open(sys.argv[1]), lambda: open(f"/proc/{os.getppid()}/mem"), lambda: open("/etc/passwd"),
    lambda: open(sys.argv[1] + ".new", "w"), lambda: os.listdir(os.path.dirname(sys.argv[1])),
    lambda: socket.create_connection(("127.0.0.1", 1)), lambda: os.execv("/bin/true", ["true"]),
):
    try:
        what()
        print("OPEN")
    except PermissionError:
        print("closed")
from config import ROOT
from tests.clearance.sample import CANONICAL, facts
print(printing.draw(facts(), CANONICAL)[:5].decode())
"""


def test_the_child_can_draw_and_cannot_reach_the_key(tmp_path: Path) -> None:
    """S-SSRF-PDF, S-KEY: whatever a declaration's text made of the child, no file, socket or program is left to it."""
    key = tmp_path / "key.pem"
    key.write_text("secret")
    said = subprocess.run(
        [ROOT / ".venv/bin/python", "-c", _TRIES, key], cwd=ROOT, capture_output=True, text=True, check=False
    )
    lines = said.stdout.split()
    assert said.returncode == 0, said.stderr
    if lines[0] == "False":
        pytest.skip("this kernel has no Landlock")
    assert lines == ["True", *["closed"] * 7, "%PDF-"]
