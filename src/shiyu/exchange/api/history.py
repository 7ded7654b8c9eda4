"""Assignments and steps over HTTP: who holds what, and what happened. They name units, never persons."""

from ninja import Router

from shiyu.exchange.api.auth import ApiRequest, Bearer
from shiyu.exchange.api.paging import cut
from shiyu.exchange.api.shapes import AssignmentLine, AssignmentPage, StepLine, StepPage
from shiyu.exchange.forms import AssignmentFilter, StepFilter
from shiyu.exchange.models import Scope
from shiyu.matters.models import Assignment, Matter, Step
from shiyu.ui.columns import Column, ListSpec

router = Router(tags=["matters"])


def assignment_spec() -> ListSpec:
    """Orders and filters of assignments."""
    columns = (
        Column("id", "", sort="id"),
        Column("due_at", "", sort="due_at"),
        Column("asked_at", "", sort="asked_at"),
    )
    return ListSpec("api_assignments", "", columns, "id", AssignmentFilter)


def step_spec() -> ListSpec:
    """Orders and filters of steps; by id is as they were written, which is how news is read."""
    columns = (Column("id", "", sort="id"), Column("entered_at", "", sort="entered_at"))
    return ListSpec("api_steps", "", columns, "id", StepFilter)


@router.get(
    "/assignments", response=AssignmentPage, auth=Bearer(Scope.MATTERS_READ), url_name="api_assignments"
)
def assignments(request: ApiRequest) -> AssignmentPage:
    """The assignments of the matters the account may see."""
    visible = Matter.objects.visible_to(request.actor).values("id")
    rows = Assignment.objects.filter(matter_id__in=visible).select_related("matter", "unit", "office")
    page = cut(request, assignment_spec(), rows)
    items = [AssignmentLine.of(row) for row in page.rows]
    return AssignmentPage.of(page, items)


@router.get("/steps", response=StepPage, auth=Bearer(Scope.MATTERS_READ), url_name="api_steps")
def steps(request: ApiRequest) -> StepPage:
    """What happened to the matters the account may see, in the order it was written: keep the last cursor, and ask with
    it again for what is new."""
    visible = Matter.objects.visible_to(request.actor).values("id")
    page = cut(request, step_spec(), Step.objects.filter(matter_id__in=visible))
    return StepPage.of(page, [StepLine.of(row) for row in page.rows])


assignments.spec = assignment_spec  # type: ignore[attr-defined]
steps.spec = step_spec  # type: ignore[attr-defined]
