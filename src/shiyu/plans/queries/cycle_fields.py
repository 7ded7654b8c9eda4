"""The fields a pack's cycle adds to every line of a month's report (pack: cycle → form), beside the columns all have.

`problems`, `next_steps` and `needs_decision` fill columns of the progress list (`kernel.fields.CYCLE_COLUMNS`); the
others are kept in `ReportEntry.fields` by their code and shown in words.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from shiyu.kernel.fields import CYCLE_COLUMNS, Fault, Form, Stored, read_values, shown
from shiyu.packs.forms import ShownField, language, shown_fields
from shiyu.packs.queries import current_pack
from shiyu.periods.actions import cycle_of
from shiyu.periods.models import Period
from shiyu.plans.models import ReportEntry

Said = list[list[str]]
"""Fields as lists and locked months keep them: [label in Chinese, label in English, text in Chinese, in English]."""


def month_form() -> Form:
    """The whole form of the pack's monthly cycle; empty where it has none."""
    cycle = cycle_of(Period.Kind.MONTH)
    return cycle.form if cycle else {}


def own_fields() -> Form:
    """The fields that fill no column of the progress list, in the pack's order."""
    return {code: field for code, field in month_form().items() if code not in CYCLE_COLUMNS}


def read_fields(
    given: Mapping[str, Any], stored: Mapping[str, Stored]
) -> tuple[dict[str, Stored], list[Fault]]:
    """What was given, as it is kept, and every fault. Nothing is required yet: a line may be sent later.

    What stands under codes the form does not know any more is left as it is.
    """
    form = own_fields()
    open_form = {code: field.model_copy(update={"required": False}) for code, field in form.items()}
    kept, faults = read_values(open_form, given, current_pack().codes)
    return {**{code: value for code, value in stored.items() if code not in form}, **kept}, faults


def labels_missing(entry: ReportEntry) -> list[str]:
    """The required fields of the cycle's form that are empty in an entry, by their labels; asked for on sending."""
    return [
        field.label.text(language())
        for code, field in month_form().items()
        if field.required and _is_empty(entry, code)
    ]


def _is_empty(entry: ReportEntry, code: str) -> bool:
    if code in CYCLE_COLUMNS:
        return not getattr(entry, CYCLE_COLUMNS[code]).strip()
    return entry.fields.get(code) is None


def shown_of(entry: ReportEntry) -> list[ShownField]:
    """An entry's own fields in the reader's language, for pages."""
    return shown_fields(own_fields(), entry.fields, current_pack()) if entry.fields else []


def with_own(entries: Iterable[ReportEntry]) -> list[ReportEntry]:
    """The entries, each with its own fields in words as `own`, for templates."""
    rows = list(entries)
    for entry in rows:
        entry.own = shown_of(entry)  # type: ignore[attr-defined]
    return rows


def said_in(form: Form, stored: Mapping[str, Stored]) -> Said:
    """Kept values as lists and locked months carry them: whatever the pack says later, they read the same."""
    codes = current_pack().codes
    known = [
        [
            field.label.zh,
            field.label.en,
            *(shown(field, stored[code], codes, tongue) for tongue in ("zh", "en")),
        ]
        for code, field in form.items()
        if code in stored
    ]
    return known + [
        [code, code, str(value), str(value)] for code, value in stored.items() if code not in form
    ]


def said_words(said: Said) -> str:
    """The fields as lines below a text, in the reader's language: 参加人数：12."""
    english = language().startswith("en")
    return "\n".join(
        f"{en}: {text_en}" if english else f"{zh}：{text_zh}" for zh, en, text_zh, text_en in said
    )
