"""Bytes as they are, in and out: how they are described in the OpenAPI document, and how they are answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Response, request

from app.api import door
from app.documents import serving

XML, ZIP = "application/xml", "application/zip"
BYTES: dict[str, Any] = {"type": "string", "format": "binary"}
TEXT: dict[str, Any] = {"type": "string"}
BODY, HEADERS = "x-body", "x-headers"
"""Under which names an operation carries what ``document`` puts in its place."""


def asked(words: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    """Describe an operation that takes a package as bytes, and its headers.

    flask-openapi writes over a body and parameters that it has not read off the function: ``document`` puts these in their
    place.
    """
    content = {XML: {"schema": TEXT}, ZIP: {"schema": BYTES}}
    return {BODY: {"required": True, "description": words, "content": content}, HEADERS: list(parameters)}


def header(
    name: str, words: str, *, required: bool = False, longest: int | None = None, choice: Sequence[str] = (), example: str = ""
) -> dict[str, Any]:  # fmt: skip
    """Describe a header of a request."""
    schema: dict[str, Any] = {"type": "string"}
    if longest is not None:
        schema |= {"minLength": 1, "maxLength": longest}
    if choice:
        schema["enum"] = list(choice)
    made = {"name": name, "in": "header", "required": required, "description": words, "schema": schema}
    return made | ({"example": example} if example else {})


def file_name(otherwise: str) -> str:
    """The name in X-File-Name: UTF-8, percent-encoded or as it is; at most 255 characters of it."""
    said = request.headers.get("X-File-Name", "").encode("latin-1", "replace")
    return unquote_to_bytes(said).decode("utf-8", "replace")[:255] or otherwise


def answer(data: bytes, name: str, *, tag: str) -> Response:
    """Answer with a package's bytes under a file name without its ending; ``tag`` is their digest."""
    kind, ending = (ZIP, "zip") if data[:2] == b"PK" else (XML, "xml")
    answer = serving.attachment(data, f"{name}.{ending}", kind, conditional=False)
    return door.tagged(answer, tag)
