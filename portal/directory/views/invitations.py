"""Inviting people to one's libraries, and who has been invited and has not come yet."""

from __future__ import annotations

from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.directory import getters
from portal.directory.flows import inviting
from portal.directory.forms.coordinating import InviteForm
from portal.directory.models import Invitation, User
from portal.directory.views.coordinating import page_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by e-mail. The answer is the same whether they have an account or not."""
    getters.deciding_scope(request)
    me: User = request.user  # type: ignore[assignment]
    data = request.POST if request.method == "POST" else None
    form = InviteForm(data, by=me, initial={"language": "lt"})
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="invite", user=me):
            messages.error(request, _("That is many invitations for one hour. Go on later."))
            return redirect("people")
        inviting.invite(by=me, **form.cleaned_data)
        email = form.cleaned_data["email"]
        messages.success(request, _("A letter is on its way to %(email)s.") % {"email": email})
        return redirect("people_invited")
    return render(request, "people/invite.html", {"form": form}, status=400 if form.errors else 200)


@login_required
@never_cache
def invited(request: HttpRequest) -> HttpResponse:
    """List the invitations nobody has accepted yet, as they were typed, the newest first."""
    getters.deciding_scope(request)
    rows = Invitation.objects.decided_by(request.user).select_related("library", "branch")
    shown = page_of(request, rows.order_by("-invited_at", "-pk"))
    return render(request, "people/invited.html", {"shown": shown})


@login_required
@require_POST
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take an invitation back."""
    invitation = getters.invitation_here(request, uuid)
    inviting.withdraw(invitation=invitation)
    messages.success(request, _("Taken back: the link in the letter no longer invites."))
    return redirect("people_invited")
