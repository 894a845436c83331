"""Jinja for paper and mail, outside any request; autoescape is forced on for every template name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def environment(filters: Mapping[str, Callable[..., Any]] | None = None) -> Environment:
    """Return a strict environment whose escaping does not depend on a file's name (trust.md section 0, 10)."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(filters or {})
    return made


def render(template: str, filters: Mapping[str, Callable[..., Any]] | None = None, **values: Any) -> str:
    """Render one template of ``templates/`` with named values; an undefined name raises UndefinedError."""
    return environment(filters).get_template(template).render(**values)
