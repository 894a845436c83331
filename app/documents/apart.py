"""Opening somebody's file apart: in a forked child with little memory and time, so that a file made to burst bursts alone.

A PDF of 20 MB can unfold to gigabytes and no library says so beforehand (trust.md F5). The child only looks and answers
with one line; it never touches the database, the network and other programs are closed to it (seccomp), and it leaves
without any clean-up of the parent's things.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
from collections.abc import Callable
from typing import Any

from app.documents.sandbox import lock
from app.documents.wording import NotTaken
from app.errors import Unavailable

SECONDS = 10
"""Wall and processor time of one look."""
MEMORY = 512 * 1024 * 1024
"""Bytes of address space on top of what the process has already."""
_MOST_ANSWER = 4096
"""Bytes of an answer that are heard: what a pipe takes at once."""
_UNGUARDED = "no-guard"


def look(function: Callable[..., Any], *arguments: Any, seconds: float = SECONDS, memory: int = MEMORY) -> Any:
    """Call a function in a child and return what it returned, a small JSON value.

    Raises the NotTaken it raises; FILE-BROKEN when the child dies, takes too long or has too much to say; Unavailable where
    the machine cannot lock it in: then no stranger's file is opened at all.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _in_child(writing, function, arguments, seconds, memory)
    os.close(writing)
    try:
        answer = _hear(reading, seconds)
    finally:
        os.close(reading)
        # Whatever it is doing now, it has answered or lost its turn; only this child, by its id.
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if not answer:
        raise NotTaken("FILE-BROKEN")
    code, values = json.loads(answer)
    if not code:
        return values
    if code == _UNGUARDED:
        raise Unavailable("Files cannot be opened safely on this machine now, so none is taken.")
    raise NotTaken(code, **values)


def _in_child(
    writing: int, function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float, memory: int
) -> None:
    answer = b""
    try:
        ceiling = _address_space() + memory
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        lock.stay_inside()
        answer = json.dumps(["", function(*arguments)]).encode()
        if len(answer) > _MOST_ANSWER:
            answer = b""
    except NotTaken as refused:
        answer = json.dumps([refused.code, refused.values]).encode()
    except lock.NotLocked:
        answer = json.dumps([_UNGUARDED, {}]).encode()
    except BaseException:
        answer = b""
    finally:
        os.write(writing, answer)
        os._exit(0)


def _address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as pages:
        return int(pages.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _hear(reading: int, seconds: float) -> bytes:
    """Return what the child says within the time, or nothing."""
    ready, _, _ = select.select([reading], [], [], seconds)
    return os.read(reading, _MOST_ANSWER) if ready else b""
