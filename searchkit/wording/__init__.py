"""What people are told, in Indonesian and English: catalogues of messages, and dates."""

from searchkit.wording.catalogue import LANGUAGES, Catalogue

__all__ = ["LANGUAGES", "Catalogue"]
