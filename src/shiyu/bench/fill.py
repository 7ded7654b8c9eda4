"""A city with a month of reports and its problems, made through the actions; multiplied set-based where asked."""

import copy
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import models

from shiyu.demo.cast import Cast
from shiyu.documents.models import Attachment, Document
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.matters import actions as matters
from shiyu.matters.kinds import source_choices
from shiyu.matters.models import Assignment, Matter, Step
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.periods.models import Period
from shiyu.plans.actions.problems import open_problem
from shiyu.plans.actions.reports import open_month
from shiyu.plans.models import (
    Block,
    Clause,
    Duty,
    DutyProblem,
    Edition,
    Plan,
    Report,
    ReportEntry,
    Task,
    TaskClause,
)  # fmt: skip
from shiyu.seeding import load_city

PROBLEMS = 150
DOCUMENTS = 300
AT_ONCE = 2_000
SIZED: tuple[type[models.Model], ...] = (
    Unit, Clause, Plan, Task, Duty, Report, ReportEntry, Matter, Assignment, Step, Document,
)  # fmt: skip


def fill(folder: Path, scale: int) -> Period:
    """Load the city, multiply its plans, open and fill in the last month of the past quarter, add problems and proof.

    Plans, tasks, duties, report entries, matters, steps and documents are `scale` times the city's; its units,
    people and guidelines stay as they are. In that month ongoing tasks report too, so it is the fullest kind.
    """
    load_city(folder)
    cast = Cast()
    for number in range(1, scale):
        _copy_plans(number)
    day = month_day(clock.today())
    with clock.frozen(datetime.combine(day, time(10), clock.CITY_ZONE)):
        period = open_month(cast.office("report.sign_off", "plan.import"), f"{day:%Y-%m}")
        _fill_reports(period)
        _open_problems(cast)
    _copy_matters(scale)
    _keep_documents(cast, scale)
    return period


def month_day(today: date) -> date:
    """The 18th of the last month of the quarter before `today`."""
    first_of_quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    return (first_of_quarter - timedelta(days=1)).replace(day=18)


def size() -> dict[str, int]:
    """How many rows there are of what grows, and of what does not."""
    return {model._meta.label_lower: model._default_manager.count() for model in SIZED}


def _copies(rows: Iterable[Any], **changed: Any) -> tuple[list[Any], dict[UUID, UUID]]:
    """New rows like `rows`, and old key → new key."""
    made, keys = [], {}
    for row in rows:
        twin = copy.copy(row)
        twin._state = copy.copy(row._state)
        twin._state.adding = True
        twin.pk = keys[row.pk] = new_id()
        for name, value in changed.items():
            setattr(twin, name, value)
        made.append(twin)
    return made, keys


def _copy_plans(number: int) -> None:
    """Every plan of the city once more, as sub-plans: codes and keys carry the copy's number."""
    in_force = Edition.objects.filter(state=Edition.State.ISSUED, superseded_on=None).exclude(
        plan__code__contains="~"
    )
    for edition in in_force.select_related("plan"):
        plan = edition.plan
        (twin_plan,), _ = _copies([plan], code=f"{plan.code}~{number}", kind=Plan.Kind.SUB_PLAN)
        twin_plan.parent_id = plan.parent_id or plan.pk
        twin_plan.save(force_insert=True)
        (twin,), _ = _copies([edition], plan=twin_plan)
        twin.save(force_insert=True)
        _copy_tasks(edition, twin, number)


def _copy_tasks(edition: Edition, twin: Edition, number: int) -> None:
    blocks, block_keys = _copies(edition.blocks.all(), edition=twin)
    tasks, task_keys = _copies(edition.tasks.all(), edition=twin)
    for task in tasks:
        task.key = f"{task.key}~{number}"
        task.block_id = block_keys.get(task.block_id)
        task.parent_id = task_keys.get(task.parent_id)
    duties, _ = _copies(Duty.objects.filter(task__edition=edition))
    for duty in duties:
        duty.task_id = task_keys[duty.task_id]
    links = TaskClause.objects.filter(task__edition=edition).values_list("task_id", "clause_id")
    Block.objects.bulk_create(blocks, batch_size=AT_ONCE)
    # Parents first: a sub-task refers to one of the same batch.
    Task.objects.bulk_create(sorted(tasks, key=lambda task: task.parent_id is not None), batch_size=AT_ONCE)
    Duty.objects.bulk_create(duties, batch_size=AT_ONCE)
    TaskClause.objects.bulk_create(
        [TaskClause(task_id=task_keys[task], clause_id=clause) for task, clause in links], batch_size=AT_ONCE
    )


def _fill_reports(period: Period) -> None:
    """All entries written, all reports in and signed off but every twentieth unit's, which did not come."""
    reports = list(period.reports.order_by("unit__protocol_order").values_list("pk", flat=True))
    came = [key for at, key in enumerate(reports) if at % 20 != 19]
    entries = list(ReportEntry.objects.filter(report__in=came).order_by("pk").values_list("pk", flat=True))
    text = "组织召开专题会议，逐项核对台账，现场督促两个县区补齐短板，形成问题清单并明确到人。"
    fates = {0: ("behind", "个别县区进度偏慢。"), 1: ("done", ""), 2: ("on_track", ""), 3: ("on_track", "")}
    for remainder, (status, issues) in fates.items():
        ReportEntry.objects.filter(pk__in=entries[remainder :: len(fates)]).update(
            status=status, progress=text, total=text, issues=issues, is_filled=True, changed_at=clock.now()
        )
    moment = clock.now() + timedelta(days=2)
    Report.objects.filter(pk__in=came).update(
        state=Report.State.SIGNED_OFF, first_submitted_at=moment, submitted_at=moment, signed_off_at=moment
    )


def _open_problems(cast: Cast) -> None:
    """Problems against the duties that lead, filed and sent out by the office; two in three are received."""
    clerk = cast.office("matter.dispatch", "matter.verify", "matter.file")
    source = _source()
    duties = list(Duty.objects.filter(role=Duty.Role.LEAD, task__edition__superseded_on=None,
                                      task__edition__state="issued").exclude(task__key__contains="~")
                  .order_by("task__position", "pk").values_list("pk", flat=True))  # fmt: skip
    for number in range(PROBLEMS):
        link = open_problem(
            clerk,
            duties[number % len(duties)],
            title=f"走访发现的第{number + 1}个问题：台账与现场不一致",
            text="现场抽查时台账所列事项与实际不符，需要逐项核对并整改到位。",
            source=source,
            goal="台账与现场一致",
            measures="逐项核对，限期整改，复查销号",
        )
        if link.matter.phase == "filed":
            matters.accept_matter(clerk, link.matter_id)
        lead = Assignment.objects.filter(matter_id=link.matter_id, active=True, role="lead").first()
        actor = cast.who("matter.handle", lead.unit_id, besides=clerk) if lead else None
        if actor and lead and number % 3:
            matters.acknowledge_assignment(actor, link.matter_id, assignment_id=lead.pk)


def _source() -> str:
    """A source that the pack's problems may have; empty where the pack lists none."""
    pack = current_pack()
    return next((code for code, _ in source_choices(pack.plan.problem_kind or "")), "")


def _copy_matters(scale: int) -> None:
    """Matters with assignments, steps and the link to the duty, `scale` - 1 times more."""
    found: Sequence[Matter] = list(Matter.objects.all())
    assigned, steps = list(Assignment.objects.all()), list(Step.objects.all())
    links = list(DutyProblem.objects.values_list("duty_id", "matter_id"))
    for number in range(1, scale):
        twins, keys = _copies(found)
        for twin in twins:
            twin.code = f"{twin.code}~{number}"
        more, of_assignment = _copies(assigned)
        for row in more:
            row.matter_id = keys[row.matter_id]
        stays, _ = _copies(steps)
        for stay in stays:
            stay.matter_id = keys[stay.matter_id]
            stay.assignment_id = of_assignment.get(stay.assignment_id)
        Matter.objects.bulk_create(twins, batch_size=AT_ONCE)
        Assignment.objects.bulk_create(more, batch_size=AT_ONCE)
        Step.objects.bulk_create(stays, batch_size=AT_ONCE)
        DutyProblem.objects.bulk_create(
            [DutyProblem(duty_id=duty, matter_id=keys[key]) for duty, key in links]
        )


def _keep_documents(cast: Cast, scale: int) -> None:
    """Proof kept as links, one to an entry of the month."""
    clerk = cast.office("matter.verify")
    entries = ReportEntry.objects.filter(is_filled=True).order_by("pk").values_list("pk", "report__unit_id")
    kept, attached = [], []
    for number, (entry, unit) in enumerate(entries[: DOCUMENTS * scale]):
        document = Document(
            title=f"佐证材料第{number + 1}号",
            kind=Document.Kind.PROOF,
            link=f"https://proof.invalid/{number + 1}",
            unit_id=unit,
            uploaded_by_id=clerk.user_id or unit,
            uploaded_by_name=clerk.name,
        )
        kept.append(document)
        attached.append(Attachment(document=document, subject_type="plans.reportentry", subject_id=entry))
    Document.objects.bulk_create(kept, batch_size=AT_ONCE)
    Attachment.objects.bulk_create(attached, batch_size=AT_ONCE)
