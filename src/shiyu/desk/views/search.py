"""Search over tasks, matters, letters, instructions, documents and boxes, and the page of any subject."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shiyu.desk.queries.found import KINDS, MOST, PAGE, find
from shiyu.lib.errors import NotVisible
from shiyu.lib.requests import WorkRequest
from shiyu.meetings.models import Decision
from shiyu.plans.models import Report

LONGEST = 60  # characters of a query

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
    """What matches the words: five rows of each kind, or one kind page by page. `?q=`, `?kind=`, `?page=`."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    page = _page(request.GET.get("page", ""))
    found = find(request.actor, words, kind, page)
    chosen = next((one for one in found if one.kind == kind), None)
    last = -(-min(chosen.count, MOST) // PAGE) if chosen else 1
    context = {
        "words": words,
        "kind": kind,
        "found": found,
        "shown": [chosen] if chosen else found if not kind else [],
        "page": page,
        "next_page": page + 1 if page < last else None,
        "previous_page": page - 1 if page > 1 else None,
        "is_cut": chosen is not None and chosen.count > MOST and page == last,
    }
    return render(request, "desk/search.html", context)


def _page(text: str) -> int:
    return min(max(int(text), 1), MOST // PAGE) if text.isascii() and text.isdigit() else 1


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
