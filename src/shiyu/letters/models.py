"""Numbered letters (函) and leaders' instructions (批示)."""

from django.db import models

from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.people.models import Unit


class Letter(models.Model):
    """A numbered, addressed letter. Once issued it never changes; a wrong one is withdrawn by another."""

    class State(models.TextChoices):
        DRAFT = "draft"
        ISSUED = "issued"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=40)  # a letter of the pack
    year = models.PositiveIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    number_text = models.CharField(max_length=60, blank=True)  # X函〔2026〕3号
    title = models.CharField(max_length=200)
    body = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="letters")
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField(default=clock.now)
    issued_on = models.DateField(null=True)
    reply_by = models.DateField(null=True)
    withdrawn_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="withdraws")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "year", "number"], name="letter_number_once"),
        ]
        indexes = [models.Index(fields=["subject_id"], name="letter_subject")]

    def __str__(self) -> str:
        return self.title


class Recipient(models.Model):
    """A unit a letter is addressed to: receipt and reply."""

    id = models.UUIDField(primary_key=True, default=new_id)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="recipients")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="received_letters")
    received_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "unit"], name="one_recipient_per_unit")]

    def __str__(self) -> str:
        return f"{self.letter_id} → {self.unit_id}"


class Instruction(models.Model):
    """A leader's instruction (批示) on a task or matter: registered and followed up, never scored."""

    class State(models.TextChoices):
        OPEN = "open"
        REPLIED = "replied"

    id = models.UUIDField(primary_key=True, default=new_id)
    subject_type = models.CharField(max_length=60)  # plans.task or matters.matter
    subject_id = models.UUIDField()
    subject_title = models.CharField(max_length=200)
    leader_post = models.CharField(max_length=80)
    instructed_on = models.DateField()
    text = models.TextField(blank=True)  # or a scan, attached
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="instructions")
    reply_by = models.DateField(null=True)
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    registered_by_id = models.UUIDField()
    registered_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["subject_id"], name="instruction_subject"),
            models.Index(fields=["unit", "state"], name="instruction_unit"),
        ]

    def __str__(self) -> str:
        return self.subject_title
