"""Papers without a window: drawn from made-up facts, signed by an authority made for the test, and whom to trust."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from app.clearance import printing
from app.signing import claims, demo, keys, listing, paper
from app.signing.claims import Claims
from app.signing.keys import FileSigner
from app.signing.listing import Ended, Listed
from app.signing.trust import Trust, key_id_of
from tests.clearance import sample

CODE = sample.CODE
AT = datetime(2026, 11, 22, 9, 14, tzinfo=UTC)
OTHER_CODE = CODE[::-1]


@dataclass(frozen=True)
class Authority:
    """A root, its key that signs papers, and the trust of those who believe it."""

    home: Path
    signer: FileSigner

    @property
    def trust(self) -> Trust:
        return Trust((self.signer.chain[-1],), (self.signer.certificate,))


def authority(home: Path) -> Authority:
    """Make one that calls itself the demonstration authority, as every one made so does."""
    folder = demo.ensure(home)
    return Authority(folder, keys.open_file(folder / "key.pem", folder / "chain.pem"))


def claimed(by: Authority, code: str = CODE, **changes: object) -> str:
    """The signed claims of the sample."""
    told = Claims(
        key_id_of(by.signer.certificate), sample.facts().number, "1-3", 3, 3, Decimal("13200.5"), AT, "06611"
    )  # fmt: skip
    return claims.write(replace(told, **changes), code, by.signer.sign)


def drawn(by: Authority, code: str = CODE) -> bytes:
    """A paper that is not signed."""
    address = f"https://akno.example.by/verify/{code}"
    return printing.draw(sample.facts(code=code, verify_url=address, claims=claimed(by, code)), sample.CANONICAL)


def signed(pdf: bytes, by: Authority, at: datetime = AT) -> bytes:
    """The same, certified as the window does it."""
    return paper.seal(paper.prepare(pdf, room=paper.room_for(by.signer, stamped=False), at=at), by.signer)


def listed(by: Authority, *ended: Ended, made_at: datetime = AT, serial: int = 1, **more: object) -> str:
    """A list of ended papers."""
    told = Listed(serial, made_at, made_at + timedelta(hours=24), "https://akno.example.by", ended, **more)
    return listing.write(told, (by.signer.certificate, *by.signer.chain), by.signer.sign)
