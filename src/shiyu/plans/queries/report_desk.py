"""Reports on the desk: what waits for whom, and the box of the month's report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from shiyu.kernel.actor import Actor
from shiyu.plans.actions.reports import OPEN_STATES
from shiyu.plans.models import Report
from shiyu.plans.queries.desk import DeskItem
from shiyu.plans.queries.reports import ChainStep, chain_of, offices_of, open_without_office
from shiyu.ui.values import month_words

State = Report.State


@dataclass(frozen=True)
class ReportBox:
    """The month's report on the desk: where it stands, how much is open and with whom."""

    report: Report
    code: str
    month: date
    unit: str
    due_on: date | None
    url: str
    sheet_url: str
    chain: list[ChainStep]
    total: int
    filled: int
    no_change: int
    open: int
    offices: list[dict[str, Any]]
    without_office: int
    button: str


def report_box(actor: Actor) -> ReportBox | None:
    """The newest open month's report of the person's unit; None for who fills or reviews none."""
    units = actor.units_with("report.fill") | actor.units_with("report.review")
    if actor.is_system or not units:
        return None
    rows = Report.objects.filter(period__locked_revision=None).filter(
        Q(unit_id__in=units) | Q(entries__office_id__in=units)
    )
    report = (
        rows.select_related("period", "unit").order_by("-period__starts_on", "unit__protocol_order").first()
    )
    if report is None:
        return None
    filled = Count("pk", filter=Q(is_filled=True))
    counts = report.entries.filter(dropped_on=None).aggregate(
        total=Count("pk"), filled=filled, no_change=Count("pk", filter=Q(no_change=True))
    )
    args = [report.period.code, report.unit_id]
    open_states = report.state in OPEN_STATES
    return ReportBox(
        report,
        report.period.code,
        report.period.starts_on,
        report.unit.display_short,
        report.period.due_on,
        reverse("report_detail", args=args),
        reverse("report_sheet", args=args) if actor.has("report.fill") and open_states else "",
        chain_of(report),
        counts["total"],
        counts["filled"],
        counts["no_change"],
        counts["total"] - counts["filled"],
        [office for office in offices_of(report) if office["open"]],
        open_without_office(report),
        _button(open_states, counts["filled"]),
    )


def _button(is_open: bool, filled: int) -> str:
    begun = _("Go on filling in") if filled else _("Start filling in")
    return begun if is_open else _("Open the report")


def report_items_for_desk(actor: Actor) -> list[DeskItem]:
    """What waits for the person: to fill, to put right, to review, to sign off. Three queries."""
    if actor.is_system:
        return []
    fill, review = actor.units_with("report.fill"), actor.units_with("report.review")
    rows = Report.objects.filter(period__locked_revision=None).select_related("period", "unit")
    mine = rows.filter(Q(unit_id__in=fill) | Q(entries__office_id__in=fill), state__in=OPEN_STATES).distinct()
    items = [_to_fill(report) for report in _counted(mine)]
    items += [
        _to_review(report) for report in _counted(rows.filter(unit_id__in=review, state=State.IN_REVIEW))
    ]
    return items + (_to_sign_off(rows) if actor.has("report.sign_off") else [])


def _counted(rows: Any) -> Iterable[Report]:
    return rows.annotate(
        open_count=Count(
            "entries", filter=Q(entries__is_filled=False, entries__dropped_on=None), distinct=True
        )
    ).order_by("period__starts_on", "unit__protocol_order")


def _to_fill(report: Report) -> DeskItem:
    back = report.state == State.RETURNED
    n: int = report.open_count  # type: ignore[attr-defined]
    why = (
        _("Returned: %(why)s") % {"why": report.return_reason}
        if back
        else _("Your unit's duties of the month")
    )
    return DeskItem(
        kind=pgettext("report", "Report"),
        title=_("Report for %(code)s") % {"code": month_words(report.period.starts_on)},
        sub=f"{report.unit.display_short} · "
        + ngettext("%(n)s entry open", "%(n)s entries open", n) % {"n": n},
        why=why,
        due_on=report.period.due_on,
        action=_next_words(back, n),
        url=reverse("report_detail", args=[report.period.code, report.unit_id]),
    )


def _next_words(back: bool, open_count: int) -> str:
    if back:
        return pgettext("report", "Put right")
    return pgettext("report", "Fill in") if open_count else pgettext("report", "Send on")


def _to_review(report: Report) -> DeskItem:
    return DeskItem(
        kind=pgettext("report", "Report"),
        title=_("Report for %(code)s") % {"code": month_words(report.period.starts_on)},
        sub=f"{report.unit.display_short} · {report.filled_by}",
        why=_("You are the leader in charge"),
        due_on=report.period.due_on,
        action=pgettext("report", "Review"),
        url=reverse("report_detail", args=[report.period.code, report.unit_id]),
    )


def _to_sign_off(rows: Any) -> list[DeskItem]:
    waiting = (
        rows.filter(state=State.SUBMITTED).values("period__code", "period__ends_on").annotate(n=Count("pk"))
    )
    return [
        DeskItem(
            kind=pgettext("report", "Report"),
            title=_("Sign off the reports for %(code)s") % {"code": month_words(row["period__code"])},
            sub=ngettext("%(n)s unit is waiting", "%(n)s units are waiting", row["n"]) % {"n": row["n"]},
            why=_("The office signs reports off"),
            due_on=row["period__ends_on"],
            action=pgettext("report", "Sign off"),
            url=f"{reverse('report_overview')}?month={row['period__code']}&state=submitted",
        )
        for row in waiting.order_by("period__code")
    ]
