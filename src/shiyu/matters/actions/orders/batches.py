"""A table of work orders on its way: handed in, checked, taken over or dropped."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record, start_work
from shiyu.audit.models import JobRun
from shiyu.documents.screening import check_name
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.lib.events import emit
from shiyu.matters.actions.orders.files import forget_file, kept_file, lost_files, open_file
from shiyu.matters.actions.orders.places import source_label
from shiyu.matters.actions.orders.plan import CHANGED, NEW, WRONG, Line, Planner, order_source
from shiyu.matters.actions.orders.take import Taker
from shiyu.matters.actions.orders.update import update_orders
from shiyu.matters.events import OrdersImported
from shiyu.matters.models import OrderBatch
from shiyu.people.models import Unit
from shiyu.reading.refusals import Refused
from shiyu.reading.rows import MAX_BYTES, read_rows
from shiyu.reading.secrecy import marked_row

CHECK, TAKE = "matters.check_orders", "matters.take_orders"
FAULTS_SHOWN, LINES_SHOWN = 500, 50
KEPT = timedelta(days=7)
"""How long the file of a table that nobody took over is kept."""
Progress = Callable[[int, int], None]


class MarkedSecret(UserError):
    """The table carries a mark of secrecy: nothing of it may be kept, so that whoever called the check drops it."""


def may_import(actor: Actor) -> bool:
    """Whether the person takes in orders for a unit: a desk that files and dispatches."""
    return actor.has("matter.file") and actor.has("matter.dispatch")


def need_import(actor: Actor) -> None:
    """Raises NotAllowed for whoever has no desk that takes matters in."""
    if not may_import(actor):
        raise NotAllowed(_("Only a desk that files and sends out matters takes in work orders."))


def batch_of(actor: Actor, batch_id: UUID, *, lock: bool = False) -> OrderBatch:
    """The person's own batch. Raises NotVisible for another's."""
    rows = OrderBatch.objects.select_for_update() if lock else OrderBatch.objects.all()
    found = rows.filter(pk=batch_id, by_id=actor.user_id).first()
    if found is None or actor.user_id is None:
        raise NotVisible(_("There is no such table, or somebody else handed it in."))
    return found


@action("matters.hand_in_orders")
def hand_in_orders(actor: Actor, *, source: str, unit_id: UUID, name: str, content: bytes) -> OrderBatch:
    """Keeps a table (sealed) and starts its check in the background. `unit_id` takes in what names no place. Raises
    UserError for an unknown source, a unit that is not one's own, a file marked secret or too large."""
    need_import(actor)
    label = source_label(order_source(source))
    check_name(name)
    if len(content) > MAX_BYTES:
        raise UserError(
            _("The file is larger than %(n)s MB; split it.") % {"n": MAX_BYTES >> 20}, field="file"
        )
    unit = Unit.objects.in_force().filter(pk=unit_id).first()
    if unit is None or unit_id not in actor.units_with("matter.dispatch"):
        raise UserError(_("Choose one of your own units."), field="unit_id")
    batch = OrderBatch(
        source=source,
        file_name=name[-200:],
        digest=hashlib.sha256(content).hexdigest(),
        unit=unit,
        by_id=actor.user_id,
        by_name=actor.name,
        created_at=clock.now(),
    )
    title = _("Check work orders: %(source)s, %(file)s") % {"source": label, "file": name}
    with kept_file(batch, content):
        batch.save(force_insert=True)
        record(batch, {"source": source, "digest": batch.digest})
        return _start(actor, batch, CHECK, title)


def _start(actor: Actor, batch: OrderBatch, work: str, title: str) -> OrderBatch:
    given = {"batch": str(batch.pk), "language": get_language() or "zh-hans"}
    batch.run_id = start_work(actor, work, title=title, arguments=given).pk
    batch.save(update_fields=["run_id"])
    batch.refresh_from_db()  # where work is done at once, it is done now
    return batch


def lines_of(
    plan: Planner, batch: OrderBatch, progress: Progress, share: tuple[float, float] = (0.0, 1.0)
) -> Iterator[list[Line]]:
    """The rows of the batch's file, some at a time, telling how far it is. Raises UserError for a file that cannot be
    read or is marked secret."""
    try:
        sheets = read_rows(open_file(batch), batch.file_name)
    except Refused as refused:
        words = refused.text_en if (get_language() or "").startswith("en") else refused.text_zh
        kind = MarkedSecret if refused.code == "secret" else UserError
        raise kind(words, field="file") from None
    for sheet in sheets:
        row = marked_row(sheet.rows)
        if row is not None:
            words = _("Row %(row)s of the table carries a mark of secrecy; nothing of it was kept.")
            raise MarkedSecret(words % {"row": row + 1}, field="file")
    total, done = plan.count(sheets), 0
    for lines in plan.lines(sheets):
        yield lines
        done += len(lines)
        progress(done, max(total, done))


@action("matters.check_orders")
def check_orders(actor: Actor, batch_id: UUID, progress: Progress) -> OrderBatch:
    """Says what the table would do: how many are new, changed, the same, held by others or wrong, and the first of
    each with sheet, row and column. Changes nothing else."""
    need_import(actor)
    batch = batch_of(actor, batch_id, lock=True)
    if batch.state not in (OrderBatch.State.CHECKING, OrderBatch.State.CHECKED):
        raise Conflict(_("This table was taken over or dropped already."))
    plan = Planner(actor, batch.source, batch.unit)
    counts: Counter[str] = Counter()
    findings: dict[str, list[Any]] = {NEW: [], CHANGED: [], "faults": []}
    for lines in lines_of(plan, batch, progress):
        for line in lines:
            counts[line.did] += 1
            _note(findings, line)
    _write_counts(batch, counts)
    batch.findings, batch.state = findings, OrderBatch.State.CHECKED
    batch.save()
    record(batch, dict(counts))
    return batch


def _note(findings: dict[str, list[Any]], line: Line) -> None:
    if line.did == WRONG:
        room = FAULTS_SHOWN - len(findings["faults"])
        findings["faults"] += [
            [fault.sheet, fault.row, fault.head, fault.words] for fault in line.faults[: max(0, room)]
        ]
    elif line.did in (NEW, CHANGED) and len(findings[line.did]) < LINES_SHOWN:
        findings[line.did].append(
            [line.sheet, line.row, line.order.number, line.order.title, list(line.heads)]
        )


def _write_counts(batch: OrderBatch, counts: Counter[str]) -> None:
    batch.rows = sum(counts.values())
    for name in (NEW, CHANGED, "unchanged", "elsewhere", WRONG):
        setattr(batch, name, counts[name])


def is_stuck(batch: OrderBatch) -> bool:
    """Whether the background work of a table failed or was stopped: it can be asked for again. What was taken over was
    done, whatever became of the work after it."""
    if batch.state == OrderBatch.State.TAKEN:
        return False
    runs = JobRun.objects.filter(state=JobRun.State.FAILED)
    return batch.run_id is not None and runs.filter(pk=batch.run_id).exists()


@action("matters.ask_to_check_orders")
def ask_to_check_orders(actor: Actor, batch_id: UUID) -> OrderBatch:
    """Checks a table once more in the background: things have changed here, or the work was stopped."""
    need_import(actor)
    batch = batch_of(actor, batch_id, lock=True)
    going = batch.state in (OrderBatch.State.CHECKING, OrderBatch.State.TAKING)
    if not batch.stored or (going and not is_stuck(batch)):
        raise Conflict(_("This table is being checked, was taken over, or was dropped already."))
    batch.state = OrderBatch.State.CHECKING
    batch.save(update_fields=["state"])
    record(batch, {"state": batch.state})
    label = source_label(order_source(batch.source))
    title = _("Check work orders: %(source)s, %(file)s") % {"source": label, "file": batch.file_name}
    return _start(actor, batch, CHECK, title)


@action("matters.ask_to_take_orders")
def ask_to_take_orders(actor: Actor, batch_id: UUID, *, only_good: bool) -> OrderBatch:
    """Takes a checked table over in the background. With wrong rows only where the person says so (`only_good`): then
    they are left out. Raises Conflict where it is on its way already."""
    need_import(actor)
    batch = batch_of(actor, batch_id, lock=True)
    if batch.state != OrderBatch.State.CHECKED and not (
        batch.state == OrderBatch.State.TAKING and is_stuck(batch)
    ):
        raise Conflict(_("This table is being checked, was taken over, or was dropped already."))
    if batch.wrong and not only_good:
        raise UserError(_("Some rows are wrong. Put them right, or take over the good rows only."))
    if not batch.new and not batch.changed:
        raise UserError(_("Everything in this table is here already; there is nothing to take over."))
    batch.state, batch.only_good = OrderBatch.State.TAKING, only_good
    batch.save(update_fields=["state", "only_good"])
    record(batch, {"state": batch.state, "only_good": only_good})
    label = source_label(order_source(batch.source))
    title = _("Take over work orders: %(source)s, %(file)s") % {"source": label, "file": batch.file_name}
    return _start(actor, batch, TAKE, title)


@action("matters.take_orders")
def take_orders(actor: Actor, batch_id: UUID, progress: Progress) -> OrderBatch:
    """Files the new orders and updates the changed ones, all or nothing; then the file is deleted. Each row is checked
    again: what became wrong meanwhile is refused. One notice a desk, one entry for the whole."""
    need_import(actor)
    batch = _alone(actor, batch_id)
    if batch.state != OrderBatch.State.TAKING:
        raise Conflict(_("This table was not asked to be taken over, or was taken over already."))
    plan = Planner(actor, batch.source, batch.unit, locks=True)
    taker, counts = Taker(actor, batch, plan), Counter[str]()
    try:
        for lines in lines_of(plan, batch, progress):
            counts.update(line.did for line in lines)
            if counts[WRONG] and not batch.only_good:
                raise UserError(_first_fault(lines))
            taker.take([line for line in lines if line.did == NEW])
            update_orders(batch, plan.source, [line for line in lines if line.did == CHANGED])
    except IntegrityError as error:
        if "one_order_per_number" not in str(error):
            raise
        raise Conflict(
            _("Another table with the same orders was taken over just now; check this one again.")
        ) from None
    _write_counts(batch, counts)
    batch.state, batch.taken_at = OrderBatch.State.TAKEN, clock.now()
    batch.findings.pop(NEW, None)  # they are matters now
    forget_file(batch)
    batch.save()
    record(batch, {**counts, "state": batch.state})
    emit(
        OrdersImported(
            batch_id=batch.pk,
            source=source_label(plan.source),
            by_id=actor.user_id,
            units=tuple((str(unit), number) for unit, number in taker.by_unit.items()),
        )
    )
    return batch


def _alone(actor: Actor, batch_id: UUID) -> OrderBatch:
    """The person's own batch, locked; tables of one source are taken over one after the other, so that the second sees
    what the first did."""
    source = batch_of(actor, batch_id).source
    going = OrderBatch.objects.select_for_update().filter(source=source, state=OrderBatch.State.TAKING)
    list(going.order_by("pk").values_list("pk", flat=True))
    return batch_of(actor, batch_id, lock=True)


def _first_fault(lines: list[Line]) -> str:
    fault = next(fault for line in lines for fault in line.faults)
    words = _("Row %(row)s became wrong since the check: %(fault)s Check the table again.")
    return words % {"row": fault.row, "fault": fault.words}


@action("matters.release_orders")
def release_orders(actor: Actor, batch_id: UUID) -> OrderBatch:
    """A table whose taking over failed can be asked for again, or dropped. Done by the work that failed."""
    batch = batch_of(actor, batch_id, lock=True)
    if batch.state == OrderBatch.State.TAKING:
        batch.state = OrderBatch.State.CHECKED
        batch.save(update_fields=["state"])
    record(batch, {"state": batch.state})
    return batch


@action("matters.drop_orders")
def drop_orders(actor: Actor, batch_id: UUID) -> OrderBatch:
    """Deletes a table that is not to be taken over."""
    batch = batch_of(actor, batch_id, lock=True)
    if batch.state == OrderBatch.State.TAKEN or (
        batch.state == OrderBatch.State.TAKING and not is_stuck(batch)
    ):
        raise Conflict(_("This table was taken over already."))
    _forget(batch)
    record(batch, {"state": batch.state})
    return batch


def _forget(batch: OrderBatch) -> None:
    """The file goes, and what was shown of it."""
    forget_file(batch)
    batch.state, batch.findings = OrderBatch.State.DROPPED, {}
    batch.save()


@action("matters.forget_order_files")
def forget_order_files(actor: Actor, before: datetime) -> int:
    """Deletes the files of tables handed in before a moment and never taken over, what was shown of those taken over
    before it, and stored files that belong to no table. Returns how many."""
    old = Q(taken_at=None, created_at__lt=before) & ~Q(stored="") | Q(taken_at__lt=before) & ~Q(findings={})
    batches = list(OrderBatch.objects.select_for_update().filter(old).order_by("pk"))
    for batch in batches:
        if batch.state == OrderBatch.State.TAKEN:
            batch.findings = {}
            batch.save(update_fields=["findings"])
        else:
            _forget(batch)
    lost = lost_files(before)
    for name in lost:
        default_storage.delete(name)
    record(None, {"files": len(batches) + len(lost)})
    return len(batches) + len(lost)
