"""The signed paper as tools see it that are not ours: qpdf, poppler, pikepdf (trust.md S-PDFSIG, R28)."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from flask_babel import Babel

from app.clearance import printing
from app.signing import demo, keys, paper, stamping
from app.signing.keys import NoKey
from config import Settings
from tests.clearance.sample import AT, CANONICAL, facts
from tests.signing import authority

pytestmark = pytest.mark.pure


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> keys.FileSigner:
    home = demo.ensure(tmp_path_factory.mktemp("keys"))
    return keys.open_file(home / "key.pem", home / "chain.pem")


@cache
def drawn() -> bytes:
    return printing.draw(facts(claims="1~abc~BY-CLR-261122-0000418-6~1-3~3~3~13200.5~202611220914~06611~x"), CANONICAL)


@pytest.fixture(scope="module")
def prepared(signer: keys.FileSigner) -> paper.Prepared:
    return paper.prepare(drawn(), room=paper.room_for(signer, stamped=False), at=AT)


@pytest.fixture(scope="module")
def signed(signer: keys.FileSigner, prepared: paper.Prepared, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("papers") / "clearance.pdf"
    file.write_bytes(paper.seal(prepared, signer))
    return file


def run(*words: object) -> str:
    if not shutil.which(str(words[0])):
        pytest.skip(f"{words[0]} is not installed")
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_qpdf_finds_nothing_wrong(signed: Path) -> None:
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", signed)


def test_poppler_says_the_signature_is_valid_and_covers_the_whole_file(signed: Path) -> None:
    said = run("pdfsig", "-nocert", signed)
    for words in (
        "Signature is Valid",
        "Total document signed",
        "ETSI.CAdES.detached",
        "SHA-256",
        "Field Name: Clearance",
    ):
        assert words in said
    assert said.count("Signature #") == 1


def test_poppler_sees_one_flipped_byte(signed: Path, tmp_path: Path) -> None:
    body = bytearray(signed.read_bytes())
    body[body.index(b"(Clearance)") + 3] ^= 1
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(body)
    if shutil.which("pdfsig"):
        said = subprocess.run(["pdfsig", "-nocert", altered], capture_output=True, text=True, check=False).stdout
        assert "Signature is Valid" not in said


def test_both_files_come_out_as_they_went_in(signed: Path, tmp_path: Path) -> None:
    run("pdfdetach", "-saveall", "-o", tmp_path, signed)
    assert (tmp_path / "declaration.xml").read_bytes() == CANONICAL
    decided = json.loads((tmp_path / "decision.json").read_bytes())
    assert decided["format"] == "akno:clearance-decision:1"
    assert [one["agency"] for one in decided["agencies"]] == ["BY-DVPN", "BY-GGISKZR", "BY-MPR", "BY-GTK"]
    assert decided["items"]["released"] == [1, 2, 3]
    assert "name" not in decided["agencies"][0]["decisions"][0]["officer"]


def test_names_of_officers_are_data_only_where_they_are_on_the_paper() -> None:
    from app.clearance.evidence import decision_data

    one = facts().sign_offs[0]
    named = facts(sign_offs=(replace(one, signatures=(replace(one.signatures[0], name="Вольга Ціхая"),)),))
    assert "Вольга Ціхая" in decision_data(named).decode()
    assert decision_data(facts()) == decision_data(facts())


def test_it_stays_an_accessible_archive(signed: Path) -> None:
    """PDF/A-3a and PDF/UA-1 in one file, as far as can be seen without veraPDF; nothing of it is touched by the signature."""
    assert "Tagged:          yes" in run("pdfinfo", signed)
    with pikepdf.open(signed) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert "/StructTreeRoot" in root
        assert str(root.Lang).startswith("be")
        assert root.ViewerPreferences.DisplayDocTitle
        assert len(root.OutputIntents) == 1
        assert str(root.OutputIntents[0].S) == "/GTS_PDFA1"
        kinds = {str(one.UF): str(one.AFRelationship) for one in root.AF}
        assert kinds == {"declaration.xml": "/Source", "decision.json": "/Data"}
        metadata = root.Metadata.read_bytes().decode()
        for claim in ('part="3"', 'conformance="A"', "<pdfuaid:part>1</pdfuaid:part>"):
            assert claim in metadata
        assert not document.is_encrypted
        with pikepdf.open(io.BytesIO(drawn())) as plain:
            assert plain.Root.Metadata.read_raw_bytes() == root.Metadata.read_raw_bytes()
            assert {**plain.docinfo} == {**document.docinfo}


def test_it_certifies_and_allows_no_change_in_an_invisible_field(signed: Path, signer: keys.FileSigner) -> None:
    with pikepdf.open(signed) as document:
        field = document.Root.AcroForm.Fields[0]
        value = field.V
        assert str(value.SubFilter) == "/ETSI.CAdES.detached"
        assert document.Root.Perms.DocMDP.objgen == value.objgen
        reference = value.Reference[0]
        assert str(reference.TransformMethod) == "/DocMDP"
        assert int(reference.TransformParams.P) == 1
        assert [float(number) for number in field.get("/Rect", [0, 0, 0, 0])] == [0, 0, 0, 0]
        cms = bytes(value.Contents)
    for one in (signer.certificate, *signer.chain):
        from cryptography.hazmat.primitives.serialization import Encoding

        assert one.public_bytes(Encoding.DER) in cms, "the whole chain is in it"


def test_what_was_intended_is_what_was_signed(signed: Path, prepared: paper.Prepared) -> None:
    """The digest that went into the ledger can be computed again by anyone who has the file."""
    import hashlib

    body = signed.read_bytes()
    found = re.search(rb"/ByteRange \[(\d+) (\d+) +(\d+) (\d+) *\]", body)
    assert found is not None
    start, before, after, rest = map(int, found.groups())
    assert (start, after + rest) == (0, len(body))
    assert hashlib.sha256(body[:before] + body[after:]).hexdigest() == prepared.digest


def test_the_one_with_the_key_takes_no_other_place_than_an_empty_one(
    signer: keys.FileSigner, prepared: paper.Prepared
) -> None:
    for wrong in (
        replace(prepared, start=prepared.start - 1), replace(prepared, end=prepared.end + 1),
        replace(prepared, start=0, end=10), replace(prepared, pdf=paper.seal(prepared, signer)),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="place"):
            paper.seal(wrong, signer)
    with pytest.raises(ValueError, match="room"):
        paper.seal(paper.prepare(drawn(), room=600, at=AT), signer)


def test_a_signature_that_does_not_fit_its_certificate_never_leaves(
    prepared: paper.Prepared, signer: keys.FileSigner, tmp_path: Path
) -> None:
    """A token that signs with another key than it says is found out before anything is stored."""
    other = demo.ensure(tmp_path)
    mixed = keys.FileSigner(
        keys.open_file(other / "key.pem", other / "chain.pem")._key, (signer.certificate, *signer.chain)
    )
    with an_app().app_context(), pytest.raises(NoKey) as wrong:
        paper.seal(prepared, mixed)
    assert wrong.value.because == "key-foreign"


# --- time stamps ---------------------------------------------------------------------------------------------------


def an_app(**settings: object) -> Flask:
    app = Flask("paper")
    Babel(app)
    app.extensions["akno.settings"] = Settings(secret_key="s" * 40, **settings)  # type: ignore[arg-type]
    return app


def test_a_time_stamp_of_a_trusted_authority_is_in_it(signer: keys.FileSigner, tmp_path: Path) -> None:
    with authority.stamping(tmp_path) as tsa:
        with an_app(signing_tsa_url=tsa.url, signing_tsa_roots_file=tsa.root).app_context():
            prepared = paper.prepare(drawn(), room=paper.room_for(signer, stamped=True), at=AT)
            body = paper.seal(prepared, signer, stamping.stamper())
            file = tmp_path / "stamped.pdf"
            file.write_bytes(body)
            assert "Signature is Valid" in run("pdfsig", "-nocert", file)
            run("qpdf", "--check", file)
            from pyhanko.pdf_utils.reader import PdfFileReader

            signature = PdfFileReader(io.BytesIO(body)).embedded_signatures[0]
            unsigned = signature.signer_info["unsigned_attrs"]
            token = next(one for one in unsigned if one["type"].native == "signature_time_stamp_token")["values"][0]
            gen_time = token["content"]["encap_content_info"]["content"].parsed["gen_time"].native
            from app import clock

            assert abs(gen_time - clock.now()) < timedelta(minutes=1)

            # R28: down, it holds the paper back; stamps of a stranger do not count.
            tsa.answers = False
            with pytest.raises(NoKey) as wrong:
                paper.seal(prepared, signer, stamping.stamper())
            assert wrong.value.because == stamping.STAMP
            with pytest.raises(NoKey):
                stamping.probe()
            tsa.answers = True
            stamping.probe()
        stranger = demo.ensure(tmp_path / "other") / "root.pem"
        with an_app(signing_tsa_url=tsa.url, signing_tsa_roots_file=stranger).app_context(), pytest.raises(NoKey):
            paper.seal(prepared, signer, stamping.stamper())
        with an_app(signing_tsa_url=tsa.url).app_context(), pytest.raises(NoKey):
            stamping.probe()
    with an_app(signing_tsa_url=tsa.url, signing_tsa_roots_file=tsa.root).app_context(), pytest.raises(NoKey):
        stamping.probe()


def test_without_an_authority_nobody_is_asked() -> None:
    with an_app().app_context():
        assert stamping.stamper() is None
        stamping.probe()
