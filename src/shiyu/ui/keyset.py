"""Paging by key: a page starts after the last row's sort values, so page 400 costs what page 1 costs."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldError, ValidationError
from django.db import DataError
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable


@dataclass(frozen=True)
class Term:
    """One part of an order: a field path or an expression, and its direction. NULLs come last either way."""

    expression: str | Combinable
    descending: bool = False


@dataclass(frozen=True)
class Slice:
    """Rows of one page, with the tokens of its neighbours (None at the ends) and the first row's ordinal."""

    rows: list[Any]
    after: str | None
    before: str | None
    first: int


def terms_of(order: tuple[str | Combinable, ...], descending: bool) -> list[Term]:
    """Terms of a declared order; "-field" turns one term round, `descending` turns all."""
    terms = []
    for part in order:
        turned = isinstance(part, str) and part.startswith("-")
        expression = part[1:] if turned else part  # type: ignore[index]
        terms.append(Term(expression, turned != descending))
    return terms


def ordered(rows: QuerySet[Any], terms: list[Term]) -> QuerySet[Any]:
    """The rows in this order, made total by the primary key; sort values are annotated as k0, k1 …"""
    rows = rows.annotate(**{f"k{i}": as_expression(t.expression) for i, t in enumerate(terms)})
    return rows.order_by(*directions(len(terms), [t.descending for t in terms]))


def as_expression(expression: str | Combinable) -> Combinable:
    return F(expression) if isinstance(expression, str) else expression


def directions(count: int, descending: list[bool], *, turned: bool = False) -> list[Any]:
    """ORDER BY parts for k0…, then the key; `turned` reads backwards (NULLs first then)."""
    parts: list[Any] = []
    for i in range(count):
        down = descending[i] != turned
        nulls = {"nulls_first": True} if turned else {"nulls_last": True}
        parts.append(F(f"k{i}").desc(**nulls) if down else F(f"k{i}").asc(**nulls))
    return [*parts, "-pk" if turned else "pk"]


def beyond(terms: list[Term], values: list[Any], pk: Any, *, backwards: bool) -> Q:
    """Rows strictly after (before) the row with these sort values and key, NULLs last."""
    found = Q()
    same = Q()
    for i, (term, value) in enumerate(zip(terms, values, strict=True)):
        key = f"k{i}"
        down = term.descending != backwards
        if value is None:
            step = Q(**{f"{key}__isnull": False}) if backwards else None
            equal = Q(**{f"{key}__isnull": True})
        else:
            step = Q(**{f"{key}__{'lt' if down else 'gt'}": value})
            if not backwards:
                step |= Q(**{f"{key}__isnull": True})
            equal = Q(**{key: value})
        if step is not None:
            found |= same & step
        same &= equal
    return found | (same & Q(**{"pk__lt" if backwards else "pk__gt": pk}))


def token(row: Any, count: int, ordinal: int) -> str:
    """Where a page ends (or begins), for the URL: ordinal, sort values and key of that row."""
    values = [portable(getattr(row, f"k{i}")) for i in range(count)]
    packed = json.dumps([ordinal, *values, portable(row.pk)], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def portable(value: Any) -> Any:
    """JSON form of a sort value; the field turns texts back into dates, numbers and UUIDs."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def parse(text: str, count: int) -> tuple[int, list[Any], Any] | None:
    """Ordinal, values and key of a token; None where it is not one of ours (the list then starts over)."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(parts, list) or len(parts) != count + 2 or type(parts[0]) is not int:
        return None
    if any(isinstance(p, (list, dict)) or (isinstance(p, str) and "\x00" in p) for p in parts):
        return None
    return parts[0], parts[1:-1], parts[-1]


@dataclass(frozen=True)
class Source:
    """Ordered rows, and how the first of them are read. Where `parts` are given, which together hold the rows, keys are
    read from each by an index of its own, and rows by their keys: what an OR of the parts would visit is not visited."""

    rows: QuerySet[Any]
    terms: list[Term]
    parts: Sequence[QuerySet[Any]] = ()

    def first(self, count: int, *where: Q, turned: bool = False) -> list[Any]:
        """The first rows under these conditions, `turned` the last ones backwards. One query, two with parts."""
        order = directions(len(self.terms), [t.descending for t in self.terms], turned=turned)
        if not self.parts:
            return list(self.rows.filter(*where).order_by(*order)[:count])
        names = [f"k{i}" for i in range(len(self.terms))]
        first, *others = (
            ordered(part, self.terms).filter(*where).order_by().values_list(*names, "pk")
            for part in self.parts
        )
        keys = [row[-1] for row in first.union(*others).order_by(*order)[:count]]
        found = {row.pk: row for row in self.rows.filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]


def read_slice(
    rows: QuerySet[Any],
    terms: list[Term],
    size: int,
    *,
    after: str = "",
    before: str = "",
    parts: Sequence[QuerySet[Any]] = (),
) -> Slice:
    """One page of `size` rows in one query, two near the end of a nullable order. A token that does not fit is ignored: the
    first page comes. `parts` are as in `Source`."""
    backwards = bool(before and not after)
    start = parse(after or before, len(terms)) if (after or before) else None
    source = Source(ordered(rows, terms), terms, parts)
    if start is not None:
        try:
            return read_from(source, size, start, backwards=backwards)
        except (ValidationError, ValueError, TypeError, FieldError, DataError, OverflowError):
            pass
    found = source.first(size + 1)
    more = len(found) > size
    found = found[:size]
    return Slice(found, token(found[-1], len(terms), len(found)) if more else None, None, 1)


def read_from(source: Source, size: int, start: tuple[int, list[Any], Any], *, backwards: bool) -> Slice:
    """The page after, or before, a token's row."""
    ordinal, values, pk = start
    terms = source.terms
    past = beyond(terms, values, pk, backwards=backwards)
    if not values or values[0] is None:
        found = source.first(size + 1, past, turned=backwards)
    else:
        # The bound says nothing new, but an index begins to read there; the rows without a value are asked for apart.
        side = "lte" if terms[0].descending != backwards else "gte"
        found = source.first(size + 1, past, Q(**{f"k0__{side}": values[0]}), turned=backwards)
        if len(found) <= size and not backwards:
            found += source.first(size + 1 - len(found), Q(k0__isnull=True))
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
        first = max(1, ordinal - len(found))
        earlier, later = more, True
    else:
        first = ordinal + 1
        earlier, later = True, more
    if not found:
        return Slice([], None, None, first)
    count = len(terms)
    return Slice(
        rows=found,
        after=token(found[-1], count, first + len(found) - 1) if later else None,
        before=token(found[0], count, first) if earlier else None,
        first=first,
    )
