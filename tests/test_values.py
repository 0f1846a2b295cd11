"""Classes of values are dataclasses as the standard library makes them."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from typing import Any, get_type_hints

import pytest

from searchkit import Article, Fragment, Settings, values
from searchkit.errors import (
    ExtraMissing,
    MalformedInput,
    QuerySyntaxError,
    SearchkitError,
    UnreadableInput,
)
from searchkit.query import Phrase, Term

Maker = Callable[..., Callable[[type], type]]


def classes(dataclass: Maker) -> list[type]:
    """Return some classes as `dataclass` makes them."""

    @dataclass(frozen=True, slots=True)
    class Nothing:
        """Has no field."""

    @dataclass(frozen=True, slots=True)
    class Point:
        """Has fields with and without a default, one of which does not count."""

        x: int
        y: int = 2
        name: str = field(default="", compare=False)
        tags: list[str] = field(default_factory=list, repr=False)

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        """Takes names only, and works one out."""

        name: str
        size: int = 0

        def __post_init__(self) -> None:
            if not self.size:
                object.__setattr__(self, "size", len(self.name))

    @dataclass(frozen=True, slots=True)
    class Further(Point):
        """Takes the fields of another, and has some by name and a method of its own."""

        z: int = field(default=3, kw_only=True)

        def __repr__(self) -> str:
            return f"<{self.z}>"

    return [Nothing, Point, Named, Further]


OURS, THEIRS = classes(values.dataclass), classes(dataclasses.dataclass)
ARGUMENTS: list[tuple[int, tuple[Any, ...], dict[str, Any]]] = [
    (0, (), {}),
    (1, (1,), {}),
    (1, (1, 2, "name"), {}),
    (1, (1, 3), {"tags": ["a"]}),
    (2, (), {"name": "abc"}),
    (2, (), {"name": "abc", "size": 7}),
    (3, (1,), {"z": 4}),
]


@pytest.mark.parametrize(("number", "arguments", "named"), ARGUMENTS)
def test_objects_are_those_of_the_standard_library(
    number: int, arguments: tuple[Any, ...], named: dict[str, Any]
) -> None:
    ours, theirs = (kinds[number](*arguments, **named) for kinds in (OURS, THEIRS))
    assert repr(ours) == repr(theirs)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert copy.deepcopy(ours) == ours == copy.copy(ours)
    assert ours != theirs
    if number in (0, 2):
        assert hash(ours) == hash(theirs)
    else:  # a list has no hash
        with pytest.raises(TypeError):
            hash(ours)


@pytest.mark.parametrize("number", range(4))
def test_classes_are_those_of_the_standard_library(number: int) -> None:
    ours, theirs = OURS[number], THEIRS[number]
    assert str(inspect.signature(ours)) == str(inspect.signature(theirs))
    assert ours.__doc__ == theirs.__doc__
    assert ours.__match_args__ == theirs.__match_args__  # type: ignore[attr-defined] # theirs too
    for mine, other in zip(dataclasses.fields(ours), dataclasses.fields(theirs), strict=True):
        for name in ("name", "type", "default", "compare", "repr", "kw_only"):
            assert getattr(mine, name) == getattr(other, name)
    assert "__dict__" not in dir(ours)


@pytest.mark.parametrize("number", range(4))
def test_complaints_and_hints_are_those_of_the_standard_library(number: int) -> None:
    said = []
    for kind in (OURS[number], THEIRS[number]):
        init: Any = kind.__dict__["__init__"]
        with pytest.raises(TypeError) as raised:
            kind(wrong=1)
        said.append((str(raised.value), get_type_hints(init), init.__module__))
    assert said[0] == said[1]


def test_what_does_not_count_does_not_make_another() -> None:
    point = OURS[1]
    assert point(1, 2, "a") == point(1, 2, "b") != point(2, 2, "a")
    assert point(1).tags is not point(1).tags
    with pytest.raises(TypeError):
        point()
    with pytest.raises(TypeError):
        OURS[2]("abc")


def test_a_dataclass_of_the_standard_library_may_be_made_of_one() -> None:
    @dataclasses.dataclass(frozen=True)
    class Marked(Fragment):
        note: str = ""

    marked = Marked("body", "Pakta", note="a")
    assert marked == dataclasses.replace(marked) != dataclasses.replace(marked, note="b")
    with pytest.raises(FrozenInstanceError):
        marked.text = ""  # type: ignore[misc] # that is what is tested
    with pytest.raises(TypeError, match="frozen"):

        @dataclasses.dataclass
        class Changing(Fragment):  # type: ignore[misc] # it is refused
            note: str = ""


def test_values_cannot_be_changed() -> None:
    fragment = Fragment("body", "Pakta")
    for name in ("text", "other"):
        with pytest.raises(FrozenInstanceError):
            setattr(fragment, name, "")
    with pytest.raises(FrozenInstanceError):
        del fragment.text
    assert dataclasses.replace(fragment, text="").text == ""


@pytest.mark.parametrize(
    "value", [Article(headline="Pakta", body=("Isi.",)), Settings(), Phrase((Term("a", "b"),))]
)
def test_values_go_to_other_processes(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value


@pytest.mark.parametrize(
    "error",
    [
        UnreadableInput("a.html", "it is empty"),
        MalformedInput("a.json", "broken", 3),
        ExtraMissing("eval", "ir_measures"),
        QuerySyntaxError("not closed", "(a", 0),
        SearchkitError("anything"),
    ],
)
def test_errors_go_to_other_processes(error: SearchkitError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_other_kinds_are_refused() -> None:
    with pytest.raises(AssertionError, match="made by dataclasses.dataclass"):
        values.dataclass(frozen=False, slots=True)
