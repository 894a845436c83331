"""The lock: ceilings on memory, time and files, and a system-call filter (seccomp) that leaves what drawing in memory needs.

No socket, no file, no process, no new program text. The filter is written by hand: it is twenty instructions, and no kept
Python library brings a libseccomp of its own.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import socket
import sys
from collections.abc import Callable

FILES = 3
"""Standard input, output and error; nothing else is open."""

_NO_NEW_PRIVILEGES, _SET_FILTER, _ALL_THREADS = 38, 1, 1
_LOAD, _EQUAL, _FROM, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # BPF: LD|W|ABS, JMP|JEQ, JMP|JGE, JMP|JSET, RET
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
_AT_NUMBER, _AT_ARCHITECTURE, _AT_PROTECTION = 0, 4, 32  # offsets in struct seccomp_data; the third argument's low half
_PROT_EXEC = 0x4
_ENTRIES = (
    "read", "write", "close", "fstat", "lseek", "munmap", "mremap", "brk", "madvise", "futex", "rt_sigaction",
    "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "exit", "exit_group", "clock_gettime", "clock_nanosleep",
    "nanosleep", "gettimeofday", "getrandom", "getpid", "gettid", "sched_yield", "restart_syscall",
)  # fmt: skip
"""What stays allowed; mapping memory (the two below) only where it is not to be executed."""
_MAPPING = ("mmap", "mprotect")
# Architecture word, number of seccomp(2), then the numbers of _ENTRIES and _MAPPING (asm/unistd_64.h; asm-generic/unistd.h).
_NUMBERS = {
    "x86_64": (
        0xC000003E, 317,
        (0, 1, 3, 5, 8, 11, 25, 12, 28, 202, 13, 14, 15, 131, 60, 231, 228, 230, 35, 96, 318, 39, 186, 24, 219),
        (9, 10),
    ),
    "aarch64": (
        0xC00000B7, 277,
        (63, 64, 57, 80, 62, 215, 216, 214, 233, 98, 134, 135, 139, 132, 93, 94, 113, 115, 101, 169, 278, 172, 178, 124, 128),
        (222, 226),
    ),
}  # fmt: skip


_OUTWARD = {
    "x86_64": (41, 42, 43, 44, 46, 49, 50, 53, 59, 101, 288, 307, 322, 425),
    "aarch64": (198, 203, 202, 206, 211, 200, 201, 199, 221, 117, 242, 269, 281, 425),
}
"""socket, connect, accept, sendto, sendmsg, bind, listen, socketpair, execve, ptrace, accept4, sendmmsg, execveat,
io_uring_setup: the ways to the network and to another program."""
_OTHER_NUMBERS = 0x40000000
"""From here on x86_64 counts its calls a second time (x32)."""
_LIBC = ctypes.CDLL(None, use_errno=True)


class NotLocked(Exception):
    """The lock could not be installed or does not hold: nothing may be read."""


class _Instruction(ctypes.Structure):
    _fields_ = [("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("k", ctypes.c_uint32)]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction))]


def program(machine: str) -> list[tuple[int, int, int, int]]:
    """Return the filter for a machine as (code, jump if so, jump if not, value). Raises NotLocked for one we do not know."""
    if machine not in _NUMBERS or sys.byteorder != "little":
        raise NotLocked(f"no filter for {machine}")
    architecture, _seccomp, allowed, mapping = _NUMBERS[machine]
    tests = [(number, 2) for number in mapping] + [(number, 1) for number in allowed]
    # Behind the tests stand: refuse; allow; load the protection, refuse where it has "execute", allow.
    jumps = [
        (_EQUAL, len(tests) - place - 1 + landing, 0, number) for place, (number, landing) in enumerate(tests)
    ]  # fmt: skip
    return [
        (_LOAD, 0, 0, _AT_ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _AT_NUMBER),
        *jumps,
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
        (_LOAD, 0, 0, _AT_PROTECTION),
        (_ANY_BIT, 0, 1, _PROT_EXEC),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]


def inward(machine: str) -> list[tuple[int, int, int, int]]:
    """Return the lesser filter: everything but the network and other programs. Raises NotLocked for a machine we do not know."""
    if machine not in _NUMBERS or sys.byteorder != "little":
        raise NotLocked(f"no filter for {machine}")
    tests = [(_FROM, _OTHER_NUMBERS), *((_EQUAL, number) for number in _OUTWARD[machine])]
    return [
        (_LOAD, 0, 0, _AT_ARCHITECTURE),
        (_EQUAL, 1, 0, _NUMBERS[machine][0]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _AT_NUMBER),
        *((kind, len(tests) - place, 0, value) for place, (kind, value) in enumerate(tests)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]


def lock_in(machine: str = "") -> None:
    """Give up the network, files, processes and new program text for good, and prove it. Raises NotLocked."""
    machine = machine or platform.machine()
    _install(machine, program(machine), _ALL_THREADS)
    _prove((lambda: socket.socket(), lambda: os.open("/dev/null", os.O_RDONLY), lambda: os.kill(os.getpid(), 0)))


def stay_inside(machine: str = "") -> None:
    """Give up the network and other programs for good, and prove it; files stay. Raises NotLocked.

    For a forked child that still loads what a library of ours needs (``documents.apart``).
    """
    machine = machine or platform.machine()
    _install(machine, inward(machine), 0)
    _prove((lambda: socket.socket(), lambda: os.execv("/nowhere", ["nowhere"])))  # noqa: S606


def _install(machine: str, made: list[tuple[int, int, int, int]], flags: int) -> None:
    instructions = (_Instruction * len(made))(*(_Instruction(*one) for one in made))
    if _LIBC.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        raise NotLocked("privileges cannot be given up")
    if _LIBC.syscall(_NUMBERS[machine][1], _SET_FILTER, flags, ctypes.byref(_Program(len(made), instructions))):
        raise NotLocked(f"the filter was not taken: {errno.errorcode.get(ctypes.get_errno(), '')}")


def _prove(attempts: tuple[Callable[[], object], ...]) -> None:
    """A lock that nobody has pulled at is no lock."""
    for attempt in attempts:
        try:
            attempt()
        except PermissionError:
            continue
        raise NotLocked("the filter lets through what it must refuse")


def limit(seconds: int, memory: int) -> None:
    """Set the ceilings: processor time in seconds, bytes of address space on top of what is there; nothing is written."""
    with open("/proc/self/statm", encoding="ascii") as pages:
        ceiling = int(pages.read().split()[0]) * os.sysconf("SC_PAGE_SIZE") + memory
    for what, most in (
        (resource.RLIMIT_AS, ceiling),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
