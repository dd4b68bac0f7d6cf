"""What subject librarians may do below the list of resources."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db import transaction
from wagtail.models import GroupPagePermission

from portal.catalogue.models import ResourceIndexPage
from portal.directory.flows.groups import group_of
from portal.directory.models import Role

THEIRS = ("add_page", "publish_page")  # adding lets one edit one's own; others' stay the editors'


@transaction.atomic
def let_in(*, page: ResourceIndexPage) -> None:
    """Let subject librarians write, and publish, pages of their own below ``page``. Doing it twice changes nothing."""
    group = group_of(Role.SUBJECT_LIBRARIAN)
    for codename in THEIRS:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)
