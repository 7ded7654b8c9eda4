"""The documents the product makes from a pack's templates, and the names each may use.

A template is text with `{{name}}`, nothing else: no conditions, no calls, no expressions. Each document has a
closed list of names, so a wrong one is found when the pack is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shiyu.kernel.words import Label, label

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True)
class Document:
    """One kind of document: its name and the names its template may use."""

    code: str
    label: Label
    names: frozenset[str]


_EVERYWHERE = ("office", "city", "date", "year", "number", "signer")
_MONTH = ("month", "period", "period_start", "period_end")


def _document(code: str, zh: str, en: str, *names: str) -> Document:
    return Document(code, label(zh, en), frozenset((*_EVERYWHERE, *names)))


_ROWS = (
    _document(
        "circular",
        "工作通报",
        "Circular",
        *_MONTH,
        "units",
        "tasks_total",
        "tasks_due",
        "tasks_done_on_time",
        "tasks_not_on_time",
        "on_time_rate",
        "reports_due",
        "reports_late",
        "reports_missing",
        "problems_carried",
        "problems_new",
        "problems_closed",
        "problems_open",
        "problems_overdue",
        "problems_on_books",
        "close_rate",
        "reply_by",
    ),
    _document(
        "unit_slip",
        "单位提示单",
        "Slip for a unit",
        *_MONTH,
        "unit",
        "tasks_total",
        "tasks_due",
        "tasks_not_on_time",
        "reports_missing",
        "problems_open",
        "problems_overdue",
        "reply_by",
    ),
    _document(
        "meeting_notice", "会议通知", "Meeting notice", *_MONTH, "meeting", "meeting_date", "place", "unit"
    ),
    _document("meeting_minutes", "会议纪要", "Minutes", *_MONTH, "meeting", "meeting_date", "place", "chair"),
    _document(
        "opinion_letter",
        "征求意见函",
        "Letter asking for opinions",
        "unit",
        "plan",
        "edition",
        "reply_by",
        "items",
    ),
    _document(
        "approval_package",
        "送审稿说明",
        "Note for the approval",
        "plan",
        "edition",
        "tasks_total",
        "opinions",
        "adopted",
        "consultation",
        "files",
    ),
    _document(
        "issue_notice", "印发通知", "Notice of issue", "plan", "edition", "document_number", "issued_on"
    ),
    _document(
        "reminder", "报送提醒", "Reminder", *_MONTH, "unit", "reports_due", "reports_missing", "reply_by"
    ),
    _document(
        "matter_letter",
        "事项函",
        "Letter on a matter",
        "unit",
        "matter",
        "matter_number",
        "text",
        "reason",
        "reply_by",
    ),
    _document(
        "surge_bulletin",
        "应急专报",
        "Emergency bulletin",
        "event",
        "occasion",
        "scope",
        "day",
        "assessment",
        "came_in",
        "handled",
        "open",
        "overdue",
        "orders",
        "present",
    ),
    _document("box_label", "档案盒标签", "Box label", "class", "box", "title"),
)

DOCUMENTS: dict[str, Document] = {row.code: row for row in _ROWS}
"""Every document by its code."""

NUMBER_NAMES: dict[str, frozenset[str]] = {
    "kind": frozenset({"n", "year", "month"}),
    "letter": frozenset({"n", "year", "month", "unit"}),
    "bulletin": frozenset({"n", "year", "month"}),
    "archive": frozenset({"n", "year", "month", "class", "box"}),
}
"""What the number of each thing may name: the running number, the year and month, of a letter the issuing unit's
short name, of an archived document the class and its box."""


def names_in(text: str) -> list[str]:
    """The names between `{{` and `}}` of a template, in order, doubles included."""
    return PLACEHOLDER.findall(text)


def fill(text: str, values: Mapping[str, object]) -> str:
    """The template's text with every `{{name}}` replaced. A name without a value raises KeyError;
    values are put in as they are and never read as templates again."""
    return PLACEHOLDER.sub(lambda match: str(values[match[1]]), text)
