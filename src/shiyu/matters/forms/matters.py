"""The form in which a matter is filed, and what all forms of matters choose from."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shiyu.kernel.fields import KIND_COLUMNS
from shiyu.kernel.spec.matters import Kind
from shiyu.lib import clock
from shiyu.matters.actions.file import wrong_in_filing, wrong_in_other_side
from shiyu.matters.actions.parties import wrong_in_reporters
from shiyu.matters.actions.sealing import ACCOUNT
from shiyu.matters.forms.reporters import (
    PRIVATE,
    draw_other_side,
    draw_reporter,
    mark_wrong,
    other_side_given,
    reporters_given,
)
from shiyu.matters.kinds import (
    due_label,
    happened_label,
    has_two_sides,
    language,
    source_choices,
    topic_choices,
)
from shiyu.packs.forms import PREFIX, drawn_fields, given_files, given_values
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.places.models import Area
from shiyu.ui.forms import DayInput, LongChoices, PickMany, PickOne

Choices = list[tuple[str, str]]
NO_UNITS = LongChoices([])


def unit_choices() -> LongChoices:
    """Units that exist today, offices of departments left out, in protocol order. One query."""
    rows = Unit.objects.in_force().exclude(kind="office").by_protocol()
    return LongChoices((str(pk), name) for pk, name in rows.values_list("id", "name"))


def place_choices(units: Iterable[UUID]) -> Choices:
    """The places of units and those below them, from the top, with the town before a village's name."""
    paths = Unit.objects.filter(pk__in=list(units), area__isnull=False).values_list("area__path", flat=True)
    wanted = Q(pk__in=[])
    for path in set(paths):
        wanted |= Q(path__startswith=path)
    rows = Area.objects.in_force().filter(wanted).select_related("parent").order_by("path")
    return [
        (str(a.pk), f"{a.parent.name} {a.name}" if a.level == "village" and a.parent else a.name)
        for a in rows
    ]


def kind_choices() -> Choices:
    """The kinds of matters of the pack in force."""
    return [(code, kind.label.text(language())) for code, kind in current_pack().kind.items()]


def as_id(value: Any) -> UUID | None:
    """A choice's value as an id; None for no choice."""
    return UUID(str(value)) if value else None


def draw_kind(form: forms.Form, kind: str, behind: str) -> None:
    """Draws the kind's own fields into a form, behind one of its fields. Aim and measures go by the names of the
    columns they fill."""
    pack = current_pack()
    own = drawn_fields(pack.kind[kind].fields_with(None), pack, names=KIND_COLUMNS)
    form.fields.update(own)
    sealed = [PREFIX + code for code, field in pack.kind[kind].form.items() if field.personal]
    for name in (*sealed, *(ACCOUNT if pack.kind[kind].personal else ())):
        form.fields[name].widget.attrs.update(PRIVATE)
    at = list(form.fields).index(behind) + 1
    order = [name for name in form.fields if name not in own]
    form.order_fields([*order[:at], *own, *order[at:]])


def draw_sources(form: forms.Form, kind: str) -> None:
    """Where a matter of the kind may come from; a kind without such a list is not asked."""
    choices = source_choices(kind)
    if choices:
        form.fields["source"].choices = choices  # type: ignore[attr-defined]
    else:
        del form.fields["source"]


def draw_topics(form: forms.Form, kind: str) -> None:
    """What a matter of the kind may be about, behind its title; a kind without such a list is not asked."""
    choices = topic_choices(kind)
    if choices:
        field = forms.ChoiceField(label=pgettext_lazy("matter", "Topic"), choices=[("", "—"), *choices])
        form.fields["topic"] = field
        form.order_fields(["title", "topic"])


def draw_places(form: forms.Form, kind: Kind, intake: Iterable[UUID]) -> None:
    """The places of the units that take it in, and those below: where it lies decides who is competent. A kind that
    asks for no topic is not asked for a place, where no table of competence needs it."""
    if kind.topics is None and kind.reporter == "none" and not current_pack().competence:
        del form.fields["area_id"], form.fields["further_area_ids"]
        return
    choices = place_choices(intake)
    fields: dict[str, Any] = form.fields
    fields["area_id"].choices = [("", "—"), *choices]
    fields["area_id"].required = True
    fields["further_area_ids"].choices = choices


def kind_given(kind: str, cleaned: dict[str, Any]) -> dict[str, Any]:
    """What was given in a form with a kind's own fields, as `file_matter` takes it."""
    own = current_pack().kind[kind].form
    plain = {name: value for name, value in cleaned.items() if not name.startswith(PREFIX)}
    return plain | {"fields": given_values(own, cleaned), "files": given_files(own, cleaned)}


class MatterForm(forms.Form):
    """What came up. The kind decides where it may come from and what else is asked; who may send it out (`sends`) names
    everybody it goes to, anybody else may propose a lead. `usual_source` is chosen at first."""

    title = forms.CharField(label=pgettext_lazy("matter", "Title"), max_length=120)
    text = forms.CharField(
        label=_("What exactly"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    source = forms.ChoiceField(label=_("Where from"))
    happened_on = forms.DateField(label=_("Happened on"), widget=DayInput)
    unit_id = forms.ChoiceField(label=_("Taken in by"))
    lead_unit_id = forms.ChoiceField(
        label=pgettext_lazy("matter", "Lead unit"), required=False, widget=PickOne
    )
    supporting_unit_ids = forms.MultipleChoiceField(
        label=pgettext_lazy("matter", "Supporting units"), required=False, widget=PickMany
    )
    person = forms.CharField(label=_("Person responsible, by post"), max_length=60, required=False)
    area_id = forms.ChoiceField(label=pgettext_lazy("matter", "Place"), required=False, widget=PickOne)
    further_area_ids = forms.MultipleChoiceField(label=_("Also lies in"), required=False, widget=PickMany)
    due_at = forms.DateField(
        label=_("To be settled by"),
        widget=DayInput,
        required=False,
        help_text=_("Left empty, the limit of this kind counts from today."),
    )

    def __init__(
        self,
        *args: Any,
        kind: str,
        intake: Iterable[UUID],
        sends: bool = True,
        usual_source: str = "",
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.kind = kind
        if not sends:
            del self.fields["supporting_unit_ids"], self.fields["person"]
        draw_kind(self, kind, "happened_on")
        rules = current_pack().kind[kind]
        self.fields["happened_on"].label, self.fields["due_at"].label = (
            happened_label(rules),
            due_label(rules),
        )
        draw_sources(self, kind)
        if "source" in self.fields and usual_source:
            self.fields["source"].initial = usual_source
        draw_topics(self, kind)
        draw_reporter(self, rules)
        if has_two_sides(current_pack(), kind):
            draw_other_side(self, "reporter_address")
        units = unit_choices()
        intake_ids = {str(unit) for unit in intake}
        fields: dict[str, Any] = self.fields
        draw_places(self, rules, intake)
        fields["unit_id"].choices = [(pk, name) for pk, name in units if pk in intake_ids]
        fields["lead_unit_id"].choices = units.or_none()
        if sends:
            fields["supporting_unit_ids"].choices = units
        fields["happened_on"].initial = clock.today()
        if len(fields["unit_id"].choices) == 1:
            fields["unit_id"].widget = forms.HiddenInput()
            fields["unit_id"].initial = fields["unit_id"].choices[0][0]

    def clean(self) -> dict[str, Any]:
        """Asks what the action asks, so that all that is wrong is said at once."""
        data: dict[str, Any] = super().clean() or {}
        said = {name: data.get(name) for name in ("happened_on", "due_at")}
        texts = [data.get(name) or "" for name in ("source", "title", "topic")]
        people, rules = dict(data), current_pack().kind[self.kind]
        mark_wrong(
            self,
            (
                *wrong_in_filing(self.kind, texts[0], said["happened_on"], said["due_at"], *texts[1:]),
                *wrong_in_reporters(rules, reporters_given(people)),
                *wrong_in_other_side(self.kind, other_side_given(people)),
            ),
        )
        return data

    def given(self) -> dict[str, Any]:
        """The cleaned data as `file_matter` takes them."""
        data = kind_given(self.kind, self.cleaned_data)
        data["reporters"] = reporters_given(data)
        data["other_side"] = other_side_given(data)
        data["unit_id"] = as_id(data["unit_id"])
        data["lead_unit_id"] = as_id(data["lead_unit_id"])
        data["supporting_unit_ids"] = [UUID(unit) for unit in data.get("supporting_unit_ids", ())]
        if "area_id" in data:
            data["area_id"] = as_id(data["area_id"])
            data["further_area_ids"] = [UUID(area) for area in data["further_area_ids"]]
        return data
