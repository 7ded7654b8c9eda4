"""Forms of people."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shiyu.packs.queries import current_pack
from shiyu.people.actions.posts import LONGEST_ABSENCE
from shiyu.people.models import Post, User
from shiyu.ui.forms import DayInput


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("Sign-in name"), widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class UnitPhoneForm(forms.Form):
    """A unit's public number."""

    phone = forms.CharField(
        label=_("Phone for questions"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("A fixed line with its area code, or a mobile. It stands on the receipts of this unit."),
    )


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("Old password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("New password"),
        help_text=_(
            "At least 10 characters with three of these four: lower-case letters, capital letters, digits, other signs; not your name, none of your last passwords."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "new" in given and "again" in given and given["new"] != given.pop("again"):
            self.add_error("again", _("The two new passwords differ; type the new one twice."))
        return given


class UserForm(forms.Form):
    username = forms.CharField(label=_("Sign-in name"), max_length=60)
    name = forms.CharField(label=_("Name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)


class AppointForm(forms.Form):
    """A post for a person: the posts that whoever asks may give, grouped by unit."""

    post_id = forms.TypedChoiceField(label=_("Post"), coerce=UUID)
    valid_from = forms.DateField(label=_("From"), widget=DayInput)
    valid_to = forms.DateField(
        label=_("Last day"),
        widget=DayInput,
        required=False,
        help_text=_("Leave empty where it is not known."),
    )

    def __init__(self, *args: Any, posts: Iterable[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: dict[str, list[tuple[UUID, str]]] = {}
        for post in posts:
            units.setdefault(post.unit.name, []).append((post.pk, post.name))
        self.fields["post_id"].choices = list(units.items())  # type: ignore[attr-defined]


class HolderForm(forms.Form):
    """A person for a post."""

    user_id = forms.TypedChoiceField(label=_("Person"), coerce=UUID)
    valid_from = forms.DateField(label=_("From"), widget=DayInput)
    valid_to = forms.DateField(
        label=_("Last day"),
        widget=DayInput,
        required=False,
        help_text=_("Leave empty where it is not known."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).order_by("name", "username")
        choices = [(user.pk, f"{user.name}（{user.username}）") for user in people]
        self.fields["user_id"].choices = choices  # type: ignore[attr-defined]


class LastDayForm(forms.Form):
    last_day = forms.DateField(label=_("Last day"), widget=DayInput)


class HandOverForm(LastDayForm):
    """A last day, and who has from then on what stands in the person's own name."""

    to = forms.ChoiceField(label=_("Hand over to"), required=True)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, receivers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = receivers  # type: ignore[attr-defined]


class AbsenceForm(forms.Form):
    deputy_id = forms.TypedChoiceField(label=_("Deputy"), coerce=UUID)
    valid_from = forms.DateField(label=_("From"), widget=DayInput)
    days = forms.IntegerField(label=_("Calendar days"), min_value=1, max_value=LONGEST_ABSENCE)

    def __init__(self, *args: Any, colleagues: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy_id"].choices = [(user.pk, user.name) for user in colleagues]  # type: ignore[attr-defined]


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
