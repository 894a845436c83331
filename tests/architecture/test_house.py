"""The house keeps its order: one commit, one clock, one reader of the environment, one writer of status, small files."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
SOURCES = sorted(APP.rglob("*.py"))
MOST_LINES = 400
MOST_FUNCTION_LINES = 40


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_imports_follow_the_order_of_the_rooms() -> None:
    """import-linter, exhaustive: a new room must be placed in the story before it can be imported."""
    found = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert found.returncode == 0, found.stdout[-4000:] + found.stderr[-1000:]


def test_only_create_app_imports_views() -> None:
    offenders = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path != APP / "__init__.py"
        and not path.stem.endswith("views")
        and re.search(
            r"^\s*(from app\.\w+ import (.*\W)?(\w+_)?views\b|from app\.\w+\.(\w+_)?views import|import app\.\w+\.(\w+_)?views\b)",
            path.read_text(),
            re.M,
        )
    ]
    assert offenders == []


def _calls(name: str) -> list[str]:
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                found.append(str(path.relative_to(ROOT)))
    return found


def test_commit_is_written_once() -> None:
    assert _calls("commit") == ["app/database.py"]


def test_only_the_clock_reads_the_clock() -> None:
    pattern = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")
    offenders = [str(p.relative_to(ROOT)) for p in SOURCES if p.name != "clock.py" and pattern.search(p.read_text())]
    assert offenders == []


def test_only_the_settings_read_the_environment() -> None:
    offenders = [str(p.relative_to(ROOT)) for p in SOURCES if re.search(r"os\.environ|os\.getenv", p.read_text())]
    assert offenders == []


def test_only_the_lifecycle_writes_a_status() -> None:
    offenders = []
    for path in SOURCES:
        if path == APP / "lifecycle.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AugAssign)
                else []
            )
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr in ("status", "_status"):
                    offenders.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert offenders == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_small(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= MOST_LINES
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1}"
        for node in _functions(ast.parse(text))
        if node.end_lineno and node.end_lineno - node.lineno + 1 > MOST_FUNCTION_LINES
    ]
    assert long == []


def test_capabilities_begin_with_a_docstring_and_nothing_else() -> None:
    for init in APP.glob("*/__init__.py"):
        body = ast.parse(init.read_text()).body
        assert len(body) == 1, init
        assert ast.get_docstring(ast.parse(init.read_text())), init


def test_no_vague_names() -> None:
    vague = {"service", "manager", "handler", "utils", "util", "helpers", "helper", "common", "base", "misc"}
    assert [p for p in SOURCES if set(re.split(r"[_.]", p.stem)) & vague] == []


def test_public_functions_say_what_they_do() -> None:
    silent = []
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        for node in tree.body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if named and not ast.get_docstring(node):
                silent.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert silent == []


PURE = (
    "clearance/facts.py", "clearance/numbering.py", "clearance/standing.py", "declarations/checking.py",
    "declarations/codec.py", "declarations/codec_reading.py", "declarations/comparing.py",
    "declarations/draft_edits.py", "declarations/editing.py", "declarations/facts.py", "declarations/package.py",
    "declarations/parsing.py", "declarations/schema.py", "declarations/structure.py", "declarations/turn.py",
    "declarations/wco.py", "documents/naming.py", "documents/opening.py", "intake/archive.py", "intake/container.py",
    "intake/enclosures.py", "intake/opening.py", "intake/verdicts.py",
    "notifications/audience.py", "requirements/deriving.py", "requirements/grammar.py", "requirements/matching.py",
    "requirements/questions.py", "requirements/satisfaction.py", "reviews/absence_words.py", "reviews/calendars.py",
    "reviews/clocks.py", "reviews/decision_words.py", "reviews/examining.py", "reviews/expecting.py",
    "reviews/extension_texts.py", "reviews/filtering.py", "reviews/forms.py", "reviews/grounds.py",
    "reviews/inspection_examining.py", "reviews/inspection_form.py", "reviews/inspection_texts.py",
    "reviews/laboratories.py", "reviews/question_examining.py", "reviews/question_words.py", "reviews/rings.py",
    "reviews/signs.py", "reviews/slots.py", "reviews/ticking.py", "reviews/timing.py", "reviews/worst.py",
)  # fmt: skip


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_know_no_database_no_flask_no_clock(name: str) -> None:
    imported = set()
    for node in ast.walk(ast.parse((APP / name).read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    forbidden = {
        m
        for m in imported
        if m.split(".")[0] in ("flask", "sqlalchemy", "flask_babel") or m in ("app.database", "app.clock", "app.web")
    }
    assert forbidden == set()


def test_nothing_committed_names_a_machine_or_a_registry_host() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    hosts = re.compile(r"pypi\.org/simple|files\.pythonhosted|registry\.npmjs|/root/|/home/\w+/")
    offenders = []
    for name in listed:
        file = ROOT / name
        if file.suffix in (".png", ".pdf", ".zip", ".jpg") or not file.is_file() or file == Path(__file__):
            continue
        if hosts.search(file.read_text(encoding="utf-8", errors="ignore")):
            offenders.append(name)
    assert offenders == []
