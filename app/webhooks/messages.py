"""The message of an event: what stands in the feed and what a webhook carries, the same to the letter. Pure.

Thin: ids, codes, numbers and where to ask; never more than MOST bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

MOST = 20_000
"""Bytes of a message (experience.md B.3, 7: a thin payload)."""
_LONG = 100
"""Entries of a list; a longer one is left out, for the package itself tells it."""

Message = dict[str, Any]


def message(
    event: str,
    *,
    event_id: UUID,
    position: int,
    at: datetime,
    facts: Mapping[str, Any],
    declaration_id: UUID | None,
    base_url: str,
    portal: bool = True,
) -> Message:
    """Return the message of one event. ``position`` is its place in the feed, 0 for a test, which stands in none; ``portal``:
    whether the package stands in a portal (in test mode it does not)."""
    data: dict[str, Any] = {"id": str(event_id), "position": position}
    if declaration_id is not None:
        data["declaration_id"] = str(declaration_id)
    data |= {name: value for name, value in facts.items() if not _too_long(value)}
    data["links"] = _links(base_url, declaration_id, facts, portal)
    return {"type": event, "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "data": data}


def written(made: Mapping[str, Any]) -> bytes:
    """Return the bytes of a message, the same at every attempt. Raises ValueError for one that is not thin."""
    body = json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()
    if len(body) > MOST:
        raise ValueError(f"a message of {len(body)} bytes is not thin")
    return body


def _links(base_url: str, declaration_id: UUID | None, facts: Mapping[str, Any], portal: bool) -> dict[str, str]:
    links = {}
    if declaration_id is not None:
        links["declaration"] = f"{base_url}/api/v1/declarations/{declaration_id}"
    if declaration_id is not None and portal:
        links["page"] = f"{base_url}/packages/{declaration_id}"
    if "clearance_id" in facts:
        links["clearance"] = f"{base_url}/api/v1/clearances/{facts['clearance_id']}"
    return links


def _too_long(value: Any) -> bool:
    return isinstance(value, list | dict) and len(value) > _LONG
