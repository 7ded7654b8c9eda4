"""What waits for a person among letters, for the desk: to receive, to read, to answer, to judge, to issue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shiyu.kernel.actor import Actor
from shiyu.letters.models import BEFORE, OUT, Circulation, Letter, Reply
from shiyu.letters.queries.reading import unanswered, unanswered_letters
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


MOST = 100
"""So many letters stand on a desk; the list has the rest."""


def letters_for_desk(actor: Actor) -> list[LetterItem]:
    """What waits for the person, by due day, those without one last; the first `MOST`. Four queries, none reading more
    than `MOST` rows."""
    found = [*_own(actor), *_to_read(actor), *_to_judge(actor), *_to_issue(actor)]
    return sorted(found, key=lambda item: item.due_on or date.max)[:MOST]


def letters_waiting(actor: Actor) -> QuerySet[Letter]:
    """Every letter that waits for the person, as the list shows them."""
    ids = (
        unanswered(actor)
        .values("letter_id")
        .union(
            _unread(actor).values("recipient__letter_id"),
            _unjudged(actor).values("recipient__letter_id"),
            _unissued(actor).values("pk"),
        )
    )
    return Letter.objects.filter(pk__in=ids)


def _unread(actor: Actor) -> QuerySet[Circulation]:
    posts = posts_held(actor.user_id) if actor.user_id else []
    return Circulation.objects.filter(post_id__in=posts, read_at=None, recipient__letter__state__in=OUT)


def _unjudged(actor: Actor) -> QuerySet[Reply]:
    return Reply.objects.filter(
        verdict="",
        reply_by__isnull=False,
        recipient__letter__unit_id__in=actor.units_with("letter.issue"),
        recipient__letter__state=Letter.State.ISSUED,
    )


def _unissued(actor: Actor) -> QuerySet[Letter]:
    return Letter.objects.filter(unit_id__in=actor.units_with("letter.issue"), state__in=BEFORE)


def _own(actor: Actor) -> Iterable[LetterItem]:
    for row in unanswered_letters(actor, MOST):
        is_new = row.received_at is None
        why = _("To be received") if is_new else _("A written reply is asked for")
        if not is_new and row.urged_times:
            why = ngettext("Reply urged once", "Reply urged %(n)s times", row.urged_times) % {
                "n": row.urged_times
            }
        yield _item(row.letter, why, _("Receive") if is_new else _("Reply"), row.reply_by)


def _to_read(actor: Actor) -> Iterable[LetterItem]:
    rows = _unread(actor).select_related("recipient__letter__unit").order_by("sent_at", "id")
    for row in rows[:MOST]:
        yield _item(
            row.recipient.letter, _("Circulated to you by %(who)s") % {"who": row.sent_by_name}, _("Read")
        )


def _to_judge(actor: Actor) -> Iterable[LetterItem]:
    rows = _unjudged(actor).select_related("recipient__letter__unit", "recipient__unit")
    found: dict[UUID, list[Any]] = {}
    for row in rows.order_by("replied_at", "id")[:MOST]:
        found.setdefault(row.recipient.letter_id, []).append(row)
    for replies in found.values():
        names = "、".join(dict.fromkeys(row.recipient.unit.display_short for row in replies))
        yield _item(
            replies[0].recipient.letter, _("%(units)s has replied") % {"units": names}, _("Look at the reply")
        )


def _to_issue(actor: Actor) -> Iterable[LetterItem]:
    for row in _unissued(actor).select_related("unit").order_by("created_at", "id")[:MOST]:
        if row.state == Letter.State.APPROVAL:
            yield _item(row, _("Waits for the formal file"), _("Register the formal file"))
        else:
            yield _item(row, _("A draft that has not been sent for approval"), _("Open the draft"))


def _item(letter: Letter, why: str, button: str, due_on: date | None = None) -> LetterItem:
    number = letter.number_text or _("no number yet")
    url = reverse("letter_detail", args=[letter.pk])
    return LetterItem(letter.title, f"{number} · {letter.unit.display_short}", why, due_on, button, url)
