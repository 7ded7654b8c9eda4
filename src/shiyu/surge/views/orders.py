"""Orders to units and what becomes of them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from shiyu.letters.views.pages import actor_of, page
from shiyu.lib.errors import NotAllowed, NotVisible, Refusal, UserError
from shiyu.surge import actions
from shiyu.surge.access import answers_order, need, visible_surge
from shiyu.surge.forms import DoneForm, OrderForm
from shiyu.surge.models import SurgeOrder
from shiyu.surge.views.pages import show
from shiyu.ui.forms import refuse


@require_http_methods(["GET", "POST"])
@page
def surge_order_new(request: HttpRequest, surge_id: UUID) -> HttpResponse:
    """Orders of the day while it runs; measures of its review once it has ended."""
    actor = actor_of(request)
    surge = visible_surge(actor, surge_id)
    measure = surge.ended_at is not None
    need(actor, "open" if measure else "run", surge)
    form = OrderForm(request.POST or None, surge=surge)
    if request.method == "POST" and form.is_valid():
        try:
            given = actions.issue_orders(actor, surge_id, measure=measure, **form.given())
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            n = len(given)
            words = ngettext("%(n)s unit has its order.", "%(n)s units have their orders.", n) % {"n": n}
            messages.success(request, words)
            return redirect("surge_detail", surge_id)
    context = {
        "form": form,
        "title": _("Measure for: %(event)s") % {"event": surge.title}
        if measure
        else _("Order in: %(event)s") % {"event": surge.title},
        "note": _("What must be dispatched, verified and closed is filed as a matter instead."),
        "submit": _("Give the order"),
        "cancel_url": reverse("surge_detail", args=[surge_id]),
    }
    return render(request, "surge/surge_form.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@page
def surge_order_receive(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The unit has received it."""
    order = actions.receive_order(actor_of(request), order_id)
    messages.success(request, _("Receipt noted."))
    return redirect(_back(order))


@require_POST
@page
def surge_order_done(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The unit reports it done."""
    actor = actor_of(request)
    order = SurgeOrder.objects.filter(pk=order_id).first()
    if order is None:
        raise NotVisible(_("There is no such order."))
    surge = visible_surge(actor, order.surge_id)
    if not answers_order(actor, order):
        raise NotAllowed(_("Only the unit that has the order may do this."))
    form = DoneForm(request.POST, prefix=f"o{order.number}")
    if form.is_valid():
        try:
            actions.finish_order(actor, order_id, result=form.cleaned_data["result"])
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Reported done."))
            return redirect(_back(order))
    return show(request, surge, (order.pk, form), 422)


def _back(order: SurgeOrder) -> str:
    return reverse("surge_detail", args=[order.surge_id]) + f"#order-{order.number}"
