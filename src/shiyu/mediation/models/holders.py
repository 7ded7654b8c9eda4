"""People in a public role: mediators, legal advisers, and those who help."""

from datetime import date

from django.db import models
from django.db.models import Q

from shiyu.lib.ids import new_id
from shiyu.people.models import Unit
from shiyu.places.models import in_force


class RoleHolderQuerySet(models.QuerySet["RoleHolder"]):
    def in_force(self, on: date) -> "RoleHolderQuerySet":
        """Those who hold their role on a day."""
        return self.filter(in_force(on))


class RoleHolder(models.Model):
    """A person in a public role of mediation, with the kinds they take and from when to when. Nothing is kept of how well
    somebody mediates: no score, no grade, no rate (design.md, People)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="role_holders")
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=60)  # of the list that the pack's `mediation.roles` names
    topics = models.JSONField(default=list)  # empty: every kind
    full_time = models.BooleanField(default=False)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    objects = RoleHolderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name", "role"], condition=Q(valid_to=None), name="one_open_role_holder"
            )
        ]

    def __str__(self) -> str:
        return self.name
