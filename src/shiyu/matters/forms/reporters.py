"""Forms about who reports a matter: at the desk, and on the public page."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shiyu.kernel.personal import LABELS, LONGEST, RELATIONS, Personal, written
from shiyu.kernel.spec.matters import Kind
from shiyu.lib.errors import UserError
from shiyu.matters.actions.correcting import wrong_in_correction
from shiyu.matters.actions.parties import Reporter, wrong_in_reporter, wrong_in_reporters
from shiyu.matters.actions.sealing import other_side_labels
from shiyu.matters.models import Party
from shiyu.ui.forms import ReasonField, refuse

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
WHEN_NAMED = _("Who gives a name gives a phone number or an address too, so that an answer arrives.")
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
    own["reporter_name"].help_text = WHEN_NAMED if kind.reporter == "optional" else ""
    form.fields.update(own)
    at = order.index(behind) + 1 if behind else 0
    form.order_fields([*order[:at], *own, *order[at:]])


def draw_other_side(form: forms.Form, behind: str) -> None:
    """Draws the fields of whom a dispute is with, behind one of the form's: none of them must be filled in."""
    own = {f"other_{part}": _personal(part) for part in Personal}
    for part, label in other_side_labels().items():
        own[f"other_{part}"].label = label
    own["other_name"].help_text = _(
        "Leave it empty if it is not known yet; it can be entered for the mediation."
    )
    order = list(form.fields)
    at = order.index(behind) + 1 if behind in order else 0
    form.fields.update(own)
    form.order_fields([*order[:at], *own, *order[at:]])


def other_side_given(cleaned: dict[str, Any]) -> dict[Personal, str]:
    """Takes the other side out of what was given: the parts that are not empty."""
    texts = {part: written(cleaned.pop(f"other_{part}", "") or "") for part in Personal}
    return {part: text for part, text in texts.items() if text}


def mark_wrong(form: forms.Form, errors: Iterable[UserError]) -> None:
    """Says all that is wrong at once, each beside its field; a field that is wrong already says nothing more."""
    for error in errors:
        if error.field not in form.errors:
            refuse(form, error)


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
        self.kind = kind
        draw_reporter(self, kind)
        if "reporter" in self.fields:
            field: Any = self.fields["reporter"]
            field.choices = [row for row in field.choices if row[0] != NOBODY]

    def clean(self) -> dict[str, Any]:
        """Asks what the action asks."""
        data: dict[str, Any] = super().clean() or {}
        mark_wrong(self, wrong_in_reporters(self.kind, reporters_given(dict(data))))
        return data


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

    def clean(self) -> dict[str, Any]:
        """Asks what the action asks."""
        data: dict[str, Any] = super().clean() or {}
        mark_wrong(self, (error for row in reporters_given(dict(data)) for error in wrong_in_reporter(row)))
        return data

    def given(self) -> tuple[Reporter, str]:
        """The person, and the relation."""
        data = dict(self.cleaned_data)
        relation = data.pop("relation")
        return reporters_given(data)[0], relation


class CorrectForm(forms.Form):
    """What is held about a reporter, put right. Filled in only where the person has just opened it: else what is held stands
    nowhere on the page, and an empty field leaves it as it is."""

    def __init__(self, *args: Any, party: Party | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.party = party
        for part, words in LABELS.items():
            self.fields[f"reporter_{part}"] = _personal(part)
            self.fields[f"reporter_{part}"].label = words.text(get_language() or "")
        self.fields["reporter_name"].help_text = _("An empty field leaves what is held as it is.")
        self.fields["reason"] = ReasonField(
            label=_("Why it is corrected"),
            max_length=200,
            help_text=_(
                "And how you know that it is this person. No name, number or address: it stays on record."
            ),
        )

    def clean(self) -> dict[str, Any]:
        """Asks what the action asks."""
        data: dict[str, Any] = super().clean() or {}
        if self.party is not None:
            mark_wrong(self, wrong_in_correction(self.party, parts_given(data), data.get("reason", "")))
        return data


def parts_given(cleaned: dict[str, Any]) -> dict[Personal, str]:
    """Name, number and address as they were typed."""
    return {part: cleaned.get(f"reporter_{part}", "") for part in Personal}


class WhyForm(forms.Form):
    """The reason without which nothing is opened or reset."""

    reason = ReasonField(label=_("Why you need to see it"), max_length=200)


class OwnForm(forms.Form):
    """Who stands before the desk and asks what is held about them: their PIN, and the number they say."""

    pin = forms.CharField(
        label=_("PIN"),
        max_length=20,
        widget=forms.TextInput(attrs={**PRIVATE, "inputmode": "numeric"}),
        help_text=_("Eight digits, on the person's own receipt. If it is lost, give them a new one first."),
    )
    phone = forms.CharField(
        label=_("Phone number the person says"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={**PRIVATE, "inputmode": "tel"}),
        help_text=_("It is compared with the number that was given. Leave it empty if none was given."),
    )


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
        label=NAMES[part],
        max_length=LONGEST[part],
        required=False,
        widget=forms.TextInput(attrs=attrs),
        help_text=_("11 digits of a mobile, or a fixed line with its area code.")
        if part is Personal.PHONE
        else "",
    )
