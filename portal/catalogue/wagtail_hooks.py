"""The librarians' screens, their permissions, and the words of our entries in Wagtail's log."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from portal.catalogue.views.staff import Library, QuestionViewSet

register_snippet(Library)


@hooks.register("register_admin_viewset")
def questions() -> QuestionViewSet:
    """Add the screens of questions and their menu item."""
    return QuestionViewSet()


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """Let groups be given the permission to answer questions."""
    return Permission.objects.filter(content_type__app_label="catalogue", codename="change_question")


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    """Name what is logged about questions."""
    actions.register_action("catalogue.question_answered", _("Answer question"), _("Question answered"))
    actions.register_action("catalogue.question_put_aside", _("Put question aside"), _("Question put aside"))
