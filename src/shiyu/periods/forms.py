"""Forms of periods."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shiyu.ui.forms import ReasonField


class UnlockForm(forms.Form):
    """Why a locked period is opened again; it stays on record."""

    reason = ReasonField(label=_("Reason for unlocking"))


class SpanForm(forms.Form):
    """The quarter or year to open."""

    code = forms.ChoiceField(label=_("Quarter or year"))

    def __init__(self, data: Any, *, choices: list[str]) -> None:
        super().__init__(data)
        self.fields["code"].choices = [(code, code) for code in choices]  # type: ignore[attr-defined]
