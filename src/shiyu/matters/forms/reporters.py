"""Forms about who reports a matter: at the desk, and on the public page."""

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shiyu.kernel.personal import LONGEST, RELATIONS, Personal
from shiyu.kernel.spec.matters import Kind
from shiyu.matters.actions.parties import Reporter
from shiyu.ui.forms import ReasonField

NAMED, ANONYMOUS, NOBODY = "named", "anonymous", "nobody"
NAMES = {
    Personal.NAME: _("Name of the reporter"),
    Personal.PHONE: _("Phone of the reporter"),
    Personal.ADDRESS: _("Address of the reporter"),
}
ACTING = {
    Personal.NAME: _("Their name"),
    Personal.PHONE: _("Their phone"),
    Personal.ADDRESS: _("Their address"),
}
PRIVATE = {"autocomplete": "off", "data-no-draft": ""}
"""Fields that neither the browser nor its kept drafts remember: several people use one computer at a desk."""


def draw_reporter(form: forms.Form, kind: Kind, behind: str = "") -> None:
    """Draws the fields of who reports it, where the kind has a reporter: before all others, or behind one of them."""
    if kind.reporter == "none":
        return
    order = list(form.fields)
    own: dict[str, forms.Field] = {}
    if kind.reporter == "optional":
        choices = [
            (NAMED, _("Gives a name")),
            (ANONYMOUS, _("Wishes to stay anonymous (gets a receipt and a PIN all the same)")),
            (NOBODY, _("Nobody: the unit found it itself")),
        ]
        label = pgettext_lazy("matter", "Reporter")
        own["reporter"] = forms.ChoiceField(
            label=label, choices=choices, widget=forms.RadioSelect, initial=NAMED
        )
    own |= {f"reporter_{part}": _personal(part) for part in Personal}
    own["reporter_name"].required = kind.reporter == "required"
    form.fields.update(own)
    at = order.index(behind) + 1 if behind else 0
    form.order_fields([*order[:at], *own, *order[at:]])


def reporters_given(cleaned: dict[str, Any]) -> list[Reporter]:
    """Takes the fields of who reports it out of what was given: none, or one. Names or numbers beside another choice
    stay, so that the action can say so."""
    if "reporter_name" not in cleaned:  # a kind that nobody reports
        return []
    who = cleaned.pop("reporter", NAMED)
    texts = {part.value: cleaned.pop(f"reporter_{part}", "") for part in Personal}
    if who == NOBODY and not any(texts.values()):
        return []
    return [Reporter(**texts, anonymous=who != NAMED)]


class ReporterForm(forms.Form):
    """One more person who reports the same matter."""

    def __init__(self, *args: Any, kind: Kind, **more: Any) -> None:
        super().__init__(*args, **more)
        draw_reporter(self, kind)
        if "reporter" in self.fields:
            field: Any = self.fields["reporter"]
            field.choices = [row for row in field.choices if row[0] != NOBODY]


class ActingForm(forms.Form):
    """Who acts for a reporter, and how they stand to them."""

    relation = forms.ChoiceField(label=_("How they stand to the reporter"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for part, label in ACTING.items():
            self.fields[f"reporter_{part}"] = _personal(part)
            self.fields[f"reporter_{part}"].label = label
        self.fields["reporter_name"].required = True
        field: Any = self.fields["relation"]
        field.choices = [
            ("", "—"),
            *((code, words.text(get_language() or "")) for code, words in RELATIONS.items()),
        ]

    def given(self) -> tuple[Reporter, str]:
        """The person, and the relation."""
        data = dict(self.cleaned_data)
        relation = data.pop("relation")
        return reporters_given(data)[0], relation


class WhyForm(forms.Form):
    """The reason without which nothing is opened or reset."""

    reason = ReasonField(label=_("Why you need to see it"), max_length=200)


class PinResetForm(forms.Form):
    """How the desk knows who stands before it."""

    reason = ReasonField(label=_("How you know that it is this person"), max_length=200)


class PhoneForm(forms.Form):
    """A number to be looked up."""

    phone = forms.CharField(
        label=_("Phone number"), max_length=30, widget=forms.TextInput(attrs={**PRIVATE, "inputmode": "tel"})
    )


class PinForm(forms.Form):
    """The public page's door."""

    code = forms.CharField(
        label=_("Number of the matter"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("It stands on your receipt."),
    )
    pin = forms.CharField(
        label=_("PIN"),
        max_length=20,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=_("Eight digits, on your receipt as well. If it is lost, the desk gives you a new one."),
    )


def _personal(part: Personal) -> forms.Field:
    attrs = {**PRIVATE, **({"inputmode": "tel"} if part is Personal.PHONE else {})}
    return forms.CharField(
        label=NAMES[part], max_length=LONGEST[part], required=False, widget=forms.TextInput(attrs=attrs)
    )
