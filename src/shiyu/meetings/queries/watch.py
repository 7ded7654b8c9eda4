"""The watch list as it is shown."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.meetings import WatchRule
from shiyu.matters.models import Matter
from shiyu.meetings.models import WatchEntry, WatchReview
from shiyu.packs.queries import current_pack


def watch_rule() -> WatchRule | None:
    """The pack's rules of the watch list; None in a city without one."""
    return current_pack().watch


def entries_listed(actor: Actor) -> QuerySet[WatchEntry]:
    """The entries a person may see, with what the list shows of their matters."""
    return WatchEntry.objects.visible_to(actor).select_related(
        "matter__area", "matter__unit", "unit", "put_on__meeting__unit", "taken_off__meeting"
    )


def entry_of(matter: Matter) -> WatchEntry | None:
    """The matter's present entry; None while it is not on the list."""
    rows = WatchEntry.objects.on().select_related("unit", "put_on__meeting")
    return rows.filter(matter=matter).first()


def watched_among(matters: list[UUID]) -> set[UUID]:
    """Which of the matters are on the list now."""
    return set(WatchEntry.objects.on().filter(matter_id__in=matters).values_list("matter_id", flat=True))


def reviews_of(entry: WatchEntry) -> list[WatchReview]:
    """What was found at each review, the newest first."""
    return list(entry.reviews.all())
