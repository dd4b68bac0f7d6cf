"""What readers marked as read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User


class ReadMarkQuerySet(models.QuerySet["ReadMark"]):
    """Questions asked about marks."""

    def of(self, user: User | AnonymousUser) -> Self:
        """Return the person's own marks; none for somebody not signed in."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def on(self, list_key: UUID) -> Self:
        """Return the marks on one list, in whichever language it was read."""
        return self.filter(list_key=list_key)


class ReadMark(models.Model):
    """Somebody has read an item of a list.

    ``list_key`` is the list's ``translation_key`` and ``item`` the identifier of the item's block, so a mark holds in
    every language and survives when the page is moved, edited or taken down for a while.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list_key = models.UUIDField(_("list"))
    item = models.CharField(_("item"), max_length=40)
    marked_at = models.DateTimeField(_("marked"), default=now)

    objects = ReadMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark of reading")
        verbose_name_plural = _("marks of reading")
        constraints = [
            models.UniqueConstraint(fields=["user", "list_key", "item"], name="read_marked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.list_key} · {self.item}"
