"""Words of rulings and of attendance."""

from django import template
from django.utils.translation import pgettext

from shiyu.meetings.forms import RULED

register = template.Library()


@register.simple_tag
def ruled_words(ruling: str) -> str:
    """What a ruling is called in a table."""
    return str(RULED.get(ruling, ruling))


@register.simple_tag
def came_words(came: str) -> str:
    """How a unit attended."""
    return {
        "present": pgettext("attendance", "Present"),
        "represented": pgettext("attendance", "Represented"),
        "absent": pgettext("attendance", "Absent"),
    }.get(came, pgettext("attendance", "Not entered"))
