"""One frozen Settings, read once from the environment; nothing else reads it."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"


class Settings(BaseSettings):
    """Every setting of the window, from ``AKNO_*`` variables; secrets may also come as ``AKNO_*_FILE``.

    Raises pydantic's ValidationError, which names the variable, when a value cannot be used.
    """

    model_config = SettingsConfigDict(env_prefix="AKNO_", frozen=True, extra="ignore")

    demonstration: bool = Field(
        default=False,
        description="the demonstration country: a demo authority signs, files need no scanner, codes of made-up people are shown",
    )
    database_url: str = f"sqlite:///{INSTANCE / 'akno.db'}"
    rehearsal: bool = Field(default=False, description="whether this is the window of test mode, where nothing counts")
    rehearsal_database_url: str = Field(
        default="",
        description="database of test mode; on SQLite a file beside the live one, on PostgreSQL to be named: a second database",
    )
    storage_dir: Path = INSTANCE / "storage"
    signing_key_file: Path | None = Field(default=None, description="PEM key that signs clearances, P-256, mode 600")
    signing_password_file: Path | None = Field(default=None, description="file with the password of that key")
    signing_certificate_file: Path | None = Field(
        default=None, description="PEM: the certificate of the signing key first, its root last"
    )
    signing_pkcs11_module: Path | None = Field(
        default=None, description="library of the token or HSM that holds the key"
    )
    signing_pkcs11_token: str = Field(default="", description="label of the token")
    signing_pkcs11_key: str = Field(default="", description="label of the key on the token")
    signing_pkcs11_pin_file: Path | None = Field(default=None, description="file with the token's PIN, mode 600")
    signing_roots_file: Path | None = Field(default=None, description="PEM: the roots that our signatures lead to")
    signing_tsa_url: str = Field(default="", description="RFC 3161 time-stamp authority; empty: no time stamps")
    signing_tsa_roots_file: Path | None = Field(
        default=None, description="PEM: roots of the time-stamp authority; empty: signing_roots_file"
    )
    log_origin: str = Field(
        default="", description="name of the transparency log in checkpoints; empty: the host of base_url and /log"
    )
    log_key_file: Path | None = Field(default=None, description="PEM key (Ed25519) that signs checkpoints, mode 600")
    log_copies_dir: Path | None = Field(
        default=None, description="where every checkpoint is copied outside the database; empty: in the store"
    )
    log_witnesses: tuple[str, ...] = Field(
        default=(), description='witnesses that cosign our checkpoints, each "address verifier-key"'
    )
    witness_for: tuple[str, ...] = Field(default=(), description="verifier keys of logs whose checkpoints we cosign")
    witness_name: str = Field(default="", description="our name as a witness; empty: the host of base_url and /witness")
    witness_key_file: Path | None = Field(default=None, description="PEM key (Ed25519) that cosigns, mode 600")
    secret_key: SecretStr = SecretStr("")
    secret_key_file: Path = INSTANCE / "secret_key"
    base_url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    secure_cookies: bool = False
    languages: tuple[str, ...] = ("be", "ru", "en")
    default_language: Literal["be", "ru", "en"] = "be"
    time_zone: str = "Europe/Minsk"
    scanner: Literal["none", "clamd"] = Field(
        default="none", description="looks for malicious software; with none, files are held outside the demonstration"
    )
    clamd_socket: str = Field(default="/run/clamav/clamd.ctl", description="path of clamd's socket, or host:port")
    scanner_max_bytes: int = Field(
        default=60 * 1024 * 1024, ge=1024, description="of one scan; clamd's StreamMaxLength must not be less"
    )
    scanner_seconds: float = Field(default=60.0, gt=0, description="the longest scan of one file")
    scanner_oldest_days: int = Field(default=7, ge=1, description="a signature set that is older counts as no scanner")
    idle_minutes: int = Field(default=30, ge=1)
    session_hours: int = Field(default=12, ge=1)
    sign_in_attempts: int = Field(default=10, ge=1, description="wrong passwords per account and address in the window")
    sign_in_window_minutes: int = Field(default=5, ge=1)
    factors_required_of: tuple[str, ...] = Field(
        default=("agency", "operator", "auditor"),
        description="kinds of organisations whose people need a second factor; others may have one",
    )
    step_up_minutes: int = Field(default=15, ge=1, description="how long a proof of who one is holds for signing")
    factor_attempts: int = Field(default=5, ge=1, description="wrong codes of a second factor in the sign-in window")
    oidc_issuer: str = Field(
        default="", description="identity provider (OpenID Connect) of one agency; none when empty"
    )
    oidc_client_id: str = ""
    oidc_client_secret_file: Path | None = None
    oidc_agency: str = Field(default="", description="code of the agency whose people sign in there, such as BY-GTK")
    oidc_name: str = Field(default="", description="what the button calls the provider; its host when empty")
    argon2_memory_kib: int = Field(default=19456, ge=8)
    max_request_bytes: int = Field(default=60 * 1024 * 1024, ge=1024)
    max_xml_bytes: int = Field(default=5 * 1024 * 1024, ge=1024)
    max_attachment_bytes: int = Field(default=20 * 1024 * 1024, ge=1024)
    claim_minutes: int = Field(default=30, ge=1)
    api_requests_per_minute: int = Field(default=600, ge=0, description="of one API key in any 60 seconds; 0: no limit")
    api_requests_per_minute_without_key: int = Field(default=60, ge=0, description="of one address; 0: no limit")
    executor_id: str = "worker-1"
    application_version: str = "1"
    job_poll_seconds: float = Field(default=0.2, gt=0)
    officer_names_on_paper: bool = False
    mail: Literal["file", "smtp"] = Field(default="file", description="letters go into a folder, or to a mail server")
    mail_dir: Path = INSTANCE / "mail"
    mail_from: str = "no-reply@akno.example"
    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="smtps://user:password@host, smtp+starttls://…, or smtp:// inside one's own network",
    )

    webhook_allow_loopback: bool = Field(
        default=False,
        description="webhooks may lead to this machine, without TLS: for the demonstration and the tests only",
    )

    @field_validator("base_url")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @model_validator(mode="before")
    @classmethod
    def _secret_from_file(cls, data: Any) -> Any:
        if isinstance(data, dict) and not data.get("secret_key"):
            file = Path(data.get("secret_key_file") or INSTANCE / "secret_key")
            if file.is_file():
                data["secret_key"] = file.read_text(encoding="ascii").strip()
        return data

    @model_validator(mode="after")
    def _secret_is_strong(self) -> Settings:
        if len(self.secret_key.get_secret_value()) < 32:
            raise ValueError(
                "AKNO_SECRET_KEY needs at least 32 characters; `flask setup secrets` writes one to instance/secret_key"
            )
        return self

    @model_validator(mode="after")
    def _mail_has_a_way(self) -> Settings:
        where = urlsplit(self.smtp_url.get_secret_value())
        known = where.scheme in ("smtp", "smtps", "smtp+starttls") and bool(where.hostname)
        if self.mail == "smtp" and not known:
            raise ValueError(
                "AKNO_SMTP_URL must name the mail server when AKNO_MAIL is smtp: smtps://user:password@host"
            )
        return self

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Settings:
        if not self.oidc_issuer:
            return self
        if not (self.oidc_client_id and self.oidc_agency and self.oidc_client_secret_file):
            raise ValueError(
                "AKNO_OIDC_ISSUER needs AKNO_OIDC_CLIENT_ID, AKNO_OIDC_CLIENT_SECRET_FILE and AKNO_OIDC_AGENCY beside it"
            )
        if not self.demonstration and urlsplit(self.oidc_issuer).scheme != "https":
            raise ValueError("AKNO_OIDC_ISSUER must begin with https://")
        return self

    @classmethod
    def from_env(cls) -> Settings:
        """Read the environment once; raises ValidationError naming what is missing."""
        return cls()

    @property
    def engine_name(self) -> Literal["sqlite", "postgresql"]:
        """Which of the two databases carries the window."""
        return "sqlite" if self.database_url.startswith("sqlite") else "postgresql"

    @property
    def signing_home(self) -> Path:
        """Where the demonstration authority and that of test mode keep their keys: beside the store, never in it."""
        return (self.storage_dir.parent if self.rehearsal else self.storage_dir).parent / "signing"

    @property
    def log_home(self) -> Path:
        """Where the keys of the log and of the witness are unless told otherwise: beside the store, never in it."""
        if self.rehearsal:
            return self.storage_dir.parent.parent / "log" / "test"
        return self.storage_dir.parent / "log"

    @property
    def rehearses_at(self) -> str:
        """The database of test mode, ``""`` where none is set up: ``akno.rehearsal.db`` beside a live ``akno.db``."""
        if self.rehearsal_database_url or self.engine_name != "sqlite":
            return self.rehearsal_database_url
        stem, dot, ending = self.database_url.rpartition(".")
        return f"{stem}.rehearsal.{ending}" if dot and "/" not in ending else f"{self.database_url}.rehearsal"

    def for_rehearsal(self) -> Settings:
        """Return the settings of the second window, of test mode: everything its own that a package could touch.

        Raises ValueError when no database is set up for it, or when it would be the live one.
        """
        if self.rehearses_at in ("", self.database_url):
            raise ValueError("AKNO_REHEARSAL_DATABASE_URL must name a database of its own for test mode")
        return self.model_copy(
            update={
                "rehearsal": True,
                "database_url": self.rehearses_at,
                "storage_dir": self.storage_dir / "rehearsal",
                "mail_dir": self.mail_dir / "rehearsal",
                "executor_id": f"{self.executor_id}-rehearsal",
                "log_origin": "",
                "log_key_file": self.log_key_file and self.log_key_file.with_name(f"test-{self.log_key_file.name}"),
                "log_copies_dir": self.log_copies_dir and self.log_copies_dir / "test",
                "log_witnesses": (),
                "witness_for": (),
            }
        )


def write_secret(file: Path = INSTANCE / "secret_key") -> Path:
    """Create the secret key file (mode 600) unless it is there already; returns its path."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return file
