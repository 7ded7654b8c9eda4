"""One mediation: a body tries to bring the parties of a matter to an agreement."""

from django.db import models
from django.db.models import Q

from shiyu.kernel.actor import Actor
from shiyu.kernel.mediation import AGREED, MediationOutcome, Way
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.matters.models import Matter
from shiyu.people.models import Unit


class MediationQuerySet(models.QuerySet["Mediation"]):
    def visible_to(self, actor: Actor) -> "MediationQuerySet":
        """Mediations of matters the person sees, and those of the bodies they work for. Who reported a matter sees its
        progress, not this."""
        if actor.party_id is not None:
            return self.none()
        if "matter.view_all" in actor.rights:
            return self
        seen = Matter.objects.visible_to(actor).values("id")
        return self.filter(Q(body_id__in=actor.unit_ids) | Q(matter_id__in=seen))

    def going(self) -> "MediationQuerySet":
        """Those that have not ended."""
        return self.filter(outcome="")


class Mediation(models.Model):
    """A body's mediation of a matter, beside the matter: the matter's own limits and steps stay the truth.

    `due_on` is the pack's "a month as a rule"; it moves no limit of the matter. What is agreed is written here before
    it is signed. Names stand in `Side`, sealed; in these texts people are 甲, 乙.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="mediations")
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="mediations")
    way = models.CharField(max_length=20, choices=[(way.value, way.value) for way in Way])
    source = models.CharField(max_length=60)
    source_number = models.CharField(max_length=60, blank=True)  # of the referring body's paper
    opened_on = models.DateField(default=clock.today)
    due_on = models.DateField()
    opened_by_id = models.UUIDField(null=True)
    opened_by_name = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(
        max_length=20, blank=True, choices=[(one.value, one.value) for one in MediationOutcome]
    )
    ended_on = models.DateField(null=True)
    reason = models.TextField(blank=True)
    facts = models.TextField(blank=True)
    issues = models.TextField(blank=True)
    responsibility = models.TextField(blank=True)
    terms = models.TextField(blank=True)
    performance = models.TextField(blank=True)
    perform_by = models.DateField(null=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # 10,000 yuan
    people = models.PositiveIntegerField(null=True)  # 涉及当事人数, may be more than there are sides
    difficult = models.BooleanField(default=False)
    remedies = models.JSONField(default=list)  # codes of the pack's list, shown when it failed
    remedies_told_on = models.DateField(null=True)  # the day they were handed over on paper
    confirm_by = models.DateField(null=True)  # last day on which the parties may ask the court together
    confirm_applied_on = models.DateField(null=True)
    confirm_decided_on = models.DateField(null=True)
    confirm_result = models.CharField(max_length=12, blank=True)  # confirmed, refused, waived
    version = models.PositiveIntegerField(default=0)

    objects = MediationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["body", "due_on"], condition=Q(outcome=""), name="mediation_going"),
            models.Index(fields=["ended_on"], condition=~Q(outcome=""), name="mediation_ended"),
            models.Index(fields=["confirm_by"], condition=Q(confirm_result=""), name="mediation_confirm"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "body"], condition=Q(outcome=""), name="one_mediation_going_per_body"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_on=None) | (~Q(outcome="") & Q(ended_on__isnull=False)),
                name="mediation_ended_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.body_id}"

    @property
    def is_going(self) -> bool:
        """Whether it has not ended."""
        return not self.outcome

    @property
    def is_agreed(self) -> bool:
        """Whether it ended with an agreement."""
        return self.outcome in AGREED

    @property
    def waits_for_court(self) -> bool:
        """Whether the parties may still ask for judicial confirmation, or have asked and wait."""
        return self.confirm_by is not None and not self.confirm_result
