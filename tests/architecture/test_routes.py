"""Every route is guarded or on a short list; the list of routes is a committed file; no page carries inline script."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from jinja2 import nodes

from app.access import ROLES, Permission

ROOT = Path(__file__).resolve().parents[2]
ROUTES = Path(__file__).with_name("routes.txt")

PUBLIC = {
    "static", "bootstrap.static",
}  # fmt: skip
"""Endpoints without an object to guard beyond those that say ``@public`` themselves."""


def _lines(app: Flask) -> list[str]:
    rows = []
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        view = app.view_functions[rule.endpoint]
        by = getattr(view, "guarded_by", None)
        guard = by if isinstance(by, str) else f"{by.__module__.removeprefix('app.')}.{by.__name__}" if by else "-"
        rows.append(f"{methods:8} {rule.rule:64} {rule.endpoint:40} {guard}")
    return sorted(rows, key=lambda row: row.split()[1:] + row.split()[:1])


def test_every_route_is_guarded_or_public(app: Flask) -> None:
    bare = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint not in PUBLIC and getattr(view, "guarded_by", None) is None
    ]
    assert bare == []


def test_the_list_of_routes_is_as_committed(app: Flask) -> None:
    """Rewrite tests/architecture/routes.txt on purpose: ``python -m tests.architecture.routes``."""
    assert _lines(app) == ROUTES.read_text(encoding="utf-8").splitlines()


def test_every_permission_is_held_by_a_role_and_asked_by_some_code() -> None:
    held = set().union(*ROLES.values())
    assert set(Permission) - held == set()
    code = "\n".join(p.read_text() for p in (ROOT / "app").rglob("*.py") if p.name != "access.py")
    unused = [p.name for p in Permission if not re.search(rf"(Permission|\bP)\.{p.name}\b", code)]
    assert unused == []


EXTENDS = {"declarations/amend.html": "declarations/draft.html"}
"""The one page that stands on another: a change is written on the very task list on which a draft is."""


def test_every_template_compiles_and_extends_only_base(app: Flask) -> None:
    for name in app.jinja_env.list_templates(extensions=["html"]):
        if name.startswith(("bootstrap", "paper/")):
            continue
        source = app.jinja_env.loader.get_source(app.jinja_env, name)[0]  # type: ignore[union-attr]
        tree = app.jinja_env.parse(source)
        app.jinja_env.compile(source, name)
        parents = [node.template.as_const() for node in tree.find_all(nodes.Extends)]
        assert set(parents) <= {EXTENDS.get(name, "base.html")}, name


def test_templates_have_no_inline_script_or_style() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=\"|\son[a-z]+=\"|javascript:", re.I)
    offenders = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if "paper" not in path.parts and inline.search(path.read_text(encoding="utf-8"))
    ]
    assert offenders == []
