"""Many matters with their stays, units and reporters, made set-based by the database itself: minutes, not days.

They lie over the three years before now, evenly. Of what is older than three months about 1 in 400 is still open, of
the last two weeks most is: in all 2 to 3 in 100. Every choice is made by a hash of the row's number, so that the same
size gives the same rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, models
from psycopg import sql

from shiyu.bench.matters import rows
from shiyu.bench.matters.scripts import DEEDS, STAGES, states_of
from shiyu.demo.material import read_material
from shiyu.kernel.spec.matters import Kind
from shiyu.letters.models import Counter
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.lib.search_text import index_literal
from shiyu.matters.models import Assignment, FollowUp, GradeSet, Matter, Party, Return, Step
from shiyu.packs.queries import current_pack, current_version_id
from shiyu.people.models import Unit

DAYS = 3 * 365
YEAR, NUMBER = 98764, 98765
"""Stand for year and running number in a code until the row's own are known."""
SHARES = {"request": 60, "dispute": 20, "hazard": 10, "whistle": 4, "finding": 4, "petition": 2}
"""Matters of each kind in a hundred; kinds the pack does not have are left out, others come in by one."""
FILLED: tuple[type[models.Model], ...] = (Matter, Assignment, Step, Return, FollowUp, Party, GradeSet)


def fill(folder: Path, count: int) -> None:
    """`count` matters of the city whose pack and seed are loaded already (texts from its `seed/demo/`)."""
    with connection.cursor() as cursor:
        # Not lasting, and without foreign keys being looked up row by row: what is made here refers to what is there.
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '512MB'; SET work_mem = '128MB'; SET jit = off")
        cursor.execute(rows.FUNCTIONS)
        cursor.execute(rows.TABLES)
        _write_choices(cursor, folder)
        given = {
            "now": clock.now(),
            "days": DAYS,
            "count": count,
            "phases": [phase.value for phase in STAGES],
            **_sizes(cursor, folder),
        }
        cursor.execute(rows.CHOICES, given)
        with _indexes_made_last(cursor):
            _insert(cursor, Matter, rows.MATTERS, given)
            for columns, where in rows.ASSIGNMENTS:
                _insert(cursor, Assignment, columns, given, where)
            _insert(cursor, Step, rows.STEPS, given, source=rows.STEP_ROWS)
            for model, columns, where in (
                (Return, *rows.RETURNS),
                (Return, *rows.OPEN_RETURNS),
                (FollowUp, *rows.FOLLOW_UPS),
                (Party, *rows.PARTIES),
                (GradeSet, *rows.GRADES),
            ):
                _insert(cursor, model, columns, given, where)
        _clear(cursor)
        cursor.execute("RESET ALL")
        for filled in FILLED:
            cursor.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(filled._meta.db_table)))
    _set_counters(count)


def _insert(
    cursor: Any,
    model: type[models.Model],
    columns: dict[str, str],
    given: dict[str, Any],
    where: str = "true",
    source: str = "bench_row r",
) -> None:
    """Rows of a model from the choices: the columns named by their expressions, all others by the model's default."""
    names, values = [], []
    for field in model._meta.concrete_fields:
        names.append(sql.Identifier(str(field.column)))
        if field.column in columns:
            values.append(columns[field.column])
        else:
            default = field.get_default()
            given = {
                **given,
                f"d_{field.column}": json.dumps(default) if isinstance(default, (dict, list)) else default,
            }
            values.append(f"%(d_{field.column})s")
    statement = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} WHERE {}").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(names),
        *(sql.SQL(text) for text in (", ".join(values), source, where)),  # type: ignore[arg-type]
    )
    cursor.execute(statement, given)


@contextmanager
def _indexes_made_last(cursor: Any) -> Iterator[None]:
    """Within the block the tables have no index but those of their constraints; they are made anew at its end."""
    tables = [model._meta.db_table for model in FILLED]
    cursor.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i LEFT JOIN pg_constraint c ON c.conname = i.indexname"
        " WHERE i.schemaname = 'public' AND i.tablename = ANY(%s) AND c.oid IS NULL AND i.indexdef NOT LIKE '%% UNIQUE %%'",
        [tables],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    for _name, definition in found:
        cursor.execute(definition)


def _write_choices(cursor: Any, folder: Path) -> None:
    pack, towns, texts = current_pack(), _towns(), read_material(folder).matters
    cursor.executemany("INSERT INTO bench_town VALUES (%s, %s, %s, %s, %s, %s)", towns)
    cursor.executemany(
        "INSERT INTO bench_kind VALUES (%s, %s, %s, %s, %s, %s)",
        [
            (code, states_of(kind), _code(kind), _outcomes(kind), _grades(kind), current_version_id())
            for code, kind in pack.kind.items()
        ],
    )
    cursor.executemany(
        "INSERT INTO bench_text VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [
            (
                n,
                row["kind"],
                row.get("topic", ""),
                row.get("sort", ""),
                row["source"],
                row["title"],
                row["text"],
                "{}",
            )
            for n, row in enumerate(texts)
        ],
    )
    names = dict(Unit.objects.values_list("pk", "short_name"))
    words = []
    for n, row in enumerate(texts):
        for town in towns:
            body = row["text"].replace("{place}", names[town[4][0]])
            code = _code(pack.kind[row["kind"]])
            words.append((n, town[0], body, index_literal([code, row["title"], body, ""])))
    cursor.executemany("INSERT INTO bench_words VALUES (%s, %s, %s, %s)", words)
    cursor.executemany(
        "INSERT INTO bench_deed VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [(nr, d.stage, d.within, d.verb, d.begins, d.ends, d.by_lead) for nr, d in enumerate(DEEDS)],
    )


def _sizes(cursor: Any, folder: Path) -> dict[str, Any]:
    """How many towns there are, and the texts in the proportion of their kinds."""
    by_kind: dict[str, list[int]] = {}
    for n, row in enumerate(read_material(folder).matters):
        by_kind.setdefault(row["kind"], []).append(n)
    picks = [
        texts[at % len(texts)] for kind, texts in by_kind.items() for at in range(SHARES.get(kind, 1) * 10)
    ]
    return {"towns": len(_towns()), "picks": picks}


def _towns() -> list[tuple[Any, ...]]:
    """For each town centre: number, itself, the centre above, its places, its villages' stations, and the units that
    handle things there, the nearest ones more often."""
    found: list[tuple[Any, ...]] = []
    units = list(Unit.objects.select_related("area").by_protocol())
    for centre in units:
        if centre.kind != "centre" or centre.area is None or centre.area.level != "town":
            continue
        stations = [unit for unit in units if unit.kind == "centre" and unit.upper_centre_id == centre.pk]
        here = [unit for unit in units if unit.area_id == centre.area_id and unit.pk != centre.pk]
        above = centre.upper_centre
        county = [u for u in units if above and u.area_id == above.area_id and u.kind == "department"]
        leads = [*here * 4, *stations * 2, *county]
        places = [unit.area_id for unit in stations]
        keys = [[unit.pk for unit in group] for group in (stations, leads)]
        found.append((len(found) + 1, centre.pk, centre.upper_centre_id, places, *keys))
    return found


def _code(kind: Kind) -> str:
    return kind.number.text(NUMBER, year=YEAR, month="01")


def _outcomes(kind: Kind) -> list[str]:
    """Nine in ten end as they should."""
    usual = "agreement" if "agreement" in kind.outcomes else "done"
    return [usual] * 9 + ["withdrawn"]


def _grades(kind: Kind) -> list[str] | None:
    """Most are low: the first grade of a table is its highest."""
    grades = list(kind.grading.grades) if kind.grading else []
    return [*grades, *grades[1:], *grades[-1:] * 4] or None


def _set_counters(count: int) -> None:
    """The next number of each kind follows those given here."""
    for code in current_pack().kind:
        Counter.objects.update_or_create(
            series=f"matter:{code}:{clock.today().year}",
            defaults={"last": count},
            create_defaults={"id": new_id(), "last": count},
        )


def _clear(cursor: Any) -> None:
    for table in ("row", "town", "kind", "text", "words", "deed"):
        cursor.execute(f"DROP TABLE bench_{table}")
    for function in ("key", "h"):
        cursor.execute(f"DROP FUNCTION bench_{function}")


def size() -> dict[str, int]:
    """How many rows there are of each table that was filled."""
    return {model._meta.label_lower: model._default_manager.count() for model in FILLED}
