"""A new calendar: the days beside the limits that follow from it, old and new on record.

By when returns and disputes over competence must be answered, when follow-ups are due, until when a review may be asked
for. Each is counted again from where it began, by the rule of its matter's own kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shiyu.kernel.limits import Calendar, end_of
from shiyu.lib import clock
from shiyu.matters.kinds import RECOMPUTED, kind_of
from shiyu.matters.models import CompetenceDispute, FollowUp, Matter, Return, Step


@dataclass(frozen=True)
class Move:
    """One day that moved, and what it is called in the history."""

    matter: Matter
    words: str
    old: datetime | None
    new: datetime


def recompute_days(days: Calendar, now: datetime) -> dict[str, object]:
    """Moves them all and writes a history row for each; what the record says of them, by matter."""
    parts = {
        "answers": list(_answers(days)),
        "disputes": list(_disputes(days)),
        "follow_ups": list(_follow_ups(days)),
        "reviews": list(_reviews(days, now)),
    }
    Step.objects.bulk_create(_history(move, now) for moves in parts.values() for move in moves)
    return {name: _told(moves) for name, moves in parts.items()}


def _told(moves: Iterable[Move]) -> dict[str, list[list[datetime | None]]]:
    told: dict[str, list[list[datetime | None]]] = defaultdict(list)
    for move in moves:
        told[move.matter.code].append([move.old, move.new])
    return dict(told)


def _history(move: Move, now: datetime) -> Step:
    before = f"{clock.local(move.old):%Y-%m-%d}" if move.old else "—"
    return Step(
        matter_id=move.matter.pk,
        unit_id=move.matter.unit_id,
        state=move.matter.state,
        phase=move.matter.phase,
        entered_at=now,
        left_at=now,
        verb=RECOMPUTED,
        note=f"{move.words}：{before} → {clock.local(move.new):%Y-%m-%d}",
        used_minutes=0,
        within=True,
    )


def _answers(days: Calendar) -> Iterator[Move]:
    """The days by which returns still open must be answered."""
    rows = Return.objects.filter(state=Return.State.ASKED).select_related("assignment__matter")
    changed = []
    for row in rows.select_for_update(of=("self",)).order_by("asked_at", "id"):
        matter = row.assignment.matter
        rule = kind_of(matter).rule("return")
        new = days.add(row.asked_at, rule.limit) if rule and rule.limit else row.decide_by
        if new is not None and new != row.decide_by:
            yield Move(matter, "退回答复时限", row.decide_by, new)
            row.decide_by = new
            changed.append(row)
    Return.objects.bulk_update(changed, ["decide_by"])


def _disputes(days: Calendar) -> Iterator[Move]:
    """The days by which open disputes over competence must be decided: from when they were raised, or came to the unit
    that decides now."""
    rows = CompetenceDispute.objects.filter(decided_at=None).select_related("matter")
    changed = []
    for row in rows.select_for_update(of=("self",)).order_by("asked_at", "id"):
        rule = kind_of(row.matter).rule("dispute_competence")
        began = row.lifted_at or row.asked_at
        new = days.add(began, rule.limit) if rule and rule.limit else row.decide_by
        if new is not None and new != row.decide_by:
            yield Move(row.matter, "职责裁定时限", row.decide_by, new)
            row.decide_by = new
            changed.append(row)
    CompetenceDispute.objects.bulk_update(changed, ["decide_by"])


def _follow_ups(days: Calendar) -> Iterator[Move]:
    """When follow-ups not made yet are due: one after the other from the matter's end. Those still open are the last
    of the rule's number."""
    rows = FollowUp.objects.filter(done_at=None, due_at__isnull=False, matter__closed_at__isnull=False)
    open_ones: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows.select_for_update(of=("self",)).select_related("matter").order_by("due_at", "id"):
        open_ones[row.matter_id].append(row)
    changed = []
    for left in open_ones.values():
        matter, rule = left[0].matter, kind_of(left[0].matter).follow_up
        if rule is None or len(left) > rule.times:
            continue
        due = [matter.closed_at]
        for _time in range(rule.times):
            due.append(days.add(due[-1], rule.after))
        for row, new in zip(left, due[-len(left) :], strict=True):
            if new != row.due_at:
                yield Move(matter, "回访时间", row.due_at, new)
                row.due_at = new
                changed.append(row)
    FollowUp.objects.bulk_update(changed, ["due_at"])


def _reviews(days: Calendar, now: datetime) -> Iterator[Move]:
    """Until when a review may be asked for, where that has not passed; not of every matter that was ever closed."""
    changed = []
    rows = Matter.objects.filter(review_until__gte=now, closed_at__isnull=False)
    for matter in rows.select_for_update().order_by("pk"):
        rule = kind_of(matter).review
        if rule is None or matter.closed_at is None:
            continue
        new = end_of(days.add(matter.closed_at, rule.within).date())
        if new != matter.review_until:
            yield Move(matter, "申请复查时限", matter.review_until, new)
            matter.review_until = new
            changed.append(matter)
    Matter.objects.bulk_update(changed, ["review_until"])
