"""Reads over meetings, decisions and the watch list."""

from shiyu.meetings.queries.decisions import (
    Followed,
    became_of,
    decisions_of,
    decisions_on_matter,
    meeting_before,
)
from shiyu.meetings.queries.meetings import Point, attendances_of, meetings_listed, points_of, title_for

__all__ = [
    "Followed",
    "Point",
    "attendances_of",
    "became_of",
    "decisions_of",
    "decisions_on_matter",
    "meeting_before",
    "meetings_listed",
    "points_of",
    "title_for",
]
