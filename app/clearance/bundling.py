"""``verify-clearance`` as one file: a wheel of the pure modules behind it, the same bytes whenever it is made.

In the wheel the package ``app`` is called ``akno_verify``; whatever a module imports beside the standard library and the
libraries named here stops the making.
"""

from __future__ import annotations

import hashlib
from functools import cache

from app.intake import bundling as wheels
from config import ROOT

NAME, PACKAGE, VERSION = "akno-verify", "akno_verify", "1.0.0"
ENTRY = "app.signing.verifier"
REQUIRES = ("pyhanko>=0.38,<0.39", "cryptography>=50", "pikepdf>=10.17")
ALLOWED = frozenset({"pyhanko", "pyhanko_certvalidator", "asn1crypto", "cryptography", "pikepdf"})
"""``asn1crypto`` and ``pyhanko_certvalidator`` come with pyHanko."""


@cache
def bundle() -> wheels.Bundle:
    """Return the wheel, made once per process."""
    words = f'"""Verify clearances of the Single Window Akno on this machine alone."""\n\n__version__ = "{VERSION}"\n'
    files = {
        f"{PACKAGE}/__init__.py": words.encode(),
        f"{PACKAGE}/__main__.py": f"import sys\n\nfrom {PACKAGE}.signing.verifier import main\n\nsys.exit(main())\n".encode(),
    }
    for module in modules():
        path = wheels.path_of(module)
        renamed = wheels.renamed(path.read_text("utf-8"), PACKAGE)
        files[f"{PACKAGE}/{path.relative_to(ROOT / 'app').as_posix()}"] = renamed.encode()
    data = wheels.wheel(files | _described(), PACKAGE, VERSION)
    name = f"{PACKAGE}-{VERSION}-py3-none-any.whl"
    return wheels.Bundle(name, data, hashlib.sha256(data).hexdigest(), VERSION, "")


@cache
def modules() -> tuple[str, ...]:
    """Return the modules that travel, by their names here."""
    return wheels.closure(ENTRY, ALLOWED)


def _described() -> dict[str, bytes]:
    about = f"{PACKAGE}-{VERSION}.dist-info"
    needs = "".join(f"Requires-Dist: {one}\n" for one in REQUIRES)
    metadata = (
        f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\n"
        f"Summary: Verify clearances of the Single Window Akno without network\nRequires-Python: >=3.11\n{needs}"
    )
    return {
        f"{about}/METADATA": metadata.encode(),
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nGenerator: akno\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": f"[console_scripts]\nverify-clearance = {PACKAGE}.signing.verifier:main\n".encode(),
    }
