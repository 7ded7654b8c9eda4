"""What else waits on a desk in a city whose kinds are sorted, disputed, followed up or confirmed: asked only there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.any_of import AnyOf
from shiyu.matters.models import CompetenceDispute, FollowUp, Matter
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit

Waiting = tuple[str, Matter, str, str, datetime | None]
"""Key, matter, verb, why, due."""


def waiting_ways(actor: Actor, most: int) -> Iterator[Waiting]:
    """Disputes to answer and to decide, calls that are due, what its reporter says is not solved, and what a unit that
    filed it must confirm; of each the `most` that are due first."""
    verbs = {verb for kind in current_pack().kind.values() for verb in kind.verbs}
    if "dispute_competence" in verbs:
        yield from _disputes(actor, most)
    if "follow_up" in verbs or "not_solved" in verbs:
        yield from _after_the_end(actor, most)
    if "confirm" in verbs:
        yield from _to_confirm(actor, most)


def _disputes(actor: Actor, most: int) -> Iterator[Waiting]:
    deciding, answering = actor.units_with("matter.approve"), actor.units_with("matter.dispatch")
    if not deciding and not answering:
        return
    rows = CompetenceDispute.objects.filter(decided_at=None)
    rows = rows.filter(Q(arbiter_id__in=deciding) | Q(other_unit_id__in=answering, other_reason=""))
    rows = rows.order_by(F("decide_by").asc(nulls_last=True), "pk")
    for row in rows.select_related("matter__unit", "unit")[:most]:
        words = {"unit": row.unit.display_short, "reason": row.reason}
        if row.arbiter_id in deciding:
            why = _("%(unit)s disputes its competence: %(reason)s") % words
            yield "dispute", row.matter, "decide_competence", why, row.decide_by
        else:
            why = _("%(unit)s disputes its competence, state your side: %(reason)s") % words
            yield "dispute", row.matter, "answer_competence", why, row.decide_by


def _after_the_end(actor: Actor, most: int) -> Iterator[Waiting]:
    """Of matters of the person's units and those directly below: a village leaves its calls to the town's centre."""
    units = actor.units_with("matter.verify")
    if not units:
        return
    climbs = Q(upper_centre__in=units) | Q(upper_centre=None, parent__in=units)
    mine = Unit.objects.filter(Q(pk__in=units) | climbs & Q(area__level="village")).order_by().values("pk")
    unsolved = Matter.objects.filter(AnyOf("unit_id", mine), said_not_solved_at__isnull=False)
    unsolved = unsolved.filter(phase="closed", is_open=False).order_by("said_not_solved_at", "pk")
    for matter in unsolved.select_related("unit")[:most]:
        yield (
            "unsolved",
            matter,
            "reopen",
            _("Its reporter says that it is not solved"),
            matter.said_not_solved_at,
        )
    due = FollowUp.objects.filter(AnyOf("matter__unit_id", mine), done_at=None, due_at__lte=clock.now())
    due = due.filter(matter__phase="closed", matter__is_open=False, matter__said_not_solved_at=None)
    for row in due.select_related("matter__unit").order_by("due_at", "pk")[:most]:
        yield "call", row.matter, "follow_up", _("Closed, to be followed up"), row.due_at


def _to_confirm(actor: Actor, most: int) -> Iterator[Waiting]:
    units = actor.units_with("matter.file")
    kinds = [code for code, kind in current_pack().kind.items() if kind.closing == "confirmed"]
    if not units or not kinds:
        return
    rows = Matter.objects.open().filter(
        kind__in=kinds, phase="verifying", confirmed_by_id=None, filed_unit_id__in=units
    )
    rows = rows.exclude(completed_by_id=actor.user_id).order_by(F("step_due_at").asc(nulls_last=True), "pk")
    for matter in rows.select_related("unit")[:most]:
        yield "confirm", matter, "confirm", _("Reported done: is it solved?"), matter.step_due_at
