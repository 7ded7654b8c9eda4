"""Filters of the three lists."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MARKS = (
    ("", _("All")),
    ("open", _("Not done")),
    ("late", _("Overdue")),
    ("behind", _("Behind")),
    ("on", _("On schedule")),
    ("none", _("Not started")),
    ("done", _("Done")),
)
PROBLEM_MARKS = (
    ("", _("All")),
    ("open", _("Not closed")),
    ("overdue", _("Overdue")),
    ("on_books", _("On the books")),
    ("closed", _("Closed out")),
)
ROLES = (("", _("Lead and supporting")), ("lead", _("Lead")), ("supporting", _("Supporting")))
Choices = Sequence[tuple[str, Any]]


class ListFilter(forms.Form):
    """Whose list, of which month, and what of it. Choices are what the person may see."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    period = forms.ChoiceField(label=_("Month"), required=False)
    plan = forms.ChoiceField(label=_("Plan"), required=False)
    block = forms.ChoiceField(label=_("Block"), required=False)
    office = forms.ChoiceField(label=_("Office"), required=False)
    role = forms.ChoiceField(label=_("Part"), required=False, choices=ROLES)
    mark = forms.ChoiceField(label=_("State"), required=False, choices=MARKS)
    task = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Contains"), required=False, max_length=60)

    def __init__(self, data: Any, choices: dict[str, Choices], *, problems: bool = False) -> None:
        super().__init__(data)
        for name, given in choices.items():
            self.fields[name].choices = given  # type: ignore[attr-defined]
        if len(choices["office"]) < 2:
            del self.fields["office"]
        if problems:
            self.fields["mark"].choices = PROBLEM_MARKS  # type: ignore[attr-defined]
            del self.fields["role"]
