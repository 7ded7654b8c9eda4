"""A new calendar: the limits of all open matters are computed again, set-based, old and new on record.

What follows from a kind's limit is played again on the new calendar: the limit from its beginning, then every
suspension since. A day that a person set (a limit given when filing, an extension, a review of the books) stays what
that person said. Matters run under their own pack version; only the calendar is the newest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.kernel.limits import Calendar, Due, Stops
from shiyu.kernel.spec.matters import Kind
from shiyu.kernel.words import Limit
from shiyu.lib import clock
from shiyu.matters.actions.recompute_days import recompute_days
from shiyu.matters.clocks import limit_began, stops_of
from shiyu.matters.kinds import RECOMPUTED, calendar, kind_of
from shiyu.matters.models import Assignment, Matter, Step
from shiyu.packs.events import PackLoaded
from shiyu.packs.models import PackVersion

LIMITS = ("due_at", "warn_at", "step_due_at", "due_before_stop", "warn_before_stop", "step_due_before_stop")
AT_ONCE = 500


@dataclass
class Replayed:
    """The limits of a matter on the new calendar: whole, warning, step, each with what it was before the stop that
    runs now."""

    due_at: datetime | None
    warn_at: datetime | None
    step_due_at: datetime | None
    due_before_stop: datetime | None = None
    warn_before_stop: datetime | None = None
    step_due_before_stop: datetime | None = None


def recompute_after_loading(event: PackLoaded) -> None:
    """A pack with another calendar came into force (wiring.NOW)."""
    if event.calendar_changed:
        recompute_clocks(SYSTEM, event.version_id)


@action("matters.recompute_clocks")
def recompute_clocks(actor: Actor, version_id: UUID) -> int:
    """Computes the limits of every open matter on the calendar in force; returns how many changed.

    The audit entry holds each matter's old and new limits, its history a row of its own. Units' limits follow their
    matter's step; what else follows from the calendar stands in recompute_days.
    """
    days, now = calendar(), clock.now()
    changed: dict[str, object] = {}
    rows = list(Matter.objects.open().select_for_update().order_by("pk"))
    for n in range(0, len(rows), AT_ONCE):
        changed |= _recompute(rows[n : n + AT_ONCE], days, now)
    beside = recompute_days(days, now)
    version = PackVersion.objects.defer("content").get(pk=version_id)
    record(version, {"matters": len(changed), "limits": changed, **beside})
    return len(changed)


def _recompute(matters: list[Matter], days: Calendar, now: datetime) -> dict[str, object]:
    """One batch: matters, their units' limits, open stays and history. Old and new by number."""
    steps: dict[UUID, list[Step]] = defaultdict(list)
    history = Step.objects.filter(matter_id__in=[m.pk for m in matters]).order_by("entered_at", "id")
    for step in history:
        steps[step.matter_id].append(step)
    moved: list[tuple[Matter, datetime | None]] = []
    changes: dict[str, object] = {}
    for matter in matters:
        old = {name: getattr(matter, name) for name in LIMITS}
        new = vars(replay(matter, kind_of(matter), steps[matter.pk], days))
        if new == old:
            continue
        for name, value in new.items():
            setattr(matter, name, value)
        moved.append((matter, old["step_due_at"]))
        changes[matter.code] = {name: [old[name], new[name]] for name in ("due_at", "step_due_at")}
    Matter.objects.bulk_update([matter for matter, _old in moved], LIMITS)
    _follow(moved)
    Step.objects.bulk_create(_history(moved, changes, now))
    return changes


def replay(matter: Matter, kind: Kind, steps: list[Step], days: Calendar) -> Replayed:
    """What the limits of a matter are on a calendar. `steps` is its whole history in order."""
    stops = list(stops_of(steps))
    running = matter.suspended_at is not None
    limits = Replayed(**{name: getattr(matter, name) for name in LIMITS})
    if not (matter.due_is_set or matter.extensions):
        began = limit_began(matter, kind, steps)
        whole, before = _counted(began, kind.whole_limit(matter.sort_class), stops, running, days)
        limits.due_at, limits.warn_at = whole.at, whole.warning_at
        limits.due_before_stop = before.at if before else None
        limits.warn_before_stop = before.warning_at if before else None
    if _follows_the_state(matter, steps):
        limit = kind.states[matter.state].limit
        if limit is not None:
            own, before = _counted(matter.step_entered_at, limit, stops, running, days)
            limits.step_due_at, limits.step_due_before_stop = own.at, before.at if before else None
    return limits


def _counted(
    began: datetime, limit: Limit, stops: Stops, running: bool, days: Calendar
) -> tuple[Due, Due | None]:
    """A limit after every stop since it began, and what it was before the one that runs now."""
    since = [stop for stop in stops if stop[0] >= began]
    before = days.due_after(began, limit, since[:-1]) if running and since else None
    return days.due_after(began, limit, since), before


def _follows_the_state(matter: Matter, steps: list[Step]) -> bool:
    """Whether the present step's limit is its state's, not a day that a person set."""
    if matter.on_books:
        return False
    stay = [s for s in steps if s.within and s.entered_at >= matter.step_entered_at]
    if any(s.verb == "approve_extension" for s in stay):
        return False
    led_here = next((s.verb for s in reversed(steps) if not s.within and s.left_at is not None), "")
    again = led_here in ("send_back", "reopen") or any(s.verb == "reopen" for s in stay)
    by_hand = matter.phase == "handling" and not again and (matter.due_is_set or matter.extensions > 0)
    return not by_hand


def _follow(moved: list[tuple[Matter, datetime | None]]) -> None:
    """The open stay and the units still at work have the step's new limit."""
    new = {matter.pk: matter.step_due_at for matter, _old in moved}
    old = {matter.pk: before for matter, before in moved}
    stays = list(Step.objects.filter(matter_id__in=new, left_at=None))
    for stay in stays:
        stay.due_at = new[stay.matter_id]
    Step.objects.bulk_update(stays, ["due_at"])
    held = [
        row
        for row in Assignment.objects.filter(matter_id__in=new, active=True)
        if row.due_at == old[row.matter_id]
    ]
    for row in held:
        row.due_at = new[row.matter_id]
    Assignment.objects.bulk_update(held, ["due_at"])


def _history(
    moved: list[tuple[Matter, datetime | None]], changes: dict[str, object], now: datetime
) -> Iterator[Step]:
    """A row within the stay that says what the limits were and are."""
    for matter, _old in moved:
        told: dict[str, list[datetime | None]] = changes[matter.code]  # type: ignore[assignment]
        words = [" → ".join(_day(moment) for moment in told[name]) for name in ("due_at", "step_due_at")]
        yield Step(
            matter_id=matter.pk,
            unit_id=matter.unit_id,
            state=matter.state,
            phase=matter.phase,
            entered_at=now,
            left_at=now,
            verb=RECOMPUTED,
            note=f"{words[0]}；{words[1]}",
            used_minutes=0,
            within=True,
        )


def _day(moment: datetime | None) -> str:
    return f"{clock.local(moment):%Y-%m-%d}" if moment else "—"
