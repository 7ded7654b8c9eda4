"""An office's own part of its unit's report by its link: no sign-in, only its entries, their proof and nothing else."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from shiyu.documents.serving import file_response
from shiyu.lib.errors import NotVisible
from shiyu.plans.actions.report_offices import office_of_token
from shiyu.plans.actions.report_proof import is_of_link
from shiyu.plans.models import OfficeLink, Report, ReportEntry
from shiyu.plans.queries.reports import entry_lines
from shiyu.plans.views.report_pages import is_fillable, keep_posted, rows_after, rows_of
from shiyu.plans.views.report_proof import attached_document, proof_context, proof_form

View = Callable[..., HttpResponseBase]


def secret_address(view: View) -> View:
    """The address is the key: it must not travel on to other sites or stay in a shared cache."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "private, no-store"
        return response

    return shown


@secret_address
def report_office(request: HttpRequest, token: str) -> HttpResponseBase:
    """The office's entries of the month, saved all at once, until the link expires or is revoked."""
    link, actor = office_of_token(token)
    report = link.report
    lines = entry_lines(actor, report, link.office_id)
    wrong: list[str] = []
    if request.method == "POST":
        saved, rows, wrong = keep_posted(actor, report, lines, request.POST)
        if saved and not wrong:
            messages.success(
                request, _("Saved. Your liaison sees it now; you may change it until the report is sent.")
            )
            return redirect("report_office", token)
        if saved:
            messages.success(request, _("What was complete is saved; the rest is named below."))
            rows = rows_after(report, entry_lines(actor, report, link.office_id), rows)
    else:
        rows = rows_of(report, lines)
    context = {
        "link": link,
        "token": token,
        "report": report,
        "rows": rows,
        "wrong": wrong,
        "may_fill": is_fillable(report),
        "may_prove": not report.period.is_locked and report.state != Report.State.SIGNED_OFF,
        "may_carry_all": any(form and line.may_carry and not line.entry.is_filled for line, form in rows),
    }
    return render(request, "plans/report_office.html", context, status=400 if wrong else 200)


def _entry_of(link: OfficeLink, entry_id: UUID) -> ReportEntry:
    rows = ReportEntry.objects.select_related("duty__task__edition__plan", "duty__decision__meeting")
    entry = rows.filter(pk=entry_id).first()
    if entry is None or not is_of_link(entry, link):
        raise NotVisible(_("There is no such entry."))
    entry.report = link.report
    return entry


@secret_address
def report_office_proof(request: HttpRequest, token: str, entry_id: UUID) -> HttpResponseBase:
    """The proof of one of the office's entries: the same files and limits as for the liaison."""
    link, actor = office_of_token(token)
    entry = _entry_of(link, entry_id)
    form = proof_form(request, actor, entry.pk, link)
    here = reverse("report_office_proof", args=[token, entry.pk])
    if form is None:
        return redirect(here)
    context = proof_context(actor, entry, form=form, base=here, link=link, token=token)
    return render(request, "plans/report_office_proof.html", context, status=400 if form.errors else 200)


@secret_address
def report_office_file(
    request: HttpRequest, token: str, entry_id: UUID, document_id: UUID
) -> HttpResponseBase:
    """A document of one of the office's entries."""
    link, _actor = office_of_token(token)
    entry = _entry_of(link, entry_id)
    return file_response(attached_document(entry.pk, document_id), preview="preview" in request.GET)


urlpatterns = [
    path("reports/office/<str:token>/", report_office, name="report_office"),
    path("reports/office/<str:token>/<uuid:entry_id>/", report_office_proof, name="report_office_proof"),
    path(
        "reports/office/<str:token>/<uuid:entry_id>/<uuid:document_id>/",
        report_office_file,
        name="report_office_file",
    ),
]
