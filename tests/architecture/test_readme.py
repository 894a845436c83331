"""The generated parts of README are what the code says now."""

from tests.architecture.readme import README, written


def test_generated_parts_are_current() -> None:
    """Rewrite them with ``python -m tests.architecture.readme``."""
    text = README.read_text(encoding="utf-8")
    assert written(text) == text
