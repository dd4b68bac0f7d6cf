"""The librarians' screens: questions and their answers; rules of matching, and trying them. Of Wagtail's own parts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import UpdateView, View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.snippets.views.snippets import CreateView, IndexView, SnippetViewSet, SnippetViewSetGroup

from portal.catalogue.flows import questions
from portal.catalogue.forms import AnswerForm, TryForm
from portal.catalogue.getters import question_here
from portal.catalogue.models import MatchingRule, Question, SubjectLibrarian
from portal.catalogue.reports import match
from portal.menus import shown_with

LIST = {"url": reverse_lazy("questions:index"), "label": gettext_lazy("Questions")}


class QuestionIndex(generic.IndexView):
    """The questions this person may answer; what waits stands first."""

    model = Question
    any_permission_required: ClassVar[list[str]] = ["change"]
    index_url_name = "questions:index"
    index_results_url_name = "questions:index_results"
    page_title = gettext_lazy("Questions")
    paginate_by = 50
    header_icon = "help"
    list_display: ClassVar[list[Any]] = [
        TitleColumn("subject", label=gettext_lazy("Subject"), url_name="questions:answer"),
        Column("text", label=gettext_lazy("Question"), accessor=lambda row: row.text[:120]),
        StatusTagColumn(
            "get_state_display",
            label=gettext_lazy("State"),
            primary=lambda row: row.state == Question.State.WAITING,
        ),
        Column("librarian", label=gettext_lazy("Routed to")),
        DateColumn("asked_at", label=gettext_lazy("Asked")),
    ]

    def get_base_queryset(self) -> Any:
        """Return the questions of the person's scope."""
        found = Question.objects.visible_to(self.request.user).select_related("librarian")
        return found.order_by(
            "-state", "-asked_at", "-pk"
        )  # waiting, aside, answered: by the alphabet backwards


class Answer(PermissionCheckedMixin, WagtailAdminTemplateMixin, UpdateView):
    """One question: read it, answer it or put it aside; later, read what was answered."""

    model = Question
    permission_required = "change"
    template_name = "catalogue/admin/answer.html"
    form_class = AnswerForm
    page_title = gettext_lazy("Question")
    header_icon = "help"

    def get_object(self, queryset: Any = None) -> Question:
        return question_here(self.request, self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.object.subject

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, LIST, {"url": "", "label": self.object.subject}]

    def form_valid(self, form: Any) -> HttpResponse:
        return settle(
            self.request,
            lambda: questions.answer(
                question=self.object,
                text=form.cleaned_data["answer"],
                by=self.request.user,  # type: ignore[arg-type]
            ),
            _("The answer is kept and on its way to the reader."),
        )


class PutAside(PermissionCheckedMixin, View):
    """Put a question aside; reached by the form on its screen alone."""

    model = Question
    permission_required = "change"
    http_method_names = ["post"]  # noqa: RUF012 (Django's own attribute)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        question = question_here(request, kwargs["pk"])
        return settle(
            request,
            lambda: questions.put_aside(question=question, by=request.user),  # type: ignore[arg-type]
            _("The question is put aside. Nobody is written to."),
        )


def settle(request: HttpRequest, step: Any, done: str) -> HttpResponse:
    """Take a step with a question, say how it went, and go back to the list."""
    try:
        step()
    except questions.AlreadySettled:
        messages.error(request, _("Nothing was changed: somebody has dealt with the question already."))
    else:
        messages.success(request, done)
    return redirect("questions:index")


class QuestionViewSet(ViewSet):
    """The screens at /admin/questions/."""

    name = "questions"
    icon = "help"
    model = Question
    add_to_admin_menu = True
    menu_label = gettext_lazy("Questions")
    menu_order = 340
    menu_item_class = shown_with(Question, "change")

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", QuestionIndex.as_view(), name="index"),
            path("results/", QuestionIndex.as_view(results_only=True), name="index_results"),
            path("<int:pk>/", Answer.as_view(), name="answer"),
            path("<int:pk>/aside/", PutAside.as_view(), name="aside"),
        ]


class LibrarianViewSet(SnippetViewSet):
    """The librarians' cards."""

    model = SubjectLibrarian
    icon = "user"
    list_display: ClassVar[list[Any]] = ["name", "user", "email"]


class RuleIndex(IndexView):
    """The rules, and above them what a course would get by them."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        if self.results_only:
            return context
        asked = {"label", "title"} & set(self.request.GET)
        form = TryForm(self.request.GET if asked else None)
        context["try_form"] = form
        if asked and form.is_valid():
            language = get_language() or "lt"
            context["tried"] = True
            context["match"] = match(form.cleaned_data["label"], form.cleaned_data["title"], language)
        return context


class NewRule(CreateView):
    """A new rule; the address may say for which courses it is."""

    def get_initial_form_instance(self) -> MatchingRule:
        """Return a rule with what the address says, as far as it makes sense."""
        asked = {name: self.request.GET.get(name, "") for name in ("field", "way", "text")}
        rule = MatchingRule(text=asked["text"].replace("\x00", "")[:200])
        rule.field = asked["field"] if asked["field"] in MatchingRule.Field.values else rule.field
        rule.way = asked["way"] if asked["way"] in MatchingRule.Way.values else rule.way
        return rule


class RuleViewSet(SnippetViewSet):
    """The rules of matching."""

    model = MatchingRule
    icon = "link"
    add_view_class = NewRule
    index_view_class = RuleIndex
    index_template_name = "catalogue/admin/rules.html"
    list_display: ClassVar[list[Any]] = ["__str__", "reading_list", "guide", "priority"]
    ordering = ("-priority", "field", "text")


class Library(SnippetViewSetGroup):
    """What librarians keep beside pages, together in the menu."""

    menu_label = gettext_lazy("Library resources")
    menu_icon = "folder-open-inverse"
    menu_order = 345
    items = (LibrarianViewSet, RuleViewSet)
