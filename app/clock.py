"""The only reader of the system clock. Moments (``_at``) are aware UTC datetimes, days (``_on``) are Minsk dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def _minsk() -> tzinfo:
    """The zone of Minsk; on a machine without zone data (the offline checker on Windows) its one time of all year since
    2011 (Council of Ministers Resolution 1229 of 15.09.2011)."""
    try:
        return ZoneInfo("Europe/Minsk")
    except ZoneInfoNotFoundError:
        return timezone(timedelta(hours=3), "Europe/Minsk")


MINSK = _minsk()


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the calendar day in Minsk: the day the law counts by."""
    return now().astimezone(MINSK).date()


def moment_of(text: str) -> datetime:
    """Read a moment that we wrote in ISO 8601. Raises ValueError for any other text, also one without its time zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a moment beyond the calendar") from None
