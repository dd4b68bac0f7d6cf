"""An administrator takes away the second factor of somebody who has lost theirs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import permission_required

from portal.directory import gate
from portal.directory.again import prove_again
from portal.directory.flows import second_factor
from portal.directory.models import User

MAY_RESET = "directory.change_user"


def may_reset(by: User, person: User) -> bool:
    """Whether there is something of somebody else's that ``by`` may take away."""
    return by != person and by.has_perm(MAY_RESET) and gate.app_of(person) is not None


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(MAY_RESET)
def reset(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask, then take it away; nobody takes away their own here, where no code is asked for."""
    assert isinstance(request.user, User)  # noqa: S101 (a permission is required)
    person = get_object_or_404(User.objects.exclude(pk=request.user.pk), pk=pk)
    prove_again(request)
    back = redirect("wagtailusers_users:edit", person.pk)
    if request.method == "POST":
        if second_factor.remove(user=person, by=request.user):
            messages.success(
                request, _("The second step is taken away, and the person is told so by a letter.")
            )
        return back
    if not may_reset(request.user, person):
        return back
    context = {"person": person, "page_title": _("Take away the second step"), "header_icon": "lock-open"}
    return render(request, "directory/lost_device.html", context)
