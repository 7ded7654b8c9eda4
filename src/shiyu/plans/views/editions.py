"""Pages of an edition: its tasks, negative list, blind spots, difference, approval and issue."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shiyu.documents.actions import store_document
from shiyu.documents.archive import write_archive
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.plans.access import can, need
from shiyu.plans.actions.editions import issue_edition, submit_for_approval, take_back_edition
from shiyu.plans.actions.tasks import remove_circumstance, write_circumstance
from shiyu.plans.forms.editions import CircumstanceForm, EditionFilter, IssueForm, ReasonForm, unit_choices
from shiyu.plans.forms.posted import posted
from shiyu.plans.models import Edition
from shiyu.plans.queries.approval import approval_package
from shiyu.plans.queries.editions import TaskRow, find_edition, state_words, task_rows
from shiyu.ui.forms import refuse
from shiyu.ui.lists import Column, ListSpec, TablePage, respond_list
from shiyu.ui.sheets import as_download


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
        "sub_plans": edition.plan.sub_plans.order_by("created_at"),
        "task_count": sum(row.task.parent_id is None for row in rows),
        "sub_count": sum(row.task.parent_id is not None for row in rows),
        "lead_count": len({unit for row in rows for unit in row.lead_ids}),
        "unit_count": len({unit for row in rows for unit in row.unit_ids}),
        "may_edit": can(actor, "edit") and edition.is_editable,
        "may_take_back": can(actor, "edit") and edition.state == Edition.State.APPROVAL,
        "may_issue": can(actor, "issue") and edition.state == Edition.State.APPROVAL,
        "may_round": can(actor, "run_opinions") and edition.is_editable,
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
            remove_circumstance(actor, edition.pk, int(request.POST["remove"]))
            return redirect("edition_circumstances", edition.pk)
        if form.is_valid():
            try:
                write_circumstance(actor, edition.pk, **form.cleaned_data)
                messages.success(request, _("The circumstance is kept."))
                return redirect("edition_circumstances", edition.pk)
            except UserError as error:
                refuse(form, error)
    context = {
        "edition": edition,
        "rows": edition.circumstances.all(),
        "form": form,
        "may_edit": can(actor, "edit") and edition.is_editable,
    }
    return render(request, "plans/edition_circumstances.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def edition_submit(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """Send the draft out for approval."""
    edition = edition_or_404(request, edition_id)
    try:
        submit_for_approval(request.actor, edition.pk)  # type: ignore[attr-defined]
        messages.success(
            request, _("The edition is closed for approval. Download the package and hand it in.")
        )
    except UserError as error:
        messages.error(request, str(error))
    return redirect("edition_detail", edition.pk)


@login_required
def edition_take_back(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """The approval asked for changes: open the edition again, with what was asked."""
    edition = edition_or_404(request, edition_id)
    need(request.actor, "edit")  # type: ignore[attr-defined]
    form = ReasonForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        take_back_edition(request.actor, edition.pk, form.cleaned_data["reason"])  # type: ignore[attr-defined]
        return redirect("edition_detail", edition.pk)
    context = {"form": form, "title": _("Take the edition back for changes"), "submit": _("Take back"),
               "cancel_url": reverse("edition_detail", args=[edition.pk])}  # fmt: skip
    return render(request, "ui/form.html", context)


@login_required
def edition_package(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """The approval package: the plan in Word, its tables in Excel, the opinions' summary."""
    edition = edition_or_404(request, edition_id)
    need(request.actor, "edit")  # type: ignore[attr-defined]
    files = approval_package(edition)
    name = f"{edition.plan.title}-{_('approval package')}.zip"
    return as_download(write_archive(files, clock.today()), name, "application/zip")


@login_required
def edition_issue(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """Register number, date, signer and formal file; from then on the edition never changes."""
    actor = request.actor  # type: ignore[attr-defined]
    edition = edition_or_404(request, edition_id)
    need(actor, "issue")
    form = IssueForm(*posted(request, files=True))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():  # a refused issue leaves no file behind
                title = f"{edition.plan.title} {data['document_number']}"
                document = store_document(actor, title=title, kind="formal", upload=data.pop("formal_file"))
                issue_edition(actor, edition.pk, formal_document=document, **data)
            messages.success(request, _("The edition is issued and in force."))
            return redirect("edition_detail", edition.pk)
        except UserError as error:
            error.field = "formal_file" if error.field == "file" else error.field
            refuse(form, error)
    context = {"form": form, "title": _("Register what came back from the approval"), "submit": _("Issue the edition"),
               "note": edition.plan.title, "cancel_url": reverse("edition_detail", args=[edition.pk])}  # fmt: skip
    return render(request, "ui/form.html", context, status=400 if form.errors else 200)


@login_required
def edition_formal_file(request: HttpRequest, edition_id: UUID) -> HttpResponseBase:
    """The formal file, for whoever may see the edition; always as a download."""
    edition = edition_or_404(request, edition_id)
    document = edition.formal_document
    if document is None or document.file is None:
        raise Http404
    stored = default_storage.open(document.file.storage_name)
    return FileResponse(stored, as_attachment=True, filename=document.file_name or document.title)


urlpatterns = [
    path("editions/<uuid:edition_id>/formal-file/", edition_formal_file, name="edition_formal_file"),
    path("editions/<uuid:edition_id>/", edition_detail, name="edition_detail"),
    path("editions/<uuid:edition_id>/negative-list/", circumstances, name="edition_circumstances"),
    path("editions/<uuid:edition_id>/submit/", edition_submit, name="edition_submit"),
    path("editions/<uuid:edition_id>/take-back/", edition_take_back, name="edition_take_back"),
    path("editions/<uuid:edition_id>/package/", edition_package, name="edition_package"),
    path("editions/<uuid:edition_id>/issue/", edition_issue, name="edition_issue"),
]
