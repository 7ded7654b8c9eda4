"""Guidelines and editions that a pack brings along: loaded once, then the database owns them."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.plan_seed import ClauseSeed, GuidelineSeed, PlanSeed, TaskSeed
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.people.models import Unit
from shiyu.people.queries import units_of_group
from shiyu.plans.models import Block, Circumstance, Clause, Duty, Edition, Guideline, Plan, Task, TaskClause
from shiyu.plans.queries.allocation import allocate, duties_for


def import_guideline(actor: Actor, data: GuidelineSeed) -> Guideline:
    """The guideline of the pack with all its clauses. One that is there already is left as it is."""
    known = Guideline.objects.filter(code=data.code).first()
    return known or _import_guideline(actor, data)


@action("plans.import_guideline")
def _import_guideline(actor: Actor, data: GuidelineSeed) -> Guideline:
    guideline = Guideline.objects.create(
        code=data.code,
        title=data.title,
        level=data.level,
        issuer=data.issuer,
        edition=data.edition,
        year=data.year,
        note=data.note,
    )
    Clause.objects.bulk_create(_clauses(guideline, data.clauses))
    record(guideline, {"code": data.code, "title": data.title, "clauses": len(data.clauses)})
    return guideline


def _clauses(guideline: Guideline, rows: Iterable[ClauseSeed]) -> list[Clause]:
    """Clauses with their place in the tree; one that has others below it is a heading, not a requirement."""
    made: dict[str, Clause] = {}
    children: dict[str, int] = {}
    parents = {row.parent for row in rows if row.parent}
    for row in rows:
        above = made.get(row.parent or "")
        position = children[row.parent or ""] = children.get(row.parent or "", 0) + 1
        prefix = f"{above.path}." if above else ""
        made[row.number] = Clause(
            guideline=guideline,
            parent=above,
            number=row.number,
            text=row.text,
            path=f"{prefix}{position:04d}",
            is_requirement=row.number not in parents,
        )
    return list(made.values())


def import_edition(actor: Actor, data: PlanSeed) -> Edition:
    """An issued edition of the pack with blocks, negative list, tasks, trace and duties.

    An edition that is there already is left as it is. Unknown unit codes, clauses or parents are a `UserError`
    that names them all.
    """
    known = Edition.objects.filter(plan__code=data.code, number=data.edition.number).first()
    return known or _import_edition(actor, data)


@action("plans.import_edition")
def _import_edition(actor: Actor, data: PlanSeed) -> Edition:
    plan = _plan(data)
    issued_on = data.edition.issued_on
    before = Edition.objects.filter(plan=plan, state=Edition.State.ISSUED, superseded_on=None)
    before.filter(number__lt=data.edition.number).update(superseded_on=issued_on)
    later = Edition.objects.filter(plan=plan, state=Edition.State.ISSUED, number__gt=data.edition.number)
    edition = Edition.objects.create(
        plan=plan,
        number=data.edition.number,
        year=data.year,
        state=Edition.State.ISSUED,
        document_number=data.edition.document_number,
        signer=data.edition.signer_title,
        issued_on=issued_on,
        superseded_on=later.order_by("number").values_list("issued_on", flat=True).first(),
    )
    blocks = _blocks(edition, data)
    tasks = _tasks(edition, data, blocks)
    _link_clauses(data.tasks, tasks)
    duties = _duties(data, tasks)
    record(
        edition,
        {"plan": data.code, "edition": edition.number, "tasks": len(tasks), "duties": duties},
    )
    return edition


def _plan(data: PlanSeed) -> Plan:
    parent = Plan.objects.filter(code=data.parent).first() if data.parent else None
    if data.parent and parent is None:
        raise UserError(
            _("There is no plan %(code)s for the sub-plan to hang below.") % {"code": data.parent}
        )
    plan, _made = Plan.objects.get_or_create(
        code=data.code, defaults={"title": data.title, "kind": data.kind, "parent": parent}
    )
    return plan


def _blocks(edition: Edition, data: PlanSeed) -> dict[str, Block]:
    rows = [
        Block(edition=edition, code=row.code, name=row.name, position=position)
        for position, row in enumerate(data.blocks, start=1)
    ]
    Block.objects.bulk_create(rows)
    Circumstance.objects.bulk_create(
        Circumstance(edition=edition, number=position, name=row.name, definition=row.definition)
        for position, row in enumerate(data.circumstances, start=1)
    )
    return {row.code: row for row in rows}


def _tasks(edition: Edition, data: PlanSeed, blocks: dict[str, Block]) -> dict[str, Task]:
    made: dict[str, Task] = {}
    serves = _served_keys(data, edition.plan)
    for position, row in enumerate(data.tasks, start=1):
        target, deadline = row.target, row.deadline
        is_number = target is not None and target.kind == "number"
        made[row.key] = Task(
            edition=edition,
            key=row.key,
            number=row.number,
            position=position,
            block=blocks[row.block],
            parent=made.get(row.parent or ""),
            serves_key=serves.get(row.key, ""),
            title=row.title,
            common=row.common,
            measures=row.measures,
            target_kind=target.kind if target else "",
            target_value=Decimal(str(target.value)) if target and is_number else None,
            target_unit=target.unit if target else "",
            target_text=target.text if target else "",
            deadline_kind=deadline.kind,
            due_on=deadline.date,
            deadline_text=deadline.text,
            every=deadline.every or "",
            lead_leader=row.lead_leader,
            groups=list(row.groups),
            note=row.note,
        )
    Task.objects.bulk_create(made.values())
    return made


def _served_keys(data: PlanSeed, plan: Plan) -> dict[str, str]:
    """For a sub-plan: which task of the plan above each of its tasks carries out, by the clauses they share."""
    if plan.parent_id is None:
        return {}
    above: dict[str, list[str]] = {}
    links = TaskClause.objects.filter(
        task__edition__plan_id=plan.parent_id,
        task__edition__state=Edition.State.ISSUED,
        task__edition__superseded_on=None,
    ).order_by("task__position")
    for key, code, number in links.values_list("task__key", "clause__guideline__code", "clause__number"):
        above.setdefault(f"{code}:{number}", []).append(key)
    found: dict[str, str] = {}
    for row in data.tasks:
        shared = [key for clause in row.clauses for key in above.get(clause, [])]
        if shared:
            found[row.key] = max(dict.fromkeys(shared), key=shared.count)
    return found


def _link_clauses(rows: Iterable[TaskSeed], tasks: dict[str, Task]) -> None:
    wanted = {name for row in rows for name in row.clauses}
    guidelines = {name.partition(":")[0] for name in wanted}
    known = {
        f"{code}:{number}": pk
        for pk, code, number in Clause.objects.filter(guideline__code__in=guidelines).values_list(
            "id", "guideline__code", "number"
        )
    }
    missing = sorted(wanted - known.keys())
    if missing:
        raise UserError(_("These clauses are not known: %(names)s.") % {"names": ", ".join(missing)})
    TaskClause.objects.bulk_create(
        TaskClause(task=tasks[row.key], clause_id=known[name])
        for row in rows
        for name in dict.fromkeys(row.clauses)
    )


def _duties(data: PlanSeed, tasks: dict[str, Task]) -> int:
    units = dict(Unit.objects.values_list("code", "id"))
    named = {code for row in data.tasks for code in (*row.leads, *row.supporting)}
    missing = sorted(named - units.keys())
    if missing:
        raise UserError(_("These units are not known: %(names)s.") % {"names": ", ".join(missing)})
    groups = _members({group for row in data.tasks for group in row.groups}, data)
    duties: list[Duty] = []
    for row in data.tasks:
        held = allocate(
            [units[code] for code in row.leads],
            [units[code] for code in row.supporting],
            {group: groups[group] for group in row.groups},
        )
        duties += duties_for(tasks[row.key], held)
    Duty.objects.bulk_create(duties, batch_size=2000)
    return len(duties)


def _members(groups: set[str], data: PlanSeed) -> dict[str, list[UUID]]:
    """Members as of the day of issue, so that an old edition names the units of its time."""
    day = min(data.edition.issued_on, clock.today())
    return {group: [unit.pk for unit in units_of_group(group, day)] for group in groups}
