"""Tags and filters of every page: marks with words, numbers that open their rows, dates, filter links."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shiyu.ui import islands, values
from shiyu.ui.columns import Column
from shiyu.ui.forms import PLACES

register = template.Library()

# The words that go with each mark where the page gives none (status never by shape or colour alone).
MARKS = {
    "done": _("Done"),
    "on": _("On schedule"),
    "behind": _("Behind"),
    "late": _("Overdue"),
    "none": _("Not started"),
    "plan": _("Planned completion"),
    "clock": _("Due soon"),
    "new": _("New"),
    "doubt": _("In doubt"),
    "ban": _("Not possible now"),
    "back": _("Returned"),
    "bar": "",
}


@lru_cache(maxsize=64)
def svg(name: str) -> SafeString:
    """The 12 px symbol alone, hidden from screen readers."""
    if name not in MARKS:
        raise template.TemplateSyntaxError(f"mark: no symbol {name!r}; known: {', '.join(MARKS)}")
    return format_html(
        '<svg class="m" aria-hidden="true"><use href="{}#{}"/></svg>', static("ui/marks.svg"), name
    )


@register.simple_tag
def mark(name: str, label: Any = "") -> SafeString:
    """Symbol and word. Without a label only the symbol is drawn: the page writes the word itself."""
    return format_html("{} {}", svg(name), label) if label else svg(name)


@register.simple_tag
def mark_only(name: str, label: Any = "") -> SafeString:
    """Symbol with its word for screen readers and as a tool-tip, where only the mark fits (wall, tiles)."""
    word = label or MARKS[name]
    return format_html('<span title="{}">{}<span class="vh">{}</span></span>', word, svg(name), word)


@register.simple_tag
def num(value: Any, url: str | None = None, late: bool = False, label: Any = "") -> SafeString:
    """A number that opens the rows behind it; red only where it counts overdue; "—" where it has no base."""
    if isinstance(value, values.Number):
        value, url, late, label = value.value, value.url or url, value.late, value.label or label
    text = values.formatted_number(value)
    if value is None or not url:
        return escape(text)
    css = "n late" if late and value else "n"
    if label:
        return format_html('<a class="{}" href="{}" aria-label="{} {}">{}</a>', css, url, label, text, text)
    return format_html('<a class="{}" href="{}">{}</a>', css, url, text)


@register.simple_tag
def due(value: values.Due | None) -> SafeString:
    """A deadline in two lines: what is left (with its mark), and the day."""
    if value is None:
        return mark_safe("—")
    symbol = {"late": "late", "soon": "clock"}.get(value.state)
    head = format_html("{} {}", svg(symbol), value.label) if symbol else escape(value.label)
    css = f"left {value.state}" if symbol else "left"
    if value.at is None:
        return format_html('<span class="{}">{}</span>', css, head)
    day = value.at if isinstance(value.at, str) else values.day_words(value.at)
    return format_html('<span class="{}">{}</span><span class="mut sm nw">{}</span>', css, head, day)


@register.simple_tag
def due_cell(value: values.Due | None) -> SafeString:
    """A deadline in a list: the date first, what is left beneath it."""
    if value is None:
        return mark_safe("—")
    symbol = {"late": "late", "soon": "clock"}.get(value.state)
    left = format_html("{} {}", svg(symbol), value.label) if symbol else escape(value.label)
    css = value.state if symbol else "mut"
    day = value.at if isinstance(value.at, str) else values.formatted_day(value.at) or "—"
    return format_html('<span class="nw">{}</span><br><span class="{} sm nw">{}</span>', day, css, left)


@register.simple_tag
def units(names: Any, self_name: str = "") -> SafeString:
    """Unit names that never break, joined by 、 (comma in English); the reader's own unit in bold."""
    names = list(names or ())
    if not names:
        return mark_safe("—")
    joint = "、" if values.is_chinese() else ", "
    parts = (("u self" if self_name and str(name) == self_name else "u", name) for name in names)
    return format_html_join(joint, '<span class="{}">{}</span>', parts)


@register.filter
def dash(value: Any) -> Any:
    """The value, or "—" where there is none (0 stays 0)."""
    return "—" if value is None or value == "" else value


register.filter("day", values.day_words)
register.filter("long_day", values.long_day_words)
register.filter("month", values.month_words)
register.filter("number", values.formatted_number)


@register.filter
def iso(value: Any) -> str:
    """2026-11-20, the date of lists; "—" for none."""
    return values.formatted_day(value) or "—"


@register.filter
def month_day(value: Any) -> str:
    """11-20, the date inside one matter, with its year where that is another; "—" for none."""
    return values.short_day(value) or "—"


@register.filter
def moment(value: Any) -> str:
    """2026-11-20 14:30 in the office's time zone; "—" for none."""
    shown = values.plain(value)
    return shown.strftime("%Y-%m-%d %H:%M") if shown else "—"


@register.filter
def width_of(value: Any, full: Any) -> str:
    """value × full, for the width of an SVG bar; value is a share from 0 to 1 (None counts as 0)."""
    return f"{max(0.0, min(1.0, float(value or 0))) * float(full):.1f}"


@register.simple_tag
def page_lang() -> str:
    """The lang attribute of the page: zh-Hans or en."""
    return "zh-Hans" if values.is_chinese() else (get_language() or "en")


@register.simple_tag(takes_context=True)
def query_replace(context: Context, **changes: Any) -> str:
    """The page's own query string with some parameters changed, None taking one out; paging starts over."""
    query = context["request"].GET.copy()
    for key in ("after", "before", "page", "export", "print"):
        if key not in changes:
            query.pop(key, None)
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else context["request"].path


@register.simple_tag
def island(name: str) -> SafeString:
    """Script (and style) of a built island; says how to build it where the build is missing."""
    return islands.tags(name)


@register.inclusion_tag("ui/_progress.html")
def progress(share: float | None, text: Any = "", url: str = "", width: int = 120) -> dict[str, Any]:
    """A bar with its words. With `url` the page asks that address every two seconds until it is done."""
    done = f"{max(0.0, min(1.0, share or 0.0)) * width:.1f}"
    return {"done": done, "text": text, "url": url, "width": width, "percent": round((share or 0) * 100)}


@register.simple_tag(takes_context=True)
def cells(context: Context, page: Any, row: Any) -> SafeString:
    """All cells of a row of a list: a page has hundreds, and a template of its own for each would cost more than
    their rows."""
    shown = ((start, conditional_escape(cell(context, column, row))) for column, start in page.cell_starts)
    # An empty cell says so: on a phone, where each stands on a line of its own, it is left out.
    whole = (start + text if text else start.replace('class="', 'class="nil ', 1) for start, text in shown)
    return mark_safe("</div></td>".join(whole) + "</div></td>")


@register.simple_tag(takes_context=True)
def cell(context: Context, column: Column, row: Any) -> SafeString | str:
    """One cell of a list: the column's own template, or its value written as its type asks."""
    value = column.read(row)
    if column.template:
        engine = context.template.engine  # type: ignore[union-attr]
        with context.push(row=row, value=value, column=column):
            return engine.get_template(column.template).render(context)
    url = column.link(row) if column.link else None
    if isinstance(value, values.Link):
        value, url = value.text, value.url or url
    shown = written(value, str(context.get("self_unit") or ""))
    if url and not isinstance(value, values.Number):
        shown = format_html('<a href="{}">{}</a>', url, shown)
    return format_html('<div class="cl">{}</div>', shown) if column.clamp else shown


def written(value: Any, self_unit: str = "") -> SafeString | str:
    """A value as a list cell shows it."""
    if value is None:
        return "—"
    if isinstance(value, values.Number):
        return num(value)
    if isinstance(value, values.Due):
        return due_cell(value)
    if isinstance(value, values.Marked):
        return mark(value.mark, value.words)
    if isinstance(value, (list, tuple)):
        return units(value, self_unit)
    if hasattr(value, "isoformat"):
        return values.formatted_day(value)
    return escape(value if isinstance(value, str) else values.formatted_number(value))


@register.filter
def place(key: str) -> Any:
    """The word for a place an error names: file, sheet, row, column, value."""
    return PLACES.get(key, key)
