"""Forms of letters and instructions."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shiyu.letters.models import Letter, Recipient
from shiyu.letters.queries import number_parts, number_to_come, posts_to_circulate_to
from shiyu.lib import clock
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.ui.forms import DayInput, ManyFilesField, PickMany, ReasonField

Choices = list[tuple[str, str]]


def unit_choices() -> Choices:
    """Units that exist today, offices of departments left out, in protocol order."""
    rows = Unit.objects.in_force().exclude(kind="office").by_protocol()
    return [(str(pk), name) for pk, name in rows.values_list("id", "name")]


def letter_kinds() -> Choices:
    """The kinds of letters of the pack in force."""
    language = get_language() or "zh-hans"
    return [(code, letter.label.text(language)) for code, letter in current_pack().letter.items()]


class LetterForm(forms.Form):
    """A letter to units, of a kind chosen before. A draft keeps its kind and unit: then `letter` names it."""

    kind = forms.ChoiceField(label=_("Kind of letter"), widget=forms.HiddenInput)
    unit_id = forms.ChoiceField(label=_("Issued by"))
    title = forms.CharField(label=pgettext_lazy("letter", "Title"), max_length=200)
    recipients = forms.MultipleChoiceField(label=_("Addressed to"), widget=PickMany)
    copies = forms.MultipleChoiceField(
        label=_("Copied to"), widget=PickMany(attrs={"size": 6}), required=False,
        help_text=_("They receive it and owe no reply."),
    )  # fmt: skip
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 12}), max_length=20_000)
    reply_by = forms.DateField(
        label=_("Reply by"), widget=DayInput, required=False,
        help_text=_("Left empty, the limit of its kind runs from the day of issue."),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("Contact"), max_length=120, required=False,
        help_text=_("Whom to ask in your office, by post, with its telephone; stands under the date."),
    )  # fmt: skip
    files = ManyFilesField(label=_("Enclosed files"), required=False)  # type: ignore[assignment]
    despite = forms.CharField(
        label=_("Why it goes out all the same"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500,
        required=False, help_text=_("Only where a doubt is shown above; it stays on record."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, issuing: frozenset[UUID], letter: Letter | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        units, own = unit_choices(), {str(unit) for unit in issuing}
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = letter_kinds()
        fields["unit_id"].choices = [(pk, name) for pk, name in units if pk in own]
        fields["recipients"].choices = fields["copies"].choices = units
        if letter is not None:
            del fields["kind"], fields["unit_id"]

    def given(self) -> dict[str, Any]:
        """The cleaned data as the actions take them; the files are kept apart (`files`)."""
        data = {key: value for key, value in self.cleaned_data.items() if key != "files"}
        if "unit_id" in data:
            data["unit_id"] = UUID(data["unit_id"])
        for name in ("recipients", "copies"):
            data[name] = [UUID(unit) for unit in data[name]]
        return data


def words_of(letter: Letter) -> dict[str, Any]:
    """A draft as its form begins."""
    rows = list(letter.recipients.values_list("unit_id", "is_copy"))
    return {
        "title": letter.title,
        "body": letter.body,
        "reply_by": letter.reply_by,
        "contact": letter.contact,
        "despite": letter.despite,
        "recipients": [str(unit) for unit, is_copy in rows if not is_copy],
        "copies": [str(unit) for unit, is_copy in rows if is_copy],
    }


class SeriesNumber(forms.NumberInput):
    """The running number between the words of its series: the whole number is read, the number alone is entered."""

    around = ("", "")

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The input with what stands before and after it."""
        before, after = self.around
        drawn = super().render(name, value, attrs, renderer)
        return format_html(
            '<span class="series"><span>{}</span>{}<span>{}</span></span>', before, drawn, after
        )


class IssueForm(forms.Form):
    """What came back from the office's own document system."""

    number = forms.IntegerField(
        label=pgettext_lazy("letter", "Number"), min_value=1, max_value=99_999, widget=SeriesNumber,
        help_text=_("Enter the running number as the formal file has it; the year is that of the day of issue."),
    )  # fmt: skip
    issued_on = forms.DateField(label=_("Issued on"), widget=DayInput)
    signer = forms.CharField(
        label=_("Signed by"), max_length=60, help_text=_("The post, not the person's name.")
    )
    reply_by = forms.DateField(label=_("Reply by"), widget=DayInput, required=False)
    formal_file = forms.FileField(
        label=_("Formal file"), help_text=_("The stamped file as it came back: OFD, PDF or a scan."),
    )  # fmt: skip

    def __init__(self, *args: Any, letter: Letter, **more: Any) -> None:
        more["initial"] = {
            "number": number_to_come(letter),
            "issued_on": clock.today(),
            "reply_by": letter.reply_by,
        }
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["number"].widget.around = number_parts(letter, self._day())

    def _day(self) -> date:
        """The day of issue as far as it is known."""
        try:
            return date.fromisoformat(self.data.get("issued_on", ""))
        except ValueError:
            return clock.today()

    def clean_formal_file(self) -> Any:
        given = self.cleaned_data["formal_file"]
        if not str(given.name).lower().endswith(FORMAL):
            raise forms.ValidationError(_("Hand in the stamped file as OFD, PDF or a scan (JPG, PNG, TIFF)."))
        return given


FORMAL = (".ofd", ".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff")


class ReplyForm(forms.Form):
    """A reply to an instruction."""

    reply = ReasonField(label=_("Reply"), max_length=4000)


class LetterReplyForm(ReplyForm):
    """A reply to a letter, with what proves it."""

    files = ManyFilesField(label=_("Files with it"), required=False)  # type: ignore[assignment]
    unit = forms.ChoiceField(label=pgettext_lazy("letter", "For"))

    def __init__(self, *args: Any, rows: list[Recipient], **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        if len(rows) > 1:
            fields["unit"].choices = [(str(row.unit_id), row.unit.name) for row in rows]
        else:
            del fields["unit"]


class JudgeForm(forms.Form):
    """A reply is accepted, or sent back for a better one."""

    verdict = forms.ChoiceField(
        label=_("The reply"), choices=[("accepted", _("Accept the reply")), ("sent_back", _("Send it back"))]
    )
    reason = forms.CharField(
        label=pgettext_lazy("letter", "What is missing"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, required=False,
        help_text=_("Needed where it is sent back."),
    )  # fmt: skip
    reply_by = forms.DateField(
        label=_("New day to reply by"), widget=DayInput, required=False,
        help_text=_("Left empty, the limit of its kind runs anew."),
    )  # fmt: skip


class CirculateForm(forms.Form):
    """To which posts of the own unit a letter is shown."""

    posts = forms.MultipleChoiceField(label=_("Posts"), widget=PickMany(attrs={"size": 6}))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, unit_id: UUID, **more: Any) -> None:
        super().__init__(*args, **more)
        posts = posts_to_circulate_to(unit_id)
        fields: dict[str, Any] = self.fields
        fields["posts"].choices = [
            (
                str(post.pk),
                post.name if post.unit_id == unit_id else f"{post.unit.display_short} · {post.name}",
            )
            for post in posts
        ]


class ReadForm(forms.Form):
    """A word to a circulated letter."""

    word = forms.CharField(label=_("A word (may stay empty)"), max_length=500, required=False)


class UrgeForm(forms.Form):
    """What is urged."""

    words = ReasonField(label=_("Words of the urging"), max_length=500)


class WithdrawForm(forms.Form):
    """Why a letter is withdrawn."""

    reason = ReasonField()


class InstructionForm(forms.Form):
    """A leader's instruction: by post, on a day, for a unit; its text or its scan."""

    leader_post = forms.CharField(
        label=_("Leader, by post"), max_length=80, help_text=_("The post, not the person's name.")
    )
    instructed_on = forms.DateField(label=_("Instructed on"), widget=DayInput)
    text = forms.CharField(
        label=_("Text"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, required=False
    )
    files = ManyFilesField(label=_("Scan"), required=False)  # type: ignore[assignment]
    unit_id = forms.ChoiceField(label=_("To be followed up by"))
    reply_by = forms.DateField(label=_("Reply by"), widget=DayInput, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["unit_id"].choices = [("", "—"), *unit_choices()]
        fields["instructed_on"].initial = clock.today()
