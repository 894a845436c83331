"""``flask check-package``: the verdict the server would give, without the server, its database or its registries."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from app import clock
from app.intake import checker


@click.command("check-package")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each file.")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Day of filing; today when left out.")
@click.option("--lang", type=click.Choice(checker.LANGUAGES), default="en", help="Language of the printed faults.")
def command(files: tuple[Path, ...], as_json: bool, on: datetime | None, lang: str) -> None:
    """Check packages, XML or ZIP, ours or WCO messages. Exit code: 0 clean, 1 faults, 2 not readable as a package."""
    day = on.date() if on else clock.today()
    sys.exit(checker.run(files, as_json=as_json, on=day, lang=lang))
