"""Requests are read strictly: what could be read in two ways is refused (trust.md S-HPP), and nothing is so deep that it breaks
the reader."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, get_origin, get_type_hints

from flask import Response, current_app, request
from flask.json.provider import DefaultJSONProvider
from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from app.api import problem

MOST_DEPTH = 32
"""Levels of a JSON document: what we ask for has three."""


class StrictJson(DefaultJSONProvider):
    """JSON as RFC 8259 has it: UTF-8, each member once, no NaN, no deeper than MOST_DEPTH."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read a document. Raises ValueError for whatever is none."""
        text = s.decode("utf-8") if isinstance(s, bytes) else s
        try:
            found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, **kwargs)
        except RecursionError:
            raise ValueError("deeper than anything that is asked for") from None
        _require_shallow(found)
        return found


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) < len(members):
        raise ValueError("a member stands twice")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _require_shallow(found: Any) -> None:
    level, depth = [found], 0
    while level:
        if depth > MOST_DEPTH:
            raise ValueError("deeper than anything that is asked for")
        depth += 1
        level = [part for one in level for part in _parts(one) if isinstance(part, dict | list)]


def _parts(one: Any) -> Sequence[Any]:
    if isinstance(one, dict):
        return list(one.values())
    return one if isinstance(one, list) else ()


def refuse_repeated() -> Response | None:
    """Refuse a parameter that stands twice in the query where one value is asked for."""
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if not twice:
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    alike = _listed(view) if view is not None else frozenset()
    said = PydanticCustomError("repeated", "stands more than once")
    errors = [InitErrorDetails(type=said, loc=(name,), input=request.args[name]) for name in twice if name not in alike]
    return problem.of_validation(ValidationError.from_exception_data("query", errors)) if errors else None


@cache
def _listed(view: Callable[..., Any]) -> frozenset[str]:
    """The parameters of an operation that may stand more than once."""
    asked = get_type_hints(inspect.unwrap(view)).get("query")
    fields = asked.model_fields if asked is not None else {}
    return frozenset(name for name, one in fields.items() if get_origin(one.annotation) in (list, tuple, set))
