"""One mediation as its page shows it."""

from dataclasses import dataclass

from shiyu.kernel.actor import Actor
from shiyu.matters.kinds import topic_choices
from shiyu.matters.models import Matter
from shiyu.mediation.access import can
from shiyu.mediation.models import Chosen, Danger, LookBack, Mediation, Sitting
from shiyu.mediation.queries.names import SideLine, sides_of
from shiyu.mediation.queries.steps import Next, Option, next_of, options_of, state_words, with_parts
from shiyu.mediation.queries.words import (
    content_label,
    labels_of,
    outcome_label,
    remedy_choices,
    role_choices,
    source_choices,
    way_label,
)


@dataclass(frozen=True)
class HolderLine:
    """Somebody who mediates or helps."""

    chosen: Chosen
    role: str


@dataclass(frozen=True)
class MediationPage:
    """Everything on the page of a mediation."""

    row: Mediation
    topic: str
    content: str
    way: str
    source: str
    outcome: str
    sides: list[SideLine]
    holders: list[HolderLine]
    sittings: list[Sitting]
    dangers: list[Danger]
    look_backs: list[LookBack]
    remedies: list[str]
    next: Next | None
    options: list[Option]
    may_run: bool
    may_assign: bool

    @property
    def others(self) -> list[Option]:
        """What can be done beside the next step."""
        return [
            one for one in self.options if not one.why_not and not (self.next and one.deed == self.next.deed)
        ]

    @property
    def refused(self) -> list[Option]:
        """What cannot be done now."""
        return [one for one in self.options if one.why_not]

    @property
    def untold(self) -> list[Danger]:
        """Dangers the police were not told of."""
        return [row for row in self.dangers if row.told_at is None]


def mediation_page(actor: Actor, mediation: Mediation) -> MediationPage:
    """The page's content for a person who may see the mediation."""
    row = with_parts(Mediation.objects.select_related("matter__area")).get(pk=mediation.pk)
    roles = dict(role_choices())
    may_run, may_assign = can(actor, "run", row), can(actor, "assign", row)
    options = options_of(row) if may_run else [one for one in options_of(row) if one.deed == "choose"]
    step = next_of(row)
    if not may_run and not (may_assign and step and step.deed == "choose"):
        step = None
    return MediationPage(
        row=row,
        topic=dict(topic_choices(row.matter.kind)).get(row.matter.topic, ""),
        content=content_label(row.matter.topic),
        way=way_label(row.way),
        source=dict(source_choices()).get(row.source, row.source),
        outcome=outcome_label(row.outcome),
        sides=sides_of(row),
        holders=[HolderLine(one, roles.get(one.holder.role, one.holder.role)) for one in row.chosen.all()],
        sittings=list(row.sittings.prefetch_related("holders")),
        dangers=list(row.dangers.all()),
        look_backs=list(row.look_backs.all()),
        remedies=labels_of(remedy_choices(), row.remedies),
        next=step,
        options=options if may_run or may_assign else [],
        may_run=may_run,
        may_assign=may_assign,
    )


@dataclass(frozen=True)
class MediationLine:
    """A mediation as the page of its matter shows it."""

    row: Mediation
    way: str
    outcome: str
    state: str
    next: Next | None
    remedies: list[str]


def mediations_of(matter: Matter) -> list[MediationLine]:
    """A matter's mediations, the newest first."""
    from_newest = with_parts(matter.mediations.order_by("-opened_on", "-id"))
    remedies = remedy_choices()
    return [
        MediationLine(
            row,
            way_label(row.way),
            outcome_label(row.outcome),
            state_words(row),
            next_of(row),
            labels_of(remedies, row.remedies),
        )
        for row in from_newest
    ]
