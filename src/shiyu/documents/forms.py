"""Forms of documents."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shiyu.documents.queries import archive_rules


class BoxForm(forms.Form):
    class_code = forms.ChoiceField(label=_("Class"))
    name = forms.CharField(label=_("Box name"), max_length=120)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    place = forms.CharField(label=_("Where it stands"), max_length=80, required=False)

    def __init__(self, *args: object, language: str = "zh", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["class_code"].choices = class_choices(language)  # type: ignore[attr-defined]


def class_choices(language: str) -> list[tuple[str, str]]:
    """The archive classes of the pack in force, as form choices. Raises UserError where it has none."""
    return [(code, f"{code} {label.text(language)}") for code, label in archive_rules().classes.items()]
