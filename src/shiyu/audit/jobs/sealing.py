"""The sealer: gives entries their order and a chained, keyed hash."""

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from shiyu.audit.actions.recording import canonical
from shiyu.audit.models import AuditEntry, AuditSeal
from shiyu.lib import clock

_LOCK = 7_201_301  # advisory lock: one sealer at a time, on whichever server


def seal_of(previous: str, entry_hash: str) -> str:
    """Seal n from seal n-1 and the hash of entry n (HMAC-SHA-256, hex)."""
    return hmac.new(settings.AUDIT_KEY, f"{previous}:{entry_hash}".encode(), hashlib.sha256).hexdigest()


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 (hex) over an entry's content and its own keyed hash."""
    return hashlib.sha256(canonical(entry) + entry.mac.encode()).hexdigest()


def seal_entries(limit: int = 5000) -> int:
    """Seal what is not sealed yet, oldest first; returns how many. Runs every second."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        last = AuditSeal.objects.order_by("-number").first()
        previous = last.seal if last else ""
        cursor.execute(
            "SELECT e.id FROM audit_auditentry e WHERE NOT EXISTS"
            " (SELECT 1 FROM audit_auditseal s WHERE s.entry_id = e.id) ORDER BY e.id LIMIT %s",
            [limit],
        )
        ids = [row[0] for row in cursor.fetchall()]
        entries = AuditEntry.objects.in_bulk(ids)
        seals = []
        number = last.number if last else 0
        for key in ids:
            number += 1
            digest = entry_hash(entries[key])
            previous = seal_of(previous, digest)
            seals.append(AuditSeal(number=number, entry_id=key, entry_hash=digest, seal=previous))
        AuditSeal.objects.bulk_create(seals)
    return len(seals)


def unsealed_since(age: timedelta = timedelta(seconds=30)) -> int:
    """How many entries older than `age` wait for their seal: the operations page shows it."""
    sealed = AuditSeal.objects.values("entry_id")
    return AuditEntry.objects.filter(at__lt=clock.now() - age).exclude(id__in=sealed).count()
