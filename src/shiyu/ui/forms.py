"""Forms as pages show them: one look, an error box that links to the fields, common fields."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
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


class LongSelect(forms.Select):
    """One of a long list (hundreds of units): the same markup as Django's, without a template for each line."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The select with its options; option groups are left to Django."""
        if any(isinstance(label, (list, tuple)) for _key, label in self.choices):
            return super().render(name, value, attrs, renderer)
        chosen = {str(one) for one in self.format_value(value)}
        options = "".join(
            f'  <option value="{escape("" if key is None else key)}"'
            f"{' selected' if str(key or '') in chosen else ''}>{escape(label)}</option>\n"
            for key, label in self.choices
        )
        given = {"name": name, **self.build_attrs(self.attrs, attrs)}
        return format_html("<select{}>\n{}\n</select>", flatatt(given), mark_safe(options))


class PickMany(forms.SelectMultiple):
    """Many of a long list (63 units): a box to type into, the chosen ones first. Without script a plain list."""

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
