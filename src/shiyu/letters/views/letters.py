"""Pages of letters: the list, one letter, and the letter on paper."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from shiyu.documents.serving import file_response
from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.documents import LetterUse
from shiyu.letters.access import (
    SUBJECT_LETTER,
    SUBJECT_REPLY,
    answers_for,
    can,
    issued_by,
    reads_answers_of,
    visible_letter,
)
from shiyu.letters.forms import (
    CirculateForm,
    JudgeForm,
    LetterFilter,
    LetterReplyForm,
    ReadForm,
    UrgeForm,
    WithdrawForm,
    letter_kinds,
    state_choices,
)
from shiyu.letters.models import Letter, Recipient, Reply
from shiyu.letters.queries import (
    attached_document,
    files_of,
    is_late,
    letter_in_pdf,
    letter_in_word,
    letter_package,
    letters_shown,
    recipients_of,
    text_for,
    workdays_late,
)
from shiyu.letters.views.pages import actor_of, left_until, page, subject_url
from shiyu.lib.errors import NotVisible
from shiyu.packs.queries import current_pack
from shiyu.people.queries import posts_held
from shiyu.ui.lists import Column, ListPage, ListSpec, View, respond_list
from shiyu.ui.sheets import as_download
from shiyu.ui.values import Due

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
ZIP = "application/zip"


def letter_spec() -> ListSpec:
    """Columns, orders and filters of the letters."""
    return ListSpec(
        key="letter_list",
        title=_("Letters"),
        columns=_columns(),
        default_sort="-created_at",
        filterset=LetterFilter,
        views=(
            View(pgettext("letter", "Waits for me"), "reply=mine"),
            View(_("Replies missing"), "reply=waiting"),
            View(_("Replies late"), "reply=late"),
            View(pgettext("letter", "Drafts"), f"state={Letter.State.DRAFT}"),
            View(pgettext("letter", "Out for approval"), f"state={Letter.State.APPROVAL}"),
        ),
        empty=_("No letter has been issued or received yet."),
        paper="A4",
    )


def _columns() -> tuple[Column, ...]:
    kinds = dict(letter_kinds())
    return (
        Column(
            "number_text",
            pgettext("letter", "Number"),
            value=lambda row: row.number_text or _("no number yet"),
            sort=("year", "number"),
            width=215,
            frozen=True,
            link=_letter_url,
        ),
        Column(
            "title",
            pgettext("letter", "Title"),
            sort="title",
            width=285,
            frozen=True,
            clamp=True,
            link=_letter_url,
        ),
        Column("kind", _("Kind of letter"), value=lambda row: kinds.get(row.kind, row.kind), width=105),
        Column("unit", _("Issued by"), value="unit.display_short", sort="unit__protocol_order", width=130),
        Column("issued_on", _("Issued on"), sort="issued_on", width=105, short=True),
        Column("reply_by", _("Reply by"), value=_letter_due, sort="day_shown", width=130),
        Column("received", _("Received"), value=_share("received"), width=65, short=True),
        Column("replied", _("Replied"), value=_share("replied"), width=70, short=True),
        Column("state", _("State"), value=_state_words, sort="state", width=85),
        Column("created_at", _("Written on"), sort="created_at", width=110, short=True),
    )


def _letter_url(row: Letter) -> str:
    return reverse("letter_detail", args=[row.pk])


def _share(name: str) -> Callable[[Any], str | None]:
    def shown(row: Any) -> str | None:
        if not row.is_out or (name == "replied" and row.reply_by is None):
            return None
        return f"{getattr(row, name)}/{row.sent}"

    return shown


def _letter_due(row: Any) -> Due | None:
    """The day that counts for the reader: their own unit's, where it got the letter."""
    return left_until(row.owed_by or row.reply_by, row.owed_by is None)


def _state_words(row: Letter) -> str:
    return str(dict(state_choices())[row.state])


@require_GET
@page
def letter_list(request: HttpRequest) -> HttpResponse:
    """Letters sent and received."""
    actor = actor_of(request)
    shown = ListPage(request, letter_spec(), letters_shown(actor))
    return respond_list(request, shown, "letters/letter_list.html", {"may_issue": can(actor, "issue")})


@require_GET
@page
def letter_detail(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """One letter with every recipient's receipt and replies."""
    return show_letter(request, visible_letter(actor_of(request), letter_id))


def show_letter(
    request: HttpRequest, letter: Letter, bound: django_forms.Form | None = None, status: int = 200
) -> HttpResponse:
    """The page of a letter; `bound` is a refused form, shown with what was typed."""
    actor = actor_of(request)
    rows = recipients_of(letter)
    own = [row for row in rows if answers_for(actor, row.unit_id)]
    addressed = [row for row in rows if not row.is_copy]
    open_to = reads_answers_of(actor, letter, rows)
    context = {
        "letter": letter,
        "body": text_for(actor, letter)[0],
        "kind": dict(letter_kinds()).get(letter.kind, letter.kind),
        "state": _state_words(letter),
        "addressed": "、".join(row.unit.name for row in addressed),
        "copied": "、".join(row.unit.name for row in rows if row.is_copy),
        "lines": _lines(rows, open_to),
        "hides_answers": len(open_to) < len(rows),
        "circulated": _circulated(actor, rows),
        "enclosed": files_of(SUBJECT_LETTER, [letter.pk]).get(letter.pk, []),
        "due": _due_of(letter, [row for row in own if not row.is_copy] or addressed),
        "subject_url": subject_url(letter.subject_type, letter.subject_id),
        "withdrawals": [one for one in letter.withdrawals.all() if one.state != Letter.State.DROPPED],
        "refused": bound,
        **_steps(actor, letter, own, addressed, bound),
    }
    return render(request, "letters/letter_detail.html", context, status=status)


def _due_of(letter: Letter, rows: list[Recipient]) -> Due | None:
    """The first day by which one of these recipients owes a reply; where none does, the letter's own."""
    owed = [row.reply_by for row in rows if row.replied_at is None and row.reply_by]
    return left_until(min(owed, default=letter.reply_by), not owed)


def _lines(rows: list[Recipient], open_to: frozenset[UUID]) -> list[dict[str, Any]]:
    """Each recipient; of those in `open_to` the replies with their files and how late each came, of others whether
    they have answered."""
    replies = [reply for row in rows if row.pk in open_to for reply in row.replies.all()]
    files = files_of(SUBJECT_REPLY, [reply.pk for reply in replies])
    return [
        {
            "row": row,
            "is_open": row.pk in open_to,
            "late": is_late(row.reply_by, row.replied_at) and not row.is_copy,
            "replies": [
                (reply, workdays_late(reply.reply_by, reply.replied_at), files.get(reply.pk, []))
                for reply in row.replies.all()
                if row.pk in open_to
            ],
        }
        for row in rows
    ]


def _circulated(actor: Actor, rows: list[Recipient]) -> list[Any]:
    """Who has it in circulation, as far as the person's own units go."""
    return [
        one
        for row in rows
        if row.unit_id in actor.unit_ids
        for one in sorted(row.circulations.all(), key=lambda one: (one.sent_at, one.post.protocol_order))
    ]


def _steps(
    actor: Actor, letter: Letter, own: list[Recipient], addressed: list[Recipient], bound: Any
) -> dict[str, Any]:
    """What the person may do with it now, and the forms for it."""
    holds = letter.state == Letter.State.ISSUED
    writes = can(actor, "issue", unit_id=letter.unit_id)
    may_answer = [row for row in own if not row.is_copy] if holds else []
    received = next((row for row in own if row.received_at), None) if letter.is_out else None
    kinds = current_pack().letter
    kind = kinds.get(letter.kind)
    held = set(posts_held(actor.user_id)) if actor.user_id and letter.is_out else set()
    mine = [one for row in own or addressed for one in row.circulations.all() if one.post_id in held]
    judged = [reply for row in addressed for reply in row.replies.all() if not reply.verdict]
    owing = any(row.replied_at is None for row in addressed)

    def form(made: Any, key: Any, **more: Any) -> Any:
        return bound if isinstance(bound, key) else made(**more)

    return {
        "may_receive": holds and any(row.received_at is None for row in own),
        "reply_form": form(LetterReplyForm, LetterReplyForm, rows=may_answer) if may_answer else None,
        "owes": any(row.replied_at is None for row in may_answer),
        "answer_letter": any(one.use is LetterUse.REPLY for one in kinds.values())
        and any(actor.has("letter.issue", row.unit_id) for row in may_answer),
        "circulate_form": form(CirculateForm, CirculateForm, unit_id=received.unit_id) if received else None,
        "read": next((one for one in mine if one.read_at is None), None),
        "read_form": form(ReadForm, ReadForm),
        "to_judge": judged if holds and writes else [],
        "judge_form": form(JudgeForm, JudgeForm),
        "urge_form": form(UrgeForm, UrgeForm) if holds and writes and letter.reply_by and owing else None,
        "withdraw_form": form(WithdrawForm, WithdrawForm) if holds and writes else None,
        "writes": writes,
        "is_formal": bool(kind and kind.formal),
        "is_draft": writes and letter.state == Letter.State.DRAFT,
        "is_away": writes and letter.state == Letter.State.APPROVAL,
        "drop_form": WithdrawForm(prefix="drop"),
    }


def _named(letter: Letter, suffix: str) -> str:
    return f"{letter.number_text} {letter.title}{suffix}".strip()


@require_GET
@page
def letter_word(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """The letter in Word."""
    letter = visible_letter(actor_of(request), letter_id)
    return as_download(letter_in_word(letter, actor_of(request)), _named(letter, ".docx"), WORD)


@require_GET
@page
def letter_pdf(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """The letter as PDF, with free fonts."""
    letter = visible_letter(actor_of(request), letter_id)
    return as_download(letter_in_pdf(letter, actor_of(request)), _named(letter, ".pdf"), PDF)


@require_GET
@page
def letter_approval_package(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """What goes to the office's own document system; for who issues the unit's letters."""
    letter = issued_by(actor_of(request), letter_id)
    return as_download(letter_package(letter), _named(letter, f"-{_('approval package')}.zip"), ZIP)


@require_GET
@page
def letter_formal_file(request: HttpRequest, letter_id: UUID) -> HttpResponseBase:
    """The stamped file, for whoever may see the letter; always as a download."""
    letter = visible_letter(actor_of(request), letter_id)
    if letter.formal_document is None:
        raise NotVisible(_("There is no such file here."))
    return file_response(letter.formal_document)


@require_GET
@page
def letter_file(request: HttpRequest, letter_id: UUID, document_id: UUID) -> HttpResponseBase:
    """A file enclosed with the letter, for whoever may see it, or with a reply, for whoever may read that."""
    actor = actor_of(request)
    letter = visible_letter(actor, letter_id)
    open_to = reads_answers_of(actor, letter, letter.recipients.all())
    replies = list(Reply.objects.filter(recipient_id__in=open_to).values_list("pk", flat=True))
    for reply_id, files in files_of(SUBJECT_REPLY, replies).items():
        if document_id in {row.document_id for row in files}:
            return file_response(attached_document((SUBJECT_REPLY, reply_id), document_id))
    return file_response(attached_document((SUBJECT_LETTER, letter.pk), document_id))
