"""The difference between two editions in words and as a table."""

from typing import Any

from django.utils.translation import gettext as _

from shiyu.documents.tables import Column, TableSpec
from shiyu.people.models import Unit
from shiyu.plans.queries.difference import Change, Difference, role_word


def field_word(name: str) -> str:
    """The name of a task's field, as pages and documents call it."""
    return {
        "title": _("Key task"),
        "measures": _("Task measures"),
        "common": _("Common requirements"),
        "target_text": _("Target"),
        "target_value": _("Number to reach"),
        "clauses": _("Clauses"),
        "lead_leader": _("Leader in charge"),
    }.get(name, _("Deadline"))


def unit_words(change: Change) -> list[str]:
    """One line a unit: who joined, left, took over or changed its role."""
    return [f"{one.unit} {role_word(one.how)} {one.was_unit}".strip() for one in change.units]


def difference_table(found: Difference, changes: list[Change], unit: Unit | None = None) -> TableSpec:
    """The changes as a table for Word; `unit` stands under the title where they are one unit's."""
    rows: list[list[Any]] = []
    for number, change in enumerate(changes, start=1):
        texts = [f"{field_word(name)}：{was or '—'} → {now or '—'}" for name, was, now in change.texts]
        if change.old and change.new and "moved" in change.kinds:
            blocks = [task.block.name if task.block else "—" for task in (change.old, change.new)]
            texts.append(f"{_('Block')}：{' → '.join(blocks)}")
        rows.append(
            [
                number,
                change.task.number,
                change.task.title,
                "、".join(str(label) for label in change.kind_labels),
                "\n".join([*texts, *unit_words(change)]),
            ]
        )
    title = _("%(plan)s: what changed from edition %(a)s to edition %(b)s") % {
        "plan": found.new.plan.title,
        "a": found.old.number,
        "b": found.new.number,
    }
    columns = (
        Column(_("No."), 10, "center"),
        Column(_("Number in the plan"), 14, "center"),
        Column(_("Key task"), 40),
        Column(_("Change"), 22),
        Column(_("What is different"), 90),
    )
    return TableSpec(title=title, columns=columns, rows=rows, subtitle=unit.name if unit else "")
