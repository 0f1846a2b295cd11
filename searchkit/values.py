"""`dataclass` for classes of values, made in less than half the time.

`@dataclass(frozen=True, slots=True)` of Python before 3.13 compiles each of six methods for itself.
Some seventy such classes are made before a process has answered its first query, which was a fifth
of all that it had to import. The classes made here are dataclasses like those (`replace`, `asdict`
and `fields` work with them); `__init__` alone is compiled, and the other methods are the same
functions for all.

Modules that a search imports take it from here; where nobody waits, that of the standard library
will do.
"""

import dataclasses
import operator
import sys
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from types import FunctionType
else:

    def dataclass(*, frozen, slots, kw_only=False):
        """Do what `dataclasses.dataclass` does, for classes that are frozen and have slots."""
        assert (frozen, slots) == (True, True), (
            "another kind of class is made by dataclasses.dataclass"
        )
        made = {"init": False, "repr": False, "eq": False, "slots": True, "kw_only": kw_only}

        def make(cls):
            # To say that it is frozen has two methods compiled, which only a subclass has to bear.
            further = any(map(dataclasses.is_dataclass, cls.__bases__))
            return _with_methods(dataclasses.dataclass(cls, frozen=further, **made))

        return make


class _Factory:
    """Stands in a signature for a default that is made for each object."""

    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()

_COMPILED = """
def compiled({names}):
    def __init__(self, {parameters}):
        {assignments}
    return __init__
"""


def _with_methods(cls: type) -> type:
    """Give a dataclass the methods that it does not define itself."""
    # A frozen dataclass may be made of another only.
    cls.__dataclass_params__.frozen = True  # type: ignore[attr-defined] # it has them
    methods: dict[str, Any] = dict(_SHARED)
    for own in (_initializer(cls), *_comparisons(cls)):
        own.__qualname__ = f"{cls.__qualname__}.{own.__name__}"  # complaints show it
        methods[own.__name__] = own
    for name, method in methods.items():
        if name not in cls.__dict__:
            setattr(cls, name, method)
    return cls


def _comparisons(cls: type) -> tuple[Any, Any]:
    compared = [field.name for field in dataclasses.fields(cls) if field.compare]
    values = operator.attrgetter(*compared) if compared else lambda _: ()

    def __eq__(self: object, other: object) -> bool:  # noqa: N807 - it becomes one
        same = other.__class__ is self.__class__
        return values(self) == values(other) if same else NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807 - it becomes one
        return hash(values(self))

    return __eq__, __hash__


def _initializer(cls: type) -> "FunctionType":
    fields = dataclasses.fields(cls)
    names: dict[str, Any] = {"_factory": _FACTORY}
    parameters: dict[bool, list[str]] = {False: [], True: []}
    assignments = []
    for field in fields:
        name = parameter = value = field.name
        if field.default is not dataclasses.MISSING:
            names[f"_default_{name}"] = field.default
            parameter = f"{name}=_default_{name}"
        elif field.default_factory is not dataclasses.MISSING:
            names[f"_make_{name}"] = field.default_factory
            parameter = f"{name}=_factory"
            value = f"_make_{name}() if {name} is _factory else {name}"
        parameters[bool(field.kw_only)].append(parameter)
        # A slot sets itself in half the time that object.__setattr__ takes to find it.
        names[f"_set_{name}"] = getattr(cls, name).__set__
        assignments.append(f"_set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        assignments.append("self.__post_init__()")
    text = _COMPILED.format(
        names=", ".join(names),
        parameters=", ".join(parameters[False] + ["*"] * any(parameters[True]) + parameters[True]),
        assignments="; ".join(assignments) or "pass",
    )
    found: dict[str, Any] = {}
    exec(text, vars(sys.modules[cls.__module__]), found)  # noqa: S102 - as dataclasses does
    initializer: FunctionType = found["compiled"](**names)
    initializer.__annotations__ = {field.name: field.type for field in fields} | {"return": None}
    return initializer


def _shown(self: Any) -> str:
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse_to_set(self: object, name: str, value: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


_SHARED = {
    "__repr__": _shown,
    "__setattr__": _refuse_to_set,
    "__delattr__": _refuse_to_delete,
    "__getstate__": _state,
    "__setstate__": _restore,
}
