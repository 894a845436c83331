"""The offline checker as one file: a wheel of the pure modules, schemas, rules, code lists and fixtures, made byte for byte alike.

The modules are those ``app.intake.checker`` imports, found by reading the imports; in the wheel the package ``app`` is called
``akno_check``. What any of them imports beside the standard library and lxml stops the making.
"""

from __future__ import annotations

import ast
import base64
import csv
import hashlib
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from app.errors import Unavailable
from app.intake import checker
from app.intake.verdicts import verdict
from app.requirements import packaged
from app.requirements.compiling import packaged_edition
from config import ROOT

NAME, PACKAGE = "akno-check", "akno_check"
ENTRY = "app.intake.checker"
ALLOWED = frozenset({"lxml"})
REQUIRES = "lxml>=6.1.3"
CHANGELOG = ROOT / "xsd" / "CHANGELOG.md"
SAMPLES = ROOT / "tests" / "samples"
FIXTURES_ON = "2026-11-22"
"""The filing day of the fixtures: their papers are valid on it."""

_APP = re.compile(r"^(\s*(?:from|import) )app\b", re.MULTILINE)
_VERSION = re.compile(r"^## (\d+\.\d+\.\d+)$", re.MULTILINE)
_SPOILT = {"empty.xml": b"", "doctype.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "cut_off.zip": b"PK\x03\x04"}


class NotSelfContained(RuntimeError):
    """A module of the checker imports what does not travel with it; the message names both."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The wheel: its file name, its bytes, their SHA-256, its version and the edition it judges by."""

    file_name: str
    data: bytes
    sha256: str
    version: str
    edition: str


@cache
def bundle() -> Bundle:
    """Return the wheel, made once per process. Raises Unavailable where the program stands without its fixtures."""
    if not SAMPLES.is_dir():
        raise Unavailable("This installation has no fixtures to put into the offline checker.")
    version, edition = newest_version(), packaged_edition().hash
    files = {f"{PACKAGE}/{name}": data for name, data in _contents(version, edition).items()}
    data = wheel(files | _described(version), PACKAGE, version)
    return Bundle(f"{PACKAGE}-{version}-py3-none-any.whl", data, hashlib.sha256(data).hexdigest(), version, edition)


def changelog() -> str:
    """Return the history of schemas, rules and code lists, in Markdown."""
    return CHANGELOG.read_text("utf-8")


def newest_version() -> str:
    """Return the version that stands first in the changelog."""
    found = _VERSION.search(changelog())
    if found is None:
        raise Unavailable("The changelog of the offline checker names no version.")
    return found[1]


def _contents(version: str, edition: str) -> dict[str, bytes]:
    """What the package holds, by its path within it."""
    words = f'"""Check packages as the window would, on this machine alone. Edition {edition}."""\n'
    files = {
        "__init__.py": f'{words}\n__version__ = "{version}"\nEDITION = "{edition}"\n'.encode(),
        "__main__.py": b"import sys\n\nfrom akno_check.intake.checker import main\n\nsys.exit(main())\n",
        "CHANGELOG.md": CHANGELOG.read_bytes(),
    }
    for module in modules():
        path = path_of(module)
        files[path.relative_to(ROOT / "app").as_posix()] = renamed(path.read_text("utf-8"), PACKAGE).encode()
    for file in sorted(packaged.DATA.glob("*.csv")):
        files[f"requirements/data/{file.name}"] = file.read_bytes()
    schemas = ROOT / "xsd"
    for file in sorted(one for one in schemas.rglob("*") if one.is_file() and one != CHANGELOG):
        files[f"xsd/{file.relative_to(schemas).as_posix()}"] = file.read_bytes()
    return files | {f"fixtures/{name}": data for name, data in fixtures().items()}


@cache
def modules() -> tuple[str, ...]:
    """Return the modules that travel, by their names here. Raises NotSelfContained for an import that cannot."""
    return closure(ENTRY, ALLOWED)


def renamed(text: str, package: str) -> str:
    """Return a module with its imports of ``app`` led to the package it travels in."""
    return _APP.sub(rf"\g<1>{package}", text)


def closure(entry: str, allowed: frozenset[str]) -> tuple[str, ...]:
    """Return a module and all of ours that it needs. Raises NotSelfContained for what is neither ours, standard nor allowed."""
    found: set[str] = set()
    waiting = [entry]
    while waiting:
        module = waiting.pop()
        if module in found or module == "app":
            continue
        found.add(module)
        waiting += [*_needed(module, allowed), module.rpartition(".")[0]]
    return tuple(sorted(found))


def path_of(module: str) -> Path:
    """Return the file of a module of ours."""
    place = ROOT.joinpath(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def _needed(module: str, allowed: frozenset[str]) -> Iterator[str]:
    for name in _imported(module):
        top = name.partition(".")[0]
        if top == "app":
            yield name
        elif top not in sys.stdlib_module_names and top not in allowed:
            raise NotSelfContained(f"{module} imports {name}, which does not travel with it")


def _imported(module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(path_of(module).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            below = [f"{node.module}.{one.name}" for one in node.names]
            yield from (one if one.startswith("app.") and path_of(one).is_file() else node.module for one in below)


@cache
def fixtures() -> dict[str, bytes]:
    """Return the fixtures by their path, with a manifest of what each must be answered; none is made up at random."""
    files = {f"valid/{one.name}": one.read_bytes() for one in sorted((SAMPLES / "packages").glob("*.xml"))}
    files |= {f"faults/{one.name}": one.read_bytes() for one in sorted((SAMPLES / "faults").glob("*.xml"))}
    files |= {f"spoilt/{name}": data for name, data in _SPOILT.items()}
    files["valid/bicycles.zip"] = zipped({"declaration.xml": files["valid/bicycles.xml"]})
    edition, day = packaged_edition(), date.fromisoformat(FIXTURES_ON)
    rows = [
        checker.fixture_row(name, FIXTURES_ON, verdict(data, edition=edition, on=day))
        for name, data in sorted(files.items())
    ]
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, checker.FIXTURE_COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return {checker.MANIFEST: out.getvalue().encode(), **files}


def _described(version: str) -> dict[str, bytes]:
    """The files of the wheel that describe it (PyPA, binary distribution format)."""
    about = f"{PACKAGE}-{version}.dist-info"
    metadata = (
        f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {version}\n"
        "Summary: Check packages for the Single Window Akno without a server\n"
        f"Requires-Python: >=3.11\nRequires-Dist: {REQUIRES}\nDescription-Content-Type: text/markdown\n\n{changelog()}"
    )
    return {
        f"{about}/METADATA": metadata.encode(),
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nGenerator: akno\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": f"[console_scripts]\n{NAME} = {PACKAGE}.intake.checker:main\n".encode(),
    }


def wheel(files: dict[str, bytes], package: str, version: str) -> bytes:
    """Put the files of a wheel together with their RECORD."""
    record = f"{package}-{version}.dist-info/RECORD"
    lines = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in sorted(files.items())]
    return zipped(files | {record: "\n".join([*lines, f"{record},,", ""]).encode()})


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a ZIP that is the same bytes whenever and wherever it is made of the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items(), key=lambda pair: (".dist-info/" in pair[0], pair[0])):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=9)
    return out.getvalue()
