"""One matter as its page shows it: clocks, who holds it, what happened, what this person may do."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiyu.documents.models import Attachment
from shiyu.kernel import workflow
from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.kernel.facts import Option
from shiyu.kernel.fields import KIND_COLUMNS
from shiyu.kernel.limits import Calendar, local_day
from shiyu.kernel.next_steps import Arranged, arranged, is_reporters_own
from shiyu.kernel.spec.matters import Kind
from shiyu.letters.models import Instruction, Letter
from shiyu.letters.queries import instructions_of, letters_of
from shiyu.lib import clock
from shiyu.matters.access import SUBJECT, Read, assignments_of, facts_of
from shiyu.matters.clocks import Clock, clock_of, limit_began
from shiyu.matters.kinds import (
    calendar,
    happened_label,
    kind_of,
    language,
    named_state,
    pack_for,
    shown_state,
    verb_label,
)
from shiyu.matters.models import Assignment, Matter, Return, Step
from shiyu.matters.queries.leading import Leading, disputes_of, follow_ups_of, leading_of
from shiyu.matters.queries.stages import StageLine, stages_of
from shiyu.packs.forms import ShownField, shown_fields
from shiyu.ui.templatetags.ui import month_day
from shiyu.ui.values import Due, due_in


@dataclass(frozen=True)
class AssignmentLine:
    """One unit's part."""

    row: Assignment
    role: str
    mark: str
    words: Any
    due: Due | None
    returned: Return | None


@dataclass(frozen=True)
class StepLine:
    """One stay, or a deed within it; used and limit in workdays (None without a limit)."""

    row: Step
    name: str
    mark: str
    used: int
    limit: int | None
    ended: str
    is_now: bool
    letters: list[Letter]
    for_reporter: bool

    @property
    def who(self) -> str:
        """Who did it; what was done by the clock says so, and what was only written down for the reporter."""
        if self.row.by_id is None and self.row.by_name in ("", SYSTEM.name):
            return pgettext("history", "by the clock") if self.row.verb else ""
        if self.for_reporter:
            return _("%(name)s, written down for the reporter") % {"name": self.row.by_name}
        return self.row.by_name


@dataclass(frozen=True)
class Refused:
    """Verbs that cannot be done now for the same reasons, said once."""

    verbs: list[str]
    why: str


@dataclass(frozen=True)
class MatterPage:
    """Everything on the page of a matter."""

    matter: Matter
    kind: Kind
    step_clock: Clock | None
    total_clock: Clock | None
    assignments: list[AssignmentLine]
    steps: list[StepLine]
    steps_on: Arranged
    near: list[Refused]
    far: list[Refused]
    fields: list[ShownField]
    proof: list[tuple[Attachment, str]]
    letters: list[Letter]
    instructions: list[Instruction]
    leading: Leading | None
    stages: list[StageLine]

    @property
    def deeds(self) -> list[Step]:
        """What was done, in order."""
        return deeds_in(line.row for line in self.steps)

    @property
    def state(self) -> str:
        """What the kind calls the matter's state."""
        return shown_state(self.kind, self.matter)

    @property
    def happened_label(self) -> str:
        """What the kind calls the day on which it happened."""
        return happened_label(self.kind)

    @property
    def waits_for(self) -> str:
        """Who has it now, in words: the units that have not done their part, else the one that sends it out and checks
        it; empty once it has ended."""
        active = [line.row.unit for line in self.assignments if line.row.active]
        waiting = active or ([self.matter.unit] if self.matter.is_open else [])
        return "、".join(unit.display_short for unit in waiting)

    @property
    def next_call(self) -> datetime | None:
        """When the reporter is next to be asked, after the end."""
        rows = self.leading.follow_ups if self.leading else []
        return next((row.due_at for row in rows if row.done_at is None), None)

    @property
    def is_suspended(self) -> bool:
        """Whether its clock stands still now."""
        return self.matter.is_suspended(clock.now())

    @property
    def mark(self) -> str:
        """The symbol beside the state."""
        if not self.matter.is_open:
            return "done"
        if self.total_clock and self.total_clock.state == "late":
            return "late"
        return "plan" if self.matter.on_books else "on"


FAR = frozenset({"no_right", "not_related", "wrong_phase", "off"})
"""Reasons that lie in the person or in the matter's state: such verbs are listed apart."""


def matter_page(actor: Actor, matter: Matter, *, reported: bool = False) -> MatterPage:
    """Reads all that the page of a matter shows to this person; `reported`: persons reported it. At most 16 queries,
    whatever its history."""
    kind, days, now = kind_of(matter), calendar(), clock.now()
    stays = list(Step.objects.filter(matter_id=matter.pk).order_by("entered_at", "id"))
    proof, disputes, calls = _proof(matter.pk, kind), disputes_of(matter, kind), follow_ups_of(matter, kind)
    held = list(assignments_of(matter).select_related("unit", "office").prefetch_related("returns"))
    read = Read(held, deeds_in(stays), disputes, [row.created_at for row, _name in proof], calls)
    facts = facts_of(matter, actor, read)
    options = workflow.options(kind, facts, actor)
    end = matter.closed_at or now
    not_now = [o for o in options if not o.allowed]
    far = [o for o in not_now if FAR & {r.code for r in o.reasons}]
    near = [o for o in not_now if o not in far]
    letters = letters_of(matter.pk, actor)
    leading = leading_of(matter, kind, disputes, calls)
    return MatterPage(
        matter=matter,
        kind=kind,
        step_clock=clock_of(matter.step_entered_at, matter.step_due_at, end, days)
        if matter.is_open
        else None,
        total_clock=clock_of(limit_began(matter, kind, stays), matter.due_at, end, days),
        assignments=_assignment_lines(held, days, now),
        steps=[_step_line(step, matter, kind, days, now, letters, reported=reported) for step in stays],
        steps_on=arranged(kind, facts, options, reported=reported),
        near=_refused(near, kind),
        far=_refused(far, kind),
        fields=_fields(matter, kind),
        proof=proof,
        letters=letters,
        instructions=instructions_of(matter.pk, actor),
        leading=leading,
        stages=stages_of(matter, kind, stays),
    )


def _refused(options: list[Option], kind: Kind) -> list[Refused]:
    """Verbs by what stands against them, in the order of the first of each."""
    found: dict[str, list[str]] = {}
    for option in options:
        why = " ".join(dict.fromkeys(reason.text(language()) for reason in option.reasons))
        found.setdefault(why, []).append(verb_label(option.verb, kind))
    return [Refused(verbs, why) for why, verbs in found.items()]


def _fields(matter: Matter, kind: Kind) -> list[ShownField]:
    """The kind's own fields as they were filled in, in the order of its form, in its pack version's words."""
    columns = {code: getattr(matter, name) for code, name in KIND_COLUMNS.items() if getattr(matter, name)}
    ours = {"aim": _("What must be reached"), "measures": pgettext("matter", "Measures")}
    rows = shown_fields(kind.form, {**columns, **matter.fields}, pack_for(matter))
    return [
        row if row.code in kind.form else replace(row, label=ours.get(row.code, row.code)) for row in rows
    ]


def _proof(matter_id: UUID, kind: Kind) -> list[tuple[Attachment, str]]:
    """The matter's files, each with the name of the form's field it was given in (empty for all other proof)."""
    names = {code: field.label.text(language()) for code, field in kind.form.items()}
    rows = Attachment.objects.filter(subject_type=SUBJECT, subject_id=matter_id)
    rows = rows.select_related("document__file", "document__box").order_by("-created_at")
    return [(row, names.get(row.label, "")) for row in rows]


def deeds_in(stays: Iterable[Step]) -> list[Step]:
    """What was done, in order, of a matter's history."""
    done = [step for step in stays if step.verb]
    return sorted(done, key=lambda step: (step.left_at or step.entered_at, step.pk))


def _assignment_lines(held: Iterable[Assignment], days: Calendar, now: datetime) -> list[AssignmentLine]:
    rows = sorted(held, key=lambda row: (row.role != Assignment.Role.LEAD, row.asked_at))
    asked = [(row.pk, sorted(row.returns.all(), key=lambda given: given.asked_at)) for row in rows]
    returns: dict[UUID, Return] = {pk: given[-1] for pk, given in asked if given}
    return [_assignment_line(row, returns.get(row.pk), days, now) for row in rows]


def _assignment_line(
    row: Assignment, returned: Return | None, days: Calendar, now: datetime
) -> AssignmentLine:
    role = pgettext("matter", "Lead") if row.role == Assignment.Role.LEAD else _("Supporting")
    if row.active and returned is not None and returned.state == Return.State.ASKED:
        return AssignmentLine(row, role, "back", _("Return asked for"), None, returned)
    if not row.active:
        mark, words = _ended(row)
        return AssignmentLine(row, role, mark, words, None, returned)
    due = _left(row.due_at, now, days)
    words = _("Being handled") if row.acknowledged_at else _("Not acknowledged yet")
    mark = {"late": "late", "soon": "clock"}.get(
        due.state if due else "", "on" if row.acknowledged_at else "none"
    )
    return AssignmentLine(row, role, mark, words, due, returned)


def _ended(row: Assignment) -> tuple[str, str]:
    if row.ended == "done":
        day = month_day(row.done_at) if row.done_at else ""
        return "done", _("Done %(day)s") % {"day": day}
    words = {
        "returned": pgettext("matter", "Returned"),
        "transferred": _("Transferred"),
        "withdrawn": pgettext("matter", "Ended"),
    }
    return "back", words.get(row.ended, row.ended)


def _left(due: datetime | None, now: datetime, days: Calendar) -> Due | None:
    if due is None:
        return None
    return due_in(days.workdays_left(now, due), due)


def _step_line(
    step: Step,
    matter: Matter,
    kind: Kind,
    days: Calendar,
    now: datetime,
    letters: list[Letter],
    *,
    reported: bool,
) -> StepLine:
    entered = local_day(step.entered_at)
    is_now = step.left_at is None
    limit = days.workdays_between(entered, local_day(step.due_at)) if step.due_at else None
    is_here = is_now and step.state == matter.state
    standing = shown_state(kind, matter) if is_here else named_state(kind, step.state)
    name = verb_label(step.verb, kind) if step.within else standing
    ended = step.note if step.within else _how_ended(step, kind)
    return StepLine(
        row=step,
        name=name,
        mark=_step_mark(step),
        used=days.workdays_between(entered, local_day(step.left_at or now)),
        limit=None if step.within else limit,
        ended=ended,
        is_now=is_now,
        letters=[letter for letter in letters if letter.occasion_id == step.pk],
        for_reporter=reported and step.by_id is not None and is_reporters_own(kind, step.verb),
    )


def _how_ended(step: Step, kind: Kind) -> str:
    if step.left_at is None:
        return ""
    head = verb_label(step.verb, kind)
    joint = "：" if language().startswith("zh") else ": "
    return f"{head}{joint}{step.note}" if step.note else head


def _step_mark(step: Step) -> str:
    if step.left_at is None:
        return "on"
    if step.verb in ("return", "consent_return", "send_back", "refuse", "reopen"):
        return "back"
    return "new" if step.within else "done"
