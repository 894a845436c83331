"""The list of guards: where each stands, how it is switched off, and which tests must then be red."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from config import ROOT

LIST = ROOT / "tests" / "teeth" / "guards.toml"


@dataclass(frozen=True, slots=True)
class Guard:
    """A guard: ``on`` is the text that stands once in ``file``, ``off`` what it becomes; ``tests`` must then fail."""

    name: str
    file: str
    on: str
    off: str
    tests: tuple[str, ...]

    def switched_off(self, text: str) -> str:
        """Return the file with the guard switched off. Raises ValueError unless the guard stands in it exactly once."""
        if text.count(self.on) != 1:
            raise ValueError(f"{self.name}: {self.on!r} stands {text.count(self.on)} times in {self.file}")
        return text.replace(self.on, self.off)


def guards() -> tuple[Guard, ...]:
    """Return every guard of the list."""
    said = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return tuple(
        Guard(name, one["file"], one["on"], one.get("off", ""), tuple(one["tests"])) for name, one in said.items()
    )
