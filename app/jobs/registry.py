"""The jobs there are: a name and its steps, each inside one transaction of its own.

Most jobs are one writing step. A slow one (the clearance paper) is three: write what is asked, read and draw, write what
came out; so that no slow work holds SQLite's only write lock. A job that fails begins again at its first step, so every
step must be safe to repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction of a job. The first step gets the job's arguments, each later one what the step before returned."""

    function: Function
    writing: bool = True


@dataclass(frozen=True, slots=True)
class Job:
    """A named job."""

    name: str
    steps: tuple[Step, ...]


JOBS: dict[str, Job] = {}


def register(name: str, *steps: Step) -> None:
    """Register a job under a name that stays stable across releases; its arguments are JSON values.

    Raises ValueError when the name is taken by other steps.
    """
    made = Job(name, steps)
    if JOBS.setdefault(name, made) != made:
        raise ValueError(f"there is a job {name} already")


def job(name: str) -> Callable[[Function], Function]:
    """Register a function as a job of one writing step."""

    def decorate(function: Function) -> Function:
        register(name, Step(function))
        return function

    return decorate


FOLLOWERS: dict[str, Callable[[], int]] = {}
"""Readers of the ledger by name: each takes in one batch in the caller's transaction and returns how many entries it was."""


def follower(name: str) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Register a reader that the worker lets read, batch after batch, whenever there is something new."""

    def decorate(function: Callable[[], int]) -> Callable[[], int]:
        if FOLLOWERS.setdefault(name, function) is not function:
            raise ValueError(f"there is a reader {name} already")
        return function

    return decorate


@dataclass(frozen=True, slots=True)
class Watch:
    """Something that a moment brings: ``due`` reads which keys are due (a page at most), ``act`` does one of them in a
    transaction of its own and must be safe to repeat, for another worker may have done it meanwhile."""

    name: str
    due: Callable[[], Sequence[Any]]
    act: Callable[[Any], Any]


WATCHES: dict[str, Watch] = {}


def watch(name: str, due: Callable[[], Sequence[Any]], act: Callable[[Any], Any]) -> None:
    """Register what the worker looks at every second: deadlines, leases, signatures that are due.

    Raises ValueError when the name is taken by something else.
    """
    made = Watch(name, due, act)
    if WATCHES.setdefault(name, made) != made:
        raise ValueError(f"there is a watch {name} already")


class Started(Protocol):
    """Something of its own threads that runs beside the jobs while the worker runs."""

    def start(self) -> None:
        """Begin; returns at once."""

    def stop(self) -> None:
        """End; returns when nothing of it is going on any more."""


SERVICES: dict[str, Callable[[Any], Started]] = {}
"""What the worker starts beside itself, by name: each is made of the application."""


def alongside(name: str, make: Callable[[Any], Started]) -> None:
    """Register what the worker starts with itself and stops before it ends. Raises ValueError when the name is taken."""
    if SERVICES.setdefault(name, make) is not make:
        raise ValueError(f"there is something called {name} beside the worker already")


def run(name: str, *arguments: Any) -> Any:
    """Do a job here and now in the caller's writing transaction. Raises KeyError for an unknown job."""
    result: Any = None
    for number, step in enumerate(JOBS[name].steps):
        result = step.function(*arguments) if number == 0 else step.function(result)
    return result
