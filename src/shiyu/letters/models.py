"""Numbered letters (函) and leaders' instructions (批示)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.lib.search_field import Searched, SearchField
from shiyu.people.models import Unit


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, actor: Actor) -> "LetterQuerySet":
        """Letters of the person's units and those addressed to them; every letter for who sees all matters."""
        if "matter.view_all" in actor.rights:
            return self
        units = actor.unit_ids
        received = Recipient.objects.filter(unit_id__in=units).values("letter_id")
        own = Letter.objects.filter(unit_id__in=units).values("id")
        return self.filter(id__in=own.union(received))


class Letter(Searched):
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
    occasion_id = models.UUIDField(null=True)  # the deed it goes with (a row of the subject's history)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField(default=clock.now)
    issued_on = models.DateField(null=True)
    reply_by = models.DateField(null=True)
    withdrawn_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="withdraws")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.TextField(blank=True)
    issued_by_id = models.UUIDField(null=True)
    issued_by_name = models.CharField(max_length=60, blank=True)
    search = SearchField("number_text", "title", "body")

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "year", "number"], name="letter_number_once"),
        ]
        indexes = [
            models.Index(fields=["subject_id"], name="letter_subject"),
            GinIndex(fields=["search"], name="letter_words"),
        ]

    def __str__(self) -> str:
        return self.title


class Recipient(models.Model):
    """A unit a letter is addressed to: receipt and reply."""

    id = models.UUIDField(primary_key=True, default=new_id)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="recipients")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="received_letters")
    # The letter as this unit gets it, where it says something only of this unit; else `Letter.body`.
    body = models.TextField(blank=True)
    received_at = models.DateTimeField(null=True)
    received_by_name = models.CharField(max_length=60, blank=True)
    replied_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True)
    replied_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["unit"], condition=models.Q(replied_at=None), name="recipient_open")]
        constraints = [models.UniqueConstraint(fields=["letter", "unit"], name="one_recipient_per_unit")]

    def __str__(self) -> str:
        return f"{self.letter_id} → {self.unit_id}"


class InstructionQuerySet(models.QuerySet["Instruction"]):
    def visible_to(self, actor: Actor) -> "InstructionQuerySet":
        """Instructions the person's units must answer or the person registered; all for who registers them."""
        if "instruction.register" in actor.rights or "matter.view_all" in actor.rights:
            return self
        return self.filter(models.Q(unit_id__in=actor.unit_ids) | models.Q(registered_by_id=actor.user_id))


class Instruction(Searched):
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
    registered_by_name = models.CharField(max_length=60, blank=True)
    registered_at = models.DateTimeField(default=clock.now)
    replied_by_name = models.CharField(max_length=60, blank=True)
    search = SearchField("subject_title", "leader_post", "text", "reply")

    objects = InstructionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_id"], name="instruction_subject"),
            models.Index(fields=["unit", "state"], name="instruction_unit"),
            GinIndex(fields=["search"], name="instruction_words"),
        ]

    def __str__(self) -> str:
        return self.subject_title


class Counter(models.Model):
    """Where a running number stands. Its row is locked until the transaction ends, so no number is lost or
    given twice."""

    id = models.UUIDField(primary_key=True, default=new_id)
    series = models.CharField(max_length=120, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series} {self.last}"
