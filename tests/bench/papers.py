"""The paper: drawn and signed warm in this process, with what it costs the processor, and waited for at a worker."""

from __future__ import annotations

import os
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.clearance import issuing
from app.clearance.drawing import press
from app.clearance.models import Clearance
from app.database import session, transaction
from app.jobs.registry import JOBS
from tests.bench.pages import release_one
from tests.bench.places import Place
from tests.bench.serving import process

_TICK = os.sysconf("SC_CLK_TCK")


def signed(place: Place, *, times: int) -> tuple[list[float], float]:
    """Take the steps of the job as the worker does, for papers of four agencies.

    Returns milliseconds of each, shortest first, and milliseconds of processor for one, the child that draws included.
    """
    keys = [release_one(place) for _ in range(times + 2)]
    for key in keys[:2]:
        _steps(place, key)
    spans = []
    cpu = _cpu()
    for key in keys[2:]:
        began = time.perf_counter()
        _steps(place, key)
        spans.append((time.perf_counter() - began) * 1000)
    return sorted(spans), (_cpu() - cpu) / times * 1000


def _steps(place: Place, key: str) -> None:
    result: Any = key
    for step in JOBS[issuing.JOB].steps:
        with place.app.app_context(), transaction(place.database, writing=step.writing):
            result = step.function(result)
            status = result.status if isinstance(result, Clearance) else ""
    if status != "issued":
        raise RuntimeError(f"the paper of {key} is not issued: {status}")


def _cpu() -> float:
    """Seconds of processor that this process and the child that draws have had."""
    own = time.process_time()
    child = press._child
    if child is None or child.pid is None:
        return own
    fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
    return own + (int(fields[11]) + int(fields[12])) / _TICK


def waited_for(place: Place, *, times: int) -> list[float]:
    """From the commit of a release to the issued clearance, at a real worker process; milliseconds, shortest first."""
    flask = Path(sys.executable).with_name("flask")
    spans = []
    with process(place, flask, "--app", "wsgi", "work", "--executor", "bench"):
        _issued(place, release_one(place))
        for _ in range(times):
            key = release_one(place)
            began = time.perf_counter()
            _issued(place, key)
            spans.append((time.perf_counter() - began) * 1000)
    return sorted(spans)


def _issued(place: Place, key: str) -> None:
    for _ in range(6000):
        with place.app.app_context(), transaction(place.database, writing=False):
            there = session().scalar(sa.select(Clearance).where(Clearance.declaration_id == uuid.UUID(key)))
            if there is not None and there.status == "issued":
                return
        time.sleep(0.01)
    raise RuntimeError("no clearance within a minute")
