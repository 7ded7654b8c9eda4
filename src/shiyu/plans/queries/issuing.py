"""What stands between a draft and its issue, and what the issue will fix."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shiyu.lib import clock
from shiyu.people.models import Appointment, Unit
from shiyu.places.models import in_force
from shiyu.plans.models import Duty, Edition, OpinionRound, Task
from shiyu.plans.queries.editions import edition_in_force


def tasks_without_lead(edition: Edition) -> QuerySet[Task]:
    """Tasks nobody leads; one that was split is led through its sub-tasks."""
    led = Duty.objects.filter(task=OuterRef("pk"), role=Duty.Role.LEAD)
    parts = Task.objects.filter(parent=OuterRef("pk"))
    return (
        Task.objects.filter(edition=edition).exclude(Exists(led)).exclude(Exists(parts)).order_by("position")
    )


@dataclass(frozen=True)
class Readiness:
    """What to look at before a draft goes out: `stops` must be mended first, the rest is for the eye."""

    open_round: UUID | None
    without_lead: list[Task]
    task_count: int
    past: list[Task]
    ended_units: list[Unit]

    @property
    def stops(self) -> bool:
        return bool(self.open_round or self.without_lead or not self.task_count)


def readiness_of(edition: Edition) -> Readiness:
    """The checks of `submit_for_approval`, and two that only a person can judge: deadlines gone by, units ended."""
    tasks = Task.objects.filter(edition=edition)
    open_round = OpinionRound.objects.filter(edition=edition, closed_at=None).values_list("pk", flat=True)
    ended = Unit.objects.filter(duties__task__edition=edition, valid_to__lt=clock.today()).distinct()
    return Readiness(
        open_round=open_round.first(),
        without_lead=list(tasks_without_lead(edition)),
        task_count=tasks.count(),
        past=list(tasks.filter(due_on__lt=clock.today()).order_by("position")),
        ended_units=list(ended.by_protocol()),
    )


@dataclass(frozen=True)
class IssueFacts:
    """What an issue fixes and sends out: counts of tasks, duties and units, and the edition it supersedes."""

    tasks: int
    circumstances: int
    duties: int
    units: int
    named_units: int
    supersedes: Edition | None

    @property
    def group_units(self) -> int:
        """Units that hold duties only through a group."""
        return self.units - self.named_units


def issue_facts(edition: Edition) -> IssueFacts:
    """The counts an office wants to see before it issues."""
    counts = Duty.objects.filter(task__edition=edition).aggregate(
        duties=Count("pk"),
        units=Count("unit", distinct=True),
        named=Count("unit", distinct=True, filter=Q(via_group="")),
    )
    return IssueFacts(
        tasks=edition.tasks.count(),
        circumstances=edition.circumstances.count(),
        duties=counts["duties"],
        units=counts["units"],
        named_units=counts["named"],
        supersedes=edition_in_force(edition.plan_id),
    )


def signer_options(edition: Edition) -> list[str]:
    """Who may have signed, by post: signers of earlier documents, leaders named in the edition, posts of the leading
    group that somebody holds today. An office's document system may name another one; that is typed."""
    signed = Edition.objects.filter(state=Edition.State.ISSUED).exclude(signer="").order_by("-issued_on")
    named = edition.tasks.exclude(lead_leader="").order_by("position")
    held = Appointment.objects.filter(in_force(clock.today()), post__unit__kind="leading_group")
    posts = held.order_by("post__protocol_order").values_list("post__name", flat=True)
    found = [*signed.values_list("signer", flat=True), *named.values_list("lead_leader", flat=True), *posts]
    return list(dict.fromkeys(found))
