"""Verification: what anyone who holds the code or the paper may learn, and nothing else."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.clearance import finders, publishing
from app.clearance.facts import ClearanceFacts, EarlierFacts
from app.clearance.models import Clearance
from app.documents import apart
from app.documents.wording import NotTaken
from app.errors import Text
from app.signing import judging, reading
from app.signing.judging import Judgement
from app.signing.keys import NoKey
from app.signing.trust import Trust

log = logging.getLogger("akno.verification")

STATES = {"issued": "genuine", "superseded": "superseded", "revoked": "revoked"}
"""State of the row: what the page says. A clearance that is only requested has no paper, so nothing can be compared.
That a revocation is asked for is no state: until a second supervisor confirms it, the clearance is genuine."""

MOST_PAPER_BYTES = judging.MOST_BYTES
"""Bytes of a file that is compared with our papers: ours have a tenth of a megabyte."""
_LOOK_SECONDS = 3.0
_LOOK_MEMORY = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer to a code or a file: ``state`` is genuine, altered, superseded, revoked or unknown; ``clearance`` None when
    unknown, and when a file is altered in which no code can be read any more.

    ``successor``: number of the clearance that holds in place of a superseded one. ``later``: numbers of the clearances
    that hold for further goods of the package. ``judged``: what the signature of a file says; None of a code, and where the
    window has no root to judge by. ``withdrawn_at``: since when the key that signed it is withdrawn as compromised.
    """

    state: str
    clearance: Clearance | None = None
    successor: str = ""
    later: tuple[str, ...] = ()
    judged: Judgement | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_stray(self) -> bool:
        """Whether our signature is on a paper that we never issued."""
        return self.state == "unknown" and self.judged is not None and self.judged.state == judging.SOUND


@dataclass(frozen=True, slots=True)
class Compared:
    """What somebody at the border compares with the paper and the goods. No name, no address, no document number."""

    number: str
    issued_at: datetime
    office: Text
    item_count: int
    net_kg: Decimal
    released: tuple[int, ...]
    earlier: tuple[EarlierFacts, ...]
    held_back: tuple[int, ...]
    version: int
    serial: int


def verify(code: str, number: str = "") -> Verified:
    """Answer a code, however it was typed. A registration number or a clearance number is no code: unknown. With the number
    that stands on the paper beside it: altered when the clearance of this code has another one."""
    answer = _answer(finders.find_by_code(code))
    shown = "".join(number.split()).upper()
    if answer.clearance is not None and shown and shown != answer.clearance.number:
        return replace(answer, state="altered")
    return answer


def verify_paper(data: bytes) -> Verified:
    """Answer a file: genuine (superseded, revoked) when it is byte for byte a paper of ours and its signature says nothing else;
    altered when it is another file in which the code of a clearance stands, or whose signature was ours; else unknown. The
    register is the truth: our signature on a paper that is not in it makes nothing genuine. Nothing of it is stored."""
    judged, codes = _looked_at(data)
    exact = _answer(finders.find_by_paper(hashlib.sha256(data).hexdigest()))
    if exact.clearance is not None and not _contradicts(judged, exact.clearance):
        return replace(exact, judged=judged)
    for code in codes if not _is(judged, judging.SOUND) else []:
        named = _answer(finders.find_by_code(code))
        if named.clearance is not None:
            return replace(named, state="altered", judged=judged)
    return Verified("altered" if _is(judged, judging.ALTERED) else "unknown", judged=judged)


def raise_alarm(data: bytes, answer: Verified) -> None:
    """Tell the operators of a paper with our sound signature that the register does not know: a key in other hands."""
    if answer.is_stray and answer.judged is not None:
        log.error(
            "alarm: our key %s signed a paper that is not in the register, sha256 %s",
            answer.judged.fingerprint,
            hashlib.sha256(data).hexdigest(),
        )


def _is(judged: Judgement | None, state: str) -> bool:
    return judged is not None and judged.state == state


def _contradicts(judged: Judgement | None, clearance: Clearance) -> bool:
    """Whether the signature speaks against a file that is in the register. Papers of before there were signatures have none."""
    if judged is None:
        return False
    return judged.state != (judging.SOUND if clearance.signed_with else judging.UNSIGNED)


def _answer(clearance: Clearance | None) -> Verified:
    if clearance is None or clearance.status not in STATES:
        return Verified("unknown")
    package = finders.list_clearances(clearance.declaration_id)
    later = tuple(one.number for one in package if one.serial > clearance.serial and one.status == "issued")
    withdrawn = publishing.compromised().get(clearance.signed_with) if clearance.signed_with else None
    return Verified(STATES[clearance.status], clearance, _successor(clearance, package), later, withdrawn_at=withdrawn)


def _looked_at(data: bytes) -> tuple[Judgement | None, list[str]]:
    """What the signature says and the codes of clearances that a PDF links to; it is opened apart, for anyone may have made it."""
    if not data.startswith(b"%PDF-"):
        return Judgement(judging.UNREADABLE, "not-a-pdf"), []
    try:
        trust = publishing.trust_in_force()
    except NoKey:
        trust = None
    try:
        judged, codes = _apart(_judged_and_linked, data, trust)
        return (Judgement(**judged) if judged else None), codes
    except NotTaken:
        return Judgement(judging.UNREADABLE, "broken"), []


def _apart(function: Any, *arguments: Any) -> Any:
    return apart.look(function, *arguments, seconds=_LOOK_SECONDS, memory=_LOOK_MEMORY)


def _judged_and_linked(data: bytes, trust: Trust | None) -> tuple[dict[str, str], list[str]]:
    judged = judging.judge(data, trust).as_values() if trust is not None else {}
    try:
        links = reading.links_in(data)
    except Exception:  # whatever is wrong with somebody's file: then no code stands in it
        links = []
    return judged, list(dict.fromkeys(one.code for one in links))


def _successor(clearance: Clearance, package: Sequence[Clearance]) -> str:
    """The last paper in the row of those that took each other's place."""
    follows = {one.replaces_id: one for one in package if one.replaces_id is not None and one.status != "requested"}
    last = clearance
    while (following := follows.get(last.id)) is not None:
        last = following
    return last.number if last is not clearance else ""


def compared(facts: ClearanceFacts) -> Compared:
    """Take from the facts what the public page shows."""
    return Compared(
        number=facts.number,
        issued_at=facts.issued_at,
        office=facts.office,
        item_count=len(facts.goods),
        net_kg=facts.released_net_kg,
        released=facts.released,
        earlier=facts.earlier,
        held_back=facts.held_back,
        version=facts.version,
        serial=facts.serial,
    )
