"""Forms of a duty: who carries it, handing over, a problem."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shiyu.matters.forms import draw_kind, draw_sources, kind_given
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.plans.queries.tasks import offices_of_unit, people_of_unit
from shiyu.ui.forms import DayInput, ReasonField


class HoldForm(forms.Form):
    """The office and the person that carry a unit's duty."""

    office = forms.TypedChoiceField(label=_("Office in the unit"), required=False, empty_value=None)
    person = forms.TypedChoiceField(label=_("Person responsible"), required=False, empty_value=None)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=200, help_text=_("When somebody else takes over.")
    )

    def __init__(self, unit: Unit, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: Any = self.fields
        fields["office"].choices = [("", "—"), *((str(pk), name) for pk, name in offices_of_unit(unit))]
        fields["person"].choices = [("", "—"), *((str(pk), name) for pk, name in people_of_unit(unit))]
        if current_pack().plan.duty_depth == "office":
            del fields["person"]


class HandOverForm(forms.Form):
    """All duties of one person to another."""

    from_person = forms.ChoiceField(label=_("Who hands over"))
    to_person = forms.ChoiceField(label=_("Who takes over"))
    on = forms.DateField(label=_("Handed over from"), widget=DayInput())
    reason = ReasonField()

    def __init__(
        self, holders: list[tuple[str, str]], people: list[tuple[str, str]], *args: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        fields: Any = self.fields
        fields["from_person"].choices = holders
        fields["to_person"].choices = people


class ProblemForm(forms.Form):
    """A problem opened against a duty."""

    title = forms.CharField(label=_("Problem"), max_length=120)
    text = forms.CharField(label=_("What was found"), widget=forms.Textarea(attrs={"rows": 4}))
    source = forms.ChoiceField(label=_("Where it comes from"))
    happened_on = forms.DateField(label=_("Found on"), widget=DayInput(), required=False)
    due_at = forms.DateField(
        label=_("Put right by"),
        widget=DayInput(),
        required=False,
        help_text=_("Without a day the limit of the kind counts."),
    )

    def __init__(self, kind: str, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kind = kind
        draw_sources(self, kind)
        draw_kind(self, kind, "happened_on")

    def given(self) -> dict[str, Any]:
        """The cleaned data as `open_problem` takes them."""
        return kind_given(self.kind, self.cleaned_data)
