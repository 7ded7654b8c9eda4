"""Files of matters over HTTP: seen and downloaded by whoever may see the matter, added by those who handle it."""

from typing import cast
from uuid import UUID

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import File, Router, UploadedFile

from shiyu.documents.actions import Upload
from shiyu.documents.models import Attachment, Document
from shiyu.documents.queries import documents_of
from shiyu.documents.serving import file_response
from shiyu.exchange.api.answers import Written, change
from shiyu.exchange.api.auth import ApiRequest, Bearer
from shiyu.exchange.api.bodies import FilesKept
from shiyu.exchange.api.errors import Invalid
from shiyu.exchange.api.shapes import FileLine, Files
from shiyu.exchange.models import Scope
from shiyu.letters.queries import attached_document
from shiyu.lib.errors import NotVisible
from shiyu.matters.access import SUBJECT, visible_matter
from shiyu.matters.actions.proof import keep_proof

router = Router(tags=["files"])
MOST = 20
"""Files in one request."""


@router.get(
    "/{uuid:matter_id}/files", response=Files, auth=Bearer(Scope.FILES_READ), url_name="api_matter_files"
)
def matter_files(request: ApiRequest, matter_id: UUID) -> Files:
    """The files of a matter."""
    row = visible_matter(request.actor, matter_id)
    found = documents_of(SUBJECT, [row.pk]).get(row.pk, [])
    return Files(items=[_line(row.pk, document) for document in found])


@router.post(
    "/{uuid:matter_id}/files",
    response={201: FilesKept},
    auth=Bearer(Scope.FILES_WRITE),
    url_name="api_matter_files",
)
@change
def matter_file_add(request: ApiRequest, matter_id: UUID, files: File[list[UploadedFile]]) -> Written:
    """Adds proof (multipart/form-data, field `files`), by those who handle the matter. A file marked secret is refused
    and nothing of it is kept."""
    row = visible_matter(request.actor, matter_id)
    if len(files) > MOST:
        raise Invalid([("files", _("At most 20 files at a time."))])
    attached = Attachment.objects.filter(subject_type=SUBJECT, subject_id=row.pk)
    before = set(attached.values_list("document_id", flat=True))
    keep_proof(request.actor, row, cast("list[Upload]", files))
    kept = attached.exclude(document_id__in=before).order_by("created_at", "id")
    return Written(FilesKept(ids=list(kept.values_list("document_id", flat=True))), 201)


@router.get(
    "/{uuid:matter_id}/files/{uuid:file_id}",
    response={200: bytes},
    auth=Bearer(Scope.FILES_READ),
    url_name="api_matter_file",
)
def matter_file_content(request: ApiRequest, matter_id: UUID, file_id: UUID) -> HttpResponseBase:
    """The content of a file, always as a download."""
    row = visible_matter(request.actor, matter_id)
    document = attached_document((SUBJECT, row.pk), file_id)
    if document.file is None:
        raise NotVisible(_("This is a link, not a file; its address stands in the list."))
    return file_response(document)


def _line(matter_id: UUID, document: Document) -> FileLine:
    file = document.file
    return FileLine(
        id=document.pk,
        title=document.title,
        file_name=document.file_name,
        media_type=file.media_type if file else "",
        size=file.size if file else None,
        link=document.link,
        on_date=document.on_date,
        download=reverse("api_matter_file", args=[matter_id, document.pk]) if file else None,
    )
