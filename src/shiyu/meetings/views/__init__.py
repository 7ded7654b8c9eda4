"""Pages of meetings, decisions and the watch list."""

from shiyu.meetings.views.decisions import decision_detail, decision_file
from shiyu.meetings.views.listing import meeting_list
from shiyu.meetings.views.meetings import (
    meeting_change,
    meeting_detail,
    meeting_file,
    meeting_minutes,
    meeting_new,
)
from shiyu.meetings.views.points import meeting_point, point_off
from shiyu.meetings.views.watch import watch_detail, watch_list

__all__ = [
    "decision_detail",
    "decision_file",
    "meeting_change",
    "meeting_detail",
    "meeting_file",
    "meeting_list",
    "meeting_minutes",
    "meeting_new",
    "meeting_point",
    "point_off",
    "watch_detail",
    "watch_list",
]
