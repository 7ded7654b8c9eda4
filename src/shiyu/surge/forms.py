"""Forms of emergency response."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shiyu.kernel.actor import Actor
from shiyu.kernel.surge import Occasion
from shiyu.lib import clock
from shiyu.matters.kinds import kind_label
from shiyu.surge.actions import Decision
from shiyu.surge.models import Surge
from shiyu.surge.queries.pages import opening_units, places_of, units_near
from shiyu.surge.queries.rules import occasion_label, rule_in_force
from shiyu.ui.forms import DayInput, PickMany, ReasonField

MOMENT = "%Y-%m-%dT%H:%M"


class DecisionForm(forms.Form):
    """A decision: who, number, day, why."""

    decided_by = forms.CharField(
        label=_("Decided by (post)"), max_length=80, help_text=_("The post, not the person's name.")
    )
    document_number = forms.CharField(label=_("Document number"), max_length=60)
    decided_on = forms.DateField(label=_("Decided on"), widget=DayInput)
    reason = ReasonField()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["decided_on"].initial = clock.today()

    def decision(self) -> Decision:
        """The decision as the actions take it."""
        names = ("decided_by", "document_number", "decided_on", "reason")
        return Decision(**{name: self.cleaned_data[name] for name in names})


class EndForm(DecisionForm):
    """The decision that ends it."""


class ExtendForm(DecisionForm):
    """The decision for a later last day."""

    ends_on = forms.DateField(label=_("New last day"), widget=DayInput)


class OpenForm(DecisionForm):
    """The decision that opens it, with its scope and its end."""

    title = forms.CharField(label=pgettext_lazy("surge", "Event"), max_length=100)
    occasion = forms.ChoiceField(label=pgettext_lazy("surge", "Occasion"), widget=forms.RadioSelect)
    unit_id = forms.ChoiceField(label=_("Run by"))
    areas = forms.MultipleChoiceField(label=_("Places"), widget=PickMany)
    kinds = forms.MultipleChoiceField(label=_("Kinds of matters"), widget=forms.CheckboxSelectMultiple)
    ends_on = forms.DateField(
        label=pgettext_lazy("surge", "Last day"),
        widget=DayInput,
        help_text=_("A later decision can extend it."),
    )
    takes_from = forms.DateField(
        label=_("Take in matters received since"),
        widget=DayInput,
        required=False,
        help_text=_("Open matters received earlier stay out. Left empty: the day it is opened."),
    )
    drill = forms.BooleanField(
        label=_("This is an exercise"),
        required=False,
        help_text=_("Only matters filed for the exercise fall under it; they count in no figure."),
    )
    field_order = (
        "title",
        "occasion",
        "decided_by",
        "document_number",
        "decided_on",
        "reason",
        "unit_id",
        "areas",
        "kinds",
        "ends_on",
        "takes_from",
        "drill",
    )

    def __init__(self, *args: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        rule, units = rule_in_force(), opening_units(actor)
        self.fields["takes_from"].initial = clock.today()
        fields: dict[str, Any] = self.fields
        fields["occasion"].choices = [(code.value, occasion_label(code, rule)) for code in Occasion]
        fields["unit_id"].choices = [(str(unit.pk), unit.name) for unit in units]
        fields["areas"].choices = places_of(units)
        fields["kinds"].choices = [(code, kind_label(code)) for code in (rule.limits if rule else ())]
        if len(units) == 1:
            fields["unit_id"].widget = forms.HiddenInput()
            fields["unit_id"].initial = str(units[0].pk)

    def given(self) -> dict[str, Any]:
        """The cleaned data as `open_surge` takes them."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "occasion": data["occasion"],
            "decision": self.decision(),
            "area_ids": [UUID(area) for area in data["areas"]],
            "kinds": data["kinds"],
            "ends_on": data["ends_on"],
            "unit_id": UUID(data["unit_id"]),
            "drill": data["drill"],
            "takes_from": data["takes_from"],
        }


class TakeOutForm(forms.Form):
    """Why a matter is taken out of a response."""

    reason = ReasonField()


class CloseForm(forms.Form):
    """The review with which it is closed."""

    happened = forms.CharField(
        label=pgettext_lazy("surge", "What happened"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    improve = forms.CharField(
        label=_("What to do better"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )


class DayForm(forms.Form):
    """The review of a day: who sat there, by unit, and the assessment."""

    present = forms.MultipleChoiceField(
        label=_("Units present"), widget=PickMany, required=False, help_text=_("Units only, no persons.")
    )
    assessment = forms.CharField(
        label=_("Assessment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, surge: Surge, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["present"].choices = units_near(surge)

    def given(self) -> dict[str, Any]:
        """The cleaned data as `sign_day` takes them."""
        data = self.cleaned_data
        return {"assessment": data["assessment"], "present": [UUID(unit) for unit in data["present"]]}


class OrderForm(forms.Form):
    """What units are to do by when."""

    units = forms.MultipleChoiceField(label=_("To units"), widget=PickMany)
    text = forms.CharField(
        label=_("What is to be done"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_at = forms.DateTimeField(
        label=_("By when"),
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )

    def __init__(self, *args: Any, surge: Surge, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["units"].choices = units_near(surge)

    def given(self) -> dict[str, Any]:
        """The cleaned data as `issue_orders` takes them."""
        data = self.cleaned_data
        return {
            "text": data["text"],
            "unit_ids": [UUID(unit) for unit in data["units"]],
            "due_at": data["due_at"],
        }


class DoneForm(forms.Form):
    """What a unit did."""

    result = ReasonField(label=pgettext_lazy("surge", "What was done"))
