"""Asking witnesses: beside the jobs of the worker a thread takes each new checkpoint to the witnesses that are configured, and
keeps their cosignatures. While it talks to the network no transaction is open."""

from __future__ import annotations

import ipaddress
import logging
import threading
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from app import database
from app.jobs import registry
from app.ledger import merkle, notes, tree
from app.ledger.cosigning import encoded_request
from app.ledger.log_finders import find_checkpoint, last_checkpoint, note_of
from config import Settings

log = logging.getLogger("akno.ledger")

LOOK_SECONDS = 2.0
SECONDS = 5.0
"""How long a witness may take to answer."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness that is configured: where it is asked, and its key."""

    address: str
    key: notes.VerifierKey


class Unfit(ValueError):
    """A witness of the settings cannot be used; the text says why."""


def witnesses(settings: Settings) -> list[Witness]:
    """Read the witnesses of the settings. Raises Unfit: an address must be https, or this machine in the demonstration."""
    found = []
    for text in settings.log_witnesses:
        address, _, key = text.strip().partition(" ")
        try:
            read = notes.read_key(key)
        except notes.Malformed as malformed:
            raise Unfit(f"AKNO_LOG_WITNESSES: {text!r} is not an address and a verifier key") from malformed
        if read.kind != notes.COSIGNS or not _may_ask(address, demonstration=settings.demonstration):
            raise Unfit(f"AKNO_LOG_WITNESSES: {address} must begin with https:// and its key be one of a witness")
        found.append(Witness(address.rstrip("/"), read))
    return found


def _may_ask(address: str, *, demonstration: bool) -> bool:
    where = urlsplit(address)
    if where.scheme == "https":
        return bool(where.hostname)
    try:
        return demonstration and where.scheme == "http" and ipaddress.ip_address(where.hostname or "").is_loopback
    except ValueError:
        return False


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any, **_keywords: Any) -> None:
        """A witness is where its operator said; it leads nowhere else."""
        return


class Asker:
    """Takes checkpoints to witnesses while the worker runs."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.engines: database.Database = app.extensions["akno.database"]
        self._stopping = threading.Event()
        self._known: dict[str, int] = {}
        self._thread = threading.Thread(target=self._go_on, name="akno-witnesses", daemon=True)
        self._opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))

    def start(self) -> None:
        """Begin, when there are witnesses to ask."""
        if self.app.extensions["akno.settings"].log_witnesses:
            self._thread.start()

    def stop(self) -> None:
        """End; returns when nothing is on its way."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=SECONDS + 1)

    def _go_on(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                self.ask()
            except Exception:
                log.exception("the witnesses could not be asked; the next look tries again")

    def ask(self) -> int:
        """Take the newest checkpoint to every witness that has not cosigned it; returns how many did now. Raises Unfit."""
        asked = witnesses(self.app.extensions["akno.settings"])
        with self.app.app_context(), database.transaction(self.engines, writing=False):
            checkpoint = last_checkpoint()
            note = note_of(checkpoint) if checkpoint else None
        if note is None:
            return 0
        missing = [one for one in asked if notes.cosigned_at(note, one.key) is None]
        lines = [line for one in missing for line in self._cosigned(one, note)]
        if lines:
            self._keep(notes.read_checkpoint(note.text).size, lines)
        return len(lines)

    def _cosigned(self, witness: Witness, note: notes.Note) -> list[notes.Signature]:
        """Ask one witness, twice at most: it may know more or less of us than we remember."""
        for _ in range(2):
            status, answer = self._post(witness, note)
            if status != 409:
                break
            try:
                self._known[witness.address] = notes.number(answer.strip())
            except notes.Malformed:
                break
        if status != 200:
            log.warning("witness %s answered %s", witness.key.name, status)
            return []
        size = notes.read_checkpoint(note.text).size
        self._known[witness.address] = size
        try:
            given = notes.read_signatures(answer)
        except notes.Malformed:
            return []
        return [one for one in given if notes.cosigned_at(notes.Note(note.text, (one,)), witness.key) is not None]

    def _post(self, witness: Witness, note: notes.Note) -> tuple[int, str]:
        said = notes.read_checkpoint(note.text)
        old = self._known.get(witness.address, 0)
        if old > said.size:
            log.critical("witness %s has seen %s entries of ours, there are %s", witness.key.name, old, said.size)
            return 0, ""
        with self.app.app_context(), database.transaction(self.engines, writing=False):
            proof = tree.prove(merkle.consistency(old, said.size))
        signed = str(notes.Note(note.text, note.signatures[:1]))
        request = urllib.request.Request(
            f"{witness.address}/add-checkpoint", encoded_request(old, proof, signed), {"Content-Type": "text/plain"}
        )
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                return answer.status, answer.read(notes.MOST_BYTES).decode("utf-8", "replace")
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read(100).decode("utf-8", "replace")
        except (OSError, HTTPException) as away:
            log.warning("witness %s is away: %s", witness.key.name, away)
            return 0, ""

    def _keep(self, size: int, lines: Iterable[notes.Signature]) -> None:
        with self.app.app_context(), database.transaction(self.engines):
            checkpoint = find_checkpoint(size)
            if checkpoint is not None:
                held = note_of(checkpoint).with_signatures(lines)
                checkpoint.cosignatures = "".join(map(str, held.signatures[1:]))


registry.alongside("ledger.witnesses", Asker)
