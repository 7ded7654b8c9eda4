"""What the shell of every page shows: navigation, notices, the person, the languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from shiyu.ui.panels import panels_of


@dataclass(frozen=True)
class Entry:
    """One link of the navigation or the user menu; `current` marks the part of the product one is in."""

    label: Any
    url: str
    current: bool = False


Right = str | tuple[str, ...] | None


def has_right(actor: Any, right: Right) -> bool:
    """Whether the actor holds the right, or one of several. None asks for nothing but a signed-in person."""
    if right is None:
        return actor is not None
    if actor is None:
        return False
    return any(actor.has(one) for one in ((right,) if isinstance(right, str) else right))


def url_or_none(name: str) -> str | None:
    """The address of a URL name without arguments, None where no app has it: no menu entry does nothing."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def entries(rows: Iterable[tuple[Any, str, Right]], request: HttpRequest) -> list[Entry]:
    """Those of (label, url name, right) that lead where this person may go; the longest match is current."""
    actor = getattr(request, "actor", None)
    found = [
        (label, url)
        for label, name, right in rows
        if has_right(actor, right) and (url := url_or_none(name)) is not None
    ]
    here = max((url for _, url in found if is_inside(request.path, url)), key=len, default=None)
    return [Entry(label, url, url == here) for label, url in found]


def is_inside(path: str, url: str) -> bool:
    """Whether the path lies under the entry's address; the root only matches itself."""
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def notice_count(request: HttpRequest) -> int:
    """Unread notices, asked for only when the page shows them; `request.notice_count` may be a callable."""
    count = getattr(request, "notice_count", 0)
    return count() if callable(count) else count or 0


def person_label(request: HttpRequest) -> str:
    """Unit and post of the person, as people sets it (`request.actor_label`), else the account name."""
    label = getattr(request, "actor_label", None)
    if callable(label):
        label = label()
    user = getattr(request, "user", None)
    return str(label or (user.get_username() if user is not None and user.is_authenticated else ""))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor. `SHIYU_NAV` and `SHIYU_MENU` are lists of (label, url name, right, several rights or None)."""
    org = getattr(request, "org_name", None) or getattr(settings, "SHIYU_ORG", "")
    actor = getattr(request, "actor", None)
    signed_in = actor is not None
    return {
        "shell": {
            "nav": SimpleLazyObject(lambda: entries(getattr(settings, "SHIYU_NAV", ()), request)),
            "menu": SimpleLazyObject(lambda: entries(getattr(settings, "SHIYU_MENU", ()), request)),
            "org": org() if callable(org) else org,
            "me": SimpleLazyObject(lambda: person_label(request)),
            "search_url": url_or_none("search") if signed_in else None,
            "notices_url": url_or_none("notice_list") if signed_in else None,
            "notices": SimpleLazyObject(lambda: notice_count(request)),
            "sign_out_url": url_or_none("sign_out") if signed_in else None,
            "language_url": url_or_none("set_language"),
            "languages": settings.LANGUAGES,
            "banners": SimpleLazyObject(lambda: panels_of("ui.page", actor, request).get("main", [])),
            "home_url": url_or_none("desk") or "/",
        }
    }
