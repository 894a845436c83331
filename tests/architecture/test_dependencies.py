"""What the window is built of: pinned with hashes, above the versions that are known to hurt (trust.md A.7), none by accident."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from config import ROOT

pytestmark = pytest.mark.pure

FLOORS = {
    "lxml": "6.1.3",
    "weasyprint": "70.0",
    "flask": "3.1.3",
    "werkzeug": "3.1.6",
    "pyhanko": "0.38.0",
    "gunicorn": "23.0.0",
    "jinja2": "3.1.6",
    "cryptography": "50.0.0",
}
"""Below these a published fault would bite: entities read by default (lxml), fetchers passed by (WeasyPrint), cached
cookies (Flask), forms that exhaust memory (Werkzeug), a hole in the comparison of PDF revisions (pyHanko), smuggled
requests (gunicorn), sandbox escapes (Jinja), an oracle in PKCS#7 (cryptography)."""
BY_NAME_ONLY = {"psycopg", "gunicorn", "alembic", "uuid-utils", "bootstrap-flask", "weasyprint"}
"""Used without an import that names them in ``app``: by a database address, on the command line, through another name."""


def pinned() -> dict[str, tuple[str, int]]:
    """Name -> version and number of hashes, from the lock."""
    blocks = re.split(r"^(?=[a-z0-9])", (ROOT / "requirements.lock").read_text(encoding="utf-8"), flags=re.M)
    found = {}
    for block in blocks:
        if named := re.match(r"([a-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", block):
            found[named[1]] = (named[2], block.count("--hash=sha256:"))
    return found


def declared() -> list[Requirement]:
    """The dependencies that we chose ourselves, without those of the tests."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(one) for one in project["dependencies"]]


def test_everything_is_pinned_with_hashes_and_no_host_is_named() -> None:
    found = pinned()
    assert len(found) > 100
    assert [name for name, (_version, hashes) in found.items() if not hashes] == []
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_the_lock_fits_what_we_declare() -> None:
    found = pinned()
    assert [str(one) for one in declared() if not one.specifier.contains(found[one.name.lower()][0])] == []


@pytest.mark.parametrize("name", FLOORS)
def test_nothing_below_a_version_that_is_known_to_hurt(name: str) -> None:
    assert Version(pinned()[name][0]) >= Version(FLOORS[name])


def test_each_dependency_that_we_chose_is_used() -> None:
    used: set[str] = set()
    places = packages_distributions()
    for file in [*Path(ROOT / "app").rglob("*.py"), ROOT / "config.py"]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for name in names:
                used |= {found.lower() for found in places.get(name.split(".")[0], ())}
    assert {one.name.lower() for one in declared()} - used - BY_NAME_ONLY == set()
