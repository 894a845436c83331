"""``make bench``: one run, a few minutes; figures side by side with their floor, then where the time of a filing goes."""

from __future__ import annotations

import statistics
import time

from tests.bench import (
    anomalies,
    checking,
    filing,
    floor,
    pages,
    papers,
    places,
    risk,
    sealing,
    seeding,
    serving,
    stages,
)  # fmt: skip
from tests.bench.figures import Figures
from tests.bench.places import Place

GOAL = 146.0
"""Filings a second on PostgreSQL: the goal of the scale issue."""
ROUNDS = 3
CONNECTIONS = {1: 40, 8: 120, 32: 160}
"""Requests of one round by connections open at once."""

_began = time.monotonic()


def main() -> None:
    """Measure each engine that is there, print, and write instance/bench.json."""
    figures, spent = Figures(), {}
    for engine in places.engines():
        with places.opened(engine) as place:
            spent[engine] = _filings(place, figures)
        with places.opened(engine) as place:
            _pages(place, figures)
    with places.opened("sqlite") as place:
        _anomalies(place, figures)
    _scoring(figures)
    engines = places.engines()
    print("\n" + figures.table(engines))
    _where(spent)
    _distances(figures, engines)
    print(f"written: {figures.write()} after {time.monotonic() - _began:.0f} s")


def _say(engine: str, words: str) -> None:
    print(f"{time.monotonic() - _began:6.1f} s  {engine:10}  {words}", flush=True)


def _filings(place: Place, figures: Figures) -> dict[str, dict[str, float]]:
    _say(place.engine, "the window is prepared")
    with serving.served(place) as port:
        _submit(place, port, figures)
        _sealing(place, port, figures)
    with checking.without_limit(), serving.served(place) as port:
        _check(place, port, figures)
    spent = {name: _stages(place, name, figures) for name in place.models}
    _paper(place, figures)
    return spent


def _submit(place: Place, port: int, figures: Figures) -> None:
    """Rounds of filing at each width with the floor between them, so that a noisy minute falls on both."""
    engine = place.engine
    filing.file_many(place, port, "bicycles", count=16, connections=2)
    pattern = floor.taken_from(place, "bicycles")
    loads: dict[int, list[serving.Load]] = {width: [] for width in CONNECTIONS}
    floors: list[float] = []
    for turn in range(ROUNDS):
        for width, count in CONNECTIONS.items():
            loads[width].append(filing.file_many(place, port, "bicycles", count=count, connections=width))
        floors.append(pattern.rate(600))
        rates = "  ".join(f"c={width} {found[-1].rate:.0f}/s" for width, found in loads.items())
        _say(engine, f"filing, round {turn + 1} of {ROUNDS}: {rates}  floor {floors[-1]:.0f}/s")
    _keep_submit(figures, engine, loads, floors)
    wide = filing.file_many(place, port, "mixed", count=120, connections=8)
    figures.add("submit_mixed_rate", wide.rate, "1/s", engine, "four agencies, six certificates, 17 KB, c=8")
    figures.add("submit_mixed_p95", wide.quantile(0.95), "ms", engine, "c=8")
    _say(engine, f"filing, four agencies and certificates: {wide.rate:.0f}/s")


def _sealing(place: Place, port: int, figures: Figures) -> None:
    slower, spent = sealing.beside(place, port, pairs=8)
    figures.add("sealing_adds", slower, "%", place.engine, "filing at c=8, sealed meanwhile over held, median of pairs")
    figures.add("sealing_cpu", spent, "ms", place.engine, "processor of sealing for one filing, checkpoints included")
    _say(place.engine, f"sealing beside: {slower:+.1f} % to a filing, {spent:.2f} ms CPU")


def _check(place: Place, port: int, figures: Figures) -> None:
    """Checking at each width with its floor between, and beside a file of forty thousand faults."""
    engine, body = place.engine, place.models["bicycles"].copy("CHECK")
    checking.check_many(port, body, count=40, connections=2)
    rates: dict[int, list[float]] = {width: [] for width in CONNECTIONS}
    floors: list[float] = []
    for turn in range(ROUNDS):
        for width, found in rates.items():
            found.append(checking.check_many(port, body, count=2_000, connections=width).rate)
        floors.append(checking.floor(body, 40_000))
        told = "  ".join(f"c={width} {found[-1]:.0f}/s" for width, found in rates.items())
        _say(engine, f"checking, round {turn + 1} of {ROUNDS}: {told}  floor {floors[-1]:.0f}/s")
    floored = statistics.median(floors)
    figures.add("check_floor", floored, "1/s", engine, "lxml parse + validate alone, two processes")
    for width, found in rates.items():
        rate = statistics.median(found)
        figures.add(
            f"check_rate_c{width}", rate, "1/s", engine, "POST /check, 10 KB, two sync workers, median of rounds"
        )
        figures.add(f"check_to_floor_c{width}", rate / floored, "ratio", engine, "of the raw floor")
    spans, others = checking.flooded(place, port)
    figures.add("check_flood", max(spans), "ms", engine, "40 000 faults, 3 MB, while two others check; the slowest")
    figures.add("check_flood_others_p99", others.quantile(0.99), "ms", engine, "the others, meanwhile")
    _say(engine, f"40 000 faults: {max(spans):.0f} ms; others' p99 {others.quantile(0.99):.0f} ms")


def _keep_submit(figures: Figures, engine: str, loads: dict[int, list[serving.Load]], floors: list[float]) -> None:
    rates = {width: statistics.median(one.rate for one in found) for width, found in loads.items()}
    p95 = {width: statistics.median(one.quantile(0.95) for one in found) for width, found in loads.items()}
    floored = statistics.median(floors)
    best = max(rates.values())
    figures.add("submit_p95", p95[1], "ms", engine, "5 items, 10 KB, POST with a key, c=1, median of rounds")
    figures.add("submit_p50", statistics.median(one.quantile(0.5) for one in loads[1]), "ms", engine, "c=1")
    figures.add("submit_p95_c8", p95[8], "ms", engine, "c=8")
    figures.add("submit_p95_c32", p95[32], "ms", engine, "c=32")
    figures.add("submit_rate", best, "1/s", engine, "best of c=1, 8, 32 (medians); two sync workers")
    for width, rate in rates.items():
        figures.add(f"submit_rate_c{width}", rate, "1/s", engine, "median of rounds")
    figures.add("floor_rate", floored, "1/s", engine, "lxml parse + validate + same rows by the driver, two processes")
    figures.add("submit_to_floor", best / floored, "ratio", engine, "0.5 is the aim")


def _stages(place: Place, name: str, figures: Figures) -> dict[str, float]:
    medians, statements = stages.look_at(place, name, times=60)
    called = "sql_per_submit" if name == "bicycles" else f"sql_per_submit_{name}"
    figures.add(called, statements, "count", place.engine, "statements at the driver, BEGIN and COMMIT left out")
    _say(place.engine, f"one filing of {name} in process: {sum(medians.values()):.1f} ms, {statements} statements")
    return medians


def _paper(place: Place, figures: Figures) -> None:
    spans = pages.drawn(place, times=20)
    figures.add("pdf_p95", spans[int(len(spans) * 0.95)], "ms", place.engine, "drawn warm, four agencies")
    whole, cpu = papers.signed(place, times=12)
    figures.add(
        "paper_p95", whole[int(len(whole) * 0.95)], "ms", place.engine, "all steps of the job, warm: drawn and signed"
    )
    figures.add("paper_cpu", cpu, "ms", place.engine, "processor of one signed paper, the child that draws included")
    ready = papers.waited_for(place, times=12)
    figures.add("paper_ready_p95", ready[int(len(ready) * 0.95)], "ms", place.engine, "release to issued, at a worker")
    _say(
        place.engine,
        f"the paper: drawn {spans[len(spans) // 2]:.0f} ms, signed {whole[len(whole) // 2]:.0f} ms, {cpu:.0f} ms CPU",
    )


def _pages(place: Place, figures: Figures) -> None:
    """On a window of its own, with nothing in it but what is asked for."""
    one = stages.filer(place, "mixed")
    for _ in range(12):
        one()
    with serving.served(place) as port:
        who = pages.officer(place, port)
        cases = pages.case(who, rounds=10)
        figures.add("case_p95", cases.quantile(0.95), "ms", place.engine, "customs, packages of five goods items")
        _queues(place, who, figures)


def _scoring(figures: Figures) -> None:
    """Indicators against a package: pure, so of no engine's doing."""
    for name, (value, unit) in risk.figures().items():
        figures.add(name, value, unit, "sqlite", "pure, one core")


def _anomalies(place: Place, figures: Figures) -> None:
    """Planted ones among many; one engine is enough, for the judgement knows none."""
    found = anomalies.run(place.database, packages=200_000, planted=200)
    figures.add("precision_at_200", found.precision, "ratio", place.engine, anomalies.told(found))
    figures.add("anomalies_rate", found.rate, "1/s", place.engine, "packages counted and judged, one process")
    _say(place.engine, f"precision_at_200 {found.precision:.3f}: {anomalies.told(found)}; {found.rate:.0f} packages/s")


def _queues(place: Place, who: pages.Walker, figures: Figures) -> None:
    p95: dict[str, float] = {}
    for name, wanted in (("1k", 1_000), ("10k", 10_000), ("100k", 100_000)):
        there = seeding.seed(place, wanted)
        p95[name] = _queue(place, who, figures, name, there)
    _filters(place, who, figures)
    p95["1m"] = _queue(place, who, figures, "1m", seeding.grow(place, 9))
    figures.add(
        "queue_1m_over_10k", p95["1m"] / p95["10k"], "ratio", place.engine, "p95 of the queue's first eight pages"
    )


def _queue(place: Place, who: pages.Walker, figures: Figures, name: str, there: int) -> float:
    load = pages.queue(who, rounds=16)
    p95 = load.quantile(0.95)
    figures.add(f"queue_p95_{name}", p95, "ms", place.engine, f"{there} reviews, first eight pages")
    figures.add(f"queue_p50_{name}", load.quantile(0.5), "ms", place.engine, f"{there} reviews")
    _say(place.engine, f"queue at {there}: p95 {p95:.1f} ms")
    return p95


def _filters(place: Place, who: pages.Walker, figures: Figures) -> None:
    loads = pages.filtered(who, place, rounds=40)
    slowest = max(loads, key=lambda query: loads[query].quantile(0.95))
    p95 = loads[slowest].quantile(0.95)
    figures.add("queue_filters", p95, "ms", place.engine, f"p95 of the slowest of {len(loads)} filters: {slowest}")
    _say(place.engine, f"{len(loads)} filters at 100k: slowest p95 {p95:.1f} ms ({slowest})")


def _where(spent: dict[str, dict[str, dict[str, float]]]) -> None:
    print("\nWhere the time of one filing goes (in process, own milliseconds, medians):")
    for engine, models in spent.items():
        for name, found in models.items():
            total = sum(found.values())
            parts = "  ".join(f"{stage} {span:.2f}" for stage, span in found.items())
            print(f"  {engine} {name}: {total:.1f} = {parts}")


def _distances(figures: Figures, engines: list[str]) -> None:
    print()
    for engine in engines:
        share = figures.of("submit_to_floor", engine) or 0.0
        print(f"{engine}: submit stands at {share:.0%} of the floor; half of it would be {share / 0.5:.0%} reached")
    rate = figures.of("submit_rate", "postgresql")
    if rate is not None:
        print(f"postgresql: {rate:.0f}/s of the {GOAL:.0f}/s that the scale issue wants ({rate / GOAL:.0%})")


if __name__ == "__main__":
    main()
