"""Drawing in a process of its own, one paper at a time, kept warm; it never sees a key.

Pango is not safe in two threads at once: two papers drawn side by side in the worker ended it with a broken heap. A child
draws instead, with a ceiling of memory and a limit of time; when it dies or hangs, only the drawing fails, the job is
tried again, and the next paper gets a fresh child.
"""

from __future__ import annotations

import gc
import multiprocessing
import resource
import threading
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from app.clearance.facts import ClearanceFacts
from app.signing.paper import ROOM, Prepared

SECONDS = 60.0
"""Wall time of one paper (a hundred goods items take about two seconds)."""
MEMORY = 2 * 1024 * 1024 * 1024
"""Bytes of address space of the child."""


class DrawingFailed(Exception):
    """The paper could not be drawn; the text says why. Trying again may help."""


class Press:
    """One drawing child. ``draw`` may be called from any thread; papers are drawn one after another."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._child: SpawnProcess | None = None
        self._line: Connection | None = None

    def draw(self, facts: ClearanceFacts, canonical: bytes, *, room: int = ROOM, seconds: float = SECONDS) -> Prepared:
        """Return the PDF (``printing.draw``) with an empty place of ``room`` bytes for its signature.

        Raises DrawingFailed when the child fails, dies or takes too long.
        """
        with self._turn:
            line = self._ready()
            try:
                line.send((facts, canonical, room))
                if not line.poll(seconds):
                    raise DrawingFailed(f"the paper was not drawn within {seconds:.0f} s")
                answer = line.recv()
            except (EOFError, OSError) as error:
                self._end()
                raise DrawingFailed("the process that draws has died") from error
            except DrawingFailed:
                self._end()
                raise
        if not isinstance(answer, Prepared):
            raise DrawingFailed(str(answer))
        return answer

    def _ready(self) -> Connection:
        if self._line is None or self._child is None or not self._child.is_alive():
            self._end()
            # Spawned, not forked: the worker has threads, and a fork would copy their locks as they are.
            context = multiprocessing.get_context("spawn")
            self._line, theirs = context.Pipe()
            self._child = context.Process(target=_draw_on, args=(theirs,), name="akno-press", daemon=True)
            self._child.start()
            theirs.close()
        return self._line

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._child is not None and self._child.is_alive():
            self._child.kill()
            self._child.join()
        self._line = self._child = None


def _draw_on(line: Connection) -> None:
    """The child: draw whatever comes down the line until it is closed."""
    from app.clearance import confining, printing
    from app.signing import paper

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    printing.warm()
    confining.confine()
    # A paper is a hundred thousand objects that live until it is drawn: looking for garbage among them meanwhile costs a
    # fifth of the time. It is looked for between two papers.
    gc.collect()
    gc.freeze()
    gc.disable()
    while True:
        try:
            facts, canonical, room = line.recv()
        except EOFError:
            return
        try:
            line.send(paper.prepare(printing.draw(facts, canonical), room=room, at=facts.issued_at))
        except Exception as error:  # told to the one who waits, who raises it; the child goes on
            line.send(f"{type(error).__name__}: {error}"[:500])
        gc.collect()


press = Press()
"""The press of this process; its child is started with the first paper."""
