"""Who reported a matter: sealed under the matter's own data key, opened with a reason, gone when the key is gone."""

from collections.abc import Mapping

from django.db import models
from django.db.models import Q

from shiyu.kernel.personal import Personal
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.lib.vault import the_vault
from shiyu.matters.models.matter import Matter


class Destruction(models.Model):
    """A report: the data keys destroyed in one run, of one kind, because the time its pack gives was over."""

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField(default=clock.now)
    kind = models.CharField(max_length=30)
    keep_days = models.PositiveIntegerField()  # after closing, calendar days
    closed_before = models.DateTimeField()
    matters = models.PositiveIntegerField()
    parties = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


class MatterKey(models.Model):
    """The data key of one matter, wrapped by a sealing key from the settings. Empty once it is destroyed: then all
    that was sealed under it cannot be read again, here or in a backup's copy of the sealed rows."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.CASCADE, related_name="data_key")
    wrapped = models.CharField(max_length=200, blank=True)
    sealed_by = models.CharField(max_length=40, blank=True)  # the sealing key's name, for their change
    made_at = models.DateTimeField(default=clock.now)
    destroyed_at = models.DateTimeField(null=True)
    destruction = models.ForeignKey(
        Destruction, null=True, on_delete=models.PROTECT, related_name="destroyed_keys"
    )

    class Meta:
        indexes = [models.Index(fields=["sealed_by"], condition=~Q(wrapped=""), name="matter_key_sealed_by")]
        constraints = [
            models.CheckConstraint(
                condition=Q(destroyed_at=None) & ~Q(wrapped="") | Q(destroyed_at__isnull=False, wrapped=""),
                name="matter_key_destroyed_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.matter_id}"

    @property
    def about(self) -> str:
        """What the key is bound to: it opens nothing for another matter."""
        return f"matter/{self.matter_id}"

    def seal(self, party: "Party", part: Personal, text: str) -> bytes:
        """A reporter's text, sealed for its place."""
        return the_vault().seal(self.wrapped, text, self.about, f"{party.pk}/{part.value}")

    def seal_all(self, party: "Party", texts: Mapping[Personal, str]) -> dict[Personal, bytes]:
        """A reporter's texts, each sealed for its place."""
        fields = {f"{party.pk}/{part.value}": text for part, text in texts.items()}
        sealed = the_vault().seal_all(self.wrapped, fields, self.about)
        return {part: sealed[f"{party.pk}/{part.value}"] for part in texts}

    def open(self, party: "Party", part: Personal) -> str | None:
        """A reporter's text again; None where none was given. Raises Unopenable once the key is destroyed."""
        sealed = getattr(party, part.value)
        if sealed is None:
            return None
        return the_vault().open(self.wrapped, sealed, self.about, f"{party.pk}/{part.value}")

    def seal_text(self, code: str, text: str) -> bytes:
        """A text of the matter itself, sealed for its place."""
        return the_vault().seal(self.wrapped, text, self.about, f"text/{code}")

    def open_text(self, row: "SealedText") -> str:
        """A sealed text again. Raises Unopenable once the key is destroyed."""
        return the_vault().open(self.wrapped, bytes(row.sealed), self.about, f"text/{row.code}")


class SealedText(models.Model):
    """A personal text of a matter: a field its form marks so by its code, `_title` and `_text` of a whole account."""

    id = models.UUIDField(primary_key=True, default=new_id)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="sealed_texts")
    code = models.CharField(max_length=61)
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "code"], name="one_sealed_text_per_code")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.code}"


class Party(models.Model):
    """A person who reported a matter, named or anonymous. What they gave is sealed; the number is found again by its
    keyed hash; their PIN is kept as a slow hash. After the key's end the row stays, empty: that somebody reported."""

    id = models.UUIDField(primary_key=True, default=new_id)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="parties")
    anonymous = models.BooleanField(default=False)
    name = models.BinaryField(null=True)
    phone = models.BinaryField(null=True)
    address = models.BinaryField(null=True)
    phone_trace = models.CharField(max_length=64, blank=True)
    pin_hash = models.CharField(max_length=128)
    filed_at = models.DateTimeField(default=clock.now)
    # The same person in the matter this one was split from or is a review of.
    came_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="went_to")
    # Set: not a reporter but who acts for one (代办人), and how they stand to them (kernel.personal.RELATIONS).
    acts_for = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="acted_by")
    relation = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["filed_at", "id"]
        indexes = [models.Index(fields=["phone_trace"], condition=~Q(phone_trace=""), name="party_phone")]
        constraints = [
            models.CheckConstraint(
                condition=Q(anonymous=False) | Q(name=None, phone=None, address=None, phone_trace=""),
                name="party_anonymous_has_nothing",
            ),
            models.CheckConstraint(
                condition=Q(acts_for=None, relation="") | Q(acts_for__isnull=False) & ~Q(relation=""),
                name="party_acting_has_relation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.pk}"


class PhoneTrace(models.Model):
    """The keyed hash of the number of somebody in a matter who did not report it (the other side of a mediation), so that
    they are found by their number as well; gone with the matter's key. `about_id` is the later package's row that
    holds the number, sealed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="phone_traces")
    about_id = models.UUIDField()
    trace = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["trace"], name="phone_trace")]
        constraints = [models.UniqueConstraint(fields=["about_id"], name="one_phone_trace_per_row")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.about_id}"


class PartyOpening(models.Model):
    """Somebody read the whole of what a matter's reporters gave, and why."""

    id = models.UUIDField(primary_key=True, default=new_id)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="openings")
    at = models.DateTimeField(default=clock.now)
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=60)
    unit_id = models.UUIDField(null=True)
    reason = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["matter", "at"], name="opening_matter")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.by_name}"


class PinTry(models.Model):
    """A wrong code or PIN on the public page. The code stands as its keyed hash: people type all sorts of things."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code_trace = models.CharField(max_length=64)
    address = models.CharField(max_length=60)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["code_trace", "at"], name="pin_try_code"),
            models.Index(fields=["address", "at"], name="pin_try_address"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.at}"
