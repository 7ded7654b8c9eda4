"""Clause numbers as lists show them: where several guidelines are met at once, each number names its guideline."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import pgettext

from shiyu.plans.models import Edition, Guideline, TaskClause


def clause_names(
    links: QuerySet[TaskClause], marks: Mapping[UUID, str] | None = None
) -> dict[UUID, list[str]]:
    """Task → the clauses it meets: "1.1.2", or, where the links name several guidelines, "国家1.1.2", "1.1.3", "省2.1":
    the first number of each guideline says whose it is. One query.

    `marks`: what stands before a guideline's numbers (`marks_in_use`), where the links are a part of what is shown.
    """
    head = "clause__guideline__"
    rows = list(
        links.order_by(f"{head}level", f"{head}year", "clause__path").values_list(
            "task_id", "clause__number", f"{head}id", f"{head}level", f"{head}year", f"{head}title"
        )
    )
    if marks is None:
        marks = _marks({guideline: (level, year, title) for _t, _n, guideline, level, year, title in rows})
    found: dict[UUID, list[str]] = defaultdict(list)
    told: dict[UUID, UUID] = {}  # task → the guideline its last number named
    for task_id, number, guideline, *_rest in rows:
        mark = "" if told.get(task_id) == guideline else marks[guideline]
        told[task_id] = guideline
        found[task_id].append(f"{mark}{number}")
    return found


def marks_in_use() -> dict[UUID, str]:
    """Guideline → what stands before its numbers, so that every page of a list and every unit's own say the same: of
    all guidelines that tasks of issued editions meet. One query."""
    links = TaskClause.objects.filter(
        clause__guideline=OuterRef("pk"), task__edition__state=Edition.State.ISSUED
    )
    used = Guideline.objects.filter(Exists(links)).values_list("pk", "level", "year", "title")
    return _marks({key: (level, year, title) for key, level, year, title in used})


def _level(level: str) -> str:
    words = {
        "national": pgettext("clause", "nat. "),
        "provincial": pgettext("clause", "prov. "),
        "city": pgettext("clause", "city "),
    }
    return words[level]


def _marks(guidelines: dict[UUID, tuple[str, int, str]]) -> dict[UUID, str]:
    """What stands before the number: nothing for a single guideline, else its level, its year where two share the
    level, and its title where that is still not enough."""
    if len(guidelines) < 2:
        return dict.fromkeys(guidelines, "")
    levels = Counter(level for level, _year, _title in guidelines.values())
    years = Counter((level, year) for level, year, _title in guidelines.values())
    marks = {}
    for key, (level, year, title) in guidelines.items():
        if years[level, year] > 1:
            marks[key] = f"《{title}》"
        elif levels[level] > 1:
            marks[key] = f"{_level(level)}{year}·"
        else:
            marks[key] = _level(level)
    return marks
