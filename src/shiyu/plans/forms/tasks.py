"""Forms of a task: its fields and units, its parts, its clauses."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shiyu.people.models import Unit
from shiyu.plans.actions.tasks import Part, Units
from shiyu.plans.forms.imports import split_names
from shiyu.plans.models import Clause, Edition, Task
from shiyu.plans.queries.editions import group_words
from shiyu.plans.queries.targets import target_of
from shiyu.ui.forms import DayInput, PickMany

CLAUSE_SHOWN = 60  # characters of a clause in the choice
PARTS = 8  # as many as the largest split of the cities read (LZ3); more in a second go


def unit_options(edition: Edition) -> list[tuple[str, str]]:
    """Units in force by protocol, without offices and towns: those are reached by their unit or group."""
    held = Unit.objects.filter(duties__task__edition=edition, duties__via_group="").values("pk")
    rows = Unit.objects.in_force().exclude(kind="office").exclude(area__level="town") | Unit.objects.filter(
        pk__in=held
    )
    return [(str(row.pk), row.name) for row in rows.distinct().by_protocol()]


class TaskForm(forms.Form):
    """A task's own fields, and who holds it."""

    number = forms.CharField(label=_("Number in the plan"), max_length=20)
    block = forms.ChoiceField(label=_("Block"), required=False)
    title = forms.CharField(label=_("Key task"), max_length=200)
    common = forms.CharField(
        label=_("Common requirements"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What all its sub-tasks share."),
    )  # fmt: skip
    measures = forms.CharField(
        label=_("Task measures"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    target_kind = forms.ChoiceField(
        label=_("Target"),
        required=False,
        choices=[
            ("", "—"),
            ("number", _("A number")),
            ("date", _("By a day")),
            ("kept", _("Kept all year")),
        ],
    )
    target_value = forms.DecimalField(
        label=_("Number to reach"), required=False, max_digits=14, decimal_places=2
    )
    target_unit = forms.CharField(label=_("Unit of the number"), required=False, max_length=20)
    target_text = forms.CharField(label=_("Target in words"), required=False, max_length=300)
    deadline_kind = forms.ChoiceField(
        label=_("Deadline"),
        choices=[
            ("date", _("A day")),
            ("ongoing", _("Kept up all year")),
            ("recurring", _("Recurring")),
            ("none", _("None given")),
        ],
    )
    due_on = forms.DateField(label=_("Day"), required=False, widget=DayInput())
    deadline_text = forms.CharField(label=_("Deadline in words"), required=False, max_length=60)
    lead_leader = forms.CharField(
        label=_("Leader in charge"), required=False, max_length=80, help_text=_("By post.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)
    leads = forms.MultipleChoiceField(label=_("Lead units"), required=False, widget=PickMany)
    supporting = forms.MultipleChoiceField(label=_("Supporting units"), required=False, widget=PickMany)
    lead_order = forms.CharField(
        label=_("Order of the lead units"),
        required=False,
        help_text=_("Their names with 、 between, as they are to stand; the first is first in charge."),
    )
    groups = forms.MultipleChoiceField(
        label=_("Unit groups"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, edition: Edition, *args: Any, task: Task | None = None, **more: Any) -> None:
        suggested: dict[str, Any] = {}
        if task is not None:
            suggested = {} if task.target_text else target_of(task.title, task.measures)
            more["initial"] = {**_initial(task), **suggested, **more.get("initial", {})}
        super().__init__(*args, **more)
        if suggested:
            self.fields["target_text"].help_text = _(
                "Read from the task's text; check it before you keep it."
            )
        options = unit_options(edition)
        chosen: Any = self.fields
        chosen["leads"].choices = chosen["supporting"].choices = options
        chosen["groups"].choices = list(group_words().items())
        chosen["block"].choices = [("", "—"), *((str(b.pk), b.name) for b in edition.blocks.all())]
        if task is not None:  # the number and the block of a task stay: opinions and lists refer to them
            del self.fields["number"], self.fields["block"]

    def clean(self) -> dict[str, Any]:
        """Put the chosen leads in the order written; those not named there follow as they come."""
        data = super().clean() or {}
        chosen, known = data.get("leads") or [], Unit.objects.in_bulk(data.get("leads") or [])
        by_name = {name: str(unit.pk) for unit in known.values() for name in (unit.name, unit.display_short)}
        before = split_names(str(self.initial.get("lead_order", "")))
        wanted = []
        for name in split_names(data.get("lead_order") or ""):
            if name in by_name:
                wanted.append(by_name[name])
            elif name not in before:  # one that was taken off the leads may still be written
                self.add_error(
                    "lead_order", _("“%(name)s” is not among the lead units chosen above.") % {"name": name}
                )
        data["leads"] = list(dict.fromkeys([*wanted, *chosen]))
        return data

    def values(self) -> dict[str, Any]:
        """The fields an action takes."""
        names = ("number", "block", "leads", "lead_order", "supporting", "groups")
        return {name: value for name, value in self.cleaned_data.items() if name not in names}

    def units(self) -> Units:
        """Who holds the task."""
        data = self.cleaned_data
        return Units(
            leads=tuple(UUID(pk) for pk in data["leads"]),  # in their order: see `clean`
            supporting=tuple(UUID(pk) for pk in data["supporting"]),
            groups=tuple(data["groups"]),
        )


def _initial(task: Task) -> dict[str, Any]:
    fields = ("title", "common", "measures", "target_kind", "target_value", "target_unit", "target_text",
              "deadline_kind", "due_on", "deadline_text", "lead_leader", "note")  # fmt: skip
    named = task.duties.filter(via_group="").select_related("unit")
    duties = list(named.order_by("ordinal", "unit__protocol_order"))
    return {
        **{name: getattr(task, name) for name in fields},
        "leads": [str(duty.unit_id) for duty in duties if duty.role == "lead"],
        "lead_order": "、".join(duty.unit.display_short for duty in duties if duty.role == "lead"),
        "supporting": [str(duty.unit_id) for duty in duties if duty.role == "supporting"],
        "groups": task.groups,
    }


class PartForm(forms.Form):
    """One sub-task to be."""

    title = forms.CharField(label=_("Sub-task"), required=False, max_length=200)
    measures = forms.CharField(
        label=_("Its own items"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    lead = forms.ChoiceField(label=_("Lead unit"), required=False)

    def __init__(self, *args: Any, options: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        lead: Any = self.fields["lead"]
        lead.choices = [("", "—"), *options]

    def part(self) -> Part:
        """The part as the action takes it."""
        data = self.cleaned_data
        leads = (UUID(data["lead"]),) if data["lead"] else ()
        return Part(data["title"], data["measures"], Units(leads=leads))


class SplitForm(forms.Form):
    """What all sub-tasks share."""

    common = forms.CharField(
        label=_("Common requirements"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ClauseForm(forms.Form):
    """The clauses a task meets, under their guidelines."""

    clauses = forms.MultipleChoiceField(label=_("Clauses it meets"), required=False, widget=PickMany)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = Clause.objects.filter(is_requirement=True).select_related("guideline")
        groups: dict[str, list[tuple[str, str]]] = {}
        for row in rows.order_by("guideline__level", "guideline__title", "path"):
            text = row.text if len(row.text) <= CLAUSE_SHOWN else f"{row.text[:CLAUSE_SHOWN]}…"
            groups.setdefault(row.guideline.title, []).append((str(row.pk), f"{row.number} {text}"))
        clauses: Any = self.fields["clauses"]
        clauses.choices = list(groups.items())

    def ids(self) -> list[UUID]:
        """The clauses chosen."""
        return [UUID(pk) for pk in self.cleaned_data["clauses"]]
