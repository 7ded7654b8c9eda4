"""What follows when a letter goes out: the letter it withdraws no longer holds, the one it answers is answered."""

from typing import Any
from uuid import UUID

from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.documents import Letter as LetterKind
from shiyu.letters.events import LetterIssued, LetterReplied, LetterWithdrawn
from shiyu.letters.models import Letter, Recipient, Reply
from shiyu.lib import clock
from shiyu.lib.events import emit
from shiyu.packs.queries import current_pack


def went_out(actor: Actor, letter: Letter, kind: LetterKind) -> None:
    """Consequences of an issue, in its transaction, and the news of it."""
    units = tuple(letter.recipients.order_by("unit__protocol_order").values_list("unit_id", flat=True))
    if letter.withdraws_id is not None:
        _withdraw(actor, letter)
    else:
        # Whoever answers writes for their own unit; they need not stand above what the letter is about.
        effect = kind.effect.value if kind.effect and letter.answers_id is None else ""
        emit(
            LetterIssued(
                **named(letter, units, actor), reply_by=letter.reply_by, effect=effect, unit_id=letter.unit_id
            )
        )
    if letter.answers_id is not None:
        asked = (
            Recipient.objects.select_for_update(of=("self",))
            .select_related("letter")
            .get(pk=letter.answers_id)
        )
        # Withdrawn while the answer was on its way: the answer goes out, but nothing was asked any more.
        if asked.letter.state == Letter.State.ISSUED:
            add_reply(actor, asked, letter.body, letter)


def named(letter: Letter, unit_ids: tuple[UUID, ...], actor: Actor) -> dict[str, Any]:
    """What every event of a letter says."""
    return {
        "letter_id": letter.pk,
        "number": letter.number_text,
        "title": letter.title,
        "unit_ids": unit_ids,
        "by_name": actor.name,
        "subject_type": letter.subject_type,
        "subject_id": letter.subject_id,
    }


def add_reply(
    actor: Actor, asked: Recipient, text: str, by_letter: Letter | None = None, *, tell: bool = True
) -> Reply:
    """Writes a reply down; answering is receiving too. A further reply keeps no day it was due by. Whoever asked is
    told, unless the caller tells them."""
    reply = Reply.objects.create(
        recipient=asked,
        text=text.strip(),
        replied_at=clock.now(),
        replied_by_name=actor.name,
        reply_by=asked.reply_by if asked.replied_at is None else None,
        letter=by_letter,
    )
    if asked.replied_at is None:
        asked.replied_at, asked.replied_by_name = reply.replied_at, actor.name
    if asked.received_at is None:
        asked.received_at, asked.received_by_name = reply.replied_at, actor.name
    asked.save()
    if tell:
        letter = asked.letter
        emit(LetterReplied(**named(letter, (letter.unit_id,), actor), from_unit_id=asked.unit_id))
    return reply


def _withdraw(actor: Actor, by: Letter) -> None:
    """The letter `by` withdraws another: it is struck, and what it asked for is not asked any more."""
    old = Letter.objects.select_for_update().get(pk=str(by.withdraws_id))
    old.state, old.withdrawn_at, old.withdrawn_by = Letter.State.WITHDRAWN, clock.now(), by
    old.withdrawal_reason = by.withdrawal_reason or old.withdrawal_reason
    old.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    units = tuple(old.recipients.values_list("unit_id", flat=True))
    kind = current_pack().letter.get(old.kind)
    effect = kind.effect.value if kind and kind.effect and old.answers_id is None else ""
    told = named(old, units, actor)
    emit(LetterWithdrawn(**told, reason=old.withdrawal_reason, by_number=by.number_text, effect=effect))
