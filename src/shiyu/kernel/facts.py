"""What the loop knows of a matter, what a doer supplies, and what comes back. `workflow` decides with
these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from shiyu.kernel.competence import FunctionStanding
from shiyu.kernel.verbs import ClockEffect, Need, Outcome, Phase, Relation
from shiyu.kernel.words import Label, Limit, Reason


class Standing(StrEnum):
    """How an assignment stands."""

    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"
    RETURNING = "returning"
    DONE = "done"
    LEFT = "left"

    @property
    def is_active(self) -> bool:
        """Still to be worked on."""
        return self in (Standing.ASKED, Standing.ACKNOWLEDGED, Standing.RETURNING)


@dataclass(frozen=True)
class AssignmentFacts:
    """One unit's part in a matter."""

    id: UUID
    unit_id: UUID
    is_lead: bool
    standing: Standing
    return_over: bool = False
    """The time in which its unit may give it back has passed."""


@dataclass(frozen=True)
class MatterFacts:
    """All the loop needs to know of a matter. `party_ids` are the persons who reported it; `arbiter_id` is the unit
    above both sides of a dispute over competence; `upper_id` where the matter climbs to; `review_until` the last
    moment for asking for a review. `handled_by` holds the users who handled it in the present round (acknowledged,
    noted, completed, asked for an extension); `superior_unit_ids` the units above the one that took it in and sends
    it out: a unit above the handling one alone has no say over its extension, return or check."""

    state: str
    intake_unit_id: UUID
    reporter_unit_id: UUID | None = None
    assignments: tuple[AssignmentFacts, ...] = ()
    superior_unit_ids: frozenset[UUID] = frozenset()
    handled_by: frozenset[UUID] = frozenset()
    has_proof: bool = False
    is_verified: bool = False
    is_confirmed: bool = False
    is_suspended: bool = False
    is_supervised: bool = False
    supervisor_ids: frozenset[UUID] = frozenset()
    """The unit that put it under supervision and those above; empty where a rule did, or nobody knows."""
    extensions: int = 0
    extension_pending: bool = False
    sort_class: str | None = None
    grade: str | None = None
    party_ids: frozenset[UUID] = frozenset()
    competence_disputed: bool = False
    competence_answered: bool = False
    arbiter_id: UUID | None = None
    upper_id: UUID | None = None
    said_not_solved: bool = False
    is_rated: bool = False
    no_more_calls: bool = False
    review_until: dt.datetime | None = None
    due_at: dt.datetime | None = None
    is_overdue: bool = False
    is_settled_for_good: bool = False
    """It repeats one whose last review has ended."""
    level: int = 0
    """How many levels it was lifted."""
    is_follow_up_due: bool = False
    """The day has come on which its reporter is to be asked after the end."""

    @property
    def lead(self) -> AssignmentFacts | None:
        """The lead's assignment, done or not; None before dispatch and after a return."""
        return next((a for a in self.assignments if a.is_lead and a.standing is not Standing.LEFT), None)

    def units(self, relation: Relation) -> frozenset[UUID]:
        """The units that stand in a relation to the matter."""
        present = [a for a in self.assignments if a.standing is not Standing.LEFT]
        return {
            Relation.INTAKE: frozenset({self.intake_unit_id}),
            Relation.REPORTER: frozenset({self.reporter_unit_id} if self.reporter_unit_id else ()),
            Relation.LEAD: frozenset(a.unit_id for a in present if a.is_lead),
            Relation.SUPPORTING: frozenset(a.unit_id for a in present if not a.is_lead),
            Relation.SUPERIOR: self.superior_unit_ids,
            Relation.ANY: frozenset(),
        }[relation]


@dataclass(frozen=True)
class Given:
    """What the doer supplies with a verb. `until` is the new limit, review date or end of suspension
    (aware)."""

    needs: frozenset[Need] = frozenset()
    unit_id: UUID | None = None
    until: dt.datetime | None = None
    outcome: Outcome | None = None
    assignment_id: UUID | None = None
    sort_class: str | None = None
    grade: str | None = None
    matter_id: UUID | None = None
    standings: Mapping[UUID, FunctionStanding] = field(default_factory=dict)
    """Of the units named: on which of their lists of functions the matter's function stands."""
    supporting_unit_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Option:
    """One verb as it stands for one person now. `needs` is what a form must ask for; `assignment_ids` the
    assignments it can be done to (choose one if there are several)."""

    verb: str
    label: Label
    allowed: bool
    reasons: tuple[Reason, ...]
    needs: tuple[Need, ...]
    assignment_ids: tuple[UUID, ...] = ()
    letter: str | None = None


@dataclass(frozen=True)
class Transition:
    """What follows from a verb. The caller writes it: the state, a new Step if `moved`, the clocks, the
    assignment
    (`assignment_id` gets `standing`), the flags, the letter."""

    verb: str
    from_state: str | None
    to_state: str
    to_phase: Phase
    moved: bool
    clock: ClockEffect
    unit_id: UUID | None
    """The unit for which the doer acts."""
    step_limit: Limit | None = None
    """The new state's limit, if moved or if its clock starts again."""
    total_limit: Limit | None = None
    """The whole matter's limit, if its clock starts."""
    outcome: Outcome | None = None
    assignment_id: UUID | None = None
    standing: Standing | None = None
    clears_checks: bool = False
    """The round begins again: verified and confirmed fall away."""
    ends_assignments: bool = False
    """Assignments still active end with the matter: done if its outcome is done, else left."""
    answer_limit: Limit | None = None
    """How long the answer to a return or an extension may take; then it goes to the unit above."""
    letter: str | None = None


class NotAllowed(Exception):
    """The verb may not be done; `reasons` says why, all of it."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__("; ".join(reason.code for reason in reasons))
        self.reasons = reasons
