"""The content-addressed store: bytes under their SHA-256, on local disk, on the disk for good before we say so.

A key is 64 hexadecimal digits made by us, never a name somebody sent (trust.md S-PATH). A blob is written once and never
changed; a blob that a rolled-back transaction leaves behind is harmless: nobody can name it.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Protocol

from flask import current_app, has_app_context

from app.errors import NotFound, Unavailable

_KEY = re.compile(r"[0-9a-f]{64}")
QUARANTINE = "quarantine"
"""The folder of bytes in which something was found: no key leads there."""


class Store(Protocol):
    """What a store can do; keys are SHA-256 in lower-case hexadecimal."""

    def put(self, data: bytes) -> str:
        """Keep bytes for good and return their key; the same bytes twice are one blob."""

    def read(self, sha256: str) -> bytes:
        """Return the bytes. Raises NotFound when there are none, Unavailable when they have changed on disk."""

    def has(self, sha256: str) -> bool:
        """Whether bytes are kept under this key."""

    def quarantine(self, sha256: str) -> None:
        """Take bytes to where no reader looks, for good: they can be purged, never read back nor kept again."""

    def quarantined(self, sha256: str) -> bool:
        """Whether bytes were found infected here, wiped or not."""

    def purge(self, sha256: str) -> bool:
        """Wipe bytes in quarantine; whether there were any. That they are not to be kept again stays known."""

    def remove(self, sha256: str) -> bool:
        """Delete bytes that nothing refers to any more; whether there were any. The same bytes may come again."""

    def check(self) -> None:
        """Prove that the store can be written. Raises Unavailable with the reason."""


class LocalStore:
    """A folder ``ab/<sha256>``: written to a temporary file, fsynced, linked, and the folder fsynced."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def put(self, data: bytes) -> str:
        """Keep bytes for good and return their key. Raises Unavailable when the disk refuses."""
        key = hashlib.sha256(data).hexdigest()
        target = self._path(key)
        if target.is_file() or self._cell(key).exists():
            return key
        try:
            _make_folder(target.parent)
            _write_once(target, data)
        except OSError as error:
            raise Unavailable(f"the store cannot be written: {error.strerror}") from error
        return key

    def read(self, sha256: str) -> bytes:
        """Return the bytes under a key, after proving that they still are what the key says."""
        try:
            data = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"no blob {sha256[:12]}") from None
        except OSError as error:
            raise Unavailable(f"the store cannot be read: {error.strerror}") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Unavailable(f"the blob {sha256[:12]} has changed on disk")
        return data

    def has(self, sha256: str) -> bool:
        """Whether bytes are kept under this key."""
        return self._path(sha256).is_file()

    def quarantine(self, sha256: str) -> None:
        """Take bytes to where no reader looks. Raises Unavailable when the disk refuses; safe to repeat."""
        source, cell = self._path(sha256), self._cell(sha256)
        try:
            _make_folder(cell.parent)
            if source.is_file():
                os.chmod(source, 0o400)
                os.replace(source, cell)
                _sync(source.parent)
            elif not cell.exists():
                cell.touch(mode=0o400)
            _sync(cell.parent)
        except OSError as error:
            raise Unavailable(f"the store cannot be written: {error.strerror}") from error

    def quarantined(self, sha256: str) -> bool:
        """Whether bytes were found infected here, wiped or not."""
        return self._cell(sha256).exists()

    def purge(self, sha256: str) -> bool:
        """Wipe bytes in quarantine; an empty file keeps their place, so that they are not kept again."""
        cell = self._cell(sha256)
        if not cell.exists() or cell.stat().st_size == 0:
            return False
        try:
            cell.unlink()
            cell.touch(mode=0o400)
            _sync(cell.parent)
        except OSError as error:
            raise Unavailable(f"the store cannot be written: {error.strerror}") from error
        return True

    def remove(self, sha256: str) -> bool:
        """Delete the file of some bytes; quarantine keeps its own. Raises Unavailable when the store cannot be written."""
        target = self._path(sha256)
        try:
            target.unlink()
            _sync(target.parent)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise Unavailable(f"the store cannot be written: {error.strerror}") from error
        return True

    def check(self) -> None:
        """Write and remove a file, as the health page asks. Raises Unavailable with the reason."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.root, prefix=".check-") as file:
                file.write(b"akno")
        except OSError as error:
            raise Unavailable(f"the store cannot be written: {error.strerror}") from error

    def _cell(self, key: str) -> Path:
        return self.root / QUARANTINE / self._path(key).name

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise NotFound("a key of the store is 64 hexadecimal digits")
        return self.root / key[:2] / key


def _make_folder(folder: Path) -> None:
    """Make missing folders and fsync the one that holds each new name, or a power cut may forget the whole branch."""
    missing: list[Path] = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir(exist_ok=True)
        _sync(new.parent)


def _write_once(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, target)
        except FileExistsError:
            return  # somebody kept the same bytes in the same moment: the same blob
    finally:
        os.unlink(name)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_store: Store | None = None
OWN = "akno.store"
"""Where an application that is not the process's first (test mode) keeps a store of its own."""


def use(store: Store) -> None:
    """Set the store of this process; told once by ``create_app``."""
    global _store
    _store = store


def store() -> Store:
    """Return the store of the application at hand, else of this process. Raises RuntimeError when ``use`` was never called: a mistake of ours."""
    own: Store | None = current_app.extensions.get(OWN) if has_app_context() else None
    found = own or _store
    if found is None:
        raise RuntimeError("no store is set: create_app calls documents.storage.use")
    return found
