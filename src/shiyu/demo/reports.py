"""Monthly reports of the simulated year: each unit fills, its leader reviews, the office signs off; some are late."""

import random
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from shiyu.demo.agenda import Agenda, Deed
from shiyu.demo.cast import Cast
from shiyu.demo.material import Material, filled
from shiyu.lib import clock
from shiyu.people.models import Appointment
from shiyu.periods.models import Period
from shiyu.plans.actions.locking import lock_month
from shiyu.plans.actions.report_flow import review_report, send_for_review, sign_off_reports
from shiyu.plans.actions.reports import EntryInput, fill_report, open_month
from shiyu.plans.models import Duty, Report, ReportEntry

EARLY = (60, 40, 25, 20, 15, 8, 5, 2)
LATE = 34
"""Days between a task's due day and the day it is done; most are done before, a few after."""
SHARE_LATE = 0.07


class Reports:
    """Each task has a fate: in which month it is done, and whether it falls behind before."""

    def __init__(self, agenda: Agenda, cast: Cast, material: Material, dice: random.Random) -> None:
        self.agenda, self.cast, self.material, self.dice = agenda, cast, material, dice
        self.clerk = cast.office("report.sign_off", rather="plan.import")
        self.head = cast.office("period.lock")
        self.fates: dict[str, date] = {}
        toured = Appointment.objects.exclude(user__tour_zh="").values_list("post__unit_id", flat=True)
        self.toured = set(toured)

    def schedule(self, first: date) -> None:
        """Open each month from `first` on; the last one is still being filled when the demo begins."""
        month = first.replace(day=1)
        while self.agenda.moment(month) <= self.agenda.until:
            day = self.agenda.calendar.next_workday(max(month.replace(day=18), first))
            self.agenda.at(self.agenda.moment(day, 9), self._open(f"{month:%Y-%m}"))
            month = (month + timedelta(days=32)).replace(day=1)

    def _open(self, code: str) -> Deed:
        def deed() -> None:
            period = open_month(self.clerk, code)
            due = period.due_on or period.ends_on
            reports = list(period.reports.select_related("unit").order_by("unit__protocol_order"))
            still_open = self.agenda.moment(period.ends_on) > self.agenda.until
            for report in reports:
                if still_open and report.unit_id in self.toured:
                    continue  # the visitor's own work
                lateness = self.dice.random()
                if lateness < 0.012:
                    continue  # never comes
                back = self.dice.randint(0, 3)
                day = (
                    self.agenda.calendar.add_workdays(due, 1)
                    if lateness < 0.04
                    else due - timedelta(days=back)
                )
                day = max(day, clock.today() + timedelta(days=1))
                hour = self.dice.choice((9, 10, 11, 14, 15))
                self.agenda.at(self.agenda.moment(day, hour), partial(self._fill, report.pk))
            signing = self.agenda.calendar.add_workdays(max(due, clock.today()), 2)
            self.agenda.at(self.agenda.moment(signing, 17), lambda: self._sign_off(period.pk))
            locking = self.agenda.calendar.add_workdays(max(period.ends_on, signing), 1)
            self.agenda.at(self.agenda.moment(locking, 16), lambda: self._lock(period.pk))

        return deed

    def _fill(self, report_id: UUID) -> None:
        report = Report.objects.select_related("unit", "period").get(pk=report_id)
        liaison = self.cast.who("report.fill", report.unit_id)
        if liaison is None:
            return
        entries = report.entries.select_related("duty__task", "duty__decision").order_by("pk")
        fill_report(liaison, report_id, [self._entry(report, row) for row in entries], partial=False)
        send_for_review(liaison, report_id)
        leader = self.cast.who("report.review", report.unit_id)
        report.refresh_from_db()
        if report.state == Report.State.IN_REVIEW and leader is not None:
            review_report(leader, report_id, True)

    def _entry(self, report: Report, row: ReportEntry) -> EntryInput:
        status = self._status(report.period, row.duty)
        task = row.duty.task
        values = {
            "unit": report.unit.display_short,
            "month": str(report.period.ends_on.month),
            "n": str(self.dice.randint(1, 20)),
            "pct": str(self.dice.randint(35, 95)),
            "target": (task.target_text if task else "") or "完成标志",
        }
        progress = self.material.progress_line(self.dice, status, values)
        behind = status == ReportEntry.Status.BEHIND
        return EntryInput(
            row.pk,
            status=status,
            progress=progress,
            total=progress if status == ReportEntry.Status.DONE else "",
            value=self._value(row, status),
            issues=self._one(self.material.trouble, values) if behind else "",
            next_steps=self._one(self.material.next_steps, values) if behind else "",
            coordination=self._one(self.material.needs_decision, values)
            if behind and self.dice.random() < 0.15
            else "",
        )

    def _one(self, texts: list[str], values: dict[str, str]) -> str:
        return filled(self.dice.choice(texts), values) if texts else ""

    def _value(self, row: ReportEntry, status: str) -> Decimal | None:
        task = row.duty.task
        if task is None or task.target_kind != "number" or task.target_value is None:
            return None
        if status == ReportEntry.Status.DONE:
            return task.target_value
        return (task.target_value * self.dice.randint(30, 85) / 100).quantize(Decimal("1"))

    def _status(self, period: Period, duty: Duty) -> str:
        """Where a duty stands at the month's end: by its task's fate, the same for lead and supporting."""
        states = ReportEntry.Status
        task = duty.task
        due = duty.due_on or (task.due_on if task else None)
        if due is None:
            return states.ON_TRACK if self.dice.random() > 0.02 else states.BEHIND
        key = task.key if task else str(duty.decision_id)
        done = self.fates.setdefault(
            key, due + timedelta(days=LATE if self.dice.random() < SHARE_LATE else -self.dice.choice(EARLY))
        )
        if done <= period.ends_on:
            return states.DONE
        if due <= period.ends_on:
            return states.BEHIND
        if (due - period.ends_on).days > 200 and self.dice.random() < 0.3:
            return states.NOT_STARTED
        return states.BEHIND if done > due and (due - period.ends_on).days < 60 else states.ON_TRACK

    def _sign_off(self, period_id: UUID) -> None:
        submitted = Report.objects.filter(period_id=period_id, state=Report.State.SUBMITTED)
        keys = list(submitted.values_list("pk", flat=True))
        if keys:
            sign_off_reports(self.clerk, keys)

    def _lock(self, period_id: UUID) -> None:
        # Who came late is signed off before the month is locked.
        self._sign_off(period_id)
        lock_month(self.head, period_id)
