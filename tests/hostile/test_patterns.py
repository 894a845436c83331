"""S-REDOS: every regular expression of the window, found in its code, at the worst that 50 KB of text can do to it."""

from __future__ import annotations

import ast
import itertools
import re
import time
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from app.risk.facts import PARAMETERS
from app.risk.vocabulary import PATTERNS
from config import ROOT

pytestmark = pytest.mark.pure
SIZE = 50_000
BUDGET = 0.1
"""Seconds of processor for one text, as trust.md asks; a test that is late on a busy machine is asked three times."""
CALLS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
OTHERS = ("a", "0", " ", "\n", "-", ".", "<", "é", "Ж")
ENDS = ("", "!", "\0")


def written() -> Iterator[tuple[str, str, bool]]:
    """Where a pattern stands, the pattern, and whether it is looked for anywhere in a text (not only from its beginning), for
    every call of ``re`` in the code; what is put together is taken apart."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        known: dict[str, str] = {}
        tree = ast.parse(path.read_text("utf-8"))
        used = _uses(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                known[name] = _text(node.value, known) or known.get(name, "")
                if _is_call(node.value):
                    searched = bool(used.get(name, {"search"}) - {"match", "fullmatch", "pattern"})
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", _text(node.value.args[0], known), searched  # type: ignore[attr-defined]
            elif _is_call(node) and node.func.attr != "compile":  # type: ignore[attr-defined]
                searched = node.func.attr not in ("match", "fullmatch")  # type: ignore[attr-defined]
                yield f"{path.relative_to(ROOT)}:{node.lineno}", _text(node.args[0], known), searched  # type: ignore[attr-defined]


def _uses(tree: ast.AST) -> dict[str, set[str]]:
    """What is asked of each name of a file: ``NAME.match`` and the like."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.setdefault(node.value.id, set()).add(node.attr)
    return found


def _is_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in CALLS
    )


def _text(node: ast.AST, known: dict[str, str]) -> str:
    """The words of a constant, of constants put together, of a template whose holes are known; "" where nothing is known."""
    if isinstance(node, ast.Constant):
        found = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
        return found if isinstance(found, str) else ""
    if isinstance(node, ast.Name):
        return known.get(node.id, "")
    if isinstance(node, ast.BinOp):
        return _text(node.left, known) + _text(node.right, known)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, known) or "x" for part in node.values)
    return _text(node.value, known) if isinstance(node, ast.FormattedValue) else ""


def pumps(pattern: re.Pattern[str]) -> set[str]:
    """Signs and pairs of signs that stand in a pattern or match what is repeated in it."""
    there = sorted({sign for sign in pattern.pattern if sign.isalnum() or sign in " .,:/-_<>\"'=;&%#"})[:8]
    signs = {*there, *OTHERS}
    return signs | {first + second for first, second in itertools.product(sorted(there)[:4], ("a", "0", " ", "-"))}


def slowest(pattern: re.Pattern[str], searched: bool) -> tuple[float, str]:
    """How long the first text takes that takes too long, or the slowest of all, and what it is made of.

    What is long already at a tenth of the size is not tried at the whole: a quadratic pattern would take minutes.
    """
    found = (0.0, "")
    for size, most in ((SIZE // 10, BUDGET / 10), (SIZE, BUDGET)):
        for pump, end in itertools.product(sorted(pumps(pattern)), ENDS):
            text = (pump * size)[:size] + end
            took = _took(pattern, text, searched)
            if took > most:
                took = min(took, _took(pattern, text, searched), _took(pattern, text, searched))
            if took > most:
                return took / most * BUDGET, pump
            found = max(found, (took, pump))
    return found


def _took(pattern: re.Pattern[str], text: str, searched: bool) -> float:
    begun = time.process_time()
    pattern.fullmatch(text)
    pattern.match(text)
    if searched:
        pattern.search(text)
    return time.process_time() - begun


FOUND = {text: (where, searched) for where, text, searched in written() if text}
FOUND |= {one.pattern: ("app/risk/facts.py:PARAMETERS", False) for one in PARAMETERS.values()}
FOUND |= {text: ("app/risk/vocabulary.py:PATTERNS", False) for text in PATTERNS.values()}


def test_the_patterns_of_the_code_are_found() -> None:
    """Also those that are written elsewhere: the filters of the queue hand theirs to one helper, where each is a constant."""
    assert len(FOUND) > 40
    unknown = {where.split(":")[0] for where, text, _searched in written() if not text}
    assert unknown <= {
        "app/reviews/filtering.py", "app/risk/facts.py", "app/risk/indicator_form.py", "app/risk/vocabulary.py",
    }, "their patterns are constants that are looked at by name below"  # fmt: skip


@pytest.mark.parametrize("text", FOUND, ids=[where for where, _searched in FOUND.values()])
def test_no_text_keeps_a_pattern_busy(text: str) -> None:
    where, searched = FOUND[text]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pattern: Any = re.compile(text)
    took, pump = slowest(pattern, searched)
    assert took <= BUDGET, (where, text, pump, took)


def test_a_bad_pattern_is_seen() -> None:
    """The judge itself: what is known to be quadratic is found to be."""
    assert slowest(re.compile(r"\s+$"), True)[0] > BUDGET
    assert slowest(re.compile(r"\d+\.?\d*"), False)[0] > BUDGET
