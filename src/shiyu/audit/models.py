"""Who did what, when; the seals over it; keys of repeated requests; imports; long jobs."""

from django.db import models

from shiyu.lib import clock
from shiyu.lib.ids import new_id


class AuditEntry(models.Model):
    """One action by one person. Inserted by the action itself, never changed.

    `changes` holds field names with their new values, or the word "changed" for personal fields. `mac` is a keyed
    hash over the row, so that a row inserted behind the application's back shows. No foreign key points here
    and only the id is unique, so that the table can be partitioned when a measurement asks for it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField(default=clock.now)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=120)
    unit_id = models.UUIDField(null=True)
    action = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField(null=True)
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    mac = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "at"], name="audit_subject"),
            models.Index(fields=["actor_id", "at"], name="audit_actor"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"

    @property
    def change_rows(self) -> list[tuple[str, object]]:
        """What changed, for templates: `changes.items` there would find a change that is called "items"."""
        return list(self.changes.items())


class AuditSeal(models.Model):
    """Order and proof: seal n is a keyed hash over entry n and seal n-1. The key is outside the database."""

    number = models.BigIntegerField(primary_key=True)  # given by the sealer without gaps
    entry_id = models.UUIDField()
    entry_hash = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["entry_id"], name="seal_entry")]

    def __str__(self) -> str:
        return f"{self.number} {self.entry_id}"


class IdempotencyKey(models.Model):
    """A request sent twice has one effect: inserted in the action's own transaction.

    `status` and `result` say how the first one was answered (HTTP status, address of a redirect); written after it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    actor_id = models.UUIDField()
    key = models.CharField(max_length=80)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    result = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="idempotency_created")]
        constraints = [models.UniqueConstraint(fields=["actor_id", "key"], name="one_effect_per_key")]

    def __str__(self) -> str:
        return self.key


class JobRun(models.Model):
    """One run of background work: who asked (nobody: it was due), how far it is, what came of it, the error in words.

    `slot` is the moment a periodic job was due; unique with its kind, so that however often and wherever workers
    start, each slot is run once.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200, blank=True)
    slot = models.DateTimeField(null=True)
    asked_by_id = models.UUIDField(null=True)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slot"], condition=models.Q(slot__isnull=False), name="one_run_per_slot"
            )
        ]
        indexes = [
            models.Index(fields=["kind", "-created_at"], name="job_kind"),
            models.Index(fields=["asked_by_id", "-created_at"], name="job_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def share(self) -> float:
        """How far it is, from 0 to 1."""
        if self.state == self.State.DONE:
            return 1.0
        return min(1.0, self.done / self.total) if self.total else 0.0
