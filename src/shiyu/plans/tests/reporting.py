"""A month of reports in the small city: a pack with a cycle, people for every step."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from shiyu.lib import clock
from shiyu.plans.actions.report_flow import review_report, send_for_review
from shiyu.plans.actions.reports import EntryInput, fill_report
from shiyu.plans.models import DutyHolder, Report, ReportEntry
from shiyu.plans.tests.conftest import OFFICE_RIGHTS, UNIT_RIGHTS, City, _person, label, load_small_pack

MEASURES = [
    "tasks_total", "tasks_lead", "tasks_due", "tasks_done_on_time", "tasks_not_on_time", "on_time_rate", "reports_due",
    "reports_late", "reports_missing", "problems_carried", "problems_new", "problems_closed", "problems_open",
    "problems_overdue", "problems_on_books", "close_rate", "workdays_overdue",
]  # fmt: skip


def cycle(*, review: bool = True, form: dict[str, Any] | None = None) -> dict[str, Any]:
    steps = [{"code": "fill", "label": label("填报"), "right": "report.fill"}]
    if review:
        steps.append({"code": "review", "label": label("审核"), "right": "report.review"})
    steps.append({"code": "sign_off", "label": label("审签"), "right": "report.sign_off"})
    return {
        "monthly": {
            "label": label("月报"),
            "due": {"day": 25, "roll": "before"},
            "form": form or {},
            "sign_off": steps,
            "measures": MEASURES,
        }
    }


def with_cycle(
    city: City,
    *,
    review: bool = True,
    form: dict[str, Any] | None = None,
    codes: dict[str, Any] | None = None,
) -> City:
    """The pack with a monthly cycle in force, and the people of every step: head, leader, an office's head."""
    office = [*OFFICE_RIGHTS, "period.lock", "period.unlock", "list.export", "meeting.run"]
    roles = {
        "office": {"label": label("办公室"), "rights": office},
        "liaison": {"label": label("联络员"), "rights": [*UNIT_RIGHTS, "list.export"]},
        "leader": {"label": label("分管领导"), "rights": ["plan.view", "report.review"]},
        "room": {"label": label("科室"), "rights": ["plan.view", "report.fill"]},
        "reader": {"label": label("读者"), "rights": ["plan.view"]},
    }
    load_small_pack(cycle=cycle(review=review, form=form), codes=codes or {}, role=roles)
    for code in ("police", "justice"):
        _person(city, f"{code}_leader", city.units[code], "leader")
        _person(city, f"{code}_room", city.units[f"{code}_room"], "room")
    return city


def at(month: int, day: int, hour: int = 10) -> AbstractContextManager[None]:
    """The clock at that moment of 2026."""
    return clock.frozen(datetime(2026, month, day, hour))


def report_of(city: City, unit: str, code: str = "2026-03") -> Report:
    return Report.objects.get(period__code=code, unit=city.units[unit])


def entry(report: Report, key: str) -> ReportEntry:
    return report.entries.get(duty__task__key=key)


def written(row: ReportEntry, **more: Any) -> EntryInput:
    return EntryInput(
        row.pk, **{"status": "on_track", "progress": "召开会议一次。", "total": "累计一次。", **more}
    )


def fill_all(city: City, unit: str, code: str = "2026-03", **more: Any) -> Report:
    report = report_of(city, unit, code)
    return fill_report(city.actor(unit), report.pk, [written(row, **more) for row in report.entries.all()])


def submit(city: City, unit: str, code: str = "2026-03", **more: Any) -> Report:
    """Filled, sent, reviewed: with the office."""
    report = fill_all(city, unit, code, **more)
    send_for_review(city.actor(unit), report.pk)
    return review_report(city.actor(f"{unit}_leader"), report.pk, True)


def hold(duty_id: UUID, office_id: UUID, on: datetime) -> None:
    DutyHolder.objects.create(duty_id=duty_id, office_id=office_id, valid_from=on.date())
