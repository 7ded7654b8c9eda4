"""The tree of places: province › city › county › town › village › group › cell."""

from datetime import date

from django.db import models
from django.db.models import Q

from shiyu.lib import clock
from shiyu.lib.ids import new_id


def in_force(on: date, prefix: str = "") -> Q:
    """Rows whose from–to dates (both ends inclusive, open where empty) contain the day `on`."""
    begun = Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": on})
    return begun & not_ended(on, prefix)


def not_ended(on: date, prefix: str = "") -> Q:
    """Rows whose last day is not before the day `on`; they may begin later."""
    return Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": on})


class AreaQuerySet(models.QuerySet["Area"]):
    def in_force(self, on: date | None = None) -> "AreaQuerySet":
        """Places that exist on the day `on` (today)."""
        return self.filter(in_force(on or clock.today()))


class Area(models.Model):
    """A place. Its key is ours, because division codes change; `path` nests codes for fast descendants."""

    class Level(models.TextChoices):
        PROVINCE = "province"
        CITY = "city"
        COUNTY = "county"
        TOWN = "town"
        VILLAGE = "village"
        GROUP = "group"
        CELL = "cell"

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    level = models.CharField(max_length=10, choices=Level.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    # Codes from the top, each closed by "/": '510000000000/510500000000/'. A prefix finds the descendants.
    path = models.CharField(max_length=200)
    invented = models.BooleanField(default=False)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="predecessors")

    objects = AreaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None), name="one_area_in_force_per_code"
            )
        ]
        indexes = [
            models.Index(fields=["path"], name="area_path", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["level"], name="area_level"),
        ]

    def __str__(self) -> str:
        return self.name
