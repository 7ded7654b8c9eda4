"""The matter, the units that hold it, its stays and its returns."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import Combinable

from shiyu.kernel.actor import Actor
from shiyu.kernel.limits import end_of
from shiyu.lib import clock
from shiyu.lib.any_of import AnyOf
from shiyu.lib.ids import new_id
from shiyu.lib.search_field import Searched, SearchField
from shiyu.people.models import Unit
from shiyu.places.models import Area


def directly_above(units: Iterable[UUID], path: str) -> Q:
    """Rows whose unit (at `path`) stands directly below one of the units: they climb to it."""
    climbs = Q(**{f"{path}__upper_centre_id__in": units})
    return climbs | Q(**{f"{path}__upper_centre_id": None, f"{path}__parent_id__in": units})


def _or_above(units: Iterable[UUID], above: Q) -> models.QuerySet[Any]:
    """The keys of these units and of those for which `above` holds."""
    return Unit.objects.filter(Q(pk__in=units) | above).order_by().values("pk")


def _holding(units: Iterable[UUID]) -> Q:
    """Assignments held by these units or their offices, or by units that climb to one of them."""
    return Q(AnyOf("unit_id", _or_above(units, Q(upper_centre__in=units)))) | Q(office_id__in=units)


def units_below(units: Iterable[UUID]) -> models.QuerySet[Any]:
    """The keys of these units and of those directly below them: where a matter climbs from."""
    return _or_above(units, Q(upper_centre__in=units) | Q(upper_centre=None, parent__in=units))


class MatterQuerySet(models.QuerySet["Matter"]):
    def taken_in_by(self, actor: Actor) -> "MatterQuerySet":
        """Matters that the person's units, or those directly below, take in; all of them for who sees all."""
        if "matter.view_all" in actor.rights:
            return self
        return self.filter(AnyOf("unit_id", units_below(actor.unit_ids)))

    def visible_to(self, actor: Actor) -> "MatterQuerySet":
        """Matters the person may see: all with `matter.view_all`, else those their units own, hold, filed, or
        stand above (a return not answered climbs to the unit above). Who reported one sees that one alone.

        A row is asked for what holds it, so that this costs by the rows that the other conditions leave."""
        held = Assignment.objects.filter(_holding(actor.unit_ids), matter=OuterRef("pk"))
        return self._seen_by(actor, Exists(held.order_by()))

    def open_to(self, actor: Actor) -> "MatterQuerySet":
        """Open matters the person may see (the same rule). It begins with what is open of the units' own, so that it costs
        by that, however many matters are closed."""
        held = Assignment.objects.filter(_holding(actor.unit_ids), of_open=True)
        return self._seen_by(actor, AnyOf("pk", held.order_by().values("matter_id"))).filter(is_open=True)

    def closed_parts(self, actor: Actor) -> "list[MatterQuerySet]":
        """Closed matters the person may see (the same rule) in parts that together hold them, each found by an index with
        the day they were closed; none where one index holds all."""
        if actor.party_id is not None or "matter.view_all" in actor.rights:
            return []
        closed, held = self.filter(is_open=False), Assignment.objects.filter(_holding(actor.unit_ids))
        return [
            closed.filter(AnyOf("unit_id", units_below(actor.unit_ids))),
            closed.filter(filed_unit_id__in=actor.unit_ids),
            closed.filter(AnyOf("pk", held.order_by().values("matter_id"))),
        ]

    def _seen_by(self, actor: Actor, is_held: Combinable) -> "MatterQuerySet":
        if actor.party_id is not None:
            return self.filter(parties__id=actor.party_id)
        if "matter.view_all" in actor.rights:
            return self
        units = actor.unit_ids
        owned = Q(AnyOf("unit_id", units_below(units)))
        return self.filter(owned | Q(filed_unit_id__in=units) | Q(is_held))

    def open(self) -> "MatterQuerySet":
        """Not closed and not refused: what lists show by default."""
        return self.filter(is_open=True)

    def real(self) -> "MatterQuerySet":
        """Without exercises: what every figure, rate and list of record is made of."""
        return self.filter(drill=False)


class Matter(Searched):
    """A problem (later hazard, dispute, request …) on its way to being closed.

    `phase` is all that generic code knows; `state` is the kind's own word from the pack. Overdue is computed from
    `due_at`, never a state. `is_open` stands beside the phase so that partial indexes can use it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=30, unique=True)  # 一案一码, e.g. WT-2026-0318
    kind = models.CharField(max_length=30)
    pack_version_id = models.UUIDField(null=True)
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    source = models.CharField(max_length=30)
    goal = models.TextField(blank=True)  # 整改目标
    measures = models.TextField(blank=True)  # 整改措施
    progress = models.TextField(blank=True)  # 整改进展, the latest note
    # The kind's own fields, by their codes in the form of its pack version (kernel.fields).
    fields = models.JSONField(default=dict)
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="matters")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="owned_matters"
    )  # who dispatches and closes
    filed_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="filed_matters")
    filed_by_id = models.UUIDField(null=True)
    phase = models.CharField(max_length=12)
    state = models.CharField(max_length=30)
    outcome = models.CharField(max_length=30, blank=True)
    is_open = models.BooleanField(default=True)
    # Filed in an exercise (应急演练): worked like any other, and in no figure, rate, problem list or circular.
    drill = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(default=0)
    happened_on = models.DateField(null=True)
    received_at = models.DateTimeField(default=clock.now)
    step_entered_at = models.DateTimeField(default=clock.now)
    step_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    due_is_set = models.BooleanField(default=False)  # by the person who filed it, not by the kind's limit
    warn_at = models.DateTimeField(null=True)
    extended_days = models.PositiveSmallIntegerField(default=0)
    extension_asked_days = models.PositiveSmallIntegerField(default=0)
    extension_asked_until = models.DateTimeField(null=True)  # pending while set
    extension_asked_reason = models.TextField(blank=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    suspended_at = models.DateTimeField(null=True)
    suspended_until = models.DateField(null=True)
    suspended_reason = models.TextField(blank=True)
    # The limits as they stood when the clock was stopped; `due_at` and the others hold what they become if it runs
    # on at the planned end, so that a list of what is overdue is right without anybody doing anything.
    due_before_stop = models.DateTimeField(null=True)
    warn_before_stop = models.DateTimeField(null=True)
    step_due_before_stop = models.DateTimeField(null=True)
    step_suspended_minutes = models.PositiveIntegerField(
        default=0
    )  # working time of this stay that does not count
    supervised_at = models.DateTimeField(null=True)
    supervised_by = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    supervised_letter_id = models.UUIDField(null=True)  # the notice that put it under supervision
    on_books = models.BooleanField(default=False)
    books_review_on = models.DateField(null=True)
    books_reason = models.TextField(blank=True)
    reworked = models.PositiveSmallIntegerField(default=0)
    reopened = models.PositiveSmallIntegerField(default=0)
    completed_by_id = models.UUIDField(null=True)  # who said it was done: another hand must verify
    verified_by_id = models.UUIDField(null=True)
    verified_by_name = models.CharField(max_length=60, blank=True)
    confirmed_by_id = models.UUIDField(null=True)
    remedy = models.TextField(blank=True)  # what the reporter may still do, after a refusal
    # Raised by every deed that changes what may be done next; a form posts the one it was made from.
    version = models.PositiveIntegerField(default=0)
    proposed_lead = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    topic = models.CharField(max_length=60, blank=True)
    sort_class = models.CharField(max_length=60, blank=True)
    grade = models.CharField(max_length=60, blank=True)
    grade_by_hand = models.BooleanField(default=False)
    in_charge = models.CharField(max_length=60, blank=True)  # 包案领导, by post
    in_charge_until = models.DateField(null=True)
    said_not_solved_at = models.DateTimeField(null=True)
    no_more_calls = models.BooleanField(default=False)
    rating = models.PositiveSmallIntegerField(null=True)  # 1 to 5, by its reporter
    review_until = models.DateTimeField(null=True)
    # What it is about, in words and as a link; the owning app keeps the foreign key (plans.DutyProblem).
    about_type = models.CharField(max_length=40, blank=True)
    about_id = models.UUIDField(null=True)
    about_label = models.CharField(max_length=200, blank=True)
    search = SearchField("code", "title", "text", "about_label")

    objects = MatterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "due_at"], condition=Q(is_open=True), name="matter_open_unit"),
            models.Index(fields=["due_at", "id"], condition=Q(is_open=True), name="matter_open_due"),
            models.Index(fields=["phase", "kind"], condition=Q(is_open=True), name="matter_open_phase"),
            models.Index(fields=["filed_unit"], condition=Q(is_open=True), name="matter_open_filed"),
            models.Index(fields=["step_due_at"], condition=Q(is_open=True), name="matter_open_step_due"),
            models.Index(
                fields=["unit", "said_not_solved_at"],
                condition=Q(said_not_solved_at__isnull=False),
                name="matter_not_solved",
            ),
            # What came up in the same place before or again (grades, false closure).
            models.Index(fields=["area", "kind", "topic", "received_at"], name="matter_same_place"),
            # A month's rates are counted from the next two alone, without the rows.
            models.Index(
                fields=["received_at"],
                include=["unit", "kind", "topic", "area", "drill"],
                condition=Q(drill=False),
                name="matter_received_month",
            ),
            models.Index(
                fields=["closed_at"],
                include=[
                    "unit",
                    "kind",
                    "topic",
                    "area",
                    "outcome",
                    "due_at",
                    "reworked",
                    "reopened",
                    "rating",
                    "is_open",
                    "drill",
                ],
                condition=Q(is_open=False, drill=False),
                name="matter_closed_month",
            ),
            # What a unit's own, what it filed and what it held was closed in a period: read without the rows.
            models.Index(
                fields=["unit", "-closed_at"],
                include=["id"],
                condition=Q(is_open=False, drill=False),
                name="matter_unit_closed",
            ),
            models.Index(
                fields=["filed_unit", "-closed_at"],
                include=["id"],
                condition=Q(is_open=False, drill=False),
                name="matter_filed_closed",
            ),
            models.Index(
                fields=["id"],
                include=["closed_at"],
                condition=Q(is_open=False, drill=False),
                name="matter_id_closed",
            ),
            models.Index(
                F("closed_at").desc(nulls_last=True),
                "id",
                condition=Q(is_open=False, drill=False),
                name="matter_newest_closed",
            ),
            models.Index(fields=["id"], condition=Q(drill=True), name="matter_drill"),
            models.Index(fields=["kind", "due_at"], condition=Q(is_open=True), name="matter_open_kind"),
            models.Index(fields=["kind", "received_at"], name="matter_received"),
            models.Index(fields=["kind", "closed_at"], condition=Q(is_open=False), name="matter_closed"),
            models.Index(fields=["about_id"], name="matter_about"),
            GinIndex(fields=["search"], name="matter_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_open=True, closed_at=None) | Q(is_open=False, closed_at__isnull=False),
                name="matter_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(on_books=False) | (Q(books_review_on__isnull=False) & ~Q(books_reason="")),
                name="matter_on_books_has_review",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def stop_ends_at(self) -> datetime | None:
        """When the clock runs on by itself; None where it was not stopped."""
        return end_of(self.suspended_until) if self.suspended_until else None

    def is_suspended(self, now: datetime) -> bool:
        """Whether the clock stands still. It runs on by itself when the day it was stopped until is over."""
        ends = self.stop_ends_at
        return self.suspended_at is not None and (ends is None or now <= ends)


class Assignment(models.Model):
    """A unit holding a matter: as lead (one) or supporting (any); asked, due, done, result."""

    class Role(models.TextChoices):
        LEAD = "lead"
        SUPPORTING = "supporting"

    id = models.UUIDField(primary_key=True, default=new_id)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assignments")
    office = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.CharField(max_length=60, blank=True)  # 责任人, by post
    role = models.CharField(max_length=10, choices=Role.choices)
    active = models.BooleanField(default=True)
    asked_at = models.DateTimeField(default=clock.now)
    acknowledged_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)
    ended = models.CharField(max_length=20, blank=True)  # done, returned, transferred, withdrawn
    # Whether its matter is open: kept with it by the verbs that close and reopen, so that what a unit holds of the open
    # ones is found without its closed ones.
    of_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(active=True, role="lead"), name="one_active_lead"
            ),
            models.UniqueConstraint(
                fields=["matter", "unit"], condition=Q(active=True), name="one_active_assignment_per_unit"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "active"], name="assignment_unit"),
            models.Index(
                fields=["unit"], include=["matter"], condition=Q(of_open=True), name="assignment_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.unit_id} {self.role}"


class Step(models.Model):
    """One stay in one state: the history, and the source of every rate. Never referred to by a foreign key.

    Stays of a matter follow each other without a gap. A deed that moves nothing (a note, a receipt, a return
    asked for) stands as a row `within` the stay, entered and left at the same moment.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    matter_id = models.UUIDField()
    assignment_id = models.UUIDField(null=True)
    unit_id = models.UUIDField(null=True)
    unit_name = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=30)
    phase = models.CharField(max_length=12)
    entered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    verb = models.CharField(max_length=30, blank=True)  # how it ended
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    used_minutes = models.PositiveIntegerField(null=True)  # of working time, without suspension
    within = models.BooleanField(default=False)
    acting_unit_id = models.UUIDField(null=True)  # the unit for which the person acted

    class Meta:
        indexes = [
            models.Index(fields=["matter_id", "entered_at"], name="step_matter"),
            models.Index(fields=["verb", "left_at"], name="step_verb"),
            models.Index(
                fields=["left_at"],
                include=["verb", "acting_unit_id", "matter_id"],
                condition=Q(verb__in=["dispatch", "transfer", "consent_return"]),
                name="step_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.state}"


class Return(models.Model):
    """A unit says "not ours", with a reason; the sender consents or the superior decides; silence goes up."""

    class State(models.TextChoices):
        ASKED = "asked"
        CONSENTED = "consented"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=new_id)
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="returns")
    reason = models.TextField()
    asked_at = models.DateTimeField(default=clock.now)
    asked_by_id = models.UUIDField()
    decide_by = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)
    decision_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(state="asked"), name="one_open_return_per_assignment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.state}"
