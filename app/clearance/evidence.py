"""The second file in the paper: who decided what and when, for machines. Pure.

The same facts as the page, as JSON: codes instead of words, moments in UTC. Names of officers stand in it only where they
stand on the page.
"""

from __future__ import annotations

import json
from typing import Any

from app.clearance.facts import ClearanceFacts, JudgementFacts, SignatureFacts, SignOffFacts

FORMAT = "akno:clearance-decision:1"


def decision_data(facts: ClearanceFacts) -> bytes:
    """Return the decision data of a clearance: JSON in UTF-8, keys in order, so that the same facts are the same bytes."""
    data = {
        "format": FORMAT,
        "test": facts.test,
        "clearance": {
            "number": facts.number,
            "serial": facts.serial,
            "replaces": facts.replaces or None,
            "earlier": [{"number": one.number, "items": list(one.items)} for one in facts.earlier],
        },
        "package": {
            "registration_number": facts.registration_number,
            "registered_at": facts.registered_at.isoformat(),
            "version": facts.version,
            "canonical_sha256": facts.digest,
            "direction": facts.direction,
            "office": facts.office_code,
        },
        "released_at": facts.released_at.isoformat(),
        "items": {
            "released": list(facts.released),
            "released_before": list(facts.released_before),
            "held": list(facts.held),
            "refused": list(facts.refused),
        },
        "agencies": [_agency(one) for one in facts.sign_offs],
    }
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _agency(one: SignOffFacts) -> dict[str, Any]:
    return {
        "agency": one.agency,
        "releases": one.releases,
        "law": list(one.law),
        "decisions": [_decision(signed) for signed in one.signatures],
    }


def _decision(signed: SignatureFacts) -> dict[str, Any]:
    officer = {"post": signed.post, "personal_number": signed.personal_number} | _named(signed.name)
    second = {"post": signed.second_post, "personal_number": signed.second_number} | _named(signed.second_name)
    return {
        "id": signed.id,
        "decided_at": signed.decided_at.isoformat(),
        "how": signed.how,
        **({"rule": signed.rule} if signed.rule else {}),
        "officer": None if signed.rule else officer,
        "second_officer": second if signed.how == "countersigned" else None,
        "payment": {"state": signed.payment, "reference": signed.payment_reference} if signed.payment else None,
        "judgements": [_judgement(one) for one in signed.judgements],
    }


def _named(name: str) -> dict[str, str]:
    return {"name": name} if name else {}


def _judgement(one: JudgementFacts) -> dict[str, Any]:
    return {
        "items": list(one.items),
        "outcome": one.outcome,
        "conditions": one.conditions,
        "ground": one.ground,
        "appeal": one.appeal,
        "appeal_days": one.appeal_days,
    }
