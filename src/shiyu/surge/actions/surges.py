"""The decisions: opening, extending, ending, and closing with a review."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.limits import end_of
from shiyu.kernel.spec.surge import SurgeRule
from shiyu.kernel.surge import Occasion
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, UserError
from shiyu.lib.events import emit
from shiyu.matters.kinds import version_in_force
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.places.models import Area
from shiyu.surge.access import need, visible_surge
from shiyu.surge.actions.taking_in import take_in_open
from shiyu.surge.events import SurgeOpened
from shiyu.surge.models import Surge, SurgeArea, SurgeDecision


@dataclass(frozen=True)
class Decision:
    """A decision as it is entered: which post decided, under which number, on which day, why."""

    decided_by: str
    document_number: str
    decided_on: date
    reason: str


@action("surge.open_surge")
def open_surge(
    actor: Actor,
    *,
    title: str,
    occasion: str,
    decision: Decision,
    area_ids: Collection[UUID],
    kinds: Collection[str],
    ends_on: date,
    unit_id: UUID | None = None,
    drill: bool = False,
    takes_from: date | None = None,
) -> Surge:
    """Enters the decision that opens it. From now on its limits run for what is open in its scope and what is filed.

    `occasion` is one of kernel.surge.Occasion; `kinds` of the pack's list; `ends_on` its last day, which it must have;
    `unit_id` the unit that runs it (one of the actor's with `surge.open`); `takes_from` the day from which matters received
    before are taken in (none given: the opening day). Raises UserError for anything outside the
    lists, NotAllowed for a place outside the unit's own.
    """
    rule, unit = _rule(), _unit(actor, unit_id)
    _check_decision(decision)
    _check_end(rule, ends_on)
    if takes_from is not None and takes_from > clock.today():
        raise UserError(
            _("The day from which matters are taken in cannot lie in the future."), field="takes_from"
        )
    areas = _areas(rule, unit, area_ids)
    chosen = _kinds(rule, kinds)
    if not title.strip():
        raise UserError(_("Give it a name, such as the event and the place."), field="title")
    if occasion not in set(Occasion):
        raise UserError(
            _(
                "Choose a natural disaster, an accident or a danger to public safety; there is no other occasion."
            ),
            field="occasion",
        )
    surge = Surge.objects.create(
        title=title.strip(),
        occasion=occasion,
        reason=decision.reason.strip(),
        kinds=chosen,
        unit=unit,
        drill=drill,
        pack_version_id=version_in_force(),
        ends_on=ends_on,
        takes_from=takes_from or clock.today(),
    )
    SurgeArea.objects.bulk_create(SurgeArea(surge=surge, area=area, path=area.path) for area in areas)
    _enter(actor, surge, SurgeDecision.Sort.OPEN, decision, ends_on)
    taken = 0 if drill else take_in_open(surge)
    told = {"occasion": occasion, "kinds": chosen, "areas": [area.code for area in areas], "ends_on": ends_on}
    told |= {"takes_from": surge.takes_from}
    record(surge, told | {"drill": drill, "matters": taken}, reason=surge.reason)
    _tell(actor, surge, "open")
    return surge


@action("surge.extend_surge")
def extend_surge(actor: Actor, surge_id: UUID, *, decision: Decision, ends_on: date) -> Surge:
    """Enters the decision for a later last day. After the last day was over, what was filed meanwhile is taken in now."""
    surge = _going(actor, surge_id)
    _check_decision(decision)
    if ends_on <= surge.ends_on:
        raise UserError(_("The new last day must be after the present one."), field="ends_on")
    _check_end(_rule(), ends_on)
    before, lapsed = surge.ends_on, not surge.is_running(clock.now())
    surge.ends_on = ends_on
    surge.save(update_fields=["ends_on"])
    if lapsed and not surge.drill:
        take_in_open(surge, since=end_of(before))
    _enter(actor, surge, SurgeDecision.Sort.EXTEND, decision, ends_on)
    record(surge, {"ends_on": [before, ends_on]}, reason=decision.reason)
    _tell(actor, surge, "extend")
    return surge


@action("surge.end_surge")
def end_surge(actor: Actor, surge_id: UUID, *, decision: Decision) -> Surge:
    """Enters the decision that ends it: its limits apply no longer. After its last day it ended with that day."""
    surge, now = _going(actor, surge_id), clock.now()
    _check_decision(decision)
    surge.ended_at = min(now, end_of(surge.ends_on))
    surge.save(update_fields=["ended_at"])
    _enter(actor, surge, SurgeDecision.Sort.END, decision, None)
    record(surge, {"ended_at": surge.ended_at}, reason=decision.reason)
    _tell(actor, surge, "end")
    return surge


@action("surge.close_surge")
def close_surge(actor: Actor, surge_id: UUID, *, happened: str, improve: str) -> Surge:
    """Closes it with its review: what happened, and what to do better. Measures are ordered before (`issue_orders`)."""
    surge = visible_surge(actor, surge_id, lock=True)
    need(actor, "open", surge)
    if surge.closed_at is not None:
        raise Conflict(_("The review was entered already."))
    if surge.ended_at is None:
        raise UserError(_("Enter the decision that ends it first."))
    for field, text in (("happened", happened), ("improve", improve)):
        if len(text.strip()) < 2:
            raise UserError(
                _("It is closed with a review only: write what happened and what to do better."), field=field
            )
    surge.happened, surge.improve, surge.closed_at = happened.strip(), improve.strip(), clock.now()
    surge.save(update_fields=["happened", "improve", "closed_at"])
    record(surge, {"closed_at": surge.closed_at})
    return surge


def _rule() -> SurgeRule:
    rule = current_pack().surge
    if rule is None:
        raise UserError(_("The city's pack has no emergency response."))
    return rule


def _unit(actor: Actor, unit_id: UUID | None) -> Unit:
    units = actor.units_with("surge.open")
    chosen = unit_id or (actor.home_unit_id if actor.home_unit_id in units else min(units, default=None))
    if chosen is None or chosen not in units:
        raise NotAllowed(_("Your posts do not include this right."))
    return Unit.objects.select_related("area").get(pk=chosen)


def _areas(rule: SurgeRule, unit: Unit, area_ids: Collection[UUID]) -> Sequence[Area]:
    """The places, all within the unit's own, which lies at a level at which a response may be opened."""
    if unit.area is None or unit.area.level not in {level.value for level in rule.levels}:
        raise NotAllowed(_("At the level of your unit no emergency response can be opened."))
    areas = list(Area.objects.in_force().filter(pk__in=area_ids).order_by("path"))
    if not areas or len(areas) != len(set(area_ids)):
        raise UserError(_("Choose at least one place that exists."), field="areas")
    for area in areas:
        if not area.path.startswith(unit.area.path):
            raise UserError(
                _("%(place)s lies outside the places of your unit.") % {"place": area.name}, field="areas"
            )
    # A place within another one adds nothing.
    return [a for a in areas if not any(a.path != b.path and a.path.startswith(b.path) for b in areas)]


def _kinds(rule: SurgeRule, kinds: Collection[str]) -> list[str]:
    known = current_pack().kind
    for code in kinds:
        if code not in rule.limits:
            name = known[code].label.zh if code in known else code
            raise UserError(
                _(
                    "“%(kind)s” cannot be in the scope: petitions, reviews and all that the pack does not list stay out."
                )
                % {"kind": name},
                field="kinds",
            )
    if not kinds:
        raise UserError(_("Choose at least one kind of matter."), field="kinds")
    return [code for code in rule.limits if code in set(kinds)]


def _check_decision(decision: Decision) -> None:
    for field, text in (
        ("decided_by", decision.decided_by),
        ("document_number", decision.document_number),
        ("reason", decision.reason),
    ):
        if len(text.strip()) < 2:
            raise UserError(
                _("A decision needs the post that decided, the number of its document and the reason."),
                field=field,
            )
    if decision.decided_on > clock.today():
        raise UserError(_("The day of the decision cannot lie in the future."), field="decided_on")


def _check_end(rule: SurgeRule, ends_on: date | None) -> None:
    if ends_on is None:
        raise UserError(_("It needs a last day; a later decision can extend it."), field="ends_on")
    if ends_on < clock.today():
        raise UserError(_("The last day cannot lie in the past."), field="ends_on")
    if ends_on > clock.today() + timedelta(days=rule.longest_days):
        raise UserError(
            _("The last day lies at most %(n)s days ahead; a later decision can extend it.")
            % {"n": rule.longest_days},
            field="ends_on",
        )


def _going(actor: Actor, surge_id: UUID) -> Surge:
    surge = visible_surge(actor, surge_id, lock=True)
    need(actor, "open", surge)
    if surge.ended_at is not None:
        raise Conflict(_("It was ended already, on %(day)s.") % {"day": clock.local(surge.ended_at).date()})
    return surge


def _enter(
    actor: Actor, surge: Surge, sort: SurgeDecision.Sort, decision: Decision, ends_on: date | None
) -> None:
    SurgeDecision.objects.create(
        surge=surge,
        sort=sort,
        decided_by=decision.decided_by.strip(),
        document_number=decision.document_number.strip(),
        decided_on=decision.decided_on,
        reason=decision.reason.strip(),
        ends_on=ends_on,
        by_name=actor.name,
    )


def _tell(actor: Actor, surge: Surge, sort: str) -> None:
    emit(SurgeOpened(surge.pk, surge.title, sort, surge.ends_on, surge.drill, actor.user_id))
