"""The desk: what must I do today."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from shiyu.desk.queries.today import groups_of, items_of
from shiyu.lib import clock
from shiyu.lib.requests import WorkRequest
from shiyu.notices.models import Notice
from shiyu.plans.queries.reports import report_box

KINDS = ("task", "matter", "letter", "report")


@login_required
def desk(request: WorkRequest) -> HttpResponse:
    """One page for the day: overdue first, then due soon, the next step one click away."""
    everything = items_of(request.actor)
    chosen = request.GET.get("kind", "")
    items = [item for item in everything if not chosen or item.kind == chosen]
    counts = {
        "late": sum(item.due.state == "late" for item in everything),
        "soon": sum(item.due.state == "soon" for item in everything),
        "all": len(everything),
    }
    notices = Notice.objects.filter(user_id=request.user.pk).order_by("-created_at")
    context = {
        "groups": groups_of(items),
        "counts": counts,
        "chosen": chosen if chosen in KINDS else "",
        "today": clock.today(),
        "report_box": report_box(request.actor),
        "notices": list(notices[:5]),
        "next_item": next((item for item in everything if item.due_on), None),
    }
    return render(request, "desk/desk.html", context)
