"""Progress: one report a unit and period, one entry a duty."""

from django.db import models
from django.db.models import Q

from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.people.models import Unit
from shiyu.periods.models import Period
from shiyu.plans.models.plan import Duty


class Report(models.Model):
    """A unit's report for a period: filling → in_review (leader in charge) → submitted → signed_off | returned."""

    class State(models.TextChoices):
        FILLING = "filling"
        IN_REVIEW = "in_review"
        SUBMITTED = "submitted"
        RETURNED = "returned"
        SIGNED_OFF = "signed_off"

    id = models.UUIDField(primary_key=True, default=new_id)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports")
    state = models.CharField(max_length=12, choices=State.choices, default=State.FILLING)
    filled_by = models.CharField(max_length=60, blank=True)  # 填报人
    filled_by_id = models.UUIDField(null=True)
    reviewed_by = models.CharField(max_length=60, blank=True)  # 审核人
    reviewed_by_id = models.UUIDField(null=True)
    first_submitted_at = models.DateTimeField(null=True)  # 报送日期; late is decided by this one
    submitted_at = models.DateTimeField(null=True)
    signed_off_at = models.DateTimeField(null=True)
    signed_off_by_id = models.UUIDField(null=True)
    return_reason = models.TextField(blank=True)
    opened_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "unit"], name="one_report_per_unit_and_period"),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""), name="returned_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="report_unit")]

    def __str__(self) -> str:
        return f"{self.period_id} {self.unit_id}"


class ReportEntry(models.Model):
    """Progress on one duty in one period."""

    class Status(models.TextChoices):
        NOT_STARTED = "not_started"
        ON_TRACK = "on_track"
        BEHIND = "behind"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="entries")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="entries")
    office = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=Status.choices, blank=True)
    progress = models.TextField(blank=True)  # 本月进展
    total = models.TextField(blank=True)  # 累计完成情况
    value = models.DecimalField(
        max_digits=14, decimal_places=2, null=True
    )  # so far, where the target is a number
    issues = models.TextField(blank=True)  # 存在问题
    next_steps = models.TextField(blank=True)  # 下步措施
    coordination = models.TextField(blank=True)  # 需协调事项
    fields = models.JSONField(default=dict)  # what the pack's cycle asks beside, by its field's code
    no_change = models.BooleanField(default=False)
    is_filled = models.BooleanField(default=False)
    merged_at = models.DateTimeField(null=True)  # the lead took in the supporting units' texts
    # What was taken in: supporting entry's id → field → the block of text as it was put here.
    taken_in = models.JSONField(default=dict)
    # An edition issued in the middle of the month added this line to the open report, or took its duty away.
    joined_on = models.DateField(null=True)
    dropped_on = models.DateField(null=True)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "duty"], name="one_entry_per_duty"),
            models.CheckConstraint(
                condition=Q(is_filled=False) | Q(no_change=True) | (~Q(progress="") & ~Q(status="")),
                name="filled_has_progress",
            ),
        ]
        indexes = [models.Index(fields=["duty"], name="entry_duty")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.duty_id}"


class OfficeLink(models.Model):
    """A link by which an office (科室) fills its part of its unit's report; only a hash of it is kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="office_links")
    office = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_by_id = models.UUIDField()
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.report_id} {self.office_id}"
