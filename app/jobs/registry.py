"""The jobs there are: a name and the function that does it, inside one transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Job = Callable[..., None]
JOBS: dict[str, Job] = {}


def job(name: str) -> Callable[[Job], Job]:
    """Register a job under a name that stays stable across releases; arguments are JSON values."""

    def register(function: Job) -> Job:
        if name in JOBS and JOBS[name] is not function:
            raise ValueError(f"there is a job {name} already")
        JOBS[name] = function
        return function

    return register


def run(name: str, *arguments: Any) -> None:
    """Do a job here and now; the caller has opened the transaction. Raises KeyError for an unknown job."""
    JOBS[name](*arguments)
