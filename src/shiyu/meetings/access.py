"""Who may do what with meetings, their decisions and the watch list."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.meetings import MeetingKind
from shiyu.lib.errors import NotAllowed, NotVisible
from shiyu.meetings.models import Decision, Meeting, WatchEntry
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.people.queries import units_of_group

SUBJECT_MEETING = "meetings.meeting"
"""How documents name a meeting: the minutes that went round."""

SUBJECT_DECISION = "meetings.decision"
"""How documents name a decision: the proof that it was done."""

ANSWERING = ("matter.handle", "matter.dispatch", "report.fill", "meeting.run")
"""One of these rights in a unit lets a person report what the unit did about a decision or a watched matter."""


def can(actor: Actor | None, verb: str, thing: object = None) -> bool:
    """Whether `actor` may `verb`; everything not named is refused.

    `view` the meetings (or one), `run` meetings (or one), `complete` a decision, `review` a watch entry.
    """
    if actor is None:
        return False
    if verb == "view":
        if isinstance(thing, Meeting):
            return Meeting.objects.visible_to(actor).filter(pk=thing.pk).exists()
        return bool(actor.unit_ids) or actor.is_system or actor.has("plan.view")
    if verb == "run":
        return actor.has("meeting.run", thing.unit_id if isinstance(thing, Meeting) else None)
    if verb == "complete" and isinstance(thing, Decision):
        return answers_for(actor, thing.lead_unit_id)
    if verb == "review" and isinstance(thing, WatchEntry):
        return answers_for(actor, thing.unit_id)
    return False


def answers_for(actor: Actor, unit_id: UUID) -> bool:
    """Whether the person may say for a unit what it did."""
    return any(actor.has(right, unit_id) for right in ANSWERING)


def answering_units(actor: Actor) -> frozenset[UUID]:
    """The units for which the person may say what they did."""
    return frozenset(unit for unit in actor.unit_ids if answers_for(actor, unit))


def visible_meeting(actor: Actor, meeting_id: UUID, *, lock: bool = False) -> Meeting:
    """The meeting, if the person may see it; else NotVisible. With `lock` its row is held until the end."""
    rows = Meeting.objects.select_related("unit__area", "period")
    found = rows.visible_to(actor).filter(pk=meeting_id).first() if can(actor, "view") else None
    if found is None:
        raise NotVisible(_("There is no such meeting, or it is not for you to see."))
    return rows.select_for_update(of=("self",)).get(pk=meeting_id) if lock else found


def run_meeting(actor: Actor, meeting_id: UUID) -> Meeting:
    """The meeting, locked, for who runs it. Raises NotVisible, NotAllowed."""
    meeting = visible_meeting(actor, meeting_id, lock=True)
    if not can(actor, "run", meeting):
        raise NotAllowed(_("Only the unit that holds a meeting changes it."))
    return meeting


def visible_decision(actor: Actor, decision_id: UUID, *, lock: bool = False) -> Decision:
    """The decision, for the units it names and for who sees its meeting; else NotVisible."""
    rows = Decision.objects.select_related("meeting__unit", "lead_unit", "matter__area", "point")
    found = rows.filter(pk=decision_id).first()
    if found is None or not (_is_named(actor, found) or can(actor, "view", found.meeting)):
        raise NotVisible(_("There is no such decision, or it is not for you to see."))
    return rows.select_for_update(of=("self",)).get(pk=decision_id) if lock else found


def _is_named(actor: Actor, decision: Decision) -> bool:
    if decision.lead_unit_id in actor.unit_ids:
        return True
    return decision.supporting_units.filter(pk__in=actor.unit_ids).exists()


def visible_entry(actor: Actor, entry_id: UUID, *, lock: bool = False) -> WatchEntry:
    """The entry of the watch list, if the person may see it; else NotVisible."""
    rows = WatchEntry.objects.select_related("matter__area", "matter__unit", "unit", "put_on__meeting")
    found = rows.visible_to(actor).filter(pk=entry_id).first()
    if found is None:
        raise NotVisible(_("There is no such entry, or it is not for you to see."))
    return rows.select_for_update(of=("self",)).get(pk=entry_id) if lock else found


def kind_of_meeting(meeting: Meeting) -> MeetingKind | None:
    """The pack's rules of the meeting's kind; None for a kind the pack has no more."""
    return current_pack().meeting.get(meeting.kind)


def kinds_held_by(unit: Unit) -> dict[str, MeetingKind]:
    """The kinds of meetings a unit may hold, by level and unit group."""
    return kinds_by_unit([unit])[unit.pk]


def kinds_by_unit(units: Sequence[Unit]) -> dict[UUID, dict[str, MeetingKind]]:
    """The kinds of meetings each of the units (with their areas) may hold; one query a group that holds some."""
    found: dict[UUID, dict[str, MeetingKind]] = {unit.pk: {} for unit in units}
    members: dict[str, set[UUID]] = {}
    for code, kind in current_pack().meeting.items():
        for unit in units:
            if kind.level is not None and (unit.area is None or unit.area.level != kind.level):
                continue
            if kind.held_by is not None:
                if kind.held_by not in members:
                    members[kind.held_by] = {one.pk for one in units_of_group(kind.held_by)}
                if unit.pk not in members[kind.held_by]:
                    continue
            found[unit.pk][code] = kind
    return found
