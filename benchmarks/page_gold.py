"""Compare what the HTML reader makes of saved pages with what another scraper saw.

    python benchmarks/page_gold.py PATH/TO/pages/html

The folder holds pages and gold.json: a list of objects with file, url, title, date (milliseconds
since 1970) and content. Printed by page: whether the headline is the same, the F1 of the words of
the body, whether the date is the same to the minute, and the number of items; then the means.
Where the gold itself is wrong is told, with the evidence, in docs/page-gold.md.
"""

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path

from searchkit.documents import Page
from searchkit.documents.reading import read_sources


def f1(found: str, wanted: str) -> float:
    """Return the F1 of the words of two texts, as bags."""
    ours, theirs = (Counter(re.findall(r"\w+", text.lower())) for text in (found, wanted))
    common = (ours & theirs).total()
    return 2 * common / (ours.total() + theirs.total()) if common else 0.0


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    out = sys.stdout.write
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    scores: list[float] = []
    for wanted in gold:
        (page,) = read_sources([folder / wanted["file"]])
        article = page.article if isinstance(page, Page) else None
        if article is None or not isinstance(page, Page):
            out(f"{wanted['file']}: no article\n")
            scores.append(0.0)
            continue
        score = f1(article.text, wanted["content"])
        scores.append(score)
        minutes = int(article.published.timestamp() // 60) if article.published else None
        headline = "ok" if article.headline == wanted["title"] else repr(article.headline)
        date = "ok" if minutes == wanted["date"] // 60_000 else article.published
        out(f"{wanted['file']}: headline {headline}, body F1 {score:.3f}, date {date}, ")
        out(f"section {article.section!r}, reporter {article.reporter!r}, ")
        out(f"{len(page.items)} items\n")
    out(f"mean body F1 {sum(scores) / len(scores):.4f} over {len(scores)} pages\n")


if __name__ == "__main__":
    main()
