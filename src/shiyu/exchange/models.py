"""What other systems hold and are told: tokens, answers kept for repeated requests, subscriptions and deliveries."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.lib.vault import the_vault
from shiyu.people.models import User


class Scope(models.TextChoices):
    """What a token may be used for. A scope only narrows: the rights are those of the account's posts."""

    MATTERS_READ = "matters:read", _("Read matters, assignments and steps")
    MATTERS_FILE = "matters:file", _("File matters")
    MATTERS_ACT = "matters:act", _("Act on matters")
    FILES_READ = "files:read", _("Download files of matters")
    FILES_WRITE = "files:write", _("Add proof to matters")
    LETTERS_READ = "letters:read", _("Read letters")
    LISTS_READ = "lists:read", _("Read the three lists")
    UNITS_READ = "units:read", _("Read units and areas")


class Token(models.Model):
    """A key to the HTTP API, of a person's own account or of a system's. Only its keyed hash is kept (`trace`); `hint`
    is how people tell one from another."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    hint = models.CharField(max_length=12)
    trace = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    last_address = models.CharField(max_length=60, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-made_at"], name="token_user")]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    def is_live(self, now: datetime) -> bool:
        """Whether it opens anything: neither revoked nor past its day."""
        return self.revoked_at is None and now < self.expires_at

    @property
    def state(self) -> str:
        """revoked, expired or live, now."""
        if self.revoked_at is not None:
            return "revoked"
        return "live" if self.is_live(clock.now()) else "expired"

    @property
    def scope_labels(self) -> list[str]:
        """Its scopes in words."""
        return [str(Scope(code).label) for code in self.scopes if code in Scope.values]


class TokenTry(models.Model):
    """A token that nobody ever had, and from where. The token itself is not kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    address = models.CharField(max_length=60)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="token_try_address")]

    def __str__(self) -> str:
        return f"{self.address} {self.at}"


class KeptAnswer(models.Model):
    """How a request with an `Idempotency-Key` was answered, for its repetitions; its id is the key's row. Sealed,
    because the answer to a filing holds its reporter's PIN."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField(default=clock.now)
    status = models.PositiveSmallIntegerField()
    location = models.CharField(max_length=200, blank=True)
    wrapped = models.CharField(max_length=200)
    body = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="kept_answer_at")]

    def __str__(self) -> str:
        return f"{self.id} {self.status}"

    def keep(self, text: str) -> None:
        """Seals the body for this row."""
        self.wrapped = the_vault().new_key(self.about)
        self.body = the_vault().seal(self.wrapped, text, self.about, "body")

    def text(self) -> str:
        """The body again. Raises Unopenable once its sealing key is gone."""
        return the_vault().open(self.wrapped, bytes(self.body), self.about, "body")

    @property
    def about(self) -> str:
        """What its key is bound to."""
        return f"answer/{self.pk}"


class Event(models.TextChoices):
    """What a subscription may be told of: a closed list."""

    MATTER_FILED = "matter.filed", _("A matter was filed")
    MATTER_REFUSED = "matter.refused", _("A matter was refused")
    MATTER_DISPATCHED = "matter.dispatched", _("A matter was dispatched")
    MATTER_ACKNOWLEDGED = "matter.acknowledged", _("A unit received a matter")
    MATTER_RETURNED = "matter.returned", _("A unit returned a matter")
    RETURN_DECIDED = "matter.return_decided", _("A return was decided")
    EXTENSION_ASKED = "matter.extension_asked", _("More time was asked for")
    EXTENSION_DECIDED = "matter.extension_decided", _("More time was given or refused")
    MATTER_ON_BOOKS = "matter.put_on_books", _("A matter was put on the books")
    MATTER_OFF_BOOKS = "matter.taken_off_books", _("A matter was taken off the books")
    PART_COMPLETED = "matter.part_completed", _("A unit has done its part")
    MATTER_COMPLETED = "matter.completed", _("A matter was done and waits to be checked")
    MATTER_VERIFIED = "matter.verified", _("A matter was checked")
    MATTER_SENT_BACK = "matter.sent_back", _("A matter was sent back")
    MATTER_CLOSED = "matter.closed", _("A matter was closed")
    MATTER_REOPENED = "matter.reopened", _("A matter was reopened")
    MATTER_URGED = "matter.urged", _("A matter was urged")
    MATTER_CHANGED = "matter.changed", _("Anything else happened to a matter")
    ORDERS_IMPORTED = "orders.imported", _("A table of work orders was taken over (for all its new matters)")
    LETTER_ISSUED = "letter.issued", _("A letter was issued")
    LETTER_RECEIVED = "letter.received", _("A letter was received")
    LETTER_REPLIED = "letter.replied", _("A letter was answered")
    LETTER_WITHDRAWN = "letter.withdrawn", _("A letter was withdrawn")


class Subscription(models.Model):
    """Where a system wants to be told. It is told only of what its account may see."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="subscriptions")
    url = models.CharField(max_length=300)
    events = models.JSONField(default=list)
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.url

    @property
    def event_labels(self) -> list[str]:
        """What it is told of, in words."""
        return [str(Event(code).label) for code in self.events if code in Event.values]


class Secret(models.Model):
    """What a subscription's deliveries are signed with: sealed, at most two live ones, so that it can be changed
    without a gap."""

    id = models.UUIDField(primary_key=True, default=new_id)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="secrets")
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    wrapped = models.CharField(max_length=200)
    sealed_by = models.CharField(max_length=40)  # the sealing key's name, for their change
    sealed = models.BinaryField()

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["sealed_by"], name="secret_sealed_by")]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.made_at:%Y-%m-%d}"

    @property
    def about(self) -> str:
        """What its key is bound to."""
        return f"webhook/{self.pk}"

    def keep(self, text: str) -> None:
        """Seals the secret for this row."""
        vault = the_vault()
        self.wrapped, self.sealed_by = vault.new_key(self.about), vault.newest
        self.sealed = vault.seal(self.wrapped, text, self.about, "secret")

    def text(self) -> str:
        """The secret, to sign with. Raises Unopenable where its sealing key is missing."""
        return the_vault().open(self.wrapped, bytes(self.sealed), self.about, "secret")


class Delivery(models.Model):
    """One telling of one event to one subscription: ids and phase only, the same bytes at every try."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        GIVEN_UP = "given_up"

    id = models.UUIDField(primary_key=True, default=new_id)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=clock.now)
    next_at = models.DateTimeField(null=True, default=clock.now)
    delivered_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subscription", "-made_at"], name="delivery_subscription"),
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="delivery_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", next_at__isnull=False) | (~Q(state="waiting") & Q(next_at=None)),
                name="delivery_waiting_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.state}"
