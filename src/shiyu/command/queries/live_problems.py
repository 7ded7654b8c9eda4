"""The problems of the month that is not locked: counted as the list's filters count that their numbers open."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode

from shiyu.command.queries.figures import FigureLine
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.matters.queries.problems import problem_kind
from shiyu.periods.queries import measure_label, measure_words

# measure → the list's filter, whether it is a part of the one above, whether it counts something overdue
SHOWN = (
    ("problems_open", "", False, False),
    ("problems_overdue", "overdue", True, True),
    ("problems_on_books", "on_books", True, False),
)


def live_problems(actor: Actor) -> list[FigureLine]:
    """Open, overdue and on the books now, of the problems the person may see. One query."""
    kind = problem_kind()
    counts = (
        Matter.objects.visible_to(actor)
        .real()
        .filter(kind=kind, is_open=True)
        .aggregate(
            problems_open=Count("pk"),
            problems_overdue=Count("pk", filter=Q(due_at__lt=clock.now())),
            problems_on_books=Count("pk", filter=Q(on_books=True)),
        )
    )
    return [
        FigureLine(
            label=measure_label(measure),
            words=measure_words(measure),
            text=str(counts[measure]),
            is_part=is_part,
            is_late=is_late and counts[measure] > 0,
            url=f"{reverse('matter_list')}?{urlencode({'show': 'open', 'kind': kind, 'due': due})}",
        )
        for measure, due, is_part, is_late in SHOWN
    ]
