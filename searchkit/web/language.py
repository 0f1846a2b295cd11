"""The language of a reader of the page, and what the page says in it."""

from searchkit.wording import LANGUAGES, Catalogue

__all__ = ["LANGUAGES", "Wording", "preferred"]

CATALOGUE = Catalogue("searchkit.web", "page")

_MALAY = "ms"  # whose readers understand Indonesian better than English


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
        name, _, quality = part.strip().lower().partition(";q=")
        if name and name != "*":
            weighed.append((-_quality(quality), position, name.split("-")[0]))
    for refused, _, name in sorted(weighed):
        if refused and name in (*LANGUAGES, _MALAY):
            return "id" if name == _MALAY else name
    return "en" if weighed else "id"


def _quality(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text))) if text else 1.0
    except ValueError:
        return 0.0
