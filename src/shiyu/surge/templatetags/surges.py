"""Words of emergency limits: hours left, over, or met."""

from django import template
from django.utils.translation import gettext as _

from shiyu.kernel.surge import HourClock
from shiyu.lib import clock

register = template.Library()


@register.simple_tag
def hours_left(limit: HourClock) -> str:
    """5 h 20 min left, 3 h 05 min over, or when it was met and whether in time."""
    if limit.done is not None:
        when = clock.local(limit.done).strftime("%m-%d %H:%M")
        late = limit.state == "missed"
        return (_("met late, %(when)s") if late else _("met %(when)s")) % {"when": when}
    minutes = int(abs(limit.left).total_seconds() // 60)
    told = {"h": minutes // 60, "m": minutes % 60}
    over = limit.left.total_seconds() < 0
    return (_("%(h)s h %(m)s min over") if over else _("%(h)s h %(m)s min left")) % told


@register.filter
def clock_mark(state: str) -> str:
    """The symbol of a clock's state."""
    return {"done": "done", "missed": "late", "late": "late", "soon": "clock"}.get(state, "on")


@register.filter
def clock_tone(state: str) -> str:
    """The class that tints it."""
    return {"missed": "late", "late": "late", "soon": "soon"}.get(state, "")
