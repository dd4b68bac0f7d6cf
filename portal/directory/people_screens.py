"""Wagtail's app of users, with our screens of people: stands in INSTALLED_APPS for ``wagtail.users``."""

from wagtail.users.apps import WagtailUsersAppConfig


class PeopleScreensConfig(WagtailUsersAppConfig):
    """Names our screens."""

    user_viewset = "portal.directory.views.people.PersonViewSet"
