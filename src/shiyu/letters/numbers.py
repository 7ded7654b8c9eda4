"""Running numbers after the pack's series: gapless where the product gives them, and never given twice."""

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
    number = _count(key, series, day, "last + 1", 1)
    return number, _text(series, number, day, names)


def take_numbers(key: str, series: NumberSeries, day: date, count: int) -> list[str]:
    """The texts of the next `count` numbers of a series, in order, by one statement; else as `take_number`."""
    last = _count(key, series, day, "last + %s", count, count)
    return [_text(series, number, day, {}) for number in range(last - count + 1, last + 1)]


def keep_number(key: str, series: NumberSeries, day: date, number: int, **names: str) -> str:
    """The text of a number that came from elsewhere (the office's document system); the next one taken is above it.

    Must run inside a transaction, like `take_number`. The caller checks that nobody has the number.
    """
    _count(key, series, day, "GREATEST(%s, {table}.last)", number, number)
    return _text(series, number, day, names)


def next_number(key: str, series: NumberSeries, day: date) -> int:
    """The number that `take_number` would give now; nothing is taken."""
    row = Counter.objects.filter(series=_full(key, series, day)).first()
    return row.last + 1 if row else 1


def _count(key: str, series: NumberSeries, day: date, how: str, first: int, *more: int) -> int:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number needs a transaction")
    table = connection.ops.quote_name(Counter._meta.db_table)
    update = how.format(table=table) if "{table}" in how else f"{table}.{how}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (id, series, last) VALUES (%s, %s, %s) "
            f"ON CONFLICT (series) DO UPDATE SET last = {update} RETURNING last",
            [new_id(), _full(key, series, day), first, *more],
        )
        return int(cursor.fetchone()[0])


def _full(key: str, series: NumberSeries, day: date) -> str:
    return f"{key}:{day.year}" if series.restart == "year" else key


def _text(series: NumberSeries, number: int, day: date, names: dict[str, str]) -> str:
    return series.text(number, year=day.year, month=f"{day.month:02d}", **names)
