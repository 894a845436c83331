"""What stands of checks after release beside a package: on the case of an agency, and on the trader's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.cases import finders, policy
from app.cases.lifecycle import POST_CLEARANCE
from app.cases.models import PostClearanceCheck
from app.declarations.models import Declaration


@dataclass(frozen=True, slots=True)
class Beside:
    """The checks, newest first; the words of their states; where one is opened ("" for nowhere)."""

    rows: Sequence[PostClearanceCheck]
    states: Mapping[str, Any]
    open_at: str = ""


def lay_out(declaration: Declaration, *, agency: str = "", open_at: str = "") -> Beside:
    """Return what is shown; one statement, none while nothing is released."""
    if declaration.status not in policy.RELEASED:
        return Beside((), POST_CLEARANCE.words)
    rows = finders.list_of_package(declaration.id, agency=agency)
    free = not any(one.open and one.agency == agency for one in rows)
    return Beside(rows, POST_CLEARANCE.words, open_at if free else "")
