"""Telling people; and the list views they keep."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import NotVisible, UserError
from shiyu.notices.models import Delivery, Notice, SavedView


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


def mark_read(user_id: UUID, notice_ids: Iterable[UUID] | None = None) -> int:
    """Mark one's notices read (all of them where none are named). Reading is not watched: no audit entry."""
    mine = Notice.objects.filter(user_id=user_id, read_at=None)
    if notice_ids is not None:
        mine = mine.filter(pk__in=list(notice_ids))
    return mine.update(read_at=clock.now())


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
