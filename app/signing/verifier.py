"""The command ``verify-clearance``: papers in, words out, on this machine alone. Pure of the window.

It knows the file of trust and the signed list of ended papers and never opens a connection. Without a list it never says more
than that the signature is sound. It travels as a wheel of its own (``app.clearance.bundling``).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app import clock
from app.signing import claims as claiming
from app.signing import judging, listing, reading, wording
from app.signing import trust as trusting
from app.signing.claims import Claims, NotClaims
from app.signing.judging import Judgement
from app.signing.listing import Listed, NotAList
from app.signing.trust import NotTrust, Trust

GENUINE, NOT_OURS, ENDED, UNTOLD = 0, 1, 2, 3
"""Exit codes: genuine and not on the list; altered or not ours; superseded or revoked; cannot be told."""
_WORST = (GENUINE, UNTOLD, ENDED, NOT_OURS)
LANGUAGES = ("be", "ru", "en")


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to one file: ``answer`` is a key of ``wording``; ``facts`` are those of the signed claims, None without."""

    exit_code: int
    answer: str
    judged: Judgement | None = None
    facts: Claims | None = None
    code: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """What is asked: whom to trust, the list or why there is none, and the time."""

    trust: Trust
    listed: Listed | None
    now: datetime
    no_list: str = "no-list"


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify the files named on the command line; returns the exit code."""
    said = _parser().parse_args(arguments)
    return run(said.files, trust=said.trust, listed=said.list, lang=said.lang, as_json=said.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify-clearance",
        description="Verify clearances (PDF) on this machine alone. Exit code: 0 genuine and not on the list, "
        "1 altered or not ours, 2 superseded or revoked, 3 cannot be told.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--trust", type=Path, default=Path("akno-trust.pem"), help="file of trust, from /verify/keys")
    parser.add_argument(
        "--list", type=Path, default=Path("akno-list.jws"), help="list of ended papers, from /verify/list"
    )
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the answer")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each file")
    return parser


def run(files: Sequence[Path], *, trust: Path, listed: Path, lang: str, as_json: bool = False) -> int:
    """Verify some files and print what is found, to standard output; returns the worst exit code."""
    try:
        known = trusting.read(trust.read_bytes())
    except (OSError, NotTrust) as error:
        print(f"{trust}: {wording.say('no-trust', lang)} ({error})", file=sys.stderr)
        return UNTOLD
    means = _means(known, listed)
    worst = GENUINE
    for file in files:
        told = _of_file(file, means)
        _print(_as_json(file, told, means) if as_json else _as_text(file, told, means, lang))
        worst = max(worst, told.exit_code, key=_WORST.index)
    return worst


def _means(trust: Trust, file: Path) -> Means:
    try:
        return Means(trust, listing.read(file.read_text("ascii"), trust), clock.now())
    except FileNotFoundError:
        return Means(trust, None, clock.now())
    except (OSError, UnicodeDecodeError, NotAList):
        return Means(trust, None, clock.now(), "bad-list")


def _of_file(file: Path, means: Means) -> Told:
    try:
        with file.open("rb") as stream:
            data = stream.read(judging.MOST_BYTES + 1)
    except OSError:
        return Told(UNTOLD, "not-read")
    return verify(data, means)


def verify(data: bytes, means: Means) -> Told:
    """Answer one file by the signature, the claims in it and the list."""
    judged = judging.judge(data, means.trust)
    if judged.state != judging.SOUND:
        return Told(NOT_OURS, judged.state, judged)
    if judged.signed is not None and judged.signed > means.now:
        return Told(UNTOLD, "from-tomorrow", judged)
    if means.listed is not None and judged.fingerprint in means.listed.compromised:
        return Told(UNTOLD, "key-withdrawn", judged, since=means.listed.compromised[judged.fingerprint])
    code, facts = _named(data, means.trust)
    if not code:
        return Told(UNTOLD, "no-code", judged)
    if means.listed is None:
        return Told(UNTOLD, means.no_list, judged, facts, code)
    ended = means.listed.find(code)
    if ended is not None:
        answer = ended.state if ended.state in ("revoked", "superseded") else "revoked"
        return Told(ENDED, answer, judged, facts, code, ended.since)
    late = _lateness(means.listed, judged.signed, means.now)
    return Told(UNTOLD if late else GENUINE, late or "genuine", judged, facts, code)


def _lateness(listed: Listed, signed: datetime | None, now: datetime) -> str:
    """Why a list says nothing of a paper that it does not name; an empty text when it does."""
    if listed.next_at <= now:
        return "old-list"
    return "young-paper" if signed is not None and signed > listed.made_at else ""


def _named(data: bytes, trust: Trust) -> tuple[str, Claims | None]:
    """The one code that a sound paper links to, and its claims when they are signed for it."""
    try:
        links = reading.links_in(data)
    except Exception:
        return "", None
    if len({one.code for one in links}) != 1:
        return "", None
    for one in links:
        try:
            return one.code, claiming.check(one.claims, one.code, trust)
        except NotClaims:
            continue
    return links[0].code, None


def _as_text(file: Path, told: Told, means: Means, lang: str) -> str:
    lines = [f"{file}: {wording.say(told.answer, lang)}"]
    if told.since is not None:
        lines.append(f"  {wording.say('since', lang)}: {_moment(told.since)}")
    if told.facts is not None:
        lines += [f"  {wording.say(name, lang)}: {value}" for name, value in _facts(told.facts).items()]
    if told.judged is not None and told.judged.signer:
        lines.append(f"  {wording.say('signer', lang)}: {told.judged.signer}")
    if told.judged is not None and told.judged.reason:
        lines.append(f"  {wording.say('reason', lang)}: {told.judged.reason}")
    if means.listed is not None:
        age = wording.age(means.now - means.listed.made_at, lang)
        lines.append(f"  {wording.say('list', lang)}: {means.listed.serial}, {_moment(means.listed.made_at)} ({age})")
    return "\n".join(lines)


def _facts(facts: Claims) -> dict[str, str]:
    return {
        "number": facts.number, "issued": _moment(facts.issued_at), "office": facts.office,
        "items": facts.items or "…", "count": f"{facts.count} / {facts.total}", "net": f"{facts.net_kg:f}",
    }  # fmt: skip


def _as_json(file: Path, told: Told, means: Means) -> str:
    values: dict[str, Any] = {"file": str(file), "exit": told.exit_code, "answer": told.answer, "code": told.code}
    values["since"] = _moment(told.since) if told.since is not None else None
    values["signature"] = asdict(told.judged) if told.judged is not None else None
    values["facts"] = _facts(told.facts) if told.facts is not None else None
    values["list"] = {"serial": means.listed.serial, "made": _moment(means.listed.made_at)} if means.listed else None
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")


def _print(text: str) -> None:
    sys.stdout.buffer.write(f"{text}\n".encode())
    sys.stdout.buffer.flush()
