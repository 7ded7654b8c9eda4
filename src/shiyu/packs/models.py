"""The versions of a pack that were loaded. A version never changes; running matters finish under theirs."""

from __future__ import annotations

from django.db import models

from shiyu.lib import clock
from shiyu.lib.ids import new_id


class PackVersion(models.Model):
    """What one pack said when it was loaded. `content` is the whole pack as the kernel writes it (without the
    seed's rows, which the database owns once loaded); `digest` is the SHA-256 of that content."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    content = (
        models.TextField()
    )  # JSON text, not jsonb: jsonb loses the order of keys, and order is what pages show
    loaded_at = models.DateTimeField(default=clock.now)
    loaded_by_id = models.UUIDField(null=True)
    in_force_since = models.DateTimeField(default=clock.now, db_index=True)
    """The newest is the one in force; going back to an earlier version moves only this."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "digest"], name="one_version_per_content")]

    def __str__(self) -> str:
        return f"{self.code} {self.version} {self.digest[:8]}"
