"""Pages of an edition: its tasks and its negative list."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shiyu.lib.errors import Refusal, UserError
from shiyu.plans.access import can, need
from shiyu.plans.actions.tasks import remove_circumstance, write_circumstance
from shiyu.plans.forms.editions import CircumstanceForm, EditionFilter, unit_choices
from shiyu.plans.forms.posted import posted
from shiyu.plans.models import Edition
from shiyu.plans.queries.adoptions import unwritten
from shiyu.plans.queries.editions import TaskRow, find_edition, state_words, task_rows
from shiyu.plans.queries.source_texts import texts_of
from shiyu.ui.forms import refuse
from shiyu.ui.lists import Column, ListSpec, TablePage, respond_list


def edition_or_404(request: HttpRequest, edition_id: UUID) -> Edition:
    """The edition if the person may see it."""
    need(request.actor, "view")  # type: ignore[attr-defined]
    edition = find_edition(request.actor, edition_id)  # type: ignore[attr-defined]
    if edition is None:
        raise Http404
    return edition


def _task_url(row: TaskRow) -> str:
    return reverse("task_detail", args=[row.pk])


COLUMNS = (
    Column("number", gettext_lazy("No."), value=lambda r: r.task.number, width=52, frozen=True, align="r"),
    Column(
        "title",
        gettext_lazy("Key task"),
        value=lambda r: r.task.title,
        width=220,
        frozen=True,
        link=_task_url,
    ),
    Column("block", gettext_lazy("Block"), width=104),
    Column(
        "clauses", gettext_lazy("Clauses"), value=lambda r: "、".join(r.clauses) or None, width=92, clamp=True
    ),
    Column(
        "measures",
        gettext_lazy("Task measures"),
        value=lambda r: r.task.measures or None,
        width=260,
        clamp=True,
    ),
    Column(
        "target",
        gettext_lazy("Target of the year"),
        value=lambda r: r.task.target_text or None,
        width=170,
        clamp=True,
    ),
    Column("leader", gettext_lazy("Leader in charge"), value=lambda r: r.task.lead_leader or None, width=110),
    Column("leads", gettext_lazy("Lead unit"), width=120),
    Column(
        "supporting",
        gettext_lazy("Supporting units"),
        value=lambda r: r.supporting_all or None,
        width=220,
        clamp=True,
    ),
    Column("deadline", gettext_lazy("Deadline"), value=lambda r: r.deadline or None, width=100),
    Column("note", gettext_lazy("Note"), value=lambda r: r.task.note or None, width=120, clamp=True),
)


def _keep(rows: Sequence[TaskRow], data: dict[str, Any]) -> Iterable[TaskRow]:
    """The filters of EditionFilter over rows already in memory."""
    unit = UUID(data["unit"]) if data.get("unit") else None
    for row in rows:
        if data.get("q") and data["q"] not in f"{row.task.number} {row.task.title} {row.task.measures}":
            continue
        if data.get("block") and str(row.task.block_id) != data["block"]:
            continue
        if unit and unit not in (row.lead_ids if data.get("role") == "lead" else row.unit_ids):
            continue
        if unit and data.get("role") == "supporting" and unit in row.lead_ids:
            continue
        yield row


@login_required
def edition_detail(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """The tasks of an edition with filters, export and print, and what can be done next."""
    actor = request.actor  # type: ignore[attr-defined]
    edition = edition_or_404(request, edition_id)
    rows = task_rows(edition)
    blocks = {str(row.task.block_id): row.block for row in rows if row.task.block_id}
    form = EditionFilter(request.GET, list(blocks.items()), unit_choices(edition))
    title = f"{edition.plan.title} · {_('edition %(n)s') % {'n': edition.number}}"
    spec = ListSpec(key="edition", title=title, columns=COLUMNS, default_sort="number", page_size=120)
    page = TablePage(request, spec, rows, form=form, keep=_keep)
    context = {
        "edition": edition,
        "state": state_words(edition),
        "rounds": edition.rounds.order_by("number"),
        "texts": texts_of(edition) if can(actor, "edit") else [],
        "sub_plans": edition.plan.sub_plans.order_by("created_at"),
        "task_count": sum(row.task.parent_id is None for row in rows),
        "sub_count": sum(row.task.parent_id is not None for row in rows),
        "lead_count": len({unit for row in rows for unit in row.lead_ids}),
        "unit_count": len({unit for row in rows for unit in row.unit_ids}),
        "may_edit": can(actor, "edit") and edition.is_editable,
        "may_take_back": can(actor, "edit") and edition.state == Edition.State.APPROVAL,
        "may_issue": can(actor, "issue") and edition.state == Edition.State.APPROVAL,
        "may_round": can(actor, "run_opinions") and edition.is_editable,
        "unwritten": len(unwritten(edition)) if can(actor, "edit") and edition.is_editable else 0,
        "may_package": can(actor, "edit") and edition.state != Edition.State.ISSUED,
        "may_next": can(actor, "edit")
        and edition.state == Edition.State.ISSUED
        and not edition.superseded_on,
        "is_draft": edition.state != Edition.State.ISSUED,
    }
    return respond_list(request, page, "plans/edition_detail.html", context)


@login_required
def circumstances(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """The negative list: each kind of circumstance with its definition; editable in a draft."""
    actor = request.actor  # type: ignore[attr-defined]
    edition = edition_or_404(request, edition_id)
    form = CircumstanceForm(*posted(request))
    if request.method == "POST":
        need(actor, "edit")
        if "remove" in request.POST:
            number = request.POST["remove"]
            remove_circumstance(
                actor, edition.pk, int(number) if number.isascii() and number.isdigit() else 0
            )
            return redirect("edition_circumstances", edition.pk)
        if form.is_valid():
            try:
                write_circumstance(actor, edition.pk, **form.cleaned_data)
                messages.success(request, _("The circumstance is kept."))
                return redirect("edition_circumstances", edition.pk)
            except Refusal:
                raise
            except UserError as error:
                refuse(form, error)
    context = {
        "edition": edition,
        "rows": edition.circumstances.all(),
        "form": form,
        "may_edit": can(actor, "edit") and edition.is_editable,
    }
    return render(request, "plans/edition_circumstances.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("editions/<uuid:edition_id>/", edition_detail, name="edition_detail"),
    path("editions/<uuid:edition_id>/negative-list/", circumstances, name="edition_circumstances"),
]
