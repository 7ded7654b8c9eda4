"""Meeting packs made from locked periods."""

from django.db import models

from shiyu.documents.models import Document
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.periods.models import Revision


class MeetingPack(models.Model):
    """The month's meeting pack: the same locked revision always gives the same bytes (`sha256`)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="meeting_pack")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    characters = models.PositiveIntegerField()  # of the circular, against the limit of 4,000
    made_at = models.DateTimeField(default=clock.now)
    made_by_id = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.revision_id}"
