"""A broker's script files packages from XML, follows its webhook and downloads the clearances (two hundred: make faults)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ENGINE
from tests.journeys import broker_script

COUNT = 6


@pytest.mark.timeout(400)
def test_a_script_files_follows_and_downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = broker_script.run(ENGINE, COUNT, tmp_path, monkeypatch, patience=240)
    broker_script.judge(script, COUNT)
