"""Forms of matters: filing, one form a verb made from what the verb needs, and the filters of the list."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shiyu.kernel.facts import Option
from shiyu.kernel.fields import KIND_COLUMNS, Form
from shiyu.kernel.phases import OUTCOME_LABELS, Need
from shiyu.kernel.spec.matters import Kind
from shiyu.kernel.spec.routes import SortClass
from shiyu.lib import clock
from shiyu.matters.actions.sealing import ACCOUNT
from shiyu.matters.forms.reporters import PRIVATE, draw_reporter, reporters_given
from shiyu.matters.kinds import language, pack_for, source_choices, topic_choices
from shiyu.matters.models import Assignment, Matter
from shiyu.packs.forms import PREFIX, drawn_fields, given_files, given_values
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.places.models import Area
from shiyu.ui.forms import DayInput, LongChoices, LongSelect, LongSelectMany, ManyFilesField, ReasonField

Choices = list[tuple[str, str]]
NO_UNITS = LongChoices([])

FIELDS: dict[Need, str] = {
    Need.REASON: "reason",
    Need.REMEDY: "remedy",
    Need.PROOF: "files",
    Need.RESULT: "result",
    Need.UNIT: "unit_id",
    Need.DUE_DATE: "until",
    Need.REVIEW_DATE: "until",
    Need.END_DATE: "until",
    Need.OUTCOME: "outcome",
    Need.SORT_CLASS: "sort_class",
    Need.GRADE: "grade",
    Need.MATTER: "other",
    Need.WORDS: "text",
    Need.LEADER: "leader",
    Need.RATING: "rating",
}
"""The field that takes what a verb needs."""

ALSO: dict[str, tuple[str, ...]] = {
    "dispatch": ("supporting_unit_ids", "person"),
    "consent_return": ("unit_id", "reason"),
    "transfer": ("person",),
    "note": ("note", "files"),
    "complete": ("files",),
    "verify": ("note",),
    "confirm": ("note",),
    "close": ("outcome", "remedy", "note"),
    "settle": ("outcome",),
    "follow_up": ("no_more_calls",),
    "urge": ("note",),
    "resume": ("note",),
    "approve_extension": ("note",),
}
"""What a verb's form also offers, without needing it."""

MUST: dict[str, tuple[str, ...]] = {"note": ("note",)}


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
    """What came up. The kind decides where it may come from and what else is asked; the office may send it out at
    once."""

    title = forms.CharField(label=pgettext_lazy("matter", "Title"), max_length=120)
    text = forms.CharField(
        label=_("What exactly"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    source = forms.ChoiceField(label=_("Where from"))
    happened_on = forms.DateField(label=_("Found on"), widget=DayInput)
    unit_id = forms.ChoiceField(label=_("Taken in by"))
    lead_unit_id = forms.ChoiceField(
        label=pgettext_lazy("matter", "Lead unit"), required=False, widget=LongSelect
    )
    supporting_unit_ids = forms.MultipleChoiceField(
        label=pgettext_lazy("matter", "Supporting units"), required=False, widget=LongSelectMany
    )
    person = forms.CharField(label=_("Person responsible, by post"), max_length=60, required=False)
    area_id = forms.ChoiceField(label=pgettext_lazy("matter", "Place"), required=False)
    further_area_ids = forms.MultipleChoiceField(label=_("Also lies in"), required=False)
    due_at = forms.DateField(
        label=_("To be put right by"),
        widget=DayInput,
        required=False,
        help_text=_("Left empty, the limit of this kind counts from today."),
    )

    def __init__(self, *args: Any, kind: str, intake: Iterable[UUID], **more: Any) -> None:
        super().__init__(*args, **more)
        self.kind = kind
        draw_kind(self, kind, "happened_on")
        draw_sources(self, kind)
        draw_topics(self, kind)
        draw_reporter(self, current_pack().kind[kind])
        units = unit_choices()
        intake_ids = {str(unit) for unit in intake}
        fields: dict[str, Any] = self.fields
        draw_places(self, current_pack().kind[kind], intake)
        fields["unit_id"].choices = [(pk, name) for pk, name in units if pk in intake_ids]
        fields["lead_unit_id"].choices = units.or_none()
        fields["supporting_unit_ids"].choices = units
        fields["happened_on"].initial = clock.today()
        if len(fields["unit_id"].choices) == 1:
            fields["unit_id"].widget = forms.HiddenInput()
            fields["unit_id"].initial = fields["unit_id"].choices[0][0]

    def given(self) -> dict[str, Any]:
        """The cleaned data as `file_matter` takes them."""
        data = kind_given(self.kind, self.cleaned_data)
        data["reporters"] = reporters_given(data)
        data["unit_id"] = as_id(data["unit_id"])
        data["lead_unit_id"] = as_id(data["lead_unit_id"])
        data["supporting_unit_ids"] = [UUID(unit) for unit in data["supporting_unit_ids"]]
        if "area_id" in data:
            data["area_id"] = as_id(data["area_id"])
            data["further_area_ids"] = [UUID(area) for area in data["further_area_ids"]]
        return data


class VerbForm(forms.Form):
    """The form of one verb: the fields it needs in its kind, those it also offers, and the version it was made
    from."""

    def __init__(
        self, *args: Any, option: Option, kind: Kind, matter: Matter, units: LongChoices, **more: Any
    ) -> None:
        more.setdefault("prefix", option.verb)
        more.setdefault("auto_id", f"id_{option.verb}_%s")
        super().__init__(*args, **more)
        needed = {FIELDS[need]: need for need in option.needs if need in FIELDS}
        must = {*needed, *MUST.get(option.verb, ())}
        for name in dict.fromkeys((*needed, *ALSO.get(option.verb, ()))):
            # Proof may lie on the matter already: the kernel asks for it, not the field.
            required = name in must and name != "files"
            self.fields[name] = _field(name, needed.get(name), required, kind, units)
        if option.verb == "suspend" and (rule := kind.rule("suspend")) and rule.grounds:
            self.fields["reason"] = _grounds(rule.grounds)
        self.asked = self._asked(option, kind, matter)
        if len(option.assignment_ids) > 1:
            self.fields["assignment_id"] = _assignment_field(option)
        self.fields["seen"] = forms.IntegerField(
            widget=forms.HiddenInput, initial=matter.version, required=False
        )
        if "unit_id" in self.fields and matter.proposed_lead_id:
            self.fields["unit_id"].initial = str(matter.proposed_lead_id)

    def _asked(self, option: Option, kind: Kind, matter: Matter) -> Form:
        """Draws what the kind's form asks of the lead unit with this verb."""
        asked = kind.fields_with(option.verb)
        mine = matter.assignments.filter(pk__in=option.assignment_ids, role=Assignment.Role.LEAD)
        if not asked or not mine.exists():
            return {}
        self.fields.update(drawn_fields(asked, pack_for(matter)))
        return asked

    def renew(self, matter: Matter) -> None:
        """Take what was typed as meant for the matter as it stands now, since the page around a refused form shows
        it so: whoever confirms again has seen it."""
        typed = self.data.copy() if isinstance(self.data, QueryDict) else dict(self.data)
        typed[self.add_prefix("seen")] = str(matter.version)
        self.data = typed

    def given(self) -> dict[str, Any]:
        """The cleaned data as the verb's function takes them, without files."""
        data = {
            key: value
            for key, value in self.cleaned_data.items()
            if key not in ("files", "link") and not key.startswith(PREFIX)
        }
        if self.asked:
            data["fields"] = given_values(self.asked, self.cleaned_data)
        for name in ("unit_id", "assignment_id"):
            if name in data:
                data[name] = as_id(data[name])
        if "supporting_unit_ids" in data:
            data["supporting_unit_ids"] = [UUID(unit) for unit in data["supporting_unit_ids"]]
        if "outcome" in data and not data["outcome"]:
            del data["outcome"]
        return data


UNTIL = {
    Need.DUE_DATE: _("New time limit"),
    Need.REVIEW_DATE: _("Looked at again on"),
    Need.END_DATE: _("Suspended until"),
}


def _field(name: str, need: Need | None, required: bool, kind: Kind, units: LongChoices) -> forms.Field:
    if name == "reason":
        return ReasonField(required=required)
    if name == "until":
        return forms.DateField(label=UNTIL[need or Need.DUE_DATE], widget=DayInput, required=required)
    if name == "files":
        return ManyFilesField(
            label=pgettext_lazy("matter", "Proof"),
            required=required,
            help_text=_("Any office format, or photos."),
        )
    if name == "unit_id":
        return forms.ChoiceField(
            label=pgettext_lazy("matter", "Unit"),
            choices=units.or_none(),
            required=required,
            widget=LongSelect,
        )
    if name == "supporting_unit_ids":
        return forms.MultipleChoiceField(
            label=pgettext_lazy("matter", "Supporting units"),
            choices=units,
            required=False,
            widget=LongSelectMany,
        )
    if name == "outcome":
        ways = [o for o in OUTCOME_LABELS if o in kind.outcomes and o.value != "withdrawn"]
        choices = [(o.value, OUTCOME_LABELS[o].text(language())) for o in ways]
        return forms.ChoiceField(label=_("Outcome"), choices=choices, required=required)
    if name == "person":
        return forms.CharField(label=_("Person responsible, by post"), max_length=60, required=False)
    if name in WAYS:
        return WAYS[name](kind)
    labels = {
        "text": pgettext_lazy("matter", "Words"),
        "result": pgettext_lazy("matter", "Result"),
        "remedy": _("What the reporter may still do"),
        "note": pgettext_lazy("matter", "Note"),
    }
    return ReasonField(label=labels[name], required=required)


def _grounds(code: str) -> forms.Field:
    """The grounds for which a clock may stand still."""
    words = [label.text(language()) for label in current_pack().codes[code].values.values()]
    return forms.ChoiceField(
        label=pgettext_lazy("matter", "Ground"), choices=[(word, word) for word in words]
    )


def _classes(kind: Kind) -> forms.Field:
    """The classes of the kind's sorting, in the pack's order."""
    classes = kind.sorting.classes if kind.sorting else {}
    rows = [(code, _hinted(row)) for code, row in classes.items()]
    return forms.ChoiceField(label=pgettext_lazy("matter", "Class"), choices=rows, widget=forms.RadioSelect)


def _grades(kind: Kind) -> forms.Field:
    """The kind's grades, the highest first."""
    grades = kind.grading.grades if kind.grading else {}
    rows = [(code, grade.label.text(language())) for code, grade in grades.items()]
    return forms.ChoiceField(label=pgettext_lazy("matter", "Grade"), choices=rows)


WAYS: dict[str, Callable[[Kind], forms.Field]] = {
    "sort_class": _classes,
    "grade": _grades,
    "other": lambda _kind: forms.CharField(label=_("Number of the other matter"), max_length=30),
    "leader": lambda _kind: forms.CharField(label=_("Leader who takes charge, by post"), max_length=60),
    "rating": lambda _kind: forms.TypedChoiceField(
        label=_("Rating, 5 is best"), choices=[(n, str(n)) for n in range(5, 0, -1)], coerce=int
    ),
    "no_more_calls": lambda _kind: forms.BooleanField(
        label=_("Asked not to be called again"), required=False
    ),
}
"""The fields of the verbs that lead a matter elsewhere."""


def _hinted(row: SortClass) -> str:
    label = row.label.text(language())
    return f"{label}（{row.help.text(language())}）" if row.help else label


def _assignment_field(option: Option) -> forms.Field:
    rows = Assignment.objects.filter(pk__in=option.assignment_ids).select_related("unit")
    choices = [(str(row.pk), row.unit.name) for row in rows]
    return forms.ChoiceField(label=_("Which unit"), choices=choices)
