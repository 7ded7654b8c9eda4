"""The data keys of matters: destroyed when the time their kind gives is over, and wrapped anew when sealing keys change."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.lib import clock
from shiyu.lib.vault import the_vault
from shiyu.matters.models import Destruction, MatterKey, MatterLink, Party, PhoneTrace, SealedText
from shiyu.packs.queries import current_pack, pack_of

BATCH = 1000
"""Keys wrapped anew in one transaction."""


@action("matters.wrap_keys_anew")
def wrap_keys_anew(actor: Actor, *, batch: int = BATCH) -> int:
    """Wraps up to `batch` data keys anew under the newest sealing key; returns how many, 0 when none is left. Sealed
    texts stay as they are. Stopped at any moment it goes on where it was; two at once take different keys. Raises
    Unopenable where a key's old sealing key is missing from the settings."""
    vault = the_vault()
    old = MatterKey.objects.exclude(sealed_by=vault.newest).exclude(wrapped="")
    keys = list(old.select_for_update(skip_locked=True).order_by("matter_id")[:batch])
    for key in keys:
        key.wrapped, key.sealed_by = vault.wrap_anew(key.wrapped, key.about), vault.newest
    MatterKey.objects.bulk_update(keys, ["wrapped", "sealed_by"])
    record(None, {"keys": len(keys), "sealed_by": vault.newest})
    return len(keys)


@action("matters.destroy_keys")
def destroy_keys(
    actor: Actor, *, kind: str, version_id: UUID | None, keep_days: int, until: datetime
) -> Destruction | None:
    """Destroys the data keys of a kind's matters (of one pack version) that were closed more than `keep_days` calendar
    days before `until`, with all that was sealed under them and the hashes of their numbers; writes the report. None
    where there are none. A matter that was merged into one still open waits for its end."""
    before = until - timedelta(days=keep_days)
    due = _due(kind, version_id, before)
    ids = list(due.select_for_update(of=("self",)).values_list("matter_id", flat=True))
    parties = Party.objects.filter(matter_id__in=ids)
    report = None
    if ids:
        count = parties.update(name=None, phone=None, address=None, phone_trace="")
        SealedText.objects.filter(matter_id__in=ids).delete()
        PhoneTrace.objects.filter(matter_id__in=ids).delete()
        report = Destruction.objects.create(
            kind=kind,
            keep_days=keep_days,
            closed_before=before,
            matters=len(ids),
            parties=count,
            at=clock.now(),
        )
        MatterKey.objects.filter(matter_id__in=ids).update(
            wrapped="", sealed_by="", destroyed_at=clock.now(), destruction=report
        )
    record(report, {"kind": kind, "matters": len(ids), "closed_before": before})
    return report


def destroy_due_keys(since: datetime, until: datetime) -> int:
    """The daily job: every kind under every pack version that still has keys; returns how many keys were destroyed. Its
    window changes nothing: what a stop missed is done by the next run."""
    living = MatterKey.objects.exclude(wrapped="").filter(matter__is_open=False).order_by()
    destroyed = 0
    for version_id, kind in living.values_list("matter__pack_version_id", "matter__kind").distinct():
        rules = (pack_of(version_id) if version_id else current_pack()).kind.get(kind)
        if rules is None or rules.keep is None:
            continue
        if _due(kind, version_id, until - timedelta(days=rules.keep.n)).exists():
            report = destroy_keys(
                SYSTEM, kind=kind, version_id=version_id, keep_days=rules.keep.n, until=until
            )
            destroyed += report.matters if report else 0
    return destroyed


def _due(kind: str, version_id: UUID | None, before: datetime) -> QuerySet[MatterKey]:
    goes_on = MatterLink.objects.filter(
        second=OuterRef("matter_id"), sort=MatterLink.Sort.MERGED, first__is_open=True
    )
    return MatterKey.objects.exclude(wrapped="").filter(
        ~Exists(goes_on),
        matter__kind=kind,
        matter__pack_version_id=version_id,
        matter__is_open=False,
        matter__closed_at__lt=before,
    )
