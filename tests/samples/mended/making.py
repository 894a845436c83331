"""How a faulty sample becomes a mended one: its repair, and nothing else."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from app.declarations import editing, parsing
from tests.samples.faults.repairs import REPAIRS

FOLDER = Path(__file__).parent
FAULTS = FOLDER.parent / "faults"


def mended(code: str) -> bytes:
    """Return the sample of a rule after its repair, as indented XML."""
    tree = parsing.parse((FAULTS / f"{code}.xml").read_bytes()).tree
    assert tree is not None
    for path, value in REPAIRS[code].items():
        text, attributes = value if isinstance(value, tuple) else (value, None)
        editing.set_leaf(tree, path, text, attributes)
    etree.indent(tree, "  ")
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8")) + b"\n"
