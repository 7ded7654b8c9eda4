"""A letter about a matter, for a deed or without one: drafted with the matter's data, addressed, kept or issued, linked."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shiyu.kernel.actor import Actor
from shiyu.letters.actions import Bound
from shiyu.letters.forms import LetterForm
from shiyu.letters.views.drafting import kept, way_of
from shiyu.letters.views.pages import actor_of, page
from shiyu.lib.errors import NotAllowed, Refusal, UserError
from shiyu.matters.access import SUBJECT, visible_matter
from shiyu.matters.kinds import kind_of
from shiyu.matters.models import Matter
from shiyu.matters.queries.letters import deed_of, drafted, letters_due, writing_units
from shiyu.packs.queries import current_pack
from shiyu.ui.forms import refuse


def say_done(request: HttpRequest, actor: Actor, matter: Matter, words: str, *verbs: str) -> None:
    """Says on the next page that a deed is done, with a link to the letter that the pack ties to it, for who writes it."""
    rules = [rule for verb in verbs if (rule := kind_of(matter).rule(verb)) is not None]
    names = {rule.letter for rule in rules if rule.letter}
    due = next((row for row in (letters_due(actor, matter) if names else []) if row.kind in names), None)
    if due is None:
        messages.success(request, words)
        return
    address = letter_page(matter.pk, due.kind, due.step_id)
    link = _("Write: %(label)s") % {"label": due.label}
    messages.success(request, format_html('{} <a href="{}">{}</a>', words, address, link))


def letter_page(matter_id: UUID, kind: str, step_id: UUID) -> str:
    """The address of a letter's draft."""
    return reverse("matter_letter", args=[matter_id, kind]) + "?" + urlencode({"step": step_id})


@require_http_methods(["GET", "POST"])
@page
def matter_letter(request: HttpRequest, matter_id: UUID, kind: str) -> HttpResponse:
    """Writes a letter of a kind on the matter, for the deed named by `?step=`: issued at once, or kept as a draft where
    its kind goes out for approval."""
    actor = actor_of(request)
    matter = visible_matter(actor, matter_id)
    units = writing_units(actor, matter)
    if not units:
        raise NotAllowed(_("Your post does not issue letters for this unit."))
    rule = current_pack().letter.get(kind)
    if rule is None:
        raise Http404
    step = deed_of(matter, _uuid(request.GET.get("step", "")))
    is_sent = request.method == "POST"  # an empty form that is sent is refused too
    form = LetterForm(
        *((request.POST, request.FILES) if is_sent else ()),
        issuing=frozenset(units),
        initial={} if is_sent else drafted(matter, kind, step, units[0], _words(request)),
    )
    if is_sent and form.is_valid():
        bound = Bound(subject=(SUBJECT, matter.pk), occasion_id=step.pk if step else None)
        try:
            letter = kept(
                actor, form.given(), form.cleaned_data["files"], bound, go=request.POST.get("go", "")
            )
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            if letter.is_out:
                messages.success(request, _("%(number)s is issued.") % {"number": letter.number_text})
                return redirect("matter_detail", matter.pk)
            messages.success(request, _("The draft is kept. It counts for nothing until it is issued."))
            return redirect("letter_detail", letter.pk)
    context = {
        "form": form,
        "title": _("Write: %(label)s") % {"label": dict(form.fields["kind"].choices).get(kind, kind)},  # type: ignore[attr-defined]
        **way_of(kind),
        "note": f"{matter.code} {matter.title}",
        "cancel_url": reverse("matter_detail", args=[matter.pk]),
    }
    return render(request, "letters/letter_new.html", context, status=422 if form.errors else 200)


WORDS_MOST = 300
"""Characters of what was decided that an address carries into a draft; longer ones are cut, and show it."""


def cut_words(text: str) -> str:
    """What was decided, as short as an address can carry it."""
    return text if len(text) <= WORDS_MOST else f"{text[: WORDS_MOST - 1]}…"


def _words(request: HttpRequest) -> str:
    return cut_words(request.GET.get("words", "").strip())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
