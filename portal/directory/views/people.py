"""The administrator's screens of people, in the place of Wagtail's."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.users.views.users import CreateView, EditView, IndexView, UserViewSet

from portal.directory.again import is_required_again, prove_again
from portal.directory.forms.person import LAST_ADMINISTRATOR, PersonForm
from portal.directory.models import RoleAssignment
from portal.directory.views.lost_device import may_reset


class PeopleView(IndexView):
    """People with their addresses; the internal name says nothing to anybody, nor do the groups behind the roles."""

    @property
    def columns(self) -> list[Any]:
        """Return Wagtail's columns, with the address for the internal name, and roles for the access level."""
        address = Column(
            "email",
            label=capfirst(gettext_lazy("e-mail address")),
            accessor=lambda person: person.email or _("no address"),
            sort_key="email",
            width="25%",
        )
        roles = Column("roles", label=capfirst(gettext_lazy("roles")), accessor=_roles_in_words, width="20%")
        ours = {"username": address, "is_superuser": roles}
        columns = [ours.get(column.name, column) for column in super().columns]
        for column in columns:
            if column.name == "name":
                column.label = gettext_lazy("Name and surname")
                column.accessor = "display_name"  # whoever came by a launch may have no name at all
        return columns

    def get_base_queryset(self) -> Any:
        """Return everybody but those who asked to be forgotten: of them only an empty record is left."""
        held = RoleAssignment.objects.current().select_related("library", "territory").order_by("pk")
        people = super().get_base_queryset().filter(erased_at__isnull=True)
        return people.prefetch_related(Prefetch("role_assignments", held, to_attr="roles_now"))

    def order_queryset(self, queryset: Any) -> Any:
        """Put names in Lithuanian order; other columns as Wagtail does."""
        if self.ordering in {"name", "last_name"}:
            return queryset.in_order()
        return queryset.in_order().reverse() if self.ordering == "-name" else super().order_queryset(queryset)

    def get_delete_url(self, instance: Any) -> None:
        """Offer no deletion: it would be refused."""


def _roles_in_words(person: Any) -> str:
    """Return the person's roles of today."""
    return "; ".join(str(role) for role in person.roles_now)


class NewPersonView(CreateView):
    """Add a person who signs in by address and password."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form who grants the roles."""
        return super().get_form_kwargs() | {"by": self.request.user}


class PersonView(EditView):
    """Change a person."""

    def get_page_subtitle(self) -> str:
        return str(self.object.display_name)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form who grants the roles."""
        kwargs: dict[str, Any] = super().get_form_kwargs() | {"by": self.request.user}
        del kwargs["editing_self"]
        return kwargs

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the form; of somebody else, whose doors it opens, to whoever has just proved who they are."""
        if not self.editing_self:
            prove_again(request)
        response: HttpResponseBase = super().get(request, *args, **kwargs)
        return response

    def form_valid(self, form: PersonForm) -> HttpResponseBase:
        """Save; where it changes how somebody signs in, only for whoever has just proved who they are.

        The request is not kept meanwhile, as allauth would: it may hold a password.
        """
        if form.changes_doors and is_required_again(self.request):
            messages.warning(
                self.request, _("That took a while. Prove who you are, and make the change again.")
            )
            return redirect(self.request.path)
        response: HttpResponseBase = super().form_valid(form)
        return response

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Return Wagtail's buttons, the one for a lost device, and for oneself those of one's own pages."""
        buttons: list[Button] = super().header_more_buttons
        if may_reset(self.request.user, self.object):
            url = reverse("people:lost_device", args=[self.object.pk])
            buttons.append(
                Button(_("Take away the second step"), url=url, icon_name="lock-open", priority=30)
            )
        if self.editing_self:
            own = [
                Button(_("Change the e-mail address"), url=reverse("address"), icon_name="mail", priority=30),
                Button(
                    _("Change the password"),
                    url=reverse("account_change_password"),
                    icon_name="key",
                    priority=31,
                ),
            ]
            buttons.extend(own)
        return buttons


class PersonViewSet(UserViewSet):
    """People: listed, added and changed; never deleted here, as records of learning would go with them."""

    ordering = "last_name"
    index_view_class = PeopleView
    add_view_class = NewPersonView
    edit_view_class = PersonView
    copy_view_enabled = False
    filterset_class = None
    create_template_name = "wagtailadmin/generic/create.html"
    edit_template_name = "wagtailadmin/generic/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[PersonForm]:
        """Return our form."""
        return PersonForm


def refuse_deletion(request: HttpRequest) -> HttpResponseBase:
    """Say why people are not deleted here, and what to do instead."""
    messages.error(
        request,
        _("People are not deleted here: what they learned would go too. Make the person inactive instead."),
    )
    return redirect(reverse("wagtailusers_users:index"))


def refuse_roles(request: HttpRequest) -> HttpResponseBase:
    """Say where roles are given."""
    messages.error(request, _("Roles are given on the page of each person."))
    return redirect(reverse("wagtailusers_users:index"))


def refuse_closing(request: HttpRequest) -> HttpResponseBase:
    """Say why these accounts are not closed: nobody would be left to administer the portal."""
    messages.error(request, LAST_ADMINISTRATOR)
    return redirect(reverse("wagtailusers_users:index"))
