"""An edition's way: draft → consulting → approval → issued; then the next one."""

import re
from datetime import date
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.documents.models import Document
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotVisible, UserError
from shiyu.lib.events import emit
from shiyu.people.queries import units_of_group
from shiyu.plans.access import need
from shiyu.plans.actions.tasks import editable_edition
from shiyu.plans.events import EditionIssued, EditionSubmitted
from shiyu.plans.models import (
    Block,
    Circumstance,
    Duty,
    DutyHolder,
    Edition,
    EditionText,
    OpinionRound,
    Plan,
    Task,
    TaskClause,
)
from shiyu.plans.queries.adoptions import unwritten
from shiyu.plans.queries.allocation import allocate, duties_for
from shiyu.plans.queries.heirs import heirs_today
from shiyu.plans.queries.issuing import tasks_without_lead

State = Edition.State
ASKED = ("measures", "common", "target_kind", "target_value", "target_text", "deadline_kind", "due_on")
"""What decides whether a task asks for something else than in the edition before."""


@action("plans.submit_for_approval")
def submit_for_approval(actor: Actor, edition_id: UUID, *, despite_unwritten: bool = False) -> Edition:
    """Close the draft for approval in the office's own document system. Every task needs a lead first.

    Adopted opinions whose item nobody edited since (`unwritten`) stop it until `despite_unwritten` says that they were
    looked at; the record keeps which they were.
    """
    edition = editable_edition(actor, edition_id)
    if OpinionRound.objects.filter(edition=edition, closed_at=None).exists():
        raise UserError(_("An opinion round is still open. Close it first."))
    tasks = Task.objects.filter(edition=edition)
    if not tasks.exists():
        raise UserError(_("The edition has no task yet."))
    bare = [task.number for task in tasks_without_lead(edition)]
    if bare:
        raise UserError(
            _(
                "These tasks have no lead unit: %(numbers)s. Name one before the edition goes out for approval."
            )
            % {"numbers": "、".join(bare[:20])}
        )
    missing = unwritten(edition)
    if missing and not despite_unwritten:
        raise UserError(
            _("Adopted changes are not in the text yet, for the items %(numbers)s. Change them or confirm.")
            % {"numbers": "、".join(dict.fromkeys(row.task_number for row in missing))},
            field="despite_unwritten",
        )
    edition.state = State.APPROVAL
    edition.save(update_fields=["state"])
    record(
        edition,
        {"state": edition.state, "tasks": tasks.count(), "unwritten": [row.pk for row in missing]},
    )
    emit(EditionSubmitted(edition_id=edition.pk, by=actor.user_id))
    return edition


@action("plans.take_back_edition")
def take_back_edition(actor: Actor, edition_id: UUID, reason: str) -> Edition:
    """The approval asked for changes: the edition can be edited again."""
    need(actor, "edit")
    edition = _locked(edition_id)
    if edition.state != State.APPROVAL:
        raise Conflict(_("Only an edition that is out for approval can be taken back."))
    if not reason.strip():
        raise UserError(_("Say what the approval asked for."), field="reason")
    edition.state = State.DRAFT
    edition.save(update_fields=["state"])
    record(edition, {"state": edition.state}, reason=reason)
    return edition


def _locked(edition_id: UUID) -> Edition:
    edition = (
        Edition.objects.select_for_update(of=("self",)).filter(pk=edition_id).select_related("plan").first()
    )
    if edition is None:
        raise NotVisible(_("This edition does not exist."))
    return edition


def hold_plans(*plan_ids: UUID) -> None:
    """Lock these plans, or all of them: a month that is being opened and an edition that is being issued wait for each
    other, so that no duty misses the month."""
    rows = Plan.objects.select_for_update().order_by("pk")
    list(rows.filter(pk__in=plan_ids) if plan_ids else rows)


@action("plans.issue_edition")
def issue_edition(
    actor: Actor,
    edition_id: UUID,
    *,
    document_number: str,
    issued_on: date,
    signer: str,
    formal_document: Document | None,
) -> Edition:
    """Register what came back: number, date, signer (by post) and the formal file. From then on nothing changes.

    The edition in force before is superseded. Who held the same duty there holds it here.
    """
    need(actor, "issue")
    edition = _locked(edition_id)
    if edition.state != State.APPROVAL:
        raise Conflict(_("Only an edition that is out for approval can be issued."))
    hold_plans(edition.plan_id)
    number, name = checked_head(edition, document_number, signer, issued_on)
    if formal_document is None:
        raise UserError(_("Hand in the formal file that came back from the approval."), field="formal_file")
    before = Edition.objects.filter(plan=edition.plan, state=State.ISSUED, superseded_on=None).first()
    if before:
        before.superseded_on = issued_on
        before.save(update_fields=["superseded_on"])
    edition.state, edition.issued_on, edition.signer = State.ISSUED, issued_on, name
    edition.document_number, edition.formal_document = number, formal_document
    edition.save(update_fields=["state", "issued_on", "signer", "document_number", "formal_document"])
    held = _carry_holders(before, edition) if before else 0
    record(
        edition,
        {
            "state": edition.state,
            "document_number": edition.document_number,
            "issued_on": issued_on,
            "signer": edition.signer,
            "formal_document": formal_document.pk if formal_document else None,
            "supersedes": before.pk if before else None,
            "holders_carried": held,
        },
    )
    emit(EditionIssued(edition_id=edition.pk, plan_id=edition.plan_id, issued_on=issued_on))
    return edition


# An issuing body's number: body, year in 六角括号, serial number (GB/T 9704-2012); other brackets are put right.
NUMBER = re.compile(r"(?P<organ>[^〔〕\s\d]{1,30})〔(?P<year>\d{4})〕(?:第)?(?P<serial>[1-9]\d{0,4})号")
BRACKETS = str.maketrans("[]（）()【】［］﹝﹞", "〔〕〔〕〔〕〔〕〔〕〔〕")


def checked_head(edition: Edition, document_number: str, signer: str, issued_on: date) -> tuple[str, str]:
    """Number and signer as they will be kept, or a `UserError` naming the field: `document_number`, `signer` or
    `issued_on`. A number is one document's: none that another plan or edition has been issued with."""
    number = "".join(document_number.split()).translate(BRACKETS)
    found = NUMBER.fullmatch(number)
    if found is None:
        raise UserError(
            _(
                "Write the number as it stands on the document: body, year in brackets, number, such as X发〔2026〕5号."
            ),
            field="document_number",
        )
    name = " ".join(signer.split())
    if not re.fullmatch(r"[^\W\d_][^\d]{1,59}", name):
        raise UserError(_("Say who signed, by post, in words."), field="signer")
    if issued_on > clock.today():
        raise UserError(_("The day of issue lies in the future."), field="issued_on")
    if issued_on.year - int(found["year"]) not in (0, 1):  # numbered in December, signed in January
        raise UserError(
            _("The year of the number (%(year)s) and the day of issue do not fit.") % {"year": found["year"]},
            field="issued_on",
        )
    others = Edition.objects.filter(plan_id=edition.plan_id, state=State.ISSUED).exclude(pk=edition.pk)
    _no_other(edition, number)
    last = others.aggregate(last=Max("issued_on"))["last"]
    if last and issued_on < last:
        raise UserError(_("The edition in force was issued later than that."), field="issued_on")
    return number, name


def _no_other(edition: Edition, number: str) -> None:
    """Refuse a number of another edition of this plan, or of another plan's edition in force, and say of which."""
    issued = Edition.objects.filter(state=State.ISSUED, document_number=number).exclude(pk=edition.pk)
    used = issued.filter(Q(plan_id=edition.plan_id) | Q(superseded_on=None)).select_related("plan").first()
    if used:
        raise UserError(
            _("%(number)s is the number of “%(plan)s”, edition %(n)s, issued on %(day)s. Check the number.")
            % {"number": number, "plan": used.plan.title, "n": used.number, "day": used.issued_on},
            field="document_number",
        )


def _carry_holders(before: Edition, edition: Edition) -> int:
    """Offices and people that held a duty of the same task and unit before hold it on.

    Done stays done within the year where the task asks for nothing else than before.
    """
    old = {
        (duty.task.key, duty.unit_id): duty
        for duty in Duty.objects.filter(task__edition=before)
        .select_related("task")
        .prefetch_related("holders")
        if duty.task
    }
    new_holders, done = [], []
    for duty in Duty.objects.filter(task__edition=edition).select_related("task"):
        was = old.get((duty.task.key if duty.task else "", duty.unit_id))
        if was is None:
            continue
        if was.done_on and edition.year == before.year and _asks_the_same(was.task, duty.task):
            duty.done_on = was.done_on
            done.append(duty)
        holder = next((row for row in was.holders.all() if row.valid_to is None), None)
        if holder:
            new_holders.append(
                DutyHolder(
                    duty=duty,
                    office_id=holder.office_id,
                    person_id=holder.person_id,
                    valid_from=edition.issued_on or clock.today(),
                    reason=holder.reason,
                )
            )
    Duty.objects.bulk_update(done, ["done_on"])
    DutyHolder.objects.bulk_create(new_holders)
    return len(new_holders)


def _asks_the_same(was: Task | None, now: Task | None) -> bool:
    return all(getattr(was, name) == getattr(now, name) for name in ASKED)


@action("plans.draft_next_edition")
def draft_next_edition(actor: Actor, plan_id: UUID, year: int | None = None) -> Edition:
    """A draft with the content of the edition in force: same keys, so that the two can be compared.

    Units that merged or were renamed since are replaced by their successors; groups are expanded anew.
    """
    need(actor, "edit")
    plan = Plan.objects.select_for_update().filter(pk=plan_id).first()
    if plan is None:
        raise NotVisible(_("This plan does not exist."))
    running = Edition.objects.filter(plan=plan).exclude(state=State.ISSUED).first()
    if running:
        raise Conflict(
            _("Edition %(n)s of this plan is still in the making; finish that one.") % {"n": running.number}
        )
    source = Edition.objects.filter(plan=plan, state=State.ISSUED, superseded_on=None).first()
    if source is None:
        raise UserError(_("The plan has no issued edition to start from."))
    last = Edition.objects.filter(plan=plan).aggregate(last=Max("number"))["last"]
    edition = Edition.objects.create(plan=plan, number=last + 1, year=year or clock.today().year)
    counts = _copy_content(source, edition)
    record(edition, {"plan": plan.code, "number": edition.number, "copied_from": source.pk, **counts})
    return edition


def _copy_content(source: Edition, edition: Edition) -> dict[str, int]:
    blocks = {}
    for block in source.blocks.all():
        old, block.pk, block.edition = block.pk, Block().pk, edition
        block._state.adding = True
        blocks[old] = block
    Block.objects.bulk_create(blocks.values())
    Circumstance.objects.bulk_create(
        Circumstance(edition=edition, number=row.number, name=row.name, definition=row.definition)
        for row in source.circumstances.all()
    )
    tasks: dict[UUID, Task] = {}
    for task in source.tasks.order_by("position"):
        old, old_parent = task.pk, task.parent_id
        task.pk, task.edition, task.block = (
            Task().pk,
            edition,
            blocks.get(task.block_id) if task.block_id else None,
        )
        task.parent = tasks[old_parent] if old_parent else None
        task._state.adding = True
        tasks[old] = task
    Task.objects.bulk_create(tasks.values())
    EditionText.objects.bulk_create(
        EditionText(
            edition=edition,
            task=tasks[row.task_id] if row.task_id else None,
            position=row.position,
            level=row.level,
            text=row.text,
        )
        for row in source.texts.all()
    )
    links = TaskClause.objects.filter(task__edition=source)
    TaskClause.objects.bulk_create(
        TaskClause(task=tasks[row.task_id], clause_id=row.clause_id) for row in links
    )
    return {"tasks": len(tasks), "duties": _copy_duties(source, tasks)}


def _copy_duties(source: Edition, tasks: dict[UUID, Task]) -> int:
    heirs = heirs_today()
    groups: dict[str, list[UUID]] = {
        code: [unit.pk for unit in units_of_group(code)] for task in tasks.values() for code in task.groups
    }
    named: dict[UUID, tuple[list[UUID], list[UUID]]] = {old: ([], []) for old in tasks}
    for duty in Duty.objects.filter(task__edition=source, via_group="").order_by(
        "ordinal", "unit__protocol_order"
    ):
        assert duty.task_id is not None  # asked for by its task
        named[duty.task_id][duty.role != Duty.Role.LEAD].append(heirs.get(duty.unit_id, duty.unit_id))
    rows: list[Duty] = []
    for old, task in tasks.items():
        leads, supporting = named[old]
        rows += duties_for(task, allocate(leads, supporting, {code: groups[code] for code in task.groups}))
    Duty.objects.bulk_create(rows, batch_size=2000)
    return len(rows)
