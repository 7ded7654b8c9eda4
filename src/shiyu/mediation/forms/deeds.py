"""Forms of a mediation: handing a matter to a body, and one a deed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shiyu.kernel.mediation import OUTCOME_LABELS, MediationOutcome
from shiyu.kernel.personal import LONGEST, Personal
from shiyu.lib import clock
from shiyu.matters.kinds import language
from shiyu.mediation.models import Chosen, LookBack, Mediation, Side
from shiyu.mediation.queries.names import sides_of
from shiyu.mediation.queries.pool import Candidate
from shiyu.mediation.queries.words import remedy_choices, source_choices
from shiyu.ui.forms import DayInput, ReasonField

PRIVATE = {"autocomplete": "off", "data-no-draft": ""}
"""Fields that neither the browser nor its kept drafts remember."""
NO_NAMES = _("Write 甲, 乙 instead of names: this text is not sealed.")


def _long(label: Any, *, rows: int = 3, required: bool = False, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, max_length=4000, required=required, widget=widget, help_text=help_text
    )


class OpenForm(forms.Form):
    """Which body, and how it began."""

    body = forms.ChoiceField(label=_("Body"))
    source = forms.ChoiceField(label=_("How it began"))
    source_number = forms.CharField(label=_("Number of the referring paper"), max_length=60, required=False)

    def __init__(self, *args: Any, bodies: list[Any], **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["body"].choices = [("", "—"), *bodies]
        fields["source"].choices = source_choices()


class SideForm(forms.Form):
    """A party: sealed, never remembered by the browser."""

    name = forms.CharField(
        label=_("Name of the party"), max_length=LONGEST[Personal.NAME], widget=forms.TextInput(attrs=PRIVATE)
    )
    phone = forms.CharField(
        label=_("Phone number"),
        max_length=LONGEST[Personal.PHONE],
        required=False,
        widget=forms.TextInput(attrs=PRIVATE),
    )
    address = forms.CharField(
        label=pgettext_lazy("person", "Address"),
        max_length=LONGEST[Personal.ADDRESS],
        required=False,
        widget=forms.TextInput(attrs=PRIVATE),
    )


class EmptyForm(forms.Form):
    """A deed that asks for nothing more."""


class OfMediation(forms.Form):
    """A form about one mediation."""

    def __init__(self, *args: Any, mediation: Mediation, **more: Any) -> None:
        super().__init__(*args, **more)
        self.mediation = mediation


class ConsentForm(OfMediation):
    side = forms.ChoiceField(label=pgettext_lazy("mediation", "Party"))
    agrees = forms.ChoiceField(
        label=_("Does the party want to be mediated?"),
        choices=[("yes", _("Yes")), ("no", _("No: the mediation ends, and the other ways are shown"))],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label=_("Answered on"), widget=DayInput())
    note = forms.CharField(label=pgettext_lazy("mediation", "Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        asked = [line for line in sides_of(self.mediation) if line.side.consent == Side.Consent.ASKED]
        fields: dict[str, Any] = self.fields
        fields["side"].choices = [(str(line.side.pk), line.words) for line in asked]
        fields["on"].initial = clock.today()


class ChooseForm(OfMediation):
    """The body's own mediators first, then helpers of the place; beside each how many mediations they are in now."""

    holders = forms.MultipleChoiceField(
        label=_("Who mediates and helps"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The number says how many mediations somebody is in now, so that work is spread. It is no measure of how they work."),
    )  # fmt: skip
    by = forms.ChoiceField(
        label=_("Chosen by"),
        choices=[(Chosen.By.BODY, _("The body")), (Chosen.By.PARTIES, _("The parties"))],
        widget=forms.RadioSelect,
        initial=Chosen.By.BODY,
    )

    def __init__(self, *args: Any, candidates: list[Candidate], **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["holders"].choices = [(str(line.holder.pk), _candidate(line)) for line in candidates]
        chosen = list(self.mediation.chosen.all())
        fields["holders"].initial = [str(row.holder_id) for row in chosen]
        if chosen:
            fields["by"].initial = chosen[0].by


def _candidate(line: Candidate) -> str:
    place = "" if line.of_the_body else f" · {line.holder.unit.display_short}"
    return _("%(name)s · %(role)s%(place)s · %(n)s now") % {
        "name": line.holder.name,
        "role": line.role,
        "place": place,
        "n": line.going,
    }


class SittingForm(OfMediation):
    at = forms.SplitDateTimeField(
        label=_("Day and hour"),
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date"},
            time_attrs={"type": "time"},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        ),
    )
    place = forms.CharField(label=pgettext_lazy("mediation", "Where"), max_length=80)
    holders = forms.MultipleChoiceField(
        label=_("Who takes part"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = self.mediation.chosen.select_related("holder")
        fields: dict[str, Any] = self.fields
        fields["holders"].choices = [(str(row.holder_id), row.holder.name) for row in rows]
        fields["holders"].initial = [str(row.holder_id) for row in rows]


class RecordForm(OfMediation):
    sitting = forms.ChoiceField(label=_("Sitting"))
    tried = _long(_("What was tried"), rows=5, required=True, help_text=NO_NAMES)
    following = forms.CharField(label=_("What comes next"), max_length=300, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = self.mediation.sittings.filter(written_on=None, cancelled="")
        fields: dict[str, Any] = self.fields
        fields["sitting"].choices = [
            (str(row.pk), f"{clock.local(row.at):%Y-%m-%d %H:%M} {row.place}") for row in rows
        ]


class TermsForm(OfMediation):
    facts = _long(_("Main facts"), required=True, help_text=NO_NAMES)
    issues = _long(_("What is disputed"))
    responsibility = _long(_("Each party's responsibility"), required=True)
    terms = _long(_("Content of the agreement"), rows=5, required=True)
    performance = _long(_("How it is performed"), rows=2, required=True)
    perform_by = forms.DateField(label=_("Performed by"), widget=DayInput())
    amount = forms.DecimalField(
        label=_("Money concerned (10,000 yuan)"), required=False, max_digits=12, decimal_places=2
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        row: Mediation = more["mediation"]
        more["initial"] = {name: getattr(row, name) for name in self.base_fields}
        super().__init__(*args, **more)
        if not row.facts:
            self.initial["facts"] = row.matter.text


class CountedForm(OfMediation):
    people = forms.IntegerField(
        label=_("Number of parties"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("More than the parties entered where one speaks for several people."),
    )
    difficult = forms.BooleanField(label=_("A difficult case"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["people"].initial = self.mediation.sides.count() or None


class ConcludeForm(CountedForm):
    form = forms.ChoiceField(
        label=_("Form of the agreement"),
        choices=[
            (MediationOutcome.WRITTEN.value, _("Written: signed by everybody, sealed by the committee")),
            (MediationOutcome.ORAL.value, _("Oral: what was agreed stands below")),
        ],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label=_("In effect since"), widget=DayInput())
    terms = _long(_("What was agreed (oral agreement)"), help_text=NO_NAMES)
    field_order = ("form", "on", "terms", "people", "difficult")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["on"].initial = clock.today()
        self.fields["terms"].initial = self.mediation.terms


class EndForm(CountedForm):
    outcome = forms.ChoiceField(label=_("How it ended"), widget=forms.RadioSelect)
    reason = ReasonField(label=_("What happened"), help_text=NO_NAMES)
    remedies = forms.MultipleChoiceField(
        label=_("Other ways shown to the parties"), widget=forms.CheckboxSelectMultiple, required=False
    )
    field_order = ("outcome", "reason", "remedies", "people", "difficult")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        ends = (MediationOutcome.NOT_REACHED, MediationOutcome.WITHDRAWN, MediationOutcome.REFERRED)
        fields["outcome"].choices = [(one.value, OUTCOME_LABELS[one].text(language())) for one in ends]
        fields["remedies"].choices = remedy_choices()
        fields["remedies"].initial = [code for code, _label in remedy_choices()]


class DangerForm(OfMediation):
    what = _long(_("What was noticed"), required=True, help_text=NO_NAMES)
    told_to = forms.CharField(
        label=_("Whom of the police you told"),
        max_length=80,
        required=False,
        help_text=_(
            "Call them first where there is danger. Left empty, it stays on the desk until they were told."
        ),
    )


class PoliceForm(OfMediation):
    danger = forms.ChoiceField(label=_("What was noticed"))
    told_to = forms.CharField(label=_("Whom of the police you told"), max_length=80)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        rows = self.mediation.dangers.filter(told_at=None)
        fields["danger"].choices = [(str(row.pk), row.what[:60]) for row in rows]


class DayForm(OfMediation):
    on = forms.DateField(label=_("Day"), widget=DayInput())

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["on"].initial = clock.today()


class ConfirmationForm(DayForm):
    result = forms.ChoiceField(
        label=_("Judicial confirmation"),
        choices=[
            ("applied", _("The parties asked the court together")),
            ("confirmed", _("The court confirmed it")),
            ("refused", _("The court did not confirm it")),
            ("waived", _("The parties do without")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("result", "on")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.mediation.confirm_applied_on is not None:
            fields: dict[str, Any] = self.fields
            # Entered once; what is left to enter is what became of it.
            fields["result"].choices = [one for one in fields["result"].choices if one[0] != "applied"]


class LookBackForm(OfMediation):
    look_back = forms.ChoiceField(label=_("Due on"))
    result = forms.ChoiceField(
        label=_("How it stands"),
        choices=[
            (LookBack.Result.PERFORMED, _("Performed")),
            (LookBack.Result.PARTLY, _("Partly performed")),
            (LookBack.Result.NOT_PERFORMED, _("Not performed")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=pgettext_lazy("mediation", "Note"), max_length=300, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        rows = self.mediation.look_backs.filter(done_on=None)
        fields["look_back"].choices = [(str(row.pk), row.due_on.isoformat()) for row in rows]


class PaperForm(forms.Form):
    """Why the names are read for a paper."""

    reason = ReasonField(label=_("Why the names are needed"), initial="", max_length=300)
