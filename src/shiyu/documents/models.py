"""Files stored once, the documents they are, where they are attached, and the boxes they are filed in."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.lib.search_field import Searched, SearchField


class File(models.Model):
    """Bytes, stored once under their SHA-256."""

    id = models.UUIDField(primary_key=True, default=new_id)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()  # bytes
    media_type = models.CharField(max_length=100)
    suffix = models.CharField(max_length=12, blank=True)
    storage_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.sha256[:12]


class Box(Searched):
    """An archive box: class, number, name; its label's code opens its content."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=12, unique=True)
    class_code = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=80, blank=True)
    unit_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    search = SearchField("code", "class_code", "name", "place")

    class Meta:
        ordering = ["class_code", "year", "number"]
        indexes = [GinIndex(fields=["search"], name="box_words")]
        constraints = [models.UniqueConstraint(fields=["class_code", "year", "number"], name="box_number")]

    def __str__(self) -> str:
        return f"{self.class_code}-{self.year}-{self.number} {self.name}"


class Document(Searched):
    """A filed thing: proof, scan, formal file … either a file or a link."""

    class Kind(models.TextChoices):
        PROOF = "proof"
        SCAN = "scan"
        FORMAL = "formal"
        MINUTES = "minutes"
        PACKAGE = "package"
        SOURCE = "source"

    id = models.UUIDField(primary_key=True, default=new_id)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    file = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="documents")
    link = models.URLField(max_length=500, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    on_date = models.DateField(null=True)
    unit_id = models.UUIDField(null=True)  # who it belongs to
    uploaded_by_id = models.UUIDField()
    uploaded_by_name = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=clock.now)
    box = models.ForeignKey(Box, null=True, on_delete=models.PROTECT, related_name="documents")
    position = models.PositiveIntegerField(null=True)
    search = SearchField("title", "file_name")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(file__isnull=False, link="") | (models.Q(file=None) & ~models.Q(link="")),
                name="document_is_file_or_link",
            ),
            models.UniqueConstraint(fields=["box", "position"], name="place_in_box"),
        ]
        indexes = [
            models.Index(fields=["unit_id", "-created_at"], name="document_unit"),
            GinIndex(fields=["search"], name="document_words"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def archive_number(self) -> str:
        """The archive number (档号): class-year-box-place; empty while not filed."""
        if self.box is None:
            return ""
        return f"{self.box.class_code}-{self.box.year}-{self.box.number:03d}-{self.position:03d}"


class Attachment(models.Model):
    """A document attached to something: a duty's report entry, a matter, an instruction …"""

    id = models.UUIDField(primary_key=True, default=new_id)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="attachments")
    subject_type = models.CharField(max_length=60)  # "plans.reportentry", "matters.matter" …
    subject_id = models.UUIDField()
    label = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "subject_type", "subject_id"], name="attached_once")
        ]
        indexes = [models.Index(fields=["subject_id"], name="attachment_subject")]

    def __str__(self) -> str:
        return f"{self.document_id} @ {self.subject_type}"
