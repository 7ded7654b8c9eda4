"""The problem list (domain.md 1.16) and how it moved in a period."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Collate
from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.kernel.limits import end_of
from shiyu.lib import clock
from shiyu.matters.models import Assignment, Matter, Step
from shiyu.packs.queries import current_pack

GONE = ("returned", "transferred", "withdrawn")
COUNTED = ("done", "agreement")
"""Outcomes that count as closed (measure problems_closed)."""


@dataclass(frozen=True)
class ProblemFilter:
    """Which problems. Empty fields do not narrow; `as_of` is the day the list stands for (today).

    Without `ids` the list holds what was open on any day from `since` to `as_of`: with `since` empty only what
    is still open on `as_of`.
    """

    unit_ids: frozenset[UUID] = frozenset()
    about_ids: frozenset[UUID] = frozenset()
    ids: frozenset[UUID] = frozenset()
    since: date | None = None
    as_of: date | None = None
    actor: Actor | None = None
    kind: str = ""


@dataclass(frozen=True)
class ProblemRow:
    """One line of the problem list, in the order of its columns, with the ids behind them."""

    position: int
    code: str
    source: str
    happened_on: date | None
    about_label: str
    text: str
    goal: str
    measures: str
    lead: str
    supporting: tuple[str, ...]
    person: str
    due_on: date | None
    progress: str
    status: str  # closed, overdue, on_books, in_hand
    verified_by: str
    closed_on: date | None
    remark: str
    is_overdue: bool
    on_books: bool
    is_open: bool
    matter_id: UUID
    title: str
    about_type: str
    about_id: UUID | None
    lead_id: UUID | None
    supporting_ids: tuple[UUID, ...]
    due_at: datetime | None
    workdays_overdue: int = 0

    @property
    def status_label(self) -> str:
        """已销号, 整改中, 逾期 or 挂账; what is on the books and overdue says both."""
        if self.status == "on_books" and self.is_overdue:
            return _("On the books, overdue")
        return {
            "closed": _("Closed out"),
            "overdue": _("Overdue"),
            "on_books": _("On the books"),
            "in_hand": _("Being put right"),
        }[self.status]


def problem_kind() -> str:
    """The kind of matter that makes the problem list."""
    return current_pack().plan.problem_kind or "problem"


def problem_rows(filters: ProblemFilter) -> list[ProblemRow]:
    """The problem list: units in protocol order, then by number. Two queries."""
    return rows_of_problems(problem_lines(filters), filters.as_of)


def problem_lines(filters: ProblemFilter) -> QuerySet[Matter]:
    """The problems on the list as a query in the list's order, to be narrowed, counted or read page by page.

    Each has `lead_unit`, the unit answering for it now, if any; `line_closed`, `line_overdue`, `line_status` as the
    list shows them are there for filters.
    """
    kind = filters.kind or problem_kind()
    as_of = filters.as_of or clock.today()
    leads = Assignment.objects.filter(matter=OuterRef("pk"), role=Assignment.Role.LEAD).exclude(
        ended__in=GONE
    )
    lead = leads.order_by("unit__protocol_order", "asked_at", "pk")
    closed = Q(closed_at__lte=end_of(as_of))
    overdue = Q(line_closed=False, due_at__lt=min(clock.now(), end_of(as_of)))
    status = Case(
        When(line_closed=True, then=Value("closed")),
        When(on_books=True, then=Value("on_books")),
        When(line_overdue=True, then=Value("overdue")),
        default=Value("in_hand"),
    )
    return (
        _chosen(filters, kind, as_of)
        .annotate(
            lead_unit=Subquery(lead.values("unit_id")[:1]),
            lead_order=Coalesce(Subquery(lead.values("unit__protocol_order")[:1]), F("unit__protocol_order")),
        )
        .alias(line_closed=Case(When(closed, then=Value(True)), default=Value(False)))
        .alias(line_overdue=Case(When(overdue, then=Value(True)), default=Value(False)))
        .alias(line_status=status)
        .order_by("lead_order", Collate("code", "C"))
    )


def rows_of_problems(
    matters: Iterable[Matter], as_of: date | None = None, first: int = 1
) -> list[ProblemRow]:
    """These problems as lines of the list, in the order given, numbered from `first`. One query beside theirs."""
    day = as_of or clock.today()
    given = list(matters)
    assignments = _assignments([matter.pk for matter in given])
    pack = current_pack()
    labels: dict[str, str] = {}
    for code in {matter.kind for matter in given}:
        kind = pack.kind.get(code)
        sources = pack.codes[kind.sources].values if kind and kind.sources else {}
        labels |= {key: label.zh for key, label in sources.items()}
    return [
        _row(matter, assignments[matter.pk], labels.get(matter.source, matter.source), day, position)
        for position, matter in enumerate(given, start=first)
    ]


def _chosen(filters: ProblemFilter, kind: str, as_of: date) -> QuerySet[Matter]:
    rows = Matter.objects.real().filter(kind=kind).exclude(phase="refused").select_related("unit")
    if filters.actor is not None:
        rows = rows.visible_to(filters.actor)
    if filters.ids:
        return rows.filter(pk__in=filters.ids)
    if filters.unit_ids:
        held = Assignment.objects.filter(unit_id__in=filters.unit_ids).exclude(ended__in=GONE)
        rows = rows.filter(pk__in=held.values("matter_id"))
    if filters.about_ids:
        rows = rows.filter(about_id__in=filters.about_ids)
    rows = rows.filter(received_at__lte=end_of(as_of))
    since = datetime.combine(filters.since, time(), clock.CITY_ZONE) if filters.since else end_of(as_of)
    return rows.filter(Q(is_open=True) | Q(closed_at__gte=since))


def _assignments(ids: Iterable[UUID]) -> dict[UUID, list[Assignment]]:
    found: dict[UUID, list[Assignment]] = defaultdict(list)
    rows = Assignment.objects.filter(matter_id__in=list(ids)).exclude(ended__in=GONE)
    for row in rows.select_related("unit").order_by("unit__protocol_order", "asked_at", "pk"):
        found[row.matter_id].append(row)
    return found


def _row(matter: Matter, held: list[Assignment], source: str, as_of: date, position: int) -> ProblemRow:
    lead = next((a for a in held if a.role == Assignment.Role.LEAD), None)
    supporting = [a for a in held if a.role == Assignment.Role.SUPPORTING]
    closed = matter.closed_at is not None and matter.closed_at <= end_of(as_of)
    overdue = not closed and matter.due_at is not None and matter.due_at < min(clock.now(), end_of(as_of))
    return ProblemRow(
        position=position,
        code=matter.code,
        source=source,
        happened_on=matter.happened_on or clock.local(matter.received_at).date(),
        about_label=matter.about_label,
        text=matter.text or matter.title,
        goal=matter.goal,
        measures=matter.measures,
        lead=(lead.unit if lead else matter.unit).display_short,
        supporting=tuple(dict.fromkeys(a.unit.display_short for a in supporting)),
        person=lead.person if lead else "",
        due_on=_day(matter.due_at),
        progress=matter.progress,
        status=_status(closed, matter.on_books, overdue),
        verified_by=matter.verified_by_name,
        closed_on=_day(matter.closed_at) if closed else None,
        remark=_remark(matter),
        is_overdue=overdue,
        on_books=matter.on_books and not closed,
        is_open=not closed,
        matter_id=matter.pk,
        title=matter.title,
        about_type=matter.about_type,
        about_id=matter.about_id,
        lead_id=lead.unit_id if lead else None,
        supporting_ids=tuple(dict.fromkeys(a.unit_id for a in supporting)),
        due_at=matter.due_at,
    )


def _status(closed: bool, on_books: bool, overdue: bool) -> str:
    if closed:
        return "closed"
    if on_books:
        return "on_books"
    return "overdue" if overdue else "in_hand"


def _remark(matter: Matter) -> str:
    """What a reader of the list must know beside its columns."""
    parts = []
    if matter.extensions:
        parts.append(_("Extended by %(n)s workdays") % {"n": matter.extended_days})
    if matter.on_books and matter.books_review_on:
        day = matter.books_review_on.isoformat()
        parts.append(_("To be reviewed on %(day)s: %(why)s") % {"day": day, "why": matter.books_reason})
    if matter.reworked:
        parts.append(_("Sent back %(n)s times") % {"n": matter.reworked})
    if matter.reopened:
        parts.append(_("Reopened %(n)s times") % {"n": matter.reopened})
    return "；".join(parts)


def _day(moment: datetime | None) -> date | None:
    return clock.local(moment).date() if moment else None


@dataclass
class Movement:
    """The problems of one unit in a period, by id. `open` ⊇ `overdue`, `on_books`; carried and new are disjoint.

    `returned` and `reworked` name a matter as often as it happened.
    """

    carried: set[UUID] = field(default_factory=set)
    new: set[UUID] = field(default_factory=set)
    closed: set[UUID] = field(default_factory=set)
    open: set[UUID] = field(default_factory=set)
    overdue: set[UUID] = field(default_factory=set)
    on_books: set[UUID] = field(default_factory=set)
    returned: list[UUID] = field(default_factory=list)
    reworked: list[UUID] = field(default_factory=list)


def problem_movement(start: date, end: date, unit: UUID | None = None) -> dict[UUID, Movement]:
    """How the problem list moved from the first to the last day of a period, per lead unit (or for one).

    A problem is on the list from the moment it was accepted; a reopened one comes to it anew. One that nobody
    leads yet counts for the unit that dispatches it. A past day is read from the steps; the time limit is the
    one in force now. Four queries.
    """
    begins = datetime.combine(start, time(), clock.CITY_ZONE)
    ends = datetime.combine(end + timedelta(days=1), time(), clock.CITY_ZONE)
    rows = Matter.objects.real().filter(kind=problem_kind(), received_at__lt=ends)
    rows = rows.filter(Q(is_open=True) | Q(closed_at__gte=begins))
    matters = {m.pk: m for m in rows.only("id", "unit_id", "due_at", "outcome", "is_open")}
    leads = _leads(list(matters), ends)
    moved: dict[UUID, Movement] = defaultdict(Movement)
    for matter_id, steps in _steps(list(matters), ends).items():
        matter = matters[matter_id]
        owner = leads.get(matter_id, matter.unit_id)
        if unit is None or owner == unit:
            _count(moved[owner], matter, steps, begins, ends)
    return dict(moved)


def _leads(ids: list[UUID], ends: datetime) -> dict[UUID, UUID]:
    rows = Assignment.objects.filter(matter_id__in=ids, role=Assignment.Role.LEAD, asked_at__lt=ends)
    # The last one asked in the period leads; who gave it back led only until the next was asked.
    return dict(rows.exclude(ended="returned").order_by("asked_at", "id").values_list("matter_id", "unit_id"))


def _steps(ids: list[UUID], ends: datetime) -> dict[UUID, list[Step]]:
    found: dict[UUID, list[Step]] = defaultdict(list)
    rows = Step.objects.filter(matter_id__in=ids, entered_at__lt=ends).order_by("entered_at", "id")
    for step in rows.only("id", "matter_id", "phase", "entered_at", "left_at", "verb", "within"):
        found[step.matter_id].append(step)
    return found


def _count(to: Movement, matter: Matter, steps: list[Step], begins: datetime, ends: datetime) -> None:
    listed = [s for s in steps if not s.within and s.phase != "filed"]
    previous: Step | None = None
    for step in listed:
        if (previous is None or previous.left_at != step.entered_at) and begins <= step.entered_at < ends:
            to.new.add(matter.pk)
        if step.entered_at < begins and (step.left_at is None or step.left_at >= begins):
            to.carried.add(matter.pk)
        if step.left_at is not None and begins <= step.left_at < ends:
            _count_end(to, matter, step)
        if step.left_at is None or step.left_at >= ends:
            to.open.add(matter.pk)
            if step.phase == "held":
                to.on_books.add(matter.pk)
            if matter.due_at is not None and matter.due_at < ends:
                to.overdue.add(matter.pk)
        previous = step
    # A problem carried over, closed and reopened within the period is not new as well.
    to.new -= to.carried
    for step in steps:
        if step.left_at is None or not begins <= step.left_at < ends:
            continue
        if step.verb == "consent_return":
            to.returned.append(matter.pk)
        elif step.verb in ("send_back", "reopen"):
            to.reworked.append(matter.pk)


def _count_end(to: Movement, matter: Matter, step: Step) -> None:
    # Closed then and open again now: it had been closed as done, else there was nothing to reopen.
    if step.verb == "close" and (matter.is_open or matter.outcome in COUNTED):
        to.closed.add(matter.pk)
