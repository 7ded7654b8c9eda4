"""What verbs do to the clocks of a matter: started, stopped, moved, ended."""

from __future__ import annotations

from datetime import datetime

from shiyu.kernel.facts import Transition
from shiyu.kernel.limits import end_of
from shiyu.kernel.phases import ClockEffect, Phase
from shiyu.kernel.words import Limit, LimitUnit
from shiyu.matters.clocks import limit_began, set_limit, stops_of, worked_minutes
from shiyu.matters.effects.flags import forget_extension
from shiyu.matters.effects.stage import Stage
from shiyu.matters.models import Step


def settle_stop(stage: Stage) -> None:
    """A suspension whose end has passed is over, whether anybody said so or not; its limits were moved when it
    began."""
    matter = stage.matter
    if matter.suspended_at is not None and not matter.is_suspended(stage.now):
        _forget_stop(stage, matter.stop_ends_at or stage.now)


def set_clocks(stage: Stage, transition: Transition) -> None:
    """Plays the effect of the verb on the clocks."""
    effect = transition.clock
    if effect is ClockEffect.PAUSE:
        _stop(stage)
    elif effect is ClockEffect.RESUME:
        run_on(stage)
    elif effect is ClockEffect.EXTEND:
        _extend(stage)
    elif effect is ClockEffect.STOP:
        stage.matter.step_due_at = None
    elif effect is ClockEffect.LIMIT:
        _set_anew(stage, transition)
    if effect is ClockEffect.START:
        _start(stage, transition)
    if transition.verb == "accept" and stage.kind.limit_from == "accepted":
        _from_acceptance(stage)
    if effect in (ClockEffect.START, ClockEffect.STEP):
        matter = stage.matter
        matter.step_due_at = _step_due(stage, transition)
        if transition.to_phase is Phase.HANDLING:
            matter.assignments.filter(active=True).update(due_at=matter.step_due_at)


def _start(stage: Stage, transition: Transition) -> None:
    matter, total = stage.matter, transition.total_limit or stage.kind.limit
    until = stage.deed.until
    limit = stage.calendar.until(stage.now, end_of(until)) if until else stage.calendar.due(stage.now, total)
    set_limit(matter, limit)
    matter.due_is_set = until is not None


def _from_acceptance(stage: Stage) -> None:
    """The whole limit counts from now on; a day that a person set stays."""
    matter = stage.matter
    if not matter.due_is_set:
        set_limit(matter, stage.calendar.due(stage.now, stage.kind.whole_limit(matter.sort_class)))


def _set_anew(stage: Stage, transition: Transition) -> None:
    """The limit of the class, else the kind's: it counts from where the one began whose place it takes. A limit that a
    person set, or that was extended, stays."""
    matter, total = stage.matter, transition.total_limit
    if total is not None and not matter.due_is_set and not matter.extensions:
        steps = Step.objects.filter(matter_id=matter.pk).order_by("entered_at", "id")
        set_limit(matter, stage.calendar.due(limit_began(matter, stage.kind, list(steps)), total))


def _step_due(stage: Stage, transition: Transition) -> datetime | None:
    matter = stage.matter
    if matter.on_books and matter.books_review_on:
        return end_of(matter.books_review_on)
    # A limit set by a person, or extended, is what the handling units work to.
    again = transition.verb in ("send_back", "reopen")  # rework has the limit of its own state
    by_hand = transition.to_phase is Phase.HANDLING and not again and (matter.due_is_set or matter.extensions)
    if by_hand and matter.due_at and matter.due_at > stage.now:
        return matter.due_at
    limit = transition.step_limit
    return stage.calendar.add(stage.now, limit) if limit else None


def _extend(stage: Stage) -> None:
    matter = stage.matter
    until = matter.extension_asked_until
    if until is None:
        return
    set_limit(matter, stage.calendar.until(matter.received_at, until))
    matter.step_due_at = until
    matter.assignments.filter(active=True).update(due_at=until)
    matter.extensions += 1
    matter.extended_days += matter.extension_asked_days
    forget_extension(matter)


def _stop(stage: Stage) -> None:
    """The clock stands still until a day. Its limits move at once by what that takes, so that lists, desks and
    figures are right while it stands and after its end without anybody doing anything."""
    matter = stage.matter
    matter.suspended_at, matter.suspended_until = stage.now, stage.deed.until
    matter.suspended_reason = stage.deed.reason
    matter.due_before_stop, matter.warn_before_stop = matter.due_at, matter.warn_at
    matter.step_due_before_stop = matter.step_due_at
    _move_limits(stage, matter.stop_ends_at or stage.now)


def run_on(stage: Stage) -> None:
    """The clock runs on before the planned end: the limits move by the time it really stood still."""
    matter = stage.matter
    if matter.suspended_at is None:
        return
    _move_limits(stage, stage.now)
    _forget_stop(stage, stage.now)


def _move_limits(stage: Stage, resumed: datetime) -> None:
    matter = stage.matter
    if matter.suspended_at is None:
        return
    stop = (matter.suspended_at, resumed)
    steps = list(Step.objects.filter(matter_id=matter.pk).order_by("entered_at", "id"))
    if matter.due_before_stop:
        began, before = limit_began(matter, stage.kind, steps), matter.due_before_stop
        whole = stage.kind.whole_limit(matter.sort_class)
        moved = _moved(stage, whole, began, (before, matter.warn_before_stop or before), steps, stop)
        matter.due_at = moved[0]
        matter.warn_at = moved[1] if matter.warn_before_stop else matter.warn_at
    if matter.step_due_before_stop:
        own, before = stage.kind.states[matter.state].limit, matter.step_due_before_stop
        moved = _moved(stage, own, matter.step_entered_at, (before, before), steps, stop)
        matter.step_due_at = moved[0]
        matter.assignments.filter(active=True).update(due_at=matter.step_due_at)


def _moved(
    stage: Stage,
    limit: Limit | None,
    began: datetime,
    before: tuple[datetime, datetime],
    steps: list[Step],
    stop: tuple[datetime, datetime],
) -> tuple[datetime, datetime]:
    """End and warning of a limit after the stop, from what they were before it. Calendar days are counted through from
    where the limit began; a day that a person set moves by the days its limit counts."""
    days = stage.calendar
    unit = limit.unit if limit else LimitUnit.WORKDAYS
    if limit is not None and unit is LimitUnit.CALENDAR_DAYS:
        earlier = [one for one in stops_of(steps) if began <= one[0] < stop[0]]
        if days.due_after(began, limit, earlier).at == before[0]:
            after = days.due_after(began, limit, [*earlier, stop])
            return after.at, after.warning_at
    end, warning = (days.push(at, *stop, unit) for at in before)
    return end, warning


def _forget_stop(stage: Stage, ended: datetime) -> None:
    matter = stage.matter
    if matter.suspended_at is not None:
        began = max(matter.suspended_at, matter.step_entered_at)
        matter.step_suspended_minutes += worked_minutes(stage.calendar, began, ended)
    matter.suspended_at, matter.suspended_until, matter.suspended_reason = None, None, ""
    matter.due_before_stop = matter.warn_before_stop = matter.step_due_before_stop = None
