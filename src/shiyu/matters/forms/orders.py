"""Forms about other systems' work orders: a table handed in, an order noted, the list's filters, an export."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shiyu.kernel.actor import Actor
from shiyu.kernel.orders import LONGEST_NUMBER
from shiyu.matters.models import WorkOrder
from shiyu.matters.models.orders import DONE, ENTERED
from shiyu.matters.queries.orders import source_choices
from shiyu.people.models import Unit
from shiyu.ui.forms import DayInput


class OrderTableForm(forms.Form):
    """A table exported from another system."""

    source = forms.ChoiceField(label=_("Exported from"), choices=source_choices)
    file = forms.FileField(
        label=_("Table"),
        help_text=_("Excel (.xlsx, .xls) or CSV as the system exports it; up to 100,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.et,.csv,.txt"}),
    )
    unit_id = forms.TypedChoiceField(
        label=_("Takes in what names no place"),
        help_text=_("All others go to the unit that takes matters in where they lie."),
    )

    def __init__(self, *args: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        mine = Unit.objects.in_force().filter(pk__in=actor.units_with("matter.dispatch")).by_protocol()
        field: Any = self.fields["unit_id"]
        field.choices = [(str(unit.pk), unit.name) for unit in mine]


class OrderNoteForm(forms.Form):
    """An order of another system that a matter is as well."""

    source = forms.ChoiceField(label=_("Other system"), choices=source_choices)
    number = forms.CharField(
        label=_("Number there"),
        max_length=LONGEST_NUMBER,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    deadline = forms.DateField(label=_("Its deadline"), required=False, widget=DayInput)
    upper_deadline = forms.DateField(label=_("Deadline of the level above"), required=False, widget=DayInput)


class OrderExportForm(forms.Form):
    """Orders in their source's own layout."""

    source = forms.ChoiceField(label=_("In the layout of"), choices=source_choices)
    form = forms.ChoiceField(label=_("As"), choices=[("xlsx", "Excel"), ("csv", "CSV")])
    since = forms.DateField(label=_("Taken in from"), required=False, widget=DayInput)
    until = forms.DateField(label=pgettext_lazy("orders", "until"), required=False, widget=DayInput)


class OrderFilter(django_filters.FilterSet):
    """What of the other systems' orders is shown: at first the results to enter back."""

    entered = django_filters.ChoiceFilter(
        label=_("Entered back?"),
        method="by_entered",
        choices=[
            ("wait", _("Result to enter back")),
            ("open", _("Still handled here")),
            ("entered", _("Entered back")),
        ],
    )
    source = django_filters.ChoiceFilter(label=_("Other system"), choices=source_choices)
    number = django_filters.CharFilter(label=_("Number there"), method="by_number")

    class Meta:
        model = WorkOrder
        fields: list[str] = []

    def by_entered(self, rows: QuerySet[WorkOrder], name: str, value: str) -> QuerySet[WorkOrder]:
        if value == "entered":
            return rows.filter(ENTERED)
        rows = rows.exclude(ENTERED)
        return rows.filter(DONE) if value == "wait" else rows.exclude(DONE)

    def by_number(self, rows: QuerySet[WorkOrder], name: str, value: str) -> QuerySet[WorkOrder]:
        return rows.filter(Q(number__startswith=value.strip()) | Q(matter__code=value.strip()))
