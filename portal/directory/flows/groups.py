"""What the groups behind the roles may do in Wagtail."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupApprovalTask, GroupCollectionPermission, GroupPagePermission, Page

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
    ("wagtailmedia", "add_media"),
]
VOCABULARIES = ("topic", "audience", "glossaryterm")
EDITORS_WORDS = [(verb, model) for model in VOCABULARIES for verb in ("add", "change", "delete")]
LIBRARIANS_WORDS = [
    (verb, model) for model in ("subjectlibrarian", "matchingrule") for verb in ("add", "change")
]
LIBRARIANS_WORDS += [("delete", "matchingrule"), ("change", "question")]
EDITORS_FILE_PERMISSIONS = [
    ("wagtailimages", "change_image"),
    ("wagtaildocs", "change_document"),
    ("wagtailmedia", "change_media"),
]
EDITORS_REDIRECTS = [f"{verb}_redirect" for verb in ("add", "change", "delete")]


def group_of(role: str) -> Group:
    """Return the group of ``role``, made with its permissions on first use."""
    group, created = Group.objects.get_or_create(name=f"role:{role}")
    if created and role in PAGE_PERMISSIONS:
        _allow(group, PAGE_PERMISSIONS[role], FILE_PERMISSIONS)
    if created and role == Role.EDITOR:
        _let_edit(group)
    if created and role == Role.SUBJECT_LIBRARIAN:
        _allow(group, [], FILE_PERMISSIONS)  # where they may write is said with the list of resources
        _let_keep_resources(group)
    return group


def _let_keep_resources(group: Group) -> None:
    """Let the group keep the librarians' cards and the rules of matching, and answer questions."""
    for verb, word in LIBRARIANS_WORDS:
        group.permissions.add(_permission("catalogue", f"{verb}_{word}"))


def _let_edit(group: Group) -> None:
    """Let the group approve what authors submit, begin translations, keep the vocabularies,
    arrange the navigation, say where former addresses lead, and correct others' files."""
    for task in GroupApprovalTask.objects.filter(active=True):
        task.groups.add(group)
    group.permissions.add(_permission("wagtail_localize", "submit_translation"))
    for verb, word in EDITORS_WORDS:
        group.permissions.add(_permission("content", f"{verb}_{word}"))
    group.permissions.add(_permission("content", "change_navigation"))
    group.permissions.add(_permission("catalogue", "change_libraryaccess"))
    for verb, word in LIBRARIANS_WORDS:
        if word != "question":
            group.permissions.add(_permission("catalogue", f"{verb}_{word}"))
    for codename in EDITORS_REDIRECTS:
        group.permissions.add(_permission("wagtailredirects", codename))
    _allow(group, [], EDITORS_FILE_PERMISSIONS)


def _permission(app_label: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)


def _allow(group: Group, page_permissions: list[str], file_permissions: list[tuple[str, str]]) -> None:
    """Let the group into Wagtail, to its pages and files."""
    group.permissions.add(_permission("wagtailadmin", "access_admin"))
    root = Page.objects.get(depth=1)
    collection = Collection.get_first_root_node()
    for codename in page_permissions:
        permission = _permission("wagtailcore", codename)
        GroupPagePermission.objects.create(group=group, page=root, permission=permission)
    for app_label, codename in file_permissions:
        permission = _permission(app_label, codename)
        GroupCollectionPermission.objects.create(group=group, collection=collection, permission=permission)
