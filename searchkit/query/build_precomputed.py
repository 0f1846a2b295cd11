"""Write `data/ways.tsv`, after a change of the shipped abbreviations or of what is made of them.

    python -m searchkit.query.build_precomputed

A test tells when that is due.
"""

from pathlib import Path

from searchkit.analysis.vocabulary import shipped_abbreviations
from searchkit.query.thesaurus import WAYS, ways_of, written_way

_HEAD = """# What each abbreviation and each long form of abbreviations.tsv is also called.
# Made by searchkit.query.build_precomputed; do not edit.
"""


def contents() -> str:
    """Return the text that is to be in the file."""
    table = ways_of(shipped_abbreviations())
    numbered = ((key, *each) for key, ways in table.items() for each in enumerate(ways))
    lines = sorted(written_way(*each) for each in numbered)
    return _HEAD + "".join(f"{line}\n" for line in lines)


def main() -> None:
    """Write the file."""
    (Path(__file__).parent / "data" / WAYS).write_text(contents(), encoding="utf-8")


if __name__ == "__main__":
    main()
