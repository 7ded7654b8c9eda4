"""Pages of leaders' instructions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shiyu.documents.models import Attachment
from shiyu.documents.serving import file_response
from shiyu.kernel.actor import Actor
from shiyu.letters import actions
from shiyu.letters.access import (
    SUBJECT_INSTRUCTION,
    can,
    visible_instruction,
)
from shiyu.letters.forms import (
    InstructionFilter,
    InstructionForm,
    ReplyForm,
)
from shiyu.letters.models import Instruction
from shiyu.letters.queries import attached_document
from shiyu.letters.views.pages import actor_of, left_until, page, subject_of, subject_url
from shiyu.lib.errors import NotAllowed, Refusal, UserError
from shiyu.ui.forms import refuse
from shiyu.ui.lists import Column, ListPage, ListSpec, View, respond_list
from shiyu.ui.values import Link


def instruction_spec() -> ListSpec:
    """Columns, orders and filters of the instructions."""
    return ListSpec(
        key="instruction_list",
        title=_("Leaders' instructions"),
        columns=(
            Column(
                "leader_post",
                _("Leader, by post"),
                sort="leader_post",
                width=180,
                frozen=True,
                link=_instruction_url,
            ),
            Column("instructed_on", _("Instructed on"), sort="instructed_on", width=110, short=True),
            Column("subject_title", pgettext("instruction", "On"), value=_about, width=330, clamp=True),
            Column("text", _("Text"), value=lambda row: row.text or _("see the scan"), width=300, clamp=True),
            Column(
                "unit",
                _("Followed up by"),
                value="unit.display_short",
                sort="unit__protocol_order",
                width=150,
            ),
            Column(
                "reply_by",
                _("Reply by"),
                value=lambda row: left_until(row.reply_by, row.state == "replied"),
                sort="reply_by",
                width=130,
            ),
            Column("reply", _("Reply"), width=260, clamp=True),
        ),
        default_sort="-instructed_on",
        filterset=InstructionFilter,
        views=(View(_("No reply yet"), "state=open"), View(_("Overdue"), "late=late")),
        empty=_("No instruction has been registered yet."),
    )


def _instruction_url(row: Instruction) -> str:
    return reverse("instruction_detail", args=[row.pk])


def _about(row: Instruction) -> Link:
    return Link(row.subject_title, subject_url(row.subject_type, row.subject_id))


@require_GET
@page
def instruction_list(request: HttpRequest) -> HttpResponse:
    """Instructions registered, newest first."""
    actor = actor_of(request)
    rows = Instruction.objects.visible_to(actor).select_related("unit")
    shown = ListPage(request, instruction_spec(), rows)
    return respond_list(
        request, shown, "letters/instruction_list.html", {"may_register": can(actor, "register")}
    )


@require_http_methods(["GET", "POST"])
@page
def instruction_register(request: HttpRequest) -> HttpResponse:
    """Registers an instruction on the task or matter named in `?subject=type:id:words`."""
    actor, subject = actor_of(request), subject_of(request)
    if not can(actor, "register"):
        raise NotAllowed(_("Your post does not register instructions."))
    if not subject:
        messages.info(request, _("Open the task or matter the instruction is about, and register it there."))
        return redirect("instruction_list")
    form = InstructionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = register(actor, subject, dict(form.cleaned_data))
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The instruction is registered."))
            return redirect("instruction_detail", row.pk)
    context = {
        "form": form,
        "title": _("Register an instruction"),
        "note": subject[2],
        "submit": _("Register"),
        "cancel_url": subject_url(subject[0], subject[1]) or reverse("instruction_list"),
    }
    return render(request, "letters/instruction_register.html", context, status=422 if form.errors else 200)


def register(actor: Actor, subject: tuple[str, UUID, str], data: dict[str, Any]) -> Instruction:
    """Registers the instruction and hangs its scan on it, both or neither."""
    files = data.pop("files")
    data["unit_id"] = UUID(data["unit_id"])
    with transaction.atomic():
        row = actions.register_instruction(actor, subject=subject, has_scan=bool(files), **data)
        actions.keep_files(actor, (SUBJECT_INSTRUCTION, row.pk), files, kind="scan")
    return row


@require_GET
@page
def instruction_detail(request: HttpRequest, instruction_id: UUID) -> HttpResponse:
    """One instruction and what became of it."""
    return show_instruction(request, visible_instruction(actor_of(request), instruction_id))


def show_instruction(
    request: HttpRequest, row: Instruction, bound: ReplyForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of an instruction; `bound` is a refused reply."""
    scans = Attachment.objects.filter(subject_type=SUBJECT_INSTRUCTION, subject_id=row.pk)
    is_open = row.state == Instruction.State.OPEN
    context = {
        "row": row,
        "scans": scans.select_related("document"),
        "due": left_until(row.reply_by, not is_open),
        "may_reply": is_open and can(actor_of(request), "reply", row),
        "form": bound or ReplyForm(),
        "subject_url": subject_url(row.subject_type, row.subject_id),
    }
    return render(request, "letters/instruction_detail.html", context, status=status)


@require_POST
@page
def instruction_reply(request: HttpRequest, instruction_id: UUID) -> HttpResponse:
    """What became of it."""
    actor, form = actor_of(request), ReplyForm(request.POST)
    if form.is_valid():
        actions.reply_instruction(actor, instruction_id, reply=form.cleaned_data["reply"])
        messages.success(request, _("The reply is sent."))
        return redirect("instruction_detail", instruction_id)
    return show_instruction(request, visible_instruction(actor, instruction_id), form, 422)


@require_GET
@page
def instruction_file(request: HttpRequest, instruction_id: UUID, document_id: UUID) -> HttpResponseBase:
    """The scan of an instruction, for whoever may see it."""
    row = visible_instruction(actor_of(request), instruction_id)
    return file_response(attached_document((SUBJECT_INSTRUCTION, row.pk), document_id))
