"""What the desk shows of plans: opinions to give, duties to be assigned."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.plans.models import Duty, DutyHolder, Edition, OpinionRound, OpinionSlip

FRESH_DAYS = 30
"""An edition counts as new on the desk for this many days after its issue."""


@dataclass(frozen=True)
class DeskItem:
    """One line of the desk: what it is, what to do, by when, where."""

    kind: str
    title: str
    sub: str
    why: str
    due_on: date | None
    action: str
    url: str


def opinion_items_for_desk(actor: Actor) -> list[DeskItem]:
    """Slips the person's units have not answered, and for the office rounds with something to decide or past their day."""
    items = []
    units = actor.units_with("opinion.answer") if not actor.is_system else frozenset()
    slips = OpinionSlip.objects.filter(unit_id__in=units, answered_at=None, round__closed_at=None)
    for slip in slips.select_related("round__edition__plan", "unit").annotate(n=Count("opinions")):
        items.append(
            DeskItem(
                kind=_("Opinions"),
                title=_("Give opinions on “%(plan)s”") % {"plan": slip.round.edition.plan.title},
                sub=slip.unit.display_short,
                why=ngettext("%(n)s item is yours", "%(n)s items are yours", slip.n) % {"n": slip.n},
                due_on=slip.round.reply_by,
                action=_("Give opinions"),
                url=reverse("opinion_slip", args=[slip.pk]),
            )
        )
    return items + (_rounds() if actor.has("opinion.run") else [])


def _rounds() -> list[DeskItem]:
    wanted = Count(
        "slips__opinions", filter=Q(slips__opinions__answer="change", slips__opinions__adoption="open")
    )
    rows = (
        OpinionRound.objects.filter(closed_at=None).select_related("edition__plan").annotate(undecided=wanted)
    )
    today = clock.today()
    return [
        DeskItem(
            kind=_("Opinions"),
            title=_("Opinion round on “%(plan)s”") % {"plan": row.edition.plan.title},
            sub=_("Round %(n)s") % {"n": row.number},
            why=_("%(n)s wanted changes to decide on") % {"n": row.undecided}
            if row.undecided
            else _("the day to reply by has passed"),
            due_on=row.reply_by,
            action=_("Decide") if row.undecided else _("Close the round"),
            url=reverse("opinion_round", args=[row.pk]),
        )
        for row in rows
        if row.undecided or row.reply_by < today
    ]


def duty_items_for_desk(actor: Actor) -> list[DeskItem]:
    """One line a unit and edition: duties in force that no office or person carries yet, as deep as the city goes."""
    depth = current_pack().plan.duty_depth
    units = actor.units_with("duty.assign") if not actor.is_system else frozenset()
    if depth == "unit" or not units:
        return []
    rows = (
        unassigned(depth)
        .filter(unit_id__in=units)
        .values("unit_id", "unit__short_name", "unit__name", "task__edition_id", "task__edition__plan__title",
                "task__edition__issued_on")
        .annotate(n=Count("pk"))
        .order_by("unit__protocol_order")
    )  # fmt: skip
    return [
        DeskItem(
            kind=_("Duties"),
            title=_("Name who carries the duties of “%(plan)s”")
            % {"plan": row["task__edition__plan__title"]},
            sub=row["unit__short_name"] or row["unit__name"],
            why=ngettext("%(n)s duty without a holder", "%(n)s duties without a holder", row["n"])
            % {"n": row["n"]},
            due_on=(row["task__edition__issued_on"] or clock.today()) + timedelta(days=FRESH_DAYS),
            action=_("Assign the duty"),
            url=reverse("duty_assign", args=[row["unit_id"], row["task__edition_id"]]),
        )
        for row in rows
    ]


def decision_items_for_desk(actor: Actor) -> list[DeskItem]:
    """A meeting's decisions that wait for the person's units, from the day they are entered until they are done."""
    units = actor.units_with("report.fill") if not actor.is_system else frozenset()
    if not units:
        return []
    rows = Duty.objects.filter(unit_id__in=units, done_on=None, decision__done_on=None).exclude(decision=None)
    rows = rows.select_related("unit", "decision__meeting").order_by("due_on", "pk")
    return [
        DeskItem(
            kind=_("Decision"),
            title=duty.decision.text[:120],
            sub=f"{duty.unit.display_short} · {duty.decision.meeting.title}",
            why=_("Decided by the meeting; your unit leads")
            if duty.role == Duty.Role.LEAD
            else _("Decided by the meeting; your unit supports"),
            due_on=duty.due_on,
            action=_("Open the decision"),
            url=reverse("duty_detail", args=[duty.pk]),
        )
        for duty in rows
        if duty.decision is not None
    ]


def unassigned(depth: str) -> QuerySet[Duty]:
    """Duties of editions in force without a holder: an office, or a person where the city goes that far."""
    named = DutyHolder.objects.filter(duty=OuterRef("pk"), valid_to=None)
    if depth == "person":
        named = named.exclude(person=None)
    return Duty.objects.filter(
        ~Exists(named),
        via_group="",
        task__edition__state=Edition.State.ISSUED,
        task__edition__superseded_on=None,
    )


def holding_now() -> Q:
    """Holders in force of duties in force: of an edition that holds today, or of a meeting's decision.

    Who held a duty of a superseded edition stays written there as it was.
    """
    in_force = Q(duty__task__edition__state=Edition.State.ISSUED, duty__task__edition__superseded_on=None)
    return Q(valid_to=None) & (in_force | Q(duty__task=None))


def holders_with_duties(unit: Unit) -> list[tuple[UUID, str, int]]:
    """People who carry duties of a unit now: id, name, how many."""
    rows = DutyHolder.objects.filter(holding_now(), duty__unit=unit).exclude(person=None)
    counted = rows.values_list("person_id", "person__name").annotate(n=Count("pk")).order_by("person__name")
    return [(pk, name, count) for pk, name, count in counted]
