"""One try at the network, against receivers that behave and receivers that do not."""

from __future__ import annotations

import ipaddress
import shutil
import ssl
import time
from collections.abc import Iterator
from typing import Any

import pytest

from app.webhooks.addresses import Target, resolve
from app.webhooks.delivering import MOST_KEPT, Outcome, send
from tests.webhooks import receivers
from tests.webhooks.receivers import Authority, Receiver
from tests.webhooks.test_addresses import answering

pytestmark = pytest.mark.pure
LOOPBACK = (ipaddress.ip_address("127.0.0.1"),)
LOCATION = "http://127.0.0.1:1/inside"
BEHAVIOURS = {
    "/500": receivers.status(500, b"out of order"),
    "/302": receivers.status(302, b"", Location=LOCATION),
    "/301": receivers.status(301, b"", Location="/ok"),
    "/410": receivers.status(410, b"gone"),
    "/204": receivers.status(204),
    "/404": receivers.status(404),
    "/long": receivers.status(200, "ж".encode() * 5000),
    "/control": receivers.status(200, b"\x1b[31mred\x07 <script>alert(1)</script>\nnext"),
    "/bomb": receivers.bomb,
    "/flood": receivers.flood(10_000_000_000),
    "/hang": receivers.hang(30),
    "/drip": receivers.drip,
    "/drip-head": receivers.drip_head,
    "/garbage": receivers.garbage,
    "/slam": receivers.slam,
}


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receivers.receiving(BEHAVIOURS) as made:
        yield made


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not on this machine: no certificates for the tests")
    return receivers.authority(tmp_path_factory.mktemp("authority"))


def sent(receiver: Receiver, path: str, seconds: float = 5.0) -> Outcome:
    target = resolve(receiver.url(path), loopback=True)
    headers = {"Content-Type": "application/json", "webhook-id": "x", "Connection": "close"}
    return send(target, b'{"a":1}', headers, trust=ssl.create_default_context(), seconds=seconds)


def test_a_receiver_that_takes_it(receiver: Receiver) -> None:
    outcome = sent(receiver, "/ok?a=b")
    assert (outcome.status, outcome.error, outcome.text, outcome.delivered) == (200, "", "thank you", True)
    (got,) = receiver.of("/ok?a=b")
    assert got.body == b'{"a":1}'
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert "accept-encoding" not in got.headers
    assert sent(receiver, "/204").delivered


@pytest.mark.parametrize(("path", "code"), [("/500", 500), ("/404", 404), ("/302", 302), ("/301", 301), ("/410", 410)])
def test_whatever_is_not_2xx_is_not_delivered(receiver: Receiver, path: str, code: int) -> None:
    outcome = sent(receiver, path)
    assert (outcome.status, outcome.delivered, outcome.gone) == (code, False, code == 410)
    assert len(receiver.of(path)) == 1, "no redirect is followed"


def test_an_answer_is_kept_to_a_kilobyte_as_text(receiver: Receiver) -> None:
    assert sent(receiver, "/long").text == "ж" * (MOST_KEPT // 2)
    assert sent(receiver, "/control").text == " [31mred  <script>alert(1)</script>\nnext"


def test_a_packed_answer_is_not_unpacked(receiver: Receiver) -> None:
    outcome = sent(receiver, "/bomb")
    assert outcome.delivered
    assert len(outcome.text) <= MOST_KEPT
    assert "000000" not in outcome.text


def test_ten_gigabytes_are_left_with_who_sends_them(receiver: Receiver) -> None:
    began = time.monotonic()
    outcome = sent(receiver, "/flood")
    assert outcome.delivered
    assert outcome.text == "f" * MOST_KEPT
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("path", ["/hang", "/drip", "/drip-head"])
def test_there_is_one_deadline_for_everything(receiver: Receiver, path: str) -> None:
    began = time.monotonic()
    outcome = sent(receiver, path, seconds=0.3)
    assert (outcome.error, outcome.delivered) == ("timeout", False)
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("path", ["/garbage", "/slam"])
def test_what_is_no_answer_is_a_failure(receiver: Receiver, path: str) -> None:
    assert sent(receiver, path).error == "broken-off"


def test_nobody_there(receiver: Receiver) -> None:
    target = Target(False, "127.0.0.1", 1, "/", LOOPBACK)
    assert send(target, b"{}", {}, trust=ssl.create_default_context()).error == "connection"


def test_another_address_of_the_name_is_tried_where_the_first_does_not_answer(receiver: Receiver) -> None:
    both = (ipaddress.ip_address("127.0.0.77"), *LOOPBACK)
    target = Target(False, "127.0.0.1", receiver.port, "/second", both)
    assert send(target, b"{}", {}, trust=ssl.create_default_context()).delivered
    assert len(receiver.of("/second")) == 1


def test_proxies_of_the_machine_are_not_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert sent(receiver, "/direct").delivered


def test_the_certificate_must_be_for_the_name(ours: Authority) -> None:
    """Connected is to the checked address; Host, SNI and certificate are those of the name."""
    trust: Any = ours.trust()
    with receivers.receiving(certificate=ours.certificate("hooks.example.com")) as secure:
        good = Target(True, "hooks.example.com", secure.port, "/", LOOPBACK)
        assert send(good, b"{}", {}, trust=trust).delivered
        assert secure.received[0].headers["host"] == f"hooks.example.com:{secure.port}"
        other = Target(True, "other.example.com", secure.port, "/", LOOPBACK)
        assert send(other, b"{}", {}, trust=trust).error == "certificate"
        assert send(good, b"{}", {}, trust=ssl.create_default_context()).error == "certificate", "an unknown authority"
        assert len(secure.received) == 1


def test_a_receiver_without_tls_at_a_secure_address(receiver: Receiver) -> None:
    target = Target(True, "hooks.example.com", receiver.port, "/", LOOPBACK)
    assert send(target, b"{}", {}, trust=ssl.create_default_context(), seconds=3).error in ("certificate", "broken-off")


def test_a_slow_receiver_behind_tls_has_the_same_deadline(ours: Authority) -> None:
    behaviours = {"/drip": receivers.drip, "/hang": receivers.hang(30)}
    with receivers.receiving(behaviours, certificate=ours.certificate("slow.example.com")) as secure:
        for path in behaviours:
            target = Target(True, "slow.example.com", secure.port, path, LOOPBACK)
            began = time.monotonic()
            assert send(target, b"{}", {}, trust=ours.trust(), seconds=0.5).error == "timeout"
            assert time.monotonic() - began < 4


def test_only_what_was_resolved_is_connected_to(receiver: Receiver) -> None:
    """A name that answers with the receiver's address leads there, whatever the name's server says afterwards."""
    asked: list[str] = []

    def resolver(host: str, port: int, **more: Any) -> Any:
        asked.append(host)
        return answering("127.0.0.1" if len(asked) == 1 else "10.0.0.1")(host, port, **more)

    target = resolve(f"http://rebinding.example.com:{receiver.port}/once", loopback=True, resolver=resolver)
    assert send(target, b"{}", {}, trust=ssl.create_default_context()).delivered
    assert asked == ["rebinding.example.com"]
