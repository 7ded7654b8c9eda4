"""From what was read to what the office works with: a guideline of clauses, or a draft edition of a plan."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, UserError
from shiyu.lib.ids import new_id
from shiyu.people.queries import units_of_group
from shiyu.plans.access import need
from shiyu.plans.actions.imports import open_import
from shiyu.plans.models import (
    Block,
    Clause,
    Duty,
    Edition,
    EditionText,
    Guideline,
    Plan,
    PlanImport,
    Task,
    TaskClause,
)
from shiyu.plans.queries.allocation import allocate, duties_for
from shiyu.plans.queries.clauses import FoundClause, clauses_of, headings_of
from shiyu.plans.queries.corrections import Corrected, FoundItem, corrected
from shiyu.plans.queries.names import name_book, unit_ids_by_code
from shiyu.plans.queries.source_texts import texts_around
from shiyu.plans.queries.targets import target_of


@dataclass(frozen=True)
class AsGuideline:
    """Take over as a guideline: its head data."""

    title: str
    level: str
    issuer: str = ""
    document_number: str = ""
    edition: str = ""
    year: int = 0


@dataclass(frozen=True)
class AsEdition:
    """Take over as a draft edition: the next one of `plan_id`, or the first of a new plan or sub-plan.

    `guideline_id` is the guideline the tasks are traced to where their numbers agree; without it the guideline
    taken over at the same time, if any.
    """

    title: str
    year: int
    plan_id: UUID | None = None
    kind: str = Plan.Kind.RESPONSIBILITY
    parent_id: UUID | None = None
    guideline_id: UUID | None = None


@action("plans.take_over_import")
def take_over_import(
    actor: Actor, import_id: UUID, *, guideline: AsGuideline | None = None, edition: AsEdition | None = None
) -> PlanImport:
    """Make a guideline, a draft edition or both from an import whose doubts are all settled."""
    row = open_import(actor, import_id)
    state = corrected(row.result, row.edits)
    if guideline is None and edition is None:
        raise UserError(_("Choose what the document becomes: a guideline, an edition of a plan, or both."))
    if state.open_doubts:
        raise UserError(
            _("Settle the doubts first: %(n)s still open.") % {"n": len(state.open_doubts)}, field="doubts"
        )
    made = _make_guideline(state, guideline) if guideline else {}
    if guideline:
        row.guideline_id = next(iter(made.values())).guideline_id if made else None
    if edition:
        need(actor, "edit")
        row.edition_id = _make_edition(state, edition, made).pk
    row.state, row.taken_at = PlanImport.State.TAKEN, clock.now()
    row.save()
    record(row, {"guideline": row.guideline_id, "edition": row.edition_id, "items": len(state.items)})
    return row


def _make_guideline(state: Corrected, head: AsGuideline) -> dict[str, Clause]:
    """The guideline and its clauses; place in the source → clause, for the trace."""
    if not head.title.strip():
        raise UserError(_("A guideline needs a title."), field="title")
    found = clauses_of(state)
    if not found:
        raise UserError(_("There is no numbered text that could become clauses."))
    guideline = Guideline.objects.create(
        title=head.title.strip(),
        level=head.level,
        issuer=head.issuer,
        document_number=head.document_number or state.document_number[:60],
        edition=head.edition,
        year=head.year or clock.today().year,
    )
    made: list[Clause] = []
    by_place: dict[str, Clause] = {}
    for row in found:
        clause = _clause(guideline, row, made)
        made.append(clause)
        by_place[row.key] = clause
    Clause.objects.bulk_create(made)
    return by_place


def _clause(guideline: Guideline, row: FoundClause, made: list[Clause]) -> Clause:
    return Clause(
        guideline=guideline,
        parent=made[row.parent] if row.parent is not None else None,
        number=row.number[:40],
        text=row.text,
        path=row.path,
        is_requirement=row.is_requirement,
    )


def _make_edition(state: Corrected, head: AsEdition, clauses: dict[str, Clause]) -> Edition:
    plan = _plan(head)
    running = Edition.objects.filter(plan=plan).exclude(state=Edition.State.ISSUED).first()
    if running:
        raise Conflict(
            _("Edition %(n)s of this plan is still in the making; finish that one.") % {"n": running.number}
        )
    last = Edition.objects.filter(plan=plan).aggregate(last=Max("number"))["last"] or 0
    edition = Edition.objects.create(plan=plan, number=last + 1, year=head.year)
    if not state.items:
        raise UserError(_("No task was found in the document."))
    blocks = _blocks(edition, state)
    lineage = _lineage(plan)
    tasks = [
        _task(edition, blocks, item, position, lineage) for position, item in enumerate(state.items, start=1)
    ]
    _number(tasks)
    Task.objects.bulk_create(tasks)
    _texts(edition, tasks, state)
    _duties(tasks, state)
    _trace(tasks, state, head, clauses)
    return edition


def _plan(head: AsEdition) -> Plan:
    if head.plan_id:
        plan = Plan.objects.select_for_update().filter(pk=head.plan_id).first()
        if plan is None:
            raise UserError(_("This plan does not exist."), field="plan")
        return plan
    if not head.title.strip():
        raise UserError(_("A plan needs a title."), field="plan_title")
    if head.kind == Plan.Kind.SUB_PLAN and not head.parent_id:
        raise UserError(_("Say below which plan the sub-plan hangs."), field="parent")
    parent = head.parent_id if head.kind == Plan.Kind.SUB_PLAN else None
    return Plan.objects.create(
        code=f"p{new_id().hex[-12:]}", title=head.title.strip()[:200], kind=head.kind, parent_id=parent
    )


def _top(item: FoundItem) -> str:
    return item.path[0] if len(item.path) > 1 else ""


def _blocks(edition: Edition, state: Corrected) -> dict[str, Block]:
    """One block a top heading that has items below it, named as the heading is."""
    tops = list(dict.fromkeys(_top(item) for item in state.items))
    headed = headings_of(state)
    rows = {
        top: Block(
            edition=edition,
            code=f"b{position}",
            name=(headed.get((top,)) or top or _("Tasks"))[:60],
            position=position,
        )
        for position, top in enumerate(tops, start=1)
    }
    Block.objects.bulk_create(rows.values())
    return rows


def _lineage(plan: Plan) -> dict[str, str]:
    """Title → key in the edition in force: a task with the same title is the same task."""
    force = Task.objects.filter(
        edition__plan=plan, edition__state=Edition.State.ISSUED, edition__superseded_on=None
    )
    return dict(force.values_list("title", "key"))


TITLE = 60  # characters a title may have in a list
_STOPS, _COMMAS = "。；;\n", "，,：:"


def title_and_rest(text: str) -> tuple[str, str]:
    """A short title and what the text says beyond it, so that the measures do not say the title again.

    The title is the first sentence, else its clauses up to TITLE characters. A text without any such cut is shortened
    with "…", and the rest is then the whole text: nothing is lost.
    """
    text = text.strip()
    first = min((at for mark in _STOPS if (at := text.find(mark)) > 0), default=len(text))
    if first <= TITLE:
        return text[:first], text[first + 1 :].strip()
    cut = max((text.rfind(mark, 0, TITLE + 1) for mark in _COMMAS), default=-1)
    if cut > 3:
        return text[:cut], text[cut + 1 :].strip()
    return f"{text[: TITLE - 1]}…", text


def _task(
    edition: Edition, blocks: dict[str, Block], item: FoundItem, position: int, lineage: dict[str, str]
) -> Task:
    title, rest = title_and_rest(item.text)
    target = item.extra.get("target", "")[:300]
    deadline = item.deadline
    kind = deadline.get("kind") or "none"
    day = date.fromisoformat(deadline["date"]) if deadline.get("date") else None
    return Task(
        edition=edition,
        key=lineage.pop(title, f"n{new_id().hex[-12:]}"),
        number=str(position),
        position=position,
        block=blocks[_top(item)],
        title=title,
        measures="\n".join(part for part in (rest, item.extra.get("measures", "")) if part),
        **(target_of(target) if target else target_of(item.text))
        | ({"target_text": target} if target else {}),
        deadline_kind="date" if day else kind if kind != "date" else "none",
        due_on=day,
        deadline_text=(deadline.get("text") or "")[:60],
        every=(deadline.get("every") or "").replace("-", "_"),
        lead_leader=item.extra.get("leader", "")[:80],
        note=_note(item)[:300],
    )


def _note(item: FoundItem) -> str:
    """The item's note, and bodies outside the list of units by the name the document gives them."""
    outside = item.extra.get("outside", "")
    return "；".join(
        part for part in (item.extra.get("note", ""), f"库外单位：{outside}" if outside else "") if part
    )


def _texts(edition: Edition, tasks: list[Task], state: Corrected) -> None:
    """Keep what the document says around its tasks, so that the text for approval is the whole one."""
    EditionText.objects.bulk_create(
        EditionText(
            edition=edition,
            task=tasks[row.item] if row.item is not None else None,
            position=position,
            level=row.level,
            text=row.text,
        )
        for position, row in enumerate(texts_around(state), start=1)
    )


def _number(tasks: list[Task]) -> None:
    for position, task in enumerate(tasks, start=1):
        task.number = str(position)


def _duties(tasks: list[Task], state: Corrected) -> None:
    book, ids = name_book(), unit_ids_by_code()
    members: dict[str, list[UUID]] = {}
    rows: list[Duty] = []
    for task, item in zip(tasks, state.items, strict=True):
        task.groups = [code for name in item.groups if (code := book.group_code(name))]
        loose = [name for name in item.groups if not book.group_code(name)]
        if loose:  # a group the pack does not know stays visible in the note until somebody names the units
            task.note = "；".join(part for part in (task.note, "、".join(loose)) if part)[:300]
        for code in task.groups:
            members.setdefault(code, [unit.pk for unit in units_of_group(code)])
        leads = _ids(item.leads, book, ids)
        supporting = _ids(item.supporting, book, ids)
        rows += duties_for(task, allocate(leads, supporting, {code: members[code] for code in task.groups}))
    Task.objects.bulk_update(tasks, ["groups", "note"])
    Duty.objects.bulk_create(rows, batch_size=2000)


def _ids(names: list[str], book: Any, ids: dict[str, UUID]) -> list[UUID]:
    found = []
    for name in names:
        unit = ids.get(book.match(name).code)
        if unit is None:
            raise UserError(_("“%(name)s” is not a unit; choose one on the import page.") % {"name": name})
        found.append(unit)
    return found


def _trace(tasks: list[Task], state: Corrected, head: AsEdition, clauses: dict[str, Clause]) -> None:
    """Link each task to the clause of the same place (taken over together) or of the same number."""
    links = []
    if clauses:
        for task, item in zip(tasks, state.items, strict=True):
            clause = clauses.get(item.id)
            if clause is not None:
                links.append(TaskClause(task=task, clause=clause))
    elif head.guideline_id:
        by_number = dict(Clause.objects.filter(guideline_id=head.guideline_id).values_list("number", "pk"))
        for task, item in zip(tasks, state.items, strict=True):
            pk = by_number.get(item.number)
            if pk is not None:
                links.append(TaskClause(task=task, clause_id=pk))
    TaskClause.objects.bulk_create(links)
