"""``make parity N=1000``: generated packages through the installed checker and through the served POST /api/v1/check."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from config import INSTANCE
from tests.bench import places, serving
from tests.parity import generating, judging

ROAD = f"/api/v1/check?on={generating.ON.isoformat()}"


def main() -> int:
    """Generate, ask both, compare; the last line says how many differ."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--start", type=int, default=1, help="another start gives other packages")
    said = parser.parse_args()
    began = time.monotonic()
    packages = generating.generate(said.count, said.start)
    _say(began, f"{len(packages)} packages: {_counted([one.family.partition(' ')[0] for one in packages])}")
    with tempfile.TemporaryDirectory(prefix="akno-parity-") as name:
        told = judging.offline(judging.installed(Path(name)), packages, Path(name))
    _say(began, "offline: " + _counted([json.loads(line)["verdict"] for line in told]))
    found = _served(packages, told)
    for line in found:
        print(line)
    _say(began, "compared byte by byte" + (f"; kept in {INSTANCE / 'parity'}" if found else ""))
    print(f"parity: {len(packages)} packages, {len(found)} differences")
    return 1 if found or len(packages) < said.count else 0


def _served(packages: list[generating.Made], told: list[bytes]) -> list[str]:
    """Everybody comes from one address here: the limit of an address is for the others."""
    os.environ["AKNO_API_REQUESTS_PER_MINUTE_WITHOUT_KEY"] = "0"
    with places.opened("sqlite") as place, serving.served(place) as port:
        return judging.differences(
            packages, told, lambda body: serving.ask(port, "POST", ROAD, body), INSTANCE / "parity"
        )


def _counted(words: list[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in Counter(words).most_common())


def _say(began: float, words: str) -> None:
    print(f"{time.monotonic() - began:6.1f} s  {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
