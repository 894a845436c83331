"""The sample code of the developer pages: it takes what we sign and refuses what somebody bent (trust.md S-WEBHOOK)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.webhooks import signing
from config import ROOT
from tests.postgresql import free_port

pytestmark = pytest.mark.pure
FOLDER = ROOT / "static" / "developers"
SECRET = signing.secret_of(b"a key of the window", uuid.UUID(int=1), 1)
OLDER = signing.secret_of(b"a key of the window", uuid.UUID(int=1), 0)
BODY = '{"type":"declaration.released","data":{"number":"Ж-1"}}'.encode()


def headers(
    *, body: bytes = BODY, message_id: str = "0193-a", ago: int = 0, secrets: tuple[bytes, ...] = (SECRET,)
) -> dict[str, str]:
    """The headers of a message as the window signs it."""
    timestamp = int(time.time()) - ago
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signing.signature(secrets, message_id, timestamp, body),
    }


Case = tuple[str, Callable[[], dict[str, str]], bytes, bool]
# Signed when the test runs: a whole suite may take longer than a message is good.
CASES: list[Case] = [
    ("as it is", lambda: headers(), BODY, True),
    ("four minutes old", lambda: headers(ago=240), BODY, True),
    ("two secrets, the newer first", lambda: headers(secrets=(OLDER, SECRET)), BODY, True),
    ("two secrets, the older first", lambda: headers(secrets=(SECRET, OLDER)), BODY, True),
    ("wrong secret", lambda: headers(secrets=(OLDER,)), BODY, False),
    ("six minutes old", lambda: headers(ago=360), BODY, False),
    ("six minutes early", lambda: headers(ago=-360), BODY, False),
    ("a blank more at the end", lambda: headers(), BODY + b" ", False),
    ("a blank more in the middle", lambda: headers(), BODY.replace(b":", b": ", 1), False),
    ("a dot in the id", lambda: headers(message_id="0193.a"), BODY, False),
    ("another id", lambda: headers() | {"webhook-id": "0193-b"}, BODY, False),
    ("another time", lambda: headers() | {"webhook-timestamp": str(int(time.time()) + 1)}, BODY, False),
    ("time that is no number", lambda: headers() | {"webhook-timestamp": "now"}, BODY, False),
    ("no signature", lambda: headers() | {"webhook-signature": ""}, BODY, False),
    (
        "no scheme",
        lambda: {**headers(), "webhook-signature": headers()["webhook-signature"].partition(",")[2]},
        BODY,
        False,
    ),
    ("no id", lambda: headers() | {"webhook-id": ""}, BODY, False),
]
NAMES = [case[0] for case in CASES]


@pytest.fixture(scope="module")
def sample() -> Any:
    """The Python sample, imported as it is."""
    spec = importlib.util.spec_from_file_location("receiver_sample", FOLDER / "receiver.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_python_takes_what_is_ours_and_refuses_the_rest(sample: Any, case: Case) -> None:
    _name, signed, body, good = case
    given = signed()
    if good:
        assert sample.verify(signing.shown(SECRET), given, body) == given["webhook-id"]
    else:
        with pytest.raises(sample.Refused):
            sample.verify(signing.shown(SECRET), given, body)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not on this machine")
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_openssl_takes_what_is_ours_and_refuses_the_rest(case: Case, tmp_path: Path) -> None:
    _name, signed, body, good = case
    given = signed()
    file = tmp_path / "body"
    file.write_bytes(body)
    words = ["sh", str(FOLDER / "verify.sh"), signing.shown(SECRET), *given.values(), str(file)]
    done = subprocess.run(words, capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == (("good", 0) if good else ("refused", 1)), done.stderr


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[int, Path]]:
    """The sample as a reader would start it."""
    port = free_port()
    environment = os.environ | {"AKNO_WEBHOOK_SECRET": signing.shown(SECRET)}
    words = [sys.executable, str(FOLDER / "receiver.py"), str(port)]
    process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield port, process  # type: ignore[misc]
    finally:
        process.terminate()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


def post(port: int, body: bytes, given: dict[str, str]) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", data=body, headers=given)
    for _ in range(100):
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError("the sample does not answer")


def test_the_sample_answers_and_does_what_is_sent_twice_once(served: Any) -> None:
    port, process = served
    first = headers(message_id="once")
    assert [post(port, BODY, first) for _ in range(3)] == [200, 200, 200]
    assert post(port, BODY, headers(message_id="bad", ago=360)) == 400
    assert post(port, BODY, headers(message_id="twice")) == 200
    lines = [process.stdout.readline().decode().strip() for _ in range(2)]
    assert lines == ["declaration.released Ж-1"] * 2, "the replayed id is answered and not done again"


def test_secrets_are_what_the_standard_asks_for() -> None:
    shown = signing.shown(SECRET)
    assert shown.startswith("whsec_")
    assert 24 <= len(base64.b64decode(shown.removeprefix("whsec_"))) <= 64
    made = {signing.secret_of(b"k", uuid.UUID(int=one), two) for one in range(5) for two in range(5)}
    assert len(made) == 25
    assert signing.secret_of(b"other", uuid.UUID(int=1), 1) != SECRET


def test_the_signature_is_that_of_the_standard() -> None:
    """Signed is id, timestamp and body with dots between them; the signature is base64 of HMAC-SHA256."""
    expected = base64.b64encode(hmac.new(SECRET, b"msg_1.1700000000.{}", hashlib.sha256).digest()).decode()
    assert signing.signature([SECRET], "msg_1", 1700000000, b"{}") == f"v1,{expected}"
    assert len(signing.signature([SECRET, OLDER], "msg_1", 1700000000, b"{}").split()) == 2
