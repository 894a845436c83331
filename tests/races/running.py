"""Running the races of one engine, in a process of its own: prepare some, run and judge each, tell every wrong."""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter

from tests.races import amend, approvers, officers
from tests.races.field import Field, Kind, opened
from tests.races.history import inconsistent

KINDS: tuple[Kind, ...] = (approvers, officers, amend)
BATCH = 30
"""Packages that are filed in one go before they are raced for."""
SAID_EVERY = 100


def run(engine: str, rounds: int, workers: int) -> list[int]:
    """Run every kind on one engine, served by so many processes; returns how many rounds of each went wrong."""
    # Whoever ends this process early leaves no server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    with opened(engine, workers=workers) as ground:
        return [_race(ground, engine, kind, rounds) for kind in KINDS]


def _race(ground: Field, engine: str, kind: Kind, rounds: int) -> int:
    began, wrong, outcomes = time.monotonic(), 0, Counter[str]()
    for start in range(0, rounds, BATCH):
        ground.sign_in_again()
        for one in kind.prepare(ground, range(start, min(start + BATCH, rounds))):
            struck = kind.strike(ground, one)
            history = ground.history(one)
            wrongs = [*kind.judge(struck, history), *inconsistent(history)]
            outcomes[f"{one.plan}: {struck.outcome}"] += 1
            if wrongs:
                wrong += 1
                answers = {who: answer.status for who, answer in struck.answers.items()}
                _say(engine, kind, f"round {one.serial} ({one.plan}) package {one.package}: {'; '.join(wrongs)}")
                _say(engine, kind, f"  answers {answers}; {history.in_short()}")
        done = min(start + BATCH, rounds)
        if done % SAID_EVERY < BATCH and done > SAID_EVERY:
            _say(engine, kind, f"{done} rounds, {wrong} wrong, {time.monotonic() - began:.0f} s")
    for outcome, times in sorted(outcomes.items()):
        _say(engine, kind, f"{times:5}  {outcome}")
    busy = f"; too busy (503), pressed again: {ground.busy.total()} times" if ground.busy else ""
    _say(engine, kind, f"{rounds} rounds in {time.monotonic() - began:.0f} s, {wrong} wrong{busy}")
    ground.busy.clear()
    return wrong


def _say(engine: str, kind: Kind, words: str) -> None:
    print(f"{engine:10}  {kind.NAME:9}  {words}", flush=True)
