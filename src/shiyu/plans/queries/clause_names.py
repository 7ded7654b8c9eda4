"""Clause numbers as lists show them: where several guidelines are met at once, each number names its guideline."""

from collections import Counter, defaultdict
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import pgettext

from shiyu.plans.models import TaskClause


def clause_names(links: QuerySet[TaskClause]) -> dict[UUID, list[str]]:
    """Task → the clauses it meets: "1.1.2", or, where the links name several guidelines, "国家1.1.2", "1.1.3", "省2.1":
    the first number of each guideline says whose it is. One query."""
    head = "clause__guideline__"
    rows = list(
        links.order_by(f"{head}level", f"{head}year", "clause__path").values_list(
            "task_id", "clause__number", f"{head}id", f"{head}level", f"{head}year", f"{head}title"
        )
    )
    marks = _marks({guideline: (level, year, title) for _t, _n, guideline, level, year, title in rows})
    found: dict[UUID, list[str]] = defaultdict(list)
    told: dict[UUID, UUID] = {}  # task → the guideline its last number named
    for task_id, number, guideline, *_rest in rows:
        mark = "" if told.get(task_id) == guideline else marks[guideline]
        told[task_id] = guideline
        found[task_id].append(f"{mark}{number}")
    return found


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
