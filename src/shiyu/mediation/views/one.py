"""One mediation: begun on a dispute, its page, its deeds, its papers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shiyu.kernel.actor import Actor
from shiyu.letters.views.letters import WORD
from shiyu.letters.views.pages import actor_of, page
from shiyu.lib.errors import NotAllowed, Refusal, UserError
from shiyu.matters.access import visible_matter
from shiyu.mediation import actions
from shiyu.mediation.access import can, need_open, need_view, visible_mediation
from shiyu.mediation.actions.opening import SideGiven
from shiyu.mediation.forms import deeds
from shiyu.mediation.models import Mediation
from shiyu.mediation.queries.bodies import all_bodies, bodies_for
from shiyu.mediation.queries.detail import mediation_page
from shiyu.mediation.queries.papers import PAPERS, paper_of
from shiyu.mediation.queries.pool import candidates_for
from shiyu.mediation.queries.steps import deed_words, options_of, with_parts
from shiyu.mediation.queries.words import rule_for
from shiyu.ui.forms import refuse
from shiyu.ui.sheets import as_download


@require_http_methods(["GET", "POST"])
@page
def mediation_new(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """Hands a dispute to a body: proposals with their reasons, a person decides."""
    actor = actor_of(request)
    need_view(actor)
    matter = visible_matter(actor, matter_id)
    need_open(actor, matter)
    proposals = bodies_for(matter)
    first = {proposal.unit.pk for proposal in proposals}
    near = [(str(row.unit.pk), f"{row.unit.display_short}") for row in proposals]
    others = [(str(u.pk), u.display_short) for u in all_bodies(rule_for(matter)) if u.pk not in first]
    choices: list[Any] = [*near, (_("Other bodies"), others)]
    is_sent = request.method == "POST"
    held = {str(key) for key in matter.assignments.filter(active=True).values_list("unit_id", flat=True)}
    first_of = [key for key, _name in near if key in held] or [key for key, _name in near]
    initial = {"body": first_of[0] if first_of else "", "source": "applied"}
    form = deeds.OpenForm(request.POST if is_sent else None, bodies=choices, initial=initial)
    if is_sent and form.is_valid():
        given = form.cleaned_data
        try:
            row = actions.open_mediation(
                actor,
                matter_id,
                body_id=UUID(given["body"]),
                source=given["source"],
                source_number=given["source_number"],
            )
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(body)s is asked to mediate.") % {"body": row.body.name})
            return redirect("mediation_detail", row.pk)
    context = {"form": form, "matter": matter, "proposals": proposals}
    return render(request, "mediation/mediation_new.html", context, status=422 if form.errors else 200)


@require_safe
@page
def mediation_detail(request: HttpRequest, mediation_id: UUID) -> HttpResponse:
    """One mediation: how it stands, what comes next, its sides, sittings, agreement, and what follows."""
    actor = actor_of(request)
    row = visible_mediation(actor, mediation_id)
    papers = [(code, name) for code, (name, _make) in PAPERS.items() if code in _papers_now(row)]
    context = {
        "page": mediation_page(actor, row),
        "papers": papers,
        "may_papers": can(actor, "open_names", row),
    }
    return render(request, "mediation/mediation_detail.html", context)


def _papers_now(row: Mediation) -> list[str]:
    """The papers that make sense as it stands."""
    found = ["registration", "record"]
    if row.terms and row.outcome in ("", "written"):
        found.append("agreement")
    if row.remedies:
        found.append("remedies")
    return found


@dataclass(frozen=True)
class Deed:
    """A deed of the page: its form, and how what was given goes to its action."""

    form: Callable[..., forms.Form]
    do: Callable[[Actor, UUID, dict[str, Any]], object]


def _add_side(actor: Actor, key: UUID, given: dict[str, Any]) -> object:
    return actions.add_side(actor, key, side=SideGiven(**given))


def _remove_side(actor: Actor, key: UUID, given: dict[str, Any]) -> object:
    last = visible_mediation(actor, key).sides.last()
    if last is None:
        raise UserError(_("This mediation has no such party."))
    return actions.remove_side(actor, key, side_id=last.pk)


def _consent(actor: Actor, key: UUID, given: dict[str, Any]) -> object:
    side, agrees = UUID(given["side"]), given["agrees"] == "yes"
    return actions.record_consent(actor, key, side_id=side, agrees=agrees, on=given["on"], note=given["note"])


def _choose(actor: Actor, key: UUID, given: dict[str, Any]) -> object:
    return actions.choose_holders(actor, key, holder_ids=_ids(given["holders"]), by=given["by"])


def _plan(actor: Actor, key: UUID, given: dict[str, Any]) -> object:
    return actions.plan_sitting(
        actor, key, at=given["at"], place=given["place"], holder_ids=_ids(given["holders"])
    )


def _write(actor: Actor, key: UUID, given: dict[str, Any]) -> object:
    return actions.write_sitting(actor, key, sitting_id=UUID(given.pop("sitting")), **given)


def _police(actor: Actor, key: UUID, given: dict[str, Any]) -> object:
    return actions.tell_police(actor, key, danger_id=UUID(given["danger"]), told_to=given["told_to"])


def _look_back(actor: Actor, key: UUID, given: dict[str, Any]) -> object:
    return actions.record_look_back(actor, key, look_back_id=UUID(given.pop("look_back")), **given)


def _ids(texts: list[str]) -> list[UUID]:
    return [UUID(text) for text in texts]


def _as_given(action: Callable[..., object]) -> Callable[[Actor, UUID, dict[str, Any]], object]:
    return lambda actor, key, given: action(actor, key, **given)


DEEDS: dict[str, Deed] = {
    "add_side": Deed(deeds.SideForm, _add_side),
    "remove_side": Deed(deeds.EmptyForm, _remove_side),
    "consent": Deed(deeds.ConsentForm, _consent),
    "choose": Deed(deeds.ChooseForm, _choose),
    "plan_sitting": Deed(deeds.SittingForm, _plan),
    "write_sitting": Deed(deeds.RecordForm, _write),
    "terms": Deed(deeds.TermsForm, _as_given(actions.write_terms)),
    "conclude": Deed(deeds.ConcludeForm, _as_given(actions.conclude_agreement)),
    "end": Deed(deeds.EndForm, _as_given(actions.end_without_agreement)),
    "danger": Deed(deeds.DangerForm, _as_given(actions.record_danger)),
    "police": Deed(deeds.PoliceForm, _police),
    "remedies": Deed(deeds.DayForm, _as_given(actions.tell_remedies)),
    "confirmation": Deed(deeds.ConfirmationForm, _as_given(actions.record_confirmation)),
    "look_back": Deed(deeds.LookBackForm, _look_back),
}


@require_http_methods(["GET", "POST"])
@never_cache
@page
def mediation_do(request: HttpRequest, mediation_id: UUID, deed: str) -> HttpResponse:
    """One deed: its form, and doing it. What is wrong stands beside its field, nothing typed is lost."""
    actor = actor_of(request)
    row = visible_mediation(actor, mediation_id)
    if deed not in DEEDS:
        raise Http404
    if not can(actor, "assign" if deed == "choose" else "run", row):
        raise NotAllowed(_("Only the body that mediates does this."))
    form = _form(request, row, deed)
    if request.method == "POST" and form.is_valid():
        try:
            DEEDS[deed].do(actor, row.pk, dict(form.cleaned_data))
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Done: %(verb)s.") % {"verb": deed_words()[deed]})
            return redirect("mediation_detail", row.pk)
    option = next(
        (one for one in options_of(with_parts(Mediation.objects.all()).get(pk=row.pk)) if one.deed == deed),
        None,
    )
    context = {
        "form": form,
        "row": row,
        "deed": deed,
        "title": deed_words()[deed],
        "why_not": option.why_not if option else _("this no longer fits where the mediation stands"),
        "cancel_url": reverse("mediation_detail", args=[row.pk]),
    }
    return render(request, "mediation/mediation_do.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, row: Mediation, deed: str) -> forms.Form:
    make, data = DEEDS[deed].form, request.POST if request.method == "POST" else None
    if make in (deeds.SideForm, deeds.EmptyForm):
        return make(data)
    if make is deeds.ChooseForm:
        return make(data, mediation=row, candidates=candidates_for(row))
    preset = {
        name: request.GET[name] for name in ("side", "sitting", "danger", "look_back") if name in request.GET
    }
    return make(data, mediation=row, **({"initial": preset} if preset else {}))


@require_http_methods(["GET", "POST"])
@never_cache
@page
def mediation_paper(request: HttpRequest, mediation_id: UUID, paper: str) -> HttpResponse:
    """A paper in Word. It holds the names, so it asks why, and that it was made is on record."""
    actor = actor_of(request)
    row = visible_mediation(actor, mediation_id)
    if paper not in _papers_now(row):
        raise Http404
    if not can(actor, "open_names", row):
        raise NotAllowed(_("Only the body that mediates does this."))
    form = deeds.PaperForm(request.POST if request.method == "POST" else None)
    name = PAPERS[paper][0]
    if request.method == "POST" and form.is_valid():
        try:
            sides = actions.open_sides(actor, row.pk, reason=form.cleaned_data["reason"])
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            return as_download(paper_of(row, paper, sides), f"{name}-{row.matter.code}.docx", WORD)
    context = {
        "form": form,
        "row": row,
        "name": name,
        "cancel_url": reverse("mediation_detail", args=[row.pk]),
    }
    return render(request, "mediation/mediation_paper.html", context, status=422 if form.errors else 200)
