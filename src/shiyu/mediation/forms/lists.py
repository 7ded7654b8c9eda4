"""Forms of the pools, and the filters of the lists."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shiyu.kernel.mediation import OUTCOME_LABELS, WAY_LABELS
from shiyu.lib import clock
from shiyu.matters.kinds import language
from shiyu.mediation.models import Mediation, RoleHolder
from shiyu.mediation.queries.bodies import all_bodies
from shiyu.mediation.queries.figures import rows_behind, stretch_of
from shiyu.mediation.queries.words import Choices, current_rule, kind_choices, role_choices
from shiyu.people.models import Unit
from shiyu.ui.forms import DayInput


class HolderForm(forms.Form):
    """Somebody in a public role."""

    unit = forms.ChoiceField(label=_("Body"))
    name = forms.CharField(label=pgettext_lazy("mediation", "Name in the role"), max_length=60)
    role = forms.ChoiceField(label=_("Role in mediation"))
    topics = forms.MultipleChoiceField(
        label=_("Kinds taken"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every kind."),
    )
    full_time = forms.BooleanField(label=_("Full-time"), required=False)
    valid_from = forms.DateField(label=_("In the role since"), widget=DayInput())

    def __init__(self, *args: Any, units: list[Unit], **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["unit"].choices = [(str(unit.pk), unit.name) for unit in units]
        fields["role"].choices = role_choices()
        fields["topics"].choices = kind_choices()
        fields["valid_from"].initial = clock.today()


class EndHolderForm(forms.Form):
    """The last day in a role."""

    on = forms.DateField(label=_("Last day in the role"), widget=DayInput())


def _bodies() -> Choices:
    rule = current_rule()
    return [(str(unit.pk), unit.display_short) for unit in all_bodies(rule)] if rule else []


def _outcomes() -> Choices:
    return [(one.value, label.text(language())) for one, label in OUTCOME_LABELS.items()]


def _ways() -> Choices:
    return [(way.value, label.text(language())) for way, label in WAY_LABELS.items()]


class MediationFilter(django_filters.FilterSet):
    """The filters of the list, all in the URL; `period` and `count` come from a number of the figures."""

    show = django_filters.ChoiceFilter(
        label=pgettext_lazy("filter", "Show"),
        method="by_show",
        empty_label=None,
        choices=[("going", _("Going on")), ("ended", _("Ended")), ("all", pgettext_lazy("mediation", "All"))],
    )
    topic = django_filters.ChoiceFilter(
        label=_("Sort of dispute"), field_name="matter__topic", choices=kind_choices
    )
    body = django_filters.ChoiceFilter(label=_("Body"), field_name="body_id", choices=_bodies)
    way = django_filters.ChoiceFilter(label=_("Way of mediation"), choices=_ways)
    outcome = django_filters.ChoiceFilter(label=_("How it ended"), choices=_outcomes)
    period = django_filters.CharFilter(method="by_period", widget=forms.HiddenInput)
    count = django_filters.CharFilter(method="as_given", widget=forms.HiddenInput)

    class Meta:
        model = Mediation
        fields: list[str] = []

    def by_show(self, rows: QuerySet[Mediation], name: str, value: str) -> QuerySet[Mediation]:
        if self.data.get("period"):  # a number of the figures says itself which rows
            return rows
        return (
            rows.filter(outcome="")
            if value == "going"
            else rows.exclude(outcome="")
            if value == "ended"
            else rows
        )

    def by_period(self, rows: QuerySet[Mediation], name: str, value: str) -> QuerySet[Mediation]:
        try:
            return rows_behind(rows, stretch_of(value), self.data.get("count") or "cases")
        except (ValueError, KeyError):
            return rows.none()

    def as_given(self, rows: QuerySet[Mediation], name: str, value: str) -> QuerySet[Mediation]:
        """Read together with `period`."""
        return rows


class HolderFilter(django_filters.FilterSet):
    """The filters of the people in public roles."""

    show = django_filters.ChoiceFilter(
        label=pgettext_lazy("filter", "Show"),
        method="by_show",
        empty_label=None,
        choices=[("now", _("In the role now")), ("all", pgettext_lazy("mediation", "All"))],
    )
    role = django_filters.ChoiceFilter(label=_("Role in mediation"), choices=role_choices)
    topic = django_filters.ChoiceFilter(label=_("Sort of dispute"), method="by_topic", choices=kind_choices)
    q = django_filters.CharFilter(label=_("Body"), field_name="unit__name", lookup_expr="icontains")

    class Meta:
        model = RoleHolder
        fields: list[str] = []

    def by_show(self, rows: Any, name: str, value: str) -> Any:
        return rows.in_force(clock.today()) if value == "now" else rows

    def by_topic(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(topics=[]) | rows.filter(topics__contains=[value])
