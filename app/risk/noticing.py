"""What in a package stands on a watch-list or bears a protected mark: looked for at every assessment, kept beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.declarations.models import Declaration
from app.declarations.package import Package
from app.ledger.recording import Happening
from app.risk import rights_finders, suspending, thresholds, watch_finders, watching
from app.risk.rights_matching import Marked
from app.risk.watch_matching import Found


@dataclass(frozen=True, slots=True)
class Noticed:
    """What was found; ``customs`` is the agency that watches over marks."""

    found: tuple[Found, ...] = ()
    marked: tuple[Marked, ...] = ()
    customs: str = ""

    def watched(self, agency: str) -> str:
        """Return the lane that an agency's watch-lists ask for: what is only alike is looked at, not more."""
        effects = (
            one.entry.effect if one.sure else thresholds.YELLOW for one in self.found if agency in one.entry.agencies
        )
        return thresholds.worst(*effects)

    def has_mark(self, agency: str) -> str:
        """Return the lane that protected marks ask for: customs looks, whatever the rest says."""
        return thresholds.YELLOW if self.marked and agency == self.customs else thresholds.GREEN

    @property
    def agencies(self) -> set[str]:
        """The agencies for whom something was found: nothing of theirs is signed off by a rule."""
        return {agency for one in self.found for agency in one.entry.agencies} | (
            {self.customs} if self.marked else set()
        )


def look(package: Package, on: date, *, stamps: Mapping[str, int], customs: str) -> Noticed:
    """Look for everything that is watched for on a day; no statement while what the process keeps still holds."""
    watch = watch_finders.current_watch(stamps.get(watch_finders.PART, 0))
    marks = rights_finders.current_marks(stamps.get(rights_finders.PART, 0))
    return Noticed(watch.look(package, on), marks.look(package, on), customs)


def keep(declaration: Declaration, noticed: Noticed) -> list[Happening]:
    """Write what was found; returns what is to be recorded."""
    return [*watching.keep(declaration, noticed.found), *suspending.propose(declaration, noticed.marked)]
