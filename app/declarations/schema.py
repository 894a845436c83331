"""The published schema set: loaded once, every file proven against its manifest, nothing fetched from anywhere.

A missing import compiles without complaint and then lets garbage through, so the closure is checked here: each
``schemaLocation`` is a file of the same folder and each file has the digest MANIFEST.sha256 names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

NAMESPACE = "urn:akno:declaration:1.0"
EXTENSION = "urn:akno:extension:1.0"
ROOT = f"{{{NAMESPACE}}}Declaration"
DECLARATION = "declaration/1.0"

_PACKAGE = Path(__file__).resolve().parents[1]
FOLDER = (_PACKAGE if (_PACKAGE / "xsd").is_dir() else _PACKAGE.parent) / "xsd"
"""Beside the program; in the offline checker, which is one package, inside it."""

MANIFEST = "MANIFEST.sha256"
_XS = "{http://www.w3.org/2001/XMLSchema}"
_LOADS = (f"{_XS}import", f"{_XS}include", f"{_XS}redefine", f"{_XS}override")


class SchemaBroken(RuntimeError):
    """The schema set on disk is not the published one; the message names the file. Raised at start-up."""


@dataclass(frozen=True, slots=True)
class SchemaSet:
    """One published message type: its compiled schema, its files by name, and the digest of the whole set (hex)."""

    name: str
    compiled: etree.XMLSchema
    files: Mapping[str, bytes]
    digest: str


@cache
def schema_set(name: str = DECLARATION) -> SchemaSet:
    """Return the schema set of a message type, such as ``declaration/1.0``; loaded and checked once per process.

    Raises SchemaBroken naming the file that is missing, changed, unlisted, or points outside the set.
    """
    return load(FOLDER / name, name)


def load(folder: Path, name: str) -> SchemaSet:
    """Read and check the schema files of one folder; the entry file is ``<first part of name>.xsd``."""
    files = _files(folder)
    entry = name.split("/", 1)[0] + ".xsd"
    if entry not in files:
        raise SchemaBroken(f"{folder}/{entry}: the entry file of {name} is not in {MANIFEST}")
    for file, data in files.items():
        _check_closure(folder, file, data, files)
    try:
        compiled = etree.XMLSchema(etree.parse(str(folder / entry), _parser()))
    except etree.LxmlError as error:
        raise SchemaBroken(f"{folder}/{entry}: {error}") from error
    whole = hashlib.sha256(b"".join(hashlib.sha256(files[file]).digest() for file in sorted(files)))
    return SchemaSet(name, compiled, files, whole.hexdigest())


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _files(folder: Path) -> dict[str, bytes]:
    """Read every file the manifest names and refuse any other .xsd that lies beside them."""
    try:
        lines = (folder / MANIFEST).read_text("utf-8").split("\n")
    except OSError as error:
        raise SchemaBroken(f"{folder}/{MANIFEST}: {error.strerror}") from error
    wanted = {file: digest for digest, _, file in (line.partition("  ") for line in lines if line.strip())}
    files: dict[str, bytes] = {}
    for file, digest in wanted.items():
        try:
            files[file] = (folder / file).read_bytes()
        except OSError as error:
            raise SchemaBroken(f"{folder}/{file}: {error.strerror}") from error
        if hashlib.sha256(files[file]).hexdigest() != digest:
            raise SchemaBroken(f"{folder}/{file}: its SHA-256 is not the one in {MANIFEST}")
    for found in sorted(folder.glob("*.xsd")):
        if found.name not in files:
            raise SchemaBroken(f"{found}: not listed in {MANIFEST}")
    return files


def _check_closure(folder: Path, file: str, data: bytes, files: Mapping[str, bytes]) -> None:
    """Require that every import and include of a schema file names a file of the same set."""
    for node in etree.fromstring(data, _parser()).iter(*_LOADS):
        location = node.get("schemaLocation")
        if location not in files:
            raise SchemaBroken(
                f"{folder}/{file}: {node.get('namespace') or 'include'} points at {location or 'no file'}"
            )
