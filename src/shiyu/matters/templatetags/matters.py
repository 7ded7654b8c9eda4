"""Words of a matter's page: what is left of a limit, verbs, reasons, outcomes."""

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shiyu.kernel.spec.matters import Kind
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
def verb_words(verb: str, kind: Kind) -> str:
    """What a verb is called in a kind."""
    return verb_label(verb, kind)


LINKS = {
    ("related", True): gettext_lazy("Related to"),
    ("related", False): gettext_lazy("Related to"),
    ("split", True): gettext_lazy("Split off:"),
    ("split", False): gettext_lazy("Split from"),
    ("merged", True): gettext_lazy("Merged into this one:"),
    ("merged", False): gettext_lazy("Merged into"),
    ("review", True): gettext_lazy("Its review:"),
    ("review", False): gettext_lazy("Review of"),
}
"""How another matter belongs to this one, and whether this one came first."""


@register.simple_tag
def link_words(sort: str, out: bool) -> str:
    """How another matter belongs to this one."""
    return str(LINKS[sort, out])


@register.filter
def outcome(value: Any) -> str:
    """How a matter ended, in words."""
    return outcome_label(str(value))


@register.filter
def sentence(text: str) -> str:
    """A text as it stands among others: with a full stop at its end."""
    given = text.strip()
    if not given or given[-1] in "。！？；…：.!?;:”":
        return given
    return given + ("." if given[-1].isascii() else "。")
