"""What a person may see and do. Visible is a row of `visible_to`; what may be done is the kernel's answer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from shiyu.documents.models import Attachment
from shiyu.kernel import workflow
from shiyu.kernel.actor import Actor
from shiyu.kernel.facts import AssignmentFacts, MatterFacts, Option, Standing
from shiyu.kernel.spec.matters import Kind
from shiyu.letters.access import Binding
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible
from shiyu.matters.kinds import calendar, kind_of
from shiyu.matters.models import (
    Assignment,
    CompetenceDispute,
    FollowUp,
    Matter,
    MatterLink,
    Party,
    Return,
    Step,
)
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.people.queries import chain_above

SUBJECT = "matters.matter"
"""How documents, letters and instructions name a matter."""

HANDLING = ("acknowledge", "note", "complete", "extend")
"""Deeds that make a person one of those who handled the matter: another hand must verify it."""

ROUND = ("send_back", "reopen", "dispatch")
"""Deeds with which a new round of handling begins."""

REPORTER = "来件人"
"""How the history names whoever acts by code and PIN: their name is sealed."""


def visible_matter(actor: Actor, matter_id: UUID, *, lock: bool = False) -> Matter:
    """The matter, if the person may see it; else NotVisible. With `lock` its row is held until the end."""
    rows = Matter.objects.select_related("unit", "area")
    if lock:
        # PostgreSQL waits for the row and gives it as it then is. Where it now belongs to another unit, the joined row is
        # the old one's and nothing comes: then it is looked for again below.
        held = rows.visible_to(actor).filter(pk=matter_id).select_for_update(of=("self",)).first()
        if held is not None:
            return held
    found = rows.visible_to(actor).filter(pk=matter_id).first()
    if found is None:
        raise NotVisible(_("There is no such matter, or it is not for you to see."))
    if not lock:
        return found
    # What was seen before the lock may be out of date.
    return rows.select_for_update(of=("self",)).get(pk=matter_id)


def intake_units(actor: Actor) -> list[UUID]:
    """Who may take in what the person files: their own dispatching units; else the centres above the units they file
    for, and of an office that its unit stands below; else the offices of the leading group."""
    own = actor.units_with("matter.dispatch")
    if own:
        return sorted(own)
    files_for = Unit.objects.filter(pk__in=actor.units_with("matter.file"))
    above = Q(pk__in=files_for.values("upper_centre")) | Q(pk__in=files_for.values("parent__upper_centre"))
    units = Unit.objects.in_force()
    centres = list(units.filter(above).order_by("protocol_order").values_list("pk", flat=True))
    return centres or list(units.filter(kind="leading_office").values_list("pk", flat=True))


def may_write_about(actor: Actor, binding: Binding) -> None:
    """Letters about a matter (wiring.SUBJECTS): by who sees it, for the unit that dispatches it or one above; a deed they go
    with stands in its history. Raises NotVisible or NotAllowed."""
    matter = visible_matter(actor, binding.subject_id)
    if binding.unit_id not in (matter.unit_id, *chain_above(matter.unit_id)):
        raise NotAllowed(
            _("A letter about a matter comes from the unit that dispatches it, or from one above.")
        )
    deed = binding.occasion_id
    if deed is not None and not Step.objects.filter(matter_id=matter.pk, pk=deed).exclude(verb="").exists():
        raise NotAllowed(_("This deed does not stand in the history of the matter."))


def can(actor: Actor, verb: str, matter: Matter) -> bool:
    """Whether the person may do the verb now; `view` asks for the matter and its files."""
    if verb == "view":
        return Matter.objects.visible_to(actor).filter(pk=matter.pk).exists()
    return any(option.verb == verb and option.allowed for option in options_of(matter, actor))


@dataclass(frozen=True)
class Read:
    """What a page has read of a matter to show it, so that its verbs need not read it again."""

    assignments: Sequence[Assignment]
    deeds: Sequence[Step]
    disputes: Sequence[CompetenceDispute]
    files: Sequence[datetime]
    """When each file of the matter came."""
    follow_ups: Sequence[FollowUp]


def assignments_of(matter: Matter) -> QuerySet[Assignment]:
    """Who holds or held a matter, in order; each row knows whether it is being given back (`is_returning`)."""
    asked = Exists(Return.objects.filter(assignment=OuterRef("pk"), state=Return.State.ASKED))
    return matter.assignments.annotate(is_returning=asked).order_by("asked_at", "id")


def options_of(matter: Matter, actor: Actor, read: Read | None = None) -> list[Option]:
    """Every verb the kind knows, allowed or with the reasons why not."""
    return workflow.options(kind_of(matter), facts_of(matter, actor, read), actor)


def facts_of(matter: Matter, actor: Actor, read: Read | None = None) -> MatterFacts:
    """What the kernel needs to know of a matter, as it concerns one person."""
    now = clock.now()
    assignments = list(read.assignments if read else assignments_of(matter))
    returning = {row.pk for row in assignments if row.is_returning}  # type: ignore[attr-defined]
    deeds = read.deeds if read else list(_deeds(matter))
    return MatterFacts(
        state=matter.state,
        intake_unit_id=matter.unit_id,
        reporter_unit_id=matter.filed_unit_id,
        assignments=tuple(_assignment_facts(a, returning, actor, _may_return(matter)) for a in assignments),
        superior_unit_ids=frozenset(chain_above(matter.unit_id)),
        handled_by=_handled_by(assignments, deeds),
        has_proof=_proves(read.files if read else _files(matter), deeds),
        is_verified=matter.verified_by_id is not None,
        is_confirmed=matter.confirmed_by_id is not None,
        is_suspended=matter.is_suspended(now),
        is_supervised=matter.supervised_at is not None,
        supervisor_ids=_supervisors(matter),
        extensions=matter.extensions,
        extension_pending=matter.extension_asked_until is not None,
        **_ways(matter, kind_of(matter), actor, read),
        due_at=matter.due_at,
        is_overdue=matter.due_at is not None and matter.due_at < now,
        is_settled_for_good=_is_settled_for_good(matter),
        level=matter.level,
        is_follow_up_due=_is_follow_up_due(read.follow_ups if read else ()),
    )


def _supervisors(matter: Matter) -> frozenset[UUID]:
    """The unit that put it under supervision, and those above."""
    unit = matter.supervised_by_id
    return frozenset((unit, *chain_above(unit)) if unit else ())


def _is_follow_up_due(rows: Iterable[FollowUp]) -> bool:
    """Asked for a page only: it says what comes next, not what is allowed."""
    now = clock.now()
    return any(row.done_at is None and row.due_at is not None and row.due_at <= now for row in rows)


def _may_return(matter: Matter) -> Callable[[Assignment], bool]:
    """Whether a unit's time for giving the matter back runs still."""
    rule, now = kind_of(matter).rule("return"), clock.now()
    within = rule.within if rule else None
    return lambda row: within is None or calendar().add(row.asked_at, within) >= now


def _is_settled_for_good(matter: Matter) -> bool:
    """Whether it is linked to a matter whose last review has ended. Asked before it is accepted, in cities with such a
    kind only."""
    kinds = {code for code, kind in current_pack().kind.items() if kind.final}
    if matter.phase != "filed" or not kinds or kind_of(matter).review is None:
        return False
    rows = MatterLink.objects.filter(Q(first=matter) | Q(second=matter), sort=MatterLink.Sort.RELATED)
    found = {other for row in rows for other in (row.first_id, row.second_id) if other != matter.pk}
    seen: set[UUID] = set()
    while found - seen:
        seen |= found
        chain = MatterLink.objects.filter(first__in=found, sort=MatterLink.Sort.REVIEW)
        found = set(chain.values_list("second_id", flat=True))
    return (
        Matter.objects.filter(pk__in=seen, kind__in=kinds, is_open=False)
        .exclude(outcome="withdrawn")
        .exists()
    )


def _ways(matter: Matter, kind: Kind, actor: Actor, read: Read | None) -> dict[str, Any]:
    """The facts of where a matter leads; a kind without disputes over competence is not asked for them, and who reported
    it only for somebody who acts as its reporter."""
    dispute = None
    if kind.rule("dispute_competence") is not None:
        rows = read.disputes if read else CompetenceDispute.objects.filter(matter=matter, decided_at=None)
        dispute = next((row for row in rows if row.decided_at is None), None)
    parties = Party.objects.filter(matter=matter).values_list("id", flat=True)
    return {
        "party_ids": frozenset(parties if actor.party_id is not None else ()),
        "sort_class": matter.sort_class or None,
        "grade": matter.grade or None,
        "competence_disputed": dispute is not None,
        "competence_answered": dispute is not None and bool(dispute.other_reason),
        "arbiter_id": dispute.arbiter_id if dispute else None,
        "upper_id": matter.unit.upper_centre_id or matter.unit.parent_id,
        "said_not_solved": matter.said_not_solved_at is not None,
        "is_rated": matter.rating is not None,
        "no_more_calls": matter.no_more_calls,
        "review_until": matter.review_until,
    }


def _assignment_facts(
    row: Assignment, returning: set[UUID], actor: Actor, may_return: Callable[[Assignment], bool]
) -> AssignmentFacts:
    unit = row.unit_id
    # A person of the office (科室) that holds the assignment acts for its department.
    if (
        row.office_id
        and not actor.is_system
        and not actor.has("matter.handle", unit)
        and actor.has("matter.handle", row.office_id)
    ):
        unit = row.office_id
    lead, standing = row.role == Assignment.Role.LEAD, standing_of(row, returning)
    return AssignmentFacts(row.pk, unit, lead, standing, return_over=not may_return(row))


def standing_of(row: Assignment, returning: set[UUID]) -> Standing:
    """How an assignment stands. One that is done stays with its matter; one that was returned or transferred
    has left it."""
    if row.pk in returning:
        return Standing.RETURNING
    if row.active:
        return Standing.ACKNOWLEDGED if row.acknowledged_at else Standing.ASKED
    return Standing.DONE if row.ended == "done" else Standing.LEFT


def _deeds(matter: Matter) -> QuerySet[Step]:
    rows = Step.objects.filter(matter_id=matter.pk).exclude(verb="").order_by("left_at", "id")
    return rows.only("verb", "by_id", "acting_unit_id", "entered_at", "left_at")


def _handled_by(assignments: list[Assignment], deeds: Iterable[Step]) -> frozenset[UUID]:
    """Who handled it in the present round, for the units that hold it; `deeds` in order."""
    handling = {a.unit_id for a in assignments} | {a.office_id for a in assignments if a.office_id}
    users: set[UUID] = set()
    for deed in deeds:
        verb, user, unit = deed.verb, deed.by_id, deed.acting_unit_id
        if verb in ROUND:
            users = set()
        elif verb in HANDLING and user is not None and unit in handling:
            users.add(user)
    return frozenset(users)


def _files(matter: Matter) -> list[datetime]:
    rows = Attachment.objects.filter(subject_type=SUBJECT, subject_id=matter.pk)
    return list(rows.values_list("created_at", flat=True))


def _proves(files: Iterable[datetime], deeds: Iterable[Step]) -> bool:
    """Whether a file came since the present round began: what was there before shows what was found, or what was sent
    back as not good enough."""
    began = max((deed.left_at or deed.entered_at for deed in deeds if deed.verb in ROUND), default=None)
    return any(began is None or came >= began for came in files)


def can_open_parties(actor: Actor, matter: Matter, read: Iterable[Assignment] | None = None) -> bool:
    """Whether the person may read the whole of what its reporters gave: those who handle it do, in the unit that took
    it in, leads or supports. Seeing the matter, or every matter, is not enough; a unit that returned it reads no more.
    `read` are its assignments where they are at hand.
    """
    rows = matter.assignments.all() if read is None else read
    holding = [row for row in rows if row.active or row.ended == "done"]
    units = {matter.unit_id, *(unit for row in holding for unit in (row.unit_id, row.office_id) if unit)}
    return any(
        actor.has(right, unit)
        for unit in units & actor.unit_ids
        for right in ("matter.handle", "matter.dispatch")
    )


def reporter_actor(party: Party) -> Actor:
    """Who acts when a reporter uses the public page: nobody with an account, and a party to one matter."""
    return Actor(user_id=None, name=REPORTER, party_id=party.pk)


def openable_matter(actor: Actor, matter_id: UUID, *, lock: bool = False) -> Matter:
    """The matter, if the person may read the whole of its reporters; NotVisible or NotAllowed else."""
    matter = visible_matter(actor, matter_id, lock=lock)
    if not can_open_parties(actor, matter):
        raise NotAllowed(_("Only those who handle the matter may do this with its reporters."))
    return matter
