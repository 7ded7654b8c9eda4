"""The request as views see it, after the middleware has been there."""

from typing import Any

from django.http import HttpRequest


class WorkRequest(HttpRequest):
    """A request with who is acting: `actor` is the kernel's Actor, None while nobody is signed in.

    Only a name for types; the middleware sets the attribute on Django's own request.
    """

    actor: Any
    user: Any
