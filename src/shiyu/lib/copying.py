"""Writing many rows at once with PostgreSQL's COPY: the rows and figures of a locked period.

A locked month of a large city is some thirty thousand rows and well over a hundred thousand links from figures to
rows. Made as model instances and inserted in batches they take most of the time of locking; COPY takes them as they
are. It stands in the same transaction as everything else the action does, so it is all or nothing as before.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connections, models, router


def copy_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows (values in the order of `fields`, attribute names such as `revision_id`) into a model's table.

    Values are turned into what the database keeps by the model's own fields. Defaults of the model do not apply:
    name every field that has no value of the database's own. Constraints are checked as for any insert.
    """
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    found = [_field(model, name) for name in fields]
    prepared = [_prepared(field, connection) for field in found]
    columns = ", ".join(quote(field.column) for field in found)
    # The table's and the columns' names are the model's, never anything a person typed.
    command = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row([as_kept(value) for as_kept, value in zip(prepared, row, strict=True)])


_AS_IT_IS = (
    models.UUIDField,
    models.IntegerField,
    models.CharField,
    models.TextField,
    models.BooleanField,
    models.DateTimeField,
    models.BinaryField,
)


def _field(model: type[models.Model], attname: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.attname == attname)


def _prepared(field: Any, connection: Any) -> Callable[[Any], Any]:
    """How a value of a field goes into the database; what the driver knows goes as it is, which is much the fastest.
    Moments carry their zone already."""
    target = field.target_field if field.is_relation else field
    if isinstance(target, _AS_IT_IS):
        return _same
    return lambda value: field.get_db_prep_save(value, connection)


def _same(value: Any) -> Any:
    return value
