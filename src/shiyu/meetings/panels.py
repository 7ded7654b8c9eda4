"""What meetings show on a matter's page: what they decided on it, whether it is watched, where it is on an agenda."""

from typing import Any

from shiyu.kernel.actor import Actor
from shiyu.matters.kinds import language
from shiyu.meetings.models import AgendaPoint, Meeting
from shiyu.meetings.queries.decisions import decisions_on_matter
from shiyu.meetings.queries.watch import entry_of, watch_rule
from shiyu.packs.queries import current_pack
from shiyu.ui.panels import Panel


def matter_panel(actor: Actor, matter: Any) -> Panel | None:
    """Decisions, watch entry and coming meetings of a matter; None, and no query, where no meeting decides on
    matters, and None where there is nothing to show."""
    if not any(kind.takes for kind in current_pack().meeting.values()):
        return None
    decisions, entry = decisions_on_matter(matter), entry_of(matter)
    points = AgendaPoint.objects.filter(matter=matter, taken_off="", meeting__state=Meeting.State.PLANNED)
    visible = Meeting.objects.visible_to(actor)
    planned = list(points.filter(meeting__in=visible.values("id")).select_related("meeting"))
    if not decisions and entry is None and not planned:
        return None
    meetings = {one.row.meeting_id for one in decisions}
    rule = watch_rule()
    return Panel(
        "meetings/_matter_panel.html",
        {
            "decisions": decisions,
            "entry": entry,
            "planned": planned,
            "seen": set(visible.filter(pk__in=meetings).values_list("pk", flat=True)),
            "list_label": rule.label.text(language()) if rule else "",
        },
    )
