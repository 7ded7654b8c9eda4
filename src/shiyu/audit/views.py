"""The audit administrator's pages, and long jobs one can leave and find again."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shiyu.audit import queries
from shiyu.audit.access import can
from shiyu.audit.models import JobRun
from shiyu.lib.errors import NotAllowed, NotVisible
from shiyu.lib.requests import WorkRequest


@login_required
def audit_list(request: WorkRequest) -> HttpResponse:
    """Entries, newest first, filtered by action, person and day."""
    if not can(request.actor, "read"):
        raise NotAllowed(_("Only the audit administrator reads the audit entries."))
    entries = queries.entries_listed(
        action=request.GET.get("action", ""),
        person=request.GET.get("person", ""),
        day=request.GET.get("day", ""),
    )
    page = Paginator(entries, 50, allow_empty_first_page=True).get_page(request.GET.get("page"))
    return render(request, "audit/audit_list.html", {"page": page, "given": request.GET})


@login_required
def audit_verify(request: WorkRequest) -> HttpResponse:
    """Check the whole record against its seals, and say which entries were changed, are missing or inserted."""
    if not can(request.actor, "read"):
        raise NotAllowed(_("Only the audit administrator reads the audit entries."))
    findings = list(queries.verify()) if request.method == "POST" else None
    return render(request, "audit/audit_verify.html", {"findings": findings, "state": queries.seal_state()})


@login_required
def job_state(request: WorkRequest, job_id: UUID) -> HttpResponse:
    """How far a long job of one's own is, as JSON for the progress bar."""
    job = JobRun.objects.filter(pk=job_id, asked_by_id=request.user.pk).first()
    if job is None:
        raise NotVisible(_("There is no such job."))
    state = {
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "error": job.error,
        "result": job.result,
    }
    return JsonResponse(state)
