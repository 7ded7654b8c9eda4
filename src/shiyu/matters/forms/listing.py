"""The filters of the list of matters."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shiyu.kernel.phases import PHASE_LABELS
from shiyu.lib import clock
from shiyu.matters.forms.matters import Choices, kind_choices, unit_choices
from shiyu.matters.kinds import language, source_choices
from shiyu.matters.models import Assignment, Matter, WorkOrder
from shiyu.matters.models.orders import ENTERED
from shiyu.matters.queries.board import WAITS
from shiyu.matters.queries.orders import takes_orders
from shiyu.packs.queries import current_pack
from shiyu.ui.forms import LongSelect


def _phases() -> Choices:
    return [(phase.value, label.text(language())) for phase, label in PHASE_LABELS.items()]


def _sources() -> Choices:
    return list(dict(row for kind in current_pack().kind for row in source_choices(kind)).items())


def _all_grades() -> Choices:
    kinds = current_pack().kind.values()
    return list(
        {
            code: grade.label.text(language())
            for kind in kinds
            if kind.grading
            for code, grade in kind.grading.grades.items()
        }.items()
    )


class MatterFilter(django_filters.FilterSet):
    """The filters of the list, all in the URL. Open matters unless asked otherwise; closed ones need a period."""

    show = django_filters.ChoiceFilter(
        label=pgettext_lazy("filter", "Show"),
        method="by_show",
        choices=[
            ("open", pgettext_lazy("matter", "Open")),
            ("closed", _("Closed this year")),
            ("all", _("All of this year")),
        ],
        empty_label=None,
    )
    kind = django_filters.ChoiceFilter(label=pgettext_lazy("matter", "Kind"), choices=kind_choices)
    phase = django_filters.ChoiceFilter(label=pgettext_lazy("matter", "State"), choices=_phases)
    unit = django_filters.ChoiceFilter(
        label=pgettext_lazy("matter", "Unit"), method="by_unit", choices=(), widget=LongSelect
    )
    due = django_filters.ChoiceFilter(
        label=pgettext_lazy("matter", "Time limit"),
        method="by_due",
        choices=[("overdue", _("Overdue")), ("soon", _("Due soon")), ("on_books", _("On the books"))],
    )
    source = django_filters.ChoiceFilter(label=_("Where from"), choices=_sources)
    grade = django_filters.ChoiceFilter(label=pgettext_lazy("matter", "Grade"), choices=_all_grades)
    entered = django_filters.ChoiceFilter(
        label=_("Entered back?"),
        method="by_entered",
        choices=[("wait", _("Result to enter back")), ("entered", _("Entered back"))],
    )
    drill = django_filters.ChoiceFilter(
        method="by_drill", choices=[("only", pgettext_lazy("surge", "Exercises"))], widget=forms.HiddenInput
    )
    wait = django_filters.ChoiceFilter(
        method="by_wait", choices=[(code, code) for code in WAITS], widget=forms.HiddenInput
    )
    q = django_filters.CharFilter(label=pgettext_lazy("filter", "Text"), method="by_text")

    class Meta:
        model = Matter
        fields: list[str] = []

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.filters["unit"].extra["choices"] = unit_choices()  # asked once, not by field and widget
        if not _all_grades():  # a city that does not grade is not asked for a grade
            del self.filters["grade"]
        if not takes_orders():
            del self.filters["entered"]

    def filter_queryset(self, queryset: QuerySet[Matter]) -> QuerySet[Matter]:
        """Exercises stay out of the list unless they are asked for. Closed ones need a period: where no filter says which,
        they are those of this year."""
        rows = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        if not asked.get("show") and not asked.get("wait"):
            rows = self.by_show(rows, "show", "all")
        return rows if asked.get("drill") else rows.filter(drill=False)

    def by_drill(self, rows: QuerySet[Matter], name: str, value: str) -> QuerySet[Matter]:
        return rows.filter(drill=True)

    def by_entered(self, rows: QuerySet[Matter], name: str, value: str) -> QuerySet[Matter]:
        orders = WorkOrder.objects.to_enter() if value == "wait" else WorkOrder.objects.filter(ENTERED)
        return rows.filter(pk__in=orders.values("matter_id"))

    def by_wait(self, rows: QuerySet[Matter], name: str, value: str) -> QuerySet[Matter]:
        return WAITS[value](rows)

    def by_show(self, rows: QuerySet[Matter], name: str, value: str) -> QuerySet[Matter]:
        # A part of the board, or what is entered back, says itself whether it is of open matters.
        if self.data.get("wait") in WAITS or self.data.get("entered"):
            return rows
        if value == "open":
            return rows.filter(is_open=True)
        start = clock.now().replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        if value == "closed":
            return rows.filter(is_open=False, closed_at__gte=start)
        return rows.filter(Q(is_open=True) | Q(closed_at__gte=start))

    def by_unit(self, rows: QuerySet[Matter], name: str, value: str) -> QuerySet[Matter]:
        held = Assignment.objects.filter(unit_id=value).exclude(ended__in=("returned", "transferred"))
        return rows.filter(Q(pk__in=held.values("matter_id")) | Q(unit_id=value))

    def by_due(self, rows: QuerySet[Matter], name: str, value: str) -> QuerySet[Matter]:
        now = clock.now()
        if value == "overdue":
            return rows.filter(is_open=True, due_at__lt=now)
        if value == "soon":
            return rows.filter(is_open=True, due_at__gte=now, warn_at__lt=now)
        return rows.filter(on_books=True)

    def by_text(self, rows: QuerySet[Matter], name: str, value: str) -> QuerySet[Matter]:
        found = Q(title__icontains=value) | Q(code__icontains=value) | Q(about_label__icontains=value)
        return rows.filter(found | Q(text__icontains=value))
