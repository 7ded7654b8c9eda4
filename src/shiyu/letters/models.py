"""Numbered letters (函) and leaders' instructions (批示)."""

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from shiyu.documents.models import Document
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.lib.search_field import Searched, SearchField
from shiyu.people.models import Post, Unit
from shiyu.people.queries import posts_held

BEFORE = ("draft", "approval")
"""States in which a letter is being written: only its own unit sees it, and it counts for nothing."""
OUT = ("issued", "withdrawn")
"""States of a letter that went out."""
LIVE = ("draft", "approval", "issued")
"""States in which a letter stands for its deed: another one would be a second."""


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, actor: Actor) -> "LetterQuerySet":
        """Letters of the person's units and, once issued, those addressed to them or circulated to a post of theirs;
        every issued letter that answers no other for who sees all matters: an answer is for who asked. A draft is its
        own unit's alone."""
        units = actor.unit_ids
        own = Letter.objects.filter(unit_id__in=units).values("id")
        out = Letter.objects.filter(state__in=OUT)
        received = out.filter(recipients__unit_id__in=units).values("id")
        if "matter.view_all" in actor.rights:
            received = received.union(out.filter(answers=None).values("id"))
        if actor.user_id is None:
            return self.filter(id__in=own.union(received))
        held = Circulation.objects.filter(post_id__in=posts_held(actor.user_id))
        circulated = out.filter(recipients__circulations__in=held).values("id")
        return self.filter(id__in=own.union(received, circulated))

    def out(self) -> "LetterQuerySet":
        """Letters that went out, whether in force or withdrawn."""
        return self.filter(state__in=OUT)


class Letter(Searched):
    """A numbered, addressed letter. Once issued it never changes; a wrong one is withdrawn by another."""

    class State(models.TextChoices):
        DRAFT = "draft"
        APPROVAL = "approval"  # out in the office's own document system
        ISSUED = "issued"
        WITHDRAWN = "withdrawn"
        DROPPED = "dropped"  # a draft nobody will issue; kept, without a number

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=40)  # a letter of the pack
    year = models.PositiveIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    number_text = models.CharField(max_length=60, blank=True)  # X函〔2026〕3号
    title = models.CharField(max_length=200)
    body = models.TextField()
    contact = models.CharField(max_length=120, blank=True)  # the writing office's, never a reporter's
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="letters")
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True)
    occasion_id = models.UUIDField(null=True)  # the deed it goes with (a row of the subject's history)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField(default=clock.now)
    drafted_by_id = models.UUIDField(null=True)
    drafted_by_name = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True)
    reply_by = models.DateField(null=True)
    signer = models.CharField(max_length=60, blank=True)  # by post
    formal_document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    doubts = models.JSONField(default=list)  # codes of kernel.addressing, answered by `despite`
    despite = models.TextField(blank=True)
    answers = models.ForeignKey(
        "Recipient", null=True, on_delete=models.PROTECT, related_name="answering_letters"
    )
    withdraws = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="withdrawals")
    withdrawn_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.TextField(
        blank=True
    )  # of the letter that withdraws; of the withdrawn once it is out
    issued_by_id = models.UUIDField(null=True)
    issued_by_name = models.CharField(max_length=60, blank=True)
    search = SearchField("number_text", "title", "body")

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "year", "number"], name="letter_number_once"),
            models.UniqueConstraint(
                fields=["occasion_id"], condition=models.Q(state__in=LIVE), name="one_letter_per_deed"
            ),
            models.UniqueConstraint(
                fields=["withdraws"], condition=models.Q(state__in=LIVE), name="withdrawn_by_one_letter"
            ),
            models.UniqueConstraint(
                fields=["answers"], condition=models.Q(state__in=BEFORE), name="one_answer_drafted_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id"], name="letter_subject"),
            models.Index(fields=["unit"], condition=models.Q(state__in=BEFORE), name="letter_unissued"),
            models.Index(fields=["issued_on"], name="letter_issued_on"),
            GinIndex(fields=["search"], name="letter_words"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_out(self) -> bool:
        """Whether it went out; from then on nothing in it changes."""
        return self.state in OUT

    @property
    def owing(self) -> date | None:
        """The first day by which a reply is still owed; reads `recipients`, which a list prefetches."""
        if self.state != self.State.ISSUED:
            return None
        days = [row.reply_by for row in self.recipients.all() if not row.is_copy and row.replied_at is None]
        return min((day for day in days if day), default=None)

    @property
    def is_overdue(self) -> bool:
        """Whether a reply is owed since a day that has passed."""
        return self.owing is not None and self.owing < clock.today()


class Recipient(models.Model):
    """A unit a letter is addressed to (or copied to): receipt, and the reply it owes.

    `replied_at` is the day of the reply that stands; one sent back for a better reply empties it again. Every
    reply, also those sent back, is a row of Reply.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="recipients")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="received_letters")
    is_copy = models.BooleanField(default=False)  # 抄送: to be received, not to be answered
    # The letter as this unit gets it, where it says something only of this unit; else `Letter.body`.
    body = models.TextField(blank=True)
    received_at = models.DateTimeField(null=True)
    received_by_name = models.CharField(max_length=60, blank=True)
    reply_by = models.DateField(null=True)  # the letter's day, or a later one given with a reply sent back
    replied_at = models.DateTimeField(null=True)
    replied_by_name = models.CharField(max_length=60, blank=True)
    urged_at = models.DateTimeField(null=True)
    urged_times = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["unit"], condition=models.Q(replied_at=None), name="recipient_open")]
        constraints = [models.UniqueConstraint(fields=["letter", "unit"], name="one_recipient_per_unit")]

    def __str__(self) -> str:
        return f"{self.letter_id} → {self.unit_id}"

    @property
    def reply(self) -> str:
        """The text of the newest reply, or nothing; reads `replies`, which a list prefetches."""
        newest = max(self.replies.all(), key=lambda reply: (reply.replied_at, reply.pk), default=None)
        return newest.text if newest else ""


class Reply(models.Model):
    """One reply of a recipient, with its files (Attachment); the unit that asked accepts it or sends it back."""

    class Verdict(models.TextChoices):
        NONE = ""
        ACCEPTED = "accepted"
        SENT_BACK = "sent_back"

    id = models.UUIDField(primary_key=True, default=new_id)
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="replies")
    text = models.TextField()
    replied_at = models.DateTimeField(default=clock.now)
    replied_by_name = models.CharField(max_length=60, blank=True)
    reply_by = models.DateField(null=True)  # the day it was due, kept as it stood
    letter = models.ForeignKey(Letter, null=True, on_delete=models.PROTECT, related_name="+")  # 复函
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    verdict_reason = models.TextField(blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["recipient", "replied_at"], name="reply_recipient")]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.replied_at}"


class Circulation(models.Model):
    """A received letter shown to a post of the recipient's own unit (传阅); its holder ticks it as read (圈阅)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="circulations")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="circulated_letters")
    sent_at = models.DateTimeField(default=clock.now)
    sent_by_name = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True)
    read_by_name = models.CharField(max_length=60, blank=True)
    word = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "post"], name="circulated_once")]
        indexes = [models.Index(fields=["post"], condition=models.Q(read_at=None), name="circulation_unread")]

    def __str__(self) -> str:
        return f"{self.recipient_id} → {self.post_id}"


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
