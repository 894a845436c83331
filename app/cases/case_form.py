"""The forms of a check after release, read from what a browser sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from app.cases.concluding import Conclusion, Finding
from app.cases.opening import Request

MOST_FILES = 10
"""Files of one answer."""


def blank() -> dict[str, Any]:
    """Return the fields of a fresh form."""
    return {"ground": "", "reason": "", "items": [], "wanted": "", "asked": "", "days": "10"}


def read_request(form: MultiDict[str, str]) -> tuple[Request, dict[str, Any]]:
    """Return the check that was meant, and everything as typed."""
    typed: dict[str, Any] = blank() | {
        name: form.get(name, "") for name in ("ground", "reason", "wanted", "asked", "days")
    }
    typed["items"] = form.getlist("items")
    items = tuple(int(one) for one in typed["items"] if one.isdecimal() and len(one) < 4)
    wanted = tuple(typed["wanted"].replace(",", " ").upper().split())
    days = int(typed["days"]) if typed["days"].isdecimal() and len(typed["days"]) < 4 else 0
    return Request(typed["ground"], typed["reason"], items, wanted, typed["asked"], days), typed


def read_conclusion(form: MultiDict[str, str], items: Sequence[int]) -> Conclusion:
    """Return the result that was meant: one finding for each goods item whose box was chosen, 0 stands for the package."""
    findings = []
    for number in (0, *items):
        kind = form.get(f"kind-{number}", "")
        if kind:
            weight = "none" if kind == "none" else form.get(f"weight-{number}", "")
            findings.append(Finding(number or None, kind, weight))
    return Conclusion(tuple(findings), form.get("conclusion", ""), form.get("act", ""))
