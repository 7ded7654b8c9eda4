"""The form maker: a pack's form drawn as Django fields. Its rules are the kernel's (`kernel.fields`); nothing is
decided here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import get_language

from shiyu.kernel.fields import (
    DIGITS,
    PLACES,
    Fault,
    Form,
    Stored,
    choices,
    longest,
    missing_files,
    read_values,
    shown,
)
from shiyu.kernel.spec.matters import FieldType, FormField
from shiyu.kernel.spec.pack import Pack
from shiyu.lib.errors import UserError
from shiyu.ui.forms import DayInput, ManyFilesField

PREFIX = "f_"
"""Stands before a field's code in pages and workbooks, so that no code of a pack meets a name of ours."""


@dataclass(frozen=True)
class ShownField:
    """A kept value with its label, as pages and exports show it."""

    code: str
    label: str
    text: str


def language() -> str:
    """The language in which a pack's labels are written now."""
    return get_language() or "zh-hans"


def drawn_fields(
    form: Form, pack: Pack, *, names: Mapping[str, str] | None = None, required: bool = True
) -> dict[str, forms.Field]:
    """The pack's form as Django fields by their name on the page, in the pack's order.

    A name is PREFIX and the code, or what `names` says (fields that fill a column of ours). With `required` False no
    field insists: a form that may be saved half filled in.
    """
    return {
        (names or {}).get(code, PREFIX + code): drawn_field(field, pack, required=required and field.required)
        for code, field in form.items()
    }


def drawn_field(field: FormField, pack: Pack, *, required: bool) -> forms.Field:
    """One field of a pack's form."""
    basics: dict[str, Any] = {
        "label": field.label.text(language()),
        "help_text": escape(field.help.text(language())) if field.help else "",
        "required": required,
    }
    if field.type is FieldType.NUMBER:
        return forms.DecimalField(max_digits=DIGITS, decimal_places=PLACES, **basics)
    if field.type is FieldType.DATE:
        return forms.DateField(widget=DayInput, **basics)
    if field.type is FieldType.FILES:
        return ManyFilesField(**basics)
    if field.type in (FieldType.BOOL, FieldType.CODE):
        offered = [(code, word.text(language())) for code, word in choices(field, pack.codes).items()]
        return forms.ChoiceField(choices=[("", "—"), *offered], **basics)
    if field.type is FieldType.LONG_TEXT:
        basics["widget"] = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(max_length=longest(field), **basics)


def given_values(form: Form, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed into drawn fields, by code; files and fields with a name of their own are left out."""
    return {
        code: cleaned[PREFIX + code]
        for code, field in form.items()
        if field.type is not FieldType.FILES and PREFIX + code in cleaned
    }


def given_files(form: Form, cleaned: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    """The files given in drawn fields, by code."""
    files = {code: cleaned.get(PREFIX + code) for code, f in form.items() if f.type is FieldType.FILES}
    return {code: given for code, given in files.items() if given}


def initial_values(form: Form, stored: Mapping[str, Stored]) -> dict[str, Any]:
    """Kept values as drawn fields take them, by their name on the page."""
    words = {True: "yes", False: "no"}
    return {
        PREFIX + code: words[value] if isinstance(value, bool) else value
        for code, value in stored.items()
        if code in form
    }


def checked_values(
    form: Form, values: Mapping[str, Any], pack: Pack, *, names: Mapping[str, str] | None = None
) -> dict[str, Stored]:
    """The values as they are kept. Raises UserError with every fault, at the first one's field (its name on the
    page)."""
    kept, faults = read_values(form, values, pack.codes)
    refuse_faults(faults, names)
    return kept


def check_files(form: Form, given: Mapping[str, Sequence[Any]]) -> None:
    """Raises UserError where a required field of files is empty, or files are given to what is no such field."""
    refuse_faults(missing_files(form, {code: len(files) for code, files in given.items()}))


def refuse_faults(faults: Sequence[Fault], names: Mapping[str, str] | None = None) -> None:
    """Raises one UserError for all faults; none, nothing."""
    if faults:
        first = faults[0].field
        text = " ".join(dict.fromkeys(fault.reason.text(language()) for fault in faults))
        raise UserError(text, field=(names or {}).get(first, PREFIX + first))


def shown_fields(form: Form, stored: Mapping[str, Stored], pack: Pack) -> list[ShownField]:
    """What was filled in, in the form's order; a code the form does not know (any more) stands last, as it is."""
    known = [
        ShownField(code, field.label.text(language()), shown(field, stored[code], pack.codes, language()))
        for code, field in form.items()
        if code in stored
    ]
    return known + [ShownField(code, code, str(value)) for code, value in stored.items() if code not in form]
