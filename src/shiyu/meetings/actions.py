"""Planning and holding meetings; entering what they decided."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.lib.events import emit
from shiyu.meetings.access import can
from shiyu.meetings.events import DecisionRecorded, MeetingPlanned
from shiyu.meetings.models import Decision, Meeting
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit


def _need(actor: Actor) -> None:
    if not can(actor, "run"):
        raise NotAllowed(_("Your posts do not include this right."))


def _meeting(actor: Actor, meeting_id: UUID) -> Meeting:
    meeting = Meeting.objects.select_for_update().filter(pk=meeting_id).first()
    if meeting is None or not can(actor, "view"):
        raise NotVisible(_("There is no such meeting."))
    _need(actor)
    return meeting


@action("meetings.plan_meeting")
def plan_meeting(
    actor: Actor,
    *,
    kind: str,
    title: str,
    unit_id: UUID,
    held_on: date,
    period_id: UUID | None = None,
    place: str = "",
    chair: str = "",
    agenda: str = "",
) -> Meeting:
    """Plan a meeting of a kind of the pack; `period_id` is the month whose figures it hears."""
    _need(actor)
    if kind not in current_pack().meeting:
        raise UserError(_("The pack has no such kind of meeting."), field="kind")
    meeting = Meeting.objects.create(
        kind=kind,
        title=title,
        unit_id=unit_id,
        held_on=held_on,
        period_id=period_id,
        place=place,
        chair=chair,
        agenda=agenda,
    )
    record(meeting, {"kind": kind, "title": title, "held_on": held_on})
    emit(MeetingPlanned(meeting.pk, title, held_on))
    return meeting


@action("meetings.hold_meeting")
def hold_meeting(actor: Actor, meeting_id: UUID, *, minutes: str, held_on: date | None = None) -> Meeting:
    """Enter that the meeting was held, with its minutes. The minutes can be entered again until the next meeting."""
    meeting = _meeting(actor, meeting_id)
    day = held_on or meeting.held_on
    if day > clock.today():
        raise UserError(_("A meeting on a day to come cannot have been held."), field="held_on")
    meeting.state, meeting.minutes, meeting.held_on = Meeting.State.HELD, minutes, day
    meeting.save(update_fields=["state", "minutes", "held_on"])
    record(meeting, {"state": meeting.state, "held_on": day})
    return meeting


@action("meetings.record_decision")
def record_decision(
    actor: Actor,
    meeting_id: UUID,
    *,
    text: str,
    lead_unit_id: UUID,
    supporting_unit_ids: Sequence[UUID] = (),
    due_on: date,
) -> Decision:
    """Enter a decision: it becomes a duty of its units at once and comes back at the next meeting."""
    meeting = _meeting(actor, meeting_id)
    if not text.strip():
        raise UserError(_("Write what was decided."), field="text")
    if due_on < meeting.held_on:
        raise UserError(_("The deadline lies before the meeting."), field="due_on")
    supporting = [key for key in dict.fromkeys(supporting_unit_ids) if key != lead_unit_id]
    if Unit.objects.filter(pk__in=[lead_unit_id, *supporting]).count() != 1 + len(supporting):
        raise UserError(_("Choose units from the list."), field="lead_unit_id")
    last = meeting.decisions.aggregate(last=Max("number"))["last"] or 0
    decision = Decision.objects.create(
        meeting=meeting, number=last + 1, text=text.strip(), lead_unit_id=lead_unit_id, due_on=due_on
    )
    decision.supporting_units.set(Unit.objects.filter(pk__in=supporting))
    record(decision, {"text": decision.text, "lead": lead_unit_id, "due_on": due_on})
    emit(DecisionRecorded(decision.pk, lead_unit_id, tuple(supporting), due_on))
    return decision
