"""The system administrator's pages of subscriptions: what was delivered, what failed, what signs it."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shiyu.exchange import actions, queries
from shiyu.exchange.access import need_manager
from shiyu.exchange.forms import SubscriptionForm
from shiyu.exchange.models import Delivery, Event, Secret, Subscription
from shiyu.exchange.views.systems import system_of
from shiyu.lib.errors import NotVisible, Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.ui.forms import refuse


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def subscription_new(request: WorkRequest, user_id: UUID) -> HttpResponse:
    """Has a system told of events; the secret is shown on the answer and never again."""
    need_manager(request.actor)
    user = system_of(user_id)
    form = SubscriptionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            row, secret = actions.subscribe(request.actor, user_id=user.pk, **form.cleaned_data)
            return _secret_shown(request, row, secret)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    context = {
        "account": user,
        "form": form,
        "hosts": settings.WEBHOOK_HOSTS,
        "submit": _("Subscribe"),
        "cancel_url": reverse("system_detail", args=[user.pk]),
    }
    return render(request, "exchange/subscription_new.html", context, status=422 if form.is_bound else 200)


@require_GET
@login_required
def subscription_detail(request: WorkRequest, subscription_id: UUID) -> HttpResponse:
    """One subscription: its deliveries with their state and last error, its secrets."""
    need_manager(request.actor)
    row = _subscription(subscription_id)
    state = request.GET.get("state", "")
    deliveries, older = queries.deliveries_before(row, state, _id_of(request.GET.get("before", "")))
    words = dict(Event.choices)
    context = {
        "subscription": row,
        "lines": [(one, words.get(one.event, one.event), queries.fault_words(one)) for one in deliveries],
        "older": older,
        "is_first": "before" not in request.GET,
        "secrets": row.secrets.all(),
        "live": row.secrets.filter(ended_at=None).count(),
        "state": state,
    }
    return render(request, "exchange/subscription_detail.html", context)


@require_POST
@never_cache
@login_required
def subscription_rotate(request: WorkRequest, subscription_id: UUID) -> HttpResponse:
    """A second secret, shown once."""
    try:
        row, secret = actions.add_secret(request.actor, subscription_id)
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
        return redirect("subscription_detail", subscription_id)
    return _secret_shown(request, row, secret)


@require_POST
@login_required
def secret_end(request: WorkRequest, secret_id: UUID) -> HttpResponse:
    """Ends the old secret."""
    try:
        row = actions.end_secret(request.actor, secret_id)
        messages.success(request, _("The secret has ended; deliveries are signed with the other one alone."))
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
        found = Secret.objects.filter(pk=secret_id).select_related("subscription").first()
        if found is None:
            raise NotVisible(_("There is no such subscription.")) from error
        row = found.subscription
    return redirect("subscription_detail", row.pk)


@require_POST
@login_required
def subscription_end(request: WorkRequest, subscription_id: UUID) -> HttpResponse:
    """Tells it nothing more."""
    try:
        actions.end_subscription(request.actor, subscription_id)
        messages.success(request, _("The subscription has ended."))
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
    return redirect("subscription_detail", subscription_id)


@require_POST
@login_required
def delivery_retry(request: WorkRequest, delivery_id: UUID) -> HttpResponse:
    """Sends a delivery once more, now."""
    try:
        row = actions.retry_delivery(request.actor, delivery_id)
        messages.success(request, _("It is being sent again; the result shows here in a moment."))
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
        row = Delivery.objects.get(pk=delivery_id)
    return redirect("subscription_detail", row.subscription_id)


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _secret_shown(request: WorkRequest, row: Subscription, secret: str) -> HttpResponse:
    return render(request, "exchange/secret_shown.html", {"subscription": row, "secret": secret})


def _subscription(subscription_id: UUID) -> Subscription:
    row = Subscription.objects.select_related("user").filter(pk=subscription_id).first()
    if row is None:
        raise NotVisible(_("There is no such subscription."))
    return row
