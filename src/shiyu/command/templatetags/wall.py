"""What only the wall's pages need: its marks with their words, months in short, days towards a deadline."""

from datetime import date
from functools import cache
from typing import Any

from django import template
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shiyu.command.queries.columns import Column
from shiyu.ui.templatetags.ui import svg
from shiyu.ui.values import MONTHS_EN, is_chinese

register = template.Library()


@register.simple_tag(takes_context=True)
def wall_mark(context: Context, mark: str) -> SafeString:
    """The mark with its word for screen readers; a dash where nothing was reported."""
    word = context["words"][mark]
    if mark == "blank":
        return format_html('<span class="mut" aria-hidden="true">–</span><span class="vh">{}</span>', word)
    return format_html('{}<span class="vh">{}</span>', svg(mark), word)


@cache
def _symbol(mark: str) -> SafeString:
    """A page has a thousand marks of seven kinds: each kind is written once."""
    return svg(mark)


@register.simple_tag
def wall_symbol(mark: str) -> SafeString:
    """The mark alone, where its word stands beside it or in the link's title."""
    return mark_safe('<span class="mut nr">–</span>') if mark == "blank" else _symbol(mark)


@register.simple_tag(takes_context=True)
def mark_title(context: Context, column: Column, mark: str, month: int) -> str:
    """第37项 10月 序时推进, in the reader's language."""
    return f"{item(column.number)} {month_short(month)} {context['words'][mark]}".replace("  ", " ")


@register.simple_tag(takes_context=True)
def table_url(context: Context, **wanted: Any) -> str:
    """The wall's table of this month with the filter that a number stands for."""
    query = {"month": context["month"], "view": "table", **{key: str(v) for key, v in wanted.items() if v}}
    return f"{reverse('wall')}?{urlencode(query)}"


@register.simple_tag
def url_if(name: str, *args: Any) -> str:
    """The address of a URL name, "" where no app has it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.filter
def item(number: str) -> str:
    """第37项, or Task 37."""
    return _("Task %(number)s") % {"number": number}


@register.filter
def month_short(month: int) -> str:
    """10月, or Oct; of the month's number. Nothing for 0."""
    if not month:
        return ""
    return f"{month}月" if is_chinese() else MONTHS_EN[month - 1]


@register.filter
def month_of(day: date) -> str:
    """10月, or Oct; of a day."""
    return month_short(day.month)


@register.filter
def end_of_month(month: str) -> str:
    """10月末, or end of Oct."""
    return _("End of %(month)s") % {"month": month}


@register.filter
def overdue_days(column: Column) -> str:
    """逾期18个工作日."""
    days = column.state.workdays_overdue
    if not days:  # its day has passed, and no workday since
        return _("not done in time")
    return ngettext("%(n)s workday overdue", "%(n)s workdays overdue", days) % {"n": days}


@register.filter
def deadline_words(column: Column) -> str:
    """9月30日到期, or how it recurs; of a split task the last of its parts."""
    if column.due_on is None:
        return column.fact.deadline
    day = column.due_on
    words = f"{day.month}月{day.day}日" if is_chinese() else f"{day.day} {MONTHS_EN[day.month - 1]}"
    return _("due %(day)s") % {"day": words}


@register.filter
def month_of_wall(wall: Any) -> int:
    """The number of the month shown, 1 to 12."""
    return int(wall.months.day.month)


@register.filter
def month_rows(wall: Any) -> list[tuple[int, list[tuple[Any, list[tuple[Column, str]]]]]]:
    """Month → block → (task, mark): the lines of the drawing."""
    return [
        (
            month,
            [
                (block, [(column, column.months[month - 1]) for column in block.columns])
                for block in wall.blocks
            ],
        )
        for month in range(1, 13)
    ]
