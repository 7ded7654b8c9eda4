"""Where a matter leads beside its own stays: other places, other matters, its grades, disputes over competence, and
the follow-ups after its end."""

from django.db import models
from django.db.models import Q

from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.matters.models.matter import Matter
from shiyu.people.models import Unit
from shiyu.places.models import Area


class MatterArea(models.Model):
    """A place beside the lead one (`Matter.area`) in which a matter lies: it concerns several, one leads (YX13)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="further_areas")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "area"], name="one_row_per_further_area")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.area_id}"


class MatterLink(models.Model):
    """Two matters that belong together. `second` was split off, merged into, or asked for as a review of `first`; for
    `related` the order means nothing."""

    class Sort(models.TextChoices):
        RELATED = "related"
        SPLIT = "split"
        MERGED = "merged"
        REVIEW = "review"

    id = models.UUIDField(primary_key=True, default=new_id)
    first = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="links_out")
    second = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="links_in")
    sort = models.CharField(max_length=10, choices=Sort.choices)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)
    by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second", "sort"], name="one_link_of_a_sort"),
            models.CheckConstraint(condition=~Q(first=models.F("second")), name="link_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.sort} {self.second_id}"


class GradeSet(models.Model):
    """A grade a matter was given: by the pack's table, with points and reasons, or by hand with a reason."""

    id = models.UUIDField(primary_key=True, default=new_id)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="grades")
    grade = models.CharField(max_length=60)
    points = models.PositiveSmallIntegerField(null=True)
    # Of the table: [{"factor", "zh", "en", "points"}], the words as they were then.
    reasons = models.JSONField(default=list)
    by_hand = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    by_name = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["matter", "at"], name="grade_matter")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.grade}"


class CompetenceDispute(models.Model):
    """A unit says that another is competent; the sender states its side; the unit above both decides (LZ11). Where it
    is silent until `decide_by`, the unit above it decides, from `lifted_at` with a limit of its own."""

    id = models.UUIDField(primary_key=True, default=new_id)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="disputes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    asked_at = models.DateTimeField(default=clock.now)
    decide_by = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    other_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    other_reason = models.TextField(blank=True)
    arbiter = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="disputes_to_decide")
    lead = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    decision = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(decided_at=None), name="one_open_dispute_per_matter"
            )
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.unit_id}"


class FollowUp(models.Model):
    """The reporter is asked after the end: due by the pack's rule, made with its result, or declined."""

    id = models.UUIDField(primary_key=True, default=new_id)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="follow_ups")
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)
    by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="follow_up_due"),
            models.Index(fields=["matter", "due_at"], name="follow_up_matter"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.due_at}"
