"""Changing a draft: tasks, sub-tasks, targets, trace, negative list. Every one refuses an edition that is not editable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib.errors import Conflict, NotVisible, UserError
from shiyu.lib.ids import new_id
from shiyu.people.queries import units_of_group
from shiyu.plans.access import need
from shiyu.plans.models import Block, Circumstance, Clause, Duty, Edition, EditionText, Task, TaskClause
from shiyu.plans.queries.allocation import allocate, duties_for, ordinals
from shiyu.plans.queries.targets import target_of

FIELDS = (
    "title", "measures", "common", "lead_leader", "note", "deadline_kind", "due_on", "deadline_text", "every",
    "target_kind", "target_value", "target_unit", "target_text",
)  # fmt: skip


@dataclass(frozen=True)
class Units:
    """Who holds a task: lead and supporting units, and unit groups of the pack by code."""

    leads: tuple[UUID, ...] = ()
    supporting: tuple[UUID, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A sub-task to be: its own title and measures beside what all share, and who holds it."""

    title: str
    measures: str = ""
    units: Units = Units()


def editable_edition(actor: Actor, edition_id: UUID) -> Edition:
    """The edition, locked for this transaction, or the refusal: an issued one never changes."""
    need(actor, "edit")
    edition = Edition.objects.select_for_update().filter(pk=edition_id).first()
    if edition is None:
        raise NotVisible(_("This edition does not exist."))
    if edition.state == Edition.State.ISSUED:
        raise Conflict(_("An issued edition never changes. Draft the next edition and change that one."))
    if not edition.is_editable:
        raise Conflict(_("The edition is out for approval. Take it back first, then change it."))
    return edition


def _editable_task(actor: Actor, task_id: UUID) -> Task:
    """The task as it stands once its edition is locked: what somebody else just changed is not written over."""
    edition_id = Task.objects.filter(pk=task_id).values_list("edition_id", flat=True).first()
    if edition_id is None:
        raise NotVisible(_("This task does not exist."))
    edition = editable_edition(actor, edition_id)
    task = Task.objects.filter(pk=task_id).first()
    if task is None:
        raise NotVisible(_("This task does not exist."))
    task.edition = edition
    return task


def _checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Only named fields, a title that is not empty, and deadline and target that fit their kind."""
    values = {name: value for name, value in fields.items() if name in FIELDS}
    if "title" in values and not values["title"].strip():
        raise UserError(_("A task needs a title."), field="title")
    if values.get("deadline_kind") == Task.Deadline.DATE and not values.get("due_on"):
        raise UserError(_("A dated task needs its date."), field="due_on")
    if values.get("target_kind") == Task.Target.NUMBER and values.get("target_value") is None:
        raise UserError(_("A target in numbers needs its number."), field="target_value")
    if "deadline_kind" in values and values["deadline_kind"] != Task.Deadline.DATE:
        values["due_on"] = None
    return values


def set_units(task: Task, units: Units) -> dict[str, int]:
    """Make the duties of a task those of `units`, keeping the rows of units that stay. Part of an action."""
    groups = {code: [unit.pk for unit in units_of_group(code)] for code in units.groups}
    held = allocate(units.leads, units.supporting, groups)
    now = {duty.unit_id: duty for duty in Duty.objects.filter(task=task)}
    gone = [duty.pk for unit, duty in now.items() if unit not in held]
    Duty.objects.filter(pk__in=gone).delete()
    new = {unit: how for unit, how in held.items() if unit not in now}
    Duty.objects.bulk_create(duties_for(task, new))
    changed = []
    places = ordinals(held)
    for unit, (role, group) in held.items():
        duty, wanted = now.get(unit), (role, group, task.due_on, places.get(unit, 0))
        if duty and (duty.role, duty.via_group, duty.due_on, duty.ordinal) != wanted:
            duty.role, duty.via_group, duty.due_on, duty.ordinal = wanted
            changed.append(duty)
    Duty.objects.bulk_update(changed, ["role", "via_group", "due_on", "ordinal"])
    return {"added": len(new), "removed": len(gone), "changed": len(changed)}


@action("plans.add_task")
def add_task(
    actor: Actor,
    edition_id: UUID,
    block_id: UUID | None,
    number: str,
    fields: Mapping[str, Any],
    units: Units,
) -> Task:
    """A new task at the end of an editable edition, with a lineage key of its own."""
    edition = editable_edition(actor, edition_id)
    values = _checked({"title": "", **fields})
    if not number.strip():
        raise UserError(_("A task needs a number."), field="number")
    if Task.objects.filter(edition=edition, number=number).exists():
        raise UserError(_("Number %(n)s is taken in this edition.") % {"n": number}, field="number")
    block = Block.objects.filter(edition=edition, pk=block_id).first() if block_id else None
    last = Task.objects.filter(edition=edition).aggregate(last=Max("position"))["last"] or 0
    task = Task.objects.create(
        edition=edition,
        key=f"n{new_id().hex[-12:]}",
        number=number,
        position=last + 1,
        block=block,
        groups=list(units.groups),
        **values,
    )
    set_units(task, units)
    record(task, {"number": number, "title": task.title})
    return task


@action("plans.edit_task")
def edit_task(actor: Actor, task_id: UUID, fields: Mapping[str, Any], units: Units | None = None) -> Task:
    """Change named fields (see FIELDS) and, if given, who holds the task.

    Another day makes the words of the old one untrue: they go unless they were changed as well.
    """
    task = _editable_task(actor, task_id)
    values = _checked(fields)
    is_moved = task.due_on is not None and values.get("due_on", task.due_on) != task.due_on
    if is_moved and values.get("deadline_text", task.deadline_text) == task.deadline_text:
        values["deadline_text"] = ""
    changes = {name: value for name, value in values.items() if getattr(task, name) != value}
    for name, value in changes.items():
        setattr(task, name, value)
    if units is not None:
        task.groups = list(units.groups)
    task.save()
    if units is not None:
        changes["duties"] = set_units(task, units)
    else:
        Duty.objects.filter(task=task).update(due_on=task.due_on)
    record(task, changes)
    return task


@action("plans.set_target")
def set_target(
    actor: Actor,
    task_id: UUID,
    kind: str,
    *,
    value: Decimal | None = None,
    unit: str = "",
    due_on: date | None = None,
    text: str,
) -> Task:
    """What shows that a task is done: a number to reach, a day by which, or something kept all year."""
    task = _editable_task(actor, task_id)
    if kind not in Task.Target.values:
        raise UserError(_("A target is a number, a date or kept all year."), field="target_kind")
    if not text.strip():
        raise UserError(_("Say in words what shows that the task is done."), field="target_text")
    if kind == Task.Target.NUMBER and value is None:
        raise UserError(_("A target in numbers needs its number."), field="target_value")
    if kind == Task.Target.DATE and not (due_on or task.due_on):
        raise UserError(_("A target by date needs its date."), field="due_on")
    task.target_kind, task.target_text = kind, text
    task.target_value = value if kind == Task.Target.NUMBER else None
    task.target_unit = unit if kind == Task.Target.NUMBER else ""
    if due_on:
        task.deadline_kind, task.due_on = Task.Deadline.DATE, due_on
    task.save()
    Duty.objects.filter(task=task).update(due_on=task.due_on)
    record(task, {"target_kind": kind, "target_value": task.target_value, "target_text": text})
    return task


@action("plans.split_task")
def split_task(actor: Actor, task_id: UUID, common: str, parts: Iterable[Part]) -> list[Task]:
    """Cut a task into sub-tasks (LZ3): `common` is what all share, each part adds its own. At least two parts.

    The sub-tasks meet the clauses the task meets. The task keeps its duties: it is where the whole is answered for.
    """
    task = _editable_task(actor, task_id)
    wanted = [part for part in parts if part.title.strip()]
    there = Task.objects.filter(parent=task).count()
    if len(wanted) + there < 2:
        raise UserError(_("Split into at least two sub-tasks; with one there is nothing to split."))
    if task.parent_id:
        raise UserError(_("A sub-task is not split again; split the task above it."))
    _make_room(task, len(wanted), there)
    made = _parts(task, wanted, there)
    Task.objects.bulk_create(made)
    clauses = list(TaskClause.objects.filter(task=task).values_list("clause_id", flat=True))
    TaskClause.objects.bulk_create(
        TaskClause(task=part, clause_id=clause) for part in made for clause in clauses
    )
    for sub_task, part in zip(made, wanted, strict=True):
        set_units(sub_task, part.units)
    task.common = common.strip()
    task.save(update_fields=["common"])
    record(task, {"common": task.common, "sub_tasks": [part.title for part in made]})
    return made


def _parts(task: Task, wanted: list[Part], there: int) -> list[Task]:
    """The unsaved sub-tasks, numbered on from those that are there, with the task's deadline and leader and the
    target their own text states."""
    return [
        Task(
            edition=task.edition,
            key=f"n{new_id().hex[-12:]}",
            number=f"{task.number}.{there + offset}",
            position=task.position + there + offset,
            block=task.block,
            parent=task,
            title=part.title.strip(),
            measures=part.measures.strip(),
            deadline_kind=task.deadline_kind,
            due_on=task.due_on,
            deadline_text=task.deadline_text,
            every=task.every,
            lead_leader=task.lead_leader,
            groups=list(part.units.groups),
            **target_of(part.title, part.measures),
        )
        for offset, part in enumerate(wanted, start=1)
    ]


def _make_room(task: Task, count: int, there: int) -> None:
    """Move the tasks behind up, so that the new sub-tasks stand right below their task."""
    behind = Task.objects.filter(edition=task.edition, position__gt=task.position + there)
    rows = list(behind.only("id", "position"))
    for row in rows:
        row.position += count
    Task.objects.bulk_update(rows, ["position"])


@action("plans.remove_task")
def remove_task(actor: Actor, task_id: UUID, reason: str) -> Edition:
    """Take a task (with its sub-tasks) out of a draft. The reason stays in the audit; opinions keep its text."""
    task = _editable_task(actor, task_id)
    if not reason.strip():
        raise UserError(_("Say why the task is dropped."), field="reason")
    record(task, {"number": task.number, "title": task.title, "key": task.key}, reason=reason)
    after = Task.objects.filter(edition=task.edition, position__gt=task.position).exclude(parent=task)
    EditionText.objects.filter(task=task).update(task=after.order_by("position").first())
    task.delete()
    return task.edition


@action("plans.link_clauses")
def link_clauses(actor: Actor, task_id: UUID, clause_ids: Iterable[UUID]) -> Task:
    """Say which clauses a task meets; the given ones replace those linked before."""
    task = _editable_task(actor, task_id)
    wanted = set(Clause.objects.filter(pk__in=list(clause_ids)).values_list("pk", flat=True))
    now = set(TaskClause.objects.filter(task=task).values_list("clause_id", flat=True))
    TaskClause.objects.filter(task=task, clause_id__in=now - wanted).delete()
    TaskClause.objects.bulk_create(TaskClause(task=task, clause_id=clause) for clause in wanted - now)
    record(task, {"added": len(wanted - now), "removed": len(now - wanted)})
    return task


@action("plans.write_circumstance")
def write_circumstance(
    actor: Actor, edition_id: UUID, number: int, name: str, definition: str
) -> Circumstance:
    """Add or reword one kind of circumstance of the negative list; its definition may not be empty."""
    edition = editable_edition(actor, edition_id)
    if not name.strip() or not definition.strip():
        raise UserError(_("A circumstance needs its name and its definition."), field="definition")
    row, _made = Circumstance.objects.update_or_create(
        edition=edition, number=number, defaults={"name": name.strip(), "definition": definition.strip()}
    )
    record(row, {"number": number, "name": row.name})
    return row


@action("plans.remove_circumstance")
def remove_circumstance(actor: Actor, edition_id: UUID, number: int) -> Edition:
    """Take a circumstance out of the negative list of a draft."""
    edition = editable_edition(actor, edition_id)
    gone, _kinds = Circumstance.objects.filter(edition=edition, number=number).delete()
    if not gone:
        raise NotVisible(_("This circumstance does not exist."))
    record(edition, {"circumstance_removed": number})
    return edition
