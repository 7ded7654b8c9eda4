"""Log lines that quote no data: a database error repeats the row it refuses, and a row is somebody's affair."""

import logging
import traceback
from collections.abc import Iterator

from django.db import Error as DatabaseError
from psycopg import Error as DriverError


class QuotesNoData(logging.Formatter):
    """Writes a fault with its type and place in the code; of a database error its code and constraint, never its text."""

    def formatException(self, ei: object) -> str:
        """The stack of each error in the chain, the cause first; `ei` is logging's (type, error, traceback)."""
        error = ei[1] if isinstance(ei, tuple) else None
        if error is None:
            return ""
        return "\n".join(
            "".join(traceback.format_tb(one.__traceback__)) + _said(one) for one in _chain(error)
        )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The causes first, as Python prints them."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _chain(before)
    yield error


def _said(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, DriverError):
        return (
            f"{name}: {error.sqlstate or ''} {error.diag.table_name or ''} {error.diag.constraint_name or ''}"
        )
    if isinstance(error, DatabaseError):
        return name
    return f"{name}: {error}"
