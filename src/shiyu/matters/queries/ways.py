"""What the pack's conditions may ask of a matter, its grade by the table, and who is competent for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shiyu.kernel.competence import FunctionStanding, Route, route_of
from shiyu.kernel.conditions import Fact
from shiyu.kernel.grading import Graded, grade_of
from shiyu.kernel.limits import local_day
from shiyu.kernel.spec.matters import FieldType, Kind
from shiyu.lib import clock
from shiyu.matters.kinds import calendar, kind_of, pack_for
from shiyu.matters.models import Matter, Step
from shiyu.people.models import Unit
from shiyu.people.queries import standings_of, unit_for

REPEAT_DAYS = 365
"""How far back the same topic in the same place counts as come up before."""


def condition_facts(matter: Matter, kind: Kind | None = None, now: datetime | None = None) -> dict[str, Fact]:
    """The facts of a matter by their names in kernel.conditions.FACTS, and its kind's own fields."""
    kind, now = kind or kind_of(matter), now or clock.now()
    own = {
        code: _fact(field.type, matter.fields.get(code))
        for code, field in kind.form.items()
        if field.type in (FieldType.NUMBER, FieldType.BOOL, FieldType.CODE)
    }
    return {
        **own,
        "kind": matter.kind,
        "topic": matter.topic or None,
        "source": matter.source or None,
        "sort_class": matter.sort_class or None,
        "grade": matter.grade or None,
        "area_level": matter.area.level if matter.area else None,
        "level": matter.level,
        "areas": 1 + matter.further_areas.count() if matter.area else None,
        "days_open": (local_day(now) - local_day(matter.received_at)).days,
        "overdue_workdays": _overdue(matter, now),
        "returned": Step.objects.filter(matter_id=matter.pk, verb="consent_return").count(),
        "reworked": matter.reworked,
        "reopened": matter.reopened,
        "repeated": _repeated(matter),
        "on_books": matter.on_books,
    }


def _fact(sort: FieldType, value: object) -> Fact:
    """A kept value as conditions compare it: numbers are kept as text (kernel.fields)."""
    if sort is FieldType.NUMBER and isinstance(value, str):
        return float(value)
    return value if isinstance(value, (str, bool)) else None


def _overdue(matter: Matter, now: datetime) -> int:
    """Workdays for which the present step is overdue; 0 while it is not."""
    due = matter.step_due_at
    if due is None or due >= now:
        return 0
    return calendar().workdays_between(local_day(due), local_day(now))


def _repeated(matter: Matter) -> int:
    """How often the same topic came up in the same place within a year before it."""
    if matter.area_id is None or not matter.topic:
        return 0
    since = matter.received_at - timedelta(days=REPEAT_DAYS)
    same = Matter.objects.filter(kind=matter.kind, topic=matter.topic, area_id=matter.area_id)
    return same.filter(received_at__gte=since, received_at__lt=matter.received_at).count()


def graded(matter: Matter, now: datetime | None = None) -> Graded | None:
    """The grade the kind's table gives the matter now, with its reasons; None for a kind that is not graded."""
    kind = kind_of(matter)
    return grade_of(kind.grading, condition_facts(matter, kind, now)) if kind.grading else None


@dataclass(frozen=True)
class Competence:
    """Who should handle a matter, by the pack's table: proposals, a person dispatches."""

    label_zh: str
    label_en: str
    lead: Unit | None
    supporting: list[Unit]
    informed: list[Unit]


def route_for(matter: Matter) -> Route | None:
    """The row of the pack's table of competence that speaks of the matter."""
    table = pack_for(matter).competence
    return route_of(table, condition_facts(matter)) if table else None


def competence_for(matter: Matter) -> Competence | None:
    """Who should lead, support and know, for the matter's place; None where the table is silent or no place is
    known."""
    route = route_for(matter)
    if route is None or matter.area is None:
        return None
    area, row = matter.area, route.row
    supporting = [unit for wanted in row.supporting if (unit := unit_for(wanted, area))]
    informed = [unit for wanted in row.informed if (unit := unit_for(wanted, area))]
    return Competence(row.label.zh, row.label.en, unit_for(row.lead, area), supporting, informed)


def standings_for(matter: Matter, units: Iterable[UUID]) -> dict[UUID, FunctionStanding]:
    """How the units have the matter's function on their lists (domain.md 1.15); units without it are left out."""
    route = route_for(matter)
    return standings_of(route.row.function, units) if route else {}
