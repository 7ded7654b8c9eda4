"""The lead unit takes what the supporting units wrote on the same task into its own entry."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed
from shiyu.plans.access import can_fill
from shiyu.plans.actions.reports import fillable_report
from shiyu.plans.models import Duty, Report, ReportEntry

MERGED = ("progress", "issues", "coordination")
"""The texts that are taken in."""


_NEEDED = (
    "report__unit__name", "report__unit__short_name", "duty__decision_id", "duty__task__key",
    "duty__task__edition__plan_id",
)  # fmt: skip


@action("plans.merge_supporting_texts")
def merge_supporting_texts(
    actor: Actor, report_id: UUID, entry_ids: Iterable[UUID] | None = None
) -> list[ReportEntry]:
    """The lead takes in what supporting units wrote on the same task for the month; each text stands after its unit.

    All entries the unit leads, or those named. A text taken in before is not taken in twice; where the unit has
    corrected it since, the new text takes its place. Returns the entries that changed.
    """
    report = fillable_report(actor, report_id)
    if not can_fill(actor, report.unit_id):
        raise NotAllowed(_("Merging is the liaison's; your office fills in its own part."))
    rows = report.entries.filter(duty__role=Duty.Role.LEAD, dropped_on=None)
    rows = rows.select_related("duty__task__edition")
    if entry_ids is not None:
        rows = rows.filter(pk__in=list(entry_ids))
    merged = []
    for row, others in supporting_entries(report, list(rows)).items():
        changed = [one for one in others if _take_in(row, one)]
        if not changed:
            continue
        row.merged_at = row.changed_at = clock.now()
        row.changed_by = actor.name[:60]
        row.no_change = False
        row.is_filled = bool(row.progress and row.status)
        merged.append(row)
    written = ["taken_in", "merged_at", "changed_at", "changed_by", "is_filled", "no_change"]
    ReportEntry.objects.bulk_update(merged, [*MERGED, *written])
    record(report, {"period": report.period.code, "merged": [str(row.pk) for row in merged]})
    return merged


def _take_in(row: ReportEntry, one: ReportEntry) -> bool:
    """Put a supporting unit's texts into the lead's entry; True where something changed.

    What was taken in is remembered by the entry it came from, not by the unit's name: a lead may well name a
    supporting unit in its own text.
    """
    name = f"{one.report.unit.display_short}："
    known = row.taken_in.get(str(one.pk), {})
    new = {field: name + getattr(one, field) for field in MERGED if getattr(one, field).strip()}
    changed = False
    for field in MERGED:
        text, was, block = getattr(row, field), known.get(field, ""), new.get(field, "")
        stands = bool(block) and block in text
        reworded = was == block and any(line.startswith(name) for line in text.splitlines())
        if not stands and was != block and was and was in text:
            text = text.replace(was, block, 1).strip("\n")
        elif stands or reworded or not block:
            pass  # it is there, or the lead has worked it into words of its own, or there is nothing
        else:
            text = "\n".join(part for part in (text, block) if part)
        changed = changed or text != getattr(row, field)
        setattr(row, field, text)
    row.taken_in = {**row.taken_in, str(one.pk): new}
    return changed


def supporting_entries(report: Report, rows: Sequence[ReportEntry]) -> dict[ReportEntry, list[ReportEntry]]:
    """For each entry its unit leads: what the supporting units filled in for the same task and month, by protocol.

    The task may stand in two editions, where one was issued in the middle of the month. One query.
    """
    own = {_subject(row): row for row in rows}
    found: dict[ReportEntry, list[ReportEntry]] = {row: [] for row in rows}
    others = ReportEntry.objects.filter(
        report__period_id=report.period_id, duty__role=Duty.Role.SUPPORTING, is_filled=True, no_change=False
    ).exclude(report=report)
    keys = [row.duty.task.key for row in rows if row.duty.task]
    decisions = [row.duty.decision_id for row in rows if row.duty.decision_id]
    same = others.filter(duty__task__key__in=keys) | others.filter(duty__decision_id__in=decisions)
    # A unit that leads much reads thousands of these: only what is shown and taken in.
    same = same.select_related("duty__task__edition", "report__unit").only(*MERGED, *_NEEDED)
    for other in same.order_by("report__unit__protocol_order"):
        row = own.get(_subject(other))
        if row is not None:
            found[row].append(other)
    return found


def _subject(row: ReportEntry) -> tuple[UUID | None, str] | UUID | None:
    """What an entry is about in every edition: plan and task key, or the decision."""
    task = row.duty.task
    return (task.edition.plan_id, task.key) if task else row.duty.decision_id
