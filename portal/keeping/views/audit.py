"""The audit log: read, filtered, taken away as CSV with the purpose noted."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from wagtail.log_actions import log

from portal.directory.models import User
from portal.documents.tables import csv_lines
from portal.keeping import reports
from portal.keeping.filters import AuditFilter
from portal.keeping.forms import PurposeForm

ON_A_PAGE = 50
MOST_ROWS = 100_000  # of one file; filters make more than one


def reader(request: HttpRequest) -> User:
    """Return the person when they may read the audit log; to everybody else there is none."""
    if not isinstance(request.user, User) or not reports.may_read(request.user):
        raise Http404
    return request.user


@login_required
@never_cache
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the entries."""
    return _page(request, reader(request), PurposeForm())


def _page(request: HttpRequest, user: User, form: PurposeForm, status: int = 200) -> HttpResponse:
    finder = AuditFilter(request.GET, queryset=reports.entries(user), request=request)
    shown = Paginator(finder.qs, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "finder": finder,
        "chosen": any(request.GET.get(name) for name in finder.filters),
        "shown": shown,
        "lines": [reports.line(entry) for entry in shown],
        "form": form,
    }
    return render(request, "keeping/audit.html", context, status=status)


@login_required
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """Give what the filters show as CSV; who took it and what for is an entry itself."""
    user = reader(request)
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return _page(request, user, form, status=400)
    log(user, "keeping.audit_exported", user=user, data={"purpose": form.cleaned_data["purpose"]})
    rows = AuditFilter(request.GET, queryset=reports.entries(user), request=request).qs[:MOST_ROWS]
    header = [_("When"), _("Who"), _("Action"), _("To whom"), _("Kind"), _("Comment")]
    lines = (reports.line(entry) for entry in rows.iterator(chunk_size=1000))
    cells = (
        [localtime(one.when).isoformat(" ", "seconds"), one.who, one.action, one.whom, one.kind, one.comment]
        for one in lines
    )
    response = StreamingHttpResponse(csv_lines(header, cells), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{now():%Y-%m-%d}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
