"""`column = ANY(array)`, so that a subquery becomes one array before the rows are looked at.

`column IN (subquery)` under an OR is a filter to PostgreSQL; `= ANY(ARRAY(subquery))` is a condition that an index
answers, alone or with others under an OR.
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, QuerySet


class AnyOf(Func):
    """Whether a column is among the values of a one-column queryset: `rows.filter(AnyOf("unit_id", units))`."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str, rows: QuerySet[Any], **more: Any) -> None:
        super().__init__(F(column), ArraySubquery(rows), **more)

    def __repr__(self) -> str:
        return f"AnyOf({self.source_expressions!r})"
