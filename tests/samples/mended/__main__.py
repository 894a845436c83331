"""Write every mended sample anew."""

from __future__ import annotations

from app.declarations.rules.catalogue import rules
from tests.samples.mended.making import FOLDER, mended

if __name__ == "__main__":
    for code in rules():
        (FOLDER / f"{code}.xml").write_bytes(mended(code))
    for left_over in {path.stem for path in FOLDER.glob("*.xml")} - set(rules()):
        (FOLDER / f"{left_over}.xml").unlink()
