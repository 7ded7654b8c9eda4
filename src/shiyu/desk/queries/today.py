"""A person's work in one place: what the other apps say waits for this person, in one order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.kernel.limits import Calendar
from shiyu.letters.queries import MOST as MOST_LETTERS
from shiyu.letters.queries import (
    instructions_waiting,
    letters_for_desk,
    letters_waiting,
    open_instructions,
)
from shiyu.lib import clock
from shiyu.matters.queries import matters_for_desk
from shiyu.matters.queries.desk import MOST, DeskItem
from shiyu.matters.queries.orders import enter_back_for_desk
from shiyu.mediation.queries.desk import MOST as MOST_MEDIATIONS
from shiyu.mediation.queries.desk import MediationItem, mediation_for_desk
from shiyu.meetings.queries.desk import meeting_items_for_desk
from shiyu.packs.queries import current_calendar, current_pack
from shiyu.plans.queries.desk import decision_items_for_desk, duty_items_for_desk, opinion_items_for_desk
from shiyu.plans.queries.report_desk import report_items_for_desk
from shiyu.surge.queries.desk import surge_items_for_desk, surge_orders_beyond
from shiyu.ui.values import Due, Number, due_in

SOON = 3  # workdays: what is due within them stands in the second group


@dataclass(frozen=True)
class Item:
    """One thing to do: what, why this person, by when, and the next step one click away."""

    kind: str  # task, matter, letter, report: the tabs
    label: Any
    title: str
    sub: str
    why: str
    due_on: date | None
    button: Any
    url: str
    due: Due
    on_books: bool = False


@dataclass(frozen=True)
class Group:
    """Overdue, due soon or the rest."""

    mark: str
    label: Any
    note: Any
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Desk:
    """All that waits for a person, by due day, what has none last; whether more matters or mediations wait than a desk
    shows."""

    items: list[Item]
    more_matters: bool = False
    more_mediations: bool = False


def items_of(actor: Actor) -> list[Item]:
    """The items of `desk_of`."""
    return desk_of(actor).items


def desk_of(actor: Actor) -> Desk:
    """All that waits for the person."""
    calendar = current_calendar()
    matters, mediations = matters_for_desk(actor), mediation_for_desk(actor)
    found = [*_disputes(matters, mediations, calendar), *_letters(actor, calendar)]
    sources = (
        ("report", report_items_for_desk(actor)),
        ("matter", enter_back_for_desk(actor)),
        ("task", opinion_items_for_desk(actor)),
        ("task", duty_items_for_desk(actor)),
        ("task", decision_items_for_desk(actor)),
        ("task", meeting_items_for_desk(actor)),
        ("task", surge_items_for_desk(actor)),
    )
    for kind, rows in sources:
        for row in rows:
            due = due_of(row.due_on, calendar)
            found.append(
                Item(kind, row.kind, row.title, row.sub, row.why, row.due_on, row.action, row.url, due)
            )
    items = sorted(found, key=lambda item: (item.due_on or date.max, item.title))
    return Desk(items, len(matters) >= MOST, len(mediations) >= MOST_MEDIATIONS)


MEDIATED = ("complete", "dispatch")
"""Deeds on a matter that wait for nothing but the mediation: where the person mediates, its line stands for both."""


def _disputes(matters: list[DeskItem], mediations: list[MediationItem], calendar: Calendar) -> Iterable[Item]:
    """Matters and mediations; what is both stands there once, with the mediation's next step and the earlier day."""
    days: dict[UUID, date | None] = {}
    mediated = {row.matter_id for row in mediations}
    for row in matters:
        if row.matter_id in mediated and row.verb in MEDIATED:
            days[row.matter_id] = day_of(row.due_at)
        else:
            yield _matter(row, calendar)
    for one in mediations:
        day = min((day for day in (one.due_on, days.get(one.matter_id)) if day), default=None)
        due, sub = due_of(day, calendar), f"{one.code} · {one.body}"
        yield Item("matter", _("Mediation"), one.title, sub, one.why, day, one.action, one.url, due)


def _matter(row: DeskItem, calendar: Calendar) -> Item:
    day = day_of(row.due_at)
    sub, due = f"{row.code} · {row.unit}", due_of(day, calendar)
    label = row.verb_label
    return Item("matter", row.kind_label, row.title, sub, row.why, day, label, row.url, due, row.on_books)


def _letters(actor: Actor, calendar: Calendar) -> Iterable[Item]:
    for waits in letters_for_desk(actor):
        due = due_of(waits.due_on, calendar)
        yield Item(
            "letter",
            _("Letter"),
            waits.title,
            waits.sub,
            waits.why,
            waits.due_on,
            waits.button,
            waits.url,
            due,
        )
    for row in open_instructions(actor, MOST_LETTERS):
        url = reverse("instruction_detail", args=[row.pk])
        sub = f"{row.leader_post} · {row.instructed_on.isoformat()}"
        why = _("The instruction names your unit")
        due = due_of(row.reply_by, calendar)
        yield Item(
            "letter", _("Instruction"), row.subject_title, sub, why, row.reply_by, _("Reply"), url, due
        )


def day_of(moment: datetime | date | None) -> date | None:
    """The city's day of a moment."""
    return clock.local(moment).date() if isinstance(moment, datetime) else moment


def due_of(day: date | None, calendar: Calendar) -> Due:
    """A deadline in workdays from today; negative where it has passed."""
    if day is None:
        return Due("none", _("No deadline"))
    return due_in(calendar.workdays_left(clock.now(), day), day, warn_at=SOON)


def beyond(actor: Actor, items: Iterable[Item]) -> list[Number]:
    """How many letters, instructions and emergency orders wait beyond those on the desk, each with the page that shows
    all of them; counted only where one sort fills its part of the desk."""
    letter_list, instruction_list = reverse("letter_list"), reverse("instruction_list")
    urls = {item.url for item in items if item.kind == "letter"}
    found = surge_orders_beyond(actor, sum("#order-" in item.url for item in items))
    if len(urls) >= MOST_LETTERS:
        shown = sum(url.startswith(letter_list) for url in urls)
        more = letters_waiting(actor).count() - shown
        found.append(Number(more, f"{letter_list}?reply=mine", label=_("letters")))
        more = instructions_waiting(actor).count() - (len(urls) - shown)
        found.append(Number(more, f"{instruction_list}?state=mine", label=_("instructions")))
    return [one for one in found if one.value > 0]


def groups_of(items: Iterable[Item]) -> list[Group]:
    """Items as the desk shows them: overdue first, then due soon, then the rest. Empty groups are left out."""
    kept: dict[str, list[Item]] = {"late": [], "soon": [], "rest": []}
    for item in items:
        kept[item.due.state if item.due.state in ("late", "soon") else "rest"].append(item)
    groups = [
        Group(
            "late",
            _("Overdue"),
            _("Named in the circular if still open when the month is locked") if current_pack().cycle else "",
            tuple(kept["late"]),
        ),
        Group("clock", _("Due soon"), _("Within 3 workdays"), tuple(kept["soon"])),
        Group("new", _("To do"), _("More time left"), tuple(kept["rest"])),
    ]
    return [group for group in groups if group.items]
