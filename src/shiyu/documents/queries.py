"""Reads over documents and boxes."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from shiyu.documents.models import Attachment, Box, Document
from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.documents import Archive
from shiyu.lib.errors import UserError
from shiyu.lib.search_field import searched
from shiyu.packs.queries import current_pack


def documents_of(subject_type: str, subject_ids: Iterable[UUID]) -> dict[UUID, list[Document]]:
    """The documents attached to each of `subject_ids`, oldest first; one query."""
    rows = (
        Attachment.objects.filter(subject_type=subject_type, subject_id__in=list(subject_ids))
        .select_related("document__file", "document__box")
        .order_by("created_at")
    )
    found: dict[UUID, list[Document]] = defaultdict(list)
    for row in rows:
        found[row.subject_id].append(row.document)
    return found


def is_attached(document_id: UUID, subject_type: str, subject_id: UUID) -> bool:
    """Whether the document hangs on that thing: asked before serving it through that thing's permission."""
    return Attachment.objects.filter(
        document_id=document_id, subject_type=subject_type, subject_id=subject_id
    ).exists()


def documents_visible(actor: Actor) -> QuerySet[Document]:
    """Documents the person may find: all for those who see all evidence, else one's own and one's units'."""
    rows = Document.objects.select_related("file", "box")
    if actor.has("evidence.view_all") or actor.has("evidence.manage"):
        return rows
    return rows.filter(Q(unit_id__in=actor.unit_ids) | Q(uploaded_by_id=actor.user_id))


def documents_found(actor: Actor, words: str) -> QuerySet[Document]:
    """Visible documents with all of `words` in their title or file name, those in the title first, newest first; an
    archive number, written in full, finds the document that bears it."""
    rows = documents_visible(actor)
    typed = words.strip()
    # Both cases rather than `iexact`, which no index serves.
    filed = rows.filter(archive_number__in={typed, typed.upper(), typed.lower()}) if typed else rows.none()
    return filed.order_by("-created_at") if filed.exists() else searched(rows, words)


def archive_rules() -> Archive:
    """The pack's classes and archive numbers. Raises UserError where the pack keeps no archive."""
    archive = current_pack().archive
    if archive is None:
        raise UserError(_("The city's pack keeps no archive: it names no classes of boxes."))
    return archive


def boxes_listed() -> QuerySet[Box]:
    """Boxes in order of class, year and number, with how many documents each holds."""
    return Box.objects.annotate(document_count=Count("documents")).order_by("class_code", "-year", "number")


def documents_to_file(actor: Actor) -> QuerySet[Document]:
    """Documents that are in no box yet, newest first."""
    return (
        documents_visible(actor)
        .filter(box=None, kind__in=["proof", "scan", "formal", "minutes"])
        .order_by("-created_at")
    )
