"""The request as views see it, after the middleware has been there; and what can be read from any request."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest

FORM_KEY = "once_key"
"""The hidden field of every POST form that makes two sendings of it one (ui.templatetags.once writes it)."""
_NOT_CONTENT = frozenset({FORM_KEY, "csrfmiddlewaretoken"})


class WorkRequest(HttpRequest):
    """A request with who is acting: `actor` is the kernel's Actor, None while nobody is signed in.

    Only a name for types; the middleware sets the attribute on Django's own request.
    """

    actor: Any
    user: Any


def body_hash(request: HttpRequest) -> str:
    """SHA-256 (hex) of what a request asks for: address, fields and files; its key and its CSRF token left out."""
    # Keyed, because a form may carry a phone number: from a bare hash of otherwise known fields it could be tried out.
    digest = hashlib.sha256(f"{settings.SECRET_KEY} {request.method} {request.get_full_path()}\n".encode())
    if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        digest.update(request.body)
        return digest.hexdigest()
    fields = sorted((name, values) for name, values in request.POST.lists() if name not in _NOT_CONTENT)
    digest.update(json.dumps(fields).encode())
    for name, files in sorted(request.FILES.lists(), key=lambda row: row[0]):
        for file in files:
            digest.update(json.dumps([name, file.name, file.size]).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def client_address(request: HttpRequest) -> str:
    """The address a request comes from.

    Behind `PROXIES` proxies of our own, each of which appends the address it saw to X-Forwarded-For, it is the entry
    so many places from the end; what stands before that was written by the sender and proves nothing.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    proxies: int = getattr(settings, "PROXIES", 0)
    if proxies and len(hops) >= proxies:
        return hops[-proxies]
    return str(direct)
