"""The system administrator's pages of other systems: their accounts, tokens and subscriptions."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from shiyu.exchange import actions, queries
from shiyu.exchange.access import need_manager
from shiyu.exchange.forms import SystemForm, TokenForm
from shiyu.exchange.views.tokens import shown_once
from shiyu.lib.errors import NotVisible, Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.people.models import User
from shiyu.people.queries import posts_given_by, posts_of
from shiyu.ui.forms import refuse


@require_GET
@login_required
def system_list(request: WorkRequest) -> HttpResponse:
    """The systems that work with this one, and the tokens people made for themselves."""
    need_manager(request.actor)
    context = {"systems": queries.systems(), "tokens": queries.personal_tokens()}
    return render(request, "exchange/system_list.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def system_new(request: WorkRequest) -> HttpResponse:
    """A system's account in a post, with its first token, which is shown on the answer and never again."""
    need_manager(request.actor)
    form = SystemForm(request.POST if request.method == "POST" else None, posts=posts_given_by(request.actor))
    if form.is_valid():
        given = dict(form.cleaned_data)
        account = {
            "name": given.pop("account"),
            "username": given.pop("username"),
            "post_id": given.pop("post_id"),
        }
        try:
            with transaction.atomic():
                user = actions.make_system_account(request.actor, **account)
                token, text = actions.make_token(request.actor, user_id=user.pk, **given)
            return shown_once(request, token, text, back=reverse("system_detail", args=[user.pk]))
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    context = {"form": form, "title": _("Connect a system"), "cancel_url": reverse("system_list"),
               "submit": _("Make account and token")}  # fmt: skip
    return render(request, "exchange/system_new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def system_detail(request: WorkRequest, user_id: UUID) -> HttpResponse:
    """One system: its posts, tokens and subscriptions; a new token."""
    need_manager(request.actor)
    user = system_of(user_id)
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            token, text = actions.make_token(request.actor, user_id=user.pk, **form.cleaned_data)
            return shown_once(request, token, text, back=reverse("system_detail", args=[user.pk]))
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    context = {
        "account": user,
        "form": form,
        "posts": posts_of(user),
        "tokens": queries.tokens_of(user),
        "subscriptions": user.subscriptions.all(),
    }
    return render(request, "exchange/system_detail.html", context, status=422 if form.is_bound else 200)


def system_of(user_id: UUID) -> User:
    """The account of a system. Raises NotVisible for what is none."""
    user = User.objects.filter(pk=user_id, kind=User.Kind.SYSTEM).first()
    if user is None:
        raise NotVisible(_("There is no such account."))
    return user
