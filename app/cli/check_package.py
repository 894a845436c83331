"""``flask check-package``: the verdict the server would give, without the server, its database or its registries."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path

import click

from app import clock
from app.declarations.checking import Checked, check_bytes
from app.declarations.rules.catalogue import not_asked
from app.errors import Fault
from app.requirements.compiling import packaged_edition

CLEAN, FAULTY, UNREADABLE = 0, 1, 2
SHOWN = 100


@click.command("check-package")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Day of filing; today when left out.")
@click.option("--lang", type=click.Choice(["be", "ru", "en"]), default="en", help="Language of the printed faults.")
def command(file: Path, as_json: bool, on: datetime | None, lang: str) -> None:
    """Check a package, ours or a WCO message. Exit code: 0 clean, 1 faults, 2 not readable as a package."""
    try:
        data = file.read_bytes()
    except OSError as error:
        click.echo(f"{file}: {error.strerror}", err=True)
        if as_json:
            click.echo(json.dumps(as_data(Checked([], []))))
        sys.exit(UNREADABLE)
    day: date = on.date() if on else clock.today()
    checked = check_bytes(data, edition=packaged_edition(), on=day)
    click.echo(as_text(checked, lang) if not as_json else json.dumps(as_data(checked), ensure_ascii=False, indent=2))
    if checked.package is None:
        sys.exit(UNREADABLE)
    sys.exit(FAULTY if checked.schema_faults or checked.rule_faults else CLEAN)


def as_data(checked: Checked) -> dict[str, list[dict[str, object]]]:
    """Return the faults as JSON-ready data, in all three languages."""
    return {
        "schema_faults": [fault.as_dict() for fault in checked.schema_faults],
        "rule_faults": [fault.as_dict() for fault in checked.rule_faults],
    }


def as_text(checked: Checked, lang: str) -> str:
    """Return the faults as lines to read, at most a hundred, and what could not be asked offline."""
    faults = [*checked.schema_faults, *checked.rule_faults]
    lines = [_line(fault, lang) for fault in faults[:SHOWN]]
    rest = len(faults) - len(lines) + checked.more
    if rest:
        lines.append(f"… {rest} more")
    if checked.package is not None:
        lines.append(f"{len(faults) + checked.more} faults" if faults else "clean")
        lines.append(f"not asked offline: {', '.join(not_asked())}, and whether the files named are there")
    return "\n".join(lines)


def _line(fault: Fault, lang: str) -> str:
    where = f"line {fault.line}: " if fault.line else ""
    value = f" [{fault.value}]" if fault.value else ""
    return f"{where}{fault.code} {fault.path}{value}\n    {fault.message[lang]}\n    {fault.remedy[lang]}"
