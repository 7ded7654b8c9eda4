"""The list of matters: its columns and what each shows."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiyu.kernel.actor import Actor
from shiyu.kernel.fields import KIND_COLUMNS, shown
from shiyu.kernel.limits import Calendar
from shiyu.kernel.phases import Phase
from shiyu.kernel.spec.matters import FieldType, FormField
from shiyu.kernel.spec.pack import Pack
from shiyu.lib import clock
from shiyu.matters.forms import MatterFilter
from shiyu.matters.kinds import calendar, kind_of, language, shown_state, topic_choices
from shiyu.matters.models import Assignment, Matter, MatterQuerySet
from shiyu.matters.queries.board import is_of_closed
from shiyu.matters.queries.orders import takes_orders, with_orders
from shiyu.packs.queries import current_pack
from shiyu.ui.lists import Column, ListSpec, View
from shiyu.ui.values import Due, Marked, due_in

GONE = ("returned", "transferred", "withdrawn")


def matter_rows(actor: Actor, *, of_open: bool = False) -> QuerySet[Matter]:
    """The matters a person may see, or the open ones of them, each with its lead unit's name (`lead_name`)."""
    leads = Assignment.objects.filter(matter=OuterRef("pk"), role=Assignment.Role.LEAD)
    leads = leads.exclude(ended__in=GONE).order_by("-asked_at")
    rows = Matter.objects.open_to(actor) if of_open else Matter.objects.visible_to(actor)
    return with_orders(
        rows.select_related("unit", "area").annotate(
            lead_name=Subquery(leads.values("unit__name")[:1]),
            lead_short=Subquery(leads.values("unit__short_name")[:1]),
            lead_order=Subquery(leads.values("unit__protocol_order")[:1]),
        )
    )


LISTED = {"show": "open"}
"""What the list shows without a filter."""
PLAIN_ORDERS = ("", "closed_at", "due_at", "received_at", "code")
"""Orders of the list by a column of the matter itself."""


def closed_parts(actor: Actor, asked: Mapping[str, str]) -> list[MatterQuerySet]:
    """The parts from which a list of closed matters is read (ui.lists), where its filters `asked` leave closed ones only."""
    is_plain = asked.get("sort", "").lstrip("-") in PLAIN_ORDERS
    return Matter.objects.all().closed_parts(actor) if is_of_closed(asked) and is_plain else []


def matter_spec(*, of_closed: bool = False, kind: str = "") -> ListSpec:
    """Columns, orders and filters of the list; the pack and its calendar are read once. Closed ones come newest first. Where
    one `kind` is asked for, the export has the fields of its form alone."""
    return ListSpec(
        key="matter_list",
        title=_("Matters"),
        columns=_columns(of_closed=of_closed, kind=kind),
        default_sort="-closed_at" if of_closed else "due_at",
        filterset=MatterFilter,
        defaults=LISTED,
        views=(
            View(_("Overdue"), "due=overdue"),
            View(_("Due soon"), "due=soon"),
            View(_("On the books"), "due=on_books"),
            View(_("To be verified"), "phase=verifying"),
            *((View(pgettext("surge", "Exercises"), "drill=only&show=all"),) if current_pack().surge else ()),
        ),
        empty=_("No matter is open. New ones are filed with the button above."),
    )


def _columns(*, of_closed: bool, kind: str) -> tuple[Column, ...]:
    days = calendar()
    return (
        Column("code", pgettext("matter", "Number"), sort="code", width=152, frozen=True, link=_page),
        Column("title", _("Matter"), width=248, frozen=True, clamp=True, link=_page),
        Column(
            "state",
            pgettext("matter", "State"),
            value=_state_reader(),
            sort="phase",
            width=112,
        ),
        Column("due_at", pgettext("matter", "Time limit"), value=_due_reader(days), sort="due_at", width=130),
        Column(
            "step_due_at",
            _("This step"),
            value=_step_reader(days),
            sort="step_due_at",
            width=130,
            screen=not of_closed,
        ),
        Column("closed_at", _("Closed on"), sort="closed_at", screen=of_closed, width=100),
        Column("lead", pgettext("matter", "Lead unit"), value=_lead, sort=("lead_order", "code"), width=150),
        *_way_columns(),
        Column("source", _("Where from"), value=_source_reader(), width=104, short=True),
        *_order_columns(),
        Column(
            "received_at",
            _("Received on"),
            value=lambda m: clock.local(m.received_at).date(),
            sort="received_at",
            width=100,
            short=True,
        ),
        Column("about_label", pgettext("matter", "About"), width=220, clamp=True),
        Column("progress", pgettext("matter", "Progress"), width=240, clamp=True),
        Column("text", _("What exactly"), screen=False, export_width=40),
        Column("goal", _("What must be reached"), screen=False, export_width=30),
        Column("measures", pgettext("matter", "Measures"), screen=False, export_width=30),
        *_own_columns(kind),
    )


def _way_columns() -> Iterator[Column]:
    """Kind, topic, grade, place and who has it, where the city's kinds know them."""
    kinds = current_pack().kind
    if len(kinds) > 1:
        yield Column(
            "kind", pgettext("matter", "Kind"), value=_kind_reader(), sort="kind", width=96, short=True
        )
    if any(kind.topics for kind in kinds.values()):
        yield Column(
            "topic", pgettext("matter", "Topic"), value=_topic_reader(), sort="topic", width=104, short=True
        )
    if any(kind.grading for kind in kinds.values()):
        yield Column(
            "grade", pgettext("matter", "Grade"), value=_grade_reader(), sort="grade", width=64, short=True
        )
    if any(kind.topics for kind in kinds.values()):
        yield Column("area", _("Place"), value=lambda m: m.area.name if m.area else "", width=104, short=True)
        level = Column("level", _("Taken in by"), value=_level, sort=("level", "code"), width=150, short=True)
        yield level


def _order_columns() -> Iterator[Column]:
    """The number in the other system and whether the result stands there, in a city that works on others' orders."""
    if takes_orders():
        yield Column("order_number", _("Number there"), width=150, screen=False)
        yield Column("entered", _("Entered back?"), value=_entered, width=110, short=True)


def _entered(row: Any) -> str | None:
    """Of a matter with an order of another system only."""
    if row.order_number is None:
        return None
    if row.order_entered:
        return _("Entered back")
    return _("To be entered") if not row.is_open or row.phase == Phase.VERIFYING else _("Not yet")


def _level(row: Matter) -> str:
    """The unit that has it now, and how many levels it was lifted."""
    name = row.unit.display_short
    return _("%(unit)s (lifted %(n)s)") % {"unit": name, "n": row.level} if row.level else name


def _kind_reader() -> Callable[[Matter], str]:
    words = {code: kind.label.text(language()) for code, kind in current_pack().kind.items()}
    return lambda row: words.get(row.kind) or kind_of(row).label.text(language())


def _topic_reader() -> Callable[[Matter], str]:
    words = {(code, key): label for code in current_pack().kind for key, label in topic_choices(code)}
    return lambda row: words.get((row.kind, row.topic), row.topic)


def _grade_reader() -> Callable[[Matter], str]:
    words = {
        (code, key): grade.label.text(language())
        for code, kind in current_pack().kind.items()
        if kind.grading
        for key, grade in kind.grading.grades.items()
    }
    return lambda row: words.get((row.kind, row.grade), row.grade)


def _own_columns(only: str) -> Iterator[Column]:
    """The kinds' own fields, in the export only; where there are several kinds, under the kind's name."""
    pack = current_pack()
    kinds = {only: pack.kind[only]} if only in pack.kind else pack.kind
    for code, kind in kinds.items():
        head = f"{kind.label.text(language())} · " if len(kinds) > 1 else ""
        for name, field in kind.form.items():
            if name not in KIND_COLUMNS and field.type is not FieldType.FILES:
                title = head + field.label.text(language())
                read = _field_reader(pack, code, name, field)
                yield Column(f"{code}_{name}", title, value=read, screen=False, export_width=24)


def _field_reader(pack: Pack, kind: str, name: str, field: FormField) -> Callable[[Matter], Any]:
    if field.type is FieldType.NUMBER:  # kept as text (kernel.fields); a sheet counts with it
        return lambda row: Decimal(row.fields[name]) if row.kind == kind and row.fields.get(name) else ""
    return lambda row: shown(field, row.fields.get(name), pack.codes, language()) if row.kind == kind else ""


def _page(row: Matter) -> str:
    return reverse("matter_detail", args=[row.pk])


def _lead(row: Any) -> str:
    return row.lead_short or row.lead_name or row.unit.display_short


def _state_reader() -> Callable[[Matter], Marked]:
    kinds = current_pack().kind

    def read(row: Matter) -> Marked:
        kind = kinds.get(row.kind) or kind_of(row)
        mark = "plan" if row.on_books else "on"
        return Marked(mark if row.is_open else "done", shown_state(kind, row))

    return read


def _source_reader() -> Callable[[Matter], str]:
    pack = current_pack()
    words = {
        (code, key): text.text(language())
        for code, kind in pack.kind.items()
        if kind.sources
        for key, text in pack.codes[kind.sources].values.items()
    }
    return lambda row: words.get((row.kind, row.source), row.source)


def _due_reader(days: Calendar) -> Callable[[Matter], Due | None]:
    return lambda row: left_of(row.due_at, row, days)


def _step_reader(days: Calendar) -> Callable[[Matter], Due | None]:
    return lambda row: left_of(row.step_due_at, row, days)


def left_of(due: datetime | None, row: Matter, days: Calendar) -> Due | None:
    """What is left of a limit, in workdays; a closed matter shows the day alone."""
    if due is None:
        return None
    if not row.is_open:
        return Due("none", "", due)
    now = clock.now()
    left = days.workdays_left(now, due)
    shown = due_in(left, due, warn_at=0)
    if left >= 0 and row.warn_at and row.warn_at < now:
        return Due("soon", shown.label, due)
    return shown
