"""A place in a package as the WCO Data Model writes it in a message: one Pointer (97A) per step, read from the root down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.declarations.pointers import steps
from app.declarations.structure import Node, root


class Step(NamedTuple):
    """One Pointer: which class (two digits and a letter), which of several (None where there is one), which element of it."""

    section: str
    sequence: int | None = None
    tag: str = ""


def steps_to(path: str) -> tuple[Step, ...]:
    """Return the pointers to an XPath; it ends at the nearest class where the Data Model has no identifier for the rest.

    ``/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/Origin[1]/CountryCode`` gives 42A, 67A, 68A (2), 92A (1, tag
    063). Nothing for a path that does not begin at Declaration.
    """
    wanted = steps(path)
    if not wanted or wanted[0][0] != root().name:
        return ()
    found, node = [Step(root().wco_id)], root()
    for name, index in wanted[1:]:
        below = node.children.get(name)
        if below is None or not below.wco_id:
            break
        if below.is_leaf:
            found[-1] = found[-1]._replace(tag=below.wco_id)
            break
        found.append(Step(below.wco_id, (index or 1) if below.repeatable else None))
        node = below
    return tuple(found)


def path_of(pointers: Sequence[Step]) -> str:
    """Return the XPath that pointers lead to. Raises ValueError for one that the schema has not."""
    if not pointers or pointers[0].section != root().wco_id:
        raise ValueError("a pointer begins at the declaration, 42A")
    node, path = root(), f"/{root().name}"
    for place, step in enumerate(pointers):
        if place:
            node = _child(node, step.section)
            path += f"/{node.name}[{step.sequence or 1}]" if node.repeatable else f"/{node.name}"
        if step.tag:
            path += f"/{_child(node, step.tag).name}"
    return path


def _child(node: Node, wco_id: str) -> Node:
    for below in node.children.values():
        if below.wco_id == wco_id:
            return below
    raise ValueError(f"{node.path} has nothing with the identifier {wco_id}")
