"""A customs officer abroad, who reads English and has no account, verifies a PDF on a laptop without network."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from app.signing import verifier
from tests.factories.world import World
from tests.journeys.roads import file_xml, packed, sign_all, state

ABROAD = """
import socket, sys
def nothing(*_arguments, **_more):
    raise OSError("there is no network here")
socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = nothing
socket.create_connection = socket.getaddrinfo = nothing
sys.path.insert(0, sys.argv.pop(1))
from akno_verify.signing.verifier import main
assert not [name for name in sys.modules if name == "app" or name.startswith(("app.", "flask", "sqlalchemy"))]
sys.exit(main(sys.argv[1:]))
"""


def laptop(folder: Path, stranger: FlaskClient) -> Callable[..., tuple[int, Any]]:
    """What the officer took along: the command, installed from the wheel, and the file of trust."""
    wheel = folder / stranger.get("/verify/tool").headers["Content-Disposition"].split('"')[1]
    wheel.write_bytes(stranger.get("/verify/tool").data)
    (folder / "akno-trust.pem").write_bytes(stranger.get("/verify/keys").data)
    install = [
        Path(sys.executable).parent / "uv",
        "pip",
        "install",
        "-q",
        "--no-index",
        "--no-deps",
        "--target",
        folder / "tool",
        wheel,
    ]
    subprocess.run([str(word) for word in install], check=True, capture_output=True)
    assert (folder / "tool" / "bin" / "verify-clearance").exists()

    def verify(name: str, *more: str) -> tuple[int, Any]:
        words = [sys.executable, "-W", "error", "-c", ABROAD, str(folder / "tool"), "--json", *more, name]
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    return verify


def test_a_customs_officer_abroad(world: World, worker: Any, tmp_path: Path) -> None:
    where = file_xml(world.vera, packed("bicycles"))
    assert sign_all(world, world.vera, where)["status"] == "released"
    worker.drain()
    worker.watch()
    clearance = state(world.vera, where)["clearance"]
    paper = world.vera.browser.get(clearance["download"]).data

    stranger = world.app.test_client()
    verify = laptop(tmp_path, stranger)
    (tmp_path / "paper.pdf").write_bytes(paper)
    (tmp_path / "changed.pdf").write_bytes(paper.replace(b"%%EOF", b"%%EOG", 1))
    assert verify("paper.pdf")[1]["answer"] == "no-list"

    (tmp_path / "akno-list.jws").write_bytes(stranger.get("/verify/list").data)
    code, told = verify("paper.pdf")
    assert (code, told["answer"]) == (verifier.GENUINE, "genuine"), told
    assert (told["facts"]["number"], told["facts"]["items"]) == (clearance["number"], "1")
    code, told = verify("changed.pdf")
    assert (code, told["answer"]) in {(verifier.NOT_OURS, "altered"), (verifier.NOT_OURS, "unreadable")}

    page = f"/clearances/{clearance['id']}" if "id" in clearance else clearance["download"].removesuffix("/paper")
    world.mikola.get(f"{page}?lang=en")
    world.mikola.submit("/revoke", reason="The lorry carries something else")
    world.ihar.get(f"{page}?lang=en")
    world.ihar.submit("/confirm-revocation")
    assert "Customs has revoked this clearance" in stranger.get(f"{clearance['verify']}?lang=en").text

    code, told = verify("paper.pdf")
    assert (code, told["list"]["serial"]) == (verifier.GENUINE, 1), (
        "the list at hand does not know it yet, and says how old it is"
    )
    worker.drain()
    (tmp_path / "akno-list.jws").write_bytes(stranger.get("/verify/list").data)
    code, told = verify("paper.pdf")
    assert (code, told["answer"], told["list"]["serial"]) == (verifier.ENDED, "revoked", 2)
