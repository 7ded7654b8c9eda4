"""Pages of plans: all plans with their editions, and one plan."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shiyu.plans.access import can, need
from shiyu.plans.actions.editions import draft_next_edition
from shiyu.plans.queries.editions import plans_with_editions, state_words


@login_required
def plan_list(request: HttpRequest) -> HttpResponse:
    """The year's plan and its sub-plans, each with its editions."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "view")
    plans = plans_with_editions(actor)
    for plan in plans:
        for edition in plan.shown_editions:
            edition.state_label = state_words(edition)
    context = {"plans": plans, "may_import": can(actor, "import")}
    return render(request, "plans/plan_list.html", context)


@login_required
def plan_detail(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """One plan: its editions, newest first, and its sub-plans."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "view")
    plans = plans_with_editions(actor)
    plan = next((one for one in plans if one.pk == plan_id), None)
    if plan is None:
        raise Http404
    subs = [one for one in plans if one.parent_id == plan.pk]
    for one in (plan, *subs):
        for edition in one.shown_editions:
            edition.state_label = state_words(edition)
    states = {edition.state for edition in plan.shown_editions}
    context = {
        "plan": plan,
        "sub_plans": subs,
        "may_draft": can(actor, "edit") and states == {"issued"},
    }
    return render(request, "plans/plan_detail.html", context)


@login_required
@require_POST
def plan_next_edition(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Draft the next edition from the one in force."""
    edition = draft_next_edition(request.actor, plan_id)  # type: ignore[attr-defined]
    messages.success(request, _("Edition %(n)s is drafted; it can be edited now.") % {"n": edition.number})
    return redirect("edition_detail", edition.pk)


urlpatterns = [
    path("plans/", plan_list, name="plan_list"),
    path("plans/<uuid:plan_id>/", plan_detail, name="plan_detail"),
    path("plans/<uuid:plan_id>/next/", plan_next_edition, name="plan_next_edition"),
]
