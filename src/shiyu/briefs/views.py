"""The meeting pack: making it, looking at it, taking it along."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shiyu.briefs import actions
from shiyu.briefs.access import can, need
from shiyu.briefs.models import MeetingPack
from shiyu.briefs.queries import pages
from shiyu.briefs.queries.locked import facts_of
from shiyu.documents.serving import file_response
from shiyu.lib.errors import NotVisible, Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.periods.models import Period
from shiyu.ui.sheets import as_download

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@login_required
@require_POST
def pack_make(request: WorkRequest, period_id: UUID) -> HttpResponse:
    """Make the pack of a locked month, then show it."""
    try:
        actions.make_pack(request.actor, period_id)
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The meeting pack is ready."))
    return redirect("pack_detail", period_id=period_id)


@login_required
def pack_detail(request: WorkRequest, period_id: UUID) -> HttpResponse:
    """A month's pack: its figures, each opening its rows; the circular's text and length; its files."""
    need(request.actor, "view")
    period = _month(period_id)
    revision = pages.revision_shown(period, request.GET.get("revision", ""))
    context: dict[str, Any] = {
        "period": period,
        "revision": revision,
        "may_make": can(request.actor, "make") and period.is_locked,
        "packs": pages.packs_of_period(period),
    }
    if revision is not None:
        facts = facts_of(period, revision)
        pack = pages.pack_of_revision(revision)
        context |= {
            "pack": pack,
            "files": pages.files_in(pack) if pack else [],
            "tables": pages.figure_tables(facts, revision),
            "preview": pages.preview(facts),
            "papers": pages.paper_tables(facts),
            "is_current": period.locked_revision_id == revision.pk,
        }
    return render(request, "briefs/pack_detail.html", context)


@login_required
def pack_archive(request: WorkRequest, pack_id: UUID) -> HttpResponse | FileResponse:
    """The whole pack as a zip."""
    need(request.actor, "view")
    return file_response(_pack(pack_id).document)


@login_required
def pack_file(request: WorkRequest, pack_id: UUID, path: str) -> HttpResponse:
    """One file of a pack."""
    need(request.actor, "view")
    content = pages.file_in(_pack(pack_id), path)
    name = path.rpartition("/")[2]
    return as_download(content, name, TYPES.get(name.rpartition(".")[2], "application/octet-stream"))


def _month(period_id: UUID) -> Period:
    period = (
        Period.objects.select_related("locked_revision").filter(pk=period_id, kind=Period.Kind.MONTH).first()
    )
    if period is None:
        raise NotVisible(_("There is no such period."))
    return period


def _pack(pack_id: UUID) -> MeetingPack:
    pack = MeetingPack.objects.select_related("document__file").filter(pk=pack_id).first()
    if pack is None:
        raise NotVisible(_("There is no such meeting pack."))
    return pack
