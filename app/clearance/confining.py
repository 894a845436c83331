"""What the child that draws may touch: programs, templates and fonts to read, and nothing else of this machine.

The signing key, the database and the store lie in files of the same user, so a child that is only another process could
read them. Landlock takes the files away, the filter of ``documents.sandbox`` the network and other programs. A kernel without
Landlock (before 5.13) draws all the same: the child is never given a key, and the log says what is missing.
"""

from __future__ import annotations

import ctypes
import logging
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from app.documents.sandbox import lock
from config import ROOT

log = logging.getLogger("akno.clearance")

_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""landlock_create_ruleset, landlock_add_rule, landlock_restrict_self: the same numbers on every architecture."""
_ALL = (1 << 13) - 1
"""Every access of Landlock's first version: reading, writing, executing, making and removing of files and folders."""
_READ = 1 << 2 | 1 << 3
_EXECUTE = 1
_BENEATH = 1
_NO_NEW_PRIVILEGES = 38
_LIBC = ctypes.CDLL(None, use_errno=True)


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def readable() -> list[Path]:
    """The folders that drawing reads: the program and its libraries, templates, fonts with their settings and caches."""
    cache = Path.home() / ".cache" / "fontconfig"
    own = [ROOT / name for name in ("app", "templates", "static")]
    system = ["/usr", "/lib", "/lib64", "/etc/fonts", "/var/cache/fontconfig", "/etc/localtime"]
    return [*own, Path(sys.prefix), Path(sys.base_prefix), cache, *map(Path, system)]


def confine() -> bool:
    """Give up everything else for good; returns whether files were given up too. Raises lock.NotLocked when the filter of
    system calls does not hold."""
    confined = _only_read(readable())
    lock.stay_inside()
    if not confined:
        log.warning("this kernel has no Landlock: the child that draws could read files of the window")
    return confined


def _only_read(folders: Iterable[Path]) -> bool:
    handled = ctypes.c_uint64(_ALL)
    rules = _LIBC.syscall(_CREATE, ctypes.byref(handled), ctypes.sizeof(handled), 0)
    if rules < 0:
        return False
    try:
        for folder in folders:
            _allow(rules, folder)
        return not _LIBC.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) and not _LIBC.syscall(_RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, folder: Path) -> None:
    """Let one folder be read; one that is not there needs no rule."""
    try:
        opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        access = _READ | _EXECUTE if folder.is_dir() else 1 << 2
        rule = _Beneath(access, opened)
        _LIBC.syscall(_ADD, rules, _BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(opened)
