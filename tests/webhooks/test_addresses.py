"""Where a webhook may lead (trust.md S-SSRF-WH): every row of the table, and names whose answers lie."""

from __future__ import annotations

import ipaddress
import socket
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.webhooks import addresses
from app.webhooks.addresses import Refused, examine, is_public, resolve
from app.webhooks.wording import WORDS

pytestmark = pytest.mark.pure
PUBLIC = "93.184.216.34"


def answering(*texts: str) -> Any:
    """A resolver that gives these addresses."""

    def resolver(host: str, port: int, **_more: Any) -> list[Any]:
        family = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [
            (family[ipaddress.ip_address(text.partition("%")[0]).version], socket.SOCK_STREAM, 6, "", (text, port))
            for text in texts
        ]

    return resolver


INSIDE = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
    "198.18.0.1", "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "168.63.129.16",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:93.184.216.34", "::ffff:0:127.0.0.1",
    "64:ff9b::169.254.169.254", "64:ff9b::5db8:d822", "64:ff9b:1::1", "2002:7f00:1::", "2002:5db8:d822::1",
    "2001::1", "2001:20::1", "2001:db8::1", "3fff::1", "fc00::1", "fd00::1", "fe80::1", "fec0::1", "ff02::1", "100::1",
    "5f00::1",
]  # fmt: skip
OUTSIDE = [
    PUBLIC,
    "8.8.8.8",
    "172.15.0.1",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "2606:4700:4700::1111",
    "2a00::1",
]


@pytest.mark.parametrize("text", INSIDE)
def test_an_inside_address_is_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))
    with pytest.raises(Refused) as refused:
        resolve("https://hooks.example.com/x", resolver=answering(text))
    assert refused.value.code == "URL-INSIDE"


@pytest.mark.parametrize("text", OUTSIDE)
def test_an_outside_address_is(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))
    target = resolve("https://hooks.example.com/x?y=1", resolver=answering(text))
    assert [str(one) for one in target.addresses] == [text]
    assert (target.host, target.port, target.path, target.host_header) == (
        "hooks.example.com", 443, "/x?y=1", "hooks.example.com",
    )  # fmt: skip


@given(st.ip_addresses())
def test_nothing_is_public_that_the_library_calls_private(address: Any) -> None:
    if not address.is_global or address.is_multicast or address.is_loopback or address.is_link_local:
        assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_no_address_with_another_one_inside_is_public(inner: ipaddress.IPv4Address) -> None:
    number = int(inner)
    for outer in (number, 0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80):
        assert not is_public(ipaddress.IPv6Address(outer))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example.com/", "URL-SCHEME"),
        ("file:///etc/passwd", "URL-SCHEME"),
        ("gopher://hooks.example.com/", "URL-SCHEME"),
        ("ftp://hooks.example.com/", "URL-SCHEME"),
        ("javascript:alert(1)", "URL-SCHEME"),
        ("//hooks.example.com/", "URL-SCHEME"),
        ("hooks.example.com", "URL-SCHEME"),
        ("", "URL-SCHEME"),
        ("https://user@hooks.example.com/", "URL-USER"),
        ("https://user:pass@hooks.example.com/", "URL-USER"),
        ("https://hooks.example.com@127.0.0.1/", "URL-USER"),
        ("https://@hooks.example.com/", "URL-USER"),
        ("https://hooks.example.com:22/", "URL-PORT"),
        ("https://hooks.example.com:25/", "URL-PORT"),
        ("https://hooks.example.com:6379/", "URL-PORT"),
        ("https://hooks.example.com:80/", "URL-PORT"),
        ("https://hooks.example.com:0/", "URL-PORT"),
        ("https://hooks.example.com:99999/", "URL-WRONG"),
        ("https://hooks.example.com:x/", "URL-WRONG"),
        ("https://hooks.example.com:/", "URL-WRONG"),
        ("https://hooks.example.com/#a", "URL-WRONG"),
        ("https://hooks.example.com/a b", "URL-WRONG"),
        ("https://hooks.example.com/\r\nHost: x", "URL-WRONG"),
        ("https://hooks.example.com\\@127.0.0.1/", "URL-WRONG"),
        ("https://hooks.example.com/\x00", "URL-WRONG"),
        ("https://пример.бел/", "URL-WRONG"),
        ("https://[::1", "URL-WRONG"),
        ("https://" + "a" * 500 + ".com/", "URL-WRONG"),
        ("https://localhost/", "URL-HOST"),
        ("https://localhost./", "URL-HOST"),
        ("https://hooks.example.com./", "URL-HOST"),
        ("https://hooks..example.com/", "URL-HOST"),
        ("https://intranet/", "URL-HOST"),
        ("https:///path", "URL-HOST"),
        ("https://2130706433/", "URL-HOST"),
        ("https://0x7f000001/", "URL-HOST"),
        ("https://0x7f.0.0.1/", "URL-HOST"),
        ("https://0x7f.0x0.0x0.0x1/", "URL-HOST"),
        ("https://0177.0.0.1/", "URL-HOST"),
        ("https://127.1/", "URL-HOST"),
        ("https://127.0.1/", "URL-HOST"),
        ("https://-a.example.com/", "URL-HOST"),
        ("https://%31%32%37.0.0.1/", "URL-HOST"),
        ("https://[fe80::1%25eth0]/", "URL-HOST"),
        ("https://127.0.0.1/", "URL-INSIDE"),
        ("https://0.0.0.0/", "URL-INSIDE"),
        ("https://10.1.2.3/", "URL-INSIDE"),
        ("https://169.254.169.254/latest/meta-data/", "URL-INSIDE"),
        ("https://100.64.1.1/", "URL-INSIDE"),
        ("https://[::1]/", "URL-INSIDE"),
        ("https://[::]/", "URL-INSIDE"),
        ("https://[fd00::1]/", "URL-INSIDE"),
        ("https://[::ffff:127.0.0.1]/", "URL-INSIDE"),
        ("https://[64:ff9b::169.254.169.254]/", "URL-INSIDE"),
        ("https://[2002:7f00:1::]/", "URL-INSIDE"),
    ],
)
def test_what_is_typed_is_judged(url: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        examine(url)
    assert refused.value.code == code
    assert code in WORDS, "the page says what is wrong, in three languages"


@pytest.mark.parametrize(
    "url",
    ["https://hooks.example.com", "https://HOOKS.example.com/a?b=c", "https://hooks.example.com:8443/",
     "https://hooks.example.com:443/", "https://xn--e1afmkfd.xn--90ais/", "https://a_b.example.com/%20"],
)  # fmt: skip
def test_good_addresses_pass(url: str) -> None:
    assert examine(url).hostname


def test_one_record_inside_is_enough_to_refuse() -> None:
    for texts in ((PUBLIC, "127.0.0.1"), ("127.0.0.1", PUBLIC), (PUBLIC, "::1"), (PUBLIC, "fe80::1%eth0")):
        with pytest.raises(Refused):
            resolve("https://hooks.example.com/", resolver=answering(*texts))


def test_a_name_that_leads_inside_by_another_name_is_refused() -> None:
    """CNAME: the resolver answers with the address at the end of the chain; only addresses count."""
    with pytest.raises(Refused) as refused:
        resolve("https://inside.example.com/", resolver=answering("192.168.0.10"))
    assert refused.value.code == "URL-INSIDE"


def test_a_name_is_asked_for_once_and_what_was_checked_is_where_it_leads() -> None:
    """DNS rebinding: the second answer would be inside; there is no second question."""
    answers = [answering(PUBLIC), answering("127.0.0.1")]
    target = resolve("https://rebinding.example.com/", resolver=lambda *given, **more: answers.pop(0)(*given, **more))
    assert [str(one) for one in target.addresses] == [PUBLIC]
    assert len(answers) == 1
    with pytest.raises(Refused):
        resolve("https://rebinding.example.com/", resolver=lambda *given, **more: answers.pop(0)(*given, **more))


def test_a_name_without_an_address_is_refused() -> None:
    def broken(*_given: Any, **_more: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    for resolver in (answering(), broken):
        with pytest.raises(Refused) as refused:
            resolve("https://nothing.example.com/", resolver=resolver)
        assert refused.value.code == "dns"


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "RESOLVE_SECONDS", 0.05)
    hold = threading.Event()

    def silent(*_given: Any, **_more: Any) -> Any:
        hold.wait(5)
        return ()

    try:
        with pytest.raises(Refused) as refused:
            resolve("https://silent.example.com/", resolver=silent)
        assert refused.value.code == "dns"
    finally:
        hold.set()


def test_the_demonstration_may_lead_to_this_machine_and_nowhere_else_inside() -> None:
    assert resolve("http://127.0.0.1:9000/x", loopback=True).host_header == "127.0.0.1:9000"
    assert resolve("http://[::1]:9000/x", loopback=True).host_header == "[::1]:9000"
    assert not resolve("http://localhost:9000/", loopback=True, resolver=answering("127.0.0.1", "::1")).secure
    for url in ("http://10.0.0.1/", "http://169.254.169.254/", "https://[fd00::1]/", "http://0.0.0.0/"):
        with pytest.raises(Refused):
            resolve(url, loopback=True)
    with pytest.raises(Refused):
        resolve("http://hooks.example.com/", loopback=True, resolver=answering("10.0.0.1"))
    with pytest.raises(Refused):
        resolve("ftp://127.0.0.1/", loopback=True)


@pytest.mark.parametrize(
    ("url", "code"),
    [("http://hooks.example.com/", "URL-SCHEME"), ("https://hooks.example.com:22/", "URL-PORT"), ("https://8.8.8.8:6379/", "URL-PORT")],
)  # fmt: skip
def test_the_demonstration_opens_no_other_port_of_the_world(url: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        resolve(url, loopback=True, resolver=answering("8.8.8.8"))
    assert refused.value.code == code
