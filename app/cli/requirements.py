"""``flask requirements``: what the law asks of goods, before anything is filed."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import click

from app import clock
from app.requirements.compiling import packaged_edition
from app.requirements.showing import requirements_for


@click.group("requirements")
def group() -> None:
    """Which agencies, documents and questions a goods code brings."""


@group.command("show")
@click.option("--hs", required=True, help="Goods code, 2 to 10 digits.")
@click.option("--direction", required=True, type=click.Choice(["import", "export", "transit"]))
@click.option("--origin", default="", help="Country of origin, two letters.")
@click.option("--region", default="", help="Region of origin, e.g. ORE.")
@click.option("--destination", default="", help="Country of destination, two letters.")
@click.option("--procedure", default="", help="Customs procedure, two digits.")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Day of filing; today when left out.")
@click.option("--flag", "flags", multiple=True, help="A flag or measure id answered yes; may be repeated.")
@click.option("--no", "denied", multiple=True, help="A flag or measure id answered no; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(
    hs: str,
    direction: str,
    origin: str,
    region: str,
    destination: str,
    procedure: str,
    on: datetime | None,
    flags: tuple[str, ...],
    denied: tuple[str, ...],
    as_json: bool,
) -> None:
    """Print agencies triggered and not triggered, questions and documents for one goods code. Needs no database."""
    day: date = on.date() if on else clock.today()
    found = requirements_for(
        packaged_edition(),
        hs=hs,
        direction=direction,
        origin=origin,
        region=region,
        destination=destination,
        procedure=procedure,
        on=day,
        flags=flags,
        answers={name: False for name in denied},
    )
    click.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else "\n".join(_lines(found)))


def _lines(found: dict[str, Any]) -> list[str]:
    lines = ["Triggered:"]
    for lane in found["triggered"]:
        measures = ", ".join(measure["code"] for measure in lane["measures"]) or "every package"
        lines.append(f"  {lane['agency']} {lane['name']['en']} ({lane['mode']}): {measures}")
    lines += ["Documents:", *(f"  {document['text']['en']} [{document['measure']}]" for document in found["documents"])]
    for title, key in (
        ("Questions:", "questions"),
        ("Once per package, where its data leave it open:", "package_questions"),
    ):
        lines.append(title)
        for question in found[key]:
            options = "; ".join(f"{option['code']} {option['label']['en']}" for option in question["options"])
            lines.append(f"  {question['text']['en']} {options}")
    lines += [f"{entry['text']['en']}" for entry in found["prohibited"]]
    lines.append("Not triggered:")
    for entry in found["not_triggered"]:
        lines.append(f"  {entry['agency']}: " + " ".join(reason["text"]["en"] for reason in entry["reasons"]))
    return lines
