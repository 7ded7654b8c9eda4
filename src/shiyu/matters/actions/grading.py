"""The grade by the pack's table: at filing, and every day while the matter is open, since days count."""

from uuid import UUID

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.grading import Graded
from shiyu.lib import clock
from shiyu.matters.models import GradeSet, Matter
from shiyu.matters.queries.ways import graded


def grade_by_table(matter: Matter) -> bool:
    """Writes the grade the table gives, with points and reasons, where it changed; True if it did. A grade set by hand
    stays. The matter's field is set, not saved."""
    found = graded(matter)
    if found is None or matter.grade_by_hand or found.grade == matter.grade:
        return False
    matter.grade = found.grade
    GradeSet.objects.create(
        matter=matter,
        grade=found.grade,
        points=found.points,
        reasons=reasons_kept(found),
        at=clock.now(),
    )
    return True


def reasons_kept(found: Graded) -> list[dict[str, object]]:
    """The reasons of a grade as they are kept with it, in both languages as they are now."""
    return [
        {
            "factor": counted.factor,
            "zh": counted.row.label.zh,
            "en": counted.row.label.en,
            "points": counted.points,
        }
        for counted in found.reasons
    ]


@action("matters.grade_again")
def grade_again(actor: Actor, matter_id: UUID) -> Matter:
    """Grades an open matter by the table as it stands today. Done by the daily job."""
    matter = Matter.objects.select_for_update().get(pk=matter_id)
    before = matter.grade
    if grade_by_table(matter):
        matter.save(update_fields=["grade"])
    record(matter, {"grade": [before, matter.grade]})
    return matter
