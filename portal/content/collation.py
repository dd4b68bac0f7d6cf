"""The order of words in lists of pages (see ``portal.collation``)."""

from portal.collation import SortKey, sort_key

__all__ = ["SortKey", "sort_key"]
