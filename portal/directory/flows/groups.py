"""What the groups behind the roles may do in Wagtail."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from portal.directory.models import Role

PAGE_PERMISSIONS: dict[str, list[str]] = {
    Role.AUTHOR: ["add_page"],  # adding lets one edit one's own
    Role.EDITOR: ["add_page", "change_page", "publish_page"],
}
FILE_PERMISSIONS = [
    ("wagtailimages", "add_image"),
    ("wagtailimages", "choose_image"),
    ("wagtaildocs", "add_document"),
    ("wagtaildocs", "choose_document"),
]


def group_of(role: str) -> Group:
    """Return the group of ``role``, made with its permissions on first use."""
    group, created = Group.objects.get_or_create(name=f"role:{role}")
    if created and role in PAGE_PERMISSIONS:
        _allow(group, PAGE_PERMISSIONS[role])
    return group


def _allow(group: Group, page_permissions: list[str]) -> None:
    """Let the group into Wagtail, to its pages and files."""
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    root = Page.objects.get(depth=1)
    collection = Collection.get_first_root_node()
    for codename in page_permissions:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.create(group=group, page=root, permission=permission)
    for app_label, codename in FILE_PERMISSIONS:
        permission = Permission.objects.get(content_type__app_label=app_label, codename=codename)
        GroupCollectionPermission.objects.create(group=group, collection=collection, permission=permission)
