"""What follows a proposal: agencies answer, a second person puts it on trial and in force, and it ends."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from app import clock
from app.access import Actor, require
from app.database import session
from app.errors import Invalid
from app.ledger import recording
from app.ledger.recording import Happening
from app.risk import policy
from app.risk.finders import PART
from app.risk.lifecycle import COUNTING, INDICATOR, LIVE, PROPOSED
from app.risk.models import AGREED, DECLINED, WAITING, Indicator, IndicatorVersion, RiskStamp
from app.risk.wording import fault

MOST_REASON = 4000


def answer(version: IndicatorVersion, *, agreed: bool, reason: str = "", by: Actor) -> IndicatorVersion:
    """Agree or decline for one's own agency; a reason is needed to decline. An agency can change its answer as long as the
    version is proposed or works: from then on it counts for its lane, or no longer. Raises NotAllowed, Conflict, Invalid."""
    _lock(version)
    require(policy.answer, by, version)
    words = reason.strip()
    if (not agreed and not words) or len(words) > MOST_REASON:
        raise Invalid([fault("INDICATOR-REASON", "reason", words, limit=MOST_REASON)])
    own = next(one for one in version.agreements if one.agency == by.agency)
    before = own.answer
    own.answer, own.reason = (AGREED if agreed else DECLINED), words
    own.answered_at, own.answered_by_id = clock.now(), by.person_id
    happened = [
        Happening(
            "indicator.answered", "indicator", version.id,
            {**_named(version), "agency": by.agency, "answer": own.answer, "reason_digest": recording.digest(words) if words else ""},
        )
    ]  # fmt: skip
    happened += _settled(version, by)
    session().flush()
    recording.record_all(happened, by=by)
    if version.status in COUNTING and own.answer != before:
        changed()
    return version


def try_out(version: IndicatorVersion, *, by: Actor) -> IndicatorVersion:
    """Put a version on trial: it is judged and seen, and counts for nothing. Raises NotAllowed or Conflict."""
    _lock(version)
    INDICATOR.move(version, "try_out", by=by, **_named(version), agencies=list(version.sharing))
    version.shadow_at = clock.now()
    session().flush()
    changed()
    return version


def activate(version: IndicatorVersion, *, by: Actor) -> IndicatorVersion:
    """Put a version in force in the place of the one before it. Raises NotAllowed or Conflict.

    A back-test will be demanded here once there is one; until then the page says that there is none.
    """
    _lock(version)
    happened = []
    for older in _working(version):
        reason = recording.digest(f"version {version.number}")
        happened.append(
            INDICATOR.step(
                older, "supersede", by=by, **_named(version) | {"version": older.number}, reason_digest=reason
            )
        )
        older.ended_at = clock.now()
    # The one in force ends before the new one begins: of one indicator one version is in force, and the database says so.
    session().flush()
    happened.append(INDICATOR.step(version, "activate", by=by, **_named(version), agencies=list(version.sharing)))
    version.live_at, version.activated_by_id = clock.now(), by.person_id
    session().flush()
    recording.record_all(happened, by=by)
    changed()
    return version


def end(version: IndicatorVersion, *, reason: str, by: Actor) -> IndicatorVersion:
    """End a version before its last day. Raises NotAllowed, Conflict, or Invalid without a reason."""
    _lock(version)
    words = reason.strip()
    require(policy.end, by, version)
    if not words or len(words) > MOST_REASON:
        raise Invalid([fault("INDICATOR-REASON", "reason", words, limit=MOST_REASON)])
    INDICATOR.move(version, "end", by=by, **_named(version), reason_digest=recording.digest(words))
    version.ended_at, version.ended_because = clock.now(), words
    session().flush()
    changed()
    return version


def changed() -> None:
    """Say that what is in force has changed: every process compiles anew at its next look. The row is taken last, and waits for
    whoever changes something else at the same moment. The number is drawn, not counted, so that a database that was restored or
    copied never gives out a number for other rows than before."""
    number = secrets.randbits(62)
    raised = session().execute(sa.update(RiskStamp).where(RiskStamp.part == PART).values(number=number))
    if not raised.rowcount:  # type: ignore[attr-defined]
        session().add(RiskStamp(part=PART, number=number))
        session().flush()


def _named(version: IndicatorVersion) -> dict[str, object]:
    return {"indicator": version.indicator.code, "version": version.number}


def _lock(version: IndicatorVersion) -> None:
    """Hold the indicator and the version, and read again what others may have changed."""
    session().execute(sa.select(Indicator.id).where(Indicator.id == version.indicator_id).with_for_update())
    session().refresh(version, attribute_names=["_status", "agreements"])


def _settled(version: IndicatorVersion, by: Actor) -> list[Happening]:
    """The step that follows when every agency named has answered."""
    answers = {one.answer for one in version.agreements}
    if version.status != PROPOSED or WAITING in answers:
        return []
    if AGREED in answers:
        return [INDICATOR.step(version, "agree", by=by, **_named(version), agencies=list(version.sharing))]
    return [INDICATOR.step(version, "decline", by=by, **_named(version))]


def _working(version: IndicatorVersion) -> list[IndicatorVersion]:
    """The version in force that this one replaces, and older ones on trial."""
    others = sa.or_(
        IndicatorVersion._status == LIVE,
        sa.and_(IndicatorVersion._status.in_(COUNTING), IndicatorVersion.number < version.number),
    )
    query = sa.select(IndicatorVersion).where(
        IndicatorVersion.indicator_id == version.indicator_id, IndicatorVersion.id != version.id, others
    )
    return list(session().scalars(query))
