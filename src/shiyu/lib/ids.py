"""Row keys: UUIDv7, so that neighbours in time are neighbours in the index."""

from uuid import UUID

from uuid6 import uuid7


def new_id() -> UUID:
    """A new UUIDv7."""
    return UUID(int=uuid7().int)
