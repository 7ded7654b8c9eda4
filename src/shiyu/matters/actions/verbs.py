"""One function a verb, as plans, pages and the demo call them. Each is an action of its own on the path of `act`.

All take the actor, the matter's id and what the verb needs; `seen` is the version a form was made from. All raise
what `act` raises, and return the matter as it then is.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from shiyu.audit.actions import action
from shiyu.kernel.actor import Actor
from shiyu.matters.actions.act import Deed, act
from shiyu.matters.actions.ways import WAY_ACTIONS
from shiyu.matters.models import Matter


@action("matters.accept_matter")
def accept_matter(actor: Actor, matter_id: UUID, *, seen: int | None = None) -> Matter:
    """Takes the matter in: it will be handled."""
    return act(actor, matter_id, "accept", Deed(seen=seen))


@action("matters.refuse_matter")
def refuse_matter(
    actor: Actor, matter_id: UUID, *, reason: str, remedy: str, seen: int | None = None
) -> Matter:
    """Does not take it in, with a written reason and the remedy."""
    return act(actor, matter_id, "refuse", Deed(reason=reason, remedy=remedy, seen=seen))


@action("matters.withdraw_matter")
def withdraw_matter(actor: Actor, matter_id: UUID, *, reason: str, seen: int | None = None) -> Matter:
    """Its reporter takes it back, with a reason."""
    return act(actor, matter_id, "withdraw", Deed(reason=reason, seen=seen))


@action("matters.dispatch_matter")
def dispatch_matter(
    actor: Actor,
    matter_id: UUID,
    *,
    unit_id: UUID,
    supporting_unit_ids: Sequence[UUID] = (),
    office_id: UUID | None = None,
    person: str = "",
    seen: int | None = None,
) -> Matter:
    """Sends it to a lead unit and any supporting units."""
    return act(
        actor,
        matter_id,
        "dispatch",
        Deed(
            unit_id=unit_id,
            supporting_unit_ids=tuple(supporting_unit_ids),
            office_id=office_id,
            person=person,
            seen=seen,
        ),
    )


@action("matters.acknowledge_assignment")
def acknowledge_assignment(
    actor: Actor, matter_id: UUID, *, assignment_id: UUID | None = None, seen: int | None = None
) -> Matter:
    """The unit has received its assignment."""
    return act(actor, matter_id, "acknowledge", Deed(assignment_id=assignment_id, seen=seen))


@action("matters.return_assignment")
def return_assignment(
    actor: Actor, matter_id: UUID, *, reason: str, assignment_id: UUID | None = None, seen: int | None = None
) -> Matter:
    """The unit says it is not its own, with a reason; the sender must answer within the limit of the kind."""
    return act(actor, matter_id, "return", Deed(reason=reason, assignment_id=assignment_id, seen=seen))


@action("matters.consent_return")
def consent_return(
    actor: Actor,
    matter_id: UUID,
    *,
    unit_id: UUID | None = None,
    reason: str = "",
    assignment_id: UUID | None = None,
    office_id: UUID | None = None,
    person: str = "",
    seen: int | None = None,
) -> Matter:
    """Takes a returned assignment back; `unit_id` names the unit that takes over at once."""
    return act(
        actor,
        matter_id,
        "consent_return",
        Deed(
            unit_id=unit_id,
            reason=reason,
            assignment_id=assignment_id,
            office_id=office_id,
            person=person,
            seen=seen,
        ),
    )


@action("matters.decline_return")
def decline_return(
    actor: Actor, matter_id: UUID, *, reason: str, assignment_id: UUID | None = None, seen: int | None = None
) -> Matter:
    """Leaves it with the unit, with a reason."""
    return act(
        actor, matter_id, "decline_return", Deed(reason=reason, assignment_id=assignment_id, seen=seen)
    )


@action("matters.transfer_matter")
def transfer_matter(
    actor: Actor,
    matter_id: UUID,
    *,
    unit_id: UUID,
    reason: str,
    office_id: UUID | None = None,
    person: str = "",
    seen: int | None = None,
) -> Matter:
    """Gives the lead to another unit, with a reason."""
    return act(
        actor,
        matter_id,
        "transfer",
        Deed(unit_id=unit_id, reason=reason, office_id=office_id, person=person, seen=seen),
    )


@action("matters.add_supporting_unit")
def add_supporting_unit(
    actor: Actor,
    matter_id: UUID,
    *,
    unit_id: UUID,
    office_id: UUID | None = None,
    person: str = "",
    seen: int | None = None,
) -> Matter:
    """Asks one unit more to support."""
    return act(
        actor, matter_id, "add_support", Deed(unit_id=unit_id, office_id=office_id, person=person, seen=seen)
    )


@action("matters.note_progress")
def note_progress(actor: Actor, matter_id: UUID, *, note: str, seen: int | None = None) -> Matter:
    """Writes down how it stands; the newest note is the progress lists show."""
    return act(actor, matter_id, "note", Deed(note=note, seen=seen))


@action("matters.ask_extension")
def ask_extension(
    actor: Actor, matter_id: UUID, *, until: date, reason: str, seen: int | None = None
) -> Matter:
    """Asks for time until the end of a day, with a reason."""
    return act(actor, matter_id, "extend", Deed(until=until, reason=reason, seen=seen))


@action("matters.suspend_matter")
def suspend_matter(
    actor: Actor, matter_id: UUID, *, until: date, reason: str, seen: int | None = None
) -> Matter:
    """Stops the clock until a day, with a reason."""
    return act(actor, matter_id, "suspend", Deed(until=until, reason=reason, seen=seen))


@action("matters.resume_matter")
def resume_matter(actor: Actor, matter_id: UUID, *, note: str = "", seen: int | None = None) -> Matter:
    """Lets the clock run on; limits move by the workdays it stood still."""
    return act(actor, matter_id, "resume", Deed(note=note, seen=seen))


@action("matters.put_on_books")
def put_on_books(
    actor: Actor, matter_id: UUID, *, until: date, reason: str, seen: int | None = None
) -> Matter:
    """Cannot be solved for now: on the books, with a reason and the day it is looked at again."""
    return act(actor, matter_id, "put_on_books", Deed(until=until, reason=reason, seen=seen))


@action("matters.review_books")
def review_books(
    actor: Actor, matter_id: UUID, *, until: date, reason: str, seen: int | None = None
) -> Matter:
    """Looked at again: stays on the books until another day, with a reason."""
    return act(actor, matter_id, "review_books", Deed(until=until, reason=reason, seen=seen))


@action("matters.take_off_books")
def take_off_books(actor: Actor, matter_id: UUID, *, reason: str, seen: int | None = None) -> Matter:
    """It can be handled again, with a reason."""
    return act(actor, matter_id, "take_off_books", Deed(reason=reason, seen=seen))


@action("matters.complete_assignment")
def complete_assignment(
    actor: Actor,
    matter_id: UUID,
    *,
    result: str,
    assignment_id: UUID | None = None,
    fields: Mapping[str, Any] | None = None,
    seen: int | None = None,
) -> Matter:
    """The unit has done its part, with the result; when all have, the matter is complete. `fields` answers what the
    kind's form asks the lead unit then, by code."""
    deed = Deed(result=result, assignment_id=assignment_id, fields=fields or {}, seen=seen)
    return act(actor, matter_id, "complete", deed)


@action("matters.verify_matter")
def verify_matter(actor: Actor, matter_id: UUID, *, note: str = "", seen: int | None = None) -> Matter:
    """Another hand has checked it."""
    return act(actor, matter_id, "verify", Deed(note=note, seen=seen))


@action("matters.confirm_matter")
def confirm_matter(actor: Actor, matter_id: UUID, *, note: str = "", seen: int | None = None) -> Matter:
    """Its reporter says it is solved."""
    return act(actor, matter_id, "confirm", Deed(note=note, seen=seen))


@action("matters.send_back_matter")
def send_back_matter(actor: Actor, matter_id: UUID, *, reason: str, seen: int | None = None) -> Matter:
    """The check failed: it is handled again, with a reason."""
    return act(actor, matter_id, "send_back", Deed(reason=reason, seen=seen))


@action("matters.close_matter")
def close_matter(
    actor: Actor,
    matter_id: UUID,
    *,
    outcome: str = "done",
    remedy: str = "",
    note: str = "",
    seen: int | None = None,
) -> Matter:
    """Takes it off the list, with its outcome; one that failed shows the remedy."""
    return act(actor, matter_id, "close", Deed(outcome=outcome, remedy=remedy, note=note, seen=seen))


@action("matters.follow_up_matter")
def follow_up_matter(
    actor: Actor, matter_id: UUID, *, result: str, no_more_calls: bool = False, seen: int | None = None
) -> Matter:
    """Asked after closing whether it holds, with the result; who asks not to be called again is not."""
    return act(actor, matter_id, "follow_up", Deed(result=result, no_more_calls=no_more_calls, seen=seen))


@action("matters.reopen_matter")
def reopen_matter(actor: Actor, matter_id: UUID, *, reason: str, seen: int | None = None) -> Matter:
    """It came up again: handled again with a new limit, with a reason."""
    return act(actor, matter_id, "reopen", Deed(reason=reason, seen=seen))


@action("matters.urge_assignment")
def urge_assignment(actor: Actor, matter_id: UUID, *, note: str = "", seen: int | None = None) -> Matter:
    """Reminds whoever holds it."""
    return act(actor, matter_id, "urge", Deed(note=note, seen=seen))


@action("matters.supervise_matter")
def supervise_matter(
    actor: Actor,
    matter_id: UUID,
    *,
    reason: str,
    letter_id: UUID | None = None,
    writer_id: UUID | None = None,
    seen: int | None = None,
) -> Matter:
    """Puts it under supervision (挂牌), with a reason; by a letter of the unit `writer_id` where `letter_id` names one."""
    deed = Deed(reason=reason, letter_id=letter_id, writer_id=writer_id, seen=seen)
    return act(actor, matter_id, "supervise", deed)


@action("matters.end_supervision")
def end_supervision(actor: Actor, matter_id: UUID, *, reason: str, seen: int | None = None) -> Matter:
    """Ends the supervision (摘牌), with a reason: the unit that began it, or one above."""
    return act(actor, matter_id, "end_supervision", Deed(reason=reason, seen=seen))


@action("matters.approve_extension")
def _approve_extension(actor: Actor, matter_id: UUID, *, note: str = "", seen: int | None = None) -> Matter:
    return act(actor, matter_id, "approve_extension", Deed(note=note, seen=seen))


@action("matters.decline_extension")
def _decline_extension(actor: Actor, matter_id: UUID, *, reason: str, seen: int | None = None) -> Matter:
    return act(actor, matter_id, "decline_extension", Deed(reason=reason, seen=seen))


def decide_extension(
    actor: Actor, matter_id: UUID, *, approve: bool, reason: str = "", seen: int | None = None
) -> Matter:
    """Gives the time asked for, or refuses it with a reason."""
    if approve:
        return _approve_extension(actor, matter_id, note=reason, seen=seen)
    return _decline_extension(actor, matter_id, reason=reason, seen=seen)


VERB_ACTIONS: dict[str, Callable[..., Matter]] = {
    "accept": accept_matter,
    "refuse": refuse_matter,
    "withdraw": withdraw_matter,
    "dispatch": dispatch_matter,
    "acknowledge": acknowledge_assignment,
    "return": return_assignment,
    "consent_return": consent_return,
    "decline_return": decline_return,
    "transfer": transfer_matter,
    "add_support": add_supporting_unit,
    "note": note_progress,
    "extend": ask_extension,
    "suspend": suspend_matter,
    "resume": resume_matter,
    "put_on_books": put_on_books,
    "review_books": review_books,
    "take_off_books": take_off_books,
    "complete": complete_assignment,
    "verify": verify_matter,
    "confirm": confirm_matter,
    "send_back": send_back_matter,
    "close": close_matter,
    "follow_up": follow_up_matter,
    "reopen": reopen_matter,
    "urge": urge_assignment,
    "supervise": supervise_matter,
    "end_supervision": end_supervision,
    "approve_extension": _approve_extension,
    "decline_extension": _decline_extension,
    **WAY_ACTIONS,
}
"""The function of each verb, for the pages."""


def act_on_matter(actor: Actor, matter_id: UUID, verb: str, **data: object) -> Matter:
    """Does a verb by its code; `data` is what its function takes. KeyError for a verb outside the catalogue."""
    return VERB_ACTIONS[verb](actor, matter_id, **data)
