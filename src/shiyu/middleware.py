"""What happens around every request: idle time-out, the Actor, and errors that are meant for the user."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.notices.queries import unread_count
from shiyu.packs.queries import current_pack, one_pack
from shiyu.people.queries import actor_of

View = Callable[[HttpRequest], HttpResponse]


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
            elif moment - seen > 60:  # written at most once a minute, not on every request
                request.session["seen"] = moment
        return self.get_response(request)


class ActorOfRequest:
    """Sets `request.actor` (lazy; None when nobody is signed in) and `request.notice_count`."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            user = request.user
            request.actor = SimpleLazyObject(lambda: actor_of(user))  # type: ignore[attr-defined]
            request.notice_count = lambda: unread_count(user.pk)  # type: ignore[attr-defined]
        else:
            request.actor = None  # type: ignore[attr-defined]
        request.org_name = _org_name  # type: ignore[attr-defined]
        request.actor_label = lambda: _label(request)  # type: ignore[attr-defined]
        with one_pack():  # one request, one pack, asked for once
            return self.get_response(request)


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


class UserErrors:
    """Turns a `UserError` that no view caught into a page with its sentence and the right status."""

    STATUS = {NotVisible: 404, NotAllowed: 403, Conflict: 409}

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, UserError):
            return None
        status = next((s for kind, s in self.STATUS.items() if isinstance(exception, kind)), 400)
        template = f"{status}.html" if status in (403, 404, 409) else "ui/error.html"
        return render(request, template, {"error": exception, "exception": exception}, status=status)
