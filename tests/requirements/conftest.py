"""The edition that travels with the program, compiled once."""

import pytest

from app.requirements.compiling import CompiledEdition, packaged_edition


@pytest.fixture(scope="session")
def edition() -> CompiledEdition:
    """The packaged edition."""
    return packaged_edition()
