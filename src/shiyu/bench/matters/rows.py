"""The statements that make the rows: first one unlogged row of choices for each matter, then every table from it.

Choices are `bench_h(number, salt)`, a hash from 0 to 2³¹-1; keys are UUIDv7 by the row's moment, as the application's.
"""

FUNCTIONS = """
CREATE FUNCTION bench_h(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  'SELECT hashint8extended($1, $2) & 2147483647';
CREATE FUNCTION bench_key(timestamptz, bigint, int) RETURNS uuid LANGUAGE sql IMMUTABLE AS
  $$SELECT (lpad(to_hex((extract(epoch FROM $1) * 1000)::bigint), 12, '0') || '7'
            || substr(md5($2 || ':' || $3), 1, 3) || '8' || substr(md5($2 || ':' || $3), 4, 15))::uuid$$
"""

TABLES = """
CREATE UNLOGGED TABLE bench_town (n int, centre uuid, county uuid, places uuid[], stations uuid[], leads uuid[]);
CREATE UNLOGGED TABLE bench_kind (kind text, states text[], pattern text, closings text[], grades text[], version uuid);
CREATE UNLOGGED TABLE bench_text (n int, kind text, topic text, sort_class text, source text, title text, body text,
  fields jsonb);
CREATE UNLOGGED TABLE bench_words (n int, town int, body text, words text);
CREATE UNLOGGED TABLE bench_deed (nr int, stage int, within bool, verb text, begins float8, ends float8, by_lead bool)
"""

CHOICES = """
CREATE UNLOGGED TABLE bench_row AS
SELECT c.*, CASE c.stage WHEN 5 THEN 2 ELSE c.stage END AS gone_to, k.states[1 + c.stage] AS state, k.grades[1 + bench_h(c.i, 12) %% greatest(1, cardinality(k.grades))] AS grade,
       k.closings[1 + bench_h(c.i, 13) %% cardinality(k.closings)] AS outcome, k.pattern, k.version,
       bench_key(c.received, c.i, 0) AS id, bench_key(c.asked, c.i, 1) AS lead_row, bench_key(c.asked, c.i, 2) AS other_row,
       bench_key(c.asked, c.i, 3) AS gone_row, coalesce(c.closed, %(now)s) AS ended
FROM (
  SELECT b.*, t.kind, t.topic, t.sort_class, t.source, t.title, t.fields, w.body, w.words,
         CASE WHEN b.stage = 4 THEN b.received + b.span END AS closed,
         b.received + (CASE WHEN b.stage = 4 THEN b.span ELSE %(now)s - b.received END) * 0.15 AS asked,
         CASE WHEN b.taken < 90 THEN o.centre WHEN b.taken < 95 THEN o.stations[1 + bench_h(b.i, 5) %% cardinality(o.stations)]
              ELSE o.county END AS unit,
         CASE WHEN bench_h(b.i, 6) %% 100 < 75 THEN o.centre
              ELSE o.stations[1 + bench_h(b.i, 5) %% cardinality(o.stations)] END AS filed_unit,
         o.places[1 + bench_h(b.i, 5) %% cardinality(o.places)] AS area,
         o.leads[1 + bench_h(b.i, 7) %% cardinality(o.leads)] AS lead,
         o.leads[1 + bench_h(b.i, 8) %% cardinality(o.leads)] AS other,
         bench_h(b.i, 9) %% 100 < 40 AS is_joint, bench_h(b.i, 10) %% 100 < 6 AS was_returned,
         b.received + interval '14 days' AS due, b.received + interval '11 days' AS warn
  FROM (
    SELECT a.*, bench_h(a.i, 4) %% 100 AS taken,
           least(a.now - a.received, interval '1 day' * (1 + bench_h(a.i, 3) %% 16) + interval '3 hours') AS span,
           CASE WHEN bench_h(a.i, 1) %% 10000 >=
                  CASE WHEN a.days < 14 THEN 8000 WHEN a.days < 30 THEN 4000 WHEN a.days < 90 THEN 1000 ELSE 25 END
                THEN 4
                ELSE (ARRAY[0, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 2, 2, 5])[1 + bench_h(a.i, 2) %% 20]
           END AS stage
    FROM (
      SELECT i, %(now)s AS now, %(now)s - interval '1 day' * %(days)s * (1 - (i - 0.5) / %(count)s::float8) AS received,
             %(days)s * (1 - i / %(count)s::float8) AS days,
             1 + bench_h(i, 20) %% %(towns)s AS town,
             (%(picks)s::int[])[1 + bench_h(i, 21) %% cardinality(%(picks)s::int[])] AS text
      FROM generate_series(1, %(count)s::bigint) i
    ) a
  ) b
  JOIN bench_town o ON o.n = b.town
  JOIN bench_text t ON t.n = b.text
  JOIN bench_words w ON w.n = b.text AND w.town = b.town
) c JOIN bench_kind k USING (kind)
"""

MATTERS = {
    "id": "r.id",
    "code": "replace(replace(r.pattern, '98764', to_char(r.received, 'YYYY')), '98765', r.i::text)",
    "kind": "r.kind",
    "pack_version_id": "r.version",
    "title": "r.title",
    "text": "r.body",
    "source": "r.source",
    "fields": "r.fields",
    "area_id": "r.area",
    "unit_id": "r.unit",
    "filed_unit_id": "r.filed_unit",
    "phase": "(%(phases)s::text[])[1 + r.stage]",
    "state": "r.state",
    "outcome": "CASE WHEN r.stage = 4 THEN r.outcome ELSE '' END",
    "is_open": "r.stage <> 4",
    "received_at": "r.received",
    "step_entered_at": "CASE r.stage WHEN 0 THEN r.received ELSE r.received + (r.ended - r.received) * "
    "(ARRAY[0, 0.05, 0.15, 0.85, 1, 0.5])[1 + r.stage] END",
    "step_due_at": "CASE WHEN r.stage <> 4 THEN r.due - interval '2 days' END",
    "due_at": "r.due",
    "warn_at": "r.warn",
    "on_books": "r.stage = 5",
    "books_review_on": "CASE WHEN r.stage = 5 THEN (r.due + interval '40 days')::date END",
    "books_reason": "CASE WHEN r.stage = 5 THEN '资金未到位' ELSE '' END",
    "reworked": "(bench_h(r.i, 14) %% 100 < 4)::int",
    "version": "CASE WHEN r.stage = 4 THEN 7 ELSE r.stage END",
    "closed_at": "r.closed",
    "topic": "r.topic",
    "sort_class": "CASE WHEN r.stage = 0 THEN '' ELSE r.sort_class END",
    "grade": "coalesce(r.grade, '')",
    "rating": "CASE WHEN r.stage = 4 AND bench_h(r.i, 15) %% 100 < 45 THEN 3 + bench_h(r.i, 16) %% 3 END",
    "search": "replace(replace(r.words, '98764', to_char(r.received, 'YYYY')), '98765', r.i::text)::tsvector",
}
"""Column → expression over `bench_row r`; every other column has the model's default."""

_ASSIGNED = {
    "matter_id": "r.id",
    "unit_id": "r.lead",
    "role": "'lead'",
    "active": "r.stage IN (2, 5)",
    "asked_at": "r.asked",
    "acknowledged_at": "CASE WHEN r.stage <> 2 OR bench_h(r.i, 17) %% 10 < 7 THEN r.asked + interval '2 hours' END",
    "due_at": "CASE WHEN r.stage <> 4 THEN r.due - interval '2 days' ELSE r.due END",
    "done_at": "CASE WHEN r.stage IN (3, 4) THEN r.received + (r.ended - r.received) * 0.85 END",
    "result": "CASE WHEN r.stage IN (3, 4) THEN '已到现场核实并办结。' ELSE '' END",
    "ended": "CASE WHEN r.stage IN (3, 4) THEN 'done' ELSE '' END",
    "of_open": "r.stage <> 4",
}
ASSIGNMENTS = (
    ({"id": "r.lead_row", **_ASSIGNED}, "r.stage >= 2"),
    (
        {"id": "r.other_row", **_ASSIGNED, "unit_id": "r.other", "role": "'supporting'"},
        "r.stage >= 2 AND r.is_joint AND r.other <> r.lead",
    ),
    (
        {
            **_ASSIGNED,
            "id": "r.gone_row",
            "unit_id": "r.other",
            "active": "false",
            "done_at": "NULL",
            "result": "''",
            "ended": "'returned'",
        },
        "r.stage >= 2 AND r.was_returned AND NOT r.is_joint AND r.other <> r.lead",
    ),
)
"""The lead, the one that supports, and the one that gave it back: columns, and of which matters."""

_AT = "r.received + (r.ended - r.received) * "
_PAST = "(r.stage = 4 OR d.within OR d.stage < r.gone_to)"
STEPS = {
    "id": f"bench_key({_AT} d.ends, r.i, 100 + d.nr)",
    "matter_id": "r.id",
    "assignment_id": "CASE WHEN d.by_lead THEN r.lead_row END",
    "unit_id": "CASE WHEN d.stage = 2 THEN r.lead ELSE r.unit END",
    "unit_name": "CASE WHEN d.stage = 2 THEN u.short_name ELSE v.short_name END",
    "state": "k.states[1 + d.stage]",
    "phase": "(%(phases)s::text[])[1 + d.stage]",
    "entered_at": f"{_AT} d.begins",
    "due_at": "CASE WHEN NOT d.within THEN r.due - interval '2 days' END",
    "left_at": f"CASE WHEN {_PAST} THEN {_AT} d.ends END",
    "verb": f"CASE WHEN NOT {_PAST} THEN '' WHEN r.was_returned AND d.nr = 4 THEN 'return' "
    "WHEN r.was_returned AND d.nr = 5 THEN 'consent_return' ELSE d.verb END",
    "by_id": f"CASE WHEN {_PAST} THEN md5(r.unit::text)::uuid END",
    "by_name": "CASE WHEN d.by_lead THEN u.short_name ELSE v.short_name END",
    "note": "CASE WHEN d.within THEN '已到现场核实，正在办理。' ELSE '' END",
    "used_minutes": f"CASE WHEN d.within THEN 0 WHEN {_PAST} THEN "
    "(extract(epoch FROM (r.ended - r.received) * (d.ends - d.begins)) / 180)::int END",
    "within": "d.within",
    "acting_unit_id": f"CASE WHEN {_PAST} THEN CASE WHEN d.by_lead AND d.nr <> 5 THEN r.lead ELSE r.unit END END",
}
STEP_ROWS = """bench_row r JOIN bench_kind k USING (kind)
  JOIN people_unit u ON u.id = r.lead JOIN people_unit v ON v.id = r.unit
  JOIN bench_deed d ON r.stage = 4 OR d.stage < r.gone_to OR d.stage = r.gone_to AND (NOT d.within OR d.nr = 3)"""

RETURNS = (
    {
        "id": "bench_key(r.asked, r.i, 4)",
        "assignment_id": "r.gone_row",
        "reason": "'不属本单位职责'",
        "asked_at": "r.asked + interval '3 hours'",
        "asked_by_id": "md5(r.other::text)::uuid",
        "decide_by": "r.asked + interval '5 days'",
        "state": "'consented'",
        "decided_at": "r.asked + interval '1 day'",
    },
    "r.stage >= 2 AND r.was_returned AND NOT r.is_joint AND r.other <> r.lead",
)
OPEN_RETURNS = (
    {
        **RETURNS[0],
        "id": "bench_key(r.asked, r.i, 5)",
        "assignment_id": "r.lead_row",
        "state": "'asked'",
        "decided_at": "NULL",
    },
    "r.stage = 2 AND bench_h(r.i, 18) %% 100 < 3",
)
FOLLOW_UPS = (
    {
        "id": "bench_key(r.closed, r.i, 6)",
        "matter_id": "r.id",
        "due_at": "r.closed + interval '7 days'",
        "done_at": "CASE WHEN r.closed < %(now)s - interval '9 days' AND bench_h(r.i, 19) %% 500 > 0 "
        "THEN r.closed + interval '8 days' END",
        "result": "'满意'",
    },
    "r.stage = 4 AND r.kind IN ('request', 'dispute')",
)
PARTIES = (
    {
        "id": "bench_key(r.received, r.i, 7)",
        "matter_id": "r.id",
        "anonymous": "true",
        "pin_hash": "'!'",
        "filed_at": "r.received",
    },
    "r.kind IN ('request', 'dispute', 'petition') AND bench_h(r.i, 22) %% 100 < 60",
)
GRADES = (
    {
        "id": "bench_key(r.received, r.i, 8)",
        "matter_id": "r.id",
        "grade": "r.grade",
        "points": "10",
        "at": "r.received",
    },
    "r.grade IS NOT NULL",
)
