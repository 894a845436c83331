"""``flask verify-clearance``: papers verified on this machine alone, as the wheel that anyone may take along does."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.signing import verifier


@click.command("verify-clearance")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--trust", type=click.Path(path_type=Path), default=Path("akno-trust.pem"), help="File of trust.")
@click.option(
    "--list", "listed", type=click.Path(path_type=Path), default=Path("akno-list.jws"), help="List of ended papers."
)
@click.option("--lang", type=click.Choice(verifier.LANGUAGES), default="en", help="Language of the answer.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each file.")
def command(files: tuple[Path, ...], trust: Path, listed: Path, lang: str, as_json: bool) -> None:
    """Verify clearances. Exit code: 0 genuine, 1 altered or not ours, 2 superseded or revoked, 3 cannot be told."""
    sys.exit(verifier.run(files, trust=trust, listed=listed, lang=lang, as_json=as_json))
