"""What of a watch-list was found in the package of a case, laid on the case for an agency that looks out for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app import web
from app.access import Actor, Permission
from app.declarations.masking import PARTIES
from app.reviews import needs
from app.reviews.models import Review
from app.risk import rights_finders, thresholds, watch_finders, watching
from app.risk.rights_models import Suspension
from app.risk.showing import WHY, View
from app.risk.watch_models import WatchCandidate


@dataclass(frozen=True, slots=True)
class Beside:
    """What was found, and whether this agency may see what stands in the package (else only that something does)."""

    rows: Sequence[WatchCandidate] = ()
    shows: bool = True
    marks: Sequence[Suspension] = ()


def lay_out(review: Review, risk: View | None, reader: Actor) -> Beside:
    """Return what was found; one statement, none where nothing was. That it is read is written down at once."""
    if risk is None:
        return Beside()
    marks = _marks(review, risk)
    if not reader.can(Permission.WATCHLIST_READ) or WHY[thresholds.WATCHED] not in risk.why:
        return Beside(marks=marks)
    whole = reader.kind == "auditor"
    rows = watch_finders.list_of_package(review.declaration_id, review.version, "" if whole else reader.agency)
    if rows:
        with web.remembering():
            watching.remember_reading({one.entry_id: one.entry for one in rows}.values(), by=reader)
    return Beside(rows, whole or needs.grants(review.agency, PARTIES), marks)


def _marks(review: Review, risk: View) -> Sequence[Suspension]:
    """The protected marks that were found on the goods, for customs and the auditor; no statement where none was."""
    if WHY[thresholds.MARKED] not in risk.why:
        return ()
    return rights_finders.list_of_package(review.declaration_id, review.version)
