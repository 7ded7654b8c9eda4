"""What a form is bound to."""

from typing import Any

from django.http import HttpRequest


def posted(request: HttpRequest, files: bool = False) -> tuple[Any, ...]:
    """The data (and files) of a POST, so that an empty one is checked too; None for a page that is only opened."""
    if request.method != "POST":
        return (None, None) if files else (None,)
    return (request.POST, request.FILES) if files else (request.POST,)
