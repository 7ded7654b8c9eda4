"""Sending a document's bytes: always as a download, or as a safe preview of pictures and PDF."""

from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from shiyu.documents.models import Document
from shiyu.lib.errors import NotVisible

SAFE_PREVIEW = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"})


def file_response(document: Document, *, preview: bool = False) -> HttpResponse | FileResponse:
    """The response for a document, after its owner's check. A link is followed; a preview runs no script."""
    if document.file is None:
        return HttpResponseRedirect(document.link)
    if not default_storage.exists(document.file.storage_name):
        raise NotVisible(_("The file is missing from the store; tell the system administrator."))
    shown = preview and document.file.media_type in SAFE_PREVIEW
    media_type = document.file.media_type if shown else "application/octet-stream"
    response = FileResponse(default_storage.open(document.file.storage_name), content_type=media_type)
    name = document.file_name or f"{document.title}{document.file.suffix}"
    kind = "inline" if shown else "attachment"
    response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"
    )
    return response
