"""Reads over notices."""

from uuid import UUID

from shiyu.notices.models import Notice, SavedView


def unread_count(user_id: UUID) -> int:
    """How many notices the person has not read, up to 100."""
    return Notice.objects.filter(user_id=user_id, read_at=None)[:100].count()


def saved_views(user_id: UUID, page: str) -> list[SavedView]:
    """The views a person keeps of a list (`page` is the list's key)."""
    return list(SavedView.objects.filter(user_id=user_id, page=page).order_by("name"))
