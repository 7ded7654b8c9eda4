"""Pages of other systems' work orders: results to enter back, a matter's own order, the reply, an export."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shiyu.audit.actions import start_work
from shiyu.kernel.phases import Phase
from shiyu.letters.views.pages import actor_of, page
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, Refusal, UserError
from shiyu.matters.access import visible_matter
from shiyu.matters.actions.orders import enter_order, may_enter, may_import, note_order
from shiyu.matters.forms.orders import OrderExportForm, OrderFilter, OrderNoteForm
from shiyu.matters.kinds import calendar, kind_of, shown_state
from shiyu.matters.models import WorkOrder
from shiyu.matters.queries.orders import orders_of, source_named
from shiyu.matters.views.many import AT_ONCE
from shiyu.ui.forms import refuse
from shiyu.ui.lists import BulkAction, Column, ListPage, ListSpec, respond_list
from shiyu.ui.sheets import as_download
from shiyu.ui.values import due_in


def order_spec() -> ListSpec:
    """The list of orders, by their own deadline."""
    days = calendar()

    def left(row: WorkOrder, moment: datetime | None) -> Any:
        if moment is None or row.is_entered:
            return clock.local(moment).date() if moment else None
        return due_in(days.workdays_left(clock.now(), moment), clock.local(moment).date())

    return ListSpec(
        key="order_list",
        title=_("Work orders of other systems"),
        columns=(
            Column("number", _("Number there"), sort="number", width=170, frozen=True, link=_matter_url),
            Column("title", _("Matter"), value=lambda row: row.matter.title, width=280, clamp=True, link=_matter_url),
            Column("source", _("Other system"), value=lambda row: source_named(row.source), sort="source", width=150, short=True),
            Column("due_at", _("Its deadline"), value=lambda row: left(row, row.deadline or row.due_at), sort="due_at", width=120),
            Column("upper_deadline", _("Deadline above"), value=lambda row: left(row, row.upper_deadline), width=120),
            Column("state", _("Here"), value=lambda row: shown_state(kind_of(row.matter), row.matter), width=120, short=True),
            Column("unit", _("Kept by"), value=lambda row: row.matter.unit.display_short, sort="matter__unit__protocol_order", width=150),
            Column("closed_at", _("Done on"), value=lambda row: clock.local(row.matter.closed_at).date() if row.matter.closed_at else None, width=100, short=True),
            Column("entered", _("Entered back?"), value=entered_words, width=170),
            Column("code", _("Our number"), value=lambda row: row.matter.code, sort="matter__code", width=150),
            Column("handed_at", _("Handed to us"), value=lambda row: clock.local(row.handed_at) if row.handed_at else None, sort="handed_at", width=130, phone=False),
        ),
        default_sort="due_at",
        filterset=OrderFilter,
        defaults={"entered": "wait"},
        empty=_("No result waits to be entered back."),
    )  # fmt: skip


def _matter_url(row: WorkOrder) -> str:
    return f"{reverse('matter_detail', args=[row.matter_id])}#orders"


def entered_words(row: WorkOrder) -> str:
    """Whether the result stands in the other system, by whom and when."""
    if row.is_entered and row.entered_at is not None:
        words = {"who": row.entered_by_name, "day": clock.local(row.entered_at).date().isoformat()}
        return _("%(day)s, %(who)s") % words
    if row.entered_at is not None:
        return _("Reopened since, enter anew")
    done = not row.matter.is_open or row.matter.phase == Phase.VERIFYING
    return _("To be entered") if done else "—"


@require_GET
@page
def order_list(request: HttpRequest) -> HttpResponse:
    """The orders whose matters the person may see; at first the results to enter back, by the source's deadline."""
    actor = actor_of(request)
    rows = WorkOrder.objects.visible_to(actor).select_related("matter__unit")
    bulk = []
    if actor.has("matter.dispatch"):
        label = _("Entered in the other system")
        bulk = [BulkAction(label, reverse("order_enter_many"), _("Tick all chosen ones as entered back?"))]
    shown = ListPage(request, order_spec(), rows, bulk=bulk)
    context = {
        "may_import": may_import(actor),
        "may_export": actor.has("list.export"),
        "export_form": OrderExportForm(),
    }
    return respond_list(request, shown, "matters/order_list.html", context)


@require_POST
@page
def order_enter(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Ticks one order as entered back, or takes the tick back (`undo`)."""
    entered = not request.POST.get("undo")
    try:
        row = enter_order(actor_of(request), order_id, entered=entered)
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
        return redirect(_back(request))
    said = (
        _("%(number)s is ticked as entered back.") if entered else _("The tick of %(number)s is taken back.")
    )
    messages.success(request, said % {"number": row.number})
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    to = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return to if is_ours else reverse("order_list")


@require_POST
@page
def order_enter_many(request: HttpRequest) -> HttpResponse:
    """Ticks the chosen orders; says how many could not be ticked and why."""
    done, refused = 0, []
    for chosen in request.POST.getlist("chosen")[:AT_ONCE]:
        try:
            enter_order(actor_of(request), UUID(chosen))
            done += 1
        except ValueError:
            continue
        except UserError as error:
            refused.append(str(error))
    if done:
        said = ngettext("%(n)s order ticked.", "%(n)s orders ticked.", done) % {"n": done}
        messages.success(request, said)
    if refused:
        said = ngettext("%(n)s not ticked: %(why)s", "%(n)s not ticked: %(why)s", len(refused))
        messages.warning(request, said % {"n": len(refused), "why": " ".join(dict.fromkeys(refused))})
    return redirect("order_list")


@require_http_methods(["GET", "POST"])
@page
def order_note(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """Notes that a matter is another system's order as well."""
    actor = actor_of(request)
    matter = visible_matter(actor, matter_id)
    if not may_enter(actor, matter):
        raise NotAllowed(
            _("The orders of other systems are kept by the desk of the unit that has the matter.")
        )
    form = OrderNoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            note_order(actor, matter_id, **form.cleaned_data)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The order is noted."))
            return redirect("matter_detail", matter_id)
    context = {
        "form": form,
        "title": _("Order of another system"),
        "note": f"{matter.code} {matter.title}",
        "submit": _("Note"),
        "cancel_url": reverse("matter_detail", args=[matter_id]),
    }
    return render(request, "ui/form.html", context, status=422 if request.method == "POST" else 200)


@require_GET
@page
def order_reply(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The reply as a text file: one line for each field, in the source's order and names."""
    rows = WorkOrder.objects.visible_to(actor_of(request)).select_related("matter__unit")
    row = get_object_or_404(rows, pk=order_id)
    card = next(card for card in orders_of(row.matter) if card.order.pk == row.pk)
    if not card.reply:
        messages.error(request, _("There is no result to reply with yet."))
        return redirect("matter_detail", row.matter_id)
    name = f"{card.source}_{row.number}.txt"
    return as_download(
        b"\xef\xbb\xbf" + card.whole.replace("\n", "\r\n").encode(), name, "text/plain; charset=utf-8"
    )


@require_POST
@page
def order_export(request: HttpRequest) -> HttpResponse:
    """Asks for the orders in their source's layout; made in the background."""
    actor = actor_of(request)
    if not actor.has("list.export"):
        raise NotAllowed(_("Your posts do not include exporting lists."))
    form = OrderExportForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the system, the form and the days anew."))
        return redirect("order_list")
    given = {
        key: value.isoformat() if hasattr(value, "isoformat") else value or ""
        for key, value in form.cleaned_data.items()
    }
    label = source_named(given["source"])
    title = _("Export work orders: %(source)s, %(form)s") % {"source": label, "form": given["form"]}
    arguments = given | {"language": get_language() or "zh-hans"}
    return redirect(
        "job_detail", start_work(actor, "matters.export_orders", title=title, arguments=arguments).pk
    )
