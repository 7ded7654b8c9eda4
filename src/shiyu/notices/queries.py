"""Reads over notices."""

from uuid import UUID

from shiyu.notices.models import Notice


def unread_count(user_id: UUID) -> int:
    """How many notices the person has not read, up to 100."""
    return Notice.objects.filter(user_id=user_id, read_at=None)[:100].count()
