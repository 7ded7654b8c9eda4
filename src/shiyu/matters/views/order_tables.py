"""Pages of tables of work orders: handed in, what they would do, taken over or dropped."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shiyu.audit.models import JobRun
from shiyu.letters.views.pages import actor_of, page
from shiyu.lib.errors import Refusal, UserError
from shiyu.matters.actions.orders import ask_to_check_orders, ask_to_take_orders, drop_orders, hand_in_orders
from shiyu.matters.actions.orders.batches import FAULTS_SHOWN, batch_of, is_stuck, need_import
from shiyu.matters.forms.orders import OrderTableForm
from shiyu.matters.models import OrderBatch
from shiyu.matters.queries.order_layout import layout_of, layouts, template
from shiyu.matters.queries.orders import batch_words, batches_of, source_named
from shiyu.ui.forms import refuse
from shiyu.ui.sheets import XLSX, as_download

DONE = {
    "check": _("The table is being checked again."),
    "take": _("The table is being taken over."),
    "good": _("The good rows are being taken over."),
    "drop": _("The table was dropped; nothing of it is kept."),
}


@require_http_methods(["GET", "POST"])
@page
def order_import(request: HttpRequest) -> HttpResponse:
    """Takes a table in, and shows one's earlier ones. Nothing is filed before one has seen what it would do."""
    actor = actor_of(request)
    need_import(actor)
    form = OrderTableForm(request.POST or None, request.FILES or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        file = given["file"]
        try:
            batch = hand_in_orders(
                actor,
                source=given["source"],
                unit_id=UUID(given["unit_id"]),
                name=file.name,
                content=file.read(),
            )
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            return redirect("order_batch", batch.pk)
    batches = [(row, source_named(row.source), batch_words(row)) for row in batches_of(actor)]
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "batches": batches, "layouts": layouts()}
    return render(request, "matters/order_import.html", context, status=status)


@require_GET
@page
def order_template(request: HttpRequest, source: str) -> HttpResponse:
    """An empty table in the layout of a system, as Excel."""
    need_import(actor_of(request))
    layout = layout_of(source)
    if layout is None:
        raise Http404
    return as_download(template(layout), f"{layout.label}_{gettext('empty table')}.xlsx", XLSX)


@require_GET
@page
def order_batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """How far a table is, what it would do or did, and what is wrong in it, row by row."""
    actor = actor_of(request)
    need_import(actor)
    batch = batch_of(actor, batch_id)
    going = batch.state in (OrderBatch.State.CHECKING, OrderBatch.State.TAKING)
    job = JobRun.objects.filter(pk=batch.run_id).first() if batch.run_id else None
    stuck = is_stuck(batch)
    context: dict[str, Any] = {
        "batch": batch,
        "source": source_named(batch.source),
        "words": _("Not finished") if stuck else batch_words(batch),
        "job": job,
        "going": going and not stuck,
        "stuck": stuck,
        "ready": batch.state == OrderBatch.State.CHECKED
        or (batch.state == OrderBatch.State.TAKING and stuck),
        "empty": batch.state == OrderBatch.State.CHECKED and not batch.rows and not stuck,
        "good": batch.new + batch.changed,
        "faults": batch.findings.get("faults", []),
        "more_faults": len(batch.findings.get("faults", [])) >= FAULTS_SHOWN,
        "new": batch.findings.get("new", []),
        "changed": batch.findings.get("changed", []),
        "taken": batch.state == OrderBatch.State.TAKEN,
    }
    return render(request, "matters/order_batch.html", context)


@require_POST
@page
def order_batch_do(request: HttpRequest, batch_id: UUID, deed: str) -> HttpResponse:
    """Checks the table again, takes it over (all of it, or its good rows), or drops it."""
    actor = actor_of(request)
    if deed not in DONE:
        raise Http404
    try:
        if deed == "check":
            ask_to_check_orders(actor, batch_id)
        elif deed == "drop":
            drop_orders(actor, batch_id)
        else:
            ask_to_take_orders(actor, batch_id, only_good=deed == "good")
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(DONE[deed]))
    return redirect("order_batch", batch_id)
