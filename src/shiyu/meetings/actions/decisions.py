"""What a meeting decides: duties of the monthly meeting, and rulings on the matters of a session.

A ruling that is a deed (climb, take in charge, supervise) is done in the same change through the matter's own verb, by
the same person, with the decision's number as the reason: what they may not do, a meeting does not do for them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.documents.actions import Upload
from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.meetings import Ruling
from shiyu.letters.actions import keep_files
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.lib.events import emit
from shiyu.matters.access import can as can_matter
from shiyu.matters.actions import climb_matter, supervise_matter
from shiyu.matters.actions.ways import take_in_charge
from shiyu.matters.models import Matter
from shiyu.meetings.access import SUBJECT_DECISION, can, kind_of_meeting, run_meeting, visible_decision
from shiyu.meetings.actions.watch import put_on_list, take_off_list
from shiyu.meetings.events import DecisionCompleted, DecisionRecorded, MatterLifted, MeasureDecided
from shiyu.meetings.models import AgendaPoint, Decision, Meeting
from shiyu.packs.queries import current_calendar
from shiyu.people.models import Unit
from shiyu.people.queries import chain_above

LETTER_DAYS = 3
"""Workdays for issuing a letter that was decided, where no day is given."""
LIFT_DAYS = 10
"""Workdays until the level above should have talked about what was lifted, where no day is given."""


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
    """Enter a decision of a meeting: it comes back at the next one. Of a kind that makes duties it becomes a duty of
    its units at once."""
    meeting = run_meeting(actor, meeting_id)
    if meeting.state == Meeting.State.CALLED_OFF:
        raise Conflict(_("This meeting was called off; plan another one."))
    supporting = _units(lead_unit_id, supporting_unit_ids)
    decision = _enter(meeting, text=text, lead_unit_id=lead_unit_id, due_on=due_on)
    decision.supporting_units.set(Unit.objects.filter(pk__in=supporting))
    record(decision, {"text": decision.text, "lead": lead_unit_id, "due_on": due_on})
    spec = kind_of_meeting(meeting)
    if spec is None or spec.decisions == "duties":
        emit(DecisionRecorded(decision.pk, lead_unit_id, tuple(supporting), due_on))
    return decision


@dataclass(frozen=True)
class Ruled:
    """What was decided on a matter: the ruling, its words, and what the ruling needs.

    `measure` needs `lead_unit_id` and `due_on`; `letter` its kind; `take_in_charge` the leader's post and a day;
    `watch` owner, post, next measure and day of review.
    """

    ruling: str
    text: str
    lead_unit_id: UUID | None = None
    supporting_unit_ids: tuple[UUID, ...] = ()
    due_on: date | None = None
    letter_kind: str = ""
    post: str = ""
    next_measure: str = ""


@dataclass(frozen=True)
class _Case:
    """A ruling being done."""

    actor: Actor
    meeting: Meeting
    matter: Matter
    given: Ruled
    decision: Decision

    @property
    def reason(self) -> str:
        """What the matter's history says of it."""
        return f"{self.meeting.title}议定事项{self.decision.number}：{self.decision.text}"


@action("meetings.decide_point")
def decide_point(actor: Actor, point_id: UUID, given: Ruled) -> Decision:
    """Enter what a held meeting decided on a matter of its agenda, and do what follows from it in the same change.

    Raises NotVisible, NotAllowed, Conflict before the meeting was held, and UserError for what is missing, for a ruling
    the kind of meeting does not take, and for a deed the kernel refuses (with its reasons).
    """
    point = AgendaPoint.objects.select_related("matter").filter(pk=point_id).first()
    if point is None:
        raise NotVisible(_("There is no such point of an agenda."))
    meeting = run_meeting(actor, point.meeting_id)
    if not meeting.is_held:
        raise Conflict(_("First enter that the meeting was held."))
    spec, matter = kind_of_meeting(meeting), point.matter
    if matter is None or point.taken_off:
        raise UserError(_("This point is about no matter; enter the decision with the meeting."))
    if spec is None or given.ruling not in spec.takes:
        raise UserError(_("This kind of meeting does not decide that."), field="ruling")
    # Two meetings that decide on one matter at once come one after the other: the second finds what the first did.
    matter = Matter.objects.select_for_update(of=("self",)).get(pk=matter.pk)
    decision = _enter(
        meeting,
        text=given.text,
        lead_unit_id=given.lead_unit_id or meeting.unit_id,
        due_on=given.due_on or meeting.held_on,
        ruling=given.ruling,
        point=point,
        matter=matter,
    )
    record(decision, {"ruling": given.ruling, "matter": matter.code, "text": decision.text})
    _DO[Ruling(given.ruling)](_Case(actor, meeting, matter, given, decision))
    decision.save()
    return decision


def _enter(meeting: Meeting, *, text: str, due_on: date, **fields: object) -> Decision:
    """The row of a decision with the meeting's next number."""
    if not text.strip():
        raise UserError(_("Write what was decided."), field="text")
    if due_on < meeting.held_on:
        raise UserError(_("The deadline lies before the meeting."), field="due_on")
    last = meeting.decisions.aggregate(last=Max("number"))["last"] or 0
    meeting.changed_at = clock.now()
    meeting.save(update_fields=["changed_at"])
    return Decision.objects.create(
        meeting=meeting, number=last + 1, text=text.strip(), due_on=due_on, **fields
    )


def _units(lead_unit_id: UUID, supporting_unit_ids: Iterable[UUID]) -> list[UUID]:
    """The supporting units without the lead. Raises UserError unless all exist."""
    supporting = [key for key in dict.fromkeys(supporting_unit_ids) if key != lead_unit_id]
    if Unit.objects.filter(pk__in=[lead_unit_id, *supporting]).count() != 1 + len(supporting):
        raise UserError(_("Choose units from the list."), field="lead_unit_id")
    return supporting


def _measure(case: _Case) -> None:
    given, decision = case.given, case.decision
    if given.lead_unit_id is None:
        raise UserError(_("Choose the unit that carries it out."), field="lead_unit_id")
    if given.due_on is None:
        raise UserError(_("Give the day by which it must be done."), field="due_on")
    supporting = _units(given.lead_unit_id, given.supporting_unit_ids)
    decision.supporting_units.set(Unit.objects.filter(pk__in=supporting))
    units = (given.lead_unit_id, *supporting)
    emit(MeasureDecided(decision.pk, units, decision.text, decision.due_on))


def _letter(case: _Case) -> None:
    spec, given, decision = kind_of_meeting(case.meeting), case.given, case.decision
    if spec is None or given.letter_kind not in spec.letters:
        raise UserError(_("Choose which letter is to be issued."), field="letter_kind")
    if case.meeting.unit_id not in (case.matter.unit_id, *chain_above(case.matter.unit_id)):
        # Letters on a matter come from the unit that has it, or one above.
        raise UserError(_("The matter lies with another unit, which alone may do this."), field="ruling")
    decision.letter_kind = given.letter_kind
    decision.lead_unit_id = case.meeting.unit_id
    decision.due_on = given.due_on or current_calendar().add_workdays(case.meeting.held_on, LETTER_DAYS)


def _lift(case: _Case) -> None:
    """The matter goes to the next level's consultation and climbs with it, where it may climb."""
    unit, decision = case.meeting.unit, case.decision
    above = unit.upper_centre_id or unit.parent_id
    if above is None:
        raise UserError(_("No unit stands above this one, so nothing can be lifted."), field="ruling")
    waiting = Decision.objects.filter(ruling="lift", matter=case.matter, done_on=None)
    if waiting.exclude(pk=decision.pk).exists():
        raise UserError(_("This matter waits for the consultation above already."), field="ruling")
    decision.lead_unit_id = above
    decision.due_on = case.given.due_on or current_calendar().add_workdays(case.meeting.held_on, LIFT_DAYS)
    if can_matter(case.actor, "climb", case.matter):
        climb_matter(case.actor, case.matter.pk, reason=case.reason)
    emit(MatterLifted(decision.pk, above, case.matter.code))


def _climb(case: _Case) -> None:
    climb_matter(case.actor, case.matter.pk, reason=case.reason)
    _at_once(case)


def _supervise(case: _Case) -> None:
    supervise_matter(case.actor, case.matter.pk, reason=case.reason)
    _at_once(case)


def _take_in_charge(case: _Case) -> None:
    given = case.given
    if not given.post.strip():
        raise UserError(_("Name the leader in charge by post."), field="post")
    if given.due_on is None:
        raise UserError(_("Give the day of review."), field="due_on")
    take_in_charge(case.actor, case.matter.pk, leader=given.post.strip(), until=given.due_on)
    _at_once(case)
    # As the minutes say it: whom it was given to, and the day of review.
    case.decision.post, case.decision.due_on = given.post.strip()[:60], given.due_on


def _watch(case: _Case) -> None:
    """Done with the decision; its unit, post, measure and day stay the first ones, as the minutes say them."""
    given = case.given
    entry = put_on_list(
        case.decision,
        case.matter,
        unit_id=given.lead_unit_id,
        post=given.post,
        next_measure=given.next_measure,
        review_on=given.due_on,
    )
    _at_once(case)
    case.decision.lead_unit_id, case.decision.due_on = entry.unit_id, entry.review_on
    case.decision.post, case.decision.next_measure = entry.post, entry.next_measure


def _unwatch(case: _Case) -> None:
    take_off_list(case.decision, case.matter)
    _at_once(case)


def _at_once(case: _Case) -> None:
    """Done with the decision itself, by the unit that held the meeting."""
    decision, meeting = case.decision, case.meeting
    decision.lead_unit_id, decision.due_on, decision.done_on = (
        meeting.unit_id,
        meeting.held_on,
        meeting.held_on,
    )


def _refused_as_error(do: Callable[[_Case], None]) -> Callable[[_Case], None]:
    """What the kernel refuses is said beside the choice: another one can be made, and nothing typed is lost."""

    def ask(case: _Case) -> None:
        try:
            do(case)
        except (NotAllowed, NotVisible) as refused:
            raise UserError(str(refused), field="ruling") from refused

    return ask


_DO: dict[Ruling, Callable[[_Case], None]] = {
    Ruling.MEASURE: _measure,
    Ruling.LETTER: _letter,
    Ruling.CLIMB: _refused_as_error(_climb),
    Ruling.LIFT: _lift,
    Ruling.TAKE_IN_CHARGE: _refused_as_error(_take_in_charge),
    Ruling.SUPERVISE: _refused_as_error(_supervise),
    Ruling.WATCH: _watch,
    Ruling.UNWATCH: _unwatch,
    Ruling.NO_ACTION: _at_once,
}


@action("meetings.complete_decision")
def complete_decision(
    actor: Actor, decision_id: UUID, *, result: str, files: Iterable[Upload] = ()
) -> Decision:
    """The unit says what it did about a measure, with proof where there is any. Once; the meeting's next session opens
    with it."""
    decision = visible_decision(actor, decision_id, lock=True)
    spec = kind_of_meeting(decision.meeting)
    if decision.ruling != Ruling.MEASURE or spec is None or spec.decisions == "duties":
        raise NotAllowed(_("This decision is followed up elsewhere, not by a word here."))
    if not can(actor, "complete", decision):
        raise NotAllowed(_("Only the unit that carries it out says what was done."))
    if decision.done_on is not None:
        raise Conflict(_("%(who)s has entered the result already.") % {"who": decision.done_by})
    if not result.strip():
        raise UserError(_("Write what was done."), field="result")
    keep_files(actor, (SUBJECT_DECISION, decision.pk), files)
    decision.result, decision.done_on, decision.done_by = result.strip(), clock.today(), actor.name[:60]
    decision.save(update_fields=["result", "done_on", "done_by"])
    record(decision, {"done_on": decision.done_on})
    emit(DecisionCompleted(decision.pk, decision.meeting.unit_id, decision.text, actor.user_id))
    return decision
