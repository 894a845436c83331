"""Verification as a stranger meets it: attacked files on the page, the list, the keys, the command, the page for phones."""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import clock
from app.clearance import bundling, numbering
from app.clearance.models import Clearance
from app.database import transaction
from app.documents import storage
from app.signing import claims, keeping, keys, reading
from app.signing import trust as trusting
from app.signing.models import SigningKey
from tests.clearance.listed import cleared, published, trust_of
from tests.signing import papers
from tests.signing.attacks import ATTACKS, before_signing

ON_THE_PAGE = (
    "update: annotation", "update: dss", "shadow: replace", "sneaky signature", "usf: null", "usf: no contents", "swa: moved",
    "hybrid", "removed", "removed: first revision", "signed by a stranger of the same name", "prefixed: newline", "digits: small letters",
)  # fmt: skip


@pytest.fixture
def issued(app, database) -> Clearance:
    with app.app_context(), transaction(database):
        return cleared()


@pytest.fixture
def paper(app, database, issued) -> bytes:
    with app.app_context(), transaction(database, writing=False):
        return storage.store().read(str(issued.sha256))


@pytest.fixture
def bring(client) -> Callable[[bytes], str]:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/verify?lang=en").text)[1]

    def post(data: bytes) -> str:
        form = {"csrf_token": token, "paper": (io.BytesIO(data), "paper.pdf")}
        return client.post("/verify", data=form, content_type="multipart/form-data").text

    return post


def state(page: str) -> str:
    return re.search(r'<p class="lead mb-1"><strong>(\w+)</strong>', page)[1]


def test_no_attacked_file_is_genuine_on_the_page(bring, paper, tmp_path):
    """S-PDFSIG on the page, a part of the attacks of tests/signing: altered, with the true copy where its code is left."""
    stranger = papers.authority(tmp_path)
    seen = {name: state(bring(ATTACKS[name](paper, stranger))) for name in ON_THE_PAGE}
    assert {name for name, said in seen.items() if said != "Altered"} == {"prefixed: newline"}, seen
    assert seen["prefixed: newline"] == "Unknown"
    page = bring(paper)
    assert state(page) == "Genuine"
    assert "Our signature covers every byte of this file." in page
    assert "not an official one" in page


def test_altered_shows_the_true_copy(bring, paper, issued):
    page = bring(paper + b"\n")
    assert "What stands on the true clearance" in page
    assert issued.number in page
    assert "was changed after it was signed" in page


def test_what_lost_its_code_is_altered_still(bring, paper):
    """Our signature is left and the link is not: it was ours, and nothing can be compared."""
    with io.BytesIO() as out:
        import pikepdf

        with pikepdf.open(io.BytesIO(before_signing(paper))) as document:
            for page in document.pages:
                page.Annots = pikepdf.Array()
            document.save(out)
        bare = out.getvalue()
    assert state(bring(bare)) == "Unknown"


def test_a_sound_signature_that_the_register_does_not_know(app, database, bring, paper, caplog):
    """The register is the truth: with our key in other hands papers are made that we never issued. Alarm, never genuine."""
    with app.app_context(), transaction(database):
        signer = keeping.in_use()
        forged = papers.signed(before_signing(paper), papers.Authority(Path(), signer), clock.now())
    with caplog.at_level(logging.ERROR, "akno.verification"):
        page = bring(forged)
    assert state(page) == "Unknown"
    assert "we have no such paper in our register" in page
    assert any(record.message.startswith("alarm: our key") for record in caplog.records)


def test_a_withdrawn_key_is_said(app, database, client, bring, paper, issued):
    """S-KEY: compromised; the register still knows the paper, its signature proves nothing any more."""
    with transaction(database) as session:
        session.execute(sa.update(SigningKey).values(retired_at=clock.now(), because="compromised"))
    for page in (bring(paper), client.get(f"/verify/{issued.code}?lang=en").text):
        assert state(page) == "Genuine"
        assert "others may have had it" in page


def test_a_paper_of_before_signatures(app, database, bring, paper, issued):
    unsigned = before_signing(paper)
    with app.app_context(), transaction(database) as session:
        from app.documents.uploading import keep

        blob = keep(unsigned, media_type="application/pdf")
        session.execute(sa.update(Clearance).values(sha256=blob.sha256, signed_with=None))
    page = bring(unsigned)
    assert state(page) == "Genuine"
    assert "issued before papers were signed" in page
    assert state(bring(paper)) == "Unknown"


def test_the_number_beside_the_code(client, issued):
    code = numbering.grouped(issued.code)
    asked = client.get("/verify", query_string={"lang": "en", "code": code, "number": issued.number.lower()})
    assert asked.location == f"/verify/{issued.code}?number={issued.number.lower()}"
    assert state(client.get(asked.location).text) == "Genuine"
    assert f"/verify/{issued.code}/proof" in client.get(asked.location).text
    wrong = client.get(f"/verify/{issued.code}?number=BY-CLR-261122-0000001-1&lang=en")
    assert state(wrong.text) == "Altered"
    assert issued.number in wrong.text


def test_without_a_root_the_register_answers_alone(app, bring, paper, monkeypatch):
    def nothing() -> None:
        raise keys.NoKey("no root")

    monkeypatch.setattr(keys, "trusted", nothing)
    assert state(bring(paper)) == "Genuine"
    assert state(bring(paper + b"\n")) == "Altered"


def test_the_keys_are_for_anyone(app, database, client, issued):
    answer = client.get("/verify/keys")
    assert answer.status_code == 200
    found = trusting.read(answer.data)
    assert found == trust_of(app, database)
    assert [trusting.fingerprint_of(one) for one in found.keys] == [issued.signed_with]
    assert "PRIVATE" not in answer.text


def test_the_page_for_phones(app, database, client, issued, paper):
    """The keys in the page are those that the claims of the QR code are signed with."""
    page = client.get("/verify/offline?lang=en")
    held = json.loads(re.search(r'data-keys="([^"]+)"', page.text)[1].replace("&#34;", '"'))
    link = reading.links_in(paper)[0]
    told = claims.check(link.claims, link.code, trust_of(app, database))
    assert (told.number, told.key_id) == (issued.number, held[0]["id"])
    assert "demonstration" in page.text
    worker = client.get("/verify/worker.js")
    assert worker.mimetype == "text/javascript"
    assert "'self'" in worker.headers["Content-Security-Policy"]


def test_the_command_is_one_wheel(client):
    """The same bytes whenever it is made, none of the window in it."""
    made = bundling.bundle()
    answer = client.get("/verify/tool")
    assert answer.data == made.data
    assert client.get(f"/verify/tool/{made.file_name}").data == made.data
    assert client.get("/verify/tool/other.whl").status_code == 404
    bundling.bundle.cache_clear()
    assert bundling.bundle().sha256 == made.sha256
    with zipfile.ZipFile(io.BytesIO(made.data)) as wheel:
        sources = b"".join(wheel.read(name) for name in wheel.namelist() if name.endswith(".py"))
    for word in (b"import flask", b"sqlalchemy", b"from app", b"import app"):
        assert word not in sources


def test_flask_verify_clearance(app, database, client, paper, issued, tmp_path):
    published(app, database, client)
    files = {
        "paper.pdf": paper,
        "changed.pdf": paper + b"\n",
        "trust.pem": client.get("/verify/keys").data,
        "list.jws": client.get("/verify/list").data,
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    runner = app.test_cli_runner()

    def asked(name: str, *more: str):
        return runner.invoke(
            args=[
                "verify-clearance",
                str(tmp_path / name),
                "--trust",
                str(tmp_path / "trust.pem"),
                "--list",
                str(tmp_path / "list.jws"),
                *more,
            ]
        )

    told = asked("paper.pdf", "--json")
    assert told.exit_code == 0, told.output
    row = json.loads(told.output)
    assert (row["answer"], row["facts"]["number"]) == ("genuine", issued.number)
    assert asked("changed.pdf").exit_code == 1
    assert asked("missing.pdf").exit_code == 3
    assert "САПРАЎДНАЕ" in asked("paper.pdf", "--lang", "be").output
    nobody = runner.invoke(
        args=["verify-clearance", str(tmp_path / "paper.pdf"), "--trust", str(tmp_path / "paper.pdf")]
    )
    assert nobody.exit_code == 3
