"""The key of the window from a file and from a token, and every way in which it counts as none (trust.md S-KEY, S-SECRETS)."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from flask import Flask
from flask_babel import Babel

from app.signing import demo, keys, tokens
from app.signing.keys import NoKey
from config import Settings

pytestmark = pytest.mark.pure
SECRET = "only for tests: 0123456789abcdef0123456789abcdef"
MODULE = next(
    (file for file in map(Path, ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so")) if file.exists()),
    None,
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return demo.ensure(tmp_path / "signing")


def an_app(**settings: object) -> Flask:
    """An application that has its settings and nothing else."""
    app = Flask("keys")
    Babel(app)
    app.extensions["akno.settings"] = Settings(secret_key=SECRET, **settings)  # type: ignore[arg-type]
    return app


def because(app: Flask) -> str:
    with app.app_context(), pytest.raises(NoKey) as wrong:
        keys.signer()
    assert str(wrong.value.message)
    assert wrong.value.status == 503
    return wrong.value.because


def test_a_key_from_a_file_signs_and_its_chain_leads_to_the_root(home: Path) -> None:
    app = an_app(
        signing_key_file=home / "key.pem", signing_certificate_file=home / "chain.pem", signing_roots_file=home / "root.pem"
    )  # fmt: skip
    with app.app_context():
        signer = keys.signer()
        assert keys.bears_out(signer.certificate, signer.sign(b"akno"), b"akno")
        assert not keys.bears_out(signer.certificate, signer.sign(b"akno"), b"other")
        assert keys.signer() is signer, "opened once"
        assert keys.trusted() == signer.chain[-1:]
        assert signer.fingerprint == signer.certificate.fingerprint(hashes.SHA256()).hex()


def test_the_demonstration_says_what_it_is_and_test_mode_has_a_key_of_its_own(tmp_path: Path) -> None:
    settings = Settings(secret_key=SECRET, demonstration=True, storage_dir=tmp_path / "storage")
    live, test = Flask("live"), Flask("test")
    live.extensions["akno.settings"], test.extensions["akno.settings"] = settings, settings.for_rehearsal()
    with live.app_context():
        ours, root = keys.signer(), keys.trusted()
    with test.app_context():
        theirs, other = keys.signer(), keys.trusted()
    name = ours.certificate.subject.rfc4514_string()
    assert "DEMONSTRATION" in name
    assert "НЕ АФІЦЫЙНА" in name
    assert "TEST" in theirs.certificate.subject.rfc4514_string()
    assert ours.fingerprint != theirs.fingerprint
    assert root != other
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "signing").rglob("*.*") if file.is_file()} == {0o600}
    # Test mode never signs with the live key, even where one is set.
    chosen = settings.model_copy(update={"signing_certificate_file": tmp_path / "signing/demo/chain.pem",
                                         "signing_key_file": tmp_path / "signing/demo/key.pem"})  # fmt: skip
    test.extensions["akno.settings"] = chosen.for_rehearsal()
    with test.app_context():
        assert keys.signer().fingerprint == theirs.fingerprint


def test_many_at_once_make_one_authority(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = set(threads.map(lambda _n: (demo.ensure(tmp_path) / "root.pem").read_bytes(), range(8)))
    assert len(made) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["demo"]


def test_without_a_key_nothing_is_signed(tmp_path: Path) -> None:
    assert because(an_app()) == "no-key"
    assert (
        because(an_app(signing_key_file=tmp_path / "gone.pem", signing_certificate_file=tmp_path / "gone")) == "no-key"
    )


def test_a_key_that_others_can_read_is_refused(home: Path) -> None:
    (home / "key.pem").chmod(0o640)
    app = an_app(signing_key_file=home / "key.pem", signing_certificate_file=home / "chain.pem")
    assert because(app) == "key-open-to-others"
    (home / "key.pem").chmod(0o600)
    with app.app_context():
        assert keys.signer()


def test_a_key_behind_a_password(home: Path, tmp_path: Path) -> None:
    key = load_pem_private_key((home / "key.pem").read_bytes(), None)
    (home / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"long words"))
    )
    files = {"signing_key_file": home / "key.pem", "signing_certificate_file": home / "chain.pem"}
    assert because(an_app(**files)) == "key-unreadable"
    password = tmp_path / "password"
    password.write_text("long words\n")
    with an_app(**files, signing_password_file=password).app_context():
        assert keys.signer()
    password.write_text("wrong")
    assert because(an_app(**files, signing_password_file=password)) == "key-unreadable"


def a_leaf(home: Path, key: object, *, usage: bool = True, ca: bool = False, days: tuple[int, int] = (-1, 30)) -> bytes:
    """A certificate under the demonstration root that differs from a good one in one thing."""
    from datetime import timedelta

    from app import clock

    root_key = load_pem_private_key((home / "root.key").read_bytes(), None)
    root = x509.load_pem_x509_certificate((home / "root.pem").read_bytes())
    builder = (
        x509.CertificateBuilder()
        .subject_name(root.subject)
        .issuer_name(root.subject)
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() + timedelta(days=days[0]))
        .not_valid_after(clock.now() + timedelta(days=days[1]))
        .public_key(key.public_key())  # type: ignore[attr-defined]
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(demo._usage(signs=usage), critical=True)
    )
    return builder.sign(root_key, hashes.SHA256()).public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM)


P256, P384 = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())


@pytest.mark.parametrize(
    ("key", "changes", "said"),
    [
        (P256, {"usage": False}, "wrong-usage"),
        (P256, {"ca": True}, "wrong-usage"),
        (P256, {"days": (-30, -1)}, "ended"),
        (P256, {"days": (1, 30)}, "not-yet"),
        (P384, {}, "key-kind"),
        (rsa.generate_private_key(65537, 2048), {}, "key-kind"),
    ],
)
def test_a_certificate_that_is_not_for_this_is_refused(home: Path, key: object, changes: dict, said: str) -> None:
    (home / "chain.pem").write_bytes(a_leaf(home, key, **changes))
    (home / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))  # type: ignore[attr-defined]
    assert because(an_app(signing_key_file=home / "key.pem", signing_certificate_file=home / "chain.pem")) == said


def test_a_foreign_certificate_and_a_broken_chain_are_refused(home: Path, tmp_path: Path) -> None:
    app = an_app(signing_key_file=home / "key.pem", signing_certificate_file=home / "chain.pem")
    own = (home / "chain.pem").read_bytes()
    (home / "chain.pem").write_bytes(a_leaf(home, P256))
    assert because(app) == "key-foreign"
    other = demo.ensure(tmp_path / "other")
    (home / "chain.pem").write_bytes(own[: own.index(b"-----END") + 26] + (other / "root.pem").read_bytes())
    assert because(app) == "chain"
    (home / "chain.pem").write_text("nothing")
    assert because(app) == "chain-unreadable"


def test_renewed_files_are_another_key_without_a_restart(home: Path) -> None:
    app = an_app(signing_key_file=home / "key.pem", signing_certificate_file=home / "chain.pem")
    with app.app_context():
        first = keys.signer()
        demo.renew(home.parent)
        second = keys.signer()
        assert first.fingerprint != second.fingerprint
        assert first.chain == second.chain


# --- a token -------------------------------------------------------------------------------------------------------

_TALKS = """
import sys
from pathlib import Path
from flask import Flask
from flask_babel import Babel
from app.signing import keys
from config import Settings

folder = Path(sys.argv[1])
app = Flask("token")
Babel(app)
app.extensions["akno.settings"] = Settings(
    secret_key="s" * 40, signing_certificate_file=folder / sys.argv[2], signing_pkcs11_module=Path(sys.argv[3]),
    signing_pkcs11_token="akno", signing_pkcs11_key=sys.argv[4], signing_pkcs11_pin_file=folder / sys.argv[5],
)
with app.app_context():
    try:
        signer = keys.signer()
        for word in (b"one", b"two"):
            assert keys.bears_out(signer.certificate, signer.sign(word), word)
        print(type(signer).__name__, signer.fingerprint)
    except keys.NoKey as wrong:
        print("NoKey", wrong.because)
"""
"""Talks to the token in a process of its own: the library of a token reads its configuration once per process."""


@pytest.mark.skipif(MODULE is None, reason="softhsm2 is not installed")
def test_a_key_that_never_leaves_its_token(home: Path, tmp_path: Path) -> None:
    """A real PKCS#11 token (SoftHSM 2): the right key signs; a wrong PIN, label or certificate is no key."""
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(
        f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\n"
    )
    environment = os.environ | {"SOFTHSM2_CONF": str(tmp_path / "softhsm2.conf")}

    def run(*words: object) -> str:
        done = subprocess.run(list(map(str, words)), env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    run("softhsm2-util", "--init-token", "--free", "--label", "akno", "--so-pin", "0000", "--pin", "1234")
    run(
        "softhsm2-util",
        "--import",
        home / "key.pem",
        "--token",
        "akno",
        "--label",
        "paper",
        "--id",
        "01",
        "--pin",
        "1234",
    )
    for name, body in (("pin", "1234\n"), ("bad-pin", "4321"), ("open-pin", "1234")):
        (tmp_path / name).write_text(body)
        (tmp_path / name).chmod(0o644 if name == "open-pin" else 0o600)
    (tmp_path / "chain.pem").write_bytes((home / "chain.pem").read_bytes())
    (tmp_path / "foreign.pem").write_bytes(a_leaf(home, P256))

    def talk(chain: str = "chain.pem", label: str = "paper", pin: str = "pin") -> str:
        from config import ROOT

        return run(ROOT / ".venv/bin/python", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{_TALKS}", tmp_path, chain, MODULE, label, pin)  # fmt: skip

    fingerprint = keys.fingerprint_of(keys.read_chain(home / "chain.pem")[0])
    assert talk() == f"TokenSigner {fingerprint}"
    assert talk(label="other") == "NoKey token"
    assert talk(pin="bad-pin") == "NoKey token"
    assert talk(pin="open-pin") == "NoKey key-open-to-others"
    assert talk(chain="foreign.pem") == "NoKey key-foreign"


def test_a_module_that_is_not_there_is_no_key(home: Path, tmp_path: Path) -> None:
    pin = tmp_path / "pin"
    pin.write_text("1")
    pin.chmod(0o600)
    settings = Settings(secret_key=SECRET, signing_pkcs11_module=tmp_path / "gone.so", signing_pkcs11_pin_file=pin)
    with an_app().app_context(), pytest.raises(NoKey) as wrong:
        tokens.open_token(settings, keys.read_chain(home / "chain.pem"))
    assert wrong.value.because == "token"
