"""One's own tokens."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shiyu.exchange import actions
from shiyu.exchange.forms import TokenForm
from shiyu.exchange.models import Token
from shiyu.exchange.queries import tokens_of
from shiyu.lib.errors import Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.ui.forms import refuse


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def token_list(request: WorkRequest) -> HttpResponse:
    """One's tokens, and a new one: its text is shown on the answer and never again."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            token, text = actions.make_token(request.actor, **form.cleaned_data)
            return shown_once(request, token, text, back=reverse("token_list"))
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    context = {"form": form, "tokens": tokens_of(request.user)}
    return render(request, "exchange/token_list.html", context, status=422 if form.is_bound else 200)


def shown_once(request: WorkRequest, token: Token, text: str, *, back: str) -> HttpResponse:
    """The page with a new token's text."""
    context = {"token": token, "text": text, "back": back, "api": request.build_absolute_uri("/api/v1/")}
    return render(request, "exchange/token_shown.html", context)


@require_POST
@login_required
def token_revoke(request: WorkRequest, token_id: UUID) -> HttpResponse:
    """Ends a token; leads back to where it is listed."""
    back = redirect("token_list")
    try:
        token = actions.revoke_token(request.actor, token_id)
        messages.success(request, _("The token is revoked; nobody can use it any more."))
        if token.user_id != request.user.pk:
            back = (
                redirect("system_detail", token.user_id) if token.user.is_system else redirect("system_list")
            )
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
    return back
