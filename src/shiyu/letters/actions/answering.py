"""What becomes of a letter at those who got it: received, circulated, answered, accepted or sent back, urged."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.limits import local_day
from shiyu.letters.access import SUBJECT_REPLY, can, own_recipient, visible_circulation, visible_letter
from shiyu.letters.actions.files import keep_files
from shiyu.letters.actions.going_out import add_reply, named
from shiyu.letters.events import LetterCirculated, LetterReceived, LetterUrged, ReplyJudged
from shiyu.letters.models import Circulation, Letter, Recipient, Reply
from shiyu.letters.queries.posts import posts_to_circulate_to
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.lib.events import emit
from shiyu.packs.queries import current_calendar, current_pack


@action("letters.receive_letter")
def receive_letter(actor: Actor, letter_id: UUID, unit_id: UUID | None = None) -> Recipient:
    """The unit has received the letter. Raises NotAllowed if it is not addressed to a unit of the actor."""
    letter = in_force(actor, letter_id)
    row = own_recipient(actor, letter, unit_id)
    if row.received_at is not None:
        raise Conflict(_("%(who)s has received it already.") % {"who": row.received_by_name})
    row.received_at, row.received_by_name = clock.now(), actor.name
    row.save(update_fields=["received_at", "received_by_name"])
    record(letter, {"received": row.unit_id})
    emit(LetterReceived(**named(letter, (letter.unit_id,), actor)))
    return row


@action("letters.reply_letter")
def reply_letter(
    actor: Actor, letter_id: UUID, *, reply: str, unit_id: UUID | None = None, files: Iterable[Any] = ()
) -> Recipient:
    """The unit answers, with files as proof; answering is receiving too. A reply after the first is a further one.

    Raises UserError without a text, NotAllowed for who does not answer for a recipient, or for a copy.
    """
    letter = in_force(actor, letter_id)
    if not reply.strip():
        raise UserError(_("Write the reply."), field="reply")
    row = own_recipient(actor, letter, unit_id)
    if row.is_copy:
        raise NotAllowed(_("Your unit was copied in: no reply is asked of it."))
    was_open = row.replied_at is None
    made = add_reply(actor, row, reply)
    kept = keep_files(actor, (SUBJECT_REPLY, made.pk), files)
    record(letter, {"replied": row.unit_id, "further": not was_open, "files": kept})
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
    made = add_reply(actor, row, reply, tell=False)
    made.verdict, made.judged_at, made.judged_by_name = Reply.Verdict.ACCEPTED, clock.now(), actor.name
    made.save(update_fields=["verdict", "judged_at", "judged_by_name"])
    record(row.letter, {"replied": row.unit_id})
    return row


def unanswered(letter_id: UUID, unit_id: UUID) -> QuerySet[Recipient]:
    """The unit's place among the recipients of a letter in force, while it has not replied; else nothing."""
    rows = Recipient.objects.filter(letter_id=letter_id, unit_id=unit_id, replied_at=None, is_copy=False)
    return rows.filter(letter__state=Letter.State.ISSUED).select_related("letter")


@action("letters.judge_reply")
def judge_reply(
    actor: Actor, reply_id: UUID, *, verdict: str, reason: str = "", reply_by: date | None = None
) -> Reply:
    """The unit that asked accepts a reply, or sends it back for a better one with a reason and a day to reply by
    (without one the kind's limit runs anew). Raises Conflict for a reply judged already."""
    found = Reply.objects.select_related("recipient").filter(pk=reply_id).first()
    if found is None:
        raise NotVisible(_("There is no such reply, or it is not for you to see."))
    letter = in_force(actor, found.recipient.letter_id)
    if not can(actor, "withdraw", letter):
        raise NotAllowed(_("Only the unit that asked may accept a reply or send it back."))
    row = Reply.objects.select_for_update().get(pk=reply_id)
    if row.verdict:
        raise Conflict(_("%(who)s has judged this reply already.") % {"who": row.judged_by_name})
    if verdict not in (Reply.Verdict.ACCEPTED, Reply.Verdict.SENT_BACK):
        raise UserError(_("Accept the reply or send it back."), field="verdict")
    row.verdict, row.verdict_reason = verdict, reason.strip()
    row.judged_at, row.judged_by_name = clock.now(), actor.name
    day = _asked_again(letter, row, reply_by) if verdict == Reply.Verdict.SENT_BACK else None
    row.save()
    record(letter, {"reply": row.pk, "verdict": verdict, "reply_by": day}, reason=reason)
    units = (found.recipient.unit_id,)
    emit(ReplyJudged(**named(letter, units, actor), verdict=verdict, reason=reason, reply_by=day))
    return row


def _asked_again(letter: Letter, row: Reply, reply_by: date | None) -> date | None:
    """The recipient owes a reply again, by a new day."""
    if len(row.verdict_reason) < 2:
        raise UserError(_("Say what is missing in the reply."), field="reason")
    if reply_by is not None and reply_by < clock.today():
        raise UserError(_("The day to reply by cannot lie in the past."), field="reply_by")
    kind = current_pack().letter.get(letter.kind)
    if reply_by is None and kind is not None and kind.reply is not None:
        reply_by = local_day(current_calendar().add(clock.now(), kind.reply))
    asked = Recipient.objects.select_for_update().get(pk=row.recipient_id)
    asked.replied_at, asked.replied_by_name = None, ""
    asked.reply_by = reply_by or asked.reply_by
    asked.save(update_fields=["replied_at", "replied_by_name", "reply_by"])
    return asked.reply_by


@action("letters.circulate_letter")
def circulate_letter(
    actor: Actor, letter_id: UUID, *, post_ids: Sequence[UUID], note: str = "", unit_id: UUID | None = None
) -> list[Circulation]:
    """Shows a received letter to posts of the recipient's own unit and its offices; each ticks it as read.

    A post that has it already is left out. Raises UserError without a post, or with one of another unit.
    """
    letter = in_force(actor, letter_id)
    row = own_recipient(actor, letter, unit_id)
    if row.received_at is None:
        raise Conflict(_("Note the receipt first, then circulate the letter."))
    wanted = set(post_ids)
    posts = [post for post in posts_to_circulate_to(row.unit_id) if post.pk in wanted]
    if not wanted or len(posts) != len(wanted):
        raise UserError(_("Choose posts of your own unit."), field="posts")
    known = set(row.circulations.values_list("post_id", flat=True))
    made = Circulation.objects.bulk_create(
        Circulation(recipient=row, post=post, sent_by_name=actor.name, note=note.strip()[:200])
        for post in posts
        if post.pk not in known
    )
    if not made:
        raise UserError(_("These posts have the letter already."), field="posts")
    record(letter, {"circulated": [post.code for post in posts if post.pk not in known]}, reason=note)
    new = tuple(one.post_id for one in made)
    emit(LetterCirculated(**named(letter, (row.unit_id,), actor), post_ids=new))
    return made


@action("letters.read_circulated")
def read_circulated(actor: Actor, circulation_id: UUID, *, word: str = "") -> Circulation:
    """The holder of the post has read the letter (圈阅), with a word where there is one to say."""
    row = visible_circulation(actor, circulation_id)
    if row.read_at is not None:
        raise Conflict(_("%(who)s has ticked it already.") % {"who": row.read_by_name})
    row.read_at, row.read_by_name, row.word = clock.now(), actor.name, word.strip()[:500]
    row.save(update_fields=["read_at", "read_by_name", "word"])
    record(row.recipient.letter, {"read": row.post.code}, reason=row.word)
    return row


@action("letters.urge_letter")
def urge_letter(actor: Actor, letter_id: UUID, *, words: str, unit_ids: Sequence[UUID] = ()) -> Letter:
    """Reminds recipients that owe a reply (all of them without `unit_ids`), with a word. Raises Conflict where nobody
    owes one."""
    letter = in_force(actor, letter_id)
    if not can(actor, "withdraw", letter):
        raise NotAllowed(_("Only the unit that asked may urge a reply."))
    if not words.strip():
        raise UserError(_("Say what is urged."), field="words")
    rows = letter.recipients.filter(replied_at=None, is_copy=False)
    if unit_ids:
        rows = rows.filter(unit_id__in=unit_ids)
    units = tuple(rows.order_by("unit__protocol_order").values_list("unit_id", flat=True))
    if not units:
        raise Conflict(_("Every unit has replied: there is nothing to urge."))
    rows.update(urged_at=clock.now(), urged_times=F("urged_times") + 1)
    record(letter, {"urged": units}, reason=words)
    emit(LetterUrged(**named(letter, units, actor), words=words))
    return letter


def in_force(actor: Actor, letter_id: UUID) -> Letter:
    """A letter the person sees that went out and holds, locked. Raises Conflict for any other."""
    letter = visible_letter(actor, letter_id, lock=True)
    if letter.state == Letter.State.WITHDRAWN:
        raise Conflict(_("This letter has been withdrawn."))
    if letter.state != Letter.State.ISSUED:
        raise Conflict(_("This letter has not been issued yet."))
    return letter
