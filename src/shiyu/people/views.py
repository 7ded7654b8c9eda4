"""Signing in and out, one's account, units and posts, and the administrators' pages."""

from uuid import UUID

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shiyu.lib.errors import NotAllowed, NotVisible, Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.people import actions, queries
from shiyu.people.access import can
from shiyu.people.forms import PasswordForm, ReasonForm, ResetForm, RolesForm, SignInForm, UserForm
from shiyu.people.models import Post, Unit, User


def sign_in(request: WorkRequest) -> HttpResponse:
    """The sign-in page; in a demo it lists the people one can be."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if user is not None:
            login(request, user)
            target = request.GET.get("next", "")
            safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
            return redirect(target if safe else settings.LOGIN_REDIRECT_URL)
        form.add_error(
            None,
            _(
                "Sign-in name or password is not right. After 5 wrong tries the account is locked for half an hour."
            ),
        )
    people = queries.toured_people() if settings.DEMO else ()
    return render(request, "people/sign_in.html", {"form": form, "people": people, "demo": settings.DEMO})


def locked_out(
    request: WorkRequest, credentials: dict[str, str], *args: object, **kwargs: object
) -> HttpResponse:
    """What a person sees after too many wrong tries."""
    return render(request, "people/locked_out.html", status=403)


@require_POST
def sign_out(request: WorkRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign_in")


@login_required
def account(request: WorkRequest) -> HttpResponse:
    """One's posts, rights and password."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_password(request.actor, **form.cleaned_data)
            request.user.refresh_from_db()
            update_session_auth_hash(request, request.user)
            messages.success(request, _("The password is changed."))
            return redirect("account")
        except Refusal:
            raise
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else "new", str(error))
    return render(request, "people/account.html", {"form": form, "posts": queries.posts_of(request.user)})


@login_required
def unit_list(request: WorkRequest) -> HttpResponse:
    """All units by protocol, with their posts' holders counted and vacancies shown."""
    _need(request, "view_units")
    word = request.GET.get("q", "").strip()
    page = Paginator(queries.units_listed(word), 100).get_page(request.GET.get("page"))
    return render(request, "people/unit_list.html", {"page": page, "word": word})


@login_required
def unit_detail(request: WorkRequest, unit_id: UUID) -> HttpResponse:
    """One unit: names, groups, offices, posts with who holds them since when."""
    _need(request, "view_units")
    unit = (
        Unit.objects.select_related("area", "parent", "upper_centre", "successor").filter(pk=unit_id).first()
    )
    if unit is None:
        raise NotVisible(_("There is no such unit."))
    return render(request, "people/unit_detail.html", {"unit": unit, **queries.unit_facts(unit)})


@login_required
def user_list(request: WorkRequest) -> HttpResponse:
    """The accounts: for the system administrator."""
    _need(request, "manage_users")
    word = request.GET.get("q", "").strip()
    users = User.objects.filter(name__icontains=word) if word else User.objects.all()
    page = Paginator(users.order_by("username"), 50).get_page(request.GET.get("page"))
    return render(request, "people/user_list.html", {"page": page, "word": word})


@login_required
def user_new(request: WorkRequest) -> HttpResponse:
    """Make an account."""
    _need(request, "manage_users")
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.create_user(request.actor, **form.cleaned_data)
            return redirect("user_detail", user_id=user.pk)
        except Refusal:
            raise
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return render(request, "ui/form.html", {"form": form, "title": _("New account")})


@login_required
def user_detail(request: WorkRequest, user_id: UUID) -> HttpResponse:
    """One account: close, open, new password."""
    _need(request, "manage_users")
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotVisible(_("There is no such account."))
    reset, reason = ResetForm(), ReasonForm()
    if request.method == "POST":
        try:
            if "password" in request.POST:
                reset = ResetForm(request.POST)
                if reset.is_valid():
                    actions.reset_password(request.actor, user.pk, **reset.cleaned_data)
                    messages.success(request, _("The account has its new password."))
                    return redirect("user_detail", user_id=user.pk)
            else:
                reason = ReasonForm(request.POST)
                if reason.is_valid():
                    actions.set_user_active(
                        request.actor,
                        user.pk,
                        active=not user.is_active,
                        reason=reason.cleaned_data["reason"],
                    )
                    return redirect("user_detail", user_id=user.pk)
        except Refusal:
            raise
        except UserError as error:
            (reset if "password" in request.POST else reason).add_error(None, str(error))
    context = {"account": user, "reset": reset, "reason": reason, "posts": queries.posts_of(user)}
    return render(request, "people/user_detail.html", context)


@login_required
def security(request: WorkRequest) -> HttpResponse:
    """Lock-outs and posts' roles: for the security administrator."""
    _need(request, "manage_security")
    if request.method == "POST":
        actions.unlock_sign_in(request.actor, username=request.POST.get("username", ""))
        messages.success(request, _("The lock is lifted."))
        return redirect("security")
    attempts = AccessAttempt.objects.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT)
    word = request.GET.get("q", "").strip()
    posts = Post.objects.select_related("unit").order_by("unit__protocol_order", "protocol_order", "code")
    if word:
        posts = posts.filter(unit__name__icontains=word)
    page = Paginator(posts, 50).get_page(request.GET.get("page"))
    return render(request, "people/security.html", {"attempts": attempts, "page": page, "word": word})


@login_required
def post_roles(request: WorkRequest, post_id: UUID) -> HttpResponse:
    """Change the roles of one post, with a reason."""
    _need(request, "manage_security")
    post = Post.objects.select_related("unit").filter(pk=post_id).first()
    if post is None:
        raise NotVisible(_("There is no such post."))
    language = get_language() or "zh-hans"
    form = RolesForm(request.POST or None, initial={"roles": post.roles}, language=language)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_post_roles(request.actor, post.pk, **form.cleaned_data)
            return redirect("security")
        except Refusal:
            raise
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    title = f"{post.unit.display_short} · {post.name}"
    return render(request, "ui/form.html", {"form": form, "title": title})


def _need(request: WorkRequest, verb: str) -> None:
    if not can(request.actor, verb):
        raise NotAllowed(_("Your posts do not include this right."))
