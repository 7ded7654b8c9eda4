"""Lists over HTTP: the filters and orders of the page (its ListSpec), paged by signed cursors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shiyu.exchange.api.errors import Invalid
from shiyu.ui import keyset
from shiyu.ui.columns import Column, ListSpec
from shiyu.ui.lists import ListPage

DEFAULT_LIMIT, MOST = 50, 200
OWN = ("sort", "limit", "cursor")
"""What every list takes beside its filters."""
Word = str | int | float | bool | None


@dataclass(frozen=True)
class Cut:
    """One page of a list: its rows, the cursors of its neighbours, and the one with which to go on after its last row
    another day, when there may be more."""

    rows: list[Any]
    next: str | None = None
    previous: str | None = None
    resume: str | None = None


class CursorPage(ListPage):
    """The list page with the cursor of the API instead of the addresses of the page."""

    @cached_property
    def slice(self) -> keyset.Slice:
        way, token = read_cursor(self.request)
        return keyset.read_slice(
            self.filtered,
            self.terms,
            self.spec.page_size,
            after=token if way == "after" else "",
            before=token if way == "before" else "",
            parts=self.parts,
        )

    @property
    def end(self) -> str | None:
        """Where the page ends, also where nothing follows yet; of an empty page where it began."""
        if not self.slice.rows:
            way, token = read_cursor(self.request)
            return token if way == "after" else None
        ordinal = self.slice.first + len(self.slice.rows) - 1
        return keyset.token(self.slice.rows[-1], len(self.terms), ordinal)


def cut(
    request: HttpRequest, spec: ListSpec, rows: QuerySet[Any], parts: Sequence[QuerySet[Any]] = ()
) -> Cut:
    """A page of the list under the filters of the address; `parts` as the page has them (ui.lists). Only a list whose
    newest rows come last can be resumed. Raises Invalid for an unknown parameter, a value no filter knows, an order the
    list does not have, a limit outside 1 to 200, a cursor of another list."""
    limit = read_limit(request)
    page = CursorPage(request, replace(spec, page_size=limit), rows, parts=parts)
    form = page.filter_form
    check_query(request, form.fields if form is not None else (), spec)
    if form is not None and not form.is_valid():
        raise Invalid(faults_of(form.errors.get_json_data()))
    found = page.slice
    return Cut(
        found.rows,
        cursor_of(request, "after", found.after),
        cursor_of(request, "before", found.before),
        cursor_of(request, "after", page.end) if request.GET.get("sort", spec.default_sort) == "id" else None,
    )


def check_query(request: HttpRequest, filters: Iterable[str], spec: ListSpec | None = None) -> None:
    """Refuses parameters nobody reads: a filter with a slip of the pen would give everything."""
    known = {*filters, *OWN}
    faults = [(name, _("There is no such parameter.")) for name in request.GET if name not in known]
    sort = request.GET.get("sort")
    if spec is not None and sort is not None and spec.column(sort.removeprefix("-")) is None:
        columns = ", ".join(column.key for column in spec.columns if column.sort)
        faults.append(
            ("sort", _("Sorted by one of: %(columns)s; “-” before it turns it round.") % {"columns": columns})
        )
    if faults:
        raise Invalid(faults)


def read_limit(request: HttpRequest) -> int:
    """How many rows a page has."""
    asked = request.GET.get("limit", str(DEFAULT_LIMIT))
    if not (asked.isascii() and asked.isdigit() and len(asked) < 4 and 1 <= int(asked) <= MOST):
        raise Invalid([("limit", _("Write a whole number from 1 to 200."))])
    return int(asked)


def cursor_of(request: HttpRequest, way: str, token: str | None) -> str | None:
    """A cursor that only this list in this order takes: signed, because its content goes into a query."""
    return signing.dumps([way, token], salt=_salt(request), compress=True) if token else None


def read_cursor(request: HttpRequest) -> tuple[str, str]:
    """Direction and place of the cursor asked for; two empty texts for the first page."""
    asked = request.GET.get("cursor", "")
    if not asked:
        return "", ""
    try:
        way, token = signing.loads(asked, salt=_salt(request))
    except (signing.BadSignature, ValueError, TypeError):
        raise Invalid(
            [("cursor", _("This cursor is not one of this list in this order; begin again without."))]
        ) from None
    return way, token


def _salt(request: HttpRequest) -> str:
    """Closed matters come in another order than open ones, so `show` belongs to it."""
    return f"api cursor {request.path} {request.GET.get('sort', '')} {request.GET.get('show', '')}"


def faults_of(errors: Mapping[str, Any], names: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """A Django form's errors as (field, sentence); `names` says what a field is called in the request."""
    return [
        ((names or {}).get(field, field).replace("__all__", ""), row["message"])
        for field, rows in errors.items()
        for row in rows
    ]


def words_of(columns: Iterable[Column], row: Any) -> dict[str, Word]:
    """What the page's columns show of a row, in the language asked for."""
    return {column.key: _plain(column.exported(row)) for column in columns if column.screen}


def _plain(value: Any) -> Word:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
