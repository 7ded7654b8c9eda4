"""The filters of the lists of letters, answers and instructions, in the URL."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shiyu.letters.forms.writing import letter_kinds, unit_choices
from shiyu.letters.models import Instruction, Letter, Recipient
from shiyu.letters.queries import instructions_waiting, letters_waiting, owes_reply
from shiyu.lib import clock
from shiyu.ui.forms import DayInput

State = Letter.State


def state_choices() -> list[tuple[str, Any]]:
    """Every state of a letter in words."""
    return [
        (State.DRAFT, pgettext_lazy("letter", "Draft")),
        (State.APPROVAL, pgettext_lazy("letter", "Out for approval")),
        (State.ISSUED, _("Issued")),
        (State.WITHDRAWN, _("Withdrawn")),
        (State.DROPPED, pgettext_lazy("letter", "Dropped")),
    ]


class LetterFilter(django_filters.FilterSet):
    """The filters of the letters."""

    kind = django_filters.ChoiceFilter(label=_("Kind of letter"), choices=letter_kinds)
    unit = django_filters.ChoiceFilter(label=_("Issued by"), field_name="unit_id", choices=unit_choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=state_choices)
    reply = django_filters.ChoiceFilter(
        label=_("Reply"),
        method="by_reply",
        choices=[
            ("waiting", _("Replies missing")),
            ("late", _("Replies late")),
            ("replied", _("Replied by all")),
            ("mine", pgettext_lazy("letter", "Waits for me")),
        ],
    )
    year = django_filters.NumberFilter(label=_("Year"), field_name="year")
    since = django_filters.DateFilter(
        label=_("Issued from"), field_name="issued_on", lookup_expr="gte", widget=DayInput
    )
    until = django_filters.DateFilter(
        label=_("Issued to"), field_name="issued_on", lookup_expr="lte", widget=DayInput
    )
    q = django_filters.CharFilter(label=pgettext_lazy("filter", "Text"), method="by_text")

    class Meta:
        model = Letter
        fields: list[str] = []

    def by_reply(self, rows: QuerySet[Letter], name: str, value: str) -> QuerySet[Letter]:
        if value == "mine":
            return rows.filter(pk__in=letters_waiting(self.request.actor).values("pk"))
        if value == "late":
            return rows.filter(owes_reply(reply_by__lt=clock.today()))
        if value == "waiting":
            return rows.filter(owes_reply())
        return rows.filter(~owes_reply(), state=State.ISSUED, reply_by__isnull=False)

    def by_text(self, rows: QuerySet[Letter], name: str, value: str) -> QuerySet[Letter]:
        return rows.filter(search__matches=value)


OUTCOME_WORDS = {
    "on_time": _("Answered in time"),
    "answered_late": _("Answered late"),
    "open": _("Reply open"),
    "late": _("Reply overdue"),
    "ended": _("Ended by withdrawal"),
    "none": _("No reply asked for"),
}


class AnswerFilter(django_filters.FilterSet):
    """The filters of letters at the units that got them."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind of letter"), field_name="letter__kind", choices=letter_kinds
    )
    writer = django_filters.ChoiceFilter(
        label=_("Issued by"), field_name="letter__unit_id", choices=unit_choices
    )
    unit = django_filters.ChoiceFilter(label=_("Addressed to"), field_name="unit_id", choices=unit_choices)
    outcome = django_filters.ChoiceFilter(label=_("Reply"), choices=list(OUTCOME_WORDS.items()))
    since = django_filters.DateFilter(
        label=_("Issued from"), field_name="letter__issued_on", lookup_expr="gte", widget=DayInput
    )
    until = django_filters.DateFilter(
        label=_("Issued to"), field_name="letter__issued_on", lookup_expr="lte", widget=DayInput
    )

    class Meta:
        model = Recipient
        fields: list[str] = []


class InstructionFilter(django_filters.FilterSet):
    """The filters of the instructions."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="by_state",
        choices=[
            ("open", _("No reply yet")),
            ("replied", _("Replied")),
            ("mine", pgettext_lazy("letter", "Waits for me")),
        ],
    )
    unit = django_filters.ChoiceFilter(label=_("Unit"), field_name="unit_id", choices=unit_choices)
    late = django_filters.ChoiceFilter(
        label=_("Time limit"), method="by_late", choices=[("late", _("Overdue"))]
    )
    q = django_filters.CharFilter(label=pgettext_lazy("filter", "Text"), method="by_text")

    class Meta:
        model = Instruction
        fields: list[str] = []

    def by_state(self, rows: QuerySet[Instruction], name: str, value: str) -> QuerySet[Instruction]:
        if value == "mine":
            return rows.filter(pk__in=instructions_waiting(self.request.actor).order_by().values("pk"))
        return rows.filter(state=value)

    def by_late(self, rows: QuerySet[Instruction], name: str, value: str) -> QuerySet[Instruction]:
        return rows.filter(state=Instruction.State.OPEN, reply_by__lt=clock.today())

    def by_text(self, rows: QuerySet[Instruction], name: str, value: str) -> QuerySet[Instruction]:
        return rows.filter(search__matches=value)
