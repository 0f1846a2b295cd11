"""Pages in, articles and sidebar items out."""

from searchkit.documents.models import Article, Page, SidebarItem, Sighting, Skipped
from searchkit.documents.readers import InputFile, Limits, Reader

__all__ = [
    "Article",
    "InputFile",
    "Limits",
    "Page",
    "Reader",
    "SidebarItem",
    "Sighting",
    "Skipped",
]
