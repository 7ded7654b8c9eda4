"""What the application does, as somebody would write it by hand in SQL: the same rows, through the same driver.

No right is asked, no rule decided and nothing is shown; that is what the ratio beside each figure is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from shiyu.audit.models import AuditEntry
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.lib.search_text import index_literal
from shiyu.matters.models import Assignment, Matter, Step

Row = dict[str, Any]


def read(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(given))
        return cursor.fetchall()


# --- reading --------------------------------------------------------------------------------------------------

SEEN = """(m.unit_id = ANY(ARRAY(SELECT id FROM people_unit WHERE id = ANY(%(units)s) OR upper_centre_id = ANY(%(units)s)
      OR upper_centre_id IS NULL AND parent_id = ANY(%(units)s)))
  OR m.filed_unit_id = ANY(%(units)s)
  OR EXISTS (SELECT FROM matters_assignment s JOIN people_unit su ON su.id = s.unit_id WHERE s.matter_id = m.id
     AND (s.unit_id = ANY(%(units)s) OR s.office_id = ANY(%(units)s) OR su.upper_centre_id = ANY(%(units)s))))"""

LIST = """
SELECT m.id, m.code, m.title, m.kind, m.phase, m.state, m.topic, m.grade, m.level, m.source, m.due_at, m.step_due_at, m.warn_at,
       m.received_at, m.closed_at, m.about_label, m.progress, m.verified_by_id, u.short_name, a.name, l.short_name
FROM matters_matter m JOIN people_unit u ON u.id = m.unit_id LEFT JOIN places_area a ON a.id = m.area_id
LEFT JOIN LATERAL (SELECT lu.short_name FROM matters_assignment x JOIN people_unit lu ON lu.id = x.unit_id
  WHERE x.matter_id = m.id AND x.role = 'lead' AND x.ended NOT IN ('returned', 'transferred', 'withdrawn')
  ORDER BY x.asked_at DESC LIMIT 1) l ON true
WHERE {where} ORDER BY {order} LIMIT {limit}
"""


def listed(where: str, order: str = "m.due_at, m.id", limit: int = 51) -> str:
    """The statement of a page of the list under a condition."""
    return LIST.format(where=where, order=order, limit=limit)


HELD = """
SELECT m.id, m.code, m.title, m.kind, m.due_at, s.due_at, s.acknowledged_at, u.short_name
FROM matters_assignment s JOIN matters_matter m ON m.id = s.matter_id JOIN people_unit u ON u.id = m.unit_id
WHERE s.active AND s.unit_id = ANY(%(units)s) AND m.is_open AND m.phase = 'handling'
ORDER BY s.due_at LIMIT 101
"""
TAKEN_IN = """
SELECT m.id, m.code, m.title, m.kind, m.phase, m.due_at, m.step_due_at, m.sort_class, u.short_name
FROM matters_matter m JOIN people_unit u ON u.id = m.unit_id
WHERE m.is_open AND m.unit_id = ANY(%(units)s) AND m.phase IN ('filed', 'accepted', 'verifying')
ORDER BY m.step_due_at LIMIT 101
"""
CALLS = """
SELECT m.id, m.code, m.title, m.kind, f.due_at, u.short_name
FROM matters_followup f JOIN matters_matter m ON m.id = f.matter_id JOIN people_unit u ON u.id = m.unit_id
WHERE f.done_at IS NULL AND f.due_at <= now() AND m.phase = 'closed' AND NOT m.is_open AND m.unit_id = ANY(%(units)s)
ORDER BY f.due_at DESC LIMIT 101
"""
DESK = (HELD, TAKEN_IN, CALLS)

DETAIL = (
    "SELECT m.*, u.name, a.name FROM matters_matter m JOIN people_unit u ON u.id = m.unit_id"
    " LEFT JOIN places_area a ON a.id = m.area_id WHERE m.id = %(matter)s",
    "SELECT s.*, u.short_name FROM matters_assignment s JOIN people_unit u ON u.id = s.unit_id WHERE s.matter_id = %(matter)s",
    "SELECT * FROM matters_step WHERE matter_id = %(matter)s ORDER BY entered_at, id",
    "SELECT r.* FROM matters_return r JOIN matters_assignment s ON s.id = r.assignment_id WHERE s.matter_id = %(matter)s",
    "SELECT * FROM matters_party WHERE matter_id = %(matter)s",
    "SELECT * FROM matters_followup WHERE matter_id = %(matter)s ORDER BY due_at",
    "SELECT * FROM matters_gradeset WHERE matter_id = %(matter)s ORDER BY at DESC LIMIT 1",
    "SELECT * FROM documents_attachment WHERE subject_type = 'matters.matter' AND subject_id = %(matter)s",
    "SELECT * FROM letters_letter WHERE subject_id = %(matter)s",
)

SEARCH = """
SELECT m.id, m.code, m.title, m.text, m.received_at, u.short_name,
       CASE WHEN m.title LIKE %(like)s THEN 1 ELSE 2 END AS rank
FROM matters_matter m JOIN people_unit u ON u.id = m.unit_id
WHERE m.search @@ %(query)s::tsquery AND {seen} ORDER BY rank, m.received_at DESC, m.id LIMIT 5
"""

RATES = (
    """
SELECT m.unit_id, count(*), count(*) FILTER (WHERE m.closed_at <= m.due_at), count(*) FILTER (WHERE m.reworked > 0),
       count(*) FILTER (WHERE m.reopened > 0), count(m.rating), count(*) FILTER (WHERE m.rating >= 4)
FROM matters_matter m WHERE NOT m.is_open AND m.closed_at >= %(start)s AND m.closed_at < %(end)s
  AND m.outcome IN ('done', 'agreement') GROUP BY m.unit_id""",
    "SELECT unit_id, count(*) FROM matters_matter WHERE received_at >= %(start)s AND received_at < %(end)s GROUP BY unit_id",
    """
SELECT acting_unit_id, verb, count(*) FROM matters_step WHERE verb IN ('dispatch', 'transfer', 'consent_return')
  AND left_at >= %(start)s AND left_at < %(end)s GROUP BY acting_unit_id, verb""",
)


# --- writing --------------------------------------------------------------------------------------------------


def _insert(cursor: Any, table: str, row: Row) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(["%s"] * len(row))
    cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", list(row.values()))


def row_of(model: Any, **values: Any) -> Row:
    """All columns of a model's table: the given values, else the model's defaults."""
    found: Row = {}
    for field in model._meta.concrete_fields:
        default = field.get_default()
        found[field.column] = values.get(
            field.column, Jsonb(default) if isinstance(default, (dict, list)) else default
        )
    return found


@dataclass(frozen=True)
class Hand:
    """Writes by hand what the actions write, for one clerk, one unit that takes in, one that handles."""

    kind: str
    user_id: UUID
    name: str
    intake: UUID
    intake_name: str
    lead: UUID
    lead_name: str
    area_id: UUID
    title: str
    text: str

    def file(self) -> UUID:
        """Counter, matter, first stay, audit entry, one job."""
        with transaction.atomic(), connection.cursor() as cursor:
            return self._file(cursor)

    def dispatch(self, matter: UUID) -> None:
        """Row locked; assignment; stay ended and begun; matter; audit entry; two jobs."""
        with transaction.atomic(), connection.cursor() as cursor:
            self._lock(cursor, matter)
            _insert(cursor, "matters_assignment", self._assignment(matter))
            self._move(cursor, matter, "dispatch", "handling", self.lead, self.lead_name)
            cursor.execute(
                "UPDATE matters_matter SET phase = 'handling', state = 'handling', step_entered_at = %s, step_due_at = %s,"
                " version = version + 1 WHERE id = %s",
                [clock.now(), clock.now(), matter],
            )
            self._audit(cursor, matter, "matters.dispatch_matter")
            self._job(cursor, "shiyu.matters.jobs.settle_filed", "MatterDispatched", matter)
            self._job(cursor, "shiyu.matters.jobs.tell_dispatched", "MatterDispatched", matter)

    def accept(self, matter: UUID) -> None:
        """Row locked; stay ended and begun; matter; audit entry."""
        with transaction.atomic(), connection.cursor() as cursor:
            self._lock(cursor, matter)
            self._move(cursor, matter, "accept", "accepted", self.intake, self.intake_name)
            cursor.execute(
                "UPDATE matters_matter SET phase = 'accepted', state = 'accepted', step_entered_at = %s, step_due_at = %s,"
                " version = version + 1 WHERE id = %s",
                [clock.now(), clock.now(), matter],
            )
            self._audit(cursor, matter, "matters.accept_matter")

    def sort(self, matter: UUID) -> None:
        """Row locked; a deed within the stay; matter; audit entry."""
        with transaction.atomic(), connection.cursor() as cursor:
            self._lock(cursor, matter)
            self._within(cursor, matter, "sort", "accepted", self.intake, self.intake_name)
            cursor.execute(
                "UPDATE matters_matter SET sort_class = 'help', due_at = %s, warn_at = %s, version = version + 1 WHERE id = %s",
                [clock.now(), clock.now(), matter],
            )
            self._audit(cursor, matter, "matters.sort_matter")

    def acknowledge(self, matter: UUID) -> None:
        """Row locked; assignment; a deed within the stay; matter; audit entry."""
        with transaction.atomic(), connection.cursor() as cursor:
            self._lock(cursor, matter)
            cursor.execute(
                "UPDATE matters_assignment SET acknowledged_at = %s WHERE matter_id = %s AND active",
                [clock.now(), matter],
            )
            self._within(cursor, matter, "acknowledge", "handling", self.lead, self.lead_name)
            cursor.execute("UPDATE matters_matter SET version = version + 1 WHERE id = %s", [matter])
            self._audit(cursor, matter, "matters.acknowledge_assignment")

    def complete(self, matter: UUID) -> None:
        """Row locked; assignment; stay ended and begun; matter; audit entry; one job."""
        with transaction.atomic(), connection.cursor() as cursor:
            self._lock(cursor, matter)
            cursor.execute(
                "UPDATE matters_assignment SET active = false, ended = 'done', done_at = %s, result = %s WHERE matter_id = %s"
                " AND active",
                [clock.now(), "已修补。", matter],
            )
            self._move(cursor, matter, "complete", "verifying", self.intake, self.intake_name)
            cursor.execute(
                "UPDATE matters_matter SET phase = 'verifying', state = 'verifying', step_entered_at = %s, step_due_at = %s,"
                " completed_by_id = %s, version = version + 1 WHERE id = %s",
                [clock.now(), clock.now(), self.user_id, matter],
            )
            self._audit(cursor, matter, "matters.complete_assignment")
            self._job(cursor, "shiyu.matters.jobs.tell_completed", "MatterCompleted", matter)

    def close(self, matter: UUID) -> None:
        """Row locked; stay ended; follow-up; matter; audit entry; two jobs."""
        with transaction.atomic(), connection.cursor() as cursor:
            self._lock(cursor, matter)
            self._move(cursor, matter, "close", "", self.intake, self.intake_name)
            now = clock.now()
            _insert(
                cursor,
                "matters_followup",
                {
                    "id": new_id(),
                    "matter_id": matter,
                    "due_at": now,
                    "done_at": None,
                    "result": "",
                    "by_name": "",
                },
            )
            cursor.execute(
                "UPDATE matters_matter SET phase = 'closed', state = 'closed', outcome = 'done', is_open = false, closed_at = %s,"
                " step_entered_at = %s, step_due_at = NULL, version = version + 1 WHERE id = %s",
                [now, now, matter],
            )
            self._audit(cursor, matter, "matters.close_matter")
            self._job(cursor, "shiyu.matters.jobs.settle_filed", "MatterClosed", matter)
            self._job(cursor, "shiyu.matters.jobs.tell_closed", "MatterClosed", matter)

    @property
    def deeds(self) -> tuple[Callable[[UUID], None], ...]:
        """All that follows the filing in a whole loop."""
        return self.accept, self.sort, self.dispatch, self.acknowledge, self.complete, self.close

    def accepted(self) -> UUID:
        """A matter filed, accepted and sorted."""
        key = self.file()
        self.accept(key)
        self.sort(key)
        return key

    def whole_loop(self) -> None:
        """A matter from its filing to its end."""
        key = self.file()
        for deed in self.deeds:
            deed(key)

    def _file(self, cursor: Any) -> UUID:
        now = clock.now()
        cursor.execute(
            "INSERT INTO letters_counter (id, series, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (series) DO UPDATE SET last = letters_counter.last + 1 RETURNING last",
            [new_id(), f"matter:{self.kind}:{now.year}:by-hand"],
        )
        code = f"手工〔{now.year}〕{cursor.fetchone()[0]:05d}号"
        matter = row_of(
            Matter,
            code=code,
            kind=self.kind,
            title=self.title,
            text=self.text,
            source="hotline",
            unit_id=self.intake,
            filed_unit_id=self.intake,
            filed_by_id=self.user_id,
            area_id=self.area_id,
            topic="roads",
            phase="filed",
            state="filed",
            due_at=now,
            warn_at=now,
            step_due_at=now,
            search=index_literal([code, self.title, self.text, ""]),
        )
        _insert(cursor, "matters_matter", matter)
        self._stay(cursor, matter["id"], "filed", self.intake, self.intake_name)
        self._audit(cursor, matter["id"], "matters.file_matter")
        self._job(cursor, "shiyu.matters.jobs.tell_filed", "MatterFiled", matter["id"])
        found: UUID = matter["id"]
        return found

    def _assignment(self, matter: UUID) -> Row:
        return row_of(Assignment, matter_id=matter, unit_id=self.lead, role="lead", due_at=clock.now())

    def _lock(self, cursor: Any, matter: UUID) -> None:
        cursor.execute("SELECT * FROM matters_matter WHERE id = %s FOR UPDATE", [matter])
        cursor.fetchone()

    def _move(self, cursor: Any, matter: UUID, verb: str, state: str, unit: UUID, name: str) -> None:
        now = clock.now()
        cursor.execute(
            "UPDATE matters_step SET left_at = %s, verb = %s, by_id = %s, by_name = %s, acting_unit_id = %s, used_minutes = 0"
            " WHERE matter_id = %s AND left_at IS NULL",
            [now, verb, self.user_id, self.name, self.intake, matter],
        )
        if state:
            self._stay(cursor, matter, state, unit, name)

    def _stay(self, cursor: Any, matter: UUID, state: str, unit: UUID, name: str) -> None:
        now = clock.now()
        row = row_of(
            Step,
            matter_id=matter,
            unit_id=unit,
            unit_name=name,
            state=state,
            phase=state,
            entered_at=now,
            due_at=now,
        )
        _insert(cursor, "matters_step", row)

    def _within(self, cursor: Any, matter: UUID, verb: str, state: str, unit: UUID, name: str) -> None:
        now = clock.now()
        row = row_of(
            Step,
            matter_id=matter,
            unit_id=unit,
            unit_name=name,
            state=state,
            phase=state,
            entered_at=now,
            left_at=now,
            verb=verb,
            by_id=self.user_id,
            by_name=self.name,
            acting_unit_id=unit,
            used_minutes=0,
            within=True,
        )
        _insert(cursor, "matters_step", row)

    def _audit(self, cursor: Any, matter: UUID, name: str) -> None:
        row = row_of(
            AuditEntry,
            actor_id=self.user_id,
            actor_name=self.name,
            unit_id=self.intake,
            action=name,
            subject_type="matters.matter",
            subject_id=matter,
            changes=Jsonb({"state": [None, "filed"], "by": "hand"}),
            mac="0" * 64,
        )
        _insert(cursor, "audit_auditentry", row)

    def _job(self, cursor: Any, handler: str, event: str, matter: UUID) -> None:
        """As the queue's own function writes it (queue, task, priority, lock, queueing lock, arguments, when)."""
        payload = {
            "matter_id": str(matter),
            "title": self.title,
            "by_name": self.name,
            "unit_ids": [str(self.lead)],
        }
        cursor.execute(
            "SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW('bench', 'hear', 0, NULL, NULL, %s::jsonb, NULL)"
            "::procrastinate_job_to_defer_v1]))",
            [Jsonb({"handler": handler, "event": event, "payload": payload})],
        )
        cursor.fetchall()
