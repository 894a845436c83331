"""What a case costs: seconds of processor and bytes of memory of some processes, as the kernel counts them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SECONDS = 2.0
"""Processor time that one case may cost, over all processes (trust.md A.5)."""
MEMORY = 256 * 1024 * 1024
"""Bytes that a process may grow by while it looks at one case (trust.md A.5)."""
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """What was used between two moments."""

    seconds: float = 0.0
    grown: int = 0

    @property
    def bearable(self) -> bool:
        """Whether a test passes: beside other tests the same instructions take up to twice as long; ``make hostile`` is exact."""
        return self.seconds <= 2 * SECONDS and self.grown <= MEMORY


def seconds(pids: Iterable[int]) -> float:
    """Processor time of these processes so far, with that of their children that have ended."""
    return sum(_ticks(pid) for pid in pids) / _TICKS


def _ticks(pid: int) -> int:
    with contextlib.suppress(OSError):
        told = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return sum(int(one) for one in told[11:15])
    return 0


def family(pid: int) -> list[int]:
    """A process and all that came of it and lives."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        with contextlib.suppress(OSError):
            waiting += [int(child) for child in Path(f"/proc/{one}/task/{one}/children").read_text("ascii").split()]
    return found


def forget_peak(pid: int) -> int:
    """Let the kernel measure the peak of a process anew; returns what it has now, in bytes."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")
    return _memory(pid, "VmRSS:")


def peak(pid: int) -> int:
    """The most bytes that a process has had since its peak was forgotten."""
    return _memory(pid, "VmHWM:")


def _memory(pid: int, name: str) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0


@contextlib.contextmanager
def measured(*pids: int) -> Iterator[Cost]:
    """Measure what these processes use within the block; this one where none is named."""
    watched = pids or (os.getpid(),)
    cost = Cost()
    had = {pid: forget_peak(pid) for pid in watched}
    begun = seconds(watched)
    yield cost
    cost.seconds = seconds(watched) - begun
    cost.grown = max(peak(pid) - had[pid] for pid in watched)
