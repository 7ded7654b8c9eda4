"""Pages of letters and leaders' instructions."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shiyu.documents.models import Attachment
from shiyu.documents.serving import file_response
from shiyu.kernel.actor import Actor
from shiyu.letters import actions
from shiyu.letters.access import (
    SUBJECT_INSTRUCTION,
    answers_for,
    can,
    visible_instruction,
    visible_letter,
)
from shiyu.letters.forms import (
    InstructionFilter,
    InstructionForm,
    LetterFilter,
    LetterForm,
    ReplyForm,
    WithdrawForm,
    letter_kinds,
)
from shiyu.letters.models import Instruction, Letter
from shiyu.letters.queries import attached_document, is_late, letter_in_word, letters_shown
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, UserError
from shiyu.packs.queries import current_calendar, one_pack
from shiyu.ui.forms import refuse
from shiyu.ui.lists import Column, ListPage, ListSpec, View, respond_list
from shiyu.ui.sheets import as_download
from shiyu.ui.values import Due, Link, due_in

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Page = Callable[..., HttpResponseBase]


def page(view: Page) -> Page:
    """A page for people signed in; the pack in force is asked for once."""

    @login_required
    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with one_pack():
            return view(request, *args, **kwargs)

    return run


def actor_of(request: HttpRequest) -> Actor:
    """The person at work."""
    return request.actor  # type: ignore[attr-defined,no-any-return]


def subject_url(subject_type: str, subject_id: UUID | None) -> str | None:
    """Where the thing a letter or instruction is about is shown."""
    if not subject_type or subject_id is None:
        return None
    try:
        return reverse("subject_detail", args=[subject_type, subject_id])
    except NoReverseMatch:
        return None


def left_until(day: date | None, done: bool) -> Due | None:
    """What is left until a day to reply by; a thing done shows the day alone."""
    if day is None:
        return None
    if done:
        return Due("none", "", day)
    days, today = current_calendar(), clock.today()
    left = days.workdays_between(today, day) if day >= today else -max(1, days.workdays_between(day, today))
    return due_in(left, day)


# --- letters ----------------------------------------------------------------------------------------------------


def letter_spec() -> ListSpec:
    """Columns, orders and filters of the letters."""
    kinds = dict(letter_kinds())
    return ListSpec(
        key="letter_list",
        title=_("Letters"),
        columns=(
            Column(
                "number_text",
                pgettext("letter", "Number"),
                sort=("year", "number"),
                width=180,
                frozen=True,
                link=_letter_url,
            ),
            Column(
                "title",
                pgettext("letter", "Title"),
                sort="title",
                width=330,
                frozen=True,
                clamp=True,
                link=_letter_url,
            ),
            Column("kind", _("Kind of letter"), value=lambda row: kinds.get(row.kind, row.kind), width=120),
            Column(
                "unit", _("Issued by"), value="unit.display_short", sort="unit__protocol_order", width=140
            ),
            Column("issued_on", _("Issued on"), sort="issued_on", width=110, short=True),
            Column("reply_by", _("Reply by"), value=_letter_due, sort="reply_by", width=140),
            Column("received", _("Received"), value=_share("received"), width=90, short=True),
            Column("replied", _("Replied"), value=_share("replied"), width=90, short=True),
            Column("state", _("State"), value=_state_words, sort="state", width=100),
        ),
        default_sort="-issued_on",
        filterset=LetterFilter,
        views=(View(_("Replies missing"), "reply=waiting"), View(_("Replies late"), "reply=late")),
        empty=_("No letter has been issued or received yet."),
        paper="A4",
    )


def _letter_url(row: Letter) -> str:
    return reverse("letter_detail", args=[row.pk])


def _share(name: str) -> Callable[[Any], str]:
    return lambda row: f"{getattr(row, name)}/{row.sent}"


def _letter_due(row: Any) -> Due | None:
    return left_until(row.reply_by, row.replied == row.sent or row.state != Letter.State.ISSUED)


def _state_words(row: Letter) -> str:
    words = {"draft": pgettext("letter", "Draft"), "issued": _("Issued"), "withdrawn": _("Withdrawn")}
    return words[row.state]


@require_GET
@page
def letter_list(request: HttpRequest) -> HttpResponse:
    """Letters sent and received."""
    actor = actor_of(request)
    shown = ListPage(request, letter_spec(), letters_shown(actor))
    return respond_list(request, shown, "letters/letter_list.html", {"may_issue": can(actor, "issue")})


@require_http_methods(["GET", "POST"])
@page
def letter_new(request: HttpRequest) -> HttpResponse:
    """Issues a letter: its number is taken when it is issued, never before."""
    actor = actor_of(request)
    if not can(actor, "issue"):
        raise NotAllowed(_("Your post does not issue letters."))
    form = LetterForm(request.POST or None, issuing=actor.units_with("letter.issue"))
    if request.method == "POST" and form.is_valid():
        try:
            letter = actions.issue_letter(actor, subject=_subject(request)[:2] or None, **form.given())
        except NotAllowed:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(number)s is issued.") % {"number": letter.number_text})
            return redirect("letter_detail", letter.pk)
    context = {
        "form": form,
        "title": _("Issue a letter"),
        "submit": pgettext("letter", "Issue"),
        "note": _("The number is given when it is issued. After that it never changes."),
        "cancel_url": reverse("letter_list"),
    }
    return render(request, "letters/letter_new.html", context, status=422 if form.errors else 200)


def _subject(request: HttpRequest) -> Any:
    """Type, id and words of what it is about, from `?subject=type:id:words`; empty where nothing is named."""
    parts = request.GET.get("subject", "").split(":", 2)
    if len(parts) != 3:
        return ()
    try:
        return parts[0][:60], UUID(parts[1]), parts[2][:200]
    except ValueError:
        return ()


@require_GET
@page
def letter_detail(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """One letter with every recipient's receipt and reply."""
    return show_letter(request, visible_letter(actor_of(request), letter_id))


def show_letter(
    request: HttpRequest, letter: Letter, bound: django_forms.Form | None = None, status: int = 200
) -> HttpResponse:
    """The page of a letter; `bound` is a refused form, shown with what was typed."""
    actor = actor_of(request)
    rows = list(letter.recipients.select_related("unit").order_by("unit__protocol_order", "unit__code"))
    own = [row for row in rows if answers_for(actor, row.unit_id)]
    holds = letter.state == Letter.State.ISSUED
    context = {
        "letter": letter,
        "kind": dict(letter_kinds()).get(letter.kind, letter.kind),
        "recipients": [(row, is_late(letter.reply_by, row.replied_at)) for row in rows],
        "due": left_until(letter.reply_by, all(row.replied_at for row in rows)),
        "may_receive": holds and any(row.received_at is None for row in own),
        "may_reply": holds and any(row.replied_at is None for row in own),
        "may_withdraw": holds and can(actor, "withdraw", letter),
        "reply_form": bound if isinstance(bound, ReplyForm) else ReplyForm(),
        "withdraw_form": bound if isinstance(bound, WithdrawForm) else WithdrawForm(),
        "subject_url": subject_url(letter.subject_type, letter.subject_id),
    }
    return render(request, "letters/letter_detail.html", context, status=status)


@require_GET
@page
def letter_word(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """The letter in Word."""
    letter = visible_letter(actor_of(request), letter_id)
    return as_download(letter_in_word(letter), f"{letter.number_text} {letter.title}.docx", WORD)


@require_POST
@page
def letter_receive(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """The person's unit has received it."""
    actions.receive_letter(actor_of(request), letter_id)
    messages.success(request, _("Receipt noted."))
    return redirect("letter_detail", letter_id)


@require_POST
@page
def letter_reply(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """The person's unit replies."""
    actor, form = actor_of(request), ReplyForm(request.POST)
    if form.is_valid():
        actions.reply_letter(actor, letter_id, reply=form.cleaned_data["reply"])
        messages.success(request, _("The reply is sent."))
        return redirect("letter_detail", letter_id)
    return show_letter(request, visible_letter(actor, letter_id), form, 422)


@require_POST
@page
def letter_withdraw(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """The issuing unit withdraws it."""
    actor, form = actor_of(request), WithdrawForm(request.POST)
    if form.is_valid():
        actions.withdraw_letter(actor, letter_id, reason=form.cleaned_data["reason"])
        messages.success(request, _("The letter is withdrawn; its number stays used."))
        return redirect("letter_detail", letter_id)
    return show_letter(request, visible_letter(actor, letter_id), form, 422)


# --- instructions -----------------------------------------------------------------------------------------------


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
    actor, subject = actor_of(request), _subject(request)
    if not can(actor, "register"):
        raise NotAllowed(_("Your post does not register instructions."))
    if not subject:
        messages.info(request, _("Open the task or matter the instruction is about, and register it there."))
        return redirect("instruction_list")
    form = InstructionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = register(actor, subject, dict(form.cleaned_data))
        except NotAllowed:
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
