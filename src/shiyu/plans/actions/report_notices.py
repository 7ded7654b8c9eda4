"""Who is told about reports (LATER handlers, see shiyu.wiring)."""

from typing import Any
from uuid import UUID

from django.urls import reverse

from shiyu.notices.actions import notify, notify_anew
from shiyu.people.models import Unit
from shiyu.people.queries import holders_of_right
from shiyu.plans.models import Edition, Report

Payload = dict[str, Any]


def tell_reports_opened(event: Payload) -> None:
    """Every liaison: the month's report is open, and by when it is due."""
    due = event["due_on"] or ""
    _tell_units(event, "report_opened", f"{event['code']} 进展填报已开放，{due} 前报出",
                f"The report for {event['code']} is open; it is due by {due}")  # fmt: skip


def tell_lines_changed(event: Payload) -> None:
    """The liaisons of every unit whose month an edition changed: what is new, what fell away, what comes next month."""
    edition = Edition.objects.select_related("plan").get(pk=event["edition_id"])
    words = {
        "joined": ("新增任务已加入本月填报，请一并填报", "new tasks have joined this month's report"),
        "dropped": (
            "退出的任务不必再填，已写内容保留",
            "dropped tasks need no report; what was written is kept",
        ),
        "later": ("本月填报已报出的，新增任务下月起填报", "new tasks are reported from next month on"),
    }
    for key in dict.fromkeys([*event["joined"], *event["dropped"], *event["later"]]):
        said = [pair for name, pair in words.items() if key in event[name]]
        notify(
            [person.pk for person in holders_of_right("report.fill", [UUID(key)])],
            kind="report_lines",
            zh=f"《{edition.plan.title}》第{edition.number}版印发：{event['code']} "
            + "；".join(zh for zh, _en in said),
            en=f"Edition {edition.number} of “{edition.plan.title}”: {event['code']}: "
            + "; ".join(en for _zh, en in said),
            url=reverse("report_overview") + f"?month={event['code']}",
            subject_id=UUID(event["period_id"]),
        )


def tell_reports_reminded(event: Payload) -> None:
    """The liaisons of units whose report is still out."""
    due = event["due_on"] or ""
    _tell_units(event, "report_reminded", f"提醒：{event['code']} 进展填报尚未报出（时限 {due}）",
                f"Reminder: the report for {event['code']} has not left your unit (due {due})")  # fmt: skip


def _tell_units(event: Payload, kind: str, zh: str, en: str) -> None:
    for key in event["unit_ids"]:
        people = holders_of_right("report.fill", [UUID(key)])
        url = reverse("report_detail", args=[event["code"], key])
        notify(
            [person.pk for person in people],
            kind=kind,
            zh=zh,
            en=en,
            url=url,
            subject_id=UUID(event["period_id"]),
        )


def tell_report_moved(event: Payload) -> None:
    """Whoever has to act next: the reviewing leader, the office, or the liaison it came back to."""
    unit = Unit.objects.get(pk=event["unit_id"])
    code, name, reason = event["code"], unit.display_short, event["reason"]
    url = reverse("report_detail", args=[code, str(unit.pk)])
    state = Report.State(event["state"])
    if state == Report.State.SIGNED_OFF:
        return
    if state == Report.State.SUBMITTED:
        _tell_handed_in(UUID(event["report_id"]), name)
        return
    right, units, zh, en = {
        Report.State.IN_REVIEW: ("report.review", [unit.pk], f"{code} 进展填报待审核", f"Report for {code} to review"),
        Report.State.RETURNED: ("report.fill", [unit.pk], f"{code} 进展填报被退回：{reason}",
                                f"Report for {code} was returned: {reason}"),
    }[state]  # fmt: skip
    people = holders_of_right(right, units)
    notify([person.pk for person in people], kind="report_moved", zh=zh, en=en, url=url,
           subject_id=UUID(event["report_id"]))  # fmt: skip


def _tell_handed_in(report_id: UUID, name: str) -> None:
    """The office: one notice a person and month that counts up, however many units hand in."""
    period = Report.objects.select_related("period").get(pk=report_id).period
    handed_in = (Report.State.SUBMITTED, Report.State.SIGNED_OFF)
    n = period.reports.filter(state__in=handed_in).count()
    notify_anew(
        [person.pk for person in holders_of_right("report.sign_off", None)],
        kind="reports_handed_in",
        subject_id=period.pk,
        zh=f"{period.code} 已收到{n}个单位的填报，最近报来的是{name}",
        en=f"{period.code}: {n} reports have come in, the latest from {name}",
        url=f"{reverse('report_overview')}?month={period.code}",
    )
