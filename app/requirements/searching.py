"""Goods codes by words in Belarusian, Russian or English: folded, by stems and beginnings of words, best first. Pure.

A code is known by its own names and, with less weight, by those of its heading and chapter (most subheadings have a name in
English alone), and by everyday words (``goods_words.csv``: "beef" stands in no name of the classification).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.requirements import packaged
from app.requirements.compiling import CompiledEdition
from app.requirements.rows import GoodsCodeRow

LANGUAGES = ("be", "ru", "en")
MOST = 30
"""Codes of one answer."""
MOST_WORDS = 12
"""Words of a question that are looked for; the rest is left out."""
KEPT = 3
"""Indexes kept in the process: of the edition in force and those before it."""

_FOLD = str.maketrans({"ё": "е", "і": "и", "ў": "у", "’": None, "'": None, "ʼ": None})
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = {
    True: re.compile(
        r"(?:иями|ями|ами|ыми|ими|ого|его|ому|ему|ага|яга|ыми|ую|юю|ая|яя|ое|ее|ые|ие|ыя|ия|ых|их|ым|им|ый|ий|ой|ей|"
        r"ов|ев|ау|еу|оу|яу|ам|ям|ах|ях|ом|ем|ы|и|а|я|о|е|у|ю|ь|й)$"
    ),
    False: re.compile(r"(?:ies|es|s|ing|ed|y|e)$"),
}
_SHORT = 3
"""Letters that a stem keeps at least."""
_SHORTER = 3
"""Forms of a word that are tried when the stem finds nothing: "шоколадн" is cut to "шоколад"."""
_STOP = frozenset(
    {"и", "а", "в", "с", "на", "для", "из", "без", "не", "или", "да", "у", "з", "са", "па",
     "and", "or", "of", "the", "in", "for", "with", "not", "an"}
)  # fmt: skip
"""Words that say nothing of goods ("і" and "и" are one letter once folded)."""

WHOLE, STEM, BEGINNING = 4.0, 3.0, 2.0
"""What a word of the question counts for: the very word, another form of it, the beginning of a longer one."""
INHERITED = 0.4
"""What a word counts for that stands in the name of the heading or chapter above."""
EVERYDAY = 1.5


@dataclass(frozen=True, slots=True)
class Hit:
    """A code found: ``score`` is higher for a better match, ``full`` when every word of the question was found."""

    row: GoodsCodeRow
    score: float
    full: bool


@dataclass(frozen=True, slots=True)
class Index:
    """Where words stand. ``places``: stem -> code -> weight in the code's own names; ``stems`` are its keys, sorted;
    ``wholes``: codes by the very word; ``below``: the codes under a chapter or heading."""

    stems: tuple[str, ...]
    places: Mapping[str, Mapping[str, float]]
    wholes: Mapping[str, frozenset[str]]
    below: Mapping[str, tuple[str, ...]]


def fold(text: str) -> str:
    """Return a text as it is compared: case, ё and е, і and и, ў and у, apostrophes make no difference."""
    return text.casefold().translate(_FOLD)


def words_of(text: str) -> list[str]:
    """Return the folded words of a text that mean something."""
    return [word for word in _WORD.findall(fold(text)) if word not in _STOP]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return a folded word without its ending; short words and numbers stay as they are."""
    if word.isdigit() or len(word) <= _SHORT:
        return word
    shorter = _ENDINGS["а" <= word[0] <= "я"].sub("", word)
    return shorter if len(shorter) >= _SHORT else word


def search(edition: CompiledEdition, words: str, *, limit: int = MOST) -> list[Hit]:
    """Return the codes that a question finds, best first: by its digits, or by its words.

    Codes that have every word come first; where none has, those with the most of them. Nothing typed finds nothing.
    """
    digits = "".join(words.split()).replace(".", "")
    if digits.isdigit():
        return _by_digits(edition, digits, limit)
    wanted = list(dict.fromkeys(words_of(words)))[:MOST_WORDS]
    if not wanted:
        return []
    index = index_of(edition)
    found: dict[str, list[float]] = defaultdict(list)
    for word in wanted:
        for code, score in _scores(index, word).items():
            found[code].append(score)
    most = max(map(len, found.values()), default=0)
    hits = [
        Hit(edition.goods[code], sum(scores) + _nearness(code), len(scores) == len(wanted))
        for code, scores in found.items()
        if len(scores) == most
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.row.code))[:limit]


def index_of(edition: CompiledEdition) -> Index:
    """Return the index of an edition; made once for each in a process."""
    if edition.hash not in _indexes:
        while len(_indexes) >= KEPT:
            _indexes.pop(next(iter(_indexes)))
        _indexes[edition.hash] = _made(edition.goods)
    return _indexes[edition.hash]


_indexes: dict[str, Index] = {}


def name_of(edition: CompiledEdition, code: str) -> dict[str, str]:
    """Return the names of a goods code in three languages: of the longest code above it that has one in the language, else
    the English one."""
    rows = [edition.goods[code[:n]] for n in (6, 4, 2) if len(code) >= n and code[:n] in edition.goods]
    english = next((row.name_en for row in rows), "")
    return {
        language: next((name for row in rows if (name := getattr(row, f"name_{language}"))), english)
        for language in LANGUAGES
    }


def _nearness(code: str) -> float:
    """Among equals a heading goes before its subheadings, and both before a whole chapter."""
    return {4: 0.2, 6: 0.1}.get(len(code), 0.0)


def _by_digits(edition: CompiledEdition, digits: str, limit: int) -> list[Hit]:
    rows = [row for code, row in edition.goods.items() if code.startswith(digits[:6])]
    return [Hit(row, 0.0, True) for row in sorted(rows, key=lambda row: (len(row.code), row.code))[:limit]]


def _scores(index: Index, word: str) -> dict[str, float]:
    """Return the best score of one word for each code it finds; a word that finds nothing is looked for shorter."""
    wanted = stem(word)
    best = _beginning_with(index, wanted, word)
    shorter = () if wanted.isdigit() else range(len(wanted) - 1, max(len(wanted) - _SHORTER, _SHORT), -1)
    for length in shorter:
        best = best or _beginning_with(index, wanted[:length], word)
    return best


def _beginning_with(index: Index, wanted: str, word: str) -> dict[str, float]:
    own: dict[str, float] = {}
    whole = index.wholes.get(word, frozenset())
    place = bisect_left(index.stems, wanted)
    while place < len(index.stems) and index.stems[place].startswith(wanted):
        found = index.stems[place]
        for code, weight in index.places[found].items():
            value = WHOLE if code in whole else STEM if found == wanted else BEGINNING
            own[code] = max(own.get(code, 0.0), value * weight)
        place += 1
    best = dict(own)
    for above, score in own.items():
        for code in index.below.get(above, ()):
            best[code] = max(best.get(code, 0.0), score * INHERITED)
    return best


def _made(goods: Mapping[str, GoodsCodeRow]) -> Index:
    places: dict[str, dict[str, float]] = defaultdict(dict)
    wholes: dict[str, set[str]] = defaultdict(set)
    below: dict[str, list[str]] = defaultdict(list)
    everyday = {row["code"]: row for row in packaged.table("goods_words")}
    for code, row in goods.items():
        for above in (code[:length] for length in (2, 4) if length < len(code)):
            below[above].append(code)
        for weight, text in _texts(row, everyday.get(code)):
            for word in words_of(text):
                at, found = places[stem(word)], wholes[word]
                at[code] = max(at.get(code, 0.0), weight)
                found.add(code)
    return Index(
        tuple(sorted(places)),
        dict(places),
        {word: frozenset(codes) for word, codes in wholes.items()},
        {above: tuple(codes) for above, codes in below.items()},
    )


def _texts(row: GoodsCodeRow, everyday: packaged.Row | None) -> Iterable[tuple[float, str]]:
    """The names of a code, each with its weight: the shorter a name, the more each of its words says."""
    for language in LANGUAGES:
        name = getattr(row, f"name_{language}")
        if name:
            yield 1 + 1 / (2 + name.count(" ")), name
        if everyday is not None:
            yield EVERYDAY, everyday[f"words_{language}"]
