"""What the analyzer knows of Indonesian words, as the JavaScript of `app/analysis` reads it."""

from typing import Any

from searchkit.analysis import question_words
from searchkit.analysis.lexicon import (
    compound_forms,
    compounds,
    derivations,
    frequencies,
    names,
    sastrawi_roots,
    spellings,
)
from searchkit.analysis.precomputed import function_roots
from searchkit.analysis.stopwords import function_words
from searchkit.analysis.vocabulary import capitals_only, load_stems, short_words
from searchkit.settings import Settings


def lexicon_data(settings: Settings) -> dict[str, Any]:
    """Return the lists of the analyzer "indonesian" and its exceptions from `settings`.

    Raises SettingsError if the exceptions are unusable.
    """
    return {
        "roots": " ".join(sorted(sastrawi_roots())),
        "frequencies": _lines((word, f"{zipf:g}") for word, zipf in frequencies().items()),
        "derivations": _lines(derivations().items()),
        "names": " ".join(sorted(names())),
        "spellings": _lines(spellings().items()),
        "compounds": _lines(compounds().values()),
        "compoundForms": _lines(compound_forms()),
        "functionWords": _lines(function_words().items()),
        "functionRoots": " ".join(sorted(function_roots())),
        "questionWords": " ".join(sorted(question_words())),
        "shortWords": " ".join(sorted(short_words())),
        "capitals": sorted(capitals_only()),
        "exceptions": load_stems(settings.stems) if settings.stems else {},
    }


def _lines(pairs: Any) -> str:
    return "\n".join(f"{first}\t{second}" for first, second in sorted(pairs))
