"""What people tells others."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PasswordReset:
    """An account was given a one-time password: whatever else opened it opens nothing any more."""

    user_id: UUID
    by_name: str


@dataclass(frozen=True)
class PostHandedOver:
    """Somebody leaves a post, and what stood in their name went to another person, who is told."""

    from_name: str
    post: str
    unit_id: UUID
    to_id: UUID
    count: int
