"""The one view of the house that belongs to no app: what a failed CSRF check shows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A plain sentence on what to do, 403. Django logs the technical reason; the page does not show it."""
    return render(request, "403_csrf.html", status=403)
