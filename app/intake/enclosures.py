"""The files of a ZIP beside the documents that name them, pure: missing, altered, named by nobody. Bytes are only compared."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping

from app.declarations.package import Package, SupportingDocument
from app.errors import Fault
from app.intake.words import fault


def named_files(package: Package) -> dict[str, SupportingDocument]:
    """Return the documents that name a file, by that name (Unicode NFC)."""
    return {unicodedata.normalize("NFC", one.file_name): one for one in package.all_documents if one.file_name}


def sent_along(package: Package, files: Mapping[str, bytes]) -> frozenset[str]:
    """Return the paths of the documents whose very file came in the ZIP; nothing need be stored for that."""
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    return frozenset(
        one.path
        for one in package.all_documents
        if one.file_sha256 and hashes.get(unicodedata.normalize("NFC", one.file_name)) == one.file_sha256.lower()
    )


def match_container(package: Package, files: Mapping[str, bytes]) -> list[Fault]:
    """Compare the ZIP with what the documents name: files that are missing, altered or named by nobody.

    A ZIP that holds no file beside its declaration is judged as the bare declaration: the files may be in the library.
    """
    if not files:
        return []
    faults = []
    named = set()
    for declared in package.all_documents:
        if not declared.file_name:
            continue
        name = unicodedata.normalize("NFC", declared.file_name)
        named.add(name)
        if name not in files:
            faults.append(fault("ATTACHMENT-MISSING", value=declared.file_name, path=declared.path))
        elif declared.file_sha256 and hashlib.sha256(files[name]).hexdigest() != declared.file_sha256.lower():
            faults.append(fault("ATTACHMENT-HASH", value=declared.file_name, path=declared.path))
    faults += [fault("ATTACHMENT-UNNAMED", value=name) for name in sorted(set(files) - named)]
    return faults
