"""Forms and filters of meetings, of what they decide, and of the watch list."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shiyu.kernel.spec.meetings import MeetingKind
from shiyu.letters.forms import unit_choices
from shiyu.lib import clock
from shiyu.matters.kinds import kind_label, language
from shiyu.meetings.actions import Ruled
from shiyu.meetings.models import Attendance, Meeting, WatchEntry
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.periods.models import Period
from shiyu.ui.forms import DayInput, ManyFilesField, PickMany, ReasonField

Choices = list[tuple[str, str]]

RULINGS = {
    "measure": pgettext_lazy("ruling", "Give a measure to a unit"),
    "letter": pgettext_lazy("ruling", "Issue a letter"),
    "climb": pgettext_lazy("ruling", "Climb to the unit above"),
    "lift": pgettext_lazy("ruling", "Lift to the consultation above"),
    "take_in_charge": pgettext_lazy("ruling", "A leader takes it in charge"),
    "supervise": pgettext_lazy("ruling", "Put under supervision"),
    "watch": pgettext_lazy("ruling", "Put on the watch list"),
    "unwatch": pgettext_lazy("ruling", "Take off the watch list"),
    "no_action": pgettext_lazy("ruling", "No action"),
}
"""What each ruling is called on a button."""

RULED = {
    "measure": pgettext_lazy("ruled", "Measure"),
    "letter": pgettext_lazy("ruled", "Letter"),
    "climb": pgettext_lazy("ruled", "Climbs"),
    "lift": pgettext_lazy("ruled", "Lifted"),
    "take_in_charge": pgettext_lazy("ruled", "Taken in charge"),
    "supervise": pgettext_lazy("ruled", "Supervised"),
    "watch": pgettext_lazy("ruled", "Watched"),
    "unwatch": pgettext_lazy("ruled", "Off the watch list"),
    "no_action": pgettext_lazy("ruled", "No action"),
}
"""What a decision is called in tables."""


def kind_choices(kinds: Iterable[tuple[str, MeetingKind]]) -> Choices:
    """Kinds of meetings of the pack, by their labels."""
    return [(code, kind.label.text(language())) for code, kind in kinds]


class MeetingForm(forms.Form):
    """A meeting to be planned. Its title may be left to the system: unit, year, which one of the year."""

    kind = forms.ChoiceField(label=_("Kind"))
    unit = forms.ChoiceField(label=pgettext_lazy("meeting", "Held by"))
    held_on = forms.DateField(label=_("Day"), widget=DayInput)
    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        required=False,
        help_text=_("Left empty: the unit, the year and which one of the year."),
    )
    period = forms.ModelChoiceField(
        Period.objects.filter(kind="month").order_by("-code"), label=_("Month it hears"), required=False
    )
    place = forms.CharField(label=_("Place"), max_length=80, required=False)
    chair = forms.CharField(label=_("Chair (post)"), max_length=80, required=False)
    agenda = forms.CharField(label=_("Agenda"), widget=forms.Textarea(attrs={"rows": 5}), required=False)

    def __init__(self, *args: Any, units: list[Unit], kinds: dict[str, MeetingKind], **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = kind_choices(kinds.items())
        fields["unit"].choices = [(str(unit.pk), unit.name) for unit in units]
        if len(units) == 1:
            fields["unit"].widget = forms.HiddenInput()
            fields["unit"].initial = str(units[0].pk)
            fields["unit"].required = False
        if not any(kind.cycle for kind in kinds.values()):
            del fields["period"]
        if all(kind.takes for kind in kinds.values()):  # their agenda is made of points
            del fields["agenda"]

    def given(self) -> dict[str, Any]:
        """The cleaned data as `plan_meeting` takes them."""
        data = dict(self.cleaned_data)
        period = data.pop("period", None)
        chosen = data.pop("unit") or self.fields["unit"].initial
        return {**data, "unit_id": UUID(str(chosen)), "period_id": period.pk if period else None}


class MinutesForm(forms.Form):
    """That it was held, and its minutes in one text."""

    held_on = forms.DateField(label=_("Held on"), widget=DayInput)
    minutes = forms.CharField(label=_("Minutes"), widget=forms.Textarea(attrs={"rows": 8}))


class HeldForm(forms.Form):
    """That a session was held; its minutes are entered point by point."""

    held_on = forms.DateField(label=_("Held on"), widget=DayInput)
    place = forms.CharField(label=_("Place"), max_length=80, required=False)
    chair = forms.CharField(label=_("Chair (post)"), max_length=80, required=False)


class CirculateForm(forms.Form):
    """The minutes as the office edited them, if it did."""

    edited = forms.FileField(
        label=_("The minutes as edited"),
        required=False,
        help_text=_("Left empty: as they are made here. What goes round is kept with the meeting."),
    )


class DecisionForm(forms.Form):
    """A decision of a meeting that makes duties, or of no point of the agenda."""

    text = forms.CharField(label=_("What was decided"), widget=forms.Textarea(attrs={"rows": 3}))
    lead_unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Lead unit"))
    supporting_units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label=_("Supporting units"), required=False, widget=PickMany
    )
    due_on = forms.DateField(label=_("Deadline"), widget=DayInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        units = Unit.objects.in_force().filter(memberships__isnull=False).distinct().by_protocol()
        for name in ("lead_unit", "supporting_units"):
            self.fields[name].queryset = units  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a meeting is called off."""

    reason = ReasonField()


class PointForm(forms.Form):
    """A matter or a topic for the agenda, and why."""

    matter_code = forms.CharField(label=_("Number of the matter"), max_length=30, required=False)
    topic = forms.CharField(label=_("or a topic in words"), max_length=120, required=False)
    word = forms.CharField(label=_("Why it is on the agenda"), max_length=200)


class WordForm(forms.Form):
    """Why a point is taken off the agenda."""

    word = forms.CharField(label=_("Why it is taken off"), max_length=200)


class InviteForm(forms.Form):
    """The units asked to come, beside those that belong to every meeting of the kind."""

    units = forms.MultipleChoiceField(label=_("Units asked to come"), required=False, widget=PickMany)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["units"].choices = unit_choices()  # type: ignore[attr-defined]


class AttendanceForm(forms.Form):
    """How one unit attended: a row of the table."""

    came = forms.ChoiceField(
        label=_("Attendance"),
        choices=[
            (Attendance.Came.OPEN, pgettext_lazy("attendance", "Not entered")),
            (Attendance.Came.PRESENT, pgettext_lazy("attendance", "Present")),
            (Attendance.Came.REPRESENTED, pgettext_lazy("attendance", "Represented")),
            (Attendance.Came.ABSENT, pgettext_lazy("attendance", "Absent")),
        ],
    )
    post = forms.CharField(
        label=_("By which post"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("By which post")}),
    )


class NotesForm(forms.Form):
    """What was said on a point, for the minutes."""

    notes = forms.CharField(
        label=_("What was said"), widget=forms.Textarea(attrs={"rows": 5}), required=False, max_length=4000
    )


class RulingForm(forms.Form):
    """One ruling on a matter: the fields this ruling needs and no others."""

    FIELDS = {
        "measure": ("text", "lead_unit", "supporting", "due_on"),
        "letter": ("letter_kind", "text", "due_on"),
        "lift": ("text", "due_on"),
        "take_in_charge": ("post", "due_on", "text"),
        "watch": ("lead_unit", "post", "next_measure", "due_on", "text"),
    }
    text = forms.CharField(
        label=_("What was decided"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    letter_kind = forms.ChoiceField(label=_("Kind of letter"))
    lead_unit = forms.ChoiceField(label=_("Lead unit"))
    supporting = forms.MultipleChoiceField(label=_("Supporting units"), required=False, widget=PickMany)
    post = forms.CharField(label=_("Post"), max_length=60)
    next_measure = forms.CharField(
        label=_("Next measure"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )
    due_on = forms.DateField(label=_("Deadline"), widget=DayInput)

    def __init__(
        self, *args: Any, ruling: str, letters: Choices, units: Choices, owner: str = "", **more: Any
    ) -> None:
        super().__init__(*args, **{**more, "prefix": ruling})
        self.ruling = ruling
        wanted = self.FIELDS.get(ruling, ("text",))
        self.fields = {name: self.fields[name] for name in wanted}  # in the order they are asked
        fields: dict[str, Any] = self.fields
        for name, choices in (("lead_unit", units), ("supporting", units), ("letter_kind", letters)):
            if name in fields:
                fields[name].choices = [("", "—"), *choices] if name == "lead_unit" else choices
        if ruling in ("letter", "lift"):
            fields["due_on"].required = False
        self._name(fields, owner)

    def _name(self, fields: dict[str, Any], owner: str) -> None:
        """Says what a field means for this ruling."""
        labels: dict[str, dict[str, Any]] = {
            "watch": {
                "lead_unit": _("Unit that keeps an eye on it"),
                "due_on": _("Day of the next review"),
                "text": _("Why it is watched"),
            },
            "take_in_charge": {"post": _("Leader in charge, by post"), "due_on": _("Day of review")},
            "letter": {"due_on": _("Issue it by"), "text": _("What the letter asks for")},
            "lift": {"due_on": _("Talk about it by"), "text": _("What is asked of the level above")},
            "no_action": {"text": _("Why nothing is needed")},
            "unwatch": {"text": _("Why it leaves the list")},
        }
        for name, label in labels.get(self.ruling, {}).items():
            fields[name].label = label
        if "lead_unit" in fields:
            fields["lead_unit"].initial = owner

    def given(self) -> Ruled:
        """The cleaned data as `decide_point` takes them."""
        data = self.cleaned_data
        lead = data.get("lead_unit")
        return Ruled(
            ruling=self.ruling,
            text=data["text"],
            lead_unit_id=UUID(lead) if lead else None,
            supporting_unit_ids=tuple(UUID(unit) for unit in data.get("supporting", [])),
            due_on=data.get("due_on"),
            letter_kind=data.get("letter_kind", ""),
            post=data.get("post", ""),
            next_measure=data.get("next_measure", ""),
        )


class ResultForm(forms.Form):
    """What a unit did about a decision."""

    result = ReasonField(label=_("What was done"))
    proof = ManyFilesField(label=_("Proof"), required=False)


class ReviewForm(forms.Form):
    """A look at a watched matter."""

    finding = ReasonField(label=pgettext_lazy("watch", "How it stands"))
    next_measure = forms.CharField(
        label=_("Next measure"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )
    review_on = forms.DateField(label=_("Day of the next review"), widget=DayInput)


class MeetingFilter(django_filters.FilterSet):
    """The filters of the list of meetings."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[
            ("planned", pgettext_lazy("meeting", "Planned")),
            ("held", pgettext_lazy("meeting", "Held")),
            ("called_off", pgettext_lazy("meeting", "Called off")),
        ],
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=lambda: kind_words(), method="by_kind")
    unit = django_filters.ChoiceFilter(label=pgettext_lazy("meeting", "Held by"), choices=lambda: _holders())
    q = django_filters.CharFilter(
        label=pgettext_lazy("filter", "Text"), field_name="title", lookup_expr="icontains"
    )

    class Meta:
        model = Meeting
        fields: list[str] = []

    def by_kind(self, rows: QuerySet[Meeting], name: str, value: str) -> QuerySet[Meeting]:
        """Kinds of one name are one choice: the risk sessions of every level."""
        kinds = current_pack().meeting.items()
        return rows.filter(kind__in=[code for code, kind in kinds if kind.label.zh == value])


def kind_words() -> Choices:
    """The kinds of meetings, each name once."""
    return list(
        {kind.label.zh: kind.label.text(language()) for kind in current_pack().meeting.values()}.items()
    )


def _holders() -> Choices:
    units = Unit.objects.filter(meetings__isnull=False).distinct().by_protocol()
    return [(str(pk), name) for pk, name in units.values_list("id", "name")]


class WatchFilter(django_filters.FilterSet):
    """The filters of the watch list."""

    show = django_filters.ChoiceFilter(
        label=pgettext_lazy("filter", "Show"),
        method="by_show",
        choices=[
            ("on", pgettext_lazy("watch", "On the list")),
            ("left", pgettext_lazy("watch", "Left the list")),
            ("all", pgettext_lazy("watch", "All")),
        ],
        empty_label=None,
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), field_name="matter__kind", choices=lambda: _watched_kinds()
    )
    unit = django_filters.ChoiceFilter(label=_("Owner"), choices=lambda: _owners())
    due = django_filters.ChoiceFilter(
        label=_("Review"),
        method="by_due",
        choices=[
            ("due", pgettext_lazy("watch", "Review due")),
            ("overdue", pgettext_lazy("watch", "The matter is overdue")),
            ("closed", pgettext_lazy("watch", "The matter is closed")),
        ],
    )
    q = django_filters.CharFilter(label=pgettext_lazy("filter", "Text"), method="by_text")

    class Meta:
        model = WatchEntry
        fields: list[str] = []

    def by_show(self, rows: QuerySet[WatchEntry], name: str, value: str) -> QuerySet[WatchEntry]:
        if value == "all":
            return rows
        return rows.filter(taken_off__isnull=value == "on")

    def by_due(self, rows: QuerySet[WatchEntry], name: str, value: str) -> QuerySet[WatchEntry]:
        if value == "due":
            return rows.filter(review_on__lte=clock.today(), taken_off=None)
        if value == "closed":
            return rows.filter(matter__is_open=False)
        return rows.filter(matter__is_open=True, matter__due_at__lt=clock.now())

    def by_text(self, rows: QuerySet[WatchEntry], name: str, value: str) -> QuerySet[WatchEntry]:
        return rows.filter(Q(matter__code__icontains=value) | Q(next_measure__icontains=value))


def _watched_kinds() -> Choices:
    rule = current_pack().watch
    return [(code, kind_label(code)) for code in (rule.kinds if rule else ())]


def _owners() -> Choices:
    units = Unit.objects.filter(watch_entries__isnull=False).distinct().by_protocol()
    return [(str(pk), name) for pk, name in units.values_list("id", "name")]
