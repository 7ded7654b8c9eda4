"""One unit's month: filling in, Excel down and up, sending, review, the office's own link, proof."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from shiyu.documents.excel import SheetFaulty
from shiyu.lib.errors import NotAllowed, Refusal, UserError
from shiyu.plans.access import can_fill
from shiyu.plans.actions.report_flow import (
    has_review,
    return_report,
    review_report,
    send_for_review,
    take_back_report,
)
from shiyu.plans.actions.report_merging import merge_supporting_texts
from shiyu.plans.actions.report_offices import make_office_link, revoke_office_link
from shiyu.plans.actions.reports import fill_report
from shiyu.plans.forms.posted import posted
from shiyu.plans.forms.reports import SheetForm
from shiyu.plans.models import OfficeLink, Report
from shiyu.plans.queries.report_changes import duties_from_next_month, duties_resting
from shiyu.plans.queries.report_sheets import read_report, report_workbook
from shiyu.plans.queries.reports import (
    EntryLine,
    chain_of,
    entry_lines,
    offices_of,
    open_without_office,
    state_words,
)
from shiyu.plans.views import report_office, report_overview, report_proof
from shiyu.plans.views.report_pages import (
    Rows,
    is_fillable,
    keep_posted,
    report_or_404,
    rows_after,
    rows_of,
)
from shiyu.ui.sheets import XLSX, as_download

State = Report.State


@login_required
def report_detail(request: HttpRequest, code: str, unit_id: UUID) -> HttpResponse:
    """The one page of a unit and month: every entry with last month's text beside it, saved all at once."""
    actor = request.actor  # type: ignore[attr-defined]
    report = report_or_404(request, code, unit_id)
    lines = entry_lines(actor, report)
    wrong: list[Any] = []
    if request.method == "POST":
        saved, rows, wrong = keep_posted(actor, report, lines, request.POST)
        if saved:
            try:
                _go_on(request, report, bool(wrong), lines)
            except Refusal:
                raise
            except UserError as error:
                wrong.append(str(error))
            if not wrong:
                return redirect("report_detail", code, unit_id)
            report = report_or_404(request, code, unit_id)
            rows = rows_after(report, entry_lines(actor, report), rows)
    else:
        rows = rows_of(report, lines)
    return _page(request, report, rows, wrong)


def _go_on(request: HttpRequest, report: Report, is_part: bool, lines: list[EntryLine]) -> None:
    """What else the pressed button asks for, once everything (or all but what is named) is saved."""
    actor = request.actor  # type: ignore[attr-defined]
    if "merge" in request.POST:
        merged = merge_supporting_texts(actor, report.pk)
        said = (
            _("The supporting units' texts are taken in.")
            if merged
            else _("There is nothing new to take in.")
        )
        messages.success(request, said)
    elif "send" in request.POST:
        sent = send_for_review(actor, report.pk)
        messages.success(request, _("The report is sent: %(where)s.") % {"where": state_words(sent.state)})
    elif is_part:
        messages.success(request, _("What was complete is saved; the rest is named below."))
    else:
        messages.success(request, _saved_words(report, lines))


def _saved_words(report: Report, lines: list[EntryLine]) -> str:
    """What was saved, and how many entries are still open; those reported for the first time have no "no change"."""
    keys = set(report.entries.filter(is_filled=False, dropped_on=None).values_list("pk", flat=True))
    left = [line for line in lines if line.pk in keys]
    if not left:
        return _("Everything is saved.")
    said = ngettext(
        "Saved. %(n)s entry is still to be filled in.",
        "Saved. %(n)s entries are still to be filled in.",
        len(left),
    ) % {"n": len(left)}
    first = sum(not line.may_carry for line in left)
    if first:
        said += " " + ngettext(
            "%(n)s of them is reported for the first time and has no “no change”: write its progress and status.",
            "%(n)s of them are reported for the first time and have no “no change”: write their progress and status.",
            first,
        ) % {"n": first}
    return said


def _page(request: HttpRequest, report: Report, rows: Rows, wrong: list[Any], **more: Any) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    open_now, whole = is_fillable(report), can_fill(actor, report.unit_id)
    may_change = not report.period.is_locked
    context = {
        "report": report,
        "rows": rows,
        "wrong": wrong,
        "state": state_words(report.state),
        "chain": chain_of(report),
        "offices": offices_of(report),
        "without_office": open_without_office(report),
        "counts": {
            "total": len(rows),
            "filled": sum(line.entry.is_filled for line, _form in rows),
            "no_change": sum(line.entry.no_change for line, _form in rows),
        },
        "may_fill": open_now and any(form for _line, form in rows),
        "may_send": open_now and whole,
        "is_complete": all(line.entry.is_filled or line.entry.dropped_on for line, _form in rows),
        "has_review": has_review(),
        "may_carry_all": any(form and line.may_carry and not line.entry.is_filled for line, form in rows),
        "may_merge": open_now and whole and any(line.others for line, _form in rows),
        "may_review": may_change
        and report.state == State.IN_REVIEW
        and actor.has("report.review", report.unit_id),
        "may_sign_off": may_change and report.state == State.SUBMITTED and actor.has("report.sign_off"),
        "may_return": may_change
        and report.state in (State.SUBMITTED, State.SIGNED_OFF)
        and actor.has("report.sign_off"),
        "may_take_back": may_change and whole and report.state in (State.IN_REVIEW, State.SUBMITTED),
        "may_link": open_now and whole,
        "from_next_month": duties_from_next_month(report),
        "resting": duties_resting(report),
        "may_prove": may_change and report.state != State.SIGNED_OFF,
        "sheet_form": SheetForm(),
        **more,
    }
    return render(request, "plans/report_detail.html", context, status=400 if wrong else 200)


@login_required
def report_sheet(request: HttpRequest, code: str, unit_id: UUID) -> HttpResponse:
    """Down: the prefilled workbook. Up: taken over whole or not at all, every error with its row."""
    actor = request.actor  # type: ignore[attr-defined]
    report = report_or_404(request, code, unit_id)
    lines = [line for line in entry_lines(actor, report) if line.may_fill]
    if request.method != "POST":
        if not lines:
            raise NotAllowed(_("Your posts do not include filling in this report."))
        name = f"{report.unit.display_short}-{code}-{_('progress report')}.xlsx"
        return as_download(report_workbook(report, lines), name, XLSX)
    form = SheetForm(*posted(request, files=True))
    wrong: list[Any] = []
    if form.is_valid():
        try:
            given = read_report(form.cleaned_data["file"].read(), report, lines)
            fill_report(actor, report.pk, given)
            messages.success(
                request, _("%(n)s entries are taken over from the workbook.") % {"n": len(given)}
            )
            return redirect("report_detail", code, unit_id)
        except SheetFaulty as error:
            wrong = list(error.errors)
        except Refusal:
            raise
        except UserError as error:
            wrong = [str(error)]
    else:
        wrong = [message for errors in form.errors.values() for message in errors]
    return _page(request, report, rows_of(report, entry_lines(actor, report)), wrong, sheet_form=form)


@login_required
@require_POST
def report_act(request: HttpRequest, code: str, unit_id: UUID, verb: str) -> HttpResponse:
    """One step on the report's way: approve, give back, return, take back."""
    actor = request.actor  # type: ignore[attr-defined]
    report = report_or_404(request, code, unit_id)
    reason = request.POST.get("reason", "")
    try:
        if verb == "approve":
            review_report(actor, report.pk, True)
        elif verb == "give-back":
            review_report(actor, report.pk, False, reason)
        elif verb == "return":
            return_report(actor, report.pk, reason)
        elif verb == "take-back":
            take_back_report(actor, report.pk)
        else:
            raise Http404
        report.refresh_from_db()
        messages.success(request, _("The report is now: %(where)s.") % {"where": state_words(report.state)})
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
    return redirect("report_detail", code, unit_id)


@login_required
@require_POST
def report_office_link(request: HttpRequest, code: str, unit_id: UUID, office_id: UUID) -> HttpResponse:
    """Make (or revoke) an office's link; the address is shown once."""
    actor = request.actor  # type: ignore[attr-defined]
    report = report_or_404(request, code, unit_id)
    if "revoke" in request.POST:
        for link in OfficeLink.objects.filter(report=report, office_id=office_id, revoked_at=None):
            revoke_office_link(actor, link.pk)
        messages.success(request, _("The link does not work any more."))
        return redirect("report_detail", code, unit_id)
    link, token = make_office_link(actor, report.pk, office_id)
    url = request.build_absolute_uri(f"/reports/office/{token}/")
    rows = rows_of(report, entry_lines(actor, report))
    return _page(
        request, report, rows, [], new_link={"url": url, "office": link.office, "until": link.expires_at}
    )


urlpatterns = [
    *report_overview.urlpatterns,
    *report_proof.urlpatterns,
    *report_office.urlpatterns,
    path("reports/<str:code>/<uuid:unit_id>/", report_detail, name="report_detail"),
    path("reports/<str:code>/<uuid:unit_id>/sheet/", report_sheet, name="report_sheet"),
    path(
        "reports/<str:code>/<uuid:unit_id>/offices/<uuid:office_id>/",
        report_office_link,
        name="report_office_link",
    ),
    path("reports/<str:code>/<uuid:unit_id>/<str:verb>/", report_act, name="report_act"),
]
