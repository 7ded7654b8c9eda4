"""Forms of people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shiyu.packs.queries import current_pack


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("Sign-in name"), widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("Old password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("New password"),
        help_text=_("At least 10 characters, not only digits, not your name."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class UserForm(forms.Form):
    username = forms.CharField(label=_("Sign-in name"), max_length=60)
    name = forms.CharField(label=_("Name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)
    password = forms.CharField(
        label=_("First password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )


class ResetForm(forms.Form):
    password = forms.CharField(
        label=_("New password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"), widget=forms.CheckboxSelectMultiple, required=False, choices=()
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: object, language: str = "zh-hans", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        english = language.startswith("en")
        self.fields["roles"].choices = [  # type: ignore[attr-defined]
            (code, role.label.en if english else role.label.zh) for code, role in current_pack().role.items()
        ]
