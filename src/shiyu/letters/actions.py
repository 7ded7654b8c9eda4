"""Changes of letters and instructions. An issued letter never changes; what is wrong in one is withdrawn."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.documents.actions import Upload, attach_document, store_document
from shiyu.kernel.actor import Actor
from shiyu.kernel.limits import local_day
from shiyu.letters.access import can, own_recipient, visible_instruction, visible_letter
from shiyu.letters.events import (
    InstructionRegistered,
    InstructionReplied,
    LetterIssued,
    LetterReceived,
    LetterReplied,
    LetterWithdrawn,
)
from shiyu.letters.models import Instruction, Letter, Recipient
from shiyu.letters.numbers import take_number
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, UserError
from shiyu.lib.events import emit
from shiyu.packs.queries import current_calendar, current_pack
from shiyu.people.models import Unit


@action("letters.issue_letter")
def issue_letter(
    actor: Actor,
    *,
    kind: str,
    unit_id: UUID,
    title: str,
    body: str,
    recipients: Sequence[UUID],
    reply_by: date | None = None,
    subject: tuple[str, UUID] | None = None,
    occasion_id: UUID | None = None,
    bodies: Mapping[UUID, str] | None = None,
) -> Letter:
    """Issues a letter of a kind of the pack with the next number of its unit and year.

    `recipients` are units; `reply_by` is a day (without it the kind's limit for a reply runs from today, if the
    kind asks for one); `bodies` holds the text of units whose letter differs from `body`. Raises NotAllowed without the right letter.issue in that unit, UserError for the form.
    """
    if not can(actor, "issue", unit_id=unit_id):
        raise NotAllowed(_("Your post does not issue letters for this unit."))
    spec = current_pack().letter.get(kind)
    if spec is None:
        raise UserError(_("The city has no kind of letter called %(kind)s.") % {"kind": kind}, field="kind")
    if not title.strip() or not body.strip():
        field = "body" if title.strip() else "title"
        raise UserError(_("A letter needs a title and a text."), field=field)
    units = list(Unit.objects.in_force().filter(pk__in=set(recipients)).by_protocol())
    if not units or len(units) != len(set(recipients)):
        raise UserError(_("Choose the units the letter goes to; each must exist today."), field="recipients")
    today, unit = clock.today(), Unit.objects.get(pk=unit_id)
    if reply_by is not None and reply_by < today:
        raise UserError(_("The day to reply by cannot lie in the past."), field="reply_by")
    if reply_by is None and spec.reply is not None:
        reply_by = local_day(current_calendar().add(clock.now(), spec.reply))
    number, text = take_number(f"letter:{kind}:{unit_id}", spec.number, today, unit=unit.display_short)
    letter = Letter.objects.create(
        kind=kind,
        year=today.year,
        number=number,
        number_text=text,
        title=title.strip(),
        body=body,
        unit=unit,
        subject_type=subject[0] if subject else "",
        subject_id=subject[1] if subject else None,
        occasion_id=occasion_id,
        state=Letter.State.ISSUED,
        issued_on=today,
        reply_by=reply_by,
        issued_by_id=actor.user_id,
        issued_by_name=actor.name,
    )
    Recipient.objects.bulk_create(
        Recipient(letter=letter, unit=row, body=(bodies or {}).get(row.pk, "")) for row in units
    )
    record(letter, {"number": text, "kind": kind, "recipients": [row.code for row in units]})
    emit(LetterIssued(letter.pk, text, letter.title, tuple(row.pk for row in units), actor.name, reply_by))
    return letter


@action("letters.receive_letter")
def receive_letter(actor: Actor, letter_id: UUID, unit_id: UUID | None = None) -> Recipient:
    """The unit has received the letter. Raises NotAllowed if it is not addressed to a unit of the actor."""
    letter = _issued(actor, letter_id)
    row = own_recipient(actor, letter, unit_id)
    if row.received_at is not None:
        raise Conflict(_("%(who)s has received it already.") % {"who": row.received_by_name})
    row.received_at, row.received_by_name = clock.now(), actor.name
    row.save(update_fields=["received_at", "received_by_name"])
    record(letter, {"received": row.unit_id})
    emit(LetterReceived(letter.pk, letter.number_text, letter.title, (letter.unit_id,), actor.name))
    return row


@action("letters.reply_letter")
def reply_letter(actor: Actor, letter_id: UUID, *, reply: str, unit_id: UUID | None = None) -> Recipient:
    """The unit answers, once; answering is receiving too. Raises UserError without a text."""
    letter = _issued(actor, letter_id)
    if not reply.strip():
        raise UserError(_("Write the reply."), field="reply")
    row = own_recipient(actor, letter, unit_id)
    if row.replied_at is not None:
        raise Conflict(_("%(who)s has replied already.") % {"who": row.replied_by_name})
    row.replied_at, row.replied_by_name, row.reply = clock.now(), actor.name, reply
    if row.received_at is None:
        row.received_at, row.received_by_name = row.replied_at, actor.name
    row.save()
    record(letter, {"replied": row.unit_id})
    emit(LetterReplied(letter.pk, letter.number_text, letter.title, (letter.unit_id,), actor.name))
    return row


@action("letters.settle_letter")
def settle_letter(actor: Actor, letter_id: UUID, unit_id: UUID, reply: str) -> Recipient:
    """A letter is answered by what it asked for (an opinion round's slip), so that the unit is not asked twice.

    Called by the action that took the answer and checked who may give it; whoever issued the letter is told there.
    Raises Conflict where there is nothing open to answer (`unanswered`).
    """
    row = unanswered(letter_id, unit_id).select_for_update(of=("self",)).first()
    if row is None:
        raise Conflict(_("This letter waits for no reply of this unit."))
    row.replied_at, row.replied_by_name, row.reply = clock.now(), actor.name, reply
    if row.received_at is None:
        row.received_at, row.received_by_name = row.replied_at, actor.name
    row.save()
    record(row.letter, {"replied": row.unit_id})
    return row


def unanswered(letter_id: UUID, unit_id: UUID) -> QuerySet[Recipient]:
    """The unit's place among the recipients of a letter in force, while it has not replied; else nothing."""
    rows = Recipient.objects.filter(letter_id=letter_id, unit_id=unit_id, replied_at=None)
    return rows.filter(letter__state=Letter.State.ISSUED).select_related("letter")


@action("letters.withdraw_letter")
def withdraw_letter(actor: Actor, letter_id: UUID, *, reason: str, replaced_by: UUID | None = None) -> Letter:
    """Withdraws a letter with a reason; its text and number stay. `replaced_by` is the letter that takes its
    place."""
    letter = _issued(actor, letter_id)
    if not can(actor, "withdraw", letter):
        raise NotAllowed(_("Only the unit that issued a letter may withdraw it."))
    if not reason.strip():
        raise UserError(_("Say why the letter is withdrawn."), field="reason")
    letter.state, letter.withdrawn_at, letter.withdrawal_reason = Letter.State.WITHDRAWN, clock.now(), reason
    letter.withdrawn_by_id = replaced_by
    letter.save(update_fields=["state", "withdrawn_at", "withdrawal_reason", "withdrawn_by"])
    record(letter, {"state": ["issued", "withdrawn"]}, reason=reason)
    units = tuple(letter.recipients.values_list("unit_id", flat=True))
    emit(LetterWithdrawn(letter.pk, letter.number_text, letter.title, units, actor.name, reason))
    return letter


def _issued(actor: Actor, letter_id: UUID) -> Letter:
    letter = visible_letter(actor, letter_id, lock=True)
    if letter.state != Letter.State.ISSUED:
        raise Conflict(_("This letter has been withdrawn."))
    return letter


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


def keep_files(
    actor: Actor,
    subject: tuple[str, UUID],
    uploads: Iterable[Upload],
    *,
    link: str = "",
    kind: str = "proof",
    field: str = "files",
    label: str = "",
) -> int:
    """Keeps files (and a link) and hangs them on the subject (type, id), all under `label`; returns how many.

    The caller has checked that the actor may change the subject. A file that is refused raises UserError at `field`.
    """
    try:
        documents = [store_document(actor, kind=kind, upload=upload) for upload in uploads]
        if link:
            documents.append(store_document(actor, kind=kind, link=link))
    except UserError as error:
        error.field = field
        raise
    for document in documents:
        attach_document(actor, document.pk, subject_type=subject[0], subject_id=subject[1], label=label)
    return len(documents)
