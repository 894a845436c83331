"""The keys of the log and of the witness: Ed25519, each in a file of its own that nobody else may read."""

from __future__ import annotations

import os
import stat
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config import Settings


class KeyUnfit(Exception):
    """The file of a key cannot be used; the text says why and how to mend it."""


def log_key_file(settings: Settings) -> Path:
    """Where the log's key is."""
    return settings.log_key_file or settings.log_home / "key.pem"


def witness_key_file(settings: Settings) -> Path:
    """Where the key is with which we cosign other logs."""
    return settings.witness_key_file or settings.log_home / "witness.pem"


def make(file: Path) -> Path:
    """Make a key unless there is one already (mode 600); returns its path."""
    if file.exists():
        return file
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(pem)
    try:
        os.link(fresh, file)  # whole or not at all, and never over a key that is there
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return file


def load(file: Path) -> Ed25519PrivateKey | None:
    """Return the key of a file, None when there is none. Raises KeyUnfit when others may read it or it is another kind."""
    try:
        seen = file.stat()
    except FileNotFoundError:
        return None
    if stat.S_IMODE(seen.st_mode) & 0o077:
        raise KeyUnfit(f"{file} can be read by others than its owner: chmod 600 {file}")
    return _loaded(file, seen.st_mtime_ns)


@lru_cache(maxsize=8)
def _loaded(file: Path, _changed: int) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise KeyUnfit(f"{file} holds no private key in PEM form without a password") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnfit(f"{file} holds a key of another kind than Ed25519")
    return key


def log_key(settings: Settings) -> Ed25519PrivateKey | None:
    """Return the log's key; the demonstration and test mode make one when there is none. Raises KeyUnfit."""
    file = log_key_file(settings)
    return load(make(file) if settings.demonstration or settings.rehearsal else file)


def witness_key(settings: Settings) -> Ed25519PrivateKey | None:
    """Return the key of the witness, made when first asked for. Raises KeyUnfit."""
    return load(make(witness_key_file(settings)))


def origin(settings: Settings, epoch: int = 1) -> str:
    """Return the name of the log: of an epoch after a recovery with its number, so that nobody takes it for the first."""
    named = settings.log_origin or f"{urlsplit(settings.base_url).netloc}{'/test' if settings.rehearsal else ''}/log"
    return named if epoch == 1 else f"{named}/{epoch}"


def witness_name(settings: Settings) -> str:
    """Return the name under which we cosign."""
    return settings.witness_name or f"{urlsplit(settings.base_url).netloc}/witness"
