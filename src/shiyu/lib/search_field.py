"""The stored words of a row that search asks: written with the row, never read back.

An app declares `search = SearchField("code", "title", "text")` and a GIN index on it; every save and bulk_create of
its actions then writes the words, and `rows.filter(search__matches=words)` asks the index. `update_fields` naming a
source takes the column along (`Searched`). What does not pass through a row's save (QuerySet.update of a source)
would leave old words behind: `rows_with_old_words` finds such rows, and a test asks it.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

from django.db import models
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from shiyu.lib.search_text import index_literal, query_literal

M = TypeVar("M", bound=models.Model)


class SearchField(models.TextField):
    """A tsvector of the named fields of the same row. Reads as an empty text: nobody needs the words again, and
    lists would carry them with every row."""

    def __init__(self, *sources: str, **more: Any) -> None:
        self.sources = sources
        super().__init__(**{**more, "editable": False, "default": ""})

    def deconstruct(self) -> Any:
        """For migrations: the sources are positional."""
        name, path, args, more = super().deconstruct()
        del more["editable"], more["default"]
        return name, path, [*args, *self.sources], more

    def db_type(self, connection: Any) -> str:
        """PostgreSQL's type of the column."""
        return "tsvector"

    def pre_save(self, instance: models.Model, add: bool) -> str:
        """The words of the row as it is now."""
        return index_literal(str(getattr(instance, source) or "") for source in self.sources)

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        """Rows are read without their words."""
        return "''", ()


@SearchField.register_lookup
class Matches(models.Lookup):  # type: ignore[type-arg]
    """`search__matches="安全 整改"`: all terms, each as it stands. Nothing matches a query without a word in it."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """`column @@ query`, which the GIN index answers."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", (*params, query_literal(str(self.rhs)))


class Searched(models.Model):
    """A row with a SearchField called `search`: saving a source saves the words as well."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **more: Any) -> None:
        """As Django's; `update_fields` that names a source of the words gets `search` added."""
        fields = more.get("update_fields")
        if fields is not None and set(fields) & set(sources_of(type(self))):
            more["update_fields"] = {*fields, "search"}
        super().save(*args, **more)


def sources_of(model: type[models.Model]) -> tuple[str, ...]:
    """The fields whose words a model keeps."""
    field = model._meta.get_field("search")
    return field.sources if isinstance(field, SearchField) else ()


def searched(
    rows: QuerySet[M],
    words: str,
    *,
    number: str = "",
    title: str = "title",
    newest: Sequence[str] = ("-created_at",),
) -> QuerySet[M]:
    """The rows that contain all of `words`: the one of exactly that number first, then those with the words in their
    title, then the rest; newest first in each."""
    ranks = [When(**{f"{number}__iexact": words.strip()}, then=Value(0))] if number else []
    in_title = Q()
    for term in words.split():
        in_title &= Q(**{f"{title}__icontains": term})
    ranks.append(When(in_title, then=Value(1)))
    rank = Case(*ranks, default=Value(2), output_field=IntegerField())
    found: Any = rows.filter(search__matches=words).annotate(rank=rank).order_by("rank", *newest, "pk")
    return cast(QuerySet[M], found)


def write_words(model: Any, at_once: int = 2000) -> int:
    """Write the words of every row anew, set-based; how many rows. For migrations and after changing the sources."""
    done = 0
    rows: list[models.Model] = []
    for row in model._default_manager.only("pk", *sources_of(model)).iterator(chunk_size=at_once):
        rows.append(row)
        if len(rows) == at_once:
            done += _write(model, rows)
            rows = []
    return done + _write(model, rows)


def _write(model: Any, rows: Iterable[models.Model]) -> int:
    field = model._meta.get_field("search")
    changed = list(rows)
    for row in changed:
        row.search = field.pre_save(row, False)  # type: ignore[attr-defined]
    model._default_manager.bulk_update(changed, ["search"])
    return len(changed)


def rows_with_old_words(model: Any) -> list[Any]:
    """Keys of rows whose stored words are not those of their fields; empty in a sound database."""
    field = model._meta.get_field("search")
    return [
        row.pk
        for row in model._default_manager.all()
        if not model._default_manager.filter(pk=row.pk, search=field.pre_save(row, False)).exists()
    ]
