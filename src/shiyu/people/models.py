"""Who can be responsible: units, their names and groups, posts, the people who hold them."""

from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.places.models import Area, in_force


class UnitQuerySet(models.QuerySet["Unit"]):
    def in_force(self, on: date | None = None) -> "UnitQuerySet":
        """Units that exist on the day `on` (today)."""
        return self.filter(in_force(on or clock.today()))

    def by_protocol(self) -> "UnitQuerySet":
        """In the order in which offices list units (机构排序)."""
        return self.order_by("protocol_order", "code")


class Unit(models.Model):
    """A body that can be responsible. An office (科室) is a unit whose parent is its department.

    `upper_centre` is where a matter climbs to. A merged or renamed unit ends and names its successor; rows about
    it stay as they were.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160, blank=True)
    short_name = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=30)
    phone = models.CharField(max_length=30, blank=True)  # the public one, for questions: stands on receipts
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    upper_centre = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="lower_centres"
    )
    protocol_order = models.PositiveIntegerField(default=9999)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="predecessors")

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="unit_code"),
        ]
        indexes = [models.Index(fields=["kind", "protocol_order"], name="unit_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def display_short(self) -> str:
        """The short name where there is one: for tables."""
        return self.short_name or self.name


class UnitAlias(models.Model):
    """A former, short or other name under which documents speak of a unit."""

    class Kind(models.TextChoices):
        FORMER = "former"
        SHORT = "short"
        ALIAS = "alias"

    id = models.UUIDField(primary_key=True, default=new_id)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="one_alias_per_unit")]
        indexes = [models.Index(fields=["name"], name="alias_name")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A unit in a unit group of the pack (member units, departments, counties …), from–to."""

    id = models.UUIDField(primary_key=True, default=new_id)
    group = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="memberships")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["group"], name="membership_group")]

    def __str__(self) -> str:
        return f"{self.group}: {self.unit_id}"


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        """A user with a hashed password (argon2); without one the account cannot sign in by password."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account, of a person or of another system that speaks to ours. What it may do comes only from the posts it
    holds. A system's account has no password: it works with tokens (exchange)."""

    class Kind(models.TextChoices):
        PERSON = "person"
        SYSTEM = "system"

    id = models.UUIDField(primary_key=True, default=new_id)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.PERSON)
    language = models.CharField(max_length=10, blank=True)
    password_changed_at = models.DateTimeField(
        null=True
    )  # by the person; None: given by another, to be changed
    created_at = models.DateTimeField(default=clock.now)
    # What to try first, for the people of a demo.
    tour_zh = models.CharField(max_length=300, blank=True)
    tour_en = models.CharField(max_length=300, blank=True)

    objects = UserManager()
    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.name

    @property
    def is_system(self) -> bool:
        """Whether it is another system's account: nobody signs in with it."""
        return self.kind == self.Kind.SYSTEM


class OldPassword(models.Model):
    """The hash of a password a person had: the last ones may not be used again."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    used_until = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["user", "-used_until"], name="old_password_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.used_until}"


class Post(models.Model):
    """What a person does in a unit, with roles of the pack and functions (职责)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=60, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    roles = models.JSONField(default=list)
    functions = models.TextField(blank=True)
    protocol_order = models.PositiveIntegerField(default=9999)

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """Who holds a post, from–to. Ends are kept; nothing is deleted."""

    id = models.UUIDField(primary_key=True, default=new_id)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    given_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )  # None: the seed

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "user"], condition=Q(valid_to=None), name="one_open_appointment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.post_id}"


class Absence(models.Model):
    """While away, the deputy acts for the person: the deputy's Actor carries these posts too."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deputised")
    valid_from = models.DateField()
    valid_to = models.DateField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.valid_from}–{self.valid_to}"


class TownFunction(models.Model):
    """A function on one of a town's three lists (乡镇（街道）履行职责事项清单): its own, one where it supports a county unit, or
    one the county took back."""

    class Standing(models.TextChoices):
        OWN = "own"
        SUPPORTING = "supporting"
        TAKEN_BACK = "taken_back"

    id = models.UUIDField(primary_key=True, default=new_id)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="functions")
    function = models.CharField(max_length=60)
    standing = models.CharField(max_length=12, choices=Standing.choices)
    lead = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="leads_functions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "function"], name="one_standing_per_function"),
            models.CheckConstraint(
                condition=models.Q(standing="own", lead=None)
                | (~models.Q(standing="own") & models.Q(lead__isnull=False)),
                name="function_lead_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.function} {self.standing}"
