"""Forms as pages show them: one look, an error box that links to the fields, common fields."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.choices import BaseChoiceIterator
from django.utils.functional import cached_property
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from shiyu.lib.errors import UserError


class ReasonField(forms.CharField):
    """A reason somebody else will read: at least two characters, several lines."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("label", _("Reason"))
        more.setdefault("min_length", 2)
        more.setdefault("max_length", 2000)
        more.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**more)


class DayInput(forms.DateInput):
    """A date with the browser's own calendar; the value travels as 2026-11-20."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class LongChoices(BaseChoiceIterator):
    """A long list of keys and words (hundreds of units) that the fields of a page share: each line is drawn once."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self.rows = list(rows)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.rows)

    def __deepcopy__(self, memo: dict[int, Any]) -> "LongChoices":
        return self  # forms copy their fields; nobody changes the rows

    def or_none(self) -> "OrNone":
        """The same list behind an empty choice."""
        return OrNone(self)

    @cached_property
    def lines(self) -> str:
        """The options as HTML, none of them chosen."""
        return "".join(_option(key, words, is_chosen=False) for key, words in self.rows)

    def drawn(self, chosen: set[str]) -> str:
        """The options as HTML with these keys chosen."""
        lines = self.lines
        for key in chosen - {""}:
            lines = lines.replace(f'value="{escape(key)}">', f'value="{escape(key)}" selected>')
        return lines


class OrNone(LongChoices):
    """A long list behind an empty choice."""

    def __init__(self, choices: LongChoices) -> None:
        super().__init__([("", "—"), *choices.rows])
        self.choices = choices

    def drawn(self, chosen: set[str]) -> str:
        return _option("", "—", is_chosen="" in chosen) + self.choices.drawn(chosen)


def _option(key: Any, words: Any, *, is_chosen: bool) -> str:
    value = escape("" if key is None else key)
    return f'  <option value="{value}"{" selected" if is_chosen else ""}>{escape(words)}</option>\n'


class LongSelect(forms.Select):
    """One of a long list (hundreds of units): the same markup as Django's, without a template for each line."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The select with its options; option groups are left to Django."""
        choices = self.choices
        chosen = {str(one) for one in self.format_value(value)}
        if isinstance(choices, LongChoices):
            options = choices.drawn(chosen)
        elif any(isinstance(label, (list, tuple)) for _key, label in choices):
            return super().render(name, value, attrs, renderer)
        else:
            options = "".join(
                _option(key, words, is_chosen=str(key or "") in chosen) for key, words in choices
            )
        given = {"name": name, **self.build_attrs(self.attrs, attrs)}
        if self.allow_multiple_selected:
            given["multiple"] = True
        return format_html("<select{}>\n{}\n</select>", flatatt(given), mark_safe(options))


class PickOne(LongSelect):
    """One of a long list (700 units): a box to type into, the chosen one first. Without script a plain list."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"data-pick": "", **(attrs or {})}, choices)


class PickMany(LongSelect, forms.SelectMultiple):
    """Many of a long list, as `PickOne`."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"data-pick": "", "size": 12, **(attrs or {})}, choices)


class ManyFilesInput(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files in one field; cleans to a list (empty where none was chosen and none is needed)."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = list(data) if isinstance(data, (list, tuple)) else [data] if data else []
        if not given:
            super().clean(None, initial)
            return []
        return [super(ManyFilesField, self).clean(one, initial) for one in given]


def refuse(form: forms.BaseForm, error: UserError) -> None:
    """Puts an action's UserError where the person looks: under its field, or into the box above the form."""
    field = error.field if error.field in form.fields else None
    where = {k: v for k, v in error.where.items() if v not in (None, "")}
    message = str(error)
    if where:
        message = f"{message} ({place_words(where.items())})"
    form.add_error(field, message)


PLACES = {"file": _("file"), "sheet": _("sheet"), "row": _("row"), "column": _("column"), "value": _("value")}


def place_words(where: Iterable[tuple[str, Any]]) -> str:
    """File, sheet, row, column and value in words: 'sheet 1, row 12'."""
    return ", ".join(f"{PLACES.get(key, key)} {value}" for key, value in where)
