"""Forms of an edition: its filters, what came back from the approval, a circumstance."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shiyu.people.models import Unit
from shiyu.plans.models import Edition
from shiyu.ui.forms import DayInput, ReasonField


class EditionFilter(forms.Form):
    """Filters over the tasks of an edition."""

    q = forms.CharField(label=pgettext_lazy("filter", "Text"), required=False)
    block = forms.ChoiceField(label=_("Block"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    role = forms.ChoiceField(
        label=_("As"),
        required=False,
        choices=[("", _("Lead or supporting")), ("lead", _("Lead")), ("supporting", _("Supporting"))],
    )

    def __init__(self, data: Any, blocks: list[tuple[str, str]], units: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["block"].choices = [("", _("All blocks")), *blocks]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", _("All units")), *units]  # type: ignore[attr-defined]


OTHER = "other"


class IssueForm(forms.Form):
    """What came back from the office's own document system, but for the file: that comes with the confirmation."""

    document_number = forms.CharField(
        label=_("Number of the document"),
        max_length=60,
        help_text=_("As on the document, such as X发〔2026〕5号."),
    )
    issued_on = forms.DateField(label=_("Day of issue"), widget=DayInput())
    signer = forms.ChoiceField(label=_("Signed by"), help_text=_("By post, not by name."))
    signer_other = forms.CharField(
        label=_("Another signer"),
        required=False,
        max_length=60,
        help_text=_("Only where the list does not have the signer: as your document system shows it."),
    )

    def __init__(self, signers: list[str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        signer: Any = self.fields["signer"]
        signer.choices = [*((name, name) for name in signers), (OTHER, _("Another (write it below)"))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("signer") == OTHER and not (data.get("signer_other") or "").strip():
            self.add_error("signer_other", _("Say who signed, by post, in words."))
        return data

    def head(self) -> dict[str, Any]:
        """Number, day and signer as `issue_edition` takes them."""
        data = self.cleaned_data
        signer = data["signer_other"] if data["signer"] == OTHER else data["signer"]
        return {"document_number": data["document_number"], "issued_on": data["issued_on"], "signer": signer}


class FormalFileForm(forms.Form):
    """The stamped file, the last thing before the issue."""

    formal_file = forms.FileField(
        label=_("Formal file"), help_text=_("The stamped file as it came back (PDF, OFD or Word).")
    )


class ReasonForm(forms.Form):
    """A reason alone."""

    reason = ReasonField()


class CircumstanceForm(forms.Form):
    """One kind of circumstance of the negative list."""

    number = forms.IntegerField(label=_("Number in the plan"), min_value=1, max_value=99)
    name = forms.CharField(label=_("Name of the circumstance"), max_length=80)
    definition = forms.CharField(label=_("Definition"), widget=forms.Textarea(attrs={"rows": 4}))


class RoundForm(forms.Form):
    """Opening an opinion round."""

    reply_by = forms.DateField(label=_("Reply by"), widget=DayInput())
    with_groups = forms.BooleanField(
        label=_("Also ask units that are named only through a group"),
        required=False,
        help_text=_("Such as every county or town; without it only units named one by one are asked."),
    )


def unit_choices(edition: Edition) -> list[tuple[str, str]]:
    """Units with a duty in the edition, by protocol."""
    rows = Unit.objects.filter(duties__task__edition=edition, duties__via_group="").distinct().by_protocol()
    return [(str(unit.pk), unit.display_short) for unit in rows]
