"""The agenda of a meeting: drawn by the pack's rules, added to and taken from by hand, frozen when it was held."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.meetings import MeetingKind
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotVisible, UserError
from shiyu.lib.events import emit
from shiyu.matters.models import Matter
from shiyu.meetings.access import kind_of_meeting, run_meeting
from shiyu.meetings.events import MeetingPlanned
from shiyu.meetings.models import AgendaPoint, Attendance, Meeting
from shiyu.meetings.queries.agenda import agenda_for
from shiyu.people.models import Unit


def put_on(actor: Actor, meeting: Meeting, spec: MeetingKind) -> int:
    """Puts on what the rules want and is not there yet; returns how many. Part of an action."""
    if not spec.takes:
        return 0
    there = set(meeting.points.values_list("matter_id", flat=True))
    wanted = [
        one for one in agenda_for(actor, spec, meeting.kind, meeting.unit) if one.matter.pk not in there
    ]
    number = next_number(meeting)
    AgendaPoint.objects.bulk_create(
        AgendaPoint(
            meeting=meeting,
            number=number + n,
            matter=one.matter,
            why=[{"zh": why.zh, "en": why.en} for why in one.why],
            lifted_by=one.lifted_by,
        )
        for n, one in enumerate(wanted)
    )
    return len(wanted)


def next_number(meeting: Meeting) -> int:
    """The number of the next point."""
    return (meeting.points.aggregate(last=Max("number"))["last"] or 0) + 1


def planned(actor: Actor, meeting_id: UUID) -> Meeting:
    """The meeting, locked, while its agenda may change. Raises Conflict once it was held or called off."""
    meeting = run_meeting(actor, meeting_id)
    if meeting.state != Meeting.State.PLANNED:
        raise Conflict(_("The agenda is fixed: the meeting was held or called off."))
    return meeting


@action("meetings.draw_agenda")
def draw_agenda(actor: Actor, meeting_id: UUID) -> int:
    """Draws the agenda anew: what the rules want now comes on, what they put on and want no more goes; what was put on
    or taken off by hand stays as it is. Returns how many points changed."""
    meeting = planned(actor, meeting_id)
    spec = kind_of_meeting(meeting)
    if spec is None or not spec.takes:
        raise UserError(_("This kind of meeting draws no matters."))
    wanted = {one.matter.pk for one in agenda_for(actor, spec, meeting.kind, meeting.unit)}
    gone = meeting.points.filter(by_hand=False, taken_off="").exclude(matter_id__in=wanted)
    taken, _rows = gone.delete()
    drawn = put_on(actor, meeting, spec)
    record(meeting, {"drawn": drawn, "gone": taken})
    return drawn + taken


@action("meetings.add_point")
def add_point(
    actor: Actor, meeting_id: UUID, *, word: str, matter_code: str = "", topic: str = ""
) -> AgendaPoint:
    """Puts a matter (by its number) or a topic in words on the agenda, with a word why. A matter that was taken off
    comes back."""
    meeting = planned(actor, meeting_id)
    if not word.strip():
        raise UserError(_("Say in a word why it is on the agenda."), field="word")
    code = matter_code.strip()
    if bool(code) == bool(topic.strip()):
        raise UserError(_("Give either the number of a matter or a topic."), field="matter_code")
    matter = None
    if code:
        matter = Matter.objects.visible_to(actor).filter(code=code).first()
        if matter is None:
            raise UserError(
                _("There is no matter with the number %(code)s that you may see.") % {"code": code},
                field="matter_code",
            )
    old = meeting.points.filter(matter=matter).first() if matter else None
    if old is not None and not old.taken_off:
        raise UserError(_("This matter is on the agenda already."), field="matter_code")
    point = old or AgendaPoint(meeting=meeting, number=next_number(meeting), matter=matter)
    point.topic, point.word, point.by_hand, point.taken_off = (
        topic.strip()[:120],
        word.strip()[:200],
        True,
        "",
    )
    point.save()
    record(meeting, {"point": point.number, "matter": matter.code if matter else "", "topic": point.topic})
    return point


@action("meetings.take_off_point")
def take_off_point(actor: Actor, point_id: UUID, *, word: str) -> AgendaPoint:
    """Takes a point off the agenda, with a word why; it stays to be read, and drawing anew does not bring it back."""
    point = _point(point_id)
    meeting = planned(actor, point.meeting_id)
    if not word.strip():
        raise UserError(_("Say in a word why it is taken off."), field="word")
    point.taken_off = word.strip()[:200]
    point.save(update_fields=["taken_off"])
    record(meeting, {"taken_off": point.number}, reason=point.taken_off)
    return point


@action("meetings.note_point")
def note_point(actor: Actor, point_id: UUID, *, notes: str) -> AgendaPoint:
    """What was said on a point, for the minutes. Raises Conflict before the meeting was held."""
    point = _point(point_id)
    meeting = run_meeting(actor, point.meeting_id)
    if not meeting.is_held:
        raise Conflict(_("First enter that the meeting was held."))
    point.notes = notes.strip()
    point.save(update_fields=["notes"])
    meeting.changed_at = clock.now()
    meeting.save(update_fields=["changed_at"])
    record(meeting, {"notes": point.number})
    return point


@action("meetings.invite_units")
def invite_units(actor: Actor, meeting_id: UUID, unit_ids: Sequence[UUID]) -> list[Attendance]:
    """The units asked to come are these and no others; those that belong to every meeting of the kind stay. Who is asked
    only now is told."""
    meeting = planned(actor, meeting_id)
    wanted = set(unit_ids) - {meeting.unit_id}
    units = list(Unit.objects.in_force().filter(pk__in=wanted))
    if len(units) != len(wanted):
        raise UserError(_("Choose units from the list."), field="units")
    meeting.attendances.filter(is_standing=False).exclude(unit_id__in=wanted).delete()
    there = set(meeting.attendances.values_list("unit_id", flat=True))
    new = [unit for unit in units if unit.pk not in there]
    Attendance.objects.bulk_create(Attendance(meeting=meeting, unit=unit) for unit in new)
    record(meeting, {"invited": sorted(unit.code for unit in units)})
    if new:
        emit(MeetingPlanned(meeting.pk, meeting.title, meeting.held_on, tuple(unit.pk for unit in new)))
    return list(meeting.attendances.all())


def _point(point_id: UUID) -> AgendaPoint:
    point = AgendaPoint.objects.filter(pk=point_id).first()
    if point is None:
        raise NotVisible(_("There is no such point of an agenda."))
    return point
