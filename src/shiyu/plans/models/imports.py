"""A document being read: what the reader found, what a person corrected, until it is taken over."""

from django.db import models

from shiyu.documents.models import Document
from shiyu.lib import clock
from shiyu.lib.ids import new_id


class PlanImport(models.Model):
    """`result` is the reader's JSON (items, context, doubts, paragraphs); `edits` the corrections, in order, for undo."""

    class State(models.TextChoices):
        OPEN = "open"
        TAKEN = "taken"
        DISCARDED = "discarded"

    id = models.UUIDField(primary_key=True, default=new_id)
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200)
    source = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    result = models.JSONField()
    edits = models.JSONField(default=list)
    seconds = models.FloatField(default=0)  # how long reading took
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    unit_id = models.UUIDField(null=True)
    created_by_id = models.UUIDField()
    created_at = models.DateTimeField(default=clock.now)
    taken_at = models.DateTimeField(null=True)
    # What it became.
    guideline_id = models.UUIDField(null=True)
    edition_id = models.UUIDField(null=True)

    def __str__(self) -> str:
        return self.title
