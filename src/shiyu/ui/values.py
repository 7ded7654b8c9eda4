"""Small values that pages show alike: a number with the rows behind it, a deadline, a link, a tag."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from shiyu.lib import clock

WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WEEKDAYS_ZH_LONG = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Number:
    """A count or rate and the address of the rows behind it. `value` None means: no base, shown as "—"."""

    value: Any
    url: str | None = None
    late: bool = False
    label: Any = ""


@dataclass(frozen=True)
class Link:
    """Text with the address it opens."""

    text: Any
    url: str | None = None


@dataclass(frozen=True)
class Marked:
    """Words with the symbol of a state before them (a name of ui.templatetags.ui.MARKS)."""

    mark: str
    words: str


@dataclass(frozen=True)
class Due:
    """A deadline as the reader needs it, worked out by the caller (views hold no rules).

    state: "late", "soon", "open" or "none"; label: "3 workdays left"; at: the day itself, or words for it.
    """

    state: str
    label: Any
    at: date | datetime | str | None = None

    @property
    def is_late(self) -> bool:
        return self.state == "late"


def due_in(workdays: int, at: date | datetime | None, *, warn_at: int = 3) -> Due:
    """A `Due` from whole workdays left (negative: overdue). At `warn_at` days or fewer it is due soon."""
    if workdays < 0:
        days = -workdays
        return Due(
            "late", ngettext("%(n)s workday overdue", "%(n)s workdays overdue", days) % {"n": days}, at
        )
    if workdays == 0:
        return Due("soon", _("Due today"), at)
    label = ngettext("%(n)s workday left", "%(n)s workdays left", workdays) % {"n": workdays}
    return Due("soon" if workdays <= warn_at else "open", label, at)


def local_date(value: date | datetime | None) -> date | None:
    """The day in the office's time zone of a date or an aware datetime."""
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def is_chinese() -> bool:
    """Whether the page is being written in Chinese."""
    return (get_language() or "").startswith("zh")


def day_words(value: date | datetime | None) -> str:
    """11月20日 周五, or Fri 20 Nov; with its year where that is not the present one."""
    day = local_date(value)
    if day is None:
        return "—"
    other_year = day.year != clock.today().year
    if is_chinese():
        year = f"{day.year}年" if other_year else ""
        return f"{year}{day.month}月{day.day}日 {WEEKDAYS_ZH[day.weekday()]}"
    year = f" {day.year}" if other_year else ""
    return f"{WEEKDAYS_EN[day.weekday()]} {day.day} {MONTHS_EN[day.month - 1]}{year}"


def short_day(value: date | datetime | None) -> str:
    """11-20 for a day of this year, 2025-11-20 for one of another; empty for None."""
    day = local_date(value)
    if day is None:
        return ""
    return day.isoformat()[5:] if day.year == clock.today().year else day.isoformat()


def long_day_words(value: date | datetime | None) -> str:
    """2026年11月20日 星期五, or Fri 20 Nov 2026."""
    day = local_date(value)
    if day is None:
        return "—"
    if is_chinese():
        return f"{day.year}年{day.month}月{day.day}日 {WEEKDAYS_ZH_LONG[day.weekday()]}"
    return f"{WEEKDAYS_EN[day.weekday()]} {day.day} {MONTHS_EN[day.month - 1]} {day.year}"


def month_words(value: Any) -> str:
    """2026年10月, or Oct 2026, from a date or a "2026-10" text."""
    if isinstance(value, str):
        year, month = (int(part) for part in value.split("-")[:2])
    else:
        day = local_date(value)
        if day is None:
            return "—"
        year, month = day.year, day.month
    return f"{year}年{month}月" if is_chinese() else f"{MONTHS_EN[month - 1]} {year}"


def plain(value: Any) -> Any:
    """What a value is in an export: text, number, date or None; lists are joined by 、 (or a comma)."""
    if isinstance(value, Number):
        return value.value
    if isinstance(value, Link):
        return str(value.text)
    if isinstance(value, Marked):
        return value.words
    if isinstance(value, Due):
        at = value.at if isinstance(value.at, str) else formatted_day(value.at)
        return " ".join(part for part in (at, str(value.label)) if part)
    if isinstance(value, (list, tuple)):
        return ("、" if is_chinese() else ", ").join(str(plain(item)) for item in value)
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None)
    return value


def formatted_day(value: date | datetime | None) -> str:
    """2026-11-20, as lists write dates; empty for None."""
    day = local_date(value)
    return day.isoformat() if day else ""


def formatted_number(value: Any) -> str:
    """Whole numbers with a thousands comma; "—" for None."""
    if value is None:
        return "—"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return f"{value:,}"


def attribute(path: str) -> Callable[[Any], Any]:
    """A reader of `a.b.c` or `a__b__c` on a row; calls what can be called, None where the way breaks off."""
    parts = path.replace("__", ".").split(".")

    def read(row: Any) -> Any:
        for part in parts:
            row = row.get(part) if isinstance(row, dict) else getattr(row, part, None)
            if callable(row):
                row = row()
            if row is None:
                return None
        return row

    return read
