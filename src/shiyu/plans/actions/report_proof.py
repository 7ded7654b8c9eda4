"""Proof on a report's entry: files and links, stored once, attached many times."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.documents.actions import Upload, attach_document, detach_document, store_document
from shiyu.documents.models import Document
from shiyu.kernel.actor import Actor
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.plans.access import can_fill
from shiyu.plans.actions.reports import held_report
from shiyu.plans.models import ReportEntry
from shiyu.plans.queries.task_facts import ENTRY


def _entry(actor: Actor, entry_id: UUID) -> ReportEntry:
    entry = ReportEntry.objects.select_related("report").filter(pk=entry_id).first()
    if entry is None:
        raise NotVisible(_("There is no such entry."))
    report = held_report(actor, entry.report_id)
    if report.period.is_locked:
        raise Conflict(
            _("%(code)s is locked; its reports can no longer be changed.") % {"code": report.period.code}
        )
    if not can_fill(actor, report.unit_id, entry.office_id):
        raise NotAllowed(_("This entry is another office's; it fills it itself."))
    entry.report = report
    return entry


@action("plans.add_proof")
def add_proof(
    actor: Actor,
    entry_id: UUID,
    *,
    files: Sequence[Upload] = (),
    link: str = "",
    title: str = "",
    on_date: date | None = None,
) -> list[Document]:
    """Store and attach several files and a link as proof of an entry; proof may come after the report was sent."""
    entry = _entry(actor, entry_id)
    if not files and not link:
        raise UserError(_("Choose a file or give a link."), field="files")
    unit_id = entry.report.unit_id
    made = [
        store_document(
            actor, upload=one, title=title if len(files) == 1 else "", unit_id=unit_id, on_date=on_date
        )
        for one in files
    ]
    if link:
        made.append(store_document(actor, link=link, title=title or link, unit_id=unit_id, on_date=on_date))
    for document in made:
        attach_document(actor, document.pk, subject_type=ENTRY, subject_id=entry.pk)
    record(entry, {"documents": [document.title for document in made]})
    return made


@action("plans.remove_proof")
def remove_proof(actor: Actor, entry_id: UUID, document_id: UUID, reason: str) -> ReportEntry:
    """Take a document off an entry, with a reason; the document itself stays on file."""
    entry = _entry(actor, entry_id)
    detach_document(actor, document_id, subject_type=ENTRY, subject_id=entry.pk, reason=reason)
    record(entry, {"document": str(document_id)}, reason=reason)
    return entry
