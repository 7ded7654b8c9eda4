"""Proof on a report's entry: files and links, stored once, attached many times."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.documents.actions import Upload, attach_document, detach_document, store_document
from shiyu.documents.models import Document
from shiyu.kernel.actor import Actor
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.plans.access import can_fill
from shiyu.plans.actions.reports import held_report
from shiyu.plans.models import OfficeLink, Report, ReportEntry
from shiyu.plans.queries.task_facts import ENTRY


def _entry(actor: Actor, entry_id: UUID, by_link: OfficeLink | None) -> ReportEntry:
    """The entry, its report locked for the change, if this person (or the office of this link) may change its proof."""
    entry = ReportEntry.objects.select_related("report").filter(pk=entry_id).first()
    if entry is None or (by_link is not None and not is_of_link(entry, by_link)):
        raise NotVisible(_("There is no such entry."))
    report = held_report(actor, entry.report_id)
    if report.period.is_locked:
        raise Conflict(
            _("%(code)s is locked; its reports can no longer be changed.") % {"code": report.period.code}
        )
    if not can_fill(actor, report.unit_id, entry.office_id):
        raise NotAllowed(_("This entry is another office's; it fills it itself."))
    if report.state == Report.State.SIGNED_OFF:
        raise Conflict(
            _(
                "The office has signed this report off. To change its proof, ask the office to return the report."
            )
        )
    entry.report = report
    return entry


def is_of_link(entry: ReportEntry, link: OfficeLink) -> bool:
    """Whether an office's link opens this entry: the same report, held by that office."""
    return entry.report_id == link.report_id and entry.office_id == link.office_id


@action("plans.add_proof")
def add_proof(
    actor: Actor,
    entry_id: UUID,
    *,
    files: Sequence[Upload] = (),
    link: str = "",
    title: str = "",
    on_date: date | None = None,
    by_link: OfficeLink | None = None,
) -> list[Document]:
    """Store and attach several files and a link as proof of an entry: until the office signs the report off.

    Proof may come after the report was sent. `by_link`: the office's link it comes through; whoever made the link
    answers for what is filed by it.
    """
    entry = _entry(actor, entry_id, by_link)
    if not files and not link:
        raise UserError(_("Choose a file or give a link."), field="files")
    kept: dict[str, Any] = {
        "unit_id": entry.report.unit_id,
        "on_date": on_date,
        "answerable_id": by_link.made_by_id if by_link else None,
    }
    made = [
        store_document(actor, upload=one, title=title if len(files) == 1 else "", **kept) for one in files
    ]
    if link:
        made.append(store_document(actor, link=link, title=title or link, **kept))
    for document in made:
        attach_document(actor, document.pk, subject_type=ENTRY, subject_id=entry.pk)
    record(entry, {"documents": [document.title for document in made]})
    return made


@action("plans.remove_proof")
def remove_proof(
    actor: Actor, entry_id: UUID, document_id: UUID, reason: str, *, by_link: OfficeLink | None = None
) -> ReportEntry:
    """Take a document off an entry, with a reason, until the office signs the report off; it stays on file."""
    entry = _entry(actor, entry_id, by_link)
    detach_document(actor, document_id, subject_type=ENTRY, subject_id=entry.pk, reason=reason)
    record(entry, {"document": str(document_id)}, reason=reason)
    return entry
