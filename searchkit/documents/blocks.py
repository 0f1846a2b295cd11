"""The parts of a document that are searched, each a text field of the index of the same name."""

from searchkit.documents.models import Article, SidebarItem


def blocks_of(document: Article | SidebarItem) -> dict[str, str]:
    """Return the texts of a document by name, the headline or title first; "" for what it lacks."""
    if isinstance(document, SidebarItem):
        return {"sidebar": document.title, "teaser": document.summary}
    return {
        "headline": document.headline,
        "body": document.text,
        "caption": document.caption,
        "section": document.section,
        "reporter": document.reporter,
        "tags": ", ".join(document.tags),
    }


def headline_of(document: Article | SidebarItem) -> str:
    """Return the headline of an article, or the title of an item."""
    return document.headline if isinstance(document, Article) else document.title


def text_of(document: Article | SidebarItem) -> str:
    """Return the body of an article, or the teaser of an item."""
    return document.text if isinstance(document, Article) else document.summary
