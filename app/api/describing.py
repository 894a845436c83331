"""The OpenAPI document as people read it: operations with their parameters, bodies, answers, examples and a line of curl. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
FILES = {
    "application/xml": "package.xml",
    "application/zip": "package.zip",
    "application/pdf": "file.pdf",
    "image/jpeg": "file.jpg",
    "image/png": "file.png",
}
"""The file that a line of curl sends for a media type."""
_REF = "#/components/schemas/"
_PLACES = {"path": 0, "query": 1, "header": 2}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; ``place`` is path, query or header, ``kind`` its type and bounds in words."""

    name: str
    place: str
    kind: str
    words: str
    required: bool
    example: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a body or an answer holds: its media type, the shape it is made of (empty: bytes or text) and an example."""

    media_type: str
    shape: str
    example: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of an operation, with the headers that it names: (name, words)."""

    status: str
    words: str
    contents: tuple[Content, ...]
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a description, and the points of a list that it leads to."""

    text: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. ``summary`` and ``paragraphs`` are English, as in the document; a header that every operation takes is
    not among the parameters."""

    id: str
    tag: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[Paragraph, ...]
    needs_key: bool
    parameters: tuple[Parameter, ...]
    bodies: tuple[Content, ...]
    answers: tuple[Answer, ...]
    curl: str

    @property
    def good(self) -> Iterator[Answer]:
        """The answers that are no refusal."""
        return (one for one in self.answers if one.status < "400")

    @property
    def refusals(self) -> Iterator[Answer]:
        """The refusals, by status."""
        return (one for one in self.answers if one.status >= "400")


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a shape; ``shapes`` are those its type names, for links."""

    name: str
    kind: str
    shapes: tuple[str, ...]
    words: str
    required: bool


@dataclass(frozen=True, slots=True)
class Described:
    """A shape with its members."""

    name: str
    words: str
    members: tuple[Member, ...]


def tags(document: Document) -> list[tuple[str, str]]:
    """Return the resources: name and words, in the order of the document; those without an operation are left out."""
    used = {tag for _path, _method, operation in _every(document) for tag in operation.get("tags", ())}
    return [(one["name"], one.get("description", "")) for one in document.get("tags", ()) if one["name"] in used]


def operations(document: Document, tag: str | None = None) -> list[Operation]:
    """Return the operations of a resource, or all of them, in the order of the document."""
    return [
        _operation(document, path, method, said)
        for path, method, said in _every(document)
        if tag is None or tag in said.get("tags", ())
    ]


def shapes_of(document: Document, described: Iterable[Operation]) -> list[Described]:
    """Return every shape that these operations speak of, with those they contain, by name."""
    schemas = document["components"]["schemas"]
    waiting = {
        content.shape for one in described for content in (*one.bodies, *(c for a in one.answers for c in a.contents))
    }
    found: dict[str, Described] = {}
    while waiting:
        name = waiting.pop()
        if name and name not in found and name in schemas:
            found[name] = described_shape(name, schemas[name])
            waiting |= {inner for member in found[name].members for inner in member.shapes}
    return [found[name] for name in sorted(found)]


def described_shape(name: str, schema: Mapping[str, Any]) -> Described:
    """Return one shape of the document with its members in their order."""
    required = set(schema.get("required", ()))
    members = tuple(
        Member(key, kind_of(said), tuple(_named(said)), said.get("description", ""), key in required)
        for key, said in schema.get("properties", {}).items()
    )
    return Described(name, " ".join(schema.get("description", "").split()), members)


def kind_of(schema: Mapping[str, Any]) -> str:
    """Return the type of a schema in words: ``string (date)``, ``integer 1–1000``, ``list of GoodsShape``, ``a | b``."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REF)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(kind_of(one) for one in schema[several]))
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    if "enum" in schema:
        return " | ".join(json.dumps(one, ensure_ascii=False) for one in schema["enum"])
    return _plain(schema)


def _plain(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), Mapping) and not schema.get("properties"):
        return f"object of {kind_of(schema['additionalProperties'])}"
    form = f" ({schema['format']})" if "format" in schema else ""
    least, most = schema.get("minimum", schema.get("minLength")), schema.get("maximum", schema.get("maxLength"))
    signs = " characters" if "maxLength" in schema or "minLength" in schema else ""
    if least is not None and most is not None:
        return f"{kind}{form} {least}\N{EN DASH}{most}{signs}"
    if most is not None:
        return f"{kind}{form} \N{LESS-THAN OR EQUAL TO} {most}{signs}"
    return f"{kind}{form}" + (f" \N{GREATER-THAN OR EQUAL TO} {least}{signs}" if least is not None else "")


def _named(schema: Any) -> Iterator[str]:
    """The names of the shapes that a schema points to, at any depth."""
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            yield str(schema["$ref"]).removeprefix(_REF)
        for value in schema.values():
            yield from _named(value)
    elif isinstance(schema, list | tuple):
        for value in schema:
            yield from _named(value)


def _every(document: Document) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, said in document["paths"].items():
        for method in METHODS:
            if method in said:
                yield path, method, said[method]


def _operation(document: Document, path: str, method: str, said: Mapping[str, Any]) -> Operation:
    needs_key = [] not in [list(one) for one in said.get("security", [])]
    everywhere = _taken_everywhere(document)
    named = [one for one in map(_parameter, said.get("parameters", ())) if (one.place, one.name) not in everywhere]
    parameters = tuple(sorted(named, key=lambda one: _PLACES.get(one.place, 9)))
    bodies = tuple(_contents(document, said.get("requestBody", {}).get("content", {})))
    return Operation(
        id=said["operationId"],
        tag=said.get("tags", [""])[0],
        method=method.upper(),
        path=path,
        summary=said.get("summary", "").rstrip("."),
        paragraphs=tuple(map(_paragraph, filter(str.strip, re.split(r"\n\s*\n", said.get("description", ""))))),
        needs_key=needs_key,
        parameters=parameters,
        bodies=bodies,
        answers=_answers(document, said["responses"]),
        curl=_curl(method, path, parameters, bodies, needs_key),
    )


def _taken_everywhere(document: Document) -> set[tuple[str, str]]:
    """The headers that every operation takes: (place, name)."""
    each = [{(str(one["in"]), one["name"]) for one in said.get("parameters", ())} for _p, _m, said in _every(document)]
    return {(place, name) for place, name in set.intersection(*each) if place == "header"} if len(each) > 1 else set()


def _paragraph(block: str) -> Paragraph:
    text, *points = re.split(r"(?:^|\s)\* ", f" {block.strip()}")
    return Paragraph(" ".join(text.split()), tuple(" ".join(point.split()) for point in points))


def _parameter(said: Mapping[str, Any]) -> Parameter:
    schema = said.get("schema", {})
    examples = schema.get("examples") or [said.get("example", schema.get("example", ""))]
    return Parameter(
        name=said["name"],
        place=str(said["in"]),
        kind=kind_of(schema),
        words=said.get("description", ""),
        required=bool(said.get("required")),
        example=str(examples[0]),
    )


def _answers(document: Document, said: Mapping[str, Any]) -> tuple[Answer, ...]:
    """The answers by status; headers that every one of them has are said once for all operations and left out here."""
    everywhere = set.intersection(*(set(one.get("headers", {})) for one in said.values())) if len(said) > 1 else set()
    return tuple(_answer(document, status, one, everywhere) for status, one in sorted(said.items()))


def _answer(document: Document, status: str, said: Mapping[str, Any], left_out: Collection[str]) -> Answer:
    headers = tuple(
        (name, one.get("description", "")) for name, one in said.get("headers", {}).items() if name not in left_out
    )
    return Answer(
        str(status), said.get("description", ""), tuple(_contents(document, said.get("content", {}))), headers
    )


def _contents(document: Document, said: Mapping[str, Any]) -> Iterator[Content]:
    for media_type, one in said.items():
        shape = next(_named(one.get("schema", {})), "")
        yield Content(media_type, shape, _example(document, one, shape))


def _example(document: Document, said: Mapping[str, Any], shape: str) -> str:
    """The example of a content: its own, else the first of its shape; JSON is indented, text stays as it is."""
    named = next((one.get("value") for one in said.get("examples", {}).values()), None)
    example = said.get("example", named)
    if example is None and shape:
        example = next(iter(document["components"]["schemas"].get(shape, {}).get("examples", ())), None)
    if example is None:
        return ""
    return example if isinstance(example, str) else json.dumps(example, ensure_ascii=False, indent=2)


def _curl(method: str, path: str, parameters: Sequence[Parameter], bodies: Sequence[Content], needs_key: bool) -> str:
    """One call, as it is typed: variables of the shell stand for the key and for what stands in the path."""
    address = re.sub(r"\{(\w+)\}", lambda found: f"${found[1].upper()}", path)
    asked = [f"{one.name}={one.example}" for one in parameters if one.place == "query" and one.required and one.example]
    words = [
        f'curl -s{"" if method == "get" else f" -X {method.upper()}"} "$AKNO{address}{"?" + "&".join(asked) if asked else ""}"'
    ]
    if needs_key:
        words.append('-H "Authorization: Bearer $AKNO_KEY"')
    words += [f'-H "{one.name}: {one.example}"' for one in parameters if one.place == "header" and one.required]
    if bodies:
        words += _sent(bodies[0])
    return " \\\n  ".join(words)


def _sent(body: Content) -> list[str]:
    kind = f'-H "Content-Type: {body.media_type}"'
    if body.media_type != "application/json":
        return [kind, f"--data-binary @{FILES.get(body.media_type, 'file')}"]
    compact = json.dumps(json.loads(body.example), ensure_ascii=False) if body.example else "{}"
    return [kind, "-d '" + compact.replace("'", "'\\''") + "'"]
