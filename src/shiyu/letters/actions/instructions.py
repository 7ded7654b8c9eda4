"""Leaders' instructions: registered, followed up, answered; never scored."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.letters.access import can, visible_instruction
from shiyu.letters.events import InstructionRegistered, InstructionReplied
from shiyu.letters.models import Instruction
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, UserError
from shiyu.lib.events import emit
from shiyu.people.models import Unit


@action("letters.register_instruction")
def register_instruction(
    actor: Actor,
    *,
    subject: tuple[str, UUID, str],
    leader_post: str,
    instructed_on: date,
    unit_id: UUID,
    text: str = "",
    reply_by: date | None = None,
    has_scan: bool = False,
) -> Instruction:
    """Registers a leader's instruction (批示) on a task or matter, for a unit to follow up; it is never scored.

    `subject` is type, id and words. The leader is named by post. A text or a scan (attached by the caller in the
    same transaction; then `has_scan`) is needed.
    """
    if not can(actor, "register"):
        raise NotAllowed(_("Your post does not register instructions."))
    today = clock.today()
    if not leader_post.strip():
        raise UserError(_("Say by post whose instruction it is."), field="leader_post")
    if instructed_on > today:
        raise UserError(_("The day of the instruction cannot lie in the future."), field="instructed_on")
    if reply_by is not None and reply_by < instructed_on:
        raise UserError(_("The day to reply by cannot lie before the instruction."), field="reply_by")
    if not text.strip() and not has_scan:
        raise UserError(_("Write the text of the instruction, or attach its scan."), field="text")
    unit = Unit.objects.in_force().filter(pk=unit_id).first()
    if unit is None:
        raise UserError(_("This unit does not exist (any more)."), field="unit_id")
    row = Instruction.objects.create(
        subject_type=subject[0],
        subject_id=subject[1],
        subject_title=subject[2][:200],
        leader_post=leader_post.strip(),
        instructed_on=instructed_on,
        text=text,
        unit=unit,
        reply_by=reply_by,
        registered_by_id=actor.user_id or UUID(int=0),
        registered_by_name=actor.name,
    )
    record(row, {"subject": f"{subject[0]} {subject[1]}", "unit": unit.code, "reply_by": reply_by})
    emit(InstructionRegistered(row.pk, row.subject_title, (unit.pk,), reply_by, actor.name))
    return row


@action("letters.reply_instruction")
def reply_instruction(actor: Actor, instruction_id: UUID, *, reply: str) -> Instruction:
    """What became of it, once, by the unit or by who registers for it. Raises UserError without a text."""
    row = visible_instruction(actor, instruction_id, lock=True)
    if not can(actor, "reply", row):
        raise NotAllowed(_("Only the unit it was given to, or the office, may reply."))
    if row.state == Instruction.State.REPLIED:
        raise Conflict(_("%(who)s has replied already.") % {"who": row.replied_by_name})
    if not reply.strip():
        raise UserError(_("Write the reply."), field="reply")
    row.state, row.reply, row.replied_at, row.replied_by_name = (
        Instruction.State.REPLIED,
        reply,
        clock.now(),
        actor.name,
    )
    row.save(update_fields=["state", "reply", "replied_at", "replied_by_name"])
    record(row, {"state": ["open", "replied"]})
    emit(InstructionReplied(row.pk, row.subject_title, (row.unit_id,), (row.registered_by_id,), actor.name))
    return row
