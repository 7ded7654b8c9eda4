"""A month's reports of all units: who is late or missing; signing off, reminding, opening and locking the month."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_POST

from shiyu.documents.excel import Sheet, render_workbook
from shiyu.documents.tables import Column as SheetColumn
from shiyu.lib import clock
from shiyu.lib.errors import Refusal, UserError
from shiyu.periods.access import can as can_period
from shiyu.periods.models import Period
from shiyu.periods.queries import period_by_code
from shiyu.plans.access import need
from shiyu.plans.actions.locking import lock_month
from shiyu.plans.actions.report_flow import remind_units, sign_off_reports
from shiyu.plans.actions.reports import open_month
from shiyu.plans.forms.reports import OpenMonthForm, ReportFilter
from shiyu.plans.models import Report
from shiyu.plans.queries.reports import ReportRow, months_listed, report_rows
from shiyu.ui.columns import BulkAction
from shiyu.ui.lists import Column, ListSpec, TablePage, respond_list
from shiyu.ui.sheets import XLSX, as_download
from shiyu.ui.values import Number


def _url(row: ReportRow) -> str:
    return reverse("report_detail", args=[row.report.period.code, row.unit.pk])


COLUMNS = (
    Column("unit", pgettext_lazy("report", "Unit"), value=lambda r: r.unit.name, link=_url),
    Column("state", pgettext_lazy("report", "State"), width=150, template="plans/_report_state.html", export_value=lambda r: r.state),
    Column("timing", pgettext_lazy("report", "Timing"), width=110, template="plans/_report_timing.html",
           export_value=lambda r: r.timing),
    Column("total", pgettext_lazy("report", "Entries"), width=84, align="r", value=lambda r: Number(r.total, _url(r))),
    Column("filled", pgettext_lazy("report", "Filled in"), width=84, align="r", value=lambda r: Number(r.filled, _url(r))),
    Column("no_change", pgettext_lazy("report", "No change"), width=84, align="r", value=lambda r: Number(r.no_change, _url(r))),
    Column("open", pgettext_lazy("report", "Open"), width=84, align="r", value=lambda r: Number(r.open, _url(r))),
    Column("sent", pgettext_lazy("report", "Sent on"), width=120, value=lambda r: r.report.first_submitted_at),
    Column("filled_by", pgettext_lazy("report", "Filled in by"), width=150, value=lambda r: r.report.filled_by or None, phone=False),
    Column("reviewed_by", pgettext_lazy("report", "Reviewed by"), width=150, value=lambda r: r.report.reviewed_by or None,
           phone=False),
)  # fmt: skip


def _keep(rows: Sequence[ReportRow], data: dict[str, Any]) -> Iterable[ReportRow]:
    timing = data.get("timing")
    for row in rows:
        if data.get("state") and row.report.state != data["state"]:
            continue
        if timing == "missing" and not row.is_missing or timing == "late" and not row.is_late:
            continue
        if timing == "in_time" and (row.is_late or row.is_missing):
            continue
        yield row


@login_required
def report_overview(request: HttpRequest) -> HttpResponse:
    """All units of a month by protocol; the newest month unless one is asked for."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "view")
    months = months_listed()
    asked = request.GET.get("month", "")
    period = next((month for month in months if month.code == asked), months[0] if months else None)
    if asked and period and period.code != asked:
        raise Http404
    rows = report_rows(actor, period) if period else []
    title = _("Monthly reports") + (f" · {period.code}" if period else "")
    spec = ListSpec(key="reports", title=title, columns=COLUMNS, default_sort="unit", page_size=200, paper="A4",
                    empty=_("No month has been opened yet."))  # fmt: skip
    may_sign = actor.has("report.sign_off") and period is not None and not period.is_locked
    bulk = [BulkAction(_("Sign off the chosen reports"), reverse("report_sign_off"))] if may_sign else []
    here = f"{reverse('report_overview')}?month={period.code if period else ''}"
    foot = [
        Number(sum(not r.is_missing for r in rows), here, label=pgettext("report", "Sent")),
        Number(sum(r.is_late for r in rows), f"{here}&timing=late", label=pgettext("report", "Late")),
        Number(
            sum(r.is_missing for r in rows),
            f"{here}&timing=missing",
            late=True,
            label=pgettext("report", "Missing"),
        ),
    ]
    form = ReportFilter(request.GET, [month.code for month in months])
    page = TablePage(request, spec, rows, form=form, keep=_keep, bulk=bulk, foot=foot)
    context = {
        "period": period,
        "open_form": OpenMonthForm(),
        "may_open": can_period(actor, "open"),
        "may_lock": period is not None and not period.is_locked and can_period(actor, "lock"),
        "lock_from": period.ends_on if period and clock.today() < period.ends_on else None,
        "may_remind": may_sign and any(r.is_missing for r in rows),
        "sees_all": actor.has("report.sign_off") or actor.has("list.view_all"),
        "sees_pack": any(actor.has(right) for right in ("meeting.run", "period.lock", "command.view")),
        "waiting": sum(r.report.state == Report.State.SUBMITTED for r in rows),
    }
    return respond_list(request, page, "plans/report_overview.html", context)


def _period_or_404(code: str) -> Period:
    period = period_by_code(code)
    if period is None:
        raise Http404
    return period


def _back(period: Period) -> HttpResponse:
    return redirect(f"{reverse('report_overview')}?month={period.code}")


@login_required
@require_POST
def report_month_open(request: HttpRequest) -> HttpResponse:
    """Open a month's reports."""
    form = OpenMonthForm(request.POST)
    try:
        form.is_valid()
        period = open_month(request.actor, form.cleaned_data.get("code", ""))  # type: ignore[attr-defined]
        messages.success(request, _("The reports of %(code)s are open.") % {"code": period.code})
        return _back(period)
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
    return redirect("report_overview")


@login_required
@require_POST
def report_sign_off(request: HttpRequest) -> HttpResponse:
    """Sign off one report or many at once."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "view")
    try:
        chosen = [UUID(key) for key in request.POST.getlist("chosen")]
    except ValueError as error:
        raise Http404 from error
    try:
        reports = sign_off_reports(actor, chosen)
        messages.success(request, _("%(n)s reports are signed off.") % {"n": len(reports)})
        return _back(reports[0].period)
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
    return redirect("report_overview")


@login_required
@require_POST
def report_remind(request: HttpRequest, code: str) -> HttpResponse:
    """Remind every unit whose report has not left it."""
    period = _period_or_404(code)
    need(request.actor, "view")  # type: ignore[attr-defined]
    try:
        units = remind_units(request.actor, period.pk)  # type: ignore[attr-defined]
        messages.success(request, _("%(n)s units are reminded.") % {"n": len(units)})
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
    return _back(period)


@login_required
def report_reminders(request: HttpRequest, code: str) -> HttpResponse:
    """The reminder list in Excel: who is late or missing, with what is open."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "view")
    period = _period_or_404(code)
    rows = [row for row in report_rows(actor, period) if row.is_missing or row.is_late]
    columns = (
        SheetColumn(pgettext("report", "No."), 12, "center"),
        SheetColumn(pgettext("report", "Unit"), 60),
        SheetColumn(pgettext("report", "Timing"), 24, "center"),
        SheetColumn(pgettext("report", "State"), 36, "center"),
        SheetColumn(pgettext("report", "Entries"), 20, "right"),
        SheetColumn(pgettext("report", "Open"), 20, "right"),
        SheetColumn(pgettext("report", "Due on"), 28, "center"),
        SheetColumn(pgettext("report", "Sent on"), 28, "center"),
        SheetColumn(pgettext("report", "Filled in by"), 40),
    )
    listed = [
        (at, row.unit.name, row.timing, row.state, row.total, row.open, period.due_on,
         clock.local(row.report.first_submitted_at).date() if row.report.first_submitted_at else None,
         row.report.filled_by)
        for at, row in enumerate(rows, start=1)
    ]  # fmt: skip
    title = f"{code} {_('reminder list')}"
    content = render_workbook([Sheet(name=code, title=title, columns=columns, rows=listed, paper="A4")])
    return as_download(content, f"{title}.xlsx", XLSX)


@login_required
@require_POST
def period_lock(request: HttpRequest, period_id: UUID) -> HttpResponse:
    """Lock a month: its lists and figures stand from then on."""
    need(request.actor, "view")  # type: ignore[attr-defined]
    try:
        revision = lock_month(request.actor, period_id)  # type: ignore[attr-defined]
        messages.success(
            request,
            _("%(code)s is locked (revision %(n)s).") % {"code": revision.period.code, "n": revision.number},
        )
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
    return redirect("period_detail", period_id)


urlpatterns = [
    path("reports/", report_overview, name="report_overview"),
    path("reports/open/", report_month_open, name="report_month_open"),
    path("reports/sign-off/", report_sign_off, name="report_sign_off"),
    path("reports/lock/<uuid:period_id>/", period_lock, name="period_lock"),
    path("reports/<str:code>/remind/", report_remind, name="report_remind"),
    path("reports/<str:code>/reminders/", report_reminders, name="report_reminders"),
]
