"""What meetings decided, and what became of it: done, late or open, computed when it is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from shiyu.letters.models import Letter
from shiyu.lib import clock
from shiyu.matters.access import SUBJECT
from shiyu.matters.models import Matter
from shiyu.meetings.models import Decision, Meeting


@dataclass(frozen=True)
class Followed:
    """A decision and what became of it."""

    row: Decision
    state: str  # done, late, open
    done_on: date | None
    letter: str  # number of the letter that was issued for it
    matter: str = ""  # the matter as the reader's agenda names it; empty: by its number


def meeting_before(meeting: Meeting) -> Meeting | None:
    """The last meeting of the same unit and kind held before this one."""
    return (
        Meeting.objects.filter(
            kind=meeting.kind, unit_id=meeting.unit_id, state=Meeting.State.HELD, held_on__lte=meeting.held_on
        )
        .exclude(pk=meeting.pk)
        .order_by("-held_on", "-created_at")
        .first()
    )


def with_letters(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """Each with the first letter of its kind that was issued on its matter since the meeting (`letter_on`)."""
    issued = Letter.objects.filter(
        subject_type=SUBJECT,
        subject_id=OuterRef("matter_id"),
        kind=OuterRef("letter_kind"),
        state=Letter.State.ISSUED,
        issued_on__gte=OuterRef("meeting__held_on"),
    ).order_by("issued_on", "id")
    return rows.annotate(
        letter_on=Subquery(issued.values("issued_on")[:1]),
        letter_number=Subquery(issued.values("number_text")[:1]),
    )


def letters_to_issue(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """Decisions on a letter that nobody has issued yet."""
    written: QuerySet[Any] = with_letters(rows.filter(ruling="letter", done_on=None))
    return written.filter(letter_on=None)


def followed(rows: Iterable[Decision], today: date | None = None) -> list[Followed]:
    """What became of each, on a day (today); the rows come from `with_letters`."""
    day = today or clock.today()
    found = []
    for row in rows:
        one: Any = row
        done = row.done_on or one.letter_on
        state = "done" if done else "late" if row.due_on < day else "open"
        found.append(Followed(row, state, done, one.letter_number or ""))
    return found


def decisions_of(meeting_id: UUID) -> list[Followed]:
    """A meeting's decisions with their units, and what became of them."""
    return followed(_shown(Decision.objects.filter(meeting_id=meeting_id)).order_by("number"))


def named_as(rows: Iterable[Followed], names: Mapping[UUID, str]) -> list[Followed]:
    """The decisions with their matters named as a reader's agenda names them (`Point.title`), by the matter's id."""
    return [
        replace(one, matter=names.get(one.row.matter_id, "")) if one.row.matter_id else one for one in rows
    ]


def became_of(meeting: Meeting) -> list[Followed]:
    """What the meeting opens with: the decisions of the last one of its unit and kind, and earlier ones still open."""
    before = meeting_before(meeting)
    if before is None:
        return []
    earlier = Q(meeting__kind=meeting.kind, meeting__unit_id=meeting.unit_id, done_on=None)
    earlier &= Q(meeting__state=Meeting.State.HELD, meeting__held_on__lt=before.held_on)
    rows = _shown(Decision.objects.filter(Q(meeting=before) | earlier))
    found = followed(rows.order_by("-meeting__held_on", "number"))
    return [one for one in found if one.row.meeting_id == before.pk or one.state != "done"]


def decisions_on_matter(matter: Matter) -> list[Followed]:
    """Every decision of a meeting on a matter, the newest first."""
    return followed(_shown(Decision.objects.filter(matter=matter)).order_by("-meeting__held_on", "-number"))


def _shown(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    rows = rows.select_related("lead_unit", "meeting__unit", "matter")
    return with_letters(rows.prefetch_related("supporting_units"))
