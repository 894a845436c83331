"""Every string a person reads goes through gettext, and the catalogues of be and ru are complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment

from app.access import RIGHTS, Permission
from app.clearance.lifecycle import CLEARANCE
from app.declarations.lifecycle import DECLARATION
from app.identity.lifecycle import MANDATE
from app.lifecycle import Lifecycle
from app.requirements import packaged
from app.reviews.lifecycle import REVIEW

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None}
METHODS = [("app/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
CODE = re.compile(r"<(code|pre|kbd)\b.*?</\1>", re.S)
"""What a program reads is the same in every language."""
TAG = re.compile(r"<!--.*?-->|<[^>]*>|&\w+;", re.S)
WORD = re.compile(r"[A-Za-zА-Яа-яЎўІіЁё]{3,}")

# Names and codes that read the same in every language.
SAME_EVERYWHERE = {
    "Akno", "XML", "ZIP", "JSON", "SHA", "WCO", "LRN", "CSV", "API", "UNP", "PDF", "EAEU", "Enter", "Esc", "curl", "Bearer",
    "Authorization", "POST", "declarations", "akno", "xml", "XLSX", "HTTP", "OpenAPI", "ETag", "Atom", "Feed", "Python", "api",
    "reference", "status", "json", "receiver", "verify", "webhook",
}  # fmt: skip


def _has_words(folder: str) -> bool:
    """Whether to look into a folder: Babel by itself passes over ``templates/_macros``."""
    return not Path(folder).name.startswith((".", "__"))


def used() -> set[str | tuple[str, ...]]:
    """Every message the code and the templates ask for."""
    found: set[str | tuple[str, ...]] = set()
    options = {f"templates/**.{kind}": {"silent": "false", "trimmed": "false"} for kind in ("html", "txt")}
    for folder in ("app", "templates"):
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, [(p.split("/", 1)[1], m) for p, m in METHODS if p.startswith(folder)],
            {k.split("/", 1)[1]: v for k, v in options.items()}, KEYWORDS, directory_filter=_has_words,
        ):  # fmt: skip
            found.add(message if isinstance(message, str) else tuple(message))
    return found


def catalogue(language: str) -> Catalog:
    """The committed catalogue."""
    with (ROOT / "app" / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", ["be", "ru"])
def test_every_message_is_translated(language: str) -> None:
    known = catalogue(language)
    untranslated = []
    for message in used():
        found = known.get(message if isinstance(message, str) else message[0])
        if found is None or found.fuzzy or not (all(found.string) if isinstance(found.string, tuple) else found.string):
            untranslated.append(message)
    assert untranslated == []


@pytest.mark.parametrize("language", ["be", "ru"])
def test_placeholders_and_plurals_agree(language: str) -> None:
    assert [(message.id, [str(error) for error in errors]) for message, errors in catalogue(language).check()] == []


@pytest.mark.parametrize("language", ["be", "ru"])
def test_nothing_is_translated_that_nobody_asks_for(language: str) -> None:
    asked = {message if isinstance(message, str) else message[0] for message in used()}
    left = [m.id for m in catalogue(language) if m.id and (m.id if isinstance(m.id, str) else m.id[0]) not in asked]
    assert left == []


def _bare_words(path: Path) -> Iterator[str]:
    """Words in a template that stand outside of any expression: nobody can translate them."""
    text = path.read_text(encoding="utf-8")
    shown = "".join(
        value if kind == "data" else " \x00 "
        for _line, kind, value in Environment().lex(text)
        if kind in ("data", "variable_begin")
    )
    inside_trans = re.compile(r"{%-?\s*trans.*?endtrans\s*-?%}", re.S)
    if inside_trans.search(text):
        stripped = inside_trans.sub("", text)
        shown = "".join(
            v if k == "data" else " \x00 "
            for _l, k, v in Environment().lex(stripped)
            if k in ("data", "variable_begin")
        )
    for word in WORD.findall(TAG.sub(" ", CODE.sub(" ", shown.replace("\x00", "")))):
        if word not in SAME_EVERYWHERE:
            yield word


def test_no_template_has_words_of_its_own() -> None:
    offenders = {
        str(path.relative_to(ROOT)): words
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if "paper" not in path.parts and (words := list(_bare_words(path)))
    }
    assert offenders == {}


def test_every_right_has_words() -> None:
    assert set(RIGHTS) == set(Permission)


@pytest.mark.parametrize("machine", [DECLARATION, REVIEW, CLEARANCE, MANDATE], ids=lambda machine: machine.subject)
def test_every_state_has_words(machine: Lifecycle) -> None:
    assert all(machine.words[state] for state in machine.states)


def test_every_kind_of_measure_has_a_name() -> None:
    table = packaged.table("measure_effects")
    assert [row["measure_type"] for row in table if not (row["name_be"] and row["name_ru"])] == []
    assert {measure.measure_type for measure in packaged.edition_rows().measures} <= {r["measure_type"] for r in table}


def test_every_note_of_a_measure_is_translated() -> None:
    said = {row["note_en"] for row in packaged.table("measure_notes") if row["note_be"] and row["note_ru"]}
    noted = {part.strip() for row in packaged.table("requirements") for part in row["note"].split(";")}
    assert noted - {""} == said


def test_every_act_behind_a_measure_has_a_name() -> None:
    named = {row["act"] for row in packaged.table("act_names") if row["name_be"] and row["name_ru"]}
    cited = {part.strip() for row in packaged.table("requirements") for part in row["legal_basis"].split(";")}
    assert cited - {""} == named
