"""Reads over meetings."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from shiyu.meetings.models import Decision, Meeting


def meetings_listed() -> QuerySet[Meeting]:
    """Meetings, newest first, with how many decisions and how many of them are done."""
    return (
        Meeting.objects.select_related("unit", "period")
        .annotate(
            decision_count=Count("decisions"),
            done_count=Count("decisions", filter=~Q(decisions__done_on=None)),
        )
        .order_by("-held_on", "-created_at")
    )


def meeting_before(meeting: Meeting) -> Meeting | None:
    """The last meeting of the same kind held before this one."""
    return (
        Meeting.objects.filter(kind=meeting.kind, state=Meeting.State.HELD, held_on__lte=meeting.held_on)
        .exclude(pk=meeting.pk)
        .order_by("-held_on")
        .first()
    )


def decisions_of(meeting_id: UUID) -> list[Decision]:
    """A meeting's decisions with their units."""
    return list(
        Decision.objects.filter(meeting_id=meeting_id)
        .select_related("lead_unit", "meeting")
        .prefetch_related("supporting_units")
        .order_by("number")
    )
