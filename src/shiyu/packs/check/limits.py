"""Second pass: the whole limit of a kind is not used up by one of its steps."""

from __future__ import annotations

from shiyu.kernel.phases import Phase
from shiyu.kernel.spec.matters import Kind
from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.words import Limit, LimitUnit
from shiyu.packs.read import PackError, PackFolder

WORDS = {
    LimitUnit.WORK_HOURS: ("个工作小时", "work hours"),
    LimitUnit.WORKDAYS: ("个工作日", "workdays"),
    LimitUnit.CALENDAR_DAYS: ("个自然日", "calendar days"),
}


def check_limits(found: PackFolder, pack: Pack) -> None:
    """Adds an error for every state that may last longer than the whole matter. On the books the whole clock is not what
    counts, and before acceptance it may not run yet."""
    for code, kind in pack.kind.items():
        for name, state in kind.states.items():
            counted = state.phase is not Phase.HELD and not _before_it_runs(kind, state.phase)
            if state.limit is None or not counted or not _is_longer(pack, state.limit, kind.limit):
                continue
            one, whole = _words(state.limit), _words(kind.limit)
            file, line = found.where("kind", code, "states", name, "limit")
            found.errors.append(
                PackError(
                    file,
                    line,
                    f"状态 {name} 的时限（{one[0]}）比 {code} 的总时限（{whole[0]}）还长",
                    f"the state {name} may last longer ({one[1]}) than the whole {code} ({whole[1]})",
                )
            )


def _before_it_runs(kind: Kind, phase: Phase) -> bool:
    return kind.limit_from == "accepted" and phase is Phase.FILED


def _words(limit: Limit) -> tuple[str, str]:
    zh, en = WORDS[limit.unit]
    return f"{limit.n}{zh}", f"{limit.n} {en}"


def _is_longer(pack: Pack, one: Limit, whole: Limit) -> bool:
    """Whether one is longer for certain. How many workdays lie in so many calendar days depends on the year, so there
    only what can never be is told: a workday is a calendar day at least."""
    if one.unit is whole.unit:
        return one.n > whole.n
    if LimitUnit.CALENDAR_DAYS not in (one.unit, whole.unit):
        return _hours(pack, one) > _hours(pack, whole)
    return one.unit is LimitUnit.WORKDAYS and one.n > whole.n


def _hours(pack: Pack, limit: Limit) -> float:
    """Work hours in a limit of work hours or workdays, by the pack's own working day."""
    if limit.unit is LimitUnit.WORK_HOURS:
        return limit.n
    minutes = sum(
        (part.end.hour - part.start.hour) * 60 + part.end.minute - part.start.minute
        for part in pack.calendar.hours
    )
    return limit.n * minutes / 60
