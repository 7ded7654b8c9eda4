"""Changes of meetings, their agenda and decisions, and of the watch list."""

from shiyu.meetings.actions.agenda import add_point, draw_agenda, invite_units, note_point, take_off_point
from shiyu.meetings.actions.decisions import Ruled, complete_decision, decide_point, record_decision
from shiyu.meetings.actions.meetings import (
    call_off_meeting,
    circulate_minutes,
    hold_meeting,
    move_meeting,
    plan_meeting,
    record_attendance,
)
from shiyu.meetings.actions.watch import review_entry

__all__ = [
    "Ruled",
    "add_point",
    "call_off_meeting",
    "circulate_minutes",
    "complete_decision",
    "decide_point",
    "draw_agenda",
    "hold_meeting",
    "invite_units",
    "move_meeting",
    "note_point",
    "plan_meeting",
    "record_attendance",
    "record_decision",
    "review_entry",
    "take_off_point",
]
