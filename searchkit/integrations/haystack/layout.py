"""How haystack's fields are laid out in a `DocumentIndex`.

| haystack's field      | in the index                                                         |
|-----------------------|----------------------------------------------------------------------|
| document=True         | Text                                                                 |
| Char, MultiValue      | Text, and the whole values as Keyword in `NAME__exact`               |
| Ngram, EdgeNgram      | Text of words as they are written ("plain")                          |
| Integer, Float, Decimal | Number                                                             |
| Date, DateTime        | Moment                                                               |
| Boolean               | Keyword                                                              |
| facets (`NAME_exact`) | Keyword; of numbers Number(facet=True); of dates Moment, and Keyword |
| indexed=False, Location | Stored                                                             |

`id` is the id of the index; `django_ct` and `django_id` are Keywords. A whole value longer than
`LONGEST_WHOLE` characters is a text rather than a name, and is not kept whole.

Times are kept as the clocks of TIME_ZONE show them, so that a day that is typed is a day there. In
the hour that a clock is put back for, times are not told apart; results give them back exactly.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.exceptions import SearchBackendError, SearchFieldError
from haystack.fields import DecimalField, SearchField

from searchkit.errors import SchemaError
from searchkit.schema import Keyword, Moment, Number, Schema, Stored, Text

LONGEST_WHOLE = 256
BOOST = "searchkit_boost"
GIVEN = "searchkit_given"
TEXTS = ("text", "ngram", "edge_ngram")
"""The kinds of fields that are searched by their words."""

_NUMBERS = ("integer", "float")
_MOMENTS = ("date", "datetime")


def whole(name: str) -> str:
    """Return the name of the field that holds the whole values of the field `name`."""
    return f"{name}__exact"


def comparable(value: date) -> datetime:
    """Return a date or time as the index has it: without a zone, a date as its midnight."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time())
    if timezone.is_aware(value):
        return value.astimezone(timezone.get_default_timezone()).replace(tzinfo=None)
    return value


def as_values(value: Any) -> list[Any]:
    """Return a field's value or values as a list; None and "" are none."""
    if value is None or value == "":
        return []
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [value]
    return [each for each in value if each is not None]


@dataclass(frozen=True)
class Layout:
    """The fields of a unified index, `fields` by their names in the index.

    `content` is the name of the document field; SearchBackendError if no index declares one.
    """

    fields: Mapping[str, SearchField]
    analyzer: str = "indonesian"
    content: str = field(init=False)

    def __post_init__(self) -> None:
        named = [name for name, declared in self.fields.items() if declared.document]
        if not named:
            raise SearchBackendError(
                "no SearchIndex declares a field with document=True; declare one to search"
            )
        object.__setattr__(self, "content", named[0])

    def kind(self, name: str) -> str:
        """Return what a field is searched as; SearchBackendError if there is none of that name.

        That is "text", "ngram", "edge_ngram", "keyword", "number", "moment", "stored" or "id".
        """
        if name in (ID, DJANGO_CT, DJANGO_ID):
            return "id" if name == ID else "keyword"
        if name not in self.fields:
            raise SearchBackendError(
                f"no SearchIndex has a field {name!r}; there are {', '.join(sorted(self.fields))}"
            )
        return _kind(self.fields[name])

    def has_whole(self, name: str) -> bool:
        """Tell whether the whole values of a field are kept beside it."""
        declared = self.fields.get(name)
        if declared is None or declared.document:
            return False
        kind = _kind(declared)
        return kind == "text" or (kind == "moment" and _is_facet(declared))

    def facet(self, name: str) -> str:
        """Return the field that counts the values of `name`; SearchBackendError if none does."""
        if self.has_whole(name):
            return whole(name)
        kind = self.kind(name)
        if kind == "keyword" or (kind == "number" and _is_facet(self.fields[name])):
            return name
        raise SearchBackendError(
            f"the values of field {name!r} cannot be counted; declare it with faceted=True and "
            "build the index anew with `manage.py rebuild_index`"
        )

    def schema(self) -> Schema:
        """Return the schema of the index; SearchBackendError for fields that cannot be."""
        declared: dict[str, Any] = {
            DJANGO_CT: Keyword(),
            DJANGO_ID: Keyword(folded=False),
            BOOST: Keyword(),
            GIVEN: Stored(),
        }
        for name, each in self.fields.items():
            declared[name] = self._declared(name, each)
            if self.has_whole(name):
                declared[whole(name)] = Keyword()
        try:
            return Schema(declared, id=ID)
        except SchemaError as error:
            raise SearchBackendError(f"the fields of the search indexes: {error}") from error

    def _declared(self, name: str, each: SearchField) -> Any:
        kind = _kind(each)
        if kind == "number":
            return Number(facet=_is_facet(each))
        if kind not in TEXTS:
            return {"keyword": Keyword, "moment": Moment, "stored": Stored}[kind]()
        analyzer = each.analyzer or (self.analyzer if kind == "text" else "plain")
        if not isinstance(analyzer, str):
            raise SearchBackendError(
                f"the analyzer of field {name!r} is {analyzer!r}; give the name of an analyzer of "
                "searchkit, such as 'plain'"
            )
        return Text(weight=each.boost, analyzer=analyzer)

    def document(self, prepared: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is indexed of an object that haystack has prepared."""
        given: dict[str, Any] = {}
        made: dict[str, Any] = {name: str(prepared[name]) for name in (ID, DJANGO_CT, DJANGO_ID)}
        if prepared.get("boost"):
            made[BOOST] = repr(float(prepared["boost"]))
        for name, each in self.fields.items():
            values = as_values(prepared.get(name))
            if each.stored and (each.is_multivalued or each.field_type in _MOMENTS):
                given[name] = [_plain(value) for value in values]
            made[name] = self._indexed(name, each, values)
            if self.has_whole(name):
                texts = [str(_plain(value)) for value in values]
                made[whole(name)] = [text for text in texts if len(text) <= LONGEST_WHOLE]
        return made | {GIVEN: given}

    def _indexed(self, name: str, each: SearchField, values: list[Any]) -> Any:
        kind = _kind(each)
        made = [self.value(kind, name, value) for value in values]
        return made if each.is_multivalued else next(iter(made), None)

    def value(self, kind: str, name: str, value: Any) -> Any:
        """Return a value of field `name`, or one to compare with, as fields of `kind` have it.

        SearchBackendError if it cannot be one.
        """
        try:
            if kind == "number":
                is_one = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
                return value if is_one else Decimal(str(value))
            if kind == "moment":
                made = _moment(value) if isinstance(value, str) else value
                return comparable(made)
        except (InvalidOperation, ValueError, SearchFieldError, AttributeError) as error:
            raise SearchBackendError(
                f"{value!r} is no value of field {name!r}, which has {kind}s"
            ) from error
        if kind == "stored":
            return _plain(value)
        return value if isinstance(value, bool) and kind == "keyword" else str(value)

    def given(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields that a result gives back: those that are stored, as they went in."""
        fields = {name: each for name, each in self.fields.items() if each.stored}
        back = {name: _returned(name, each, document) for name, each in fields.items()}
        return {ID: document[ID]} | back

    def facet_value(self, name: str, value: str) -> Any:
        """Return a counted value of facet `name` as what its field holds."""
        declared = self.fields.get(name)
        if declared is None or declared.is_multivalued:
            return value
        if declared.field_type == "boolean":
            return value == "true"
        return (
            _read_moment(declared, value)
            if _kind(declared) == "moment"
            else (declared.convert(value))
        )


def _is_facet(declared: SearchField) -> bool:
    return hasattr(declared, "facet_for")


def _kind(declared: SearchField) -> str:
    kind = str(declared.field_type)
    if not declared.indexed or kind == "location":
        return "stored"
    if isinstance(declared, DecimalField) or kind in _NUMBERS:
        return "number"
    if kind in _MOMENTS:
        return "moment"
    if kind == "boolean" or _is_facet(declared):
        return "keyword"
    return kind if kind in TEXTS else "text"


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: what it does not know is text."""
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool) else str(value)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.strip())


def _read_moment(each: SearchField, text: str) -> date:
    moment = _moment(text)
    return moment.date() if each.field_type == "date" else moment


def _returned(name: str, each: SearchField, document: Mapping[str, Any]) -> Any:
    given = document[GIVEN].get(name, [])
    if each.is_multivalued:
        return given
    if each.field_type in _MOMENTS:
        return _read_moment(each, given[0]) if given else None
    return each.convert(document.get(name))
