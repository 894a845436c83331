"""S-SECRETS and R9: a window that strangers can reach does not start with what is only good for a desk."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from app.cli import soundness
from app.cli.soundness import examine
from config import ROOT, Settings

pytestmark = pytest.mark.pure
SECRET = "0123456789abcdefghijklmnopqrstuvwxyz"
PUBLIC = {
    "base_url": "https://akno.example",
    "trusted_hosts": ("akno.example",),
    "secure_cookies": True,
    "mail": "smtp",
    "smtp_url": "smtps://window:x@mail.akno.example",
    "scanner": "clamd",
    "signing_key_file": Path("/run/secrets/signing.pem"),
}
LOCAL_DISK = "/dev/sda1 / ext4 rw 0 0\n"


def settings(**more: object) -> Settings:
    return Settings(**({"secret_key": SECRET} | more))  # type: ignore[arg-type]


def refused(**more: object) -> set[str]:
    found = examine(settings(**(PUBLIC | more)), mounts=LOCAL_DISK)
    return {one.setting for one in found if one.level == "refused"}


def test_a_window_as_it_should_be() -> None:
    assert examine(settings(**PUBLIC), mounts=LOCAL_DISK) == ()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"secret_key": "a" * 64}, "AKNO_SECRET_KEY"),
        ({"base_url": "http://akno.example"}, "AKNO_BASE_URL"),
        ({"secure_cookies": False}, "AKNO_SECURE_COOKIES"),
        ({"trusted_hosts": ("other.example",)}, "AKNO_TRUSTED_HOSTS"),
        ({"trusted_hosts": ("akno.example", ".example")}, "AKNO_TRUSTED_HOSTS"),
        ({"demonstration": True}, "AKNO_DEMONSTRATION"),
        ({"webhook_allow_loopback": True}, "AKNO_WEBHOOK_ALLOW_LOOPBACK"),
        ({"argon2_memory_kib": 64}, "AKNO_ARGON2_MEMORY_KIB"),
        ({"scanner": "none"}, "AKNO_SCANNER"),
        ({"signing_key_file": None}, "AKNO_SIGNING_KEY_FILE"),
        ({"api_requests_per_minute": 0}, "AKNO_API_REQUESTS_PER_MINUTE"),
        ({"mail": "file"}, "AKNO_MAIL"),
        ({"smtp_url": "smtp://mail.akno.example"}, "AKNO_SMTP_URL"),
        ({"database_url": "postgresql+psycopg://akno@db.example/akno"}, "AKNO_DATABASE_URL"),
        ({"database_url": "postgresql+psycopg://akno@db.example/akno?sslmode=require"}, "AKNO_DATABASE_URL"),
    ],
)
def test_each_setting_that_would_hurt_strangers_is_refused(changed: dict[str, object], named: str) -> None:
    assert refused(**changed) == {named}


def test_on_a_desk_the_same_is_a_warning_but_a_weak_secret_and_a_debugger_are_not() -> None:
    found = examine(settings(secret_key="z" * 40, demonstration=True), debug=True, mounts=LOCAL_DISK)
    assert {one.setting for one in found if one.level == "refused"} == {"AKNO_SECRET_KEY", "FLASK_DEBUG"}
    assert "AKNO_DEMONSTRATION" in {one.setting for one in found if one.level == "warned"}


@pytest.mark.parametrize(("mode", "named"), [(0o600, set()), (0o640, set()), (0o644, {"AKNO_SECRET_KEY_FILE"})])
def test_a_secret_that_anybody_can_read_is_refused(tmp_path: Path, mode: int, named: set[str]) -> None:
    file = tmp_path / "secret_key"
    file.write_text(SECRET)
    file.chmod(mode)
    assert refused(secret_key="", secret_key_file=file) == named


def test_a_database_on_a_network_drive_is_refused() -> None:
    mounts = f"{LOCAL_DISK}server:/data /data nfs4 rw 0 0\n/dev/sdb1 /data/fast ext4 rw 0 0\n"
    assert soundness.drive_of(Path("/data/akno.db"), mounts) == "nfs4"
    assert soundness.drive_of(Path("/data/fast/akno.db"), mounts) == "ext4"
    assert soundness.drive_of(Path("/database/akno.db"), mounts) == "ext4"
    found = examine(settings(**PUBLIC, database_url="sqlite:////data/akno.db"), mounts=mounts)
    assert [(one.level, one.setting) for one in found] == [("refused", "AKNO_DATABASE_URL")]


def test_the_web_process_does_not_start(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="does not start: 1"):
        soundness.refuse_unsound(settings(**(PUBLIC | {"secure_cookies": False})))
    assert "AKNO_SECURE_COOKIES" in capsys.readouterr().err


def test_the_door_for_gunicorn_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKNO_SECRET_KEY", "z" * 40)
    with pytest.raises(SystemExit, match="does not start"):
        runpy.run_path(str(ROOT / "wsgi.py"))
