"""Forms of meetings."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.periods.models import Period


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MeetingForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"))
    title = forms.CharField(label=_("Title"), max_length=120)
    held_on = forms.DateField(label=_("Day"), widget=_day())
    period = forms.ModelChoiceField(
        Period.objects.filter(kind="month").order_by("-code"), label=_("Month it hears"), required=False
    )
    place = forms.CharField(label=_("Place"), max_length=80, required=False)
    chair = forms.CharField(label=_("Chair (post)"), max_length=80, required=False)
    agenda = forms.CharField(label=_("Agenda"), widget=forms.Textarea(attrs={"rows": 5}), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        english = (get_language() or "").startswith("en")
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (code, kind.label.en if english else kind.label.zh)
            for code, kind in current_pack().meeting.items()
        ]


class MinutesForm(forms.Form):
    held_on = forms.DateField(label=_("Held on"), widget=_day())
    minutes = forms.CharField(label=_("Minutes"), widget=forms.Textarea(attrs={"rows": 8}))


class DecisionForm(forms.Form):
    text = forms.CharField(label=_("What was decided"), widget=forms.Textarea(attrs={"rows": 3}))
    lead_unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Lead unit"))
    supporting_units = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=_("Supporting units"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    due_on = forms.DateField(label=_("Deadline"), widget=_day())

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        units = Unit.objects.in_force().filter(memberships__isnull=False).distinct().by_protocol()
        for name in ("lead_unit", "supporting_units"):
            self.fields[name].queryset = units  # type: ignore[attr-defined]
