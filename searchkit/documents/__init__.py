"""Pages in, articles and sidebar items out."""

from searchkit.documents.models import Article, Page, SidebarItem, Sighting, Skipped

__all__ = ["Article", "Page", "SidebarItem", "Sighting", "Skipped"]
