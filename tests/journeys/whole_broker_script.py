"""Two hundred packages of a broker's script, from XML to their clearances; too long for every day. ``make faults``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ENGINE
from tests.journeys import broker_script

COUNT = 200


@pytest.mark.timeout(1800)
def test_two_hundred_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = broker_script.run(ENGINE, COUNT, tmp_path, monkeypatch, patience=1500)
    print(f"\n{ENGINE}: {COUNT} packages filed, told of and fetched in {script.seconds:.0f} s")
    broker_script.judge(script, COUNT)
