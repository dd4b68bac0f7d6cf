"""Exports, erasures, and what was removed each night."""

from portal.keeping.models.erasures import Erasure
from portal.keeping.models.exports import Export
from portal.keeping.models.nights import Night

__all__ = ["Erasure", "Export", "Night"]
