"""Telling people; and the list views they keep."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import NotVisible, UserError
from shiyu.notices.models import Delivery, Notice, SavedView
from shiyu.people.models import User


def notify(
    user_ids: Iterable[UUID], *, kind: str, zh: str, en: str, url: str = "", subject_id: UUID | None = None
) -> int:
    """Write one notice for each person, and its delivery for each channel switched on. Returns how many.

    A consequence of another action, which is what the audit records; called by jobs (wiring.LATER).
    """
    notices = [
        Notice(user_id=key, kind=kind, title_zh=zh[:200], title_en=en[:200], url=url, subject_id=subject_id)
        for key in dict.fromkeys(user_ids)
    ]
    Notice.objects.bulk_create(notices)
    Delivery.objects.bulk_create(
        [
            Delivery(notice=notice, channel=channel)
            for notice in notices
            for channel in settings.NOTICE_CHANNELS
        ]
    )
    return len(notices)


def notify_anew(
    user_ids: Iterable[UUID], *, kind: str, subject_id: UUID, zh: str, en: str, url: str = ""
) -> int:
    """Like `notify` for news that counts up: a person has one notice of a kind about a subject. One not read yet says
    the new words; one that was read is unread again. It goes out through the channels only when it was not waiting to
    be read anyway. Returns how many were written or reworded.
    """
    with transaction.atomic():
        # Held, so that two pieces of news at the same moment find each other's notice.
        people = User.objects.select_for_update().filter(pk__in=list(user_ids)).order_by("pk")
        keys = list(people.values_list("pk", flat=True))
        mine = Notice.objects.filter(user_id__in=keys, kind=kind, subject_id=subject_id)
        waiting = mine.filter(read_at=None)
        unread = set(waiting.values_list("user_id", flat=True))
        waiting.update(title_zh=zh[:200], title_en=en[:200], url=url, created_at=clock.now())
        others = [key for key in keys if key not in unread]
        mine.filter(user_id__in=others).delete()
        return len(unread) + notify(others, kind=kind, zh=zh, en=en, url=url, subject_id=subject_id)


def mark_read(user_id: UUID, notice_ids: Iterable[UUID] | None = None) -> int:
    """Mark one's notices read (all of them where none are named). Reading is not watched: no audit entry."""
    mine = Notice.objects.filter(user_id=user_id, read_at=None)
    if notice_ids is not None:
        mine = mine.filter(pk__in=list(notice_ids))
    return mine.update(read_at=clock.now())


def mark_settled(kind: str, subject_id: UUID) -> int:
    """Mark everybody's notices of a kind about a subject read: what they ask for is done. How many were unread.

    A consequence of another action, which is what the audit records; called by jobs (wiring.LATER).
    """
    unread = Notice.objects.filter(kind=kind, subject_id=subject_id, read_at=None)
    return unread.update(read_at=clock.now())


@action("notices.save_view")
def save_view(actor: Actor, *, page: str, name: str, query: str) -> SavedView:
    """Keep a list's filters under a name; the same name again replaces them."""
    if actor.user_id is None or not name.strip():
        raise UserError(_("Give the view a name."), field="name")
    view, _created = SavedView.objects.update_or_create(
        user_id=actor.user_id, page=page[:60], name=name.strip()[:60], defaults={"query": query[:600]}
    )
    record(view, {"page": page, "name": name})
    return view


@action("notices.delete_view")
def delete_view(actor: Actor, view_id: UUID) -> None:
    """Remove one of one's own saved views."""
    view = SavedView.objects.filter(pk=view_id).first()
    if view is None or view.user_id != actor.user_id:
        raise NotVisible(_("There is no such view."))
    record(view, {"name": view.name})
    view.delete()
