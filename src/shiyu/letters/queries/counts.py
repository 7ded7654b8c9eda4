"""How many letters of each kind went out in a time, and what became of them; and the rows behind each number."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from shiyu.kernel.actor import Actor
from shiyu.letters.models import OUT, Letter, Recipient
from shiyu.lib import clock
from shiyu.people.models import Unit

OUTCOMES = ("on_time", "answered_late", "open", "late", "ended", "none")
"""What became of a letter at one unit: answered in time or late, open, open and past its day, ended by a withdrawal,
no reply asked for."""


def answers_shown(actor: Actor) -> QuerySet[Recipient]:
    """Every letter at every unit it was addressed to (copies left out), each with its `outcome` today: all units of the
    letters the person's units wrote, of others' letters their own units; all of them for who sees every matter."""
    visible = Letter.objects.visible_to(actor).filter(state__in=OUT).values("id")
    rows = Recipient.objects.filter(letter_id__in=visible, is_copy=False)
    if "matter.view_all" not in actor.rights:
        rows = rows.filter(Q(letter__unit_id__in=actor.unit_ids) | Q(unit_id__in=actor.unit_ids))
    in_time = Q(replied_on__lte=F("reply_by"))
    outcome = Case(
        When(Q(replied_at__isnull=True, letter__state=Letter.State.WITHDRAWN), then=Value("ended")),
        When(reply_by=None, then=Value("none")),
        When(Q(replied_at__isnull=False) & in_time, then=Value("on_time")),
        When(replied_at__isnull=False, then=Value("answered_late")),
        When(reply_by__lt=clock.today(), then=Value("late")),
        default=Value("open"),
        output_field=CharField(),
    )
    return (
        rows.annotate(replied_on=TruncDate("replied_at", tzinfo=clock.CITY_ZONE))
        .annotate(outcome=outcome)
        .select_related("letter__unit", "unit")
    )


@dataclass
class Line:
    """One kind at one unit: letters issued and withdrawn, and outcomes counted by receiving unit."""

    unit: Unit
    kind: str
    issued: int = 0
    withdrawn: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)

    def of(self, outcome: str) -> int:
        """How many ended so."""
        return self.outcomes.get(outcome, 0)


@dataclass(frozen=True)
class Counts:
    """All lines of a time: by the unit that wrote, and by the unit that had to answer."""

    written: list[Line]
    received: list[Line]
    by_kind: dict[str, int]


def counts_of(actor: Actor, first: date, last: date) -> Counts:
    """What went out from the first to the last day, as it stands today. Three queries and one of units."""
    letters = Letter.objects.visible_to(actor).filter(state__in=OUT, issued_on__range=(first, last))
    answers = answers_shown(actor).filter(letter__issued_on__range=(first, last)).order_by()
    written: dict[tuple[UUID, str], Line] = {}
    received: dict[tuple[UUID, str], Line] = {}
    by_kind: dict[str, int] = {}
    given = list(letters.order_by().values_list("unit_id", "kind", "state").annotate(n=Count("pk")))
    heads = ("letter__unit_id", "unit_id", "letter__kind", "outcome")
    told = list(answers.select_related(None).values_list(*heads).annotate(n=Count("pk")))
    units = Unit.objects.in_bulk(
        {row[0] for row in given} | {row[0] for row in told} | {row[1] for row in told}
    )
    for unit, kind, state, n in given:
        line = written.setdefault((unit, kind), Line(units[unit], kind))
        line.issued += n
        line.withdrawn += n if state == Letter.State.WITHDRAWN else 0
        by_kind[kind] = by_kind.get(kind, 0) + n
    for writer, unit, kind, outcome, n in told:
        for table, key in ((written, writer), (received, unit)):
            line = table.setdefault((key, kind), Line(units[key], kind))
            line.outcomes[outcome] = line.outcomes.get(outcome, 0) + n
    return Counts(_ordered(written.values()), _ordered(received.values()), by_kind)


def _ordered(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.unit.protocol_order, line.unit.code, line.kind))
