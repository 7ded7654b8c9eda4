"""Storing, attaching and filing documents. A file's bytes are kept once, under their SHA-256."""

import hashlib
import mimetypes
from collections.abc import Iterable
from datetime import date
from pathlib import PurePath
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.documents.access import can
from shiyu.documents.archive import safe_name
from shiyu.documents.models import Attachment, Box, Document, File
from shiyu.documents.queries import archive_rules
from shiyu.documents.screening import check_content, check_link, check_name
from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.documents import NumberSeries
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError

# What offices keep as proof; programs and pages that run in a browser are not among it.
ALLOWED = frozenset(
    [
        *(
            "doc",
            "docx",
            "wps",
            "xls",
            "xlsx",
            "et",
            "ppt",
            "pptx",
            "dps",
            "pdf",
            "ofd",
            "txt",
            "csv",
            "rtf",
            "odt",
            "ods",
        )
    ]
    + [
        *(
            "jpg",
            "jpeg",
            "png",
            "gif",
            "bmp",
            "tif",
            "tiff",
            "heic",
            "webp",
            "mp3",
            "wav",
            "m4a",
            "mp4",
            "mov",
        )
    ]
    + [*("zip", "rar", "7z", "eml", "dwg")]
)
LABEL_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that are mistaken for each other


class Upload(Protocol):
    """An uploaded file as Django gives it."""

    name: str | None

    @property
    def size(self) -> int: ...

    def read(self) -> bytes: ...


@action("documents.store_document")
def store_document(
    actor: Actor,
    *,
    title: str = "",
    kind: str = "proof",
    upload: Upload | None = None,
    content: bytes | None = None,
    file_name: str = "",
    link: str = "",
    unit_id: UUID | None = None,
    on_date: date | None = None,
    answerable_id: UUID | None = None,
) -> Document:
    """Keep a file (an upload, or bytes with a name) or a link as a document of `unit_id`.

    `answerable_id`: the person who answers for what comes from somebody not signed in (an office's link: its maker).

    Refused with a sentence and nothing kept: an empty file, one over the limit, a type that offices do not keep as
    proof, a program under another name, one whose name or text carries a mark of secrecy, a link that is no web
    address.
    """
    person_id = actor.user_id or answerable_id
    if person_id is None:
        raise NotAllowed(_("Only a person can file a document."))
    if upload is not None:
        file_name = upload.name or ""
        _check(file_name, upload.size)
        content = upload.read()
    document = Document(
        title=(title or PurePath(file_name).stem or link)[:200],
        kind=kind,
        link=link if content is None else "",
        file_name=safe_name(file_name)[:200] if file_name else "",
        unit_id=unit_id or actor.home_unit_id,
        on_date=on_date or clock.today(),
        uploaded_by_id=person_id,
        uploaded_by_name=actor.name,
    )
    document.file = _screened(content, file_name, link)
    document.save()
    record(document, {"title": document.title, "kind": kind})
    return document


def _screened(content: bytes | None, name: str, link: str) -> File | None:
    """The file that is kept, or None for a link; refuses what may not be kept."""
    if content is not None:
        _check(name, len(content))
        check_content(name, content)
        return _keep(content, name)
    if not link:
        raise UserError(_("Choose a file or give a link."), field="file")
    check_link(link)
    return None


def _check(name: str, size: int) -> None:
    suffix = PurePath(name).suffix.lower().lstrip(".")
    if size == 0:
        raise UserError(_("%(name)s is empty.") % {"name": name}, field="file")
    if size > settings.UPLOAD_LIMIT:
        most = settings.UPLOAD_LIMIT // 1024 // 1024
        raise UserError(
            _("%(name)s is larger than %(most)s MB.") % {"name": name, "most": most}, field="file"
        )
    if suffix not in ALLOWED:
        raise UserError(
            _("Files of the type .%(suffix)s are not taken; use an office format, PDF or a picture.")
            % {"suffix": suffix},
            field="file",
        )
    check_name(name)


def _keep(content: bytes, name: str) -> File:
    """The File of these bytes: found by its SHA-256, or stored."""
    digest = hashlib.sha256(content).hexdigest()
    known = File.objects.filter(sha256=digest).first()
    if known is not None:
        return known
    path = f"{digest[:2]}/{digest[2:4]}/{digest}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    suffix = PurePath(name).suffix.lower()[:12]
    media_type = mimetypes.guess_type(f"x{suffix}")[0] or "application/octet-stream"
    file, _created = File.objects.get_or_create(
        sha256=digest,
        defaults={"size": len(content), "media_type": media_type, "suffix": suffix, "storage_name": path},
    )
    return file


@action("documents.attach_document")
def attach_document(
    actor: Actor, document_id: UUID, *, subject_type: str, subject_id: UUID, label: str = ""
) -> Attachment:
    """Hang a document on something; the caller has checked that the actor may change that thing."""
    document = Document.objects.filter(pk=document_id).first()
    if document is None:
        raise NotVisible(_("There is no such document."))
    row, _created = Attachment.objects.get_or_create(
        document=document, subject_type=subject_type, subject_id=subject_id, defaults={"label": label}
    )
    record(document, {"attached_to": f"{subject_type} {subject_id}"})
    return row


@action("documents.detach_document")
def detach_document(
    actor: Actor, document_id: UUID, *, subject_type: str, subject_id: UUID, reason: str
) -> None:
    """Take a document off something, with a reason; the document itself stays."""
    row = (
        Attachment.objects.filter(document_id=document_id, subject_type=subject_type, subject_id=subject_id)
        .select_related("document")
        .first()
    )
    if row is None:
        raise NotVisible(_("There is no such document."))
    if not reason.strip():
        raise UserError(_("Give a reason."), field="reason")
    record(row.document, {"detached_from": f"{subject_type} {subject_id}"}, reason=reason)
    row.delete()


def _manage(actor: Actor) -> None:
    if not can(actor, "manage"):
        raise NotAllowed(_("Your posts do not include managing the archive."))


@action("documents.create_box")
def create_box(
    actor: Actor, *, class_code: str, name: str, year: int, place: str = "", unit_id: UUID | None = None
) -> Box:
    """A new archive box with the next number of its class and year, and a label code of its own.

    Raises UserError for a class the pack does not have, or where it has none at all.
    """
    _manage(actor)
    if not name.strip():
        raise UserError(_("Give the box a name."), field="name")
    if class_code not in archive_rules().classes:
        raise UserError(_("The city's archive has no such class: choose one."), field="class_code")
    last = Box.objects.filter(class_code=class_code, year=year).aggregate(last=Max("number"))["last"] or 0
    box = Box(
        code=get_random_string(8, LABEL_LETTERS),
        class_code=class_code,
        number=last + 1,
        name=name.strip(),
        year=year,
        place=place,
        unit_id=unit_id,
    )
    try:
        with transaction.atomic():
            box.save(force_insert=True)
    except IntegrityError:
        raise Conflict(
            _("Somebody made a box of this class at the same moment. Send the form once more.")
        ) from None
    record(box, {"class": class_code, "year": year, "number": box.number, "name": name})
    return box


@action("documents.file_in_box")
def file_in_box(actor: Actor, box_id: UUID, document_ids: Iterable[UUID]) -> Box:
    """File documents in a box, in the order given, behind what is in it; each gets its archive number by the pack's
    pattern, for good."""
    _manage(actor)
    series = archive_rules().number
    box, counted_in = _counted_boxes(box_id, series)
    ids = list(dict.fromkeys(document_ids))
    documents = Document.objects.select_for_update().order_by("pk").in_bulk(ids)
    if not ids:
        raise UserError(_("Choose documents to file."), field="chosen")
    if len(documents) != len(ids):
        raise NotVisible(_("There is no such document."))
    position = box.documents.aggregate(last=Max("position"))["last"] or 0
    filed = Document.objects.filter(box__in=counted_in).aggregate(last=Max("archive_count"))["last"] or 0
    count = position if "box" in series.names() else filed
    day = clock.today()
    for document in map(documents.__getitem__, ids):
        if document.box_id is not None:
            raise UserError(
                _("%(title)s is filed already, under %(number)s.")
                % {"title": document.title, "number": document.archive_number}
            )
        position, count = position + 1, count + 1
        document.box, document.position, document.archive_count = box, position, count
        document.archive_number = series.text(
            count,
            **{"class": box.class_code, "year": box.year, "month": f"{day.month:02d}", "box": box.number},
        )
    Document.objects.bulk_update(documents.values(), ["box", "position", "archive_count", "archive_number"])
    record(box, {"documents": {str(key): documents[key].archive_number for key in ids}})
    return box


def _counted_boxes(box_id: UUID, series: NumberSeries) -> tuple[Box, list[UUID]]:
    """The box, and all boxes its numbers are counted through: those of its class (and year, where the series
    restarts), or itself alone. All stay locked until the transaction ends, so that no number is given twice; locked
    in one order, so that filing in two boxes of a class at a time never ends in each waiting for the other."""
    found = Box.objects.filter(pk=box_id).first()
    if found is None:
        raise NotVisible(_("There is no such box."))
    boxes = Box.objects.filter(pk=box_id)
    if "box" not in series.names():
        boxes = Box.objects.filter(class_code=found.class_code)
        if series.restart == "year":
            boxes = boxes.filter(year=found.year)
    locked = {box.pk: box for box in boxes.select_for_update().order_by("pk")}
    return locked[box_id], list(locked)
