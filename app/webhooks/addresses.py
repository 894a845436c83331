"""Where a webhook may lead: only to public addresses of the internet, never into the house (trust.md S-SSRF-WH).

Two looks. ``faults_of`` judges the text of a URL when it is typed. ``resolve`` asks for the addresses of its host at every
delivery and refuses unless every one is public; the courier then connects to exactly one of those, so that a name whose answer
changes in between (DNS rebinding) leads nowhere else. ``ipaddress.is_global`` alone is no guard: it lets NAT64, 6to4,
site-local and multicast addresses through.
"""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

PORTS = (443, 8443)
MOST_LETTERS = 500
RESOLVE_SECONDS = 5.0
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[..., Sequence[Any]]
"""What answers for a name: ``socket.getaddrinfo`` or, in tests, somebody who lies."""

# IANA's registry of special IPv4 addresses, multicast, what is reserved, and the inner address of one large cloud.
_INSIDE_4 = tuple(
    ipaddress.IPv4Network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
    )
)  # fmt: skip
_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
"""The only part of IPv6 from which public addresses are given; what carries an IPv4 address inside, it has none."""
_INSIDE_6 = tuple(
    # Protocols and tunnels (Teredo, ORCHID), documentation, 6to4, documentation again.
    ipaddress.IPv6Network(one)
    for one in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


class Refused(Exception):
    """An address that a webhook may not lead to; ``code`` names why (the codes of ``wording``)."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code)
        self.code, self.value = code, value


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: the checked addresses, and the name for which the certificate must be good."""

    secure: bool
    host: str
    port: int
    path: str
    addresses: tuple[Address, ...]

    @property
    def host_header(self) -> str:
        """The Host header: with the port where it is not the usual one."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.secure else 80) else f"{name}:{self.port}"


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in inside for inside in _INSIDE_4)
    return address in _GIVEN_OUT and not any(address in inside for inside in _INSIDE_6)


def examine(url: str, *, loopback: bool = False) -> SplitResult:
    """Judge the text of a URL; ``loopback``: the demonstration and the tests may lead to this machine, without TLS.

    Returns its parts. Raises Refused.
    """
    if len(url) > MOST_LETTERS or any(ord(sign) < 33 or ord(sign) > 126 or sign == "\\" for sign in url):
        raise Refused("URL-WRONG", url)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused("URL-WRONG", url) from None
    if parts.scheme != "https" and not (loopback and parts.scheme == "http"):
        raise Refused("URL-SCHEME", parts.scheme)
    if "@" in parts.netloc:
        raise Refused("URL-USER")
    if parts.fragment or parts.netloc.endswith(":"):
        raise Refused("URL-WRONG", url)
    if port is not None and port not in PORTS and not loopback:
        raise Refused("URL-PORT", str(port))
    _examine_host(host, loopback)
    return parts


def _examine_host(host: str, loopback: bool) -> None:
    literal = _literal(host)
    if literal is not None:
        _examine_address(literal, loopback)
        return
    labels = host.split(".")
    if not host or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Refused("URL-HOST", host)
    if loopback and host == "localhost":
        return
    # "127.1", "0x7f.1" and "2130706433" are numbers to a C library and names to nobody; one label is a name of the house.
    if len(labels) < 2 or not re.search("[a-z]", labels[-1]) or re.fullmatch("0x[0-9a-f]*", labels[-1]):
        raise Refused("URL-HOST", host)


def _examine_address(address: Address, loopback: bool) -> None:
    if not is_public(address) and not (loopback and address.is_loopback):
        raise Refused("URL-INSIDE", str(address))


def _literal(host: str) -> Address | None:
    try:
        return None if "%" in host else ipaddress.ip_address(host)
    except ValueError:
        return None


def resolve(url: str, *, loopback: bool = False, resolver: Resolver = socket.getaddrinfo) -> Target:
    """Return where a URL leads now: its addresses are asked for once, and every one of them is public.

    Raises Refused (``URL-…`` for what is not allowed, ``dns`` when the name has no address).
    """
    parts = examine(url, loopback=loopback)
    secure, host = parts.scheme == "https", parts.hostname or ""
    port = parts.port or (443 if secure else 80)
    found = _addresses(host, port, resolver)
    if loopback and not all(address.is_loopback for address in found):
        examine(url)  # what lies outside is outside for the demonstration too: TLS, and the ports of the web
    for address in found:
        _examine_address(address, loopback)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, host, port, path, found)


def _addresses(host: str, port: int, resolver: Resolver) -> tuple[Address, ...]:
    literal = _literal(host)
    if literal is not None:
        return (literal,)
    texts = dict.fromkeys(str(row[4][0]).partition("%")[0] for row in _asked(host, port, resolver))
    found = tuple(address for text in texts if (address := _literal(text)) is not None)
    if not found or len(found) != len(texts):
        raise Refused("dns", host)
    return found


def _asked(host: str, port: int, resolver: Resolver) -> Sequence[Any]:
    """Ask for the addresses of a name, for RESOLVE_SECONDS at most: the C library itself knows no limit."""
    answers: queue.SimpleQueue[Sequence[Any]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolver(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            answers.put(())

    threading.Thread(target=ask, name="akno-names", daemon=True).start()
    try:
        return answers.get(timeout=RESOLVE_SECONDS)
    except queue.Empty:
        raise Refused("dns", host) from None
