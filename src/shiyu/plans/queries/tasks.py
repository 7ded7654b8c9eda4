"""One task or duty with all that hangs on it."""

from dataclasses import dataclass
from uuid import UUID

from shiyu.documents.models import Document
from shiyu.documents.queries import documents_of
from shiyu.kernel.actor import Actor
from shiyu.letters.models import Instruction
from shiyu.letters.queries import instructions_of
from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.people.models import Appointment, Unit
from shiyu.places.models import in_force
from shiyu.plans.access import visible_editions, visible_reports
from shiyu.plans.models import Clause, Duty, DutyHolder, DutyProblem, Opinion, ReportEntry, Task
from shiyu.plans.queries.cycle_fields import with_own
from shiyu.plans.queries.editions import serving_tasks, tasks_of_key
from shiyu.plans.queries.task_facts import ENTRY

SHOWN_ENTRIES = 60


@dataclass(frozen=True)
class Proof:
    """A document on an entry of a report. `entry_id` is None where the person may not open that report."""

    document: Document
    entry_id: UUID | None


@dataclass
class TaskPage:
    """Everything the page of a task shows."""

    task: Task
    clauses: list[Clause]
    sub_tasks: list[Task]
    duties: list[Duty]
    group_duties: list[Duty]
    entries: list[ReportEntry]
    problems: list[Matter]
    instructions: list[Instruction]
    proof: list[Proof]
    editions: list[Task]
    serving: list[Task]
    opinions: list[Opinion]


def find_task(actor: Actor, task_id: UUID) -> Task | None:
    """A task of an edition the person may see."""
    tasks = Task.objects.select_related("edition__plan__parent", "block", "parent")
    return tasks.filter(pk=task_id, edition__in=visible_editions(actor)).first()


def is_number_in_words(task: Task) -> bool:
    """Whether the target's words name its number and unit already, so that it is not shown twice."""
    if task.target_value is None:
        return False
    return f"{task.target_value.normalize():f}{task.target_unit}" in "".join(task.target_text.split())


def find_duty(actor: Actor, duty_id: UUID) -> Duty | None:
    """A duty of a task the person may see, or of a meeting's decision of one of their units."""
    duties = Duty.objects.select_related("unit__successor", "task__edition__plan", "decision__meeting")
    duty = duties.filter(pk=duty_id).first()
    if duty is None:
        return None
    if duty.task:
        return duty if visible_editions(actor).filter(pk=duty.task.edition_id).exists() else None
    return duty if actor.has("plan.view") else None


def task_page(actor: Actor, task: Task) -> TaskPage:
    """The page of a task: about a dozen queries, none of them a row."""
    duties = list(
        Duty.objects.filter(task=task)
        .select_related("unit__successor")
        .prefetch_related("holders__office", "holders__person")
        .order_by("role", "ordinal", "unit__protocol_order")
    )
    for duty in duties:
        duty.holder = holder_of(duty)  # type: ignore[attr-defined]
    entries = list(
        ReportEntry.objects.filter(
            duty__task__key=task.key, duty__task__edition__plan_id=task.edition.plan_id
        )
        .filter(is_filled=True)
        .select_related("report__period", "report__unit")
        .order_by("-report__period__starts_on", "duty__role")[:SHOWN_ENTRIES]
    )
    return TaskPage(
        task=task,
        clauses=list(
            Clause.objects.filter(task_links__task=task).select_related("guideline").order_by("path")
        ),
        sub_tasks=list(task.sub_tasks.order_by("position")),
        duties=[duty for duty in duties if not duty.via_group],
        group_duties=[duty for duty in duties if duty.via_group],
        entries=with_own(entries),
        problems=problems_of([duty.pk for duty in duties], actor),
        instructions=instructions_of(task.pk, actor),
        proof=_proof(actor, entries),
        editions=list(tasks_of_key(task.key).filter(edition__in=visible_editions(actor))),
        serving=list(serving_tasks(task)) if not task.edition.plan.parent_id else [],
        opinions=list(
            Opinion.objects.filter(task=task, answer="change").select_related("slip__unit", "slip__round")
        ),
    )


def _proof(actor: Actor, entries: list[ReportEntry]) -> list[Proof]:
    """The documents of the entries, each once, to be opened through a report the person may see."""
    attached = documents_of(ENTRY, [entry.pk for entry in entries])
    ids = {entry.report_id for entry in entries if entry.pk in attached}
    seen = set(visible_reports(actor).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    found: dict[UUID, Proof] = {}
    for entry in entries:
        for document in attached.get(entry.pk, ()):
            known = found.get(document.pk)
            if known is None or (known.entry_id is None and entry.report_id in seen):
                found[document.pk] = Proof(document, entry.pk if entry.report_id in seen else None)
    return list(found.values())


def holder_of(duty: Duty) -> DutyHolder | None:
    """Who carries the duty now, from the prefetched holders."""
    return next((row for row in duty.holders.all() if row.valid_to is None), None)


def problems_of(duty_ids: list[UUID], actor: Actor) -> list[Matter]:
    """Problems opened against these duties that the person may see, open ones first."""
    links = DutyProblem.objects.filter(duty_id__in=duty_ids).values("matter_id")
    return list(Matter.objects.visible_to(actor).filter(pk__in=links).order_by("-is_open", "-received_at"))


def people_of_unit(unit: Unit) -> list[tuple[UUID, str]]:
    """Who holds a post in a unit or its offices today: (user id, "name · post"), by protocol.

    The post is left out where the name says it already (somebody called by their post).
    """
    units = [unit.pk, *unit.children.values_list("pk", flat=True)]
    held = Appointment.objects.filter(in_force(clock.today()), post__unit_id__in=units, user__is_active=True)
    rows = held.select_related("user", "post__unit").order_by(
        "post__unit__protocol_order", "post__protocol_order"
    )
    names = {
        row.user_id: row.user.name if row.post.name in row.user.name else f"{row.user.name} · {row.post.name}"
        for row in rows
    }
    return list(names.items())


def offices_of_unit(unit: Unit) -> list[tuple[UUID, str]]:
    """The offices (科室) of a unit today."""
    rows = Unit.objects.in_force().filter(parent=unit, kind="office").by_protocol()
    return [(row.pk, row.name) for row in rows]
