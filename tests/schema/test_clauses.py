"""Clauses find what they say: each is compared with the plain meaning of it in Python."""

import operator
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from searchkit import DocumentIndex, QueryError, Schema, SchemaError, Settings
from searchkit.schema import (
    All,
    Between,
    Boost,
    Clause,
    Either,
    Every,
    Exists,
    Is,
    Keyword,
    Matches,
    Moment,
    Not,
    Number,
    OneOf,
    Phrase,
    StartsWith,
    Stored,
    Text,
    Typed,
    Words,
)

SCHEMA = Schema(
    {
        "name": Text(title=True),
        "notes": Text(),
        "code": Text(analyzer="plain"),
        "brand": Keyword(),
        "tag": Keyword(folded=False),
        "price": Number(),
        "added": Moment(),
        "extra": Stored(),
    }
)
NAMES = ("kemeja", "sarung", "selendang", "kebaya", "blangkon")
BRANDS = ("Danar Hadi", "Keris", "Tenun Sumba")
TAGS = ("A", "a", "B", "b c")
FIRST = date(2024, 1, 1)
Document = dict[str, Any]
Meaning = Callable[[Document], bool]


def made(chance: random.Random, number: int) -> Document:
    document: Document = {
        "id": f"d{number:02}",
        "name": " ".join(chance.choices(NAMES, k=chance.randint(1, 3))),
        "notes": " ".join(chance.choices(NAMES, k=chance.randint(0, 4))),
        "code": f"{chance.choice('XY')}-{chance.randint(1, 9)}",
        "brand": chance.choice(BRANDS),
        "tag": chance.sample(TAGS, chance.randint(0, 2)),
        "price": chance.choice([chance.randint(1, 9), Decimal(chance.randint(1, 90)) / 10]),
        "added": FIRST + timedelta(days=chance.randint(0, 9)),
    }
    left_out = chance.sample(["notes", "brand", "tag", "price", "added"], chance.randint(0, 3))
    return {name: value for name, value in document.items() if name not in left_out}


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    chance = random.Random(11)
    return [made(chance, number) for number in range(60)]


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def index(
    tmp_path_factory: pytest.TempPathFactory,
    settings: Settings,
    documents: list[Document],
    request: pytest.FixtureRequest,
) -> Iterator[DocumentIndex]:
    place = tmp_path_factory.mktemp("clauses") / "index"
    with DocumentIndex.create(place, SCHEMA, replace(settings, engine=request.param)) as index:
        index.add(documents[:35])
        index.add(documents[35:])
        yield index


def words(document: Document, *fields: str) -> set[str]:
    return {word for field in fields for word in document.get(field, "").split()}


def has(document: Document, field: str) -> bool:
    return document.get(field) not in (None, "", [])


def simple(chance: random.Random) -> tuple[Clause, Meaning]:
    """Return a condition or words, and what they mean."""
    word, brand, tag = chance.choice(NAMES), chance.choice(BRANDS), chance.choice(TAGS)
    price, day = chance.randint(1, 9), FIRST + timedelta(days=chance.randint(0, 9))
    low_in, high_in = chance.random() < 0.5, chance.random() < 0.5
    above = operator.ge if low_in else operator.gt
    below = operator.le if high_in else operator.lt
    two = chance.sample(NAMES, 2)
    meanings: list[tuple[Clause, Meaning]] = [
        (Words(word), lambda d: word in words(d, "name", "notes")),
        (Words(word, ("notes",)), lambda d: word in words(d, "notes")),
        (Words(" ".join(two)), lambda d: set(two) <= words(d, "name", "notes")),
        (Words(" ".join(two), operator="or"), lambda d: bool(set(two) & words(d, "name", "notes"))),
        (Words(word[:4], prefix=True), lambda d: word in words(d, "name", "notes")),
        (
            Words(f"{word[1]}{word[0]}{word[2:]}", fuzzy=1),
            lambda d: word in words(d, "name", "notes"),
        ),
        (
            Typed(f'{word} brand:"{brand}"'),
            lambda d: word in words(d, "name", "notes") and d.get("brand") == brand,
        ),
        (Phrase(" ".join(two), ("name",)), lambda d: " ".join(two) in d["name"]),
        (Is("brand", brand.upper()), lambda d: d.get("brand") == brand),
        (Is("brand", None), lambda d: not has(d, "brand")),
        (Is("tag", tag), lambda d: tag in d.get("tag", [])),
        (Is("price", price), lambda d: d.get("price") == price),
        (Is("added", day), lambda d: d.get("added") == day),
        (Is("name", word), lambda d: word in words(d, "name")),
        (Is("code", "x-1"), lambda d: d["code"] == "X-1"),
        (Is("id", "d07"), lambda d: d["id"] == "d07"),
        (OneOf("brand", BRANDS[:2]), lambda d: d.get("brand") in BRANDS[:2]),
        (OneOf("price", [price, None]), lambda d: d.get("price") in (price, None)),
        (OneOf("id", []), lambda d: False),
        (
            Between("price", price, None, low_in),
            lambda d: has(d, "price") and above(d["price"], price),
        ),
        (
            Between("price", None, price, high_included=high_in),
            lambda d: has(d, "price") and below(d["price"], price),
        ),
        (Between("added", day, None, low_in), lambda d: has(d, "added") and above(d["added"], day)),
        (
            Between("added", None, day, high_included=high_in),
            lambda d: has(d, "added") and below(d["added"], day),
        ),
        (
            Between("tag", "a", "b c", low_in, high_in),
            lambda d: any(above(t, "a") and below(t, "b c") for t in d.get("tag", [])),
        ),
        (Between("brand"), lambda d: has(d, "brand")),
        (StartsWith("brand", brand[:3].lower()), lambda d: d.get("brand") == brand),
        (StartsWith("tag", "b"), lambda d: "b c" in d.get("tag", [])),
        (StartsWith("name", word[:5]), lambda d: word in words(d, "name")),
        (StartsWith("code", "y"), lambda d: d["code"].startswith("Y")),
        (Matches("brand", f"*{brand[-3:]}"), lambda d: d.get("brand") == brand),
        (
            Matches("name", f"?{word[1:4]}*"),
            lambda d: any(w[1:].startswith(word[1:4]) for w in words(d, "name")),
        ),
        (Exists("notes"), lambda d: has(d, "notes")),
        (Exists("extra"), lambda d: False),
        (Exists("id"), lambda d: True),
        (All(), lambda d: True),
    ]
    return chance.choice(meanings)


def compound(chance: random.Random, depth: int) -> tuple[Clause, Meaning]:
    if depth == 0 or chance.random() < 0.3:
        return simple(chance)
    parts = [compound(chance, depth - 1) for _ in range(chance.randint(1, 3))]
    clauses, meanings = [clause for clause, _ in parts], [meaning for _, meaning in parts]
    match chance.choice(["every", "either", "not", "boost"]):
        case "every":
            return Every(tuple(clauses)), lambda d: all(meaning(d) for meaning in meanings)
        case "either":
            return Either(tuple(clauses)), lambda d: any(meaning(d) for meaning in meanings)
        case "not":
            return ~clauses[0], lambda d: not meanings[0](d)
    return Boost(clauses[0], chance.choice([0, 0.5, 3])), meanings[0]


@pytest.mark.parametrize("seed", range(400))
def test_clauses_find_what_they_mean(
    index: DocumentIndex, documents: list[Document], seed: int
) -> None:
    clause, meaning = compound(random.Random(seed), depth=3)
    expected = {document["id"] for document in documents if meaning(document)}
    for page in (
        index.search(clause, limit=None, fragments=False),
        index.search(where=clause, limit=None, fragments=False),
        index.search(clause, limit=None, order_by="-price", fragments=False),
    ):
        assert {hit.id for hit in page.hits} == expected, clause
        assert page.total == len(expected)


def test_clauses_are_joined_by_operators() -> None:
    a, b, c = Words("a"), Is("brand", "b"), Exists("price")
    assert a & b & c == Every((a, b, c))
    assert a | (b | c) == Either((a, b, c))
    assert a & b | c == Either((Every((a, b)), c))
    assert ~a == Not(a)
    assert repr(Words("a", prefix=True) & ~b) == (
        "Every((Words('a', prefix=True), Not(Is('brand', 'b'))))"
    )


def test_boosts_change_scores(index: DocumentIndex) -> None:
    plain = index.search(Words("kemeja")).hits[0]
    for factor in (0.25, 4):
        boosted = index.search(Boost(Words("kemeja"), factor)).hits[0]
        assert boosted.id == plain.id
        assert boosted.score - 1 == pytest.approx((plain.score - 1) * factor, rel=0.01)


@pytest.mark.parametrize(
    ("clause", "error", "message"),
    [
        (Is("colour", "red"), SchemaError, "the schema has no field 'colour'; it has id, name"),
        (Exists("colour"), SchemaError, "the schema has no field 'colour'"),
        (Is("extra", "red"), SchemaError, "the field 'extra' is stored only; declare it"),
        (Is("price", "7"), SchemaError, "'7' is asked of the field 'price'; give a number"),
        (Is("added", 7), SchemaError, "7 is asked of the field 'added'; give a date"),
        (Between("name", "a"), SchemaError, "the field 'name' has no order"),
        (Between("brand", 1.5), SchemaError, "1.5 is no value of a keyword field"),
        (StartsWith("price", "1"), SchemaError, "the field 'price' is no text; StartsWith"),
        (Matches("price", "1*"), SchemaError, "the field 'price' is no text; Matches"),
        (Words("a", ("brand",)), SchemaError, "there is no text field 'brand'"),
        (
            Words("a b", operator="xor"),  # type: ignore[arg-type]
            QueryError,
            "there is no operator 'xor'; there are 'and' and 'or'",
        ),
        (Words("a", fuzzy=3), QueryError, "fuzzy 3 is out of bounds: 0 to 2"),
        (Phrase("a b", slop=101), QueryError, "a slop of 101 is out of bounds: 0 to 100"),
        (Boost(All(), -1), QueryError, "a boost of -1 is out of bounds"),
        (Boost(All(), float("nan")), QueryError, "a boost of nan is out of bounds"),
        (
            Words(" ".join(f"kata{n}" for n in range(201))),
            QueryError,
            "different words; the limit is 200",
        ),
        (OneOf("price", range(10_001)), QueryError, "more than 10,000 conditions"),
        (Clause(), SchemaError, "is no clause"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_clauses_that_cannot_be(
    index: DocumentIndex, clause: Clause, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        index.search(clause)
    with pytest.raises(error, match=message):
        index.search("kain", where=clause)


def test_words_without_a_word_find_nothing(index: DocumentIndex) -> None:
    for clause in (Words("?!"), Phrase(""), Is("name", ""), StartsWith("name", "!"), Either(())):
        assert index.search(clause).total == 0
    assert index.search(Every(())).total == 60
