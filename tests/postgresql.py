"""A throw-away PostgreSQL cluster on a private port, started and stopped by the tests themselves."""

from __future__ import annotations

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL server binaries, or None where there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else None


def free_port() -> int:
    """Return a port nobody listens on now, on loopback; below those that the system gives to whoever asks or calls out, which
    would be taken by somebody else before a server has started."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def in_memory() -> Path | None:
    """Return a folder that lives in memory and has a gigabyte to spare, or None where there is none."""
    shared = Path("/dev/shm")
    try:
        spare = shutil.disk_usage(shared).free
    except OSError:
        return None
    return shared if os.access(shared, os.W_OK) and spare > 2**30 else None


class Cluster:
    """One cluster: ``url(name)`` addresses a database in it; ``stop`` ends its own postmaster by pid.

    ``durable`` False (the tests) does without fsync: nothing in it outlives the run. Whoever measures says True.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.durable = durable
        found = binaries()
        if found is None:
            raise RuntimeError("no PostgreSQL server binaries on this machine")
        self.bin = found
        self.folder = Path(tempfile.mkdtemp(prefix="akno-pg-", dir=None if durable else in_memory()))
        # initdb refuses to run as root: the postgres account of the package does it then.
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(self.folder, self.user)
        self._run(
            "initdb", "-D", str(self.folder / "data"), "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", "akno"
        )
        # Asked for now, not before the seconds that initdb takes.
        self.port = free_port()
        self.process = self._start()

    def _as_user(self, *words: str) -> list[str]:
        prefix = (
            ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"] if os.geteuid() == 0 else []
        )
        return [*prefix, str(self.bin / words[0]), *words[1:]]

    def _run(self, *words: str) -> None:
        subprocess.run(self._as_user(*words), check=True, capture_output=True, cwd=self.folder)

    def _start(self) -> subprocess.Popen[bytes]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.folder,
            "max_connections": 60,
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        flags = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        command = self._as_user("postgres", "-D", str(self.folder / "data"), *flags)
        log = (self.folder / "log").open("wb") if os.geteuid() != 0 else subprocess.DEVNULL
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        for _ in range(1200):
            try:
                psycopg.connect(self.url("postgres").replace("+psycopg", ""), connect_timeout=1).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return process
        process.kill()
        raise RuntimeError("PostgreSQL did not start within a minute")

    def url(self, name: str) -> str:
        """Return SQLAlchemy's URL of a database in the cluster."""
        return f"postgresql+psycopg://akno@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction (CREATE DATABASE and its like)."""
        with psycopg.connect(self.url("postgres").replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def stop(self) -> None:
        """Stop the postmaster at once and remove its folder."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
