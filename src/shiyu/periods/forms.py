"""Forms of periods."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shiyu.ui.forms import ReasonField


class UnlockForm(forms.Form):
    """Why a locked period is opened again; it stays on record."""

    reason = ReasonField(label=_("Reason for unlocking"))
