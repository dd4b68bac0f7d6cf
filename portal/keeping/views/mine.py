"""One's own data: to take along, and to have erased."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from wagtail.log_actions import log

from portal.conf import conf
from portal.directory.flows.roles import LastAdministrator
from portal.directory.own import own_here
from portal.keeping.flows import erasing, exporting, receipts
from portal.keeping.forms import EraseForm
from portal.keeping.models import Erasure, Export


@own_here
@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show what may be done with one's data, and how what was asked for stands."""
    context = {
        "export": Export.objects.of(request.user).order_by("-pk").first(),
        "erasure": Erasure.objects.of(request.user).open().first(),
        "days": conf.RETENTION["exports"],
        "lines": receipts.lines(),
    }
    return render(request, "keeping/mine.html", context)


@own_here
@require_POST
def ask_export(request: HttpRequest) -> HttpResponse:
    """Ask for one's data."""
    try:
        exporting.ask(user=request.user)  # type: ignore[arg-type]
    except exporting.AlreadyAsked:
        messages.info(request, _("Your data are being gathered already."))
    return redirect("keeping:mine")


@own_here
@require_GET
def download(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Give the person the file; to everybody else, and after its days, there is none."""
    export = get_object_or_404(Export.objects.of(request.user), uuid=uuid)
    stream = exporting.open_file(export=export)
    if stream is None:
        raise Http404
    log(export, "keeping.export_downloaded", user=request.user, title=str(request.user))
    response = FileResponse(stream, as_attachment=True, filename=f"kelrodis-{export.made_at:%Y-%m-%d}.zip")
    response["Content-Type"] = "application/zip"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@own_here
@never_cache
def erase(request: HttpRequest) -> HttpResponse:
    """Say what is erased and what stays and why; take the wish."""
    if Erasure.objects.of(request.user).open().exists():
        return redirect("keeping:mine")
    form = EraseForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        try:
            erasing.ask(user=form.user, by=form.user)
        except erasing.AlreadyAsked:
            return redirect("keeping:mine")
        except LastAdministrator:
            form.add_error(None, _("You are the only administrator. Make somebody else one first."))
        else:
            messages.success(
                request, _("Your account will be erased. Until then you can withdraw this here.")
            )
            return redirect("keeping:mine")
    context = {"form": form, "lines": receipts.lines(), "days": conf.ERASURE_DAYS}
    return render(request, "keeping/erase.html", context, status=400 if form.is_bound else 200)


@own_here
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw the wish."""
    erasure = get_object_or_404(Erasure.objects.of(request.user).open())
    try:
        erasing.cancel(erasure=erasure, by=request.user)  # type: ignore[arg-type]
    except erasing.TooLate:
        messages.error(request, _("The erasure has begun and cannot be withdrawn."))
    else:
        messages.success(request, _("Withdrawn. Your account stays as it is."))
    return redirect("keeping:mine")


@never_cache
@require_GET
def receipt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the receipt to whoever has its address: what was erased, what stays and why. It names nobody."""
    erasure = get_object_or_404(
        Erasure.objects.filter(state__in=[Erasure.State.RUNNING, Erasure.State.DONE]), uuid=uuid
    )
    lines = [line | {"number": erasure.counts.get(line["name"])} for line in receipts.lines()]
    response = render(request, "keeping/receipt.html", {"erasure": erasure, "lines": lines})
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
