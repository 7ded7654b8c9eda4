"""Asking the units: a round over a draft edition, a slip per unit, an opinion per task."""

from django.db import models
from django.db.models import Q

from shiyu.letters.models import Letter
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.people.models import Unit
from shiyu.plans.models.plan import Duty, Edition, Task


class OpinionRound(models.Model):
    """A round of opinions on an edition. A unit that does not answer counts as "not answered", not as "no opinion"."""

    id = models.UUIDField(primary_key=True, default=new_id)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    letter = models.ForeignKey(Letter, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    reply_by = models.DateField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="round_number"),
            models.UniqueConstraint(
                fields=["edition"], condition=Q(closed_at=None), name="one_open_round_per_edition"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.number}"


class OpinionSlip(models.Model):
    """What one unit is asked in a round. `via` tells how the answer came: browser, excel or paper."""

    class Via(models.TextChoices):
        BROWSER = "browser"
        EXCEL = "excel"
        PAPER = "paper"

    id = models.UUIDField(primary_key=True, default=new_id)
    round = models.ForeignKey(OpinionRound, on_delete=models.CASCADE, related_name="slips")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="opinion_slips")
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.UUIDField(null=True)
    via = models.CharField(max_length=8, choices=Via.choices, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "unit"], name="one_slip_per_unit")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.unit_id}"


class Opinion(models.Model):
    """A unit's answer about one task, and what became of it. The task's text at that time is kept."""

    class Answer(models.TextChoices):
        OPEN = "open"
        NONE = "none"
        CHANGE = "change"

    class Adoption(models.TextChoices):
        OPEN = "open"
        ADOPTED = "adopted"
        PARTLY = "partly"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=new_id)
    slip = models.ForeignKey(OpinionSlip, on_delete=models.CASCADE, related_name="opinions")
    task = models.ForeignKey(Task, null=True, on_delete=models.SET_NULL, related_name="opinions")
    task_key = models.CharField(max_length=40)
    task_number = models.CharField(max_length=20)
    task_text = models.TextField()
    # As what the unit held the task when it was asked; empty where it was asked without holding it.
    role = models.CharField(max_length=10, choices=Duty.Role.choices, blank=True)
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.OPEN)
    wanted = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    adoption = models.CharField(max_length=10, choices=Adoption.choices, default=Adoption.OPEN)
    adoption_reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)
    # How the item stood when it was decided on (`queries.adoptions.imprint`): shows whether it was edited since.
    decided_imprint = models.CharField(max_length=64, blank=True)
    # Why an adopted change needs no edit of the text ("it says so already").
    kept_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slip", "task_key"], name="one_opinion_per_task"),
            models.CheckConstraint(
                condition=~Q(answer="change") | (~Q(wanted="") & ~Q(reason="")), name="change_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(adoption__in=["declined", "partly"]) | ~Q(adoption_reason=""),
                name="declined_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slip_id} {self.task_number}"
