"""Forms of letters and instructions, and the filters of their lists."""

from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shiyu.letters.models import Instruction, Letter, Recipient
from shiyu.lib import clock
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.ui.forms import DayInput, ManyFilesField, ReasonField

Choices = list[tuple[str, str]]


def unit_choices() -> Choices:
    """Units that exist today, offices of departments left out, in protocol order."""
    rows = Unit.objects.in_force().exclude(kind="office").by_protocol()
    return [(str(pk), name) for pk, name in rows.values_list("id", "name")]


def letter_kinds() -> Choices:
    """The kinds of letters of the pack in force."""
    language = get_language() or "zh-hans"
    return [(code, letter.label.text(language)) for code, letter in current_pack().letter.items()]


class LetterForm(forms.Form):
    """A letter to units."""

    kind = forms.ChoiceField(label=_("Kind of letter"))
    unit_id = forms.ChoiceField(label=_("Issued by"))
    title = forms.CharField(label=pgettext_lazy("letter", "Title"), max_length=200)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 10}), max_length=20_000)
    recipients = forms.MultipleChoiceField(label=_("Addressed to"))
    reply_by = forms.DateField(label=_("Reply by"), widget=DayInput, required=False)

    def __init__(self, *args: Any, issuing: frozenset[UUID], **more: Any) -> None:
        super().__init__(*args, **more)
        units, own = unit_choices(), {str(unit) for unit in issuing}
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = letter_kinds()
        fields["unit_id"].choices = [(pk, name) for pk, name in units if pk in own]
        fields["recipients"].choices = units

    def given(self) -> dict[str, Any]:
        """The cleaned data as `issue_letter` takes them."""
        data = dict(self.cleaned_data)
        data["unit_id"] = UUID(data["unit_id"])
        data["recipients"] = [UUID(unit) for unit in data["recipients"]]
        return data


class ReplyForm(forms.Form):
    """A reply to a letter or an instruction."""

    reply = ReasonField(label=_("Reply"), max_length=4000)


class WithdrawForm(forms.Form):
    """Why a letter is withdrawn."""

    reason = ReasonField()


class InstructionForm(forms.Form):
    """A leader's instruction: by post, on a day, for a unit; its text or its scan."""

    leader_post = forms.CharField(
        label=_("Leader, by post"), max_length=80, help_text=_("The post, not the person's name.")
    )
    instructed_on = forms.DateField(label=_("Instructed on"), widget=DayInput)
    text = forms.CharField(
        label=_("Text"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, required=False
    )
    files = ManyFilesField(label=_("Scan"), required=False)  # type: ignore[assignment]
    unit_id = forms.ChoiceField(label=_("To be followed up by"))
    reply_by = forms.DateField(label=_("Reply by"), widget=DayInput, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["unit_id"].choices = [("", "—"), *unit_choices()]
        fields["instructed_on"].initial = clock.today()


class LetterFilter(django_filters.FilterSet):
    """The filters of the letters, in the URL."""

    kind = django_filters.ChoiceFilter(label=_("Kind of letter"), choices=letter_kinds)
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("issued", _("Issued")), ("withdrawn", _("Withdrawn"))],
    )
    reply = django_filters.ChoiceFilter(
        label=_("Reply"),
        method="by_reply",
        choices=[("waiting", _("Replies missing")), ("late", _("Replies late"))],
    )
    year = django_filters.NumberFilter(label=_("Year"), field_name="year")
    q = django_filters.CharFilter(label=pgettext_lazy("filter", "Text"), method="by_text")

    class Meta:
        model = Letter
        fields: list[str] = []

    def by_reply(self, rows: QuerySet[Letter], name: str, value: str) -> QuerySet[Letter]:
        missing = Recipient.objects.filter(letter=OuterRef("pk"), replied_at=None)
        rows = rows.filter(Exists(missing), reply_by__isnull=False, state=Letter.State.ISSUED)
        return rows.filter(reply_by__lt=clock.today()) if value == "late" else rows

    def by_text(self, rows: QuerySet[Letter], name: str, value: str) -> QuerySet[Letter]:
        return rows.filter(
            Q(title__icontains=value) | Q(number_text__icontains=value) | Q(body__icontains=value)
        )


class InstructionFilter(django_filters.FilterSet):
    """The filters of the instructions, in the URL."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[("open", _("No reply yet")), ("replied", _("Replied"))]
    )
    unit = django_filters.ChoiceFilter(label=_("Unit"), field_name="unit_id", choices=unit_choices)
    late = django_filters.ChoiceFilter(
        label=_("Time limit"), method="by_late", choices=[("late", _("Overdue"))]
    )
    q = django_filters.CharFilter(label=pgettext_lazy("filter", "Text"), method="by_text")

    class Meta:
        model = Instruction
        fields: list[str] = []

    def by_late(self, rows: QuerySet[Instruction], name: str, value: str) -> QuerySet[Instruction]:
        return rows.filter(state=Instruction.State.OPEN, reply_by__lt=clock.today())

    def by_text(self, rows: QuerySet[Instruction], name: str, value: str) -> QuerySet[Instruction]:
        return rows.filter(
            Q(subject_title__icontains=value) | Q(text__icontains=value) | Q(leader_post__icontains=value)
        )
