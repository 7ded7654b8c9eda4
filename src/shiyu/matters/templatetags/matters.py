"""Words of a matter's page: what is left of a limit, verbs, reasons, outcomes."""

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shiyu.matters.clocks import Clock
from shiyu.matters.kinds import outcome_label, verb_label

register = template.Library()


@register.simple_tag
def left_words(clock: Clock) -> str:
    """3 workdays left, due today, or 2 workdays overdue."""
    if clock.left < 0:
        n = -clock.left
        return ngettext("%(n)s workday overdue", "%(n)s workdays overdue", n) % {"n": n}
    if clock.left == 0:
        return _("Due today")
    return ngettext("%(n)s workday left", "%(n)s workdays left", clock.left) % {"n": clock.left}


@register.simple_tag
def verb_words(verb: str) -> str:
    """What a verb is called."""
    return verb_label(verb)


@register.filter
def outcome(value: Any) -> str:
    """How a matter ended, in words."""
    return outcome_label(str(value))
