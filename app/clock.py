"""The only reader of the system clock. Moments (``_at``) are aware UTC datetimes, days (``_on``) are Minsk dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

MINSK = ZoneInfo("Europe/Minsk")


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
