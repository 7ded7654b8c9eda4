"""The parts of a mediation: its sides, who mediates, sittings, dangers told to the police, look-backs."""

from django.db import models
from django.db.models import Q

from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.matters.models import Party
from shiyu.mediation.models.holders import RoleHolder
from shiyu.mediation.models.mediation import Mediation


class Side(models.Model):
    """A party to a mediation, shown as 当事人甲, 乙 …. Name, phone and address are sealed under the data key of the matter
    and gone when it is destroyed; of a side that reported the matter they are read from there (`reporter`)."""

    class Consent(models.TextChoices):
        ASKED = "asked"
        AGREED = "agreed"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=new_id)
    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="sides")
    number = models.PositiveSmallIntegerField()
    reporter = models.ForeignKey(Party, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.BinaryField(null=True)
    phone = models.BinaryField(null=True)
    address = models.BinaryField(null=True)
    consent = models.CharField(max_length=10, choices=Consent.choices, default=Consent.ASKED)
    answered_on = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["mediation", "number"], name="side_number"),
            models.CheckConstraint(
                condition=Q(consent="asked", answered_on=None)
                | (~Q(consent="asked") & Q(answered_on__isnull=False)),
                name="side_answer_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mediation_id} {self.number}"


class Chosen(models.Model):
    """A person in a public role who mediates or helps, chosen by the body or by the parties (art. 19)."""

    class By(models.TextChoices):
        BODY = "body"
        PARTIES = "parties"

    id = models.UUIDField(primary_key=True, default=new_id)
    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="chosen")
    holder = models.ForeignKey(RoleHolder, on_delete=models.PROTECT, related_name="chosen")
    by = models.CharField(max_length=10, choices=By.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mediation", "holder"], name="chosen_once")]

    def __str__(self) -> str:
        return f"{self.mediation_id} {self.holder_id}"


class Sitting(models.Model):
    """A day on which the parties are brought together: planned, then written down (what was tried, what comes next)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="sittings")
    at = models.DateTimeField()
    place = models.CharField(max_length=80)
    holders = models.ManyToManyField(RoleHolder, related_name="sittings")
    tried = models.TextField(blank=True)
    following = models.CharField(max_length=300, blank=True)
    written_on = models.DateField(null=True)
    cancelled = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["at"], condition=Q(written_on=None, cancelled=""), name="sitting_open")
        ]

    def __str__(self) -> str:
        return f"{self.mediation_id} {self.at:%Y-%m-%d}"


class Danger(models.Model):
    """The conflict may become a matter for the police; they are told at once (art. 25)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="dangers")
    what = models.TextField()
    noticed_at = models.DateTimeField(default=clock.now)
    told_at = models.DateTimeField(null=True)
    told_to = models.CharField(max_length=80, blank=True)
    by_name = models.CharField(max_length=60)

    class Meta:
        ordering = ["noticed_at", "id"]

    def __str__(self) -> str:
        return f"{self.mediation_id} {self.noticed_at:%Y-%m-%d}"


class LookBack(models.Model):
    """Whether the agreement is performed, asked on a day (art. 31)."""

    class Result(models.TextChoices):
        PERFORMED = "performed"
        PARTLY = "partly"
        NOT_PERFORMED = "not_performed"

    id = models.UUIDField(primary_key=True, default=new_id)
    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="look_backs")
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    result = models.CharField(max_length=14, blank=True, choices=Result.choices)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on=None), name="look_back_open")]

    def __str__(self) -> str:
        return f"{self.mediation_id} {self.due_on}"
