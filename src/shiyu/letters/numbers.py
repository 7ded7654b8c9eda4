"""Running numbers after the pack's series: gapless, and never given twice."""

from datetime import date

from django.db import connection, transaction

from shiyu.kernel.spec.documents import NumberSeries
from shiyu.letters.models import Counter
from shiyu.lib.ids import new_id


def take_number(key: str, series: NumberSeries, day: date, **names: str) -> tuple[int, str]:
    """The next number of the series `key` (kind, unit …) on `day`, and its text after the series' pattern.

    Must run inside a transaction: the counter's row stays locked until it ends, so that a number whose
    transaction fails is given to the next. `names` fill {{unit}}; year and month come from `day`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("take_number() needs a transaction")
    full = f"{key}:{day.year}" if series.restart == "year" else key
    table = connection.ops.quote_name(Counter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (id, series, last) VALUES (%s, %s, 1) "
            f"ON CONFLICT (series) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [new_id(), full],
        )
        number = cursor.fetchone()[0]
    return number, series.text(number, year=day.year, month=f"{day.month:02d}", **names)
