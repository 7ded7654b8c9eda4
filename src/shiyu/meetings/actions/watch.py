"""The watch list: a meeting's decision puts a matter on it and takes it off; between them its owner looks again."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.limits import local_day
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, UserError
from shiyu.lib.events import emit
from shiyu.matters.models import Matter
from shiyu.meetings.access import can, visible_entry
from shiyu.meetings.events import MatterWatched
from shiyu.meetings.models import Decision, WatchEntry, WatchReview
from shiyu.meetings.queries.watch import entry_of, watch_rule
from shiyu.packs.queries import current_calendar
from shiyu.people.models import Unit


def put_on_list(
    decision: Decision,
    matter: Matter,
    *,
    unit_id: UUID | None,
    post: str,
    next_measure: str,
    review_on: date | None,
) -> WatchEntry:
    """Part of a meeting's decision: the matter comes onto the list with its owner, next measure and day of review."""
    rule = watch_rule()
    if rule is None or matter.kind not in rule.kinds:
        raise UserError(_("Matters of this kind do not go onto the watch list."), field="ruling")
    if not matter.is_open:
        raise UserError(_("A closed matter does not go onto the watch list."), field="ruling")
    if entry_of(matter) is not None:
        raise UserError(_("This matter is on the watch list already."), field="ruling")
    if unit_id is None or not Unit.objects.in_force().filter(pk=unit_id).exists():
        raise UserError(_("Choose the unit that keeps an eye on it."), field="lead_unit_id")
    if not post.strip():
        raise UserError(_("Name the post that keeps an eye on it."), field="post")
    if not next_measure.strip():
        raise UserError(_("Say what is done next."), field="next_measure")
    entry = WatchEntry.objects.create(
        matter=matter,
        unit_id=unit_id,
        post=post.strip()[:60],
        why=decision.text,
        next_measure=next_measure.strip(),
        review_on=_review_day(review_on, "due_on"),
        put_on=decision,
    )
    emit(MatterWatched(entry.pk, unit_id, matter.code, entry.review_on))
    return entry


def take_off_list(decision: Decision, matter: Matter) -> WatchEntry:
    """Part of a meeting's decision: the matter leaves the list, with the decision's words as the reason."""
    entry = WatchEntry.objects.select_for_update().filter(matter=matter, taken_off=None).first()
    if entry is None:
        raise UserError(_("This matter is not on the watch list."), field="ruling")
    entry.taken_off, entry.taken_off_on = decision, clock.today()
    entry.save(update_fields=["taken_off", "taken_off_on"])
    return entry


@action("meetings.review_entry")
def review_entry(
    actor: Actor, entry_id: UUID, *, finding: str, next_measure: str, review_on: date
) -> WatchEntry:
    """The owner looked again: how it stands, the next measure and day. It changes nothing of the matter's limits."""
    entry = visible_entry(actor, entry_id, lock=True)
    if not can(actor, "review", entry):
        raise NotAllowed(_("Only the unit that keeps an eye on it reviews it."))
    if entry.taken_off_id is not None:
        raise Conflict(_("It has left the watch list."))
    if not finding.strip():
        raise UserError(_("Say how it stands."), field="finding")
    if not next_measure.strip():
        raise UserError(_("Say what is done next."), field="next_measure")
    day = _review_day(review_on, "review_on")
    WatchReview.objects.create(
        entry=entry,
        by_name=actor.name[:60],
        finding=finding.strip(),
        next_measure=next_measure.strip(),
        review_on=day,
    )
    before, entry.next_measure, entry.review_on = entry.review_on, next_measure.strip(), day
    entry.save(update_fields=["next_measure", "review_on"])
    record(entry, {"review_on": [before, day]})
    return entry


def _review_day(day: date | None, field: str) -> date:
    """A day from tomorrow to the pack's longest time. Raises UserError outside it, saying the last day."""
    rule, today = watch_rule(), clock.today()
    if day is None:
        raise UserError(_("Give the day of the next review."), field=field)
    if day <= today:
        raise UserError(_("The next review lies in the future."), field=field)
    if rule is not None:
        last = local_day(current_calendar().add(clock.now(), rule.review))
        if day > last:
            raise UserError(_("The next review is on %(day)s at the latest.") % {"day": last}, field=field)
    return day
