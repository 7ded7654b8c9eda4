"""Where a matter leads, as its page shows it: class and grade with reasons, places, other matters, disputes, follow-ups,
and who is competent."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from shiyu.kernel.spec.matters import Kind
from shiyu.matters.kinds import language, topic_choices
from shiyu.matters.models import CompetenceDispute, FollowUp, GradeSet, Matter, MatterLink
from shiyu.matters.queries.ways import Competence, competence_for


@dataclass(frozen=True)
class LinkLine:
    """Another matter, and how it belongs to this one (a code of `MatterLink.Sort`, `out` if this one came first)."""

    other: Matter
    sort: str
    out: bool


@dataclass(frozen=True)
class GradeShown:
    """A matter's grade in words, who or what set it, its reasons with their points, and the measures it calls for."""

    label: str
    given: GradeSet | None
    reasons: list[tuple[str, int]]
    measures: list[str]


@dataclass(frozen=True)
class Leading:
    """Everything a matter's page says beside its stays and units."""

    topic: str
    sort_class: str
    graded: GradeShown | None
    places: list[str]
    links: list[LinkLine]
    disputes: list[CompetenceDispute]
    follow_ups: list[FollowUp]
    competence: Competence | None
    competence_label: str


def disputes_of(matter: Matter, kind: Kind) -> list[CompetenceDispute]:
    """The disputes over a matter's competence, in order; a kind that knows none is not asked."""
    if kind.rule("dispute_competence") is None:
        return []
    return list(matter.disputes.select_related("unit", "other_unit", "arbiter", "lead").order_by("asked_at"))


def follow_ups_of(matter: Matter, kind: Kind) -> list[FollowUp]:
    """The follow-ups of a matter, made and due, in order; a kind that knows none is not asked."""
    return list(matter.follow_ups.order_by("due_at")) if kind.rule("follow_up") else []


def leading_of(
    matter: Matter, kind: Kind, disputes: list[CompetenceDispute], follow_ups: list[FollowUp]
) -> Leading | None:
    """What the page shows of a matter's ways; None for a kind that has none of them (at no query)."""
    if not (kind.topics or kind.sorting or kind.grading or kind.review or kind.follow_up):
        return None
    words, english = language(), language().lower().startswith("en")
    chosen = kind.sorting.classes.get(matter.sort_class) if kind.sorting else None
    competence = competence_for(matter) if matter.is_open else None
    return Leading(
        topic=dict(topic_choices(matter.kind)).get(matter.topic, matter.topic),
        sort_class=chosen.label.text(words) if chosen else "",
        graded=grade_of(matter, kind),
        places=_places(matter),
        links=_links(matter),
        disputes=disputes,
        follow_ups=follow_ups,
        competence=competence,
        competence_label=(competence.label_en if english else competence.label_zh) if competence else "",
    )


def grade_of(matter: Matter, kind: Kind) -> GradeShown | None:
    """A matter's grade with its reasons, for the offices and for whoever is party to it; None while it has none."""
    grade = kind.grading.grades.get(matter.grade) if kind.grading else None
    if grade is None:
        return None
    words = language()
    column = "en" if words.lower().startswith("en") else "zh"
    given = matter.grades.order_by("-at", "-id").first()
    return GradeShown(
        label=grade.label.text(words),
        given=given,
        reasons=[(row[column], row["points"]) for row in (given.reasons if given else [])],
        measures=[label.text(words) for label in grade.measures],
    )


def _places(matter: Matter) -> list[str]:
    """The lead place first, then the others it lies in."""
    others = matter.further_areas.select_related("area").order_by("area__path")
    return [*([matter.area.name] if matter.area else []), *(row.area.name for row in others)]


def _links(matter: Matter) -> list[LinkLine]:
    rows = MatterLink.objects.filter(Q(first=matter) | Q(second=matter)).select_related("first", "second")
    lines = [
        LinkLine(row.second, row.sort, True)
        if row.first_id == matter.pk
        else LinkLine(row.first, row.sort, False)
        for row in rows.order_by("at")
    ]
    return sorted(lines, key=lambda line: not line.out)
