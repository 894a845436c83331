"""``make run`` and ``make demo``: bring the window up from nothing, walk one package through it, and serve or stop."""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from flask import Flask

from app import create_app
from app.access import SYSTEM
from app.cli import accrediting, announcing, cases, founding, indicating, packing, road
from app.cli.walking import Unexpected
from app.clock import today
from app.database import transaction
from app.declarations.codec import to_package
from app.declarations.wco import read
from app.errors import Invalid
from app.identity.accounts import register_organisation
from app.identity.finders import find_organisation_by_unp
from app.ledger import recovering
from app.migrating import migrate
from app.requirements import loading
from app.signing import demo
from config import INSTANCE, ROOT, Settings, write_secret

FILER = "piotr"
SHOWN = (
    "anna", "bogdan", "olga", "fyodar", "nina", "hanna", "taras", "maria", "mikola", "ihar", "oleg", "admin", "audit",
)  # fmt: skip
DEMO = INSTANCE / "demo"


def say(words: str) -> None:
    """Print a line at once: whoever waits sees what is going on."""
    print(words, flush=True)


def main() -> int:
    """Run the command; returns the exit code."""
    options = argparse.ArgumentParser(prog="akno", description=__doc__)
    options.add_argument("--demo", action="store_true", help="walk one package and exit")
    options.add_argument("--file", type=Path, help="a package of your own, XML or ZIP")
    options.add_argument("--port", type=int, default=8000)
    chosen = options.parse_args()
    began = time.monotonic()
    # Told to end, the window ends what it started: the processes below are its own.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if not chosen.demo and _taken(chosen.port):
        say(f"Port {chosen.port} is in use. Close what listens there, or choose another: make run PORT=8001")
        return 1
    write_secret()
    settings = Settings.from_env()
    app = create_app(settings)
    port = _free_port() if chosen.demo else chosen.port
    base_url = f"http://127.0.0.1:{port}"
    say("[3/3] the database: migrations, reference data, the demonstration country")
    _migrate(app)
    if settings.demonstration and settings.signing_certificate_file is None:
        say(
            f"      clearances are signed by a demonstration authority, NOT OFFICIAL: {demo.ensure(settings.signing_home)}"
        )
    with contextlib.ExitStack() as processes:
        # The web server starts while the data are loaded; the worker, which writes, when they are there.
        web = _Running("gunicorn", "wsgi:app", "-b", f"127.0.0.1:{port}", "-w", "2", "--log-level", "warning")
        processes.enter_context(web)
        _prepare(app, with_cases=not chosen.demo)
        executor = "demo" if chosen.demo else "worker-1"
        worker = processes.enter_context(_Running("flask", "--app", "wsgi", "work", "--executor", executor))
        _wait_for(base_url)
        say(f"[3/3] serving at {base_url} after {time.monotonic() - began:.1f} s")
        walked = _walk(app, base_url, chosen.file)
        if chosen.demo or not walked:
            return 0 if walked else 1
        _print_accounts(app, base_url)
        _watch(web, worker, *_rehearse(settings, processes))
    return 0


def _migrate(app: Flask) -> None:
    INSTANCE.mkdir(exist_ok=True)
    migrate(app.extensions["akno.database"], app.extensions["akno.jobs"])
    if recovering.settle_demonstration(app):
        say("      the store holds checkpoints of another database: the log of this one begins a new epoch")


def _rehearse(settings: Settings, processes: contextlib.ExitStack) -> list[_Running]:
    """Start the worker of test mode, when everything else is there: it prepares the second window while this one serves."""
    if settings.rehearses_at in ("", settings.database_url):
        say("Test mode is not set up: AKNO_REHEARSAL_DATABASE_URL names no database of its own.")
        return []
    say("Test mode (keys that begin with akno_test_) is being prepared beside it.")
    return [processes.enter_context(_Running("flask", "--app", "wsgi", "work", "--rehearsal"))]


def _watch(*processes: _Running) -> None:
    """Serve until Ctrl+C; a process that dies is started again (a real installation has its own supervisor)."""
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            time.sleep(1)
            for one in processes:
                one.ensure()


def _prepare(app: Flask, *, with_cases: bool) -> None:
    with app.app_context(), transaction(app.extensions["akno.database"]):
        report = loading.publish()
        added, ended = (sum(getattr(table, kind) for table in report.tables) for kind in ("added", "ended"))
        say(f"      reference data: edition {report.edition}, {added} rows added, {ended} ended")
        founding.found()
        if indicators := indicating.found():
            say(f"      {indicators} risk indicators proposed; some on trial, some in force")
        if with_cases:
            made = cases.make()
            say(f"      {made} cases made by the activities" if made else "      the cases are there already")
        accredited = accrediting.found()
        if accredited:
            say(f"      {accredited} accreditations granted")
        if announced := announcing.found():
            say(f"      {announced} consignments announced, with reports from the road")


class _Running:
    """One process of ours beside this one: started, started again should it die, stopped by its own pid."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        program = Path(sys.executable).parent / self.words[0]
        return subprocess.Popen([str(program), *self.words[1:]], cwd=ROOT)

    def ensure(self) -> None:
        """Start it again under the same name when it has died, so that what it had begun goes on."""
        if self.process.poll() is not None:
            say(f"{self.words[0]} ended with {self.process.returncode}: it is started again")
            self.process = self._start()

    def __enter__(self) -> _Running:
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(base_url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{base_url}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise SystemExit("the web server did not come up within 30 s")


def _walk(app: Flask, base_url: str, file: Path | None) -> bool:
    say("One package, from filing to the clearance PDF:")
    DEMO.mkdir(parents=True, exist_ok=True)
    for name in ("steps.json", "clearance.pdf"):
        (DEMO / name).unlink(missing_ok=True)
    try:
        packed = packing.given(file.read_bytes()) if file else packing.sample("beef_flowers_pet", on=today())
    except Invalid as refused:
        for fault in refused.faults:
            say(f"  {fault.code}: {fault.message['en']} {fault.value} (line {fault.line}) {fault.path}")
        return False
    except OSError as error:
        say(f"  {file} cannot be read: {error.strerror}")
        return False
    with app.app_context(), transaction(app.extensions["akno.database"]):
        accounts = _accounts(packed)
    walking = road.Road(base_url, accounts, say)
    try:
        walking.walk(packed)
    except Unexpected as unexpected:
        say(f"  NOT AS EXPECTED: {unexpected}")
        return False
    finally:
        steps = walking.journey.as_dict(app.extensions["akno.settings"].base_url)
        (DEMO / "steps.json").write_text(json.dumps(steps, ensure_ascii=False, indent=1), encoding="utf-8")
    (DEMO / "clearance.pdf").write_bytes(walking.journey.pdf)
    say(f"The clearance: {DEMO / 'clearance.pdf'}   the steps: {DEMO / 'steps.json'}")
    return True


def _accounts(packed: packing.Packed) -> dict[str, founding.Account]:
    """Fresh passwords for those who act: somebody who may file for the owner of this package, an officer per agency."""
    filer = _filer(packed)
    acting = {"filer": filer, **cases.OFFICERS} | {road.second(agency): name for agency, name in cases.SECONDS.items()}
    return dict(zip(acting, founding.renew_passwords(acting.values()), strict=True))


def _filer(packed: packing.Packed) -> str:
    tree = read(packed.xml).tree
    party = to_package(tree).owner_party if tree is not None else None
    who = founding.people_of(party.id) if party else ()
    if who or party is None or not party.id:
        return who[0] if who else FILER
    owner = find_organisation_by_unp(party.id)
    if owner is None:
        try:
            owner = register_organisation(kind="trader", name=party.name or party.id, unp=party.id, by=SYSTEM)
        except Invalid as refused:
            say("  " + "; ".join(fault.message["en"] for fault in refused.faults))
            return FILER
    return founding.clerk_of(owner)


def _print_accounts(app: Flask, base_url: str) -> None:
    with app.app_context(), transaction(app.extensions["akno.database"]):
        accounts = founding.renew_passwords(SHOWN)
    say(f"\nThe window is open: {base_url}\nAccounts of the demonstration country (passwords made just now):")
    for one in accounts:
        say(f"  {one.email:22} {one.password:20} {one.full_name}, {one.post} — {one.organisation}")
    say("Officials are asked for a code as well: the page shows it, for these people are made up.")
    say("Ctrl+C closes the window.")


if __name__ == "__main__":
    raise SystemExit(main())
