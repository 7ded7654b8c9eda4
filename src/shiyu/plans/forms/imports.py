"""Forms of the import page: handing in, correcting an item, taking over."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shiyu.lib import clock
from shiyu.plans.models import Edition, Guideline, Plan
from shiyu.ui.forms import DayInput

SEPARATORS = "、,，;；\n"


class ReadForm(forms.Form):
    """A file or pasted text, one of the two."""

    file = forms.FileField(
        label=_("File to read"),
        required=False,
        help_text=_("Word (.docx), Excel (.xlsx) or CSV, up to 20 MB. No classified documents."),
    )
    text = forms.CharField(
        label=_("Or paste the text"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 12})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = data.get("file")
        if given is None and not (data.get("text") or "").strip() and "file" not in self.errors:
            raise forms.ValidationError(_("Choose a file or paste the text."))
        if given is not None and given.size > settings.UPLOAD_LIMIT:
            self.add_error("file", _("The file is larger than 20 MB; take out pictures or split it."))
        return data


def split_names(text: str) -> list[str]:
    """Names written one after another with 、 or commas or on lines of their own."""
    for mark in SEPARATORS[1:]:
        text = text.replace(mark, SEPARATORS[0])
    return [name.strip() for name in text.split(SEPARATORS[0]) if name.strip()]


class ItemForm(forms.Form):
    """Correcting an item. Unit names are separated by 、."""

    text = forms.CharField(label=_("Content of the item"), widget=forms.Textarea(attrs={"rows": 4}))
    leads = forms.CharField(label=_("Lead units"), required=False)
    supporting = forms.CharField(label=_("Supporting units"), required=False)
    groups = forms.CharField(label=_("Unit groups"), required=False)
    deadline_kind = forms.ChoiceField(
        label=_("Deadline"),
        choices=[
            ("none", _("None given")),
            ("date", _("A day")),
            ("ongoing", _("Kept up all year")),
            ("recurring", _("Recurring")),
        ],
    )
    date = forms.DateField(label=_("Day"), required=False, widget=DayInput())
    every = forms.ChoiceField(
        label=_("How often"),
        required=False,
        choices=[
            ("", "—"),
            ("month", _("Every month")),
            ("quarter", _("Every quarter")),
            ("half-year", _("Every half-year")),
            ("year", _("Every year")),
        ],
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("deadline_kind") == "date" and not data.get("date"):
            self.add_error("date", _("A dated task needs its date."))
        if data.get("deadline_kind") == "recurring" and not data.get("every"):
            self.add_error("every", _("Say how often."))
        return data

    def as_edit(self, item_id: str, before: dict[str, Any]) -> dict[str, Any]:
        """The correction this form says, for `edit_import`; `before` is the deadline as it was."""
        data = self.cleaned_data
        kind = data["deadline_kind"]
        deadline = {
            "kind": kind,
            "date": data["date"].isoformat() if kind == "date" else None,
            "every": data["every"] if kind == "recurring" else None,
            "text": before.get("text", "") if kind == before.get("kind") else "",
        }
        names = {key: split_names(data[key]) for key in ("leads", "supporting", "groups")}
        return {"op": "change", "item": item_id, "text": data["text"], "deadline": deadline, **names}


BECOMES = {
    "guideline": _("A guideline"),
    "edition": _("A draft edition of a plan"),
    "both": _("Both"),
}
"""What a document may become; the page asks this first and then shows only the fields that go with it."""
_OF_GUIDELINE = ("guideline_title", "level", "issuer", "document_number")
_OF_EDITION = ("target", "plan_title", "guideline")


class TakeOverForm(forms.Form):
    """What the document becomes: `what` is a key of BECOMES and decides which fields there are."""

    what = forms.CharField(widget=forms.HiddenInput)
    guideline_title = forms.CharField(label=_("Title of the guideline"), max_length=200)
    level = forms.ChoiceField(
        label=_("Level"),
        choices=[("national", _("National")), ("provincial", _("Provincial")), ("city", _("City"))],
    )
    issuer = forms.CharField(label=_("Issuing body"), required=False, max_length=120)
    document_number = forms.CharField(label=_("Number of the document"), required=False, max_length=60)
    target = forms.ChoiceField(label=_("Which plan"))
    plan_title = forms.CharField(
        label=_("Title of a new plan"),
        required=False,
        max_length=200,
        help_text=_("For a new plan or sub-plan; the next edition keeps the title of its plan."),
    )
    guideline = forms.ChoiceField(
        label=_("Trace to the guideline"),
        required=False,
        help_text=_(
            "Tasks are linked to the clause with the same number; correct the links on the task's page."
        ),
    )
    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2100)

    def __init__(self, what: str, *args: Any, title: str = "", number: str = "", **more: Any) -> None:
        more.setdefault("initial", {}).update(
            what=what,
            guideline_title=title,
            plan_title=title,
            document_number=number,
            year=clock.today().year,
        )
        super().__init__(*args, **more)
        gone = {"guideline": _OF_EDITION, "edition": _OF_GUIDELINE, "both": ("guideline",)}[what]
        for name in gone:  # taken over as both, the tasks are traced to the clauses of the same document
            del self.fields[name]
        if what != "guideline":
            self._offer_plans()

    def _offer_plans(self) -> None:
        plans = list(Plan.objects.order_by("kind", "created_at"))
        busy = set(Edition.objects.exclude(state=Edition.State.ISSUED).values_list("plan_id", flat=True))
        target: Any = self.fields["target"]
        target.choices = [
            ("new", _("A new responsibility plan")),
            *(
                (f"below:{p.pk}", _("A new sub-plan of “%(plan)s”") % {"plan": p.title})
                for p in plans
                if not p.parent_id
            ),
            *(
                (f"next:{p.pk}", _("The next edition of “%(plan)s”") % {"plan": p.title})
                for p in plans
                if p.pk not in busy
            ),
        ]
        if "guideline" in self.fields:
            guideline: Any = self.fields["guideline"]
            guideline.choices = [
                ("", _("No guideline")),
                *((str(g.pk), g.title) for g in Guideline.objects.order_by("-year")),
            ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_new = "target" in data and not data["target"].startswith("next:")
        if is_new and not (data.get("plan_title") or "").strip():
            self.add_error("plan_title", _("A plan needs a title."))
        return data
