"""Pages that belong to no app: what a refused form looks like."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that came without its token, usually after signing in again in another window."""
    return render(request, "ui/error.html", {"reason": "csrf"}, status=403)
