"""After the end: the court's confirmation, whether it is performed, the other ways handed over (art. 26, 31, 33)."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.mediation.access import workable
from shiyu.mediation.actions.texts import check_names
from shiyu.mediation.models import LookBack, Mediation

RESULTS = ("applied", "confirmed", "refused", "waived")


@action("mediation.record_confirmation")
def record_confirmation(actor: Actor, mediation_id: UUID, *, result: str, on: date) -> Mediation:
    """The parties asked the court together (`applied`), the court confirmed or refused, or they do without (`waived`).
    Raises UserError for a day after the thirty have passed, or an answer nobody asked for."""
    mediation = workable(actor, mediation_id)
    if mediation.confirm_by is None or mediation.ended_on is None:
        raise UserError(_("Only a written agreement can be confirmed by the court."))
    if mediation.confirm_result:
        raise UserError(_("It is settled already what became of the confirmation."), field="result")
    if result not in RESULTS:
        raise UserError(_("Choose what became of it."), field="result")
    if on > clock.today() or on < mediation.ended_on:
        raise UserError(_("The day lies between the agreement and today."), field="on")
    if result == "applied":
        if mediation.confirm_applied_on is not None:
            raise UserError(
                _("That they asked the court on %(day)s is entered already; enter what the court decided.")
                % {"day": mediation.confirm_applied_on.isoformat()},
                field="result",
            )
        if on > mediation.confirm_by:
            raise UserError(
                _("The thirty days ended on %(day)s.") % {"day": mediation.confirm_by.isoformat()}, field="on"
            )
        mediation.confirm_applied_on = on
    elif result == "waived":
        mediation.confirm_result = result
    else:
        applied = mediation.confirm_applied_on
        if applied is None or on < applied:
            raise UserError(_("Enter first when they asked the court."), field="result")
        mediation.confirm_result, mediation.confirm_decided_on = result, on
    mediation.save(update_fields=["confirm_applied_on", "confirm_result", "confirm_decided_on"])
    record(mediation, {"confirmation": result, "on": on})
    return mediation


@action("mediation.record_look_back")
def record_look_back(
    actor: Actor, mediation_id: UUID, *, look_back_id: UUID, result: str, note: str = ""
) -> LookBack:
    """Whether the agreement is performed, as found today. What is fully performed is not asked again. Raises UserError
    for one that was done, and for what is not performed without a word on it."""
    mediation = workable(actor, mediation_id)
    row = mediation.look_backs.filter(pk=look_back_id, done_on=None).first()
    if row is None:
        raise UserError(_("This was asked already."))
    if result not in LookBack.Result.values:
        raise UserError(_("Choose how it stands."), field="result")
    if result != LookBack.Result.PERFORMED and len(note.strip()) < 2:
        raise UserError(_("Write what is open and what was advised."), field="note")
    check_names(mediation, {"note": note})
    row.result, row.note, row.done_on = result, note.strip()[:300], clock.today()
    row.save(update_fields=["result", "note", "done_on"])
    if result == LookBack.Result.PERFORMED:
        mediation.look_backs.filter(done_on=None).delete()
    record(mediation, {"look_back": row.pk, "result": result})
    return row


@action("mediation.tell_remedies")
def tell_remedies(actor: Actor, mediation_id: UUID, *, on: date) -> Mediation:
    """The paper with the other ways was handed to the parties on this day."""
    mediation = workable(actor, mediation_id)
    if not mediation.remedies or mediation.ended_on is None:
        raise UserError(_("There is nothing to hand over."))
    if on > clock.today() or on < mediation.ended_on:
        raise UserError(_("The day lies between the end and today."), field="on")
    mediation.remedies_told_on = on
    mediation.save(update_fields=["remedies_told_on"])
    record(mediation, {"remedies_told_on": on})
    return mediation
