"""Filters of the lists that only the API has, and the forms of tokens, systems and subscriptions."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shiyu.exchange.models import Event, Scope
from shiyu.matters.models import Assignment, Step
from shiyu.people.models import Post, Unit
from shiyu.places.models import Area

DAYS = (
    (30, _("30 days")),
    (90, _("90 days")),
    (180, _("Half a year")),
    (365, _("One year")),
)


class UnitFilter(django_filters.FilterSet):
    """Units by name, kind and place."""

    q = django_filters.CharFilter(label=pgettext_lazy("filter", "Text"), method="by_text")
    kind = django_filters.CharFilter(label=_("Kind of unit"))
    area = django_filters.UUIDFilter(label=_("Place"), field_name="area_id")
    code = django_filters.CharFilter(label=_("Code"))

    class Meta:
        model = Unit
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Unit], name: str, value: str) -> QuerySet[Unit]:
        return rows.filter(Q(name__icontains=value) | Q(short_name__icontains=value))


class AreaFilter(django_filters.FilterSet):
    """Places by name, level and what they lie in."""

    q = django_filters.CharFilter(
        label=pgettext_lazy("filter", "Text"), field_name="name", lookup_expr="icontains"
    )
    level = django_filters.ChoiceFilter(label=_("Level"), choices=Area.Level.choices)
    parent = django_filters.UUIDFilter(label=_("Lies in"), field_name="parent_id")
    code = django_filters.CharFilter(label=_("Code"))

    class Meta:
        model = Area
        fields: list[str] = []


class AssignmentFilter(django_filters.FilterSet):
    """Assignments by matter, unit, part and whether they go on."""

    matter = django_filters.UUIDFilter(label=_("Matter"), field_name="matter_id")
    unit = django_filters.UUIDFilter(label=pgettext_lazy("matter", "Unit"), field_name="unit_id")
    role = django_filters.ChoiceFilter(label=_("Part"), choices=Assignment.Role.choices)
    active = django_filters.ChoiceFilter(
        label=_("Goes on"), method="by_active", choices=[("yes", _("Yes")), ("no", _("No"))]
    )

    class Meta:
        model = Assignment
        fields: list[str] = []

    def by_active(self, rows: QuerySet[Assignment], name: str, value: str) -> QuerySet[Assignment]:
        return rows.filter(active=value == "yes")


class StepFilter(django_filters.FilterSet):
    """Steps by matter, verb and moment."""

    matter = django_filters.UUIDFilter(label=_("Matter"), field_name="matter_id")
    verb = django_filters.CharFilter(label=_("Verb"))
    since = django_filters.IsoDateTimeFilter(
        label=_("Entered from"), field_name="entered_at", lookup_expr="gte"
    )
    until = django_filters.IsoDateTimeFilter(
        label=_("Entered before"), field_name="entered_at", lookup_expr="lt"
    )

    class Meta:
        model = Step
        fields: list[str] = []


class TokenForm(forms.Form):
    """A new token: what for, how long."""

    name = forms.CharField(
        label=_("What it is for"), max_length=60, help_text=_("The audit entries name the token by this.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("May be used to"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(label=_("Ends after"), choices=DAYS, coerce=int, initial=90)


class SystemForm(TokenForm):
    """Another system: its account, the post it works in, and its first token."""

    account = forms.CharField(label=_("Name of the system"), max_length=60)
    username = forms.SlugField(
        label=_("Short name"),
        max_length=40,
        help_text=_("Latin letters, digits and hyphens; nobody signs in with it."),
    )
    post_id = forms.TypedChoiceField(
        label=_("Works in the post"),
        coerce=UUID,
        help_text=_("It may do what this post may do, and no more."),
    )
    field_order = ("account", "username", "post_id", "name", "scopes", "days")

    def __init__(self, *args: Any, posts: Iterable[Post], **more: Any) -> None:
        super().__init__(*args, **more)
        units: dict[str, list[tuple[UUID, str]]] = {}
        for post in posts:
            units.setdefault(post.unit.name, []).append((post.pk, post.name))
        fields: dict[str, Any] = self.fields
        fields["post_id"].choices = [("", "—"), *units.items()]


class SubscriptionForm(forms.Form):
    """Where a system wants to be told, and of what."""

    url = forms.CharField(
        label=pgettext_lazy("web", "Address"), max_length=300, widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("The host must stand in SHIYU_WEBHOOK_HOSTS of this server."),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=_("Is told of"), choices=Event.choices, widget=forms.CheckboxSelectMultiple
    )
