"""What a person must do with matters today: overdue first, then due soon, with the next step."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.kinds import kind_of, language, verb_label
from shiyu.matters.models import Assignment, Matter, Return, directly_above
from shiyu.matters.queries.desk_ways import waiting_ways
from shiyu.packs.queries import current_pack

MOST = 100
"""Nobody does more in a day: a desk stops here, and the list of matters has the rest."""
AHEAD = timedelta(days=7)
"""On the books: shown this long before the review is due."""


@dataclass(frozen=True)
class DeskItem:
    """One piece of work. `due_at` is when this step (not the matter) is due; `verb` is the next one to do."""

    kind_label: str
    title: str
    code: str
    why: str
    due_at: datetime | None
    verb: str
    verb_label: str
    url: str
    matter_id: UUID
    on_books: bool = False
    warn_at: datetime | None = None
    unit: str = ""

    @property
    def is_overdue(self) -> bool:
        """Whether the step's limit has passed."""
        return self.due_at is not None and self.due_at < clock.now()


def matters_for_desk(actor: Actor) -> list[DeskItem]:
    """What waits for this person: assignments of their units, and what their unit must take in, answer, check,
    approve or close. By due date, those without one last; the first `MOST` of them. Five queries at most, and where the
    city's kinds have more ways (desk_ways) one or two for each, none reading more than `MOST` rows."""
    handling = actor.units_with("matter.handle")
    found: dict[tuple[UUID, str], tuple[Matter, str, str, datetime | None]] = {}
    for row in _held(handling):
        verb = "complete" if row.acknowledged_at else "acknowledge"
        why = _why_held(row, verb)
        found[(row.matter_id, "own")] = (row.matter, verb, why, row.due_at or row.matter.step_due_at)
    for returned in _returned(actor):
        matter = returned.assignment.matter
        why = _("%(unit)s gives it back: %(reason)s") % {
            "unit": returned.assignment.unit.display_short,
            "reason": returned.reason,
        }
        found[(matter.pk, "return")] = (matter, "consent_return", why, returned.decide_by)
    for matter in _taken_in(actor):
        for key, verb, why, due in _steps_of(matter, actor):
            found[(matter.pk, key)] = (matter, verb, why, due)
    for key, matter, verb, why, due in waiting_ways(actor, MOST):
        found[(matter.pk, key)] = (matter, verb, why, due)
    items = sorted(
        _items(found), key=lambda item: (item.due_at is None, item.due_at or clock.now(), item.code)
    )
    return items[:MOST]


def _items(found: dict[tuple[UUID, str], tuple[Matter, str, str, datetime | None]]) -> list[DeskItem]:
    if not found:
        return []
    kinds = current_pack().kind
    items = []
    for matter, verb, why, due in found.values():
        kind = kinds.get(matter.kind)
        items.append(
            DeskItem(
                kind_label=kind.label.text(language()) if kind else matter.kind,
                title=matter.title,
                code=matter.code,
                why=why,
                due_at=due,
                verb=verb,
                verb_label=verb_label(verb, kind_of(matter)) if verb == "close" else str(BUTTONS[verb]()),
                url=reverse("matter_detail", args=[matter.pk]) + f"#do-{verb}",
                matter_id=matter.pk,
                on_books=matter.on_books,
                warn_at=matter.warn_at,
                unit=matter.unit.display_short,
            )
        )
    return items


BUTTONS: dict[str, Any] = {
    "acknowledge": lambda: _("Acknowledge"),
    "complete": lambda: _("Report the result"),
    "accept": lambda: pgettext("matter", "Accept"),
    "dispatch": lambda: _("Send out"),
    "verify": lambda: pgettext("matter", "Verify"),
    "consent_return": lambda: _("Answer the return"),
    "approve_extension": lambda: pgettext("matter", "Decide"),
    "review_books": lambda: pgettext("matter", "Review"),
    "sort": lambda: pgettext("matter", "Sort"),
    "decide_competence": lambda: pgettext("matter", "Decide who leads"),
    "answer_competence": lambda: pgettext("matter", "State your side"),
    "follow_up": lambda: pgettext("matter", "Follow up"),
    "reopen": lambda: pgettext("matter", "Look at it again"),
    "confirm": lambda: pgettext("matter", "Confirm"),
}


def _held(units: frozenset[UUID]) -> list[Assignment]:
    """Active assignments of these units or offices in matters being handled; a return asked for waits elsewhere."""
    if not units:
        return []
    waiting = Return.objects.filter(state=Return.State.ASKED).values("assignment_id")
    rows = Assignment.objects.filter(Q(unit_id__in=units) | Q(office_id__in=units), active=True)
    rows = rows.filter(of_open=True, matter__is_open=True, matter__phase="handling").exclude(pk__in=waiting)
    first = Coalesce("due_at", "matter__step_due_at").asc(nulls_last=True)
    return list(rows.select_related("matter__unit").order_by(first, "pk")[:MOST])


def _why_held(row: Assignment, verb: str) -> str:
    if verb == "acknowledge":
        return _("New: %(unit)s asks your unit") % {"unit": row.matter.unit.display_short}
    if row.matter.reworked and row.matter.state:
        return _("Sent back after the check") if row.role == Assignment.Role.LEAD else _("Your unit supports")
    return _("Your unit leads") if row.role == Assignment.Role.LEAD else _("Your unit supports")


def _returned(actor: Actor) -> list[Return]:
    """Returns to answer: by the unit that sent it; once its limit has passed, by the unit above as well."""
    units = actor.units_with("matter.dispatch")
    if not units:
        return []
    late = Q(decide_by__lt=clock.now()) & directly_above(units, "assignment__matter__unit")
    rows = Return.objects.filter(Q(assignment__matter__unit_id__in=units) | late, state=Return.State.ASKED)
    rows = rows.order_by(F("decide_by").asc(nulls_last=True), "pk")
    return list(rows.select_related("assignment__unit", "assignment__matter__unit")[:MOST])


def _taken_in(actor: Actor) -> list[Matter]:
    """Matters of the units for which the person dispatches, checks, approves or closes, that wait for that."""
    rights = ("matter.dispatch", "matter.verify", "matter.approve", "matter.close")
    units = frozenset[UUID]().union(*(actor.units_with(right) for right in rights))
    if not units:
        return []
    soon = clock.today() + AHEAD
    waiting = Q(phase__in=("filed", "accepted", "verifying")) | Q(extension_asked_until__isnull=False)
    rows = Matter.objects.filter(waiting | Q(phase="held", books_review_on__lte=soon), is_open=True)
    rows = rows.filter(unit_id__in=units).order_by(F("step_due_at").asc(nulls_last=True), "pk")
    return list(rows.select_related("unit")[:MOST])


def _steps_of(matter: Matter, actor: Actor) -> list[tuple[str, str, str, datetime | None]]:
    """What of a matter waits for this person: key, verb, why, due."""
    unit, due = matter.unit_id, matter.step_due_at
    rows: list[tuple[str, str, str, datetime | None]] = []
    if matter.phase == "filed" and actor.has("matter.dispatch", unit):
        rows.append(("filed", "accept", _("Filed, not yet accepted"), due))
    kind = kind_of(matter)
    if matter.phase == "accepted" and actor.has("matter.dispatch", unit):
        if kind.sorting and not matter.sort_class:
            rows.append(("accepted", "sort", _("Accepted, to be sorted"), due))
        else:
            rows.append(("accepted", "dispatch", _("Accepted, nobody handles it yet"), due))
    if matter.phase == "verifying":
        other_hand = matter.completed_by_id != actor.user_id
        if kind.rule("verify") is None or kind.closing == "sampling":
            if (matter.confirmed_by_id or kind.closing != "confirmed") and actor.has("matter.close", unit):
                rows.append(("verified", "close", _("Reported done, to be closed"), due))
        elif matter.verified_by_id is None and other_hand and actor.has("matter.verify", unit):
            rows.append(("verifying", "verify", _("Reported done, to be checked by another hand"), due))
        elif matter.verified_by_id is not None and actor.has("matter.close", unit):
            rows.append(("verified", "close", _("Checked, to be closed"), due))
    if matter.extension_asked_until is not None and actor.has("matter.approve", unit):
        why = _("Asks for %(n)s workdays more: %(reason)s") % {
            "n": matter.extension_asked_days,
            "reason": matter.extension_asked_reason,
        }
        rows.append(("extension", "approve_extension", why, due))
    if matter.phase == "held" and actor.has("matter.approve", unit):
        rows.append(("books", "review_books", _("On the books, its review is due"), due))
    return rows
