"""``flask bundle OUT``: the offline checker as one wheel, the very bytes that the window hands out."""

from __future__ import annotations

from pathlib import Path

import click

from app.intake import bundling


@click.command("bundle")
@click.argument("out", type=click.Path(path_type=Path))
def command(out: Path) -> None:
    """Write the offline checker to OUT: a folder, or the file itself."""
    made = bundling.bundle()
    file = out / made.file_name if out.is_dir() else out
    file.write_bytes(made.data)
    click.echo(f"{file}  {len(made.data)} bytes  sha256 {made.sha256}  edition {made.edition[:12]}")
