"""``flask config check``: whether the settings are fit for the place where the window stands (trust.md S-SECRETS, R9).

A window that anybody outside this machine can reach does not start with what is only good for a desk: the web process
(``wsgi.py``) and the worker ask ``refuse_unsound`` first. On a loopback address the same findings are warnings, but a weak
or readable secret, a debugger and a database on a network drive are refused everywhere.
"""

from __future__ import annotations

import ipaddress
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import click
from flask import current_app

from config import ROOT, Settings

Level = Literal["refused", "warned"]
NETWORK_DRIVES = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph", "glusterfs"})
"""Kinds of file systems on which SQLite's locks do not hold (R9)."""
FEWEST_SIGNS = 10
"""A secret made by ``secrets.token_urlsafe`` has far more different characters."""
ARGON2_KIB = 19456
"""Memory of one password hash below which guessing is cheap (OWASP, argon2id with two passes)."""


class Unsound(SystemExit):
    """The window does not start: its settings would hurt those who use it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about the settings: the variable, what is wrong with it and how to mend it."""

    level: Level
    setting: str
    wrong: str
    mend: str

    def __str__(self) -> str:
        return f"{self.level:8} {self.setting}: {self.wrong} {self.mend}"


def is_local(host: str) -> bool:
    """Whether a host name is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def examine(settings: Settings, *, debug: bool = False, mounts: str | None = None) -> tuple[Finding, ...]:
    """Look at the settings and at the files they name; ``mounts`` is the text of /proc/mounts (the system's when None).

    What would hurt people outside this machine is refused when the window's address leads there, else warned of.
    """
    host = urlsplit(settings.base_url).hostname or ""
    level: Level = "warned" if is_local(host) else "refused"
    found = [*_secrets(settings, debug), *_files(settings, mounts)]
    found += [Finding(level, *one) for one in (*_address(settings, host), *_guards(settings))]
    return tuple(sorted(found, key=lambda one: one.level))


def refuse_unsound(settings: Settings, *, debug: bool = False) -> None:
    """End the process when something is refused, with every finding on the error stream. Raises Unsound."""
    found = examine(settings, debug=debug)
    refused = [one for one in found if one.level == "refused"]
    if refused:
        for one in refused:
            print(one, file=sys.stderr)
        raise Unsound(f"The window does not start: {len(refused)} of its settings would hurt those who use it.")


def _secrets(settings: Settings, debug: bool) -> Iterator[Finding]:
    secret = settings.secret_key.get_secret_value()
    if len(set(secret)) < FEWEST_SIGNS:
        yield Finding(
            "refused", "AKNO_SECRET_KEY", "is easy to guess: hardly any different characters.", "Run `make secret`."
        )
    if debug:
        yield Finding("refused", "FLASK_DEBUG", "shows the inside of the window to everybody.", "Unset it.")


def _files(settings: Settings, mounts: str | None) -> Iterator[Finding]:
    # Every file with a secret is named by a setting that ends like this.
    for name, value in settings:
        if name.endswith(("_key_file", "_secret_file", "_pin_file", "_password_file")) and isinstance(value, Path):
            yield from _readable(f"AKNO_{name.upper()}", value)
    static = ROOT / "static"
    if static.stat().st_mode & stat.S_IWOTH:
        yield Finding("refused", "static/", "can be written by anybody on this machine.", "chmod -R o-w static")
    url = settings.database_url
    if settings.engine_name == "sqlite":
        kind = drive_of(Path(url.partition(":///")[2]), Path("/proc/mounts").read_text() if mounts is None else mounts)
        if kind in NETWORK_DRIVES:
            yield Finding(
                "refused",
                "AKNO_DATABASE_URL",
                f"lies on a network drive ({kind}), where SQLite's locks do not hold.",
                "Put it on a local disk, or use PostgreSQL.",
            )


def _readable(setting: str, file: Path) -> Iterator[Finding]:
    if file.is_file() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) & ~stat.S_IRGRP:
        yield Finding("refused", setting, f"{file.name} can be read by anybody on this machine.", f"chmod 600 {file}")


def drive_of(file: Path, mounts: str) -> str:
    """Return the kind of file system a path lies on: the one with the longest mount point above it."""
    wanted, best, kind = os.path.abspath(file), "", ""
    for line in mounts.splitlines():
        _device, point, here, *_ = line.split(" ")
        inside = wanted == point or wanted.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, here
    return kind


def _address(settings: Settings, host: str) -> Iterator[tuple[str, str, str]]:
    if not is_local(host) and not settings.base_url.startswith("https://"):
        yield "AKNO_BASE_URL", "is not https: passwords and papers would travel in the open.", "Put TLS before it."
    if settings.base_url.startswith("https://") and not settings.secure_cookies:
        yield "AKNO_SECURE_COOKIES", "is off: the session could leave over http.", "Set it to 1."
    if host not in settings.trusted_hosts:
        yield "AKNO_TRUSTED_HOSTS", f"does not name {host}: nobody could open the window.", "Add it."
    if any(one.startswith((".", "*")) for one in settings.trusted_hosts):
        yield "AKNO_TRUSTED_HOSTS", "has a wildcard: links in letters could lead elsewhere.", "Name each host."


def _guards(settings: Settings) -> Iterator[tuple[str, str, str]]:
    if settings.demonstration:
        yield "AKNO_DEMONSTRATION", "shows codes of made-up people and signs with a demo authority.", "Unset it."
    if settings.webhook_allow_loopback:
        yield "AKNO_WEBHOOK_ALLOW_LOOPBACK", "lets strangers' webhooks reach into this machine.", "Unset it."
    if settings.argon2_memory_kib < ARGON2_KIB:
        yield "AKNO_ARGON2_MEMORY_KIB", "makes passwords cheap to guess.", f"At least {ARGON2_KIB}."
    if settings.scanner == "none":
        yield "AKNO_SCANNER", "is none: every file that is brought would wait for ever.", "Set up clamd."
    if not (settings.demonstration or settings.signing_key_file or settings.signing_pkcs11_module):
        yield "AKNO_SIGNING_KEY_FILE", "names no key: every clearance would wait.", "A key file, or a PKCS#11 token."
    if not settings.api_requests_per_minute or not settings.api_requests_per_minute_without_key:
        yield "AKNO_API_REQUESTS_PER_MINUTE", "is 0: one client could take the whole window.", "Set a limit."
    yield from _ways_out(settings)


def _ways_out(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """What leaves this machine goes encrypted (ASVS 12.3.1): letters, and the rows of a database elsewhere."""
    mail = urlsplit(settings.smtp_url.get_secret_value())
    if settings.mail == "file":
        yield "AKNO_MAIL", "is file: nobody gets a letter.", "Set it to smtp and AKNO_SMTP_URL."
    elif mail.scheme == "smtp" and not is_local(mail.hostname or ""):
        yield "AKNO_SMTP_URL", "carries letters in the open.", "Use smtps:// or smtp+starttls://."
    database = urlsplit(settings.database_url)
    if settings.engine_name == "postgresql" and not is_local(database.hostname or "localhost"):
        mode = parse_qs(database.query).get("sslmode", [""])[0]
        if mode not in ("verify-full", "verify-ca"):
            yield "AKNO_DATABASE_URL", "does not check whom it talks to.", "Add ?sslmode=verify-full."


@click.group("config")
def group() -> None:
    """The settings of this window."""


@group.command("check")
def check() -> None:
    """Look at every setting and say what is unfit and how to mend it. Exit code 1 when something would be refused."""
    found = examine(current_app.extensions["akno.settings"], debug=current_app.debug)
    for one in found:
        click.echo(str(one))
    refused = sum(one.level == "refused" for one in found)
    click.echo(f"config: {refused} refused, {len(found) - refused} warned")
    sys.exit(1 if refused else 0)
