"""The watch list: matters that stay unresolved, each with an owner, a next measure and a day of review."""

from django.db import models
from django.db.models import Q

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.matters.models import Matter, directly_above
from shiyu.meetings.models.meeting import Decision
from shiyu.people.models import Unit


class WatchEntryQuerySet(models.QuerySet["WatchEntry"]):
    def visible_to(self, actor: Actor) -> "WatchEntryQuerySet":
        """Entries of matters the person sees, and those their units own or put on."""
        if "matter.view_all" in actor.rights:
            return self
        units = actor.unit_ids
        owned = Q(unit_id__in=units) | Q(put_on__meeting__unit_id__in=units) | directly_above(units, "unit")
        seen = WatchEntry.objects.filter(matter__in=Matter.objects.visible_to(actor).values("id")).values(
            "id"
        )
        return self.filter(id__in=WatchEntry.objects.filter(owned).values("id").union(seen))

    def on(self) -> "WatchEntryQuerySet":
        """Entries that have not left the list."""
        return self.filter(taken_off=None)


class WatchEntry(models.Model):
    """A matter on the watch list, put on and taken off by a meeting's decision. It changes no clock of the matter."""

    id = models.UUIDField(primary_key=True, default=new_id)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="watch_entries")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="watch_entries")
    post = models.CharField(max_length=60)
    why = models.TextField()
    next_measure = models.TextField()
    review_on = models.DateField()
    put_on_at = models.DateTimeField(default=clock.now)
    put_on = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="watch_entry")
    taken_off = models.OneToOneField(
        Decision, null=True, on_delete=models.PROTECT, related_name="watch_entry_ended"
    )
    taken_off_on = models.DateField(null=True)

    objects = WatchEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(taken_off=None), name="matter_once_on_watch_list"
            ),
            models.CheckConstraint(
                condition=Q(taken_off=None, taken_off_on=None)
                | Q(taken_off__isnull=False, taken_off_on__isnull=False),
                name="watch_left_by_decision",
            ),
        ]
        indexes = [
            models.Index(fields=["review_on"], condition=Q(taken_off=None), name="watch_review"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.unit_id}"


class WatchReview(models.Model):
    """One look at an entry: how it stands, the next measure, the next day of review."""

    id = models.UUIDField(primary_key=True, default=new_id)
    entry = models.ForeignKey(WatchEntry, on_delete=models.CASCADE, related_name="reviews")
    at = models.DateTimeField(default=clock.now)
    by_name = models.CharField(max_length=60)
    finding = models.TextField()
    next_measure = models.TextField()
    review_on = models.DateField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.at:%Y-%m-%d}"
