"""Forms of an opinion round."""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shiyu.plans.actions.opinions import Given
from shiyu.plans.models import Opinion
from shiyu.ui.forms import ReasonField


def given_answers(post: Mapping[str, str], items: list[Opinion]) -> dict[UUID, Given]:
    """The answers of a posted slip page; items left untouched are not in it. Who types a wish wishes a change."""
    found = {}
    for item in items:
        wanted, reason = post.get(f"wanted_{item.pk}", ""), post.get(f"reason_{item.pk}", "")
        answer = post.get(f"answer_{item.pk}") or ("change" if (wanted + reason).strip() else "")
        if answer:
            found[item.pk] = Given(answer, wanted, reason)
    return found


class SheetForm(forms.Form):
    """The filled-in Excel coming back."""

    file = forms.FileField(label=_("Filled-in Excel"))


class KeptForm(forms.Form):
    """Why an adopted change needs no edit of the text."""

    reason = ReasonField(label=_("Why the text may stay"))
