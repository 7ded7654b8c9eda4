"""A page of one of the three lists: the rows come from the database already cut, filtered and in order."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpRequest

from shiyu.plans.queries.list_kept import Line, PagedLists
from shiyu.plans.queries.list_lines import Wanted
from shiyu.ui.columns import ListSpec
from shiyu.ui.lists import COUNT_STOP, EXPORT_STOP, BasePage
from shiyu.ui.values import formatted_number


class CutPage(BasePage):
    """One list; `?page=` counts its pages from 1. Rows and counts are asked of `lists`, one page at a time."""

    def __init__(
        self, request: HttpRequest, spec: ListSpec, lists: PagedLists, tab: str, form: forms.Form, **more: Any
    ) -> None:
        super().__init__(request, spec, **more)
        self._lists, self._tab, self._form = lists, tab, form

    @cached_property
    def filter_form(self) -> forms.Form | None:
        return self._form

    @cached_property
    def wanted(self) -> Wanted:
        """The filters and the order of the address."""
        self._form.is_valid()
        given = getattr(self._form, "cleaned_data", {})
        sort = str(self.query.get("sort", ""))
        return Wanted(
            block=given.get("block") or "",
            role=given.get("role") or "",
            mark=given.get("mark") or "",
            words=given.get("q") or "",
            in_measures=self._tab != "progress",
            sort=sort if self.spec.column(sort.lstrip("-")) is not None else "",
        )

    def _read(self, number: int) -> Sequence[Line]:
        """A page and one row more, which tells whether another page follows."""
        start = (number - 1) * self.spec.page_size
        return self._lists.rows(self._tab, self.wanted, start, start + self.spec.page_size + 1)

    @cached_property
    def _page(self) -> tuple[int, Sequence[Line]]:
        """The number of the page asked for and its rows; beyond the end it is the last page."""
        asked = self.request.GET.get("page", "1")
        number = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
        rows = self._read(number)
        if not rows and number > 1:
            count = self._lists.count(self._tab, self.wanted, number * self.spec.page_size)
            number = max(1, -(-count // self.spec.page_size))
            rows = self._read(number)
        return number, rows

    @property
    def page_number(self) -> int:
        return self._page[0]

    @property
    def first(self) -> int:
        return (self.page_number - 1) * self.spec.page_size + 1

    @property
    def rows(self) -> Sequence[Line]:
        return self._page[1][: self.spec.page_size]

    @cached_property
    def count_words(self) -> str:
        return count_words(self._lists.count(self._tab, self.wanted))

    @property
    def pages(self) -> dict[str, dict[str, str]]:
        found = {}
        if self.page_number > 1:
            found["previous"] = {"page": str(self.page_number - 1)}
        if len(self._page[1]) > self.spec.page_size:
            found["next"] = {"page": str(self.page_number + 1)}
        return found

    def all_rows(self, stop: int = EXPORT_STOP) -> Iterable[Line]:
        return self._lists.rows(self._tab, self.wanted, 0, stop)


def count_words(count: int) -> str:
    """A number of rows; counting stops at 1,000+."""
    return f"{COUNT_STOP:,}+" if count > COUNT_STOP else str(formatted_number(count))
