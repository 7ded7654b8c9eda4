"""A pack's form as columns of a workbook that goes out and comes back, and its answers read again."""

from collections.abc import Mapping
from typing import Any

from shiyu.documents.tables import Column, Value
from shiyu.kernel.fields import Form, Stored, choices, longest, shown
from shiyu.kernel.spec.matters import FieldType, FormField
from shiyu.kernel.spec.pack import Pack
from shiyu.packs.forms import PREFIX, language

WIDTHS = {FieldType.LONG_TEXT: 40.0, FieldType.TEXT: 30.0}


def form_columns(form: Form, pack: Pack) -> tuple[Column, ...]:
    """An open column for each field; choices become a drop-down list. Whether a field must be filled in is asked by
    whoever takes the row, since a row may stay empty."""
    return tuple(_column(code, field, pack) for code, field in form.items())


def _column(code: str, field: FormField, pack: Pack) -> Column:
    kinds = {FieldType.NUMBER: "number", FieldType.DATE: "date"}
    return Column(
        field.label.text(language()),
        WIDTHS.get(field.type, 24.0),
        "right" if field.type is FieldType.NUMBER else "left",
        PREFIX + code,
        locked=False,
        choices=tuple(word.text(language()) for word in choices(field, pack.codes).values()),
        max_length=longest(field),
        kind=kinds.get(field.type, "text"),  # type: ignore[arg-type]
    )


def form_cells(form: Form, stored: Mapping[str, Stored], pack: Pack) -> tuple[Value, ...]:
    """What is kept, as cells below `form_columns`: numbers as numbers, all else in words."""
    cells: list[Value] = []
    for code, field in form.items():
        text = shown(field, stored.get(code), pack.codes, language())
        cells.append(float(text) if text and field.type is FieldType.NUMBER else text)
    return tuple(cells)


def form_answers(form: Form, values: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    """The answers of a row that came back, by code, as `kernel.fields.read_values` takes them."""
    answers: dict[str, Any] = {}
    for code, field in form.items():
        value = values.get(PREFIX + code)
        codes: dict[Any, str] = {
            word.text(language()): key for key, word in choices(field, pack.codes).items()
        }
        answers[code] = codes.get(value, value)
    return answers
