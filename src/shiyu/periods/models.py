"""Months, quarters and years; what was so when one was locked."""

import json
from typing import Any

from django.db import models

from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.people.models import Unit


class Period(models.Model):
    """A month, quarter or year. `code` is 2026-10, 2026-Q4 or 2026; `due_on` is the day reports are due."""

    class Kind(models.TextChoices):
        MONTH = "month"
        QUARTER = "quarter"
        YEAR = "year"

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField(max_length=10, unique=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    due_on = models.DateField(null=True)
    # The revision in force; none while the period is open.
    locked_revision = models.OneToOneField(
        "Revision", null=True, on_delete=models.PROTECT, related_name="locks"
    )

    def __str__(self) -> str:
        return self.code

    @property
    def is_locked(self) -> bool:
        """Whether reports and figures of this period are closed."""
        return self.locked_revision_id is not None


class Revision(models.Model):
    """One locking of a period. Unlocking ends it with a reason; the next locking is a new revision."""

    id = models.UUIDField(primary_key=True, default=new_id)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    locked_at = models.DateTimeField(default=clock.now)
    locked_by_id = models.UUIDField()
    locked_by_name = models.CharField(max_length=60)
    unlocked_at = models.DateTimeField(null=True)
    unlocked_by_id = models.UUIDField(null=True)
    unlock_reason = models.TextField(blank=True)
    pack_version_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "number"], name="revision_number")]

    def __str__(self) -> str:
        return f"{self.period_id} r{self.number}"


class PlainJson(json.JSONEncoder):
    """Chinese as it stands: escaped, a locked month would be sent to the database at three times its length."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**{**how, "ensure_ascii": False})


class LockedRow(models.Model):
    """A row as it stood when the period was locked: duty, matter, report … with what lists need of it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="rows")
    subject_type = models.CharField(max_length=60)  # plans.task, plans.duty, matters.matter, plans.report …
    subject_id = models.UUIDField()
    position = models.PositiveIntegerField()
    data = models.JSONField(encoder=PlainJson)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "subject_type", "subject_id"], name="locked_row_once")
        ]
        indexes = [models.Index(fields=["revision", "subject_type", "position"], name="locked_row_order")]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"


class Figure(models.Model):
    """A measure's value for a unit (or all) in a revision. `value` is None where a rate has no base."""

    id = models.UUIDField(primary_key=True, default=new_id)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="figures")
    measure = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    rows: "models.ManyToManyField[LockedRow, FigureRow]" = models.ManyToManyField(
        LockedRow, through="FigureRow", related_name="figures"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "measure", "unit"], name="figure_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.value}"


class FigureRow(models.Model):
    """A locked row behind a figure: every number opens its rows."""

    id = models.BigAutoField(primary_key=True)
    figure = models.ForeignKey(Figure, on_delete=models.CASCADE)
    row = models.ForeignKey(LockedRow, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["figure", "row"], name="figure_row_once")]

    def __str__(self) -> str:
        return f"{self.figure_id} {self.row_id}"
