"""Archives made by hand, byte by byte: what no honest program writes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

STORED, DEFLATED = 0, 8
UTF8, STREAMED = 0x0800, 0x0008


@dataclass
class Part:
    """One entry; whatever is not given is what an honest program would write."""

    name: bytes
    body: bytes = b""
    method: int = DEFLATED
    flags: int = 0
    mode: int = 0
    crc: int | None = None
    size: int | None = None
    packed: int | None = None
    local_name: bytes | None = None
    local_method: int | None = None
    local_size: int | None = None
    descriptor: bytes | None = None
    start: int | None = None
    extra: bytes = b""

    def stored_body(self) -> bytes:
        """The bytes as they stand in the archive."""
        if self.method != DEFLATED:
            return self.body
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
        return squeeze.compress(self.body) + squeeze.flush()


def made(parts: list[Part], *, count: int | None = None, comment: bytes = b"", between: bytes = b"") -> bytes:
    """One archive of these parts; ``count`` is what the end record says, ``between`` stands before the directory."""
    out, directory = bytearray(), bytearray()
    for part in parts:
        body = part.stored_body()
        crc = zlib.crc32(part.body) if part.crc is None else part.crc
        packed = len(body) if part.packed is None else part.packed
        size = len(part.body) if part.size is None else part.size
        start = len(out) if part.start is None else part.start
        streamed = bool(part.flags & STREAMED)
        if part.start is None:
            name = part.name if part.local_name is None else part.local_name
            method = part.method if part.local_method is None else part.local_method
            told = (0, 0, 0) if streamed else (crc, packed, size if part.local_size is None else part.local_size)
            out += b"PK\x03\x04" + struct.pack("<5H", 20, part.flags, method, 0, 0x5421)
            out += struct.pack("<3L2H", *told, len(name), 0) + name + body
            if streamed:
                honest = b"PK\x07\x08" + struct.pack("<3L", crc, packed, size)
                out += honest if part.descriptor is None else part.descriptor
        directory += b"PK\x01\x02" + struct.pack("<6H", 0x0314, 20, part.flags, part.method, 0, 0x5421)
        directory += struct.pack("<3L3H", crc, packed, size, len(part.name), len(part.extra), 0)
        directory += struct.pack("<2H2L", 0, 0, (part.mode << 16) & 0xFFFFFFFF, start) + part.name + part.extra
    out += between
    number = len(parts) if count is None else count
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, number, number, len(directory), len(out), len(comment))
    return bytes(out + directory + end + comment)


def honest(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """What Python writes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


class Endless(io.RawIOBase):
    """A target that cannot seek: programs that stream write data descriptors into it."""

    def __init__(self) -> None:
        self.got = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.got += bytes(data)
        return len(data)


def streamed(files: dict[str, bytes]) -> bytes:
    """What Java and .NET write when they stream."""
    out = Endless()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        for name, body in files.items():
            archive.writestr(name, body)
    return bytes(out.got)


def table(xml: bytes) -> dict[str, tuple[bytes, str]]:
    """Every trick of the container table (trust.md A.5 ZIP) with the code it must be answered with."""
    ours = Part(b"declaration.xml", xml)
    other = Part(b"a.pdf", b"%PDF-1.4 something")
    zeros = bytes(100 * 1024 * 1024)
    flat = made([ours, other])
    prefixed = made([Part(b"x.txt", b"another archive")])
    inner = made([Part(b"b.pdf", b"x" * 10, STORED)])[: 30 + 5 + 10]
    outer = [ours, Part(b"a.bin", inner, STORED)]
    inside = made(outer).index(inner)
    return {
        "Z1 100 MB of zeros": (made([ours, Part(b"zeros.bin", zeros)]), "ZIP-BOMB"),
        "Z1 zeros that say they are few": (made([ours, Part(b"zeros.bin", zeros, size=10, crc=0)]), "ZIP-DAMAGED"),
        "Z1 201 files": (made([ours, *(Part(b"%d" % n) for n in range(200))]), "ZIP-BOMB"),
        "Z1 a ZIP in the ZIP": (made([ours, Part(b"inner.zip", flat)]), "ATTACHMENT-UNNAMED"),
        "Z2 fifty entries on one header": (made([ours, *(Part(b"declaration.xml", xml, start=0) for _ in range(49))]), "ZIP-DUPLICATE-NAME"),
        "Z2 two names on one header": (made([ours, Part(b"b.xml", xml, start=0)]), "ZIP-DAMAGED"),
        "Z2 one inside the other": (made([*outer, Part(b"b.pdf", b"x" * 10, STORED, start=inside)]), "ZIP-OVERLAP"),
        "Z3 says ten bytes, has more": (made([ours, Part(b"big.bin", b"x" * 5000, size=10)]), "ZIP-DAMAGED"),
        "Z3 says ten bytes and gives their CRC": (made([ours, Part(b"big.bin", b"x" * 5000, size=10, crc=zlib.crc32(b"x" * 10))]), "ZIP-DAMAGED"),
        "Z3 says more than it has": (made([ours, Part(b"big.bin", b"x" * 50, size=60)]), "ZIP-DAMAGED"),
        "Z4 up": (made([ours, Part(b"../../x.pdf")]), "ZIP-PATH"),
        "Z4 absolute": (made([ours, Part(b"/etc/x.pdf")]), "ZIP-PATH"),
        "Z4 drive": (made([ours, Part(b"C:\\w.pdf")]), "ZIP-PATH"),
        "Z4 backslash up": (made([ours, Part(b"a\\..\\b.pdf")]), "ZIP-PATH"),
        "Z4 share": (made([ours, Part(b"\\\\srv\\share.pdf")]), "ZIP-PATH"),
        "Z5 symlink": (made([ours, Part(b"link.pdf", b"/etc/passwd", mode=0o120777)]), "ZIP-LINK"),
        "Z5 device": (made([ours, Part(b"dev.pdf", mode=0o020666)]), "ZIP-LINK"),
        "Z5 pipe": (made([ours, Part(b"pipe.pdf", mode=0o010666)]), "ZIP-LINK"),
        "Z6 twice": (made([ours, ours]), "ZIP-DUPLICATE-NAME"),
        "Z6 another case": (made([ours, Part(b"DECLARATION.XML", xml)]), "ZIP-DUPLICATE-NAME"),
        "Z6 equal after NFC": (
            made([ours, Part("й.pdf".encode(), flags=UTF8), Part("и\u0306.pdf".encode(), flags=UTF8)]), "ZIP-DUPLICATE-NAME",
        ),
        "Z6 a dot behind": (made([ours, Part(b"a.pdf"), Part(b"a.pdf.")]), "ZIP-DUPLICATE-NAME"),
        "Z7 local name differs": (made([ours, Part(b"a.pdf", local_name=b"b.pdf")]), "ZIP-DAMAGED"),
        "Z7 local method differs": (made([ours, Part(b"a.pdf", b"x", local_method=STORED)]), "ZIP-DAMAGED"),
        "Z7 local size differs": (made([ours, Part(b"a.pdf", b"x", local_size=7)]), "ZIP-DAMAGED"),
        "Z8 before": (b"PK\x03\x04%PDF-1.4 polyglot" + flat, "ZIP-AMBIGUOUS"),
        "Z8 behind": (flat + b"more", "ZIP-AMBIGUOUS"),
        "Z8 two archives": (prefixed + flat, "ZIP-AMBIGUOUS"),
        "Z8 comment": (made([ours], comment=b"PK\x05\x06 and more"), "ZIP-AMBIGUOUS"),
        "Z8 between": (made([ours], between=b"hidden from the directory"), "ZIP-AMBIGUOUS"),
        "Z9 password": (made([Part(b"declaration.xml", xml, flags=1)]), "ZIP-ENCRYPTED"),
        "Z9 strong encryption": (made([Part(b"declaration.xml", xml, flags=0x41)]), "ZIP-ENCRYPTED"),
        "Z9 bzip2": (made([ours, Part(b"a.pdf", b"BZh9", method=12)]), "ZIP-METHOD"),
        "Z9 lzma": (made([ours, Part(b"a.pdf", b"x", method=14)]), "ZIP-METHOD"),
        "Z9 unknown method": (made([ours, Part(b"a.pdf", b"x", method=99)]), "ZIP-METHOD"),
        "Z9 descriptor with another CRC": (
            made([Part(b"declaration.xml", xml, flags=STREAMED, descriptor=b"PK\x07\x08" + bytes(12))]), "ZIP-DAMAGED",
        ),
        "Z9 wrong CRC": (made([Part(b"declaration.xml", xml, crc=1)]), "ZIP-DAMAGED"),
        "Z10 60 000 empty entries": (made([ours, *(Part(b"%d" % n, method=STORED) for n in range(60_000))]), "ZIP-BOMB"),
        "Z10 60 000 that say they are one": (
            made([ours, *(Part(b"%d" % n, method=STORED) for n in range(60_000))], count=1), "ZIP-AMBIGUOUS",
        ),
        "Z11 NUL": (made([ours, Part(b"a.pdf\x00.exe")]), "ZIP-PATH"),
        "Z11 line break": (made([ours, Part(b"a\r\nb.pdf")]), "ZIP-PATH"),
        "Z11 right to left": (made([ours, Part("inv\u202efdp.exe".encode(), flags=UTF8)]), "ZIP-PATH"),
        "Z11 4 KB": (made([ours, Part(b"a" * 4096)]), "ZIP-PATH"),
        "Z11 only dots": (made([ours, Part(b"...")]), "ZIP-PATH"),
        "Z11 no name": (made([ours, Part(b"")]), "ZIP-PATH"),
        "Z11 flagged UTF-8 that is none": (made([ours, Part(b"\xff\xfe.pdf", flags=UTF8)]), "ZIP-DAMAGED"),
        "Z12 nothing in it": (made([]), "ZIP-NO-DECLARATION"),
        "Z12 no declaration": (made([other]), "ZIP-NO-DECLARATION"),
        "Z12 in a folder": (made([Part(b"package/declaration.xml", xml)]), "ZIP-NO-DECLARATION"),
        "Z12 wrong case": (made([Part(b"Declaration.XML", xml)]), "ZIP-NO-DECLARATION"),
        "Z13 cut off": (flat[:-30], "ZIP-DAMAGED"),
        "Z13 only the first bytes": (flat[:12], "ZIP-DAMAGED"),
    }  # fmt: skip
