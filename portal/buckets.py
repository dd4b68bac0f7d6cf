"""Storage in buckets that speak S3. Neither is public: the portal hands files out by its own rules."""

from __future__ import annotations

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage
from storages.utils import clean_name


class MediaBucket(S3Storage):
    """Pictures, documents and media; their address is the portal's own."""

    def url(self, name: str, *args: object, **kwargs: object) -> str:
        """Return the address at which ``portal.media`` serves the file."""
        return f"{settings.MEDIA_URL}{filepath_to_uri(clean_name(name))}"


class PrivateBucket(S3Storage):
    """Certificates and exports; they have no address."""

    def url(self, name: str, *args: object, **kwargs: object) -> str:
        """Refuse: what is private is handed out by a view that asks who is there."""
        raise ValueError("Private files have no address.")
