"""Search over tasks, matters, documents and boxes, and the page of any subject."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shiyu.desk.queries import find
from shiyu.lib.errors import NotVisible
from shiyu.lib.requests import WorkRequest
from shiyu.meetings.models import Decision
from shiyu.plans.models import Report

# Subject type → URL name of its page, where the page's address is the subject's own key.
PAGES = {
    "plans.task": "task_detail",
    "plans.duty": "duty_detail",
    "plans.edition": "edition_detail",
    "matters.matter": "matter_detail",
    "letters.letter": "letter_detail",
    "letters.instruction": "instruction_detail",
    "meetings.meeting": "meeting_detail",
    "documents.document": "document_file",
}


@login_required
def search(request: WorkRequest) -> HttpResponse:
    """What matches the words, grouped: tasks, matters, documents, boxes. One character finds nothing useful."""
    words = request.GET.get("q", "").strip()
    found = find(request.actor, words) if len(words) > 1 else []
    return render(request, "desk/search.html", {"words": words, "found": found, "too_short": len(words) == 1})


@login_required
def subject_detail(request: WorkRequest, kind: str, subject_id: UUID) -> HttpResponse:
    """Go to the page of a subject, whatever it is; its own page decides who may see it."""
    if kind in PAGES:
        return redirect(reverse(PAGES[kind], args=[subject_id]))
    if kind == "meetings.decision":
        decision = Decision.objects.filter(pk=subject_id).first()
        if decision is not None:
            return redirect("meeting_detail", decision.meeting_id)
    if kind == "plans.report":
        report = Report.objects.select_related("period").filter(pk=subject_id).first()
        if report is not None:
            return redirect("report_detail", report.period.code, report.unit_id)
    raise NotVisible(_("There is no such page."))
