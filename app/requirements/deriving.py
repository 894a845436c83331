"""Flags first from the data: what a package already says is never asked again (domain.md section 3).

Plain arguments, no package: whoever holds one hands over codes and countries, and the pointer of its goods item. What
the data proves is in ``flags``, what it rules out in ``settled``; where it is silent or doubtful a flag is in neither
and is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.requirements.compiling import CompiledEdition

HOME = "BY"
ROAD_MODES = ("3", "30", "31", "32")
"""Road transport in UN/ECE Recommendation 19 and in the EAEU classifier (Decision 378, annex 3)."""

CARRIAGE = frozenset({"FOREIGN_CARRIER", "VEHICLE_EU", "THIRD_COUNTRY_CARRIAGE", "OVERSIZE", "OVERWEIGHT", "ADR"})
MAY_LIVE = ("01", "03", "9508")
"""Goods that can be alive; only chapter 01 always is."""


@dataclass(frozen=True, slots=True)
class Derived:
    """Flags proved, flags ruled out, and for each proved flag the WCO pointer and the value that proved it."""

    flags: frozenset[str]
    settled: frozenset[str]
    evidence: Mapping[str, tuple[str, str]]


class _Findings:
    def __init__(self) -> None:
        self.evidence: dict[str, tuple[str, str]] = {}
        self.settled: set[str] = set()

    def yes(self, flag: str, pointer: str, value: str) -> None:
        self.evidence.setdefault(flag, (pointer, value))

    def no(self, *flags: str) -> None:
        self.settled.update(flags)

    def done(self) -> Derived:
        proved = frozenset(self.evidence)
        return Derived(proved, frozenset(self.settled) - proved, self.evidence)


def by_road(mode: str) -> bool:
    """Whether a mode of transport is road, or not known."""
    return not mode or mode in ROAD_MODES


def from_carriage(
    edition: CompiledEdition, *, on: date, direction: str, mode: str = "", nationality: str = "", departure: str = ""
) -> Derived:
    """Derive the carriage flags of a whole package.

    ``mode`` as in ModeCode, ``nationality`` of the means of transport at the border and ``departure`` (country of
    export), both alpha-2. Another mode than road settles every road flag. Empty values settle nothing.
    """
    found, pointer = _Findings(), "42A/15A/T014"
    if not by_road(mode):
        found.no(*CARRIAGE)
    elif nationality == HOME:
        found.no("FOREIGN_CARRIER", "VEHICLE_EU", "THIRD_COUNTRY_CARRIAGE")
    elif nationality:
        found.yes("FOREIGN_CARRIER", pointer, nationality)
        _choose(found, "VEHICLE_EU", edition.allows("EU27", nationality, "", on), pointer, nationality)
        if departure:
            third = direction == "import" and nationality != departure
            _choose(found, "THIRD_COUNTRY_CARRIAGE", third, pointer, nationality)
    return found.done()


def from_goods(
    edition: CompiledEdition,
    *,
    pointer: str,
    code: str,
    scientific_name: str = "",
    packages: Iterable[str] = (),
    undg: Iterable[str] = (),
    duty_regime: str = "",
    basel_codes: Iterable[str] = (),
    operation: str = "",
    road: bool = True,
) -> Derived:
    """Derive the flags of one goods item at ``pointer`` (``42A/67A/68A[2]``).

    ``road``: whether the package goes, or may go, by road (``by_road``); ADR is about roads. ``packages``: type codes
    of UN/ECE Recommendation 21. ``undg``: UN numbers. ``basel_codes``: A1181, Y48, B3011 ...
    ``operation``: D or R code of what happens to waste.
    """
    found = _Findings()
    if code.startswith("01"):
        found.yes("LIVE", f"{pointer}/23A/21A/145", code)
    elif code and not code.startswith(MAY_LIVE):
        found.no("LIVE")
    numbers = [number for number in undg if number]
    _choose(found, "ADR", road and bool(numbers), f"{pointer}/23A/12C/506", " ".join(numbers))
    _wood(edition, found, pointer, list(packages))
    _species(edition, found, pointer, scientific_name)
    _duty(found, pointer, duty_regime)
    _waste(edition, found, pointer, [known for known in basel_codes if known], operation)
    return found.done()


def _choose(found: _Findings, flag: str, true: bool, pointer: str, value: str) -> None:
    if true:
        found.yes(flag, pointer, value)
    else:
        found.no(flag)


def _wood(edition: CompiledEdition, found: _Findings, pointer: str, packages: list[str]) -> None:
    """Wooden packages prove it; only packages all known to be something else rule it out."""
    materials = {kind: edition.wood.get(kind) for kind in packages}
    wooden = [kind for kind, material in materials.items() if material == "wood"]
    if wooden:
        found.yes("WOOD_PACKAGING", f"{pointer}/93A/141", " ".join(wooden))
    elif packages and not any(materials.values()):
        found.no("WOOD_PACKAGING")


def _species(edition: CompiledEdition, found: _Findings, pointer: str, name: str) -> None:
    """Find a species, or its genus where the whole genus is listed without exceptions; our list is a sample.

    A name that is not in it proves nothing and is asked.
    """
    words = name.lower().split()
    flags = edition.cites.get(" ".join(words[:2])) or edition.cites.get(words[0]) if words else None
    if flags:
        for flag in flags:
            found.yes(flag, f"{pointer}/23A/21A/346", name)
        found.no("CITES_I", "CITES_II", "CITES_III")


def _duty(found: _Findings, pointer: str, regime: str) -> None:
    """A regime of 100 (or an EAEU box 36 of nothing but О and -) claims no preference; none stated claims none
    either.
    """
    plain = not regime or regime.startswith("1") or not regime.strip("ОO-")
    _choose(found, "PREFERENCE", not plain, f"{pointer}/23A/50A/164", regime)


def _waste(edition: CompiledEdition, found: _Findings, pointer: str, basel: list[str], operation: str) -> None:
    """A Basel code settles which waste it is; a code we hold no flag for settles nothing, so the agency is asked."""
    flags = {f"WASTE_{code.upper()}": code for code in basel if f"WASTE_{code.upper()}" in edition.flags}
    list_b = [code for code in basel if code.upper().startswith("B")]
    if list_b:
        flags["WASTE_LISTB"] = " ".join(list_b)
    for flag, code in flags.items():
        found.yes(flag, f"{pointer}/23A/21A/145", code)
    if flags:
        found.no(*(flag.code for flag in edition.flags.values() if flag.question == "waste"))
    if operation:
        disposal = operation.upper().startswith("D")
        _choose(found, "WASTE_FOR_DISPOSAL", disposal, f"{pointer}/03A/225", operation)
