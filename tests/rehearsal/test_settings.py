"""The settings of the second window: nothing of its own is the live one's."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.rehearsal.dispatching import for_rehearsal
from config import Settings

pytestmark = pytest.mark.pure
SECRET = "s" * 40


def settings(**more: object) -> Settings:
    return Settings(secret_key=SECRET, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("live", "named", "there"),
    [
        ("sqlite:////data/akno.db", "", "sqlite:////data/akno.rehearsal.db"),
        ("sqlite:////data.d/akno", "", "sqlite:////data.d/akno.rehearsal"),
        ("sqlite:////data/akno.db", "sqlite:////else/test.db", "sqlite:////else/test.db"),
        ("postgresql://akno@localhost/akno", "", ""),
        ("postgresql://akno@localhost/akno", "postgresql://akno@localhost/test", "postgresql://akno@localhost/test"),
    ],
)
def test_where_it_rehearses(live: str, named: str, there: str) -> None:
    assert settings(database_url=live, rehearsal_database_url=named).rehearses_at == there


def test_everything_a_package_could_touch_is_its_own() -> None:
    live = settings(
        database_url="sqlite:////data/akno.db", storage_dir=Path("/data/store"), mail_dir=Path("/data/mail")
    )
    test = live.for_rehearsal()
    assert test.rehearsal
    assert not live.rehearsal
    for name in ("database_url", "storage_dir", "mail_dir", "executor_id"):
        assert getattr(test, name) != getattr(live, name), name
    same = set(Settings.model_fields) - {"database_url", "storage_dir", "mail_dir", "executor_id", "rehearsal"}
    assert {name for name in same if getattr(test, name) != getattr(live, name)} == set()


@pytest.mark.parametrize("named", ["", "postgresql://akno@localhost/akno"])
def test_without_a_database_of_its_own_there_is_none(named: str) -> None:
    with pytest.raises(ValueError, match="AKNO_REHEARSAL_DATABASE_URL"):
        settings(database_url="postgresql://akno@localhost/akno", rehearsal_database_url=named).for_rehearsal()


@pytest.mark.parametrize(
    ("path", "authorization", "led"),
    [
        ("/api/v1/declarations", "Bearer akno_test_x", True),
        ("/api/openapi.json", "bearer  akno_test_x", True),
        ("/api/v1/declarations", "Bearer akno_live_x", False),
        ("/api/v1/declarations", "Bearer akno_0123456789_x", False),
        ("/api/v1/declarations", "Basic akno_test_x", False),
        ("/api/v1/declarations", "", False),
        ("/packages", "Bearer akno_test_x", False),
        ("/apiary", "Bearer akno_test_x", False),
    ],
)
def test_who_is_led_to_it(path: str, authorization: str, led: bool) -> None:
    assert for_rehearsal(path, authorization) is led
