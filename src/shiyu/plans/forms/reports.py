"""Forms of reports: one entry, filters, reasons, files."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shiyu.packs.forms import PREFIX, drawn_fields, given_values, initial_values
from shiyu.packs.queries import current_pack
from shiyu.plans.actions.reports import LONGEST, EntryInput
from shiyu.plans.models import Report, ReportEntry
from shiyu.plans.queries.cycle_fields import own_fields
from shiyu.plans.queries.lists import status_words
from shiyu.plans.queries.reports import EntryLine, state_words
from shiyu.ui.forms import DayInput, ManyFilesField


def _text(label: Any, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": rows})
    )


class EntryForm(forms.Form):
    """One entry of a report; what is held already is filled in. The pack's own fields (`own`) follow ours."""

    status = forms.ChoiceField(label=pgettext_lazy("report", "Status"), required=False)
    progress = _text(_("Progress this month"), 4)
    total = _text(_("Result so far"), 3)
    value = forms.DecimalField(label=_("Number so far"), required=False, max_digits=14, decimal_places=2)
    issues = _text(_("Difficulties"), 2)
    next_steps = _text(_("Next steps"), 2)
    coordination = _text(_("Needs coordination"), 2)
    no_change = forms.BooleanField(label=_("No change"), required=False)

    def __init__(self, line: EntryLine, data: Any = None) -> None:
        entry, last = line.entry, line.last
        initial = {name: getattr(entry, name) for name in self.base_fields}
        if not entry.is_filled and last is not None:
            initial["total"] = initial["total"] or last.total
            initial["value"] = last.value if initial["value"] is None else initial["value"]
        asked = own_fields()
        super().__init__(data, prefix=str(entry.pk), initial=initial | initial_values(asked, entry.fields))
        self.fields |= drawn_fields(asked, current_pack(), required=False)
        # Only sending insists on them, so the page says which.
        self.must = {PREFIX + code for code, field in asked.items() if field.required}
        self.asked = asked
        choices = [("", _("please choose")), *status_words().items()]
        self.fields["status"].choices = choices  # type: ignore[attr-defined]
        if not line.has_number:
            del self.fields["value"]
        if not line.may_carry:
            del self.fields["no_change"]
        self.line = line

    @property
    def own(self) -> list[forms.BoundField]:
        """The drawn fields of the pack's cycle."""
        return [self[PREFIX + code] for code in self.asked]

    def lacking(self) -> str:
        """What a begun entry still needs to be complete, in words; empty where nothing is missing or begun."""
        given = self.given()
        if given.is_empty or given.no_change:
            return ""
        if given.status and given.progress.strip():
            return ""
        missing = _("choose the status") if not given.status else _("write this month's progress")
        return str(missing)

    def given(self) -> EntryInput:
        """What was typed, for `fill_report`. An entry nobody began (only prefilled values) counts as empty."""
        own = given_values(self.asked, self.cleaned_data)
        ours = [name for name in self.base_fields if name in self.cleaned_data and name != "no_change"]
        entry = EntryInput(
            self.line.pk,
            no_change=bool(self.cleaned_data.get("no_change")),
            fields=own,
            **{name: self.cleaned_data[name] for name in ours},
        )
        begun = entry.no_change or any(
            (
                entry.status,
                entry.progress,
                entry.issues,
                entry.next_steps,
                entry.coordination,
                entry.has_fields,
            )
        )
        return entry if begun or self.line.entry.is_filled else EntryInput(self.line.pk)


class ReportFilter(forms.Form):
    """Filters of the month's overview."""

    month = forms.ChoiceField(label=pgettext_lazy("report", "Month"), required=False)
    state = forms.ChoiceField(label=pgettext_lazy("report", "State"), required=False)
    timing = forms.ChoiceField(
        label=pgettext_lazy("report", "Timing"),
        required=False,
        choices=[
            ("", pgettext_lazy("report", "All")),
            ("missing", pgettext_lazy("report", "Missing")),
            ("late", pgettext_lazy("report", "Late")),
            ("in_time", pgettext_lazy("report", "In time")),
        ],
    )

    def __init__(self, data: Any, months: list[str]) -> None:
        super().__init__(data)
        self.fields["month"].choices = [(code, code) for code in months]  # type: ignore[attr-defined]
        states = [(state, state_words(state)) for state in Report.State.values]
        self.fields["state"].choices = [("", pgettext_lazy("report", "All")), *states]  # type: ignore[attr-defined]


class OpenMonthForm(forms.Form):
    """The month to open."""

    code = forms.CharField(
        label=pgettext_lazy("report", "Month"), widget=forms.TextInput(attrs={"type": "month"}), max_length=7
    )


class ProofForm(forms.Form):
    """Files or a link that prove what an entry says."""

    files = ManyFilesField(label=pgettext_lazy("report", "Files"), required=False)  # type: ignore[assignment]
    link = forms.URLField(label=pgettext_lazy("report", "Link"), required=False, assume_scheme="https")
    title = forms.CharField(label=pgettext_lazy("report", "Title"), max_length=200, required=False)
    on_date = forms.DateField(label=pgettext_lazy("report", "Date"), required=False, widget=DayInput())


class SheetForm(forms.Form):
    """A filled workbook coming back."""

    file = forms.FileField(label=_("Filled workbook (.xlsx)"))


STATUSES = ReportEntry.Status
