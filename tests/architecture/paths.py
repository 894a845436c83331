"""Where everybody tries: every route on every variant of the scene that says something of its own."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app.declarations.rules.catalogue import RULES
from tests.architecture import risk_scene, traders_scene
from tests.architecture.conftest import Stage
from tests.architecture.scene import YARD

VARIANTS = {
    "declaration_id": ("draft", "filed"), "review_id": ("vet", "customs"), "receipt_id": ("filed", "refused"),
    "inspection_id": ("waiting", "agreed"), "clearance_id": ("issued", "revocation asked"), "filter_id": ("own", "shared"),
    "accreditation_id": ("granted",), "advance_id": ("coming", "withdrawn"),
}  # fmt: skip
OWN_VARIANTS = {
    "identity.person_disable": ("", "self"),
    "deciding.propose": ("four-eyes", "vet"), "deciding.countersign": ("proposed",), "deciding.send_back": ("proposed",),
    "deciding.override": ("proposed",), "deciding.override_form": ("proposed",), "deciding.undo": ("proposed", "held"),
    "deciding.sign": ("held", "proposed"), "deciding.reopen": ("decided",),
    "asking.thread": ("asked", "asked by vet"), "asking.file": ("asked", "asked by vet"),
    "asking.follow_up": ("asked", "asked by vet"), "asking.settle": ("asked", "asked by vet"),
    "asking.withdraw": ("asked", "asked by vet"),
    "answering.question": ("asked", "by broker"), "answering.answer": ("asked", "by broker"), "answering.file": ("asked",),
    "amending.change": ("draft", "filed", "changed", "by broker"), "changes.show": ("amended",),
    "amending.begin": ("draft", "filed", "changed", "by broker"), "amending.differences": ("filed", "amended"),
    "declarations.show": ("draft", "filed", "by broker"),
    "amending.bring": ("filed", "changed"), "amending.preview": ("filed", "changed"),
    "amending.send": ("filed", "changed"), "amending.drop": ("filed", "changed"),
    "webhooks.enable": ("", "still"), "webhooks.replay_lost": ("", "still"), "webhooks.replay": ("",),
    "api_webhooks.enable_webhook": ("", "still"), "api_declarations.file_declaration": ("good", "refused"),
    "api_declarations.withdraw_declaration": ("draft", "filed", "by broker"),
    "api_declarations.show_declaration": ("draft", "filed", "by broker"),
    "api_declarations.list_declaration_events": ("draft", "filed", "by broker"),
    "api_amendments.amend_declaration": ("draft", "filed", "changed"),
    "api_amendments.preview_amendment": ("draft", "filed", "changed"),
    "api_questions.list_questions": ("draft", "asked", "by broker"),
    "api_questions.show_question": ("asked", "by broker"), "api_questions.answer_question": ("asked", "by broker"),
    "api_clearances.list_clearances": ("draft", "filed", "released"),
    **traders_scene.OWN_VARIANTS,
    **risk_scene.OWN_VARIANTS,
}  # fmt: skip
"""Where a route needs a case in a state of its own, or the variants of its id say nothing."""
WAITING = {
    ("asking.withdraw", "asked"), ("asking.withdraw", "asked by vet"), ("answering.answer", "asked"),
    ("api_questions.answer_question", "asked"),
}  # fmt: skip
"""Here question 2 is meant, which waits; everywhere else question 1, which is answered (of the broker's package: waits)."""
OTHERS = {
    "kind": "json",
    "code": "NOTHING",
    "token": "x",
    "key": "nothing",
    "filename": "nothing",
    "section": "parties",
    "number": 1,
    "step": "note",
    "deed": "dismiss",
    "item": 0,
    "place": 1,
    "name": "nothing",
}
OWN_VALUES: dict[str, dict[str, Any]] = {
    "api_reference.list_reference": {"name": "countries"}, "developers.resource": {"name": "declarations"},
    "problems.show": {"code": "key-needed"}, "rules.sample": {"code": RULES[0].code}, "rules.mended": {"code": RULES[0].code},
    "api_requirements.ask_requirements": {"hs": "0202309008", "direction": "import"},
    "api_requirements.search_goods": {"q": "beef"},
}  # fmt: skip


def routes_of(app: Flask) -> list[tuple[str, str, str, str]]:
    """Method, rule, endpoint, variant: one line of the table each."""
    found = []
    for rule in app.url_map.iter_rules():
        variants = next((VARIANTS[name] for name in VARIANTS if name in rule.arguments), ("",))
        variants = OWN_VARIANTS.get(rule.endpoint, variants)
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            found += [(method, rule.rule, rule.endpoint, variant) for variant in variants]
    return sorted(found, key=lambda row: (row[1], row[0], row[3]))


def url_of(stage: Stage, rule: str, endpoint: str, variant: str) -> str:
    """Return the address of a route on one variant of the scene."""
    values: dict[str, Any] = {}
    for name in next(one for one in stage.app.url_map.iter_rules(endpoint) if one.rule == rule).arguments:
        ids = stage.scene.ids.get(name, {})
        values[name] = ids.get(variant, ids.get("", OTHERS.get(name)))
    if endpoint == "identity.wear":
        values["membership_id"] = stage.scene.ids["membership_id"]["own"]
    if endpoint in ("reviews.file", "viewer.view", "viewer.page"):
        values["attachment_id"] = stage.scene.ids["attachment_id"]["filed"]
    if (endpoint, variant) in WAITING:
        values["number"] = 2
    if endpoint == "inspections.place":
        values["code"] = YARD
    values |= OWN_VALUES.get(endpoint, {})
    if values.get("kind") == "json" and "any(csv, xlsx):kind" in rule:
        values["kind"] = "csv"
    return stage.app.url_map.bind("localhost").build(endpoint, values)
