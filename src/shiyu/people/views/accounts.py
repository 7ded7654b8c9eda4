"""The system administrator's pages: accounts, their one-time passwords, their posts."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shiyu.lib import clock
from shiyu.lib.errors import NotVisible, Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.people import actions, queries
from shiyu.people.access import can, need
from shiyu.people.forms import AppointForm, ReasonForm, UserForm
from shiyu.people.models import User
from shiyu.ui.forms import refuse


@login_required
def user_list(request: WorkRequest) -> HttpResponse:
    """The accounts: for the system administrator."""
    need(request.actor, "manage_users")
    word = request.GET.get("q", "").strip()
    users = User.objects.filter(name__icontains=word) if word else User.objects.all()
    page = Paginator(users.order_by("username"), 50).get_page(request.GET.get("page"))
    return render(request, "people/user_list.html", {"page": page, "word": word})


@never_cache
@login_required
def user_new(request: WorkRequest) -> HttpResponse:
    """Make an account; its one-time password is shown on the answer and never again."""
    need(request.actor, "manage_users")
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = actions.create_user(request.actor, **form.cleaned_data)
            return render(request, "people/user_password.html", {"account": user, "password": password})
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    return render(request, "ui/form.html", {"form": form, "title": _("New account")})


@login_required
def user_detail(request: WorkRequest, user_id: UUID) -> HttpResponse:
    """One account: its posts, a new post, a one-time password, close or open it."""
    need(request.actor, "manage_users")
    user = _user(user_id)
    posts = queries.posts_given_by(request.actor)
    given = request.POST if request.method == "POST" else None
    new_post = AppointForm(
        given if given and "post_id" in given else None, posts=posts, initial={"valid_from": clock.today()}
    )
    reason = ReasonForm(given if given and "post_id" not in given else None)
    try:
        if new_post.is_valid():
            actions.appoint(request.actor, user_id=user.pk, **new_post.cleaned_data)
            messages.success(request, _("The post is given."))
            return redirect("user_detail", user_id=user.pk)
        if reason.is_valid():
            actions.set_user_active(request.actor, user.pk, active=not user.is_active, **reason.cleaned_data)
            return redirect("user_detail", user_id=user.pk)
    except Refusal:
        raise
    except UserError as error:
        refuse(new_post if new_post.is_bound else reason, error)
    context = {
        "account": user,
        "reason": reason,
        "new_post": new_post if can(request.actor, "manage_people") else None,
        "posts": queries.posts_of(user),
        "today": clock.today(),
    }
    return render(request, "people/user_detail.html", context)


@never_cache
@require_POST
@login_required
def user_password(request: WorkRequest, user_id: UUID) -> HttpResponse:
    """Give an account a one-time password: shown on this answer and never again."""
    try:
        user, password = actions.reset_password(request.actor, user_id)
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
        return redirect("user_detail", user_id=user_id)
    return render(request, "people/user_password.html", {"account": user, "password": password})


def _user(user_id: UUID) -> User:
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotVisible(_("There is no such account."))
    return user
