"""Pages of matters: the list, filing, one matter with what can be done to it, its proof."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shiyu.documents.serving import file_response
from shiyu.kernel.actor import Actor
from shiyu.kernel.facts import Option
from shiyu.kernel.phases import Need
from shiyu.letters.queries import attached_document
from shiyu.letters.views.pages import actor_of, page, subject_url
from shiyu.lib.errors import Conflict, NotAllowed, Refusal, UserError
from shiyu.matters import actions
from shiyu.matters.access import SUBJECT, can_open_parties, intake_units, options_of, visible_matter
from shiyu.matters.actions.orders import may_import
from shiyu.matters.actions.proof import HANDLES, keep_proof
from shiyu.matters.forms import NO_UNITS, MatterForm, VerbForm, kind_choices, unit_choices
from shiyu.matters.kinds import default_kind, filed_kinds, kind_label, kind_of, source_label, verb_label
from shiyu.matters.models import Matter
from shiyu.matters.queries.board import is_of_closed, is_of_open
from shiyu.matters.queries.detail import MatterPage, matter_page
from shiyu.matters.queries.doubles import alike_to_matter
from shiyu.matters.queries.filing import usual_source
from shiyu.matters.queries.known import Known, known_of_sending
from shiyu.matters.queries.letters import letter_kinds_for, letters_due
from shiyu.matters.queries.orders import takes_orders
from shiyu.matters.queries.parties import reporters_of, sealed_in
from shiyu.matters.queries.prints import forms_of
from shiyu.matters.views.board import tabs_of
from shiyu.matters.views.columns import LISTED, closed_parts, matter_rows, matter_spec
from shiyu.matters.views.letters import say_done
from shiyu.matters.views.parties import may_find, receipt_page
from shiyu.packs.queries import current_pack
from shiyu.ui.forms import LongChoices, refuse
from shiyu.ui.lists import BulkAction, ListPage, respond_list
from shiyu.ui.panels import Panel, next_step_in, panels_of, said_in


@require_GET
@page
def matter_list(request: HttpRequest) -> HttpResponse:
    """All matters the person may see, open ones first by time limit."""
    actor = actor_of(request)
    bulk = []
    if actor.has("matter.dispatch"):
        bulk = [
            BulkAction(
                _("Urge the chosen ones"), reverse("matter_urge"), _("Remind every unit that holds them?")
            )
        ]
    if actor.has("matter.dispatch") and current_pack().competence:
        bulk.append(
            BulkAction(
                _("Send each to who is competent"),
                reverse("matter_dispatch_many"),
                _("Send every chosen matter to the unit the table of competence names?"),
            )
        )
    asked = {**LISTED, **request.GET.dict()}
    spec = matter_spec(of_closed=is_of_closed(asked), kind=asked.get("kind", ""))
    rows, parts = matter_rows(actor, of_open=is_of_open(asked)), closed_parts(actor, asked)
    shown = ListPage(request, spec, rows, parts=parts, bulk=bulk)
    context = {
        "may_file": actor.has("matter.file"),
        "may_find": may_find(actor),
        "takes_orders": takes_orders(),
        "may_import": takes_orders() and may_import(actor),
        "tabs": tabs_of(request, actor),
    }
    return respond_list(request, shown, "matters/matter_list.html", context)


@require_http_methods(["GET", "POST"])
@page
def matter_new(request: HttpRequest) -> HttpResponse:
    """Files a matter of a kind (`?kind=`, else the city's problem kind, else its only one; else asks which)."""
    actor = actor_of(request)
    if not actor.has("matter.file"):
        raise NotAllowed(_("Your post does not file matters."))
    kinds = filed_kinds()
    kind = request.GET.get("kind") or default_kind(kinds)
    if not kind and kinds:
        return render(request, "matters/matter_choose.html", {"kinds": kinds, "title": _("File a matter")})
    if kind not in dict(kind_choices()):
        raise Http404
    about, drill = about_of(request), request.GET.get("drill") == "1"
    form = _filing_form(request, actor, kind)
    if request.method == "POST" and form.is_valid():
        try:
            given = form.given()
            matter = actions.file_matter(actor, kind=kind, about=about, drill=drill, **given)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            words = _("%(code)s is filed.") % {"code": matter.code}
            say_done(request, actor, matter, words, "file", "dispatch")
            tell_alike(request, actor, matter)
            if given["reporters"]:
                return receipt_page(request, matter, [row.pin for row in given["reporters"]])
            return redirect("matter_detail", matter.pk)
    context = {
        "form": form,
        "title": _("File: %(kind)s") % {"kind": kind_label(kind)},
        "note": about[2] if about else _("An exercise: it counts in no figure.") if drill else "",
        "submit": _("File"),
        "cancel_url": reverse("matter_list"),
        "kinds": kinds if len(kinds) > 1 and not about and not drill else [],
        "kind": kind,
        "drill": drill,
        "before_submit": "matters/_alike_ask.html",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "matters/matter_new.html", context, status=status)


def _filing_form(request: HttpRequest, actor: Actor, kind: str) -> MatterForm:
    return MatterForm(
        request.POST or None,
        request.FILES or None,
        kind=kind,
        intake=intake_units(actor),
        sends=bool(actor.units_with("matter.dispatch")),
        usual_source=usual_source(actor, kind),
    )


def tell_alike(request: HttpRequest, actor: Actor, matter: Matter) -> None:
    """Says on the next page that what was just filed may have been told before."""
    found = alike_to_matter(actor, matter, ())
    if found:
        codes = "、".join(row.matter.code for row in found)
        said = _("%(code)s looks like %(codes)s: see “Perhaps told twice” on its page.")
        messages.warning(request, said % {"code": matter.code, "codes": codes})


def about_of(request: HttpRequest) -> tuple[str, UUID, str] | None:
    """What the matter is about, from `?about=type:id:words`; None where nothing (sensible) is named."""
    parts = request.GET.get("about", "").split(":", 2)
    if len(parts) != 3:
        return None
    try:
        return parts[0][:40], UUID(parts[1]), parts[2][:200]
    except ValueError:
        return None


@require_GET
@page
def matter_detail(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """One matter: limits, who holds it, what happened, what can be done and why not the rest."""
    return show(request, visible_matter(actor_of(request), matter_id))


def show(
    request: HttpRequest, matter: Matter, bound: VerbForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a matter; `bound` is a form that was refused, shown open with what was typed."""
    actor = actor_of(request)
    reporters = reporters_of(matter) if kind_of(matter).reporter != "none" else None
    shown = matter_page(actor, matter, reported=bool(reporters))
    panels = panels_of(SUBJECT, actor, matter)
    options = shown.steps_on.shown
    context = {
        "page": shown,
        "matter": matter,
        "next": next_of(matter, shown, panels, bound),
        "lost": bound if bound and all(option.verb != bound.prefix for option in options) else None,
        "kind_label": kind_label(matter.kind),
        "source_label": source_label(matter),
        "about_url": subject_url(matter.about_type, matter.about_id),
        "may_attach": any(option.verb in HANDLES for option in options),
        "may_instruct": actor.has("instruction.register"),
        "letters_due": letters_due(actor, matter, shown.deeds),
        "letter_kinds": letter_kinds_for(actor, matter),
        "reporters": reporters,
        "may_open": kind_of(matter).reporter != "none"
        and can_open_parties(actor, matter, [line.row for line in shown.assignments]),
        "sealed": sealed_in(matter),
        "prints": forms_of(matter, is_sent=bool(shown.assignments)),
        "subject_type": SUBJECT,
        "me": actor.post_titles[0] if actor.post_titles else actor.name,
        "panels": panels,
        "alike": alike_to_matter(actor, matter, options),
    }
    return render(request, "matters/matter_detail.html", context, status=status)


Forms = list[tuple[Option, VerbForm]]


@dataclass(frozen=True)
class Next:
    """What the person may do, as the column beside the matter shows it: what comes first (elsewhere: `ahead`, words and
    address), what is likely, and the rest, folded unless a form in it was refused."""

    ahead: tuple[str, str] | None
    first: Forms
    likely: Forms
    more: Forms
    for_reporter: Forms
    is_open: bool


def next_of(
    matter: Matter, shown: MatterPage, panels: dict[str, list[Panel]], bound: VerbForm | None
) -> Next:
    """The forms of all that is allowed, in the kernel's order, filled with what is known."""
    steps, leading = shown.steps_on, shown.leading
    needs_unit = any(Need.UNIT in o.needs or o.verb == "consent_return" for o in steps.shown)
    units = unit_choices() if needs_unit else NO_UNITS
    said: dict[str, Known] = {name: Known(text) for name, text in said_in(panels).items()}

    def formed(options: Iterable[Option]) -> Forms:
        rows = []
        for option in options:
            sends = option.verb == "dispatch"
            known = known_of_sending(matter, leading.competence if leading else None) if sends else said
            rows.append((option, form_of(option, matter, units, bound).tell(known)))
        return rows

    ahead = next_step_in(panels)
    first = [steps.first] if steps.first else []
    folded = [*steps.more, *steps.for_reporter]
    return Next(
        ahead,
        formed([] if ahead else first),
        formed([*first, *steps.likely] if ahead else steps.likely),
        formed(steps.more),
        formed(steps.for_reporter),
        is_open=bound is not None and any(option.verb == bound.prefix for option in folded),
    )


def form_of(option: Option, matter: Matter, units: LongChoices, bound: VerbForm | None) -> VerbForm:
    """A verb's form: the refused one where it is that verb's, else a fresh one."""
    if bound is not None and bound.prefix == option.verb:
        bound.renew(matter)
        return bound
    return VerbForm(option=option, kind=kind_of(matter), matter=matter, units=units)


@require_POST
@page
def matter_act(request: HttpRequest, matter_id: UUID, verb: str) -> HttpResponse:
    """Does a verb. What is missing is said beside its field; a conflict shows the new state, text kept."""
    actor = actor_of(request)
    if verb not in actions.VERB_ACTIONS:
        raise Http404
    matter = visible_matter(actor, matter_id)
    option = next((o for o in options_of(matter, actor) if o.verb == verb), None)
    if option is None:
        raise Http404
    form = VerbForm(
        request.POST, request.FILES, option=option, kind=kind_of(matter), matter=matter, units=unit_choices()
    )
    if form.is_valid():
        try:
            with transaction.atomic():
                keep_proof(actor, matter, form.cleaned_data.get("files") or [])
                actions.act_on_matter(actor, matter_id, verb, **form.given())
        except Conflict as error:
            refuse(form, error)
            return show(request, visible_matter(actor, matter_id), form, 409)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            words = _("Done: %(verb)s.") % {"verb": verb_label(verb, kind_of(matter))}
            say_done(request, actor, matter, words, verb)
            return redirect("matter_detail", matter.pk)
    return show(request, visible_matter(actor, matter_id), form, 422)


@require_POST
@page
def matter_proof(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """Adds proof to a matter one handles."""
    actor = actor_of(request)
    matter = visible_matter(actor, matter_id)
    uploads: list[Any] = request.FILES.getlist("files")
    link = request.POST.get("link", "").strip()
    try:
        with transaction.atomic():
            kept = keep_proof(actor, matter, uploads, link=link)
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
    else:
        if kept:
            messages.success(request, _("The proof is kept."))
    return redirect("matter_detail", matter_id)


@require_GET
@page
def matter_file(request: HttpRequest, matter_id: UUID, document_id: UUID) -> HttpResponseBase:
    """A file of a matter, for whoever may see the matter; always as a download or a safe preview."""
    matter = visible_matter(actor_of(request), matter_id)
    return file_response(attached_document((SUBJECT, matter.pk), document_id))
