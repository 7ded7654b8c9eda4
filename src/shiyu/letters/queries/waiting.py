"""What waits for a person among letters, for the desk: to receive, to read, to answer, to judge, to issue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shiyu.kernel.actor import Actor
from shiyu.letters.models import BEFORE, OUT, Circulation, Letter, Reply
from shiyu.letters.queries.reading import unanswered_letters
from shiyu.people.queries import posts_held


@dataclass(frozen=True)
class LetterItem:
    """One letter on a desk: what is to be done with it, by when, where."""

    title: str
    sub: str
    why: str
    due_on: date | None
    button: str
    url: str


def letters_for_desk(actor: Actor) -> list[LetterItem]:
    """Everything that waits for the person; four queries."""
    return [*_own(actor), *_to_read(actor), *_to_judge(actor), *_to_issue(actor)]


def _own(actor: Actor) -> Iterable[LetterItem]:
    for row in unanswered_letters(actor):
        is_new = row.received_at is None
        why = _("To be received") if is_new else _("A written reply is asked for")
        if not is_new and row.urged_times:
            why = ngettext("Reply urged once", "Reply urged %(n)s times", row.urged_times) % {
                "n": row.urged_times
            }
        yield _item(row.letter, why, _("Receive") if is_new else _("Reply"), row.reply_by)


def _to_read(actor: Actor) -> Iterable[LetterItem]:
    if actor.user_id is None:
        return
    rows = Circulation.objects.filter(
        post_id__in=posts_held(actor.user_id), read_at=None, recipient__letter__state__in=OUT
    )
    for row in rows.select_related("recipient__letter__unit").order_by("sent_at"):
        yield _item(
            row.recipient.letter, _("Circulated to you by %(who)s") % {"who": row.sent_by_name}, _("Read")
        )


def _to_judge(actor: Actor) -> Iterable[LetterItem]:
    rows = Reply.objects.filter(
        verdict="",
        reply_by__isnull=False,
        recipient__letter__unit_id__in=actor.units_with("letter.issue"),
        recipient__letter__state=Letter.State.ISSUED,
    )
    found: dict[UUID, list[Any]] = {}
    for row in rows.select_related("recipient__letter__unit", "recipient__unit").order_by("replied_at"):
        found.setdefault(row.recipient.letter_id, []).append(row)
    for replies in found.values():
        names = "、".join(dict.fromkeys(row.recipient.unit.display_short for row in replies))
        yield _item(
            replies[0].recipient.letter, _("%(units)s has replied") % {"units": names}, _("Look at the reply")
        )


def _to_issue(actor: Actor) -> Iterable[LetterItem]:
    rows = Letter.objects.filter(unit_id__in=actor.units_with("letter.issue"), state__in=BEFORE)
    for row in rows.select_related("unit").order_by("created_at"):
        if row.state == Letter.State.APPROVAL:
            yield _item(row, _("Waits for the formal file"), _("Register the issue"))
        else:
            yield _item(row, _("A draft that has not been sent for approval"), _("Open the draft"))


def _item(letter: Letter, why: str, button: str, due_on: date | None = None) -> LetterItem:
    number = letter.number_text or _("no number yet")
    url = reverse("letter_detail", args=[letter.pk])
    return LetterItem(letter.title, f"{number} · {letter.unit.display_short}", why, due_on, button, url)
