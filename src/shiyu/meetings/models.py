"""Meetings and what they decided."""

from django.db import models

from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.people.models import Unit
from shiyu.periods.models import Period


class Meeting(models.Model):
    """A meeting of a kind the pack names (the monthly meeting first)."""

    class State(models.TextChoices):
        PLANNED = "planned"
        HELD = "held"

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    period = models.ForeignKey(Period, null=True, on_delete=models.PROTECT, related_name="meetings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    place = models.CharField(max_length=80, blank=True)
    chair = models.CharField(max_length=80, blank=True)  # by post
    agenda = models.TextField(blank=True)
    minutes = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["-held_on"], name="meeting_day")]

    def __str__(self) -> str:
        return self.title


class Decision(models.Model):
    """A decision of a meeting. What becomes of it is a duty (plans), and comes back at the next meeting."""

    id = models.UUIDField(primary_key=True, default=new_id)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    lead_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="led_decisions")
    supporting_units = models.ManyToManyField(Unit, related_name="supported_decisions")
    due_on = models.DateField()
    done_on = models.DateField(null=True)  # set when the office signs the lead's report off as done
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="decision_number")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.number}"
