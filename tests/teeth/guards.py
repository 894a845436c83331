"""The list of guards: where each stands, how it is switched off, and which tests must then be red."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

from config import ROOT

LIST = ROOT / "tests" / "teeth" / "guards.toml"


@dataclass(frozen=True, slots=True)
class Guard:
    """A guard: each text of ``edits`` that stands once in ``file``, with what it becomes; ``tests`` must then fail.

    Where one guard stands behind another, both are switched off together.
    """

    name: str
    file: str
    edits: tuple[tuple[str, str], ...]
    tests: tuple[str, ...]

    def switched_off(self, text: str) -> str:
        """Return the file with the guard switched off. Raises ValueError unless the guard stands in it exactly once."""
        for on, off in self.edits:
            if text.count(on) != 1:
                raise ValueError(f"{self.name}: {on!r} stands {text.count(on)} times in {self.file}")
            text = text.replace(on, off)
        return text


def guards() -> tuple[Guard, ...]:
    """Return every guard of the list."""
    said = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return tuple(Guard(name, one["file"], _edits(one), tuple(one["tests"])) for name, one in said.items())


def _edits(one: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """One edit as ``on`` and ``off``, several as ``edits``."""
    return tuple((on, off) for on, off in one.get("edits", [(one.get("on", ""), one.get("off", ""))]))
