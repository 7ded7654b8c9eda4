"""What happens around every request: idle time-out, passwords that are due, the Actor, one effect however often a
form is sent, and errors that are meant for the user."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shiyu.audit.actions import AlreadyDone, Sent, answered, earlier_answer, once, waited_for
from shiyu.audit.actions.once import NOBODY
from shiyu.audit.models import IdempotencyKey
from shiyu.exchange.api.errors import as_problem
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.lib.requests import FORM_KEY, body_hash
from shiyu.notices.queries import saved_views, unread_count
from shiyu.packs.queries import current_pack, one_pack
from shiyu.people.queries import actor_of
from shiyu.ui.columns import View as SavedView

View = Callable[[HttpRequest], HttpResponse]
API = "/api/"


class ApiDoor:
    """The HTTP API knows tokens only: whoever's session cookie comes along is nobody here, so that no page of another
    site can act through it. What Django itself answers (an unknown address) is said as a problem, too."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request):
            return self.get_response(request)
        request.user = AnonymousUser()
        request.session = None  # type: ignore[assignment]
        return as_problem(self.get_response(request))


def is_api(request: HttpRequest) -> bool:
    """Whether the request is for the HTTP API, which has its own sign-in and its own errors."""
    return request.path.startswith(API)


class IdleTimeout:
    """Signs a person out after `IDLE_MINUTES` without a request (GB/T 22239, identity: time-out)."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            seen = request.session.get("seen", 0)
            moment = int(clock.now().timestamp())
            if seen and moment - seen > settings.IDLE_MINUTES * 60:
                logout(request)
            elif moment - seen > 60 and request.headers.get("Accept") != "application/json":
                # Written at most once a minute, and not for what a page left open asks by itself (progress bars).
                request.session["seen"] = moment
        return self.get_response(request)


class PasswordDue:
    """Leads whoever signed in with a first or an old password to the page that changes it, and nowhere else."""

    OPEN = frozenset({"password_change", "sign_out", "set_language", "healthz"})

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.session.get("password_due"):
            return None
        match = request.resolver_match
        return None if match and match.url_name in self.OPEN else redirect("password_change")


class ActorOfRequest:
    """Sets `request.actor` (lazy; None when nobody is signed in) and `request.notice_count`, `request.saved_views`."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            user = request.user
            request.actor = SimpleLazyObject(lambda: actor_of(user))  # type: ignore[attr-defined]
            request.notice_count = lambda: unread_count(user.pk)  # type: ignore[attr-defined]
            request.saved_views = lambda page: _views(user.pk, page)  # type: ignore[attr-defined]
        else:
            request.actor = None  # type: ignore[attr-defined]
        request.org_name = _org_name  # type: ignore[attr-defined]
        request.actor_label = lambda: _label(request)  # type: ignore[attr-defined]
        with one_pack():  # one request, one pack, asked for once
            return self.get_response(request)


def _views(user_id: UUID, page: str) -> list[SavedView]:
    """The views a person keeps of a list, each with the address that removes it."""
    return [
        SavedView(row.name, row.query, reverse("saved_view_delete", args=[row.pk]))
        for row in saved_views(user_id, page)
    ]


def _org_name() -> str:
    """The city whose pack is in force; empty before the first one is loaded."""
    try:
        name = current_pack().pack.name
    except UserError:
        return ""
    return name.en if (get_language() or "").startswith("en") else name.zh


def _label(request: HttpRequest) -> str:
    """Unit and post of the person, for the bar."""
    actor = request.actor  # type: ignore[attr-defined]
    return actor.post_titles[0] if actor and actor.post_titles else str(request.user)


class OneEffect:
    """A form that is sent twice (double click, back and again, two at the same moment) has one effect.

    The key comes with the form (`ui.templatetags.once`) or as the header `Idempotency-Key`; the first action of the
    request keeps it. A second sending gets the first one's redirect and the message that it was done.
    """

    KEY = re.compile(r"[A-Za-z0-9_-]{8,80}")

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The doors are left out: who comes back to one may want to be somebody else, or mistyped a PIN.
        # The API keeps whole answers (exchange.api.answers).
        if (
            is_api(request)
            or request.method != "POST"
            or request.path in (reverse("sign_in"), reverse("progress"))
        ):
            return self.get_response(request)
        key = request.headers.get("Idempotency-Key") or request.POST.get(FORM_KEY, "")
        if not self.KEY.fullmatch(key):
            return self.get_response(request)
        sent = Sent(request.user.pk or NOBODY, key, LazyHash(request))
        request.sent_once = sent  # type: ignore[attr-defined]
        with once(sent):
            answer = self.get_response(request)
        answered(sent, answer.status_code, answer.headers.get("Location", ""))
        return answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        sent = getattr(request, "sent_once", None)
        if sent is None:
            return None
        try:
            row = earlier_answer(sent)
        except Conflict as error:
            return render(request, "ui/error.html", {"error": error}, status=409)
        return self.again(request, row) if row else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return self.again(request, exception.row) if isinstance(exception, AlreadyDone) else None

    def again(self, request: HttpRequest, row: IdempotencyKey) -> HttpResponse:
        """The answer to a second sending: where the first one led, or the page the form stands on."""
        row = waited_for(row)
        messages.info(request, _("This was carried out already; it was sent twice and has one effect."))
        target = row.result
        if not target:
            came_from = request.headers.get("Referer", "")
            safe = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
            target = urlsplit(came_from)._replace(scheme="", netloc="").geturl() if safe else ""
        return redirect(target or settings.LOGIN_REDIRECT_URL)


class LazyHash:
    """The hash of a request's body, made once and only when somebody asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.value = ""

    def __call__(self) -> str:
        self.value = self.value or body_hash(self.request)
        return self.value


class UserErrors:
    """Turns a `UserError` that no view caught into a page with its sentence and the right status."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return error_page(request, exception) if isinstance(exception, UserError) else None


STATUS = {NotVisible: 404, NotAllowed: 403, Conflict: 409}


def error_page(request: HttpRequest, error: UserError) -> HttpResponse:
    """The page for a `UserError`: its sentence, with the status of its kind (400 where it has none)."""
    status = next((s for kind, s in STATUS.items() if isinstance(error, kind)), 400)
    template = f"{status}.html" if status in (403, 404, 409) else "ui/error.html"
    return render(request, template, {"error": error, "exception": error}, status=status)
