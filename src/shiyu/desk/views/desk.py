"""The desk: what must I do today."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from shiyu.desk.queries.asked import asked_of, counts_of_rows, kinds_asked, this_month
from shiyu.desk.queries.today import beyond, desk_of, groups_of
from shiyu.desk.queries.waiting import waiting_box, waiting_of
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.requests import WorkRequest
from shiyu.notices.models import Notice
from shiyu.people.queries import stood_in_for
from shiyu.plans.queries.report_desk import report_box
from shiyu.ui.lists import Column, ListSpec, TablePage, respond_list
from shiyu.ui.values import Number

KINDS = ("task", "matter", "letter", "report")


@login_required
def desk(request: WorkRequest) -> HttpResponse:
    """One page for the day: overdue first, then due soon, the next step one click away."""
    waiting_here = desk_of(request.actor)
    everything = waiting_here.items
    chosen = request.GET.get("kind", "")
    items = [item for item in everything if not chosen or item.kind == chosen]
    counts = {
        "late": sum(item.due.state == "late" for item in everything),
        "soon": sum(item.due.state == "soon" for item in everything),
        "all": len(everything),
    }
    waits, waiting_count = waiting_box(request.actor)
    notices = Notice.objects.filter(user_id=request.user.pk).order_by("-created_at")
    context = {
        "groups": groups_of(items),
        "more_matters": waiting_here.more_matters,
        "more_mediations": waiting_here.more_mediations,
        "beyond": beyond(request.actor, everything),
        "counts": counts,
        "with_plans": request.actor.has("plan.view"),
        "chosen": chosen if chosen in KINDS else "",
        "today": clock.today(),
        "report_box": report_box(request.actor),
        "notices": list(notices[:5]),
        "next_item": next((item for item in everything if item.due_on), None),
        "waiting": waits,
        "waiting_count": waiting_count,
        "waiting_url": reverse("waiting_list"),
        "asked": _asked(request.actor),
        "stood_in_for": stood_in_for(request.user.pk),
        "may_compare": request.actor.has("list.view_all"),
    }
    return render(request, "desk/desk.html", context)


def _asked(actor: Actor) -> list[Number]:
    """What was asked of the person's own unit this month, each count with its rows; empty for who works for none."""
    unit_id = actor.home_unit_id
    if unit_id is None or unit_id not in actor.unit_ids:
        return []
    month = this_month()
    counts = counts_of_rows(asked_of(actor, [unit_id], month))
    page = reverse("asked_unit", args=[month.code, unit_id])
    words = kinds_asked()
    shown = {kind: "form" if kind == "entry" else kind for kind in words}
    return [Number(counts[kind], f"{page}?kind={shown[kind]}", label=label) for kind, label in words.items()]


class WaitingFilter(forms.Form):
    """Which kind of answer is waited for."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)

    def __init__(self, data: Any, kinds: list[str]) -> None:
        super().__init__(data)
        choices = [("", gettext("All")), *((kind, kind) for kind in kinds)]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


WAITING = (
    Column("kind", pgettext_lazy("waiting", "Waiting for"), width=90, sort=True, short=True),
    Column("title", pgettext_lazy("waiting", "About"), link=lambda row: row.url),
    Column("whom", pgettext_lazy("waiting", "With whom"), width=220, sort=True),
    Column("since", pgettext_lazy("waiting", "Since"), width=110, sort=True, short=True),
    Column("workdays", pgettext_lazy("waiting", "Workdays"), width=90, align="r", sort=True, short=True),
)


@login_required
def waiting_list(request: WorkRequest) -> HttpResponse:
    """All that the person's units handed over and wait for, the longest wait first. `?kind=`."""
    rows = waiting_of(request.actor)
    spec = ListSpec(
        key="waiting",
        title=gettext("Handed over, waiting for others"),
        columns=WAITING,
        default_sort="since",
        page_size=100,
        empty=gettext("Nothing of yours waits with others."),
        paper="A4",
    )
    form = WaitingFilter(request.GET, sorted({row.kind for row in rows}))
    page = TablePage(request, spec, rows, form=form, keep=_kept)
    return respond_list(request, page, "desk/waiting.html")


def _kept(rows: Any, data: dict[str, Any]) -> list[Any]:
    return [row for row in rows if not data.get("kind") or row.kind == data["kind"]]
