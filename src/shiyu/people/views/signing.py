"""Signing in and out."""

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shiyu.kernel.actor import SYSTEM
from shiyu.lib import clock
from shiyu.lib.requests import WorkRequest, client_address
from shiyu.packs.queries import takes_reports
from shiyu.people import actions, queries
from shiyu.people.actions.passwords import why_due
from shiyu.people.forms import SignInForm


@never_cache
def sign_in(request: WorkRequest) -> HttpResponse:
    """The sign-in page; in a demo it lists the people one can be."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _signed_in(request, form)
        if answer is not None:
            return answer
    people = queries.toured_people() if settings.DEMO else ()
    context = {"form": form, "people": people, "demo": settings.DEMO, "takes_reports": takes_reports()}
    return render(request, "people/sign_in.html", context)


def _signed_in(request: WorkRequest, form: SignInForm) -> HttpResponse | None:
    """Where a right password leads; None puts the reason into the form."""
    address, given = client_address(request), form.cleaned_data
    if queries.is_address_locked(address):
        return locked_out(request, given)
    if given["password"] == settings.DEMO_PASSWORD and not settings.DEMO:
        form.add_error("password", _("The demo's password works in a demo only."))
        return None
    user = authenticate(request, **given)
    if user is None:
        actions.note_failed_sign_in(SYSTEM, username=given["username"], address=address)
        form.add_error(
            None,
            _(
                "Sign-in name or password is not right. After 5 wrong tries the account is locked for half an hour."
            ),
        )
        return None
    login(request, user)  # a new session key: one that was put into the browser before is worth nothing
    request.session["seen"] = int(clock.now().timestamp())
    actions.note_sign_in(queries.actor_of(user), address=address)  # type: ignore[arg-type]
    if due := why_due(user):
        request.session["password_due"] = due
    return redirect(next_of(request))


def next_of(request: WorkRequest) -> str:
    """Where to go afterwards: `next`, where it is an address of this site, else the desk."""
    target = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe else str(settings.LOGIN_REDIRECT_URL)


def locked_out(
    request: WorkRequest, credentials: dict[str, str], *args: object, **kwargs: object
) -> HttpResponse:
    """What a person sees after too many wrong tries."""
    return render(request, "people/locked_out.html", status=403)


@require_POST
def sign_out(request: WorkRequest) -> HttpResponse:
    """End the session."""
    if request.actor is not None:
        actions.note_sign_out(request.actor)
    logout(request)
    return redirect("sign_in")
