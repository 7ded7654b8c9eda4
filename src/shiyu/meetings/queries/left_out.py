"""Overdue matters that stand on no agenda, and why: what the rules of the kind of meeting ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.kernel.conditions import Fact, Range, holds
from shiyu.kernel.spec.meetings import Drawn, MeetingKind
from shiyu.lib import clock
from shiyu.matters.kinds import kind_of, language
from shiyu.matters.models import Matter
from shiyu.matters.queries.ways import condition_facts, counted
from shiyu.meetings.models import AgendaPoint, Meeting
from shiyu.meetings.queries.agenda import matters_of
from shiyu.meetings.queries.meetings import matter_words

MOST = 20
"""So many are named with their reasons; how many there are in all is said."""
OVERDUE = "overdue_workdays"


@dataclass(frozen=True)
class LeftOut:
    """An overdue matter that is not on the agenda, and why."""

    matter: Matter
    title: str
    why: tuple[str, ...]


def overdue_left_out(actor: Actor, meeting: Meeting, spec: MeetingKind) -> tuple[list[LeftOut], int]:
    """The overdue open matters of the place that are not on a planned meeting's agenda (what was taken off by hand stands
    there with its word), the longest overdue first; and how many there are. Three queries."""
    now = clock.now()
    rows = matters_of(actor, meeting.unit).filter(Q(due_at__lt=now) | Q(step_due_at__lt=now))
    rows = rows.exclude(pk__in=meeting.points.filter(matter__isnull=False).values("matter_id"))
    first = list(counted(rows.order_by("due_at", "id")[:MOST]))
    elsewhere = _elsewhere(meeting, [matter.pk for matter, _counts in first])
    found = []
    for matter, counts in first:
        facts = condition_facts(matter, kind_of(matter), now, counts)
        why = (*elsewhere.get(matter.pk, ()), *_why(spec, facts))
        found.append(LeftOut(matter, matter_words(matter, may_name=True), why))
    return found, len(first) if len(first) < MOST else rows.count()


def _elsewhere(meeting: Meeting, ids: list[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The other planned meetings on whose agenda each of the matters stands."""
    points = AgendaPoint.objects.filter(matter_id__in=ids, taken_off="", meeting__state=Meeting.State.PLANNED)
    rows = points.exclude(meeting=meeting).select_related("meeting").order_by("meeting__held_on", "id")
    found: dict[UUID, tuple[str, ...]] = {}
    for point in rows:
        words = {"meeting": point.meeting.title, "day": point.meeting.held_on.isoformat()}
        said = _("It is on the agenda of %(meeting)s on %(day)s.") % words
        found[point.matter_id] = (*found.get(point.matter_id, ()), said)  # type: ignore[index,arg-type]
    return found


def _why(spec: MeetingKind, facts: dict[str, Fact]) -> Iterator[str]:
    names = [rule.label.text(language()) for rule in spec.matters if holds(rule.when, facts)]
    if names:
        yield _("“%(rule)s” holds since the agenda was drawn: draw it anew.") % {"rule": "”“".join(names)}
        return
    rules = [rule for rule in spec.matters if OVERDUE in rule.when]
    if not rules:
        yield _("The rules of this kind of meeting ask for no overdue matters.")
    yield from (_unmet(rule, facts) for rule in rules)


def _unmet(rule: Drawn, facts: dict[str, Fact]) -> str:
    """What a rule on overdue matters asks for and the matter does not meet."""
    name, wanted = rule.label.text(language()), rule.when[OVERDUE]
    unmet = [fact for fact, value in rule.when.items() if not holds({fact: value}, facts)]
    if unmet != [OVERDUE] or not isinstance(wanted, Range):
        return _("“%(rule)s”: its other conditions are not met.") % {"rule": name}
    if not facts[OVERDUE]:
        return _("“%(rule)s”: the whole limit has passed, but its present step is in time.") % {"rule": name}
    words = {"rule": name, "n": facts[OVERDUE], "min": f"{wanted.min:g}" if wanted.min is not None else "0"}
    return _("“%(rule)s”: its step is overdue for %(n)s workdays; the rule begins with %(min)s.") % words
