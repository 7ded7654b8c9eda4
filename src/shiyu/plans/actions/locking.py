"""Locking a month: rows and figures as they stand, computed once, never touched again.

The shape of what is kept (`periods.LockedRow.data`, JSON: ids and dates as text, dates YYYY-MM-DD, names in Chinese
as they were then). Rows of one type are read with `periods.queries.locked_rows(revision, subject_type)`, in order:
units by protocol, tasks plan by plan in the plan's order, problems by unit and number.

people.unit        name, short, code, order (机构排序), level (of its area: city, county, town …): every unit that has a duty, a report or a problem
plans.task         a TaskFact (plans.queries.task_facts; `of_json(data)` gives it back) with
                   number, title, measures, common, block, block_en, block_code, clauses, target, lead_leader,
                   groups [[zh, en]], deadline_kind, deadline_text, due_on, note, plan, plan_kind, edition;
                   duties: unit_id, unit, short, order, role (lead|supporting), via_group, due_on, done_on, office,
                   person, entry (null or: period, status, progress, total, value, issues, next_steps, coordination,
                   no_change, filled_by, reviewed_by, submitted_on, proof [archive numbers], own: what the
                   cycle asks beside [[label zh, label en, text zh, text en]]).
                   An entry is the newest that left its unit; it speaks of this month if entry.period is its code.
                   state: status (done|on_track|behind|not_started|""), done_on, is_late (due by the last day, not
                   done), workdays_overdue (to the last day)
meetings.decision  the same for a decision of a meeting: plan is the meeting's title, number and title its number
                   and text; those open on the last day or done in the month
plans.reportentry  unit_id, unit, short, report_id, about_type, about_id, number, title, role, office, is_filled,
                   status, is_late, is_missing
plans.report       unit_id, unit, short, state, due_on, submitted_on, is_late, is_missing, entries, filled_by,
                   reviewed_by
matters.matter     a ProblemRow (matters.queries.problems; `plans.queries.lists.problem_of_json` gives it back) with
                   status_label, workdays_overdue, owner_id (whose figures count it) and
                   returns_asked [{unit_id, unit, short, reason}] (disputes nobody has decided)
letters.instruction unit_id, unit, short, leader_post, instructed_on, subject_type, subject_id, subject_title, text,
                   reply_by, replied_on, reply (as of the last day), is_late (to be answered by the last day, not
                   answered); those given or answered in the month or open on its last day. No figure counts them

Next month's due: tasks, decisions and problems of these rows whose due_on lies in the next month and that are open.
Figures: every measure of the pack's cycle for each unit and (unit None) for all; each with its rows.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.measures import MEASURES
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotVisible, UserError
from shiyu.periods.access import need
from shiyu.periods.actions import cycle_of, lock_period
from shiyu.periods.models import Period, Revision
from shiyu.plans.queries.month_figures import figures_of_month
from shiyu.plans.queries.month_rows import read_month, rows_of_month
from shiyu.plans.queries.reminders import entry_state


@action("plans.lock_month")
def lock_month(actor: Actor, period_id: UUID) -> Revision:
    """Lock a month: reports that have not come count as missing. Refused before its last day, and twice."""
    need(actor, "lock")
    period = Period.objects.select_for_update(of=("self",)).filter(pk=period_id).first()
    if period is None:
        raise NotVisible(_("There is no such period."))
    if period.kind != Period.Kind.MONTH:
        raise UserError(_("Only months are locked with lists and figures."))
    if period.is_locked:
        raise Conflict(_("%(code)s is locked already; unlock it first.") % {"code": period.code})
    if clock.today() < period.ends_on:
        raise UserError(
            _("%(code)s can be locked from its last day on (%(day)s).")
            % {"code": period.code, "day": period.ends_on.isoformat()}
        )
    cycle = cycle_of(period.kind)
    with _uncollected():
        month = read_month(period)
        figures = figures_of_month(month, cycle.measures if cycle else tuple(MEASURES))
        revision = lock_period(actor, period.pk, rows_of_month(month), figures)
    missing = sum(entry_state(report, period)[1] for report in month.reports)
    record(period, {"revision": revision.number, "units": len(month.units), "reports_missing": missing})
    return revision


@contextmanager
def _uncollected() -> Iterator[None]:
    """Holds Python's cycle collector off: a large month is made of half a million objects that all stay until it is
    written. The collector would walk through them again and again, for half of the time, and free nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
