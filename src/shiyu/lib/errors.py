"""Errors that are meant for the person at the screen.

A `UserError` says what is wrong, where, and what to do, in the user's language. Views turn it into the
error box above the form (nothing typed is lost); jobs and the command line print it.
"""

from typing import Any


class UserError(Exception):
    """Something the user can put right. `message` is translated text; `where` names field, sheet, row …"""

    def __init__(self, message: Any, *, field: str | None = None, **where: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.where = where

    def __str__(self) -> str:
        return str(self.message)


class Refusal(UserError):
    """The person has no right to it. A view that shows a UserError on its page lets this one through (`except
    Refusal: raise`), so that the answer is 404 or 403 and never a friendly redirect."""


class NotVisible(Refusal):
    """The thing does not exist for this person: 404."""


class NotAllowed(Refusal):
    """The person sees the thing but may not do this: 403."""


class Conflict(UserError):
    """Somebody else was faster: says who and when; the page offers to reload. 409."""
