"""Planning, calling off and holding meetings; who came; sending the minutes round."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.documents.actions import Upload, attach_document, store_document
from shiyu.documents.models import Document
from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.meetings import MeetingKind
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, UserError
from shiyu.lib.events import emit
from shiyu.meetings.access import SUBJECT_MEETING, can, kinds_held_by, run_meeting
from shiyu.meetings.actions.agenda import planned, put_on
from shiyu.meetings.events import MeetingCalledOff, MeetingPlanned, MinutesCirculated
from shiyu.meetings.models import Attendance, Decision, Meeting
from shiyu.meetings.queries.agenda import units_near
from shiyu.meetings.queries.meetings import title_for
from shiyu.meetings.queries.minutes import circulated_to, minutes_file
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit


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
    """Plan a meeting of a kind of the pack; `period_id` is the month whose figures it hears.

    Without a title it is called by unit, year and number. A kind that decides on matters gets its agenda by the pack's rules, and its units. Raises NotAllowed without the
    right to run meetings of the unit, UserError for a kind the unit does not hold.
    """
    if not can(actor, "run") or not actor.has("meeting.run", unit_id):
        raise NotAllowed(_("Your posts do not include this right."))
    spec = current_pack().meeting.get(kind)
    if spec is None:
        raise UserError(_("The pack has no such kind of meeting."), field="kind")
    unit = Unit.objects.select_related("area").get(pk=unit_id)
    if kind not in kinds_held_by(unit):
        raise UserError(_("%(unit)s holds no meetings of this kind.") % {"unit": unit.name}, field="kind")
    named = title.strip() or title_for(unit, spec, kind, held_on)
    meeting = Meeting.objects.create(
        kind=kind,
        title=named[:120],
        unit=unit,
        held_on=held_on,
        period_id=period_id,
        place=place,
        chair=chair,
        agenda=agenda,
    )
    units = _invite(meeting, spec, unit)
    drawn = put_on(actor, meeting, spec)
    record(meeting, {"kind": kind, "title": meeting.title, "held_on": held_on, "points": drawn})
    emit(MeetingPlanned(meeting.pk, meeting.title, held_on, tuple(one.pk for one in units)))
    return meeting


def _invite(meeting: Meeting, spec: MeetingKind, unit: Unit) -> list[Unit]:
    """The units that belong to it, and those asked to come, by the place of the one that holds it."""
    found: dict[UUID, tuple[Unit, bool]] = {}
    if unit.area is not None:
        for wanted in spec.standing:
            found |= {one.pk: (one, True) for one in units_near(wanted, unit.area)}
        for wanted in spec.invited:
            found |= {one.pk: (one, False) for one in units_near(wanted, unit.area) if one.pk not in found}
    found.pop(unit.pk, None)
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, unit=one, is_standing=standing) for one, standing in found.values()
    )
    return [one for one, _standing in found.values()]


@action("meetings.call_off_meeting")
def call_off_meeting(actor: Actor, meeting_id: UUID, *, reason: str) -> Meeting:
    """It does not take place, with a word; its units are told. Nothing counts that it was left out."""
    meeting = run_meeting(actor, meeting_id)
    if meeting.state != Meeting.State.PLANNED:
        raise Conflict(_("Only a meeting that is planned can be called off."))
    if not reason.strip():
        raise UserError(_("Say in a word why it does not take place."), field="reason")
    meeting.state, meeting.called_off_why = Meeting.State.CALLED_OFF, reason.strip()
    meeting.save(update_fields=["state", "called_off_why"])
    record(meeting, {"state": meeting.state}, reason=reason.strip())
    units = tuple(meeting.attendances.values_list("unit_id", flat=True))
    emit(MeetingCalledOff(meeting.pk, meeting.title, units, reason.strip()))
    return meeting


@action("meetings.hold_meeting")
def hold_meeting(
    actor: Actor,
    meeting_id: UUID,
    *,
    minutes: str | None = None,
    held_on: date | None = None,
    place: str | None = None,
    chair: str | None = None,
) -> Meeting:
    """Enter that the meeting was held, with its minutes: its agenda is frozen from then on.

    The minutes can be entered again until the next meeting; None leaves them as they are, and those that are written
    are never emptied. Raises UserError for a day to come.
    """
    meeting = run_meeting(actor, meeting_id)
    if meeting.state == Meeting.State.CALLED_OFF:
        raise Conflict(_("This meeting was called off; plan another one."))
    day = held_on or meeting.held_on
    if day > clock.today():
        raise UserError(_("A meeting on a day to come cannot have been held."), field="held_on")
    written = meeting.minutes if minutes is None else minutes.strip()
    if meeting.minutes and not written:
        raise UserError(
            _("The minutes are written already: change them, they cannot be emptied."), field="minutes"
        )
    meeting.state, meeting.minutes, meeting.held_on = Meeting.State.HELD, written, day
    meeting.place = meeting.place if place is None else place
    meeting.chair = meeting.chair if chair is None else chair
    meeting.changed_at = clock.now()
    meeting.save(update_fields=["state", "minutes", "held_on", "place", "chair", "changed_at"])
    # What lower meetings lifted was talked about here.
    lifted = meeting.points.filter(taken_off="", lifted_by__isnull=False).values("lifted_by_id")
    Decision.objects.filter(pk__in=lifted, done_on=None).update(done_on=day, result=meeting.title)
    record(meeting, {"state": meeting.state, "held_on": day})
    return meeting


@dataclass(frozen=True)
class Came:
    """How a unit attended: present, represented or absent (empty: not entered), and by which post."""

    came: str
    post: str = ""


@action("meetings.record_attendance")
def record_attendance(actor: Actor, meeting_id: UUID, came: Mapping[UUID, Came]) -> Meeting:
    """Which units came, by post: attendance's id → how. Units not named stay as they are."""
    meeting = run_meeting(actor, meeting_id)
    if not meeting.is_held:
        raise Conflict(_("First enter that the meeting was held."))
    rows = list(meeting.attendances.select_for_update().filter(pk__in=list(came)))
    known = set(Attendance.Came.values)
    for row in rows:
        given = came[row.pk]
        if given.came not in known:
            raise UserError(_("Choose present, represented or absent."), field=str(row.pk))
        row.came, row.post = given.came, given.post.strip()[:60]
    Attendance.objects.bulk_update(rows, ["came", "post"])
    meeting.changed_at = clock.now()
    meeting.save(update_fields=["changed_at"])
    record(meeting, {"attendance": {str(row.unit_id): row.came for row in rows}})
    return meeting


@action("meetings.circulate_minutes")
def circulate_minutes(actor: Actor, meeting_id: UUID, *, upload: Upload | None = None) -> Meeting:
    """The minutes go round: every unit that belongs to the meeting, or that a decision names, gets a notice.

    What went round is kept as a document: `upload`, the minutes as the office edited them, or else as they are made
    here. Raises Conflict before the meeting was held, and where nothing was changed since they went round.
    """
    meeting = run_meeting(actor, meeting_id)
    if not meeting.is_held:
        raise Conflict(_("First enter that the meeting was held."))
    if meeting.is_circulated and upload is None:
        raise Conflict(_("The minutes went round as they are; nothing was changed since."))
    units = circulated_to(meeting)
    _keep(actor, meeting, upload)
    meeting.circulated_at = clock.now()
    meeting.save(update_fields=["circulated_at"])
    record(meeting, {"circulated": [unit.code for unit in units]})
    emit(MinutesCirculated(meeting.pk, meeting.title, tuple(unit.pk for unit in units)))
    return meeting


def _keep(actor: Actor, meeting: Meeting, upload: Upload | None) -> None:
    """Keeps the minutes with the meeting, ready to be filed in a box."""
    title, kind = f"{meeting.title}纪要", Document.Kind.MINUTES.value
    if upload is not None:
        kept = store_document(actor, kind=kind, title=title, unit_id=meeting.unit_id, upload=upload)
    else:
        name, content = minutes_file(meeting)
        kept = store_document(
            actor,
            kind=kind,
            title=title,
            unit_id=meeting.unit_id,
            content=content,
            file_name=name,
            on_date=meeting.held_on,
        )
    attach_document(actor, kept.pk, subject_type=SUBJECT_MEETING, subject_id=meeting.pk)


@action("meetings.move_meeting")
def move_meeting(
    actor: Actor, meeting_id: UUID, *, held_on: date, place: str = "", chair: str = ""
) -> Meeting:
    """Another day, place or chair for a planned meeting; its units are told of the day."""
    meeting = planned(actor, meeting_id)
    before, meeting.held_on, meeting.place, meeting.chair = meeting.held_on, held_on, place, chair
    meeting.save(update_fields=["held_on", "place", "chair"])
    record(meeting, {"held_on": [before, held_on], "place": place, "chair": chair})
    if held_on != before:
        units = tuple(meeting.attendances.values_list("unit_id", flat=True))
        emit(MeetingPlanned(meeting.pk, meeting.title, held_on, units))
    return meeting
