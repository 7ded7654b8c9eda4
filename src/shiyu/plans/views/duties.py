"""Pages of a duty: who carries it through time, handing over, opening a problem."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, Refusal, UserError
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.plans.access import can, need
from shiyu.plans.actions.duties import hand_over_duties, hold_duty
from shiyu.plans.actions.holding import Holding, hold_duties
from shiyu.plans.actions.problems import open_problem, problem_kind
from shiyu.plans.forms.duties import HandOverForm, HoldForm, ProblemForm
from shiyu.plans.forms.posted import posted
from shiyu.plans.models import Duty, DutyHolder, ReportEntry
from shiyu.plans.queries.cycle_fields import with_own
from shiyu.plans.queries.desk import holders_with_duties, holding_now
from shiyu.plans.queries.tasks import find_duty, holder_of, offices_of_unit, people_of_unit, problems_of
from shiyu.plans.views.editions import edition_or_404
from shiyu.ui.forms import refuse


def _duty_or_404(request: HttpRequest, duty_id: UUID) -> Duty:
    need(request.actor, "view")  # type: ignore[attr-defined]
    duty = find_duty(request.actor, duty_id)  # type: ignore[attr-defined]
    if duty is None:
        raise Http404
    return duty


@login_required
def duty_detail(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """A unit's duty: holders from–to, progress by period, problems."""
    actor = request.actor  # type: ignore[attr-defined]
    duty = _duty_or_404(request, duty_id)
    may_assign = (
        can(actor, "assign", duty.unit_id) and duty.is_in_force and current_pack().plan.duty_depth != "unit"
    )
    holder = holder_of(duty)
    initial = {"office": holder.office_id, "person": holder.person_id} if holder else {}
    form = HoldForm(duty.unit, *posted(request), initial=initial) if may_assign else None
    if request.method == "POST":
        if form is None:
            need(actor, "assign", duty.unit_id)
            raise Http404
        if form.is_valid():
            try:
                office, person = form.cleaned_data["office"], form.cleaned_data.get("person")
                hold_duty(
                    actor,
                    duty.pk,
                    UUID(office) if office else None,
                    UUID(person) if person else None,
                    reason=form.cleaned_data["reason"],
                )
                messages.success(request, _("The duty is assigned."))
                return redirect("duty_detail", duty.pk)
            except Refusal:
                raise
            except UserError as error:
                refuse(form, error)
    entries = ReportEntry.objects.filter(duty=duty, is_filled=True).select_related("report__period", "office")
    context = {
        "duty": duty,
        "holders": duty.holders.select_related("office", "person").order_by("-valid_from", "-id"),
        "form": form,
        "submit": _("Assign the duty"),
        "entries": with_own(entries.order_by("-report__period__starts_on")),
        "problems": problems_of([duty.pk], actor),
        "may_file": actor.has("matter.file") and bool(current_pack().plan.problem_kind),
        "is_in_force": duty.is_in_force,
    }
    return render(request, "plans/duty_detail.html", context, status=400 if form and form.errors else 200)


@login_required
def duty_problem(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Open a problem against a duty."""
    duty = _duty_or_404(request, duty_id)
    if not request.actor.has("matter.file"):  # type: ignore[attr-defined]
        raise NotAllowed(_("Your posts do not include this right."))
    form = ProblemForm(problem_kind(), *posted(request, files=True), initial={"happened_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            link = open_problem(request.actor, duty.pk, **form.given())  # type: ignore[attr-defined]
            messages.success(request, _("The problem is opened."))
            return redirect("matter_detail", link.matter_id)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    context = {
        "form": form,
        "title": _("Open a problem"),
        "submit": _("Open the problem"),
        "note": f"{duty.unit.name} · {duty.task or duty.decision}",
        "cancel_url": reverse("duty_detail", args=[duty.pk]),
    }
    return render(request, "ui/form.html", context, status=400 if form.errors else 200)


@login_required
def duty_handover(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Hand the duties of one person of a unit to another, all at once."""
    actor = request.actor  # type: ignore[attr-defined]
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise Http404
    need(actor, "hand_over", unit.pk)
    holders = [(str(pk), f"{name} · {count}") for pk, name, count in holders_with_duties(unit)]
    people = [(str(pk), name) for pk, name in people_of_unit(unit)]
    form = HandOverForm(holders, people, *posted(request), initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            mine = DutyHolder.objects.filter(holding_now(), duty__unit=unit, person_id=data["from_person"])
            count = hand_over_duties(
                actor,
                UUID(data["from_person"]),
                UUID(data["to_person"]),
                data["reason"],
                on=data["on"],
                duty_ids=list(mine.values_list("duty_id", flat=True)),
            )
            messages.success(request, _("%(n)s duties handed over.") % {"n": count})
            return redirect("duty_handover", unit.pk)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    context = {"form": form, "title": _("Hand duties over"), "submit": _("Hand over"), "note": unit.name}
    return render(request, "ui/form.html", context, status=400 if form.errors else 200)


@login_required
def duty_assign(request: HttpRequest, unit_id: UUID, edition_id: UUID) -> HttpResponse:
    """A unit names office and person for all its duties of an edition on one page; rows left empty stay so."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "assign", unit_id)
    edition = edition_or_404(request, edition_id)
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise Http404
    duties = list(
        Duty.objects.filter(unit=unit, task__edition=edition)
        .select_related("task")
        .prefetch_related("holders__office", "holders__person")
        .order_by("task__position")
    )
    error = ""
    if request.method == "POST":
        try:
            named = _named(request.POST, duties)
            if not named:
                raise UserError(
                    _("Nothing was chosen or changed: choose an office or a person for at least one duty.")
                )
            count = hold_duties(actor, unit.pk, named)
            messages.success(request, _("%(n)s duties assigned.") % {"n": count})
            return redirect("duty_assign", unit.pk, edition.pk)
        except Refusal:
            raise
        except UserError as wrong:
            error = str(wrong)
    context = {
        "unit": unit,
        "edition": edition,
        "rows": [(duty, *_shown(request.POST, duty)) for duty in duties],
        "offices": [(str(pk), name) for pk, name in offices_of_unit(unit)],
        "people": [(str(pk), name) for pk, name in people_of_unit(unit)],
        "with_person": current_pack().plan.duty_depth == "person",
        "error": error,
    }
    return render(request, "plans/duty_assign.html", context, status=400 if error else 200)


def _shown(post: QueryDict, duty: Duty) -> tuple[str, str]:
    """Office and person as the page shows them: what was typed, else who carries the duty now."""
    now = holder_of(duty)
    office, person = (str(now.office_id or ""), str(now.person_id or "")) if now else ("", "")
    return post.get(f"office_{duty.pk}", office), post.get(f"person_{duty.pk}", person)


def _named(post: QueryDict, duties: list[Duty]) -> dict[UUID, Holding]:
    """Those rows whose office or person differs from now; rows left empty stay as they are."""
    named: dict[UUID, Holding] = {}
    for duty in duties:
        office, person = post.get(f"office_{duty.pk}", ""), post.get(f"person_{duty.pk}", "")
        if (office, person) != _shown(QueryDict(), duty) and (office or person):
            named[duty.pk] = (_uuid(office), _uuid(person))
    return named


def _uuid(text: str) -> UUID | None:
    """The id a choice carries; a made-up one is no page of ours."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Http404 from None


urlpatterns = [
    path("units/<uuid:unit_id>/duties/<uuid:edition_id>/", duty_assign, name="duty_assign"),
    path("duties/<uuid:duty_id>/", duty_detail, name="duty_detail"),
    path("duties/<uuid:duty_id>/problem/", duty_problem, name="duty_problem"),
    path("units/<uuid:unit_id>/duties/hand-over/", duty_handover, name="duty_handover"),
]
