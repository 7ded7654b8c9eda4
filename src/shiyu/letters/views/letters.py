"""Pages of letters."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shiyu.letters import actions
from shiyu.letters.access import (
    answers_for,
    can,
    visible_letter,
)
from shiyu.letters.forms import (
    LetterFilter,
    LetterForm,
    ReplyForm,
    WithdrawForm,
    letter_kinds,
)
from shiyu.letters.models import Letter
from shiyu.letters.queries import is_late, letter_in_word, letters_shown, text_for
from shiyu.letters.views.pages import actor_of, left_until, page, subject_of, subject_url
from shiyu.lib.errors import NotAllowed, Refusal, UserError
from shiyu.ui.forms import refuse
from shiyu.ui.lists import Column, ListPage, ListSpec, View, respond_list
from shiyu.ui.sheets import as_download
from shiyu.ui.values import Due

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


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
    form = LetterForm(
        request.POST or None, issuing=actor.units_with("letter.issue"), initial=prefilled(request)
    )
    if request.method == "POST" and form.is_valid():
        try:
            letter = actions.issue_letter(actor, subject=subject_of(request)[:2] or None, **form.given())
        except Refusal:
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


def prefilled(request: HttpRequest) -> dict[str, Any]:
    """What the page that led here knows already: kind, issuing unit, recipients."""
    known: dict[str, Any] = {key: request.GET[key] for key in ("kind", "unit_id") if key in request.GET}
    return known | {"recipients": request.GET.getlist("recipients")}


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
        "body": text_for(actor, letter)[0],
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
    return as_download(
        letter_in_word(letter, actor_of(request)), f"{letter.number_text} {letter.title}.docx", WORD
    )


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
