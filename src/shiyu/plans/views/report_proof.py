"""Proof on the entries of a report: what is on file, adding, taking off, serving."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from shiyu.documents.models import Document
from shiyu.documents.queries import documents_of, is_attached
from shiyu.documents.serving import file_response
from shiyu.kernel.actor import Actor
from shiyu.lib.errors import Refusal, UserError
from shiyu.plans.access import can_fill, visible_reports
from shiyu.plans.actions.report_proof import add_proof, remove_proof
from shiyu.plans.forms.posted import posted
from shiyu.plans.forms.reports import ProofForm
from shiyu.plans.models import OfficeLink, Report, ReportEntry
from shiyu.plans.queries.reports import entry_lines
from shiyu.plans.queries.task_facts import ENTRY
from shiyu.ui.forms import refuse


def proof_form(
    request: HttpRequest, actor: Actor, entry_id: UUID, by_link: OfficeLink | None = None
) -> ProofForm | None:
    """The form of one entry's proof, bound to what was posted; None once something was added or taken off."""
    form = ProofForm(*posted(request, files=True))
    if request.method != "POST":
        return form
    try:
        if "remove" in request.POST:
            reason = request.POST.get("reason", "")
            remove_proof(actor, entry_id, _uuid(request.POST["remove"]), reason, by_link=by_link)
            messages.success(request, _("The document is taken off; it stays in the archive."))
            return None
        if form.is_valid():
            made = add_proof(actor, entry_id, **form.cleaned_data, by_link=by_link)
            messages.success(request, _("%(n)s documents are on file.") % {"n": len(made)})
            return None
    except Refusal:
        raise
    except UserError as error:
        form.is_valid()
        refuse(form, error)
    return form


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def proof_context(actor: Actor, entry: ReportEntry, **more: Any) -> dict[str, Any]:
    """What the proof's page shows of an entry; `may_add` unless locked, signed off or another office's."""
    report = entry.report
    is_closed = report.period.is_locked or report.state == Report.State.SIGNED_OFF
    return {
        "entry": entry,
        "report": report,
        "line": next(line for line in entry_lines(actor, report) if line.pk == entry.pk),
        "may_add": not is_closed and can_fill(actor, report.unit_id, entry.office_id),
        "is_signed_off": report.state == Report.State.SIGNED_OFF and not report.period.is_locked,
        "documents": documents_of(ENTRY, [entry.pk]).get(entry.pk, []),
        **more,
    }


def attached_document(entry_id: UUID, document_id: UUID) -> Document:
    """The document, if it hangs on that entry; 404 otherwise."""
    document = Document.objects.select_related("file").filter(pk=document_id).first()
    if document is None or not is_attached(document.pk, ENTRY, entry_id):
        raise Http404
    return document


def _entry_or_404(request: HttpRequest, entry_id: UUID) -> ReportEntry:
    rows = ReportEntry.objects.select_related(
        "report__period", "report__unit", "duty__task__edition__plan", "duty__decision__meeting"
    )
    entry = rows.filter(pk=entry_id, report__in=visible_reports(request.actor)).first()  # type: ignore[attr-defined]
    if entry is None:
        raise Http404
    return entry


@login_required
def report_proof(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The proof of one entry: what is on file, several files or a link at once."""
    actor = request.actor  # type: ignore[attr-defined]
    entry = _entry_or_404(request, entry_id)
    form = proof_form(request, actor, entry.pk)
    here = reverse("report_proof", args=[entry.pk])
    if form is None:
        return redirect(here)
    context = proof_context(actor, entry, form=form, base=here)
    return render(request, "plans/report_proof.html", context, status=400 if form.errors else 200)


@login_required
def report_proof_file(request: HttpRequest, entry_id: UUID, document_id: UUID) -> HttpResponseBase:
    """A document of an entry, for whoever may see the report (the lead of the same task too)."""
    entry = _entry_or_404(request, entry_id)
    return file_response(attached_document(entry.pk, document_id), preview="preview" in request.GET)


urlpatterns = [
    path("reports/entries/<uuid:entry_id>/proof/", report_proof, name="report_proof"),
    path(
        "reports/entries/<uuid:entry_id>/proof/<uuid:document_id>/",
        report_proof_file,
        name="report_proof_file",
    ),
]
