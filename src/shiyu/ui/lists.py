"""List pages: declared columns and orders, filters in the URL, paging by key, export, print, totals.

A page says what it shows (`ListSpec`), gives the rows, and answers with `respond_list`. Rows come as a
queryset (`ListPage`: one query for the page, one bounded count) or as computed dataclasses (`TablePage`).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shiyu.ui import keyset, sheets, values
from shiyu.ui.columns import BulkAction, Column, ListSpec, View
from shiyu.ui.context import url_or_none

__all__ = ["BulkAction", "Column", "ListPage", "ListSpec", "TablePage", "View", "respond_list"]

COUNT_STOP = 1_000  # counts stop at "1,000+": nobody reads further, and the database need not count on
EXPORT_STOP = 50_000  # rows in one export
PRINT_STOP = 3_000  # rows in one print
PAGING = ("after", "before", "page", "export", "print")


class BasePage(ABC):
    """What both kinds of list share: query, columns, filters, order, views, exports."""

    def __init__(
        self,
        request: HttpRequest,
        spec: ListSpec,
        *,
        foot: Sequence[values.Number] = (),
        saved: Sequence[View] = (),
        bulk: Sequence[BulkAction] = (),
        note: Any = "",
    ) -> None:
        self.request, self.spec = request, spec
        self.foot, self.saved, self.bulk, self.note = foot, saved, bulk, note
        self.query = self._with_defaults(request.GET)
        asked = self.query.get("sort", spec.default_sort)
        if spec.column(asked.lstrip("-")) is None:
            asked = spec.default_sort
        self.sort_key, self.descending = asked.lstrip("-"), asked.startswith("-")

    def _with_defaults(self, given: QueryDict) -> QueryDict:
        query = given.copy()
        for key, value in self.spec.defaults.items():
            if key not in given:
                query[key] = value
        return query

    @cached_property
    def columns(self) -> list[Column]:
        return [c for c in self.spec.columns if c.screen]

    @cached_property
    def cell_starts(self) -> list[tuple[Column, SafeString]]:
        """The columns, each with how its cells begin: the same in every row."""
        return [
            (
                column,
                format_html(
                    '<td class="{}{}{}{}" data-l="{}"><div>',
                    "f " if column.frozen else "",
                    column.align,
                    " h2" if column.short else "",
                    "" if column.phone else " hide",
                    column.label,
                ),
            )
            for column in self.columns
        ]

    @property
    def total_width(self) -> int | None:
        """Width of the table in px where every column has one: a wide list that scrolls sideways."""
        widths = [c.width for c in self.columns]
        return sum(widths) + (36 if self.bulk else 0) if all(widths) else None

    @property
    def shares(self) -> list[int]:
        """Widths of the columns in percent, for print; a column without a width counts as 200 px."""
        widths = [c.width or 200 for c in self.columns]
        return [max(2, round(100 * w / sum(widths))) for w in widths]

    @property
    def frozen_count(self) -> int:
        return sum(c.frozen for c in self.columns)

    @property
    def hidden_to_the_right(self) -> list[Any]:
        """Labels of the columns beyond a 1334 px screen, for the foot."""
        at, beyond = 0, []
        for column in self.columns:
            at += column.width
            if at > 1334:
                beyond.append(column.label)
        return beyond if self.total_width else []

    @property
    @abstractmethod
    def filter_form(self) -> forms.Form | None:
        """The form of the filters; None where the list has none."""

    @property
    def is_filtered(self) -> bool:
        form = self.filter_form
        return form is not None and any(self.query.get(name) for name in form.fields)

    @property
    def filter_count(self) -> int:
        """How many filters the person has set; defaults do not count."""
        form = self.filter_form
        names = form.fields if form is not None else {}
        return sum(
            bool(value) and value != self.spec.defaults.get(name)
            for name in names
            if (value := self.query.get(name)) is not None
        )

    @property
    def clear_url(self) -> str:
        """Back to the defaults; where only the defaults filter, to everything."""
        names = self.filter_form.fields if self.filter_form else ()
        if any(self.request.GET.get(name) for name in names) or not self.spec.defaults:
            return self.request.path
        return f"{self.request.path}?" + "&".join(f"{key}=" for key in self.spec.defaults)

    def carried(self) -> list[tuple[str, str]]:
        """Parameters the filter form must keep: those of the page that are no filter and no paging."""
        names = set(self.filter_form.fields) if self.filter_form else set()
        return [
            (key, value)
            for key, given in self.request.GET.lists()
            if key not in names and key not in PAGING
            for value in given
        ]

    @cached_property
    def views(self) -> list[tuple[View, bool]]:
        """Built-in and kept views (`request.saved_views`, by the list's key), each with whether it is now shown."""
        here = comparable(self.request.GET)
        kept = getattr(self.request, "saved_views", None)
        own = kept(self.spec.key) if kept else ()
        return [(v, comparable(QueryDict(v.query)) == here) for v in (*self.spec.views, *self.saved, *own)]

    @property
    def save_url(self) -> str | None:
        """Where a view is saved (POST: list, path, query, name), None while no app offers it."""
        return url_or_none("saved_view_save")

    @property
    def query_string(self) -> str:
        """The filters and order now in force, as they are saved and exported."""
        query = self.request.GET.copy()
        for key in PAGING:
            query.pop(key, None)
        return query.urlencode()

    @abstractmethod
    def all_rows(self, stop: int) -> Iterable[Any]:
        """Every row of the filtered list in its order, at most `stop`."""

    def sheet(self) -> tuple[list[sheets.SheetColumn], Iterable[list[Any]]]:
        """Columns and rows of the export: what is shown, all pages."""
        columns = [c for c in self.spec.columns if c.export]
        heads = [
            sheets.SheetColumn(str(c.label), c.export_width or max(8, c.width // 8 or 24)) for c in columns
        ]
        return heads, ([c.exported(row) for c in columns] for row in self.all_rows(EXPORT_STOP))

    @property
    def export_note(self) -> str:
        """When it was made and under which filter."""
        made = values.plain(timezone.now()).strftime("%Y-%m-%d %H:%M")
        parts = [_("Made %(when)s") % {"when": made}]
        if self.is_filtered and self.filter_form is not None:
            parts += [
                f"{f.label}: {shown_choice(f)}" for f in self.filter_form if self.query.get(f.html_name)
            ]
        return "; ".join(parts)


class ListPage(BasePage):
    """A list over a queryset: one query for the page, one for the bounded count."""

    def __init__(
        self,
        request: HttpRequest,
        spec: ListSpec,
        rows: QuerySet[Any],
        *,
        parts: Sequence[QuerySet[Any]] = (),
        **more: Any,
    ) -> None:
        """`parts` together hold the rows, each read by an index of its own (keyset.Source); none where one index does."""
        super().__init__(request, spec, **more)
        self._given, self._parts = rows, parts

    @cached_property
    def filterset(self) -> Any:
        if self.spec.filterset is None:
            return None
        return self.spec.filterset(self.query, queryset=self._given, request=self.request)

    @cached_property
    def filter_form(self) -> forms.Form | None:
        return self.filterset.form if self.filterset is not None else None

    @cached_property
    def filtered(self) -> QuerySet[Any]:
        return self.filterset.qs if self.filterset is not None else self._given

    @property
    def terms(self) -> list[keyset.Term]:
        column = self.spec.column(self.sort_key)
        assert column is not None, f"{self.spec.key}: default_sort must name a column with sort"
        order = (column.sort,) if isinstance(column.sort, (str, Combinable)) else tuple(column.sort)
        return keyset.terms_of(order, self.descending)

    @cached_property
    def slice(self) -> keyset.Slice:
        return keyset.read_slice(
            self.filtered,
            self.terms,
            self.spec.page_size,
            after=self.request.GET.get("after", ""),
            before=self.request.GET.get("before", ""),
            parts=self.parts,
        )

    @cached_property
    def parts(self) -> list[QuerySet[Any]]:
        """The parts of the rows under the filter."""
        rows = self.filtered  # checks the filter as well
        if rows.query.is_empty() or self.filterset is None:
            return []
        return [self.filterset.filter_queryset(part) for part in self._parts]

    @cached_property
    def rows(self) -> list[Any]:
        return self.slice.rows

    @property
    def first(self) -> int:
        return self.slice.first

    @cached_property
    def count(self) -> int:
        """Rows under the filter, stopping one past COUNT_STOP; not asked where one page holds all."""
        alone = self.slice.after is None and self.slice.before is None and self.slice.first == 1
        if alone:
            return len(self.rows)
        rows = self.filtered.order_by().values("pk")
        if self.parts:
            first, *others = (part.order_by().values("pk") for part in self.parts)
            rows = first.union(*others)
        return rows[: COUNT_STOP + 1].count()

    @property
    def count_words(self) -> str:
        return f"{COUNT_STOP:,}+" if self.count > COUNT_STOP else f"{self.count:,}"

    @property
    def pages(self) -> dict[str, dict[str, str]]:
        """Query changes for the neighbouring pages."""
        found = {}
        if self.slice.before:
            found["previous"] = {"before": self.slice.before}
        if self.slice.after:
            found["next"] = {"after": self.slice.after}
        return found

    def all_rows(self, stop: int) -> Iterable[Any]:
        rows = keyset.ordered(self.filtered, self.terms)[:stop]
        return rows.iterator(chunk_size=500)


class TablePage(BasePage):
    """A list over rows computed in Python (the three lists). `form` is a plain Form class; `keep` applies its
    cleaned data: (rows, cleaned data) → rows. Pages are counted from 1 in `?page=`."""

    def __init__(
        self,
        request: HttpRequest,
        spec: ListSpec,
        rows: Sequence[Any],
        *,
        form: type[forms.Form] | forms.Form | None = None,
        keep: Callable[[Sequence[Any], dict[str, Any]], Iterable[Any]] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(request, spec, **more)
        self._given, self._form, self._keep = rows, form, keep

    @cached_property
    def filter_form(self) -> forms.Form | None:
        return self._form(self.query) if isinstance(self._form, type) else self._form

    @cached_property
    def filtered(self) -> list[Any]:
        """All rows under the filter, in order. A column's sort True means its value; None comes last."""
        rows: Iterable[Any] = self._given
        form = self.filter_form
        if form is not None and self._keep is not None:
            form.is_valid()
            rows = self._keep(self._given, getattr(form, "cleaned_data", {}))
        column = self.spec.column(self.sort_key)
        if column is None or ("sort" not in self.query and not self.descending):
            return list(rows)
        key = column.sort if callable(column.sort) else column.exported
        keyed = [(key(row), row) for row in rows]
        full = sorted((p for p in keyed if p[0] is not None), key=lambda p: p[0], reverse=self.descending)
        return [row for _, row in full] + [row for key, row in keyed if key is None]

    @property
    def page_number(self) -> int:
        asked = self.request.GET.get("page", "1")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
        return max(1, min(number, self.page_count))

    @property
    def page_count(self) -> int:
        return max(1, -(-len(self.filtered) // self.spec.page_size))

    @property
    def first(self) -> int:
        return (self.page_number - 1) * self.spec.page_size + 1

    @property
    def rows(self) -> list[Any]:
        return self.filtered[self.first - 1 : self.first - 1 + self.spec.page_size]

    @property
    def count(self) -> int:
        return len(self.filtered)

    @property
    def count_words(self) -> str:
        return f"{self.count:,}"

    @property
    def pages(self) -> dict[str, dict[str, str]]:
        found = {}
        if self.page_number > 1:
            found["previous"] = {"page": str(self.page_number - 1)}
        if self.page_number < self.page_count:
            found["next"] = {"page": str(self.page_number + 1)}
        return found

    def all_rows(self, stop: int) -> Iterable[Any]:
        return self.filtered[:stop]


def comparable(query: QueryDict) -> list[tuple[str, str]]:
    """A query without paging and empty values, in a fixed order."""
    pairs = ((k, v) for k, given in query.lists() for v in given)
    return sorted((k, v) for k, v in pairs if v and k not in PAGING)


def shown_choice(bound: forms.BoundField) -> str:
    """The words of a filter's value, as the person sees them."""
    value = bound.value()
    chosen = [str(v) for v in (value if isinstance(value, (list, tuple)) else [value])]
    choices = {
        str(k): str(v) for k, v in getattr(bound.field, "choices", ()) if not isinstance(v, (list, tuple))
    }
    return "、".join(choices.get(v, v) for v in chosen)


def respond_list(
    request: HttpRequest,
    page: BasePage,
    template: str = "ui/list.html",
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """The list as a page, or what `?export=xlsx|csv` or `?print=1` asks for. The template gets `page`."""
    title = str(page.spec.title)
    export = request.GET.get("export")
    if export == "xlsx":
        heads, rows = page.sheet()
        content = sheets.write_xlsx(title, heads, rows, note=page.export_note, paper=page.spec.paper)
        return sheets.as_download(content, f"{title}.xlsx", sheets.XLSX)
    if export == "csv":
        return sheets.as_download(sheets.write_csv(*page.sheet()), f"{title}.csv", "text/csv; charset=utf-8")
    if request.GET.get("print"):
        rows = list(page.all_rows(PRINT_STOP))
        shown = {**(context or {}), "page": page, "rows": rows, "paper": page.spec.paper}
        return render(request, "ui/print_list.html", shown)
    return render(request, template, {**(context or {}), "page": page})
