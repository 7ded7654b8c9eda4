"""The audit administrator's pages, the system administrator's background work, and one's own long work."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shiyu.audit import actions, queries
from shiyu.audit.access import can
from shiyu.audit.jobs import heads_exported
from shiyu.audit.models import JobRun
from shiyu.lib.errors import NotAllowed, NotVisible, Refusal, UserError
from shiyu.lib.requests import WorkRequest


@login_required
def audit_list(request: WorkRequest) -> HttpResponse:
    """Entries, newest first, filtered by action, person and day."""
    _need_reader(request)
    entries = queries.entries_listed(
        action=request.GET.get("action", ""),
        person=request.GET.get("person", ""),
        day=request.GET.get("day", ""),
    )
    page = Paginator(entries, 50, allow_empty_first_page=True).get_page(request.GET.get("page"))
    return render(request, "audit/audit_list.html", {"page": page, "given": request.GET})


@login_required
def audit_verify(request: WorkRequest) -> HttpResponse:
    """Check the whole record against its seals and the heads kept elsewhere: what was changed, is missing, was put in."""
    _need_reader(request)
    heads, fault = [], ""
    try:
        heads = heads_exported()
    except Refusal:
        raise
    except UserError as error:
        fault = str(error)
    findings = list(queries.verify(heads)) if request.method == "POST" else None
    context = {"findings": findings, "state": queries.seal_state(), "heads": heads[-10:][::-1]}
    folder = Path(settings.AUDIT_HEADS)
    return render(request, "audit/audit_verify.html", {**context, "folder": folder, "fault": fault})


@login_required
def audit_heads(request: WorkRequest) -> HttpResponse:
    """All exported heads as one text file, to be kept by the audit administrator; `shiyu audit verify --head` reads it."""
    _need_reader(request)
    text = "".join(f"{head}\n" for head in heads_exported())
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="heads.txt"'
    return answer


@login_required
def job_list(request: WorkRequest) -> HttpResponse:
    """One's own long work; for the system administrator the periodic jobs and the state of the worker as well."""
    context: dict[str, object] = {"works": queries.works_of(request.user.pk)[:50]}
    if can(request.actor, "operate"):
        context |= {"periodic": queries.periodic_states(), "health": queries.health_of()}
    return render(request, "audit/job_list.html", context)


@require_POST
@login_required
def job_run(request: WorkRequest, name: str) -> HttpResponse:
    """Run a periodic job now."""
    try:
        actions.run_job(request.actor, name)
        messages.success(request, _("The job is queued; its result shows here within a minute."))
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
    return redirect("job_list")


@require_POST
@login_required
def job_retry(request: WorkRequest) -> HttpResponse:
    """Queue once more what could not be handed on."""
    count = actions.retry_messages(request.actor)
    messages.success(request, _("%(n)s messages are queued again.") % {"n": count})
    return redirect("job_list")


@login_required
def job_detail(request: WorkRequest, job_id: UUID) -> HttpResponse:
    """One piece of long work: its bar, where it leads, or its error. It may be left and found again."""
    return render(request, "audit/job_detail.html", {"job": _mine(request, job_id)})


@login_required
def job_file(request: WorkRequest, job_id: UUID) -> HttpResponse | FileResponse:
    """The file that one's own long work made, always as a download."""
    result = _mine(request, job_id).result
    if not result.get("file") or not default_storage.exists(result["file"]):
        raise NotVisible(_("This file is no longer kept; ask for it again."))
    content = default_storage.open(result["file"])
    return FileResponse(
        content, as_attachment=True, filename=result["name"], content_type="application/octet-stream"
    )


@login_required
def job_state(request: WorkRequest, job_id: UUID) -> HttpResponse:
    """How far a long job of one's own is, as JSON for the progress bar (frontend/src/progress.ts)."""
    job = _mine(request, job_id)
    states = {
        JobRun.State.WAITING: _("Waiting for its turn"),
        JobRun.State.RUNNING: f"{job.done} / {job.total}" if job.total else _("Running"),
        JobRun.State.DONE: _("Ready"),
        JobRun.State.FAILED: job.error,
    }
    return JsonResponse(
        {
            "share": job.share,
            "text": str(states[JobRun.State(job.state)]),
            "done": job.state == JobRun.State.DONE,
            "failed": job.state == JobRun.State.FAILED,
            "url": "",
        }
    )


def _mine(request: WorkRequest, job_id: UUID) -> JobRun:
    job = JobRun.objects.filter(pk=job_id, asked_by_id=request.user.pk).first()
    if job is None:
        raise NotVisible(_("There is no such job."))
    return job


def healthz(request: WorkRequest) -> HttpResponse:
    """For the server's monitoring: 200 where all is well, 503 where something is not, with one word for each part."""
    health = queries.health_of()
    words = {part.name: "ok" if part.is_well else "fail" for part in health}
    return JsonResponse(words, status=200 if all(part.is_well for part in health) else 503)


def _need_reader(request: WorkRequest) -> None:
    if not can(request.actor, "read"):
        raise NotAllowed(_("Only the audit administrator reads the audit entries."))
