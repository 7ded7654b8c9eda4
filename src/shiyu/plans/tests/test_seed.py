"""Guidelines and plans of a pack are loaded once."""

import pytest

from shiyu.audit.models import AuditEntry
from shiyu.kernel.actor import SYSTEM
from shiyu.kernel.spec.plan_seed import GuidelineSeed, PlanSeed
from shiyu.lib.errors import UserError
from shiyu.plans.actions.seed import import_edition, import_guideline
from shiyu.plans.models import Clause, Duty, Edition, Guideline, Task
from shiyu.plans.queries.trace import blind_spots
from shiyu.plans.tests.conftest import GUIDELINE, City, plan_data, task


def test_lz2_guideline_plan_and_duties_are_loaded_once(
    city: City, guideline: Guideline, issued: Edition
) -> None:
    entries = AuditEntry.objects.count()
    assert entries == 2  # one an import
    again = import_guideline(SYSTEM, GuidelineSeed.model_validate(GUIDELINE))
    edition = import_edition(SYSTEM, PlanSeed.model_validate(plan_data()))
    assert (again.pk, edition.pk, AuditEntry.objects.count()) == (guideline.pk, issued.pk, entries)
    assert Clause.objects.filter(is_requirement=True).count() == 4
    assert list(Clause.objects.values_list("path", flat=True))[:3] == ["0001", "0001.0001", "0001.0002"]
    held = Duty.objects.filter(task=task(issued, "t1")).values_list("unit__code", "role", "via_group")
    assert set(held) == {
        ("police", "lead", ""),
        ("justice", "supporting", ""),
        ("east", "supporting", "counties"),
        ("west", "supporting", "counties"),
    }


def test_lz2_blind_spots_name_clauses_tasks_units_and_duties(city: City, issued: Edition) -> None:
    found = blind_spots(issued)
    assert [clause.number for clause in found.clauses] == ["2.2"]
    assert [unit.code for unit in found.units] == ["idle"]
    assert found.tasks == []
    assert found.duties_without_person is not None and len(found.duties_without_person) == 5
    Duty.objects.filter(task=task(issued, "t2")).delete()
    assert [row.key for row in blind_spots(issued).tasks] == ["t2"]


def test_a_second_edition_supersedes_the_first(city: City, issued: Edition) -> None:
    second = import_edition(SYSTEM, PlanSeed.model_validate(plan_data(2)))
    issued.refresh_from_db()
    assert issued.superseded_on == second.issued_on and second.superseded_on is None


def test_unknown_names_are_refused_together_and_nothing_is_kept(city: City, guideline: Guideline) -> None:
    data = plan_data()
    data["tasks"][0]["leads"] = ["nobody"]
    data["tasks"][1]["leads"] = ["no_one"]
    with pytest.raises(UserError, match=r"no_one, nobody|nobody.*no_one"):
        import_edition(SYSTEM, PlanSeed.model_validate(data))
    assert not Task.objects.exists() and not Edition.objects.exists()
