"""The short form of ``make parity``, the wheel on its own, and filing against checking."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from app.database import Database, transaction
from app.declarations import codec
from app.declarations.rules.catalogue import not_asked
from app.intake import bundling, submission
from app.intake.opening import open_bytes
from app.intake.verdicts import as_bytes, verdict
from app.requirements.compiling import packaged_edition
from tests.parity import judging
from tests.parity.generating import ON, Made, generate

SHORT = 60
SAMPLES = Path(__file__).resolve().parents[1] / "samples"
OF_THE_LIBRARY = ("DOC-MISSING",)
"""What filing may say beyond the checker where no registry is asked: a document whose file is in nobody's library."""
OF_THE_LAW = {"QUESTION-UNANSWERED", "DOC-MISSING", "PROHIBITED"}


@pytest.fixture(scope="module")
def packages() -> list[Made]:
    return generate(SHORT, start=7)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return judging.installed(tmp_path_factory.mktemp("wheel"))


def test_the_installed_checker_and_the_served_one_say_the_same_bytes(
    app: Flask, packages: list[Made], environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = judging.offline(environment, packages, tmp_path)
    client = app.test_client()
    # One address asks sixty times in a second: the limit is another test's matter.
    monkeypatch.setattr("app.api.limiting.weigh", lambda *_told: None)

    def ask(body: bytes) -> tuple[int, bytes]:
        answer = client.post(f"/api/v1/check?on={ON.isoformat()}", data=body)
        return answer.status_code, answer.data

    assert judging.differences(packages, told, ask, tmp_path / "kept") == []
    assert len({re.search(rb'"verdict":"(\w+)"', line)[1] for line in told}) == 3  # type: ignore[index]


def test_the_checker_stands_alone_and_passes_its_own_test(environment: dict[str, str], tmp_path: Path) -> None:
    told = judging.run(environment, "--self-test", cwd=tmp_path)
    assert told.returncode == 0, told.stdout
    assert re.fullmatch(rb"self-test: 1\d\d fixtures, 0 differences\n", told.stdout)


def test_nothing_of_the_window_is_imported_and_no_line_is_opened(environment: dict[str, str], tmp_path: Path) -> None:
    script = tmp_path / "alone.py"
    script.write_text(
        "import sys\n"
        "def hear(event, told):\n"
        "    if event.startswith('socket.'): raise AssertionError(event)\n"
        "sys.addaudithook(hear)\n"
        "from akno_check.intake.checker import main\n"
        "code = main(sys.argv[1:])\n"
        "house = {'app', 'flask', 'flask_babel', 'sqlalchemy', 'click', 'pydantic', 'babel', 'jinja2'}\n"
        "assert not house & {name.partition('.')[0] for name in sys.modules}, sorted(sys.modules)\n"
        "sys.exit(code)\n"
    )
    words = [
        sys.executable,
        "-S",
        str(script),
        str(SAMPLES / "packages" / "bicycles.xml"),
        "--on",
        "2026-11-22",
    ]
    told = subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, timeout=60)
    assert told.returncode == 0, told.stderr
    assert b"clean" in told.stdout


def test_the_wheel_is_the_same_bytes_each_time_and_names_its_parts() -> None:
    first = bundling.bundle()
    bundling.bundle.cache_clear()
    bundling.fixtures.cache_clear()
    assert bundling.bundle().data == first.data
    with zipfile.ZipFile(BytesIO(first.data)) as wheel:
        names = wheel.namelist()
        for name in ("xsd/declaration/1.0/declaration.xsd", "requirements/data/requirements.csv", "CHANGELOG.md"):
            assert f"akno_check/{name}" in names
        assert not [name for name in names if name.endswith("_views.py") or "models" in name]
        record = wheel.read(f"akno_check-{first.version}.dist-info/RECORD").decode()
        assert {line.partition(",")[0] for line in record.splitlines()} == set(names)
        assert all(b"from app" not in wheel.read(name) for name in names if name.endswith(".py"))


@pytest.mark.pure
def test_each_fixture_breaks_the_rule_of_its_name() -> None:
    """What the law asks may come on top: an answer that is none leaves its question open."""
    edition, offline = packaged_edition(), set(not_asked())
    for path in sorted((SAMPLES / "faults").glob("*.xml")):
        told = verdict(path.read_bytes(), edition=edition, on=date.fromisoformat(bundling.FIXTURES_ON))
        expected = set() if path.stem in offline else {path.stem}
        found = {fault["code"] for fault in told["faults"]}
        assert expected <= found, path.stem
        assert found - expected <= OF_THE_LAW, path.stem


@pytest.mark.pure
def test_the_changelog_begins_with_the_edition_and_schemas_in_force() -> None:
    """Whoever changes the code lists or the schemas writes an entry and raises the version of the offline checker."""
    newest = bundling.changelog().split("\n## ")[1]
    told = verdict(b"", edition=packaged_edition(), on=ON)
    assert told["edition"][:12] in newest
    assert told["schema"][:12] in newest


def test_filing_says_what_the_checker_says_where_no_registry_is_asked(
    app: Flask, database: Database, packages: list[Made]
) -> None:
    """The same package judged at the door, in process: every rule that needs no database finds the very same faults."""
    from app.cli.founding import actor

    judged = 0
    registry = {*not_asked(), "MANDATE-NEEDED", *OF_THE_LIBRARY}
    for one in packages:
        opened = open_bytes(one.data)
        if opened.tree is None or opened.more:
            continue
        with app.app_context(), transaction(database):
            door = submission.judge(codec.to_package(opened.tree), by=actor("vera"), tree=opened.tree)
            on, edition = submission.filing_day(None), door.edition
        told = verdict(one.data, edition=edition, on=on)
        ours = [fault for fault in told["faults"] if fault["kind"] not in ("schema", "container")]
        filed = [fault.as_dict() for fault in door.faults if fault.code not in registry]
        assert [fault for fault in ours if fault["code"] not in registry] == filed[: len(ours)]
        assert {fault["code"] for fault in ours} <= {fault.code for fault in door.faults}
        judged += 1
    assert judged > SHORT // 2
    assert as_bytes({"a": "ў"}) == '{"a":"ў"}\n'.encode()
