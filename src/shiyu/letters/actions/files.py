"""Keeping the files that hang on a letter, a reply, an instruction, a matter."""

from collections.abc import Iterable
from uuid import UUID

from shiyu.documents.actions import Upload, attach_document, store_document
from shiyu.kernel.actor import Actor
from shiyu.lib.errors import UserError


def keep_files(
    actor: Actor,
    subject: tuple[str, UUID],
    uploads: Iterable[Upload],
    *,
    link: str = "",
    kind: str = "proof",
    field: str = "files",
    label: str = "",
) -> int:
    """Keeps files (and a link) and hangs them on the subject (type, id), all under `label`; returns how many.

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
        attach_document(actor, document.pk, subject_type=subject[0], subject_id=subject[1], label=label)
    return len(documents)
