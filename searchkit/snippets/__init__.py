"""Fragments: the pieces of a document that show why it matched, with the matched words marked.

    text --analysis--> tokens --marks--> Mark --fragments--> Fragment

Marks are found in the text itself, whatever engine found the document, so they are exact offsets
into it and a word is marked in its own spelling (`dukungan` for a query of `mendukung`).
"""

from searchkit.snippets.fragments import FRAGMENT_CHARACTERS, Highlighter
from searchkit.snippets.marks import Mark, find_marks

__all__ = ["FRAGMENT_CHARACTERS", "Highlighter", "Mark", "find_marks"]
