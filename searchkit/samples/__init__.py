"""Sample pages, so that `searchkit index` has something real to index on a fresh machine.

Every page under `pages/` is fictional and was written for searchkit: the events, the quotations
and the persons are invented, and no sentence is taken from any publisher. Countries, cities and
institutions that exist are named only as scenery. The samples are dedicated to the public domain
under CC0 1.0 (https://creativecommons.org/publicdomain/zero/1.0/).

They are shaped like the pages searchkit meets in practice: text dumps in many layouts, HTML old
and new, an index page, JSONL, CSV, RSS and Atom. Pages share sidebar items, and some items are the
headlines of other samples.
"""

from pathlib import Path


def sample_pages() -> Path:
    """Return the folder of the sample pages that ship with searchkit."""
    return Path(__file__).parent / "pages"
