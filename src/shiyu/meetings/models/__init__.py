"""Rows of meetings and of the watch list."""

from shiyu.meetings.models.meeting import AgendaPoint, Attendance, Decision, Meeting
from shiyu.meetings.models.watch import WatchEntry, WatchReview

__all__ = ["AgendaPoint", "Attendance", "Decision", "Meeting", "WatchEntry", "WatchReview"]
