"""Files hung on a letter, an instruction or a matter: kept through documents, served after the thing's own check."""

from collections.abc import Iterable
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from shiyu.documents import serving
from shiyu.documents.actions import Upload, attach_document, store_document
from shiyu.documents.models import Attachment
from shiyu.kernel.actor import Actor
from shiyu.lib.errors import NotVisible, UserError


def keep_files(
    actor: Actor,
    subject: tuple[str, UUID],
    uploads: Iterable[Upload],
    *,
    link: str = "",
    kind: str = "proof",
    field: str = "files",
) -> int:
    """Keeps files (and a link) and hangs them on the subject (type, id); returns how many.

    The caller has checked that the actor may change the subject. A file that is refused raises UserError at `field`.
    """
    try:
        documents = [store_document(actor, kind=kind, upload=upload) for upload in uploads]
        if link:
            documents.append(store_document(actor, kind=kind, link=link))
    except UserError as error:
        error.field = field
        raise
    for document in documents:
        attach_document(actor, document.pk, subject_type=subject[0], subject_id=subject[1])
    return len(documents)


def file_response(subject: tuple[str, UUID], document_id: UUID) -> HttpResponseBase:
    """The file of a document that hangs on the subject, as a download. The caller has checked `can(view, subject)`."""
    rows = Attachment.objects.filter(
        subject_type=subject[0], subject_id=subject[1], document_id=document_id, document__file__isnull=False
    )
    found = rows.select_related("document__file").first()
    if found is None:
        raise NotVisible(_("There is no such file here."))
    return serving.file_response(found.document)
