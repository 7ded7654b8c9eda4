"""The text from above, and what the city made of it. An issued edition and all below it never change."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from shiyu.documents.models import Document
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.lib.search_field import Searched, SearchField
from shiyu.matters.models import Matter
from shiyu.meetings.models import Decision
from shiyu.people.models import Unit, User


class Guideline(models.Model):
    """A text from above that must be met."""

    class Level(models.TextChoices):
        NATIONAL = "national"
        PROVINCIAL = "provincial"
        CITY = "city"

    id = models.UUIDField(primary_key=True, default=new_id)
    # The pack's key for a seeded guideline ("national" in "national:1.1.1"); None for one that was imported.
    code = models.CharField(max_length=40, null=True, unique=True)
    title = models.CharField(max_length=200)
    level = models.CharField(max_length=12, choices=Level.choices)
    issuer = models.CharField(max_length=120, blank=True)
    document_number = models.CharField(max_length=60, blank=True)
    edition = models.CharField(max_length=40, blank=True)
    year = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True)
    source = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.title


class Clause(models.Model):
    """A numbered clause; `path` is its position for sorting ("0001.0003.0002")."""

    id = models.UUIDField(primary_key=True, default=new_id)
    guideline = models.ForeignKey(Guideline, on_delete=models.CASCADE, related_name="clauses")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")
    number = models.CharField(max_length=40)
    text = models.TextField()
    path = models.CharField(max_length=80)
    # A heading is no requirement of its own: it is not counted as untraced.
    is_requirement = models.BooleanField(default=True)

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["guideline", "path"], name="clause_place")]

    def __str__(self) -> str:
        return f"{self.number} {self.text[:20]}"


class Plan(models.Model):
    """The "1" (responsibility plan) or one of the "N" (sub-plans hanging on it)."""

    class Kind(models.TextChoices):
        RESPONSIBILITY = "responsibility"
        SUB_PLAN = "sub_plan"

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="sub_plans")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="plans")
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.title


class Edition(models.Model):
    """One edition of a plan: draft → consulting → approval → issued (→ superseded by the next one issued)."""

    class State(models.TextChoices):
        DRAFT = "draft"
        CONSULTING = "consulting"
        APPROVAL = "approval"
        ISSUED = "issued"

    id = models.UUIDField(primary_key=True, default=new_id)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    # What came back from the office's own document system.
    document_number = models.CharField(max_length=60, blank=True)
    signer = models.CharField(max_length=60, blank=True)  # by post
    issued_on = models.DateField(null=True)
    formal_document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    superseded_on = models.DateField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="edition_number"),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(state="issued", superseded_on=None), name="one_edition_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | (Q(issued_on__isnull=False) & ~Q(document_number="")),
                name="issued_has_number_and_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"

    @property
    def is_editable(self) -> bool:
        """Whether tasks may still change: before approval only."""
        return self.state in (self.State.DRAFT, self.State.CONSULTING)

    @property
    def is_in_force(self) -> bool:
        """Whether it is issued and no other has superseded it."""
        return self.state == self.State.ISSUED and self.superseded_on is None


class Block(models.Model):
    """A part of an edition (板块)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="blocks")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="block_code")]

    def __str__(self) -> str:
        return self.name


class Circumstance(models.Model):
    """A kind of circumstance of the negative list, with its definition."""

    id = models.UUIDField(primary_key=True, default=new_id)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="circumstances")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    definition = models.TextField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="circumstance_number")]

    def __str__(self) -> str:
        return self.name


class Task(Searched):
    """A task or sub-task of an edition. `key` is its lineage: the same task in the next edition has the same key."""

    class Target(models.TextChoices):
        NUMBER = "number"
        DATE = "date"
        KEPT = "kept"  # kept all year

    class Deadline(models.TextChoices):
        DATE = "date"
        ONGOING = "ongoing"
        RECURRING = "recurring"
        NONE = "none"

    id = models.UUIDField(primary_key=True, default=new_id)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="tasks")
    key = models.CharField(max_length=40)
    number = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    block = models.ForeignKey(Block, null=True, on_delete=models.PROTECT, related_name="tasks")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="sub_tasks")
    # The task of the "1" that a sub-plan's task carries out, by its key.
    serves_key = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=200)
    common = models.TextField(blank=True)  # what all its sub-tasks share
    measures = models.TextField(blank=True)
    # Empty where the text does not say it: nobody guesses.
    target_kind = models.CharField(max_length=8, choices=Target.choices, blank=True)
    target_value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    target_unit = models.CharField(max_length=20, blank=True)
    target_text = models.CharField(max_length=300, blank=True)
    deadline_kind = models.CharField(max_length=10, choices=Deadline.choices, default=Deadline.NONE)
    due_on = models.DateField(null=True)
    deadline_text = models.CharField(max_length=60, blank=True)
    every = models.CharField(max_length=12, blank=True)  # month, quarter, half_year, year
    lead_leader = models.CharField(max_length=80, blank=True)  # 牵头领导, by post
    groups = models.JSONField(default=list)  # codes of unit groups that stay visible as groups
    note = models.CharField(max_length=300, blank=True)
    search = SearchField("number", "title", "common", "measures", "target_text", "note")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="task_key")]
        indexes = [
            models.Index(fields=["key"], name="task_lineage"),
            GinIndex(fields=["search"], name="task_words"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class EditionText(models.Model):
    """What the document says around its tasks: preamble, headings, closing sections, as they were read.

    It stands before `task`; without one behind the last. `level` 1–4 is a heading, 0 plain text.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="texts")
    task = models.ForeignKey(Task, null=True, on_delete=models.SET_NULL, related_name="texts_before")
    position = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "position"], name="edition_text_place")]

    def __str__(self) -> str:
        return self.text[:20]


class TaskClause(models.Model):
    """The trace: a task meets a clause."""

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="clause_links")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="task_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "clause"], name="trace_once")]

    def __str__(self) -> str:
        return f"{self.task_id} → {self.clause_id}"


class Duty(models.Model):
    """A unit holding a task (or a meeting's decision) as lead or supporting, by a date: the responsibility list."""

    class Role(models.TextChoices):
        LEAD = "lead"
        SUPPORTING = "supporting"

    id = models.UUIDField(primary_key=True, default=new_id)
    task = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="duties")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="duties")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duties")
    role = models.CharField(max_length=10, choices=Role.choices)
    due_on = models.DateField(null=True)
    via_group = models.CharField(max_length=40, blank=True)  # the unit group it came from
    # Leads stand as the plan writes them, the first in charge first; supporting units have 0: protocol orders them.
    ordinal = models.PositiveSmallIntegerField(default=0)
    # Result as the office signed it off last; overdue is computed from due_on.
    done_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "unit"], condition=Q(task__isnull=False), name="one_duty_per_task_and_unit"
            ),
            models.UniqueConstraint(
                fields=["decision", "unit"], condition=Q(decision__isnull=False), name="one_duty_per_decision"
            ),
            models.CheckConstraint(
                condition=Q(task__isnull=False, decision=None) | Q(task=None, decision__isnull=False),
                name="duty_of_task_or_decision",
            ),
        ]
        indexes = [models.Index(fields=["unit", "role"], name="duty_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.role}"

    @property
    def is_in_force(self) -> bool:
        """Whether it holds today: of an edition in force, or of a meeting's decision. Reads the task and edition."""
        return self.task is None or self.task.edition.is_in_force


class DutyHolder(models.Model):
    """The office, and the person where the city goes that far, that carries a unit's duty, from–to."""

    id = models.UUIDField(primary_key=True, default=new_id)
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="holders")
    office = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="held_duties")
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="held_duties")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)  # of the handover

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty"], condition=Q(valid_to=None), name="one_holder_in_force")
        ]

    def __str__(self) -> str:
        return f"{self.duty_id}"


class DutyProblem(models.Model):
    """A problem opened against a duty."""

    id = models.BigAutoField(primary_key=True)
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="problem_links")
    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="duty_link")

    def __str__(self) -> str:
        return f"{self.duty_id} {self.matter_id}"
