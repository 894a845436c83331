"""The generated parts of README.md, from the code they describe. ``python -m tests.architecture.readme`` rewrites them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from app.access import ROLES
from app.advance.lifecycle import ADVANCE, ALERT
from app.cases.lifecycle import POST_CLEARANCE
from app.clearance.lifecycle import CLEARANCE
from app.declarations.lifecycle import DECLARATION
from app.declarations.rules.catalogue import RULES
from app.identity.lifecycle import MANDATE
from app.ledger.events import EVENTS
from app.reviews.lifecycle import GREEN_RULE, INSPECTION, PROPOSAL, QUESTION, REVIEW, SECOND_LOOK
from app.risk.anomaly_lifecycle import LIFECYCLE as ANOMALY
from app.risk.lifecycle import INDICATOR
from app.risk.rights_lifecycle import SUSPENSION
from app.risk.watch_lifecycle import WATCH_CANDIDATE, WATCH_ENTRY
from app.traders.lifecycle import ACCREDITATION
from tests.asvs.requirements import table

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"


def _diagrams() -> str:
    parts = []
    machines = (
        ("Package", DECLARATION), ("Review", REVIEW), ("Proposal of a decision", PROPOSAL), ("Question", QUESTION),
        ("Inspection", INSPECTION), ("Clearance", CLEARANCE), ("Mandate", MANDATE),
        ("Accreditation", ACCREDITATION), ("Indicator", INDICATOR), ("Rule for signing off", GREEN_RULE),
        ("Second look", SECOND_LOOK), ("Anomaly", ANOMALY), ("Entry of a watch-list", WATCH_ENTRY),
        ("What looks like an entry", WATCH_CANDIDATE), ("Suspension for a mark", SUSPENSION),
        ("Advance information", ADVANCE), ("Alert", ALERT), ("Check after release", POST_CLEARANCE),
    )  # fmt: skip
    for name, machine in machines:
        parts.append(f"**{name}**\n\n```mermaid\n{machine.mermaid()}\n```")
    return "\n\n".join(parts)


def _roles() -> str:
    rows = ["| role | may |", "|---|---|"]
    rows += [f"| {role} | {', '.join(sorted(rights))} |" for role, rights in ROLES.items()]
    return "\n".join(rows)


def _rules() -> str:
    between = sum(bool(rule.between) for rule in RULES)
    asked = sum(rule.needs == "registry" for rule in RULES)
    rows = ["| code | needs | compares |", "|---|---|---|"]
    rows += [f"| `{rule.code}` | {rule.needs} | {' · '.join(rule.between)} |" for rule in RULES]
    head = f"{len(RULES)} rules; {between} compare two places, {asked} ask a registry of the window."
    return head + "\n\n<details><summary>All of them</summary>\n\n" + "\n".join(rows) + "\n\n</details>"


def _routes() -> str:
    listed = (ROOT / "tests" / "architecture" / "routes.txt").read_text(encoding="utf-8").rstrip()
    return f"<details><summary>{listed.count(chr(10)) + 1} routes</summary>\n\n```text\n{listed}\n```\n\n</details>"


def _widenings() -> str:
    text = (ROOT / "xsd" / "declaration" / "1.0" / "README.md").read_text(encoding="utf-8")
    tables = re.findall(r"(?:^\|.*\n)+", text, re.M)
    return tables[0].rstrip()


def _events() -> str:
    return "\n".join(f"- `{event}`: {', '.join(keys) or '—'}" for event, keys in EVENTS.items())


def _agencies() -> str:
    with (ROOT / "app/requirements/data/agencies.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["mode"] in ("signs", "issues")]
    lines = ["| code | name | mode |", "|---|---|---|"]
    return "\n".join(lines + [f"| {row['code']} | {row['name_en']} | {row['mode']} |" for row in rows])


PARTS = {
    "diagrams": _diagrams, "roles": _roles, "rules": _rules, "routes": _routes, "widenings": _widenings,
    "events": _events, "agencies": _agencies, "asvs": table,
}  # fmt: skip


def written(text: str) -> str:
    """Return the text of README with every generated part as it should be now."""
    for name, make in PARTS.items():
        pattern = re.compile(rf"(<!-- {name}: generated -->\n).*?(<!-- /{name} -->)", re.S)
        if not pattern.search(text):
            raise ValueError(f"README has no place for {name}")
        text = pattern.sub(lambda found, make=make: f"{found[1]}{make()}\n{found[2]}", text)
    return text


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
