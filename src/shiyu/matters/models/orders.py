"""Work orders of other systems: whose they are, by when, whether our result stands there; and the tables they came in."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.matters.models.matter import Matter
from shiyu.matters.models.parties import Party
from shiyu.people.models import Unit

DONE = Q(matter__is_open=False) | Q(matter__phase="verifying")
"""Of its matter: closed, or every unit has reported its part done."""
ENTERED = Q(entered_at__isnull=False, matter__reopened__lte=F("entered_reopened"))
"""The result stands in the other system; what was reopened since must be entered anew."""


class OrderBatch(models.Model):
    """A table that was handed in: checked, then taken over or dropped. Its file holds personal data: it is kept sealed
    until then, seven days at most, and deleted with its key."""

    class State(models.TextChoices):
        CHECKING = "checking"
        CHECKED = "checked"
        TAKING = "taking"
        TAKEN = "taken"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True, default=new_id)
    source = models.CharField(max_length=60)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    stored = models.CharField(max_length=200, blank=True)
    wrapped = models.CharField(max_length=200, blank=True)  # the file's own key
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # takes in what names no place
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    run_id = models.UUIDField(null=True)  # the background work that goes on or went last
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=clock.now)
    taken_at = models.DateTimeField(null=True)
    only_good = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    elsewhere = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    # The first faults, changes and new ones, with sheet, row and column; never a cell about a person.
    findings = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["by_id", "-created_at"], name="order_batch_by")]

    def __str__(self) -> str:
        return f"{self.source} {self.file_name}"


class WorkOrderQuerySet(models.QuerySet["WorkOrder"]):
    def visible_to(self, actor: Actor) -> "WorkOrderQuerySet":
        """Orders whose matter the person may see."""
        if "matter.view_all" in actor.rights:
            return self
        return self.filter(matter__in=Matter.objects.visible_to(actor).values("pk"))

    def to_enter(self) -> "WorkOrderQuerySet":
        """Done here, and the result is not in the other system yet."""
        return self.filter(DONE).exclude(ENTERED)


class WorkOrder(models.Model):
    """An order of another system and the matter it became; once for each system and number.

    `given` are the source's own cells as they stood, but those about persons, which are sealed with the matter.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="orders")
    source = models.CharField(max_length=60)
    number = models.CharField(max_length=80)
    handed_at = models.DateTimeField(null=True)
    upper_handed_at = models.DateTimeField(null=True)
    deadline = models.DateTimeField(null=True)
    upper_deadline = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # the earlier of the two
    given = models.JSONField(default=dict)
    party = models.ForeignKey(Party, null=True, on_delete=models.SET_NULL, related_name="orders")
    batch = models.ForeignKey(OrderBatch, null=True, on_delete=models.PROTECT, related_name="orders")
    row = models.PositiveIntegerField(null=True)
    entered_at = models.DateTimeField(null=True)
    entered_by_id = models.UUIDField(null=True)
    entered_by_name = models.CharField(max_length=60, blank=True)
    entered_reopened = models.PositiveSmallIntegerField(default=0)  # how often it had been reopened then

    objects = WorkOrderQuerySet.as_manager()

    class Meta:
        ordering = ["source", "number"]
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="one_order_per_number")]
        indexes = [models.Index(fields=["due_at"], condition=Q(entered_at=None), name="order_to_enter")]

    def __str__(self) -> str:
        return f"{self.source} {self.number}"

    def set_times(self, times: dict[str, datetime | None]) -> None:
        """Takes the source's times; the deadline by which lists sort is the earlier one."""
        for name, moment in times.items():
            setattr(self, name, moment)
        self.due_at = min((m for m in (self.deadline, self.upper_deadline) if m), default=None)

    @property
    def is_entered(self) -> bool:
        """Whether the result stands in the other system, and still holds."""
        return self.entered_at is not None and self.matter.reopened <= self.entered_reopened


class OrderChange(models.Model):
    """What a later table said otherwise of an order: the heads of the columns, never their values."""

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="changes")
    batch = models.ForeignKey(OrderBatch, on_delete=models.PROTECT, related_name="changes")
    row = models.PositiveIntegerField()
    heads = models.JSONField(default=list)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.order_id} {self.row}"
