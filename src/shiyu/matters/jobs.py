"""Telling people when a matter moves (wiring.LATER): whoever has to act next, never the one who just acted."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from shiyu.kernel.actor import SYSTEM
from shiyu.lib.errors import UserError
from shiyu.matters.actions import climb_matter, supervise_matter
from shiyu.matters.actions.disputes import lift_dispute
from shiyu.matters.actions.grading import grade_again
from shiyu.matters.models import Assignment, CompetenceDispute, FollowUp, Matter
from shiyu.matters.queries.ways import due_to_climb, graded_otherwise
from shiyu.notices.actions import mark_settled, notify
from shiyu.people.queries import chain_above, holders_of_right

Payload = dict[str, Any]
FILED = "matter_filed"
"""Notices that ask somebody to take a matter in."""


def tell_filed(payload: Payload) -> None:
    """To those who take it in."""
    _tell(payload, "matter.dispatch", "待受理", "To be accepted", kind=FILED)


def settle_filed(payload: Payload) -> None:
    """The matter went on: nobody is asked to take it in any more, so that notice is read for everybody."""
    mark_settled(FILED, UUID(payload["matter_id"]))


def tell_dispatched(payload: Payload) -> None:
    """To those who handle it."""
    _tell(payload, "matter.handle", "新交办", "New for your unit")


def tell_returned(payload: Payload) -> None:
    """To those who must answer the return."""
    _tell(payload, "matter.dispatch", "申请退回，待答复", "Returned, to be answered")


def tell_return_decided(payload: Payload) -> None:
    """To those who handle it now."""
    _tell(payload, "matter.handle", "退回申请已答复", "The return was answered")


def tell_extension_asked(payload: Payload) -> None:
    """To those who decide on it."""
    _tell(payload, "matter.approve", "申请延期，待审批", "Asks for more time")


def tell_extension_decided(payload: Payload) -> None:
    """To those who asked."""
    _tell(payload, "matter.handle", "延期申请已审批", "The extension was decided")


def tell_completed(payload: Payload) -> None:
    """To those who verify it."""
    _tell(payload, "matter.verify", "已报办结，待核查", "Done, to be verified")


def tell_sent_back(payload: Payload) -> None:
    """To those who handle it again."""
    _tell(payload, "matter.handle", "核查不通过，退回重办", "Sent back after the check")


def tell_reopened(payload: Payload) -> None:
    """To those who handle it again."""
    _tell(payload, "matter.handle", "重新办理", "Reopened")


def tell_closed(payload: Payload) -> None:
    """To those who handled it."""
    _tell(payload, "matter.handle", "已结案", "Closed")


def tell_on_books(payload: Payload) -> None:
    """To those who handle it."""
    _tell(payload, "matter.handle", "已挂账", "Put on the books")


def tell_urged(payload: Payload) -> None:
    """To those who hold it."""
    _tell(payload, "matter.handle", "催办", "Urged")


def tell_orders_imported(payload: Payload) -> None:
    """One notice to each desk that new orders of a table wait at, with their number; not to whoever took it over."""
    waiting: dict[UUID, int] = {}
    for unit, count in payload["units"]:
        for person in _people("matter.dispatch", [unit], payload["by_id"]):
            waiting[person] = waiting.get(person, 0) + count
    for person, count in waiting.items():
        notify(
            [person],
            kind="orders",
            zh=f"{payload['source']}转来{count}件工单，待受理",
            en=f"{count} work orders came from {payload['source']}, to be accepted",
            url=f"{reverse('matter_list')}?phase=filed",
            subject_id=UUID(payload["batch_id"]),
        )


def tell_due(since: datetime, until: datetime) -> int:
    """To the units that hold it (before dispatch: its own unit), once when a matter turns amber and once when it is
    overdue: where that moment lies in (since, until]. A stopped clock has its limits moved already. Returns how many
    matters."""
    rows = Matter.objects.open()
    late = Q(due_at__gt=since, due_at__lte=until) | Q(step_due_at__gt=since, step_due_at__lte=until)
    told = 0
    for matter in rows.filter(late | Q(warn_at__gt=since, warn_at__lte=until)):
        moments = [moment for moment in (matter.due_at, matter.step_due_at) if moment]
        is_late = any(moment <= until for moment in moments)
        zh, en = ("已逾期", "Overdue") if is_late else ("即将到期", "Due soon")
        held = Assignment.objects.filter(matter=matter, active=True, done_at=None).values_list(
            "unit_id", flat=True
        )
        units, right = (list(held), "matter.handle") if held else ([matter.unit_id], "matter.dispatch")
        payload = {"unit_ids": map(str, units), "by_id": None, "matter_id": str(matter.pk)}
        _tell({**payload, "code": matter.code, "title": matter.title}, right, zh, en)
        told += 1
    return told


def grade_open(since: datetime, until: datetime) -> int:
    """Grades open matters by their kinds' tables as they stand `until`; only those whose grade changes are touched, so
    a second run does nothing. Returns how many."""
    changed = graded_otherwise(until)
    for matter_id in changed:
        grade_again(SYSTEM, matter_id)
    return len(changed)


def climb_by_rule(since: datetime, until: datetime) -> int:
    """Lifts matters by the climb rules of their kinds as they stand `until`; one that is at the top comes under
    supervision. Each is a deed of its own whose trace keeps it from being done twice, so a run that was cut off goes
    on where it stopped. Returns how many."""
    lifted = 0
    for row in due_to_climb(until):
        lift = supervise_matter if row.is_at_top else climb_matter
        try:
            lift(SYSTEM, row.matter_id, reason=row.reason)
        except UserError:  # a check that waits, a dispute that is open, supervised already: not now
            continue
        lifted += 1
    return lifted


def lift_disputes(since: datetime, until: datetime) -> int:
    """Disputes over competence that were not decided by `until` go to the unit above the silent one, which has the
    whole limit from then; where nothing stands above, the matter comes under supervision. Each goes up one level in a
    run, whatever the run missed. Returns how many."""
    lifted = 0
    late = CompetenceDispute.objects.filter(decided_at=None, decide_by__lt=until).order_by("decide_by", "id")
    for row in late:
        try:
            if chain_above(row.arbiter_id):
                lift_dispute(SYSTEM, row.pk)
            else:
                supervise_matter(SYSTEM, row.matter_id, reason="职责争议逾期未裁定")
        except UserError:  # decided meanwhile, or under supervision already
            continue
        lifted += 1
    return lifted


def tell_dispute_lifted(payload: Payload) -> None:
    """To those who decide it now."""
    _tell(
        payload,
        "matter.approve",
        "职责争议逾期未裁定，请裁定",
        "Competence not decided in time, to be decided",
    )


def tell_follow_ups(since: datetime, until: datetime) -> int:
    """To the unit that closed a matter, once when a follow-up is due: where its day lies in (since, until]. Returns how
    many."""
    rows = FollowUp.objects.filter(done_at=None, due_at__gt=since, due_at__lte=until)
    told = 0
    for row in rows.select_related("matter").order_by("due_at", "id"):
        payload = {"unit_ids": [str(row.matter.unit_id)], "by_id": None, "matter_id": str(row.matter_id)}
        names = {"code": row.matter.code, "title": row.matter.title}
        _tell({**payload, **names}, "matter.verify", "回访到期", "To be followed up")
        told += 1
    return told


def _tell(payload: Payload, right: str, zh: str, en: str, kind: str = "matter") -> None:
    subject = UUID(payload["matter_id"])
    notify(
        _people(right, payload["unit_ids"], payload["by_id"]),
        kind=kind,
        zh=f"{zh}：{payload['code']} {payload['title']}",
        en=f"{en}: {payload['code']} {payload['title']}",
        url=reverse("matter_detail", args=[subject]),
        subject_id=subject,
    )


def _people(right: str, units: Iterable[str], but: str | None) -> list[UUID]:
    holders = holders_of_right(right, [UUID(unit) for unit in units])
    return [user.pk for user in holders if str(user.pk) != but]
