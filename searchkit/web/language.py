"""The language of a reader of the page, and what the page says in it."""

from searchkit.wording import LANGUAGES, Catalogue

__all__ = ["LANGUAGES", "Wording", "preferred"]

CATALOGUE = Catalogue("searchkit.web", "page")

_ALSO_INDONESIAN = ("in", "ms")
"""Its code of before 1989, which some phones still send, and Malay, to which it is nearest."""


class Wording:
    """Says the messages of the page in one language: `wording("hits", count=3)`."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the message `key` with `values` in it."""
        return CATALOGUE.say(key, self.language, **values)


def preferred(accepted: str, chosen: str = "") -> str:
    """Return "id" or "en": `chosen` if it is one, else the first that `accepted` asks for.

    `accepted` is the header Accept-Language. A browser that names no language gets Indonesian, the
    language of the news; one that names only others gets English.
    """
    if chosen in LANGUAGES:
        return chosen
    weighed = []
    for position, part in enumerate(accepted.split(",")[:50]):
        name, _, parameter = part.lower().partition(";")
        name = name.strip().split("-")[0]
        if name and name != "*":
            weighed.append((-_quality(parameter), position, name))
    for refused, _, name in sorted(weighed):
        if refused and name in (*LANGUAGES, *_ALSO_INDONESIAN):
            return "id" if name in _ALSO_INDONESIAN else name
    return "en" if weighed else "id"


def _quality(parameter: str) -> float:
    """Return what `q=0.8` says, with blanks or without; 1 where there is none, 0 for no number."""
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
