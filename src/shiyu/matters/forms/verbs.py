"""One form a verb, made from what the verb needs in its kind."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shiyu.kernel.facts import Option
from shiyu.kernel.fields import Form
from shiyu.kernel.phases import OUTCOME_LABELS, Need
from shiyu.kernel.spec.matters import Kind
from shiyu.kernel.spec.routes import SortClass
from shiyu.matters.forms.matters import as_id
from shiyu.matters.kinds import language, pack_for
from shiyu.matters.models import Assignment, Matter
from shiyu.matters.queries.known import Known
from shiyu.packs.forms import PREFIX, drawn_fields, given_values
from shiyu.packs.queries import current_pack
from shiyu.ui.forms import DayInput, LongChoices, ManyFilesField, PickMany, PickOne, ReasonField

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
            self.fields[name] = _field(name, needed.get(name), name in must, kind, units)
        if option.verb == "follow_up" and "result" in self.fields:
            self.fields["result"].label = _("What the follow-up found")
            self.fields["result"].help_text = _("How they were reached (call, visit …) and what they said.")
        if option.verb == "suspend" and (rule := kind.rule("suspend")) and rule.grounds:
            self.fields["reason"] = _grounds(rule.grounds)
        self.asked = self._asked(option, kind, matter)
        if len(option.assignment_ids) > 1:
            self.fields["assignment_id"] = _assignment_field(option)
        self.fields["seen"] = forms.IntegerField(
            widget=forms.HiddenInput, initial=matter.version, required=False
        )

    def tell(self, known: Mapping[str, Known]) -> "VerbForm":
        """Fills in what is known already, with the reason beside it; what was typed stays."""
        for name in self.fields.keys() & known.keys():
            self.fields[name].initial = known[name].value
            self.fields[name].help_text = known[name].why
        return self

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
        return _files(need is Need.PROOF)
    if name == "unit_id":
        return forms.ChoiceField(
            label=pgettext_lazy("matter", "Unit"),
            choices=units.or_none(),
            required=required,
            widget=PickOne,
        )
    if name == "supporting_unit_ids":
        return forms.MultipleChoiceField(
            label=pgettext_lazy("matter", "Supporting units"),
            choices=units,
            required=False,
            widget=PickMany,
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


def _files(needed: bool) -> forms.Field:
    """Never asked for by the field: what came in this round may do, and the kernel knows."""
    said = _("Any office format, or photos.")
    if needed:
        said = _("Needed, unless it was given in this round already. Any office format, or photos.")
    return ManyFilesField(label=pgettext_lazy("matter", "Proof"), required=False, help_text=said)


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
