"""A letter's way out, page by page: written, sent for approval, issued."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from shiyu.documents.actions import store_document
from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.documents import LetterUse
from shiyu.letters import actions
from shiyu.letters.access import SUBJECT_LETTER, can, issued_by
from shiyu.letters.actions.writing import own_letter
from shiyu.letters.forms import IssueForm, LetterForm, WithdrawForm, letter_kinds, words_of
from shiyu.letters.models import Letter
from shiyu.letters.views.letters import show_letter
from shiyu.letters.views.pages import actor_of, page, subject_of
from shiyu.lib.errors import NotAllowed, Refusal, UserError
from shiyu.packs.queries import current_pack
from shiyu.ui.forms import refuse

DRAFT = "draft"
"""The second button of a letter's form: keep it, do not issue it."""


def kept(
    actor: Actor, data: dict[str, Any], files: list[Any], bound: actions.Bound, *, go: str = ""
) -> Letter:
    """Issues what was written, or keeps it as a draft where that was chosen or its kind goes out for approval; with
    its enclosed files, all or nothing."""
    kind = current_pack().letter.get(data["kind"])
    with transaction.atomic():
        if go == DRAFT or (kind is not None and kind.formal):
            letter = actions.draft_letter(actor, bound, **data)
        else:
            letter = actions.issue_letter(actor, subject=bound.subject, occasion_id=bound.occasion_id, **data)
        actions.keep_files(actor, (SUBJECT_LETTER, letter.pk), files, kind="letter")
    return letter


def say_kept(request: HttpRequest, letter: Letter) -> None:
    """Tells that it was issued, or that it is a draft."""
    if letter.is_out:
        messages.success(request, _("%(number)s is issued.") % {"number": letter.number_text})
    else:
        messages.success(request, _("The draft is kept. It counts for nothing until it is issued."))


@require_http_methods(["GET", "POST"])
@page
def letter_new(request: HttpRequest) -> HttpResponse:
    """Writes a letter of a kind (`?kind=`, else the city's only one; else asks which): its number is taken when it is
    issued, never before."""
    actor = actor_of(request)
    if not can(actor, "issue"):
        raise NotAllowed(_("Your post does not issue letters."))
    is_sent, kinds = request.method == "POST", letter_kinds()
    kind = (request.POST if is_sent else request.GET).get("kind") or (kinds[0][0] if len(kinds) == 1 else "")
    if not is_sent and kind not in dict(kinds):
        return render(request, "letters/letter_choose.html", {"kinds": kinds_to_write(request)})
    form = LetterForm(
        *((request.POST, request.FILES) if is_sent else ()),
        issuing=actor.units_with("letter.issue"),
        initial=prefilled(request) | {"kind": kind},
    )
    if is_sent and form.is_valid():
        subject = subject_of(request)[:2]
        if subject and str(subject[0]).startswith("matters."):
            raise NotAllowed(_("A letter about a matter is written on the page of the matter."))
        try:
            letter = kept(
                actor,
                form.given(),
                form.cleaned_data["files"],
                actions.Bound(subject=subject or None),
                go=request.POST.get("go", ""),
            )
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            say_kept(request, letter)
            return redirect("letter_detail", letter.pk)
    context = {
        "form": form,
        "title": _("Write: %(label)s") % {"label": dict(kinds).get(kind, "")},
        "choose_url": reverse("letter_new") if len(kinds) > 1 else "",
        "cancel_url": reverse("letter_list"),
        **way_of(kind),
    }
    return render(request, "letters/letter_new.html", context, status=422 if form.errors else 200)


def way_of(kind: str) -> dict[str, Any]:
    """What the form of a letter of a kind offers: one that goes out for approval is kept as a draft and nothing else,
    any other is issued or kept."""
    rule = current_pack().letter.get(kind)
    if rule is not None and rule.formal:
        return {
            "submit": _("Save as a draft"),
            "way": (
                _("Keep a draft"),
                _("Hand in its approval package"),
                _("Register the formal file"),
            ),
        }
    return {
        "submit": pgettext("letter", "Issue"),
        "may_draft": True,
        "note": _("The number is given when it is issued. After that it never changes."),
    }


def kinds_to_write(request: HttpRequest) -> list[dict[str, Any]]:
    """The pack's kinds of letters, each with its form's address (which keeps what the page before knew) and whether it
    goes out for approval. Answers and withdrawals are written on the page of the letter they are about."""
    found, rules = [], current_pack().letter
    for code, name in letter_kinds():
        if rules[code].use in (LetterUse.REPLY, LetterUse.WITHDRAWAL):
            continue
        query = request.GET.copy()
        query["kind"] = code
        found.append({"name": name, "url": f"?{query.urlencode()}", "is_formal": rules[code].formal})
    return found


def prefilled(request: HttpRequest) -> dict[str, Any]:
    """What the page that led here knows already: kind, issuing unit, recipients."""
    known: dict[str, Any] = {key: request.GET[key] for key in ("kind", "unit_id") if key in request.GET}
    return known | {"recipients": request.GET.getlist("recipients")}


@require_http_methods(["GET", "POST"])
@page
def letter_edit(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """A draft, written anew."""
    actor = actor_of(request)
    with transaction.atomic():
        letter = own_letter(actor, letter_id, Letter.State.DRAFT)
    is_sent = request.method == "POST"
    form = LetterForm(
        *((request.POST, request.FILES) if is_sent else ()),
        issuing=actor.units_with("letter.issue"),
        letter=letter,
        initial=words_of(letter),
    )
    if is_sent and form.is_valid():
        try:
            with transaction.atomic():
                actions.edit_letter(actor, letter_id, **form.given())
                actions.keep_files(
                    actor, (SUBJECT_LETTER, letter.pk), form.cleaned_data["files"], kind="letter"
                )
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The draft is kept. It counts for nothing until it is issued."))
            return redirect("letter_detail", letter.pk)
    context = {
        "form": form,
        "title": _("Edit the draft"),
        "submit": _("Save"),
        "cancel_url": reverse("letter_detail", args=[letter.pk]),
    }
    return render(request, "letters/letter_new.html", context, status=422 if form.errors else 200)


@require_POST
@page
def letter_submit(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """A draft goes out for approval; its package is ready on its page."""
    actions.submit_letter(actor_of(request), letter_id)
    messages.success(request, _("The draft is closed. Download the package and hand it in for approval."))
    return redirect("letter_detail", letter_id)


@require_POST
@page
def letter_take_back(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """The approval asked for changes."""
    return _with_reason(request, letter_id, actions.take_back_letter, _("The draft can be written again."))


@require_POST
@page
def letter_drop(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Nobody will issue this draft."""
    return _with_reason(request, letter_id, actions.drop_letter, _("The draft is dropped."))


def _with_reason(request: HttpRequest, letter_id: UUID, deed: Any, said: str) -> HttpResponse:
    actor, form = actor_of(request), WithdrawForm(request.POST)
    letter = issued_by(actor, letter_id)
    if form.is_valid():
        deed(actor, letter_id, reason=form.cleaned_data["reason"])
        messages.success(request, said)
        return redirect("letter_detail", letter_id)
    return show_letter(request, letter, form, 422)


@require_http_methods(["GET", "POST"])
@page
def letter_issue(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Registers what came back: number, day, signer and the stamped file; a draft that needs none is issued by a POST."""
    actor = actor_of(request)
    with transaction.atomic():
        letter = own_letter(actor, letter_id, Letter.State.DRAFT, Letter.State.APPROVAL)
    if letter.state == Letter.State.DRAFT:
        if request.method == "POST":
            say_kept(request, actions.issue_draft(actor, letter_id))
        return redirect("letter_detail", letter_id)
    is_sent = request.method == "POST"
    form = IssueForm(*((request.POST, request.FILES) if is_sent else ()), letter=letter)
    if is_sent and form.is_valid():
        try:
            _register(actor, letter, dict(form.cleaned_data))
        except Refusal:
            raise
        except UserError as error:
            error.field = "formal_file" if error.field == "file" else error.field
            refuse(form, error)
        else:
            letter.refresh_from_db()
            say_kept(request, letter)
            return redirect("letter_detail", letter.pk)
    context = {
        "form": form,
        "title": _("Register the formal file"),
        "note": letter.title,
        "submit": pgettext("letter", "Issue"),
        "cancel_url": reverse("letter_detail", args=[letter.pk]),
    }
    return render(request, "letters/letter_new.html", context, status=422 if form.errors else 200)


def _register(actor: Actor, letter: Letter, data: dict[str, Any]) -> None:
    """The file and the issue, both or neither."""
    upload = data.pop("formal_file")
    with transaction.atomic():
        document = store_document(actor, kind="formal", upload=upload, unit_id=letter.unit_id)
        actions.register_issue(actor, letter.pk, formal_document=document, **data)
