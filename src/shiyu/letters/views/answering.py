"""What recipients do with a letter, and what whoever asked does with their replies."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shiyu.kernel.spec.documents import LetterUse
from shiyu.letters import actions
from shiyu.letters.access import answers_for, issued_by, visible_letter
from shiyu.letters.forms import (
    CirculateForm,
    JudgeForm,
    LetterForm,
    LetterReplyForm,
    ReadForm,
    UrgeForm,
    WithdrawForm,
)
from shiyu.letters.models import Letter, Recipient, Reply
from shiyu.letters.views.drafting import kept, say_kept, way_of
from shiyu.letters.views.letters import show_letter
from shiyu.letters.views.pages import actor_of, page
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, Refusal, UserError
from shiyu.packs.queries import current_pack
from shiyu.ui.forms import refuse


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
    """The person's unit replies, with files."""
    actor = actor_of(request)
    letter = visible_letter(actor, letter_id)
    rows = [row for row in _own(actor, letter) if not row.is_copy]
    if not rows:
        raise NotAllowed(
            _("This letter is not addressed to your unit, or your post does not answer letters.")
        )
    form = LetterReplyForm(request.POST, request.FILES, rows=rows)
    if form.is_valid():
        unit = form.cleaned_data.get("unit")
        try:
            actions.reply_letter(
                actor,
                letter_id,
                reply=form.cleaned_data["reply"],
                unit_id=UUID(unit) if unit else None,
                files=form.cleaned_data["files"],
            )
        except (Refusal, Conflict):
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The reply is sent."))
            return redirect("letter_detail", letter_id)
    return show_letter(request, letter, form, 422)


def _own(actor: Any, letter: Letter) -> list[Recipient]:
    rows = letter.recipients.select_related("unit").order_by("unit__protocol_order", "unit__code")
    return [row for row in rows if answers_for(actor, row.unit_id)]


@require_POST
@page
def letter_circulate(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Shows a received letter to posts of the own unit."""
    actor = actor_of(request)
    letter = visible_letter(actor, letter_id)
    own = sorted(_own(actor, letter), key=lambda row: row.received_at is None)
    if not own:
        raise NotAllowed(
            _("This letter is not addressed to your unit, or your post does not answer letters.")
        )
    form = CirculateForm(request.POST, unit_id=own[0].unit_id)
    if form.is_valid():
        posts = [UUID(post) for post in form.cleaned_data["posts"]]
        try:
            actions.circulate_letter(
                actor, letter_id, post_ids=posts, note=form.cleaned_data["note"], unit_id=own[0].unit_id
            )
        except (Refusal, Conflict):
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The letter is in circulation."))
            return redirect("letter_detail", letter_id)
    return show_letter(request, letter, form, 422)


@require_POST
@page
def circulation_read(request: HttpRequest, circulation_id: UUID) -> HttpResponse:
    """The holder of the post has read it."""
    form = ReadForm(request.POST)
    word = form.cleaned_data["word"] if form.is_valid() else ""
    row = actions.read_circulated(actor_of(request), circulation_id, word=word)
    messages.success(request, _("Ticked as read."))
    return redirect("letter_detail", row.recipient.letter_id)


@require_POST
@page
def reply_judge(request: HttpRequest, reply_id: UUID) -> HttpResponse:
    """Whoever asked accepts a reply or sends it back."""
    actor = actor_of(request)
    row = Reply.objects.filter(pk=reply_id).select_related("recipient").first()
    if row is None:
        raise NotVisible(_("There is no such reply, or it is not for you to see."))
    letter = issued_by(actor, row.recipient.letter_id)
    form = JudgeForm(request.POST)
    if form.is_valid():
        try:
            actions.judge_reply(actor, reply_id, **form.cleaned_data)
        except (Refusal, Conflict):
            raise
        except UserError as error:
            refuse(form, error)
        else:
            is_back = form.cleaned_data["verdict"] == Reply.Verdict.SENT_BACK
            said = _("The reply is sent back; the unit is told.") if is_back else _("The reply is accepted.")
            messages.success(request, said)
            return redirect("letter_detail", letter.pk)
    return show_letter(request, letter, form, 422)


@require_POST
@page
def letter_urge(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Reminds every unit that owes a reply."""
    actor, form = actor_of(request), UrgeForm(request.POST)
    letter = issued_by(actor, letter_id)
    if form.is_valid():
        actions.urge_letter(actor, letter_id, words=form.cleaned_data["words"])
        messages.success(request, _("The reply is urged; the units are told."))
        return redirect("letter_detail", letter_id)
    return show_letter(request, letter, form, 422)


@require_POST
@page
def letter_withdraw(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """The issuing unit withdraws it by another letter."""
    actor, form = actor_of(request), WithdrawForm(request.POST)
    letter = issued_by(actor, letter_id)
    if form.is_valid():
        made = actions.withdraw_letter(actor, letter_id, reason=form.cleaned_data["reason"])
        if made.is_out:
            said = _("Withdrawn by %(number)s; its own number stays used.") % {"number": made.number_text}
        else:
            said = _("This is the letter that withdraws it. Until it is issued the first one holds.")
        messages.success(request, said)
        return redirect("letter_detail", made.pk)
    return show_letter(request, letter, form, 422)


def _answer_begins(actor: Any, letter: Letter) -> tuple[Recipient, dict[str, Any]]:
    """The recipient for which a person may answer by letter, and how that letter begins; NotAllowed without one."""
    rows = [row for row in _own(actor, letter) if not row.is_copy]
    asked = next((row for row in rows if actor.has("letter.issue", row.unit_id)), None)
    kind = next((code for code, one in current_pack().letter.items() if one.use is LetterUse.REPLY), None)
    if asked is None or kind is None:
        raise NotAllowed(
            _("This letter is not addressed to your unit, or your post does not answer letters.")
        )
    return asked, {
        "kind": kind,
        "unit_id": str(asked.unit_id),
        "recipients": [str(letter.unit_id)],
        "title": f"关于{letter.number_text}的复函"[:200],
        "body": f"你单位《{letter.title}》（{letter.number_text}）收悉。现将有关情况函复如下：\n",
    }


@require_http_methods(["GET", "POST"])
@page
def letter_answer(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Answers a letter by a numbered letter (复函): once that is issued, the reply is given."""
    actor = actor_of(request)
    letter = visible_letter(actor, letter_id)
    asked, begin = _answer_begins(actor, letter)
    is_sent = request.method == "POST"
    form = LetterForm(
        *((request.POST, request.FILES) if is_sent else ()),
        issuing=frozenset({asked.unit_id}),
        initial=begin,
    )
    if is_sent and form.is_valid():
        try:
            made = kept(
                actor,
                form.given(),
                form.cleaned_data["files"],
                actions.Bound(answers_id=asked.pk),
                go="draft",
            )
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            say_kept(request, made)
            return redirect("letter_detail", made.pk)
    context = {
        "form": form,
        "title": _("Answer by letter"),
        "note": f"{letter.number_text} {letter.title}",
        "cancel_url": reverse("letter_detail", args=[letter.pk]),
        **way_of(begin["kind"]),
        "submit": _("Save as a draft"),
        "may_draft": False,
    }
    return render(request, "letters/letter_new.html", context, status=422 if form.errors else 200)
