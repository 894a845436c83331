"""The refusals every edge can show, and the fault: one finding in a package, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

Text = Mapping[str, str]
"""One sentence in the three languages of the window: keys ``be``, ``ru``, ``en``."""

VALUE_SHOWN = 200
"""Characters of an offending value that are shown back; the rest is cut (trust.md X19)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding in what was sent.

    ``path`` is an XPath with element names and true indexes, ``pointer`` the same place in WCO ids
    (``42A/67A/68A[2]/23A/21A/145``), ``line`` counts from 1 in the file as received, ``field`` names the form field.
    """

    code: str
    message: Text
    remedy: Text
    path: str = ""
    line: int | None = None
    pointer: str = ""
    value: str = ""
    field: str = ""
    kind: str = "rule"

    def as_dict(self) -> dict[str, Any]:
        """Return the fault as JSON-ready data, texts in all three languages."""
        data = asdict(self)
        data["message"], data["remedy"] = dict(self.message), dict(self.remedy)
        data["value"] = self.value[:VALUE_SHOWN]
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Fault:
        """Read what ``as_dict`` wrote."""
        return cls(**data)


class Refusal(Exception):
    """Anything the window declines to do; ``status`` is the HTTP answer at the edge."""

    status = 400


class NotFound(Refusal):
    """There is no such thing, or it is not yours: the two are told apart by nobody."""

    status = 404


class TooMany(Refusal):
    """Asked too often in a short time; ``message`` is in the user's words."""

    status = 429

    def __init__(self, message: Any) -> None:
        super().__init__(str(message))
        self.message = message


class NotAllowed(Refusal):
    """You may see it but not do this; ``reason`` is in the user's words."""

    status = 403

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass
class Conflict(Refusal):
    """Somebody or something was first; ``facts`` say who, what and when."""

    message: Any
    facts: dict[str, Any] = field(default_factory=dict)
    status = 409

    def __post_init__(self) -> None:
        Exception.__init__(self, str(self.message))


@dataclass
class Stale(Conflict):
    """What you saw is not what holds now (another version); nothing is done on unseen bytes."""

    status = 412


@dataclass
class Invalid(Refusal):
    """What was sent has faults; all of them at once."""

    faults: Sequence[Fault]
    status = 422

    def __post_init__(self) -> None:
        Exception.__init__(self, ", ".join(fault.code for fault in self.faults))


@dataclass
class Unavailable(Refusal):
    """A part of the window cannot do its work now: it holds rather than waves on."""

    message: Any
    status = 503

    def __post_init__(self) -> None:
        Exception.__init__(self, str(self.message))
