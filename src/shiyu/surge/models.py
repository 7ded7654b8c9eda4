"""Emergency response: what it covers, the decisions it stands on, its matters, days and orders."""

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Q

from shiyu.documents.models import Document
from shiyu.kernel.actor import Actor
from shiyu.kernel.limits import end_of, local_day
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.matters.models import Matter
from shiyu.people.models import Unit
from shiyu.places.models import Area


class SurgeQuerySet(models.QuerySet["Surge"]):
    def visible_to(self, actor: Actor) -> "SurgeQuerySet":
        """Those the person may see: all with `surge.view`, else those that concern them."""
        return self if "surge.view" in actor.rights else self.concerning(actor)

    def concerning(self, actor: Actor) -> "SurgeQuerySet":
        """Those of the places the person's units lie in or above, and those in which their units have an order."""
        if not actor.unit_ids:
            return self.none()
        here = Q(pk__in=[])
        for path in actor.area_paths:
            here |= Q(path__startswith=path)
            here |= Q(path__in=[path[: at + 1] for at, letter in enumerate(path) if letter == "/"])
        places = SurgeArea.objects.filter(here).values("surge_id")
        ordered = SurgeOrder.objects.filter(unit_id__in=actor.unit_ids).values("surge_id")
        return self.filter(pk__in=places.union(ordered))

    def running(self, now: datetime) -> "SurgeQuerySet":
        """Not ended, and their last day not over: their limits apply."""
        return self.filter(ended_at=None, ends_on__gte=local_day(now))


class Surge(models.Model):
    """One emergency response, or one exercise of it. Opened, extended and ended by decision; closed by its review.

    Whether it runs is never stored: it does until it is ended or its last day is over, whichever comes first.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    title = models.CharField(max_length=120)
    occasion = models.CharField(max_length=30)  # kernel.surge.Occasion
    reason = models.TextField()
    kinds = models.JSONField(default=list)  # codes of kinds in the scope
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="surges")
    drill = models.BooleanField(default=False)
    pack_version_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField(default=clock.now)
    ends_on = models.DateField()
    takes_from = models.DateField(null=True)  # matters received earlier stay out; None: the day it was opened
    ended_at = models.DateTimeField(null=True)
    happened = models.TextField(blank=True)  # of the review: what happened
    improve = models.TextField(blank=True)  # and what to do better
    closed_at = models.DateTimeField(null=True)

    objects = SurgeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["ends_on"], condition=Q(ended_at=None), name="surge_running")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | (Q(ended_at__isnull=False) & ~Q(happened="") & ~Q(improve="")),
                name="surge_closed_has_review",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="surge_has_reason"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def stops_at(self) -> datetime:
        """When its limits stop or stopped applying."""
        return self.ended_at or end_of(self.ends_on)

    @property
    def takes_since(self) -> datetime:
        """The first moment at which a matter can have been received that it takes in."""
        return end_of(self.takes_since_day - timedelta(days=1))

    @property
    def takes_since_day(self) -> date:
        """The day from which matters that were open already are taken in."""
        return self.takes_from or local_day(self.opened_at)

    def is_running(self, now: datetime) -> bool:
        """Whether its limits apply."""
        return self.ended_at is None and now <= end_of(self.ends_on)

    def state(self, now: datetime) -> str:
        """running, expired (its last day is over and nobody ended it), ended (its review is missing) or closed."""
        if self.closed_at is not None:
            return "closed"
        if self.ended_at is not None:
            return "ended"
        return "running" if self.is_running(now) else "expired"

    def day_number(self, moment: datetime) -> int:
        """第 n 日: the day it was opened is the first."""
        return (local_day(moment) - local_day(self.opened_at)).days + 1


class SurgeArea(models.Model):
    """A place it covers, with everything below. `path` is the place's own, as it was when it was opened."""

    id = models.UUIDField(primary_key=True, default=new_id)
    surge = models.ForeignKey(Surge, on_delete=models.CASCADE, related_name="areas")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["surge", "area"], name="one_row_per_surge_area")]
        indexes = [models.Index(fields=["path"], name="surge_area_path", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return f"{self.surge_id} {self.path}"


class SurgeDecision(models.Model):
    """A decision it stands on: by which post, under which number, on which day. Never changed."""

    class Sort(models.TextChoices):
        OPEN = "open"
        EXTEND = "extend"
        END = "end"

    id = models.UUIDField(primary_key=True, default=new_id)
    surge = models.ForeignKey(Surge, on_delete=models.CASCADE, related_name="decisions")
    sort = models.CharField(max_length=10, choices=Sort.choices)
    decided_by = models.CharField(max_length=80)  # by post
    document_number = models.CharField(max_length=60)
    decided_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.TextField()
    at = models.DateTimeField(default=clock.now)
    by_name = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.sort} {self.document_number}"


class SurgeMatter(models.Model):
    """A matter in the scope with its own limits, beside those it has anyway. Its own clock is in `Matter` and is not
    touched from here."""

    id = models.UUIDField(primary_key=True, default=new_id)
    surge = models.ForeignKey(Surge, on_delete=models.CASCADE, related_name="matters")
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="surges")
    found = models.BooleanField(default=False)  # it was open already when the response was opened
    entered_at = models.DateTimeField(default=clock.now)
    first_due_at = models.DateTimeField()
    handle_due_at = models.DateTimeField()
    left_at = models.DateTimeField(
        null=True
    )  # taken out by hand; the response's limits apply to it no longer
    left_reason = models.TextField(blank=True)
    left_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["surge", "matter"], name="once_in_a_surge"),
            models.CheckConstraint(
                condition=Q(left_at=None) | ~Q(left_reason=""), name="left_a_surge_with_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["surge", "entered_at"], name="surge_matter_entered")]

    def __str__(self) -> str:
        return f"{self.surge_id} {self.matter_id}"


class SurgeDay(models.Model):
    """The signed review of a day: its rows and figures as they were then, who sat there (units only), the assessment;
    and the bulletin made from it. Never changed once signed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    surge = models.ForeignKey(Surge, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    assessment = models.TextField()
    rows = models.JSONField(default=list)  # queries.days.Line, one a matter
    orders = models.JSONField(default=list)
    present = models.JSONField(default=list)  # names of units, by protocol
    signed_at = models.DateTimeField(default=clock.now)
    signed_by_name = models.CharField(max_length=120)
    bulletin_number = models.CharField(max_length=60, blank=True)
    bulletin = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    bulletin_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["surge", "day"], name="one_review_a_day")]

    def __str__(self) -> str:
        return f"{self.surge_id} {self.day}"


class SurgeOrder(models.Model):
    """What a unit is told to do by when: an order of the day, or a measure its review decided on."""

    class Sort(models.TextChoices):
        ORDER = "order"
        MEASURE = "measure"

    id = models.UUIDField(primary_key=True, default=new_id)
    surge = models.ForeignKey(Surge, on_delete=models.CASCADE, related_name="orders")
    sort = models.CharField(max_length=10, choices=Sort.choices, default=Sort.ORDER)
    number = models.PositiveIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="surge_orders")
    text = models.TextField()
    due_at = models.DateTimeField()
    issued_at = models.DateTimeField(default=clock.now)
    by_name = models.CharField(max_length=120)
    received_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["surge", "number"], name="order_number_in_surge"),
            models.CheckConstraint(condition=Q(done_at=None) | ~Q(result=""), name="order_done_has_result"),
        ]
        indexes = [models.Index(fields=["unit"], condition=Q(done_at=None), name="surge_order_open")]

    def __str__(self) -> str:
        return f"{self.surge_id} {self.number}"
