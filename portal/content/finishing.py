"""The editor's form and panel for what a page still needs before it can be published."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel
from wagtail.blocks import StreamBlockValidationError

from portal.content.checking import Finding, findings_of


class FinishedPageForm(WagtailAdminPageForm):
    """Refuses to publish, and to send for approval, what the checks find errors in; drafts may have them."""

    def _post_clean(self) -> None:
        """Check the page as it would be, once its fields are right, and put each error where it belongs."""
        super()._post_clean()
        self.findings: list[Finding] = []
        if self.is_deferred_validation or self.errors:
            return
        self.findings = findings_of(self.instance)
        by_field: dict[str, list[Finding]] = {}
        for finding in self.findings:
            if not finding.is_error:
                continue
            by_field.setdefault(finding.field if finding.field in self.fields else "", []).append(finding)
        for field, found in by_field.items():
            self.add_error(field or NON_FIELD_ERRORS, _error(found))


def _error(found: list[Finding]) -> Any:
    """Return the errors of one field: at their blocks where they have one."""
    at_blocks = [finding for finding in found if finding.index is not None]
    if not at_blocks:
        return [ValidationError(finding.text) for finding in found]
    texts: dict[int | None, list[str]] = {}
    for finding in at_blocks:
        texts.setdefault(finding.index, []).append(finding.text)
    return StreamBlockValidationError(
        block_errors={index: ValidationError(said) for index, said in texts.items()}
    )


class ChecksPanel(Panel):
    """Shows what the checks find in the draft as it was saved last, or in what was just sent and not taken."""

    class BoundPanel(Panel.BoundPanel):
        """The panel of one page."""

        template_name = "content/admin/checks_panel.html"

        def is_shown(self) -> bool:
            """Show it only where there is something to tell."""
            return bool(self.findings)

        @property
        def is_sent(self) -> bool:
            """Whether the form has come back with errors."""
            return self.form is not None and self.form.is_bound and bool(self.form.errors)

        @property
        def findings(self) -> list[Finding]:
            """What was found in the saved draft; nothing is asked of a page that is only begun.

            Of a form with errors, what was found in it: the draft may hold blocks that are gone from it.
            """
            if self.is_sent:
                found: list[Finding] = getattr(self.form, "findings", [])
                return found
            if not hasattr(self, "_findings"):
                page = self.instance
                self._findings = findings_of(page) if page is not None and page.pk else []
            return self._findings

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            """Add what was found."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["findings"] = self.findings
            context["is_sent"] = self.is_sent
            return context
