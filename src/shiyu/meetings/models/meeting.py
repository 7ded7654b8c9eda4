"""Meetings, their agenda and attendance, and what they decided."""

from django.db import models
from django.db.models import Q

from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.meetings import Ruling
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.matters.models import Matter, directly_above
from shiyu.people.models import Unit
from shiyu.periods.models import Period


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, actor: Actor) -> "MeetingQuerySet":
        """Meetings the person may see: all for who sees every plan or every matter; else those of their units, those
        their units belong to or were asked to, and those of units directly below."""
        if {"plan.view", "matter.view_all"} & actor.rights:
            return self
        units = actor.unit_ids
        own = Meeting.objects.filter(Q(unit_id__in=units) | directly_above(units, "unit")).values("id")
        asked = Attendance.objects.filter(unit_id__in=units).values("meeting_id")
        return self.filter(id__in=own.union(asked))


class Meeting(models.Model):
    """A meeting of a kind the pack names: monthly meeting, risk session, consultation."""

    class State(models.TextChoices):
        PLANNED = "planned"
        HELD = "held"
        CALLED_OFF = "called_off"

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
    called_off_why = models.TextField(blank=True)
    changed_at = models.DateTimeField(default=clock.now)  # what stands in its minutes
    circulated_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-held_on"], name="meeting_day"),
            models.Index(fields=["unit", "kind", "-held_on"], name="meeting_of_unit"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_held(self) -> bool:
        """Whether it took place: its agenda is frozen, decisions can be entered."""
        return self.state == self.State.HELD

    @property
    def is_circulated(self) -> bool:
        """Whether the minutes as they now are went to the units."""
        return self.circulated_at is not None and self.circulated_at >= self.changed_at


class AgendaPoint(models.Model):
    """One point of the agenda: a matter, or a topic in words. Taken off by hand it stays, with the word for it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField()
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="agenda_points")
    topic = models.CharField(max_length=120, blank=True)
    why = models.JSONField(default=list)  # reasons of the rules: [{"zh": …, "en": …}]
    word = models.CharField(max_length=200, blank=True)  # why it was put on by hand
    by_hand = models.BooleanField(default=False)
    lifted_by = models.ForeignKey(
        "meetings.Decision", null=True, on_delete=models.PROTECT, related_name="lifted_to"
    )
    taken_off = models.CharField(max_length=200, blank=True)  # why it was taken off
    notes = models.TextField(blank=True)  # what was said, for the minutes

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "matter"], condition=Q(matter__isnull=False), name="matter_once_on_agenda"
            ),
            models.CheckConstraint(
                condition=Q(matter__isnull=False) | ~Q(topic=""), name="agenda_point_about_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.number}"


class Attendance(models.Model):
    """A unit that belongs to a meeting or was asked to it, and whether it came: by post, never a register of persons."""

    class Came(models.TextChoices):
        OPEN = "open"
        PRESENT = "present"
        REPRESENTED = "represented"
        ABSENT = "absent"

    id = models.UUIDField(primary_key=True, default=new_id)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="attendances")
    is_standing = models.BooleanField(default=False)
    came = models.CharField(max_length=12, choices=Came.choices, default=Came.OPEN)
    post = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "unit"], name="unit_once_at_meeting")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.unit_id}"


class Decision(models.Model):
    """A decision of a meeting, with a unit that carries it out and a day; it comes back at the next meeting.

    Of a meeting that makes duties (plans hears it), or on a matter: a measure, a letter, or a deed that was done with
    the decision and so is done on its day.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    lead_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="led_decisions")
    supporting_units = models.ManyToManyField(Unit, related_name="supported_decisions")
    due_on = models.DateField()
    done_on = models.DateField(
        null=True
    )  # for a duty set when the office signs the lead's report off as done
    created_at = models.DateTimeField(default=clock.now)
    ruling = models.CharField(
        max_length=20, choices=[(r.value, r.value) for r in Ruling], default=Ruling.MEASURE.value
    )
    point = models.ForeignKey(AgendaPoint, null=True, on_delete=models.PROTECT, related_name="decisions")
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="meeting_decisions")
    letter_kind = models.CharField(max_length=40, blank=True)
    post = models.CharField(
        max_length=60, blank=True
    )  # the leader in charge, or who keeps an eye on it, by post
    next_measure = models.TextField(blank=True)  # of a watched matter, as it was decided
    result = models.TextField(blank=True)  # what was done
    done_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="decision_number")]
        indexes = [
            models.Index(fields=["matter"], name="decision_matter"),
            models.Index(fields=["due_on"], condition=Q(done_on=None), name="decision_open"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.number}"
