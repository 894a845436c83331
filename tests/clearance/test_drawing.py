"""Drawing apart: many at once are drawn one by one, and a child that dies or hangs fails one paper and no more."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.clearance.drawing import DrawingFailed, Press
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
