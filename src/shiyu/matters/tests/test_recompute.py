"""A pack with a new calendar: open clocks are computed again, what a person set stays, old and new are on record."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from shiyu.audit.models import AuditEntry
from shiyu.kernel.actor import SYSTEM
from shiyu.lib import clock
from shiyu.lib.errors import Conflict
from shiyu.lib.events import emit
from shiyu.matters import actions
from shiyu.matters.actions.recompute import recompute_clocks
from shiyu.matters.models import Assignment, Matter, Return, Step
from shiyu.matters.tests.city import MORNING, City, both, bring_into_force
from shiyu.matters.tests.conftest import SignIn, text_of
from shiyu.matters.tests.test_actions import acknowledged, closed, completed, day
from shiyu.packs.actions import load_pack
from shiyu.packs.events import PackLoaded
from shiyu.packs.models import PackVersion

PACKS = Path(__file__).parents[4] / "packs"
HOURS = [{"start": "09:00", "end": "12:00"}, {"start": "13:30", "end": "17:30"}]


def calendar_with(first: str, last: str) -> dict[str, Any]:
    holiday = {"name": both("纪念日", "Day off"), "first": first, "last": last}
    return {"hours": HOURS, "years": {2026: {"source": "test", "holidays": [holiday]}}}


def load(at: dt.datetime, first: str = "2026-11-16", last: str = "2026-11-17") -> PackVersion:
    """Two workdays off in the middle of every limit, announced by a new version."""
    with clock.frozen(at):
        version = bring_into_force(calendar=calendar_with(first, last))
        emit(PackLoaded(version.pk, version.code, calendar_changed=True))
    return version


def local(moment: dt.datetime | None) -> dt.date | None:
    return clock.local(moment).date() if moment else None


def test_limits_move_with_the_calendar_and_old_and_new_are_on_record(city: City, sign_in: SignIn) -> None:
    matter, ended = acknowledged(city), closed(city)
    before = Matter.objects.get(pk=matter.pk)
    version = load(day(3))
    matter.refresh_from_db()
    assert (local(before.step_due_at), local(matter.step_due_at)) == (
        dt.date(2026, 11, 23),
        dt.date(2026, 11, 25),
    )
    assert (local(before.due_at), local(matter.due_at)) == (dt.date(2026, 12, 14), dt.date(2026, 12, 16))
    assert local(matter.warn_at) == dt.date(2026, 12, 8)  # 24 of 30 workdays
    assert {local(due) for due in matter.assignments.values_list("due_at", flat=True)} == {
        dt.date(2026, 11, 25)
    }
    assert Step.objects.get(matter_id=matter.pk, left_at=None).due_at == matter.step_due_at
    entry = AuditEntry.objects.get(action="matters.recompute_clocks")
    assert entry.subject_id == version.pk and entry.changes["matters"] == 1
    told = entry.changes["limits"][matter.code]["due_at"]
    assert told[0].startswith("2026-12-14") and told[1].startswith("2026-12-16")
    assert Matter.objects.get(pk=ended.pk).due_at == ended.due_at  # what is closed stays as it was
    with clock.frozen(day(3)):
        shown = text_of(sign_in(city.clerk).get(reverse("matter_detail", args=[matter.pk])))
    assert "时限重算" in shown and "2026-12-14 → 2026-12-16" in shown


def test_days_set_by_a_person_stay(city: City) -> None:
    by_hand = city.problem(due_at=dt.date(2026, 11, 27))
    extended = acknowledged(city)
    until = local(extended.due_at) + dt.timedelta(days=9)  # type: ignore[operator]
    actions.ask_extension(city.water_liaison, extended.pk, until=until, reason="雨季")
    actions.decide_extension(city.head, extended.pk, approve=True)
    books = acknowledged(city)
    actions.put_on_books(city.head, books.pk, until=dt.date(2026, 12, 31), reason="资金未到位")
    load(day(3))
    for matter in (by_hand, extended, books):
        matter.refresh_from_db()
    assert local(by_hand.due_at) == local(by_hand.step_due_at) == dt.date(2026, 11, 27)
    assert local(extended.due_at) == local(extended.step_due_at) == until
    assert local(books.step_due_at) == dt.date(2026, 12, 31)
    assert local(books.due_at) == dt.date(2026, 12, 16)  # its whole limit runs on, by the kind


def test_suspensions_are_played_again(city: City) -> None:
    stopped, resumed = acknowledged(city), acknowledged(city)
    actions.suspend_matter(city.head, stopped.pk, until=dt.date(2026, 11, 13), reason="等待鉴定")
    actions.suspend_matter(city.head, resumed.pk, until=dt.date(2026, 11, 13), reason="等待鉴定")
    with clock.frozen(day(6)):
        actions.resume_matter(city.head, resumed.pk)
    load(day(9))
    stopped.refresh_from_db()
    resumed.refresh_from_db()
    # 16 and 17 November are off now: 9 workdays stopped (3 to 13), or 4 (3 to 6), on top of 25 November.
    assert (local(stopped.step_due_before_stop), local(stopped.step_due_at)) == (
        dt.date(2026, 11, 25),
        dt.date(2026, 12, 8),
    )
    assert local(resumed.step_due_at) == dt.date(2026, 12, 1) and resumed.step_due_before_stop is None
    with clock.frozen(day(10)):
        after = actions.resume_matter(city.head, stopped.pk)
    assert local(after.step_due_at) == dt.date(2026, 12, 3)  # six workdays only


def test_a_return_must_be_answered_by_the_new_day(city: City) -> None:
    matter = city.problem()
    with clock.frozen(day(12)):
        actions.return_assignment(city.water_liaison, matter.pk, reason="不属本单位职责")
    load(day(13))
    assert local(Return.objects.get().decide_by) == dt.date(2026, 11, 23)  # five workdays after the 12th
    told = AuditEntry.objects.get(action="matters.recompute_clocks").changes["answers"][matter.code]
    assert [day[:10] for day in told[0]] == ["2026-11-19", "2026-11-23"]
    history = Step.objects.filter(matter_id=matter.pk, verb="recompute").values_list("note", flat=True)
    assert any("退回答复时限：2026-11-19 → 2026-11-23" in note for note in history)


def test_the_same_calendar_changes_nothing(city: City, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    rework = completed(city)
    actions.send_back_matter(city.other_clerk, rework.pk, reason="未见实效")
    reopened = closed(city)
    with clock.frozen(day(6)):
        actions.reopen_matter(city.clerk, reopened.pk, reason="又出现")
        stopped = acknowledged(city)
        actions.suspend_matter(city.head, stopped.pk, until=dt.date(2026, 11, 13), reason="等待鉴定")
    for _n in range(12):
        city.problem()
    version = PackVersion.objects.get()
    with clock.frozen(day(20)), django_assert_max_num_queries(20):
        assert recompute_clocks(city.head, version.pk) == 0
    assert not Step.objects.filter(verb="recompute").exists() and Assignment.objects.exists()


def test_loading_a_pack_with_another_calendar_moves_the_clocks_at_once(city: City, tmp_path: Path) -> None:
    matter = city.problem()
    folder = Path(shutil.copytree(PACKS / "example", tmp_path / "example"))
    load_pack(SYSTEM, folder)  # the example's 2026 has the same November
    assert local(Matter.objects.get(pk=matter.pk).step_due_at) == local(matter.step_due_at)
    file = folder / "pack.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace('version: "1"', 'version: "2"'), encoding="utf-8"
    )
    autumn = "first: 2026-10-01, last: 2026-10-07}"
    off = f"{autumn}\n        - {{name: {{zh: 纪念日, en: Day off}}, first: 2026-11-16, last: 2026-11-17}}"
    file.write_text(file.read_text(encoding="utf-8").replace(autumn, off), encoding="utf-8")
    load_pack(SYSTEM, folder)
    assert local(Matter.objects.get(pk=matter.pk).step_due_at) == dt.date(2026, 11, 25)
    assert AuditEntry.objects.filter(action="matters.recompute_clocks").count() == 2


def test_a_pack_with_the_same_calendar_touches_no_clock(city: City) -> None:
    city.problem()
    emit(PackLoaded(PackVersion.objects.get().pk, "probe", calendar_changed=False))
    assert not AuditEntry.objects.filter(action="matters.recompute_clocks").exists()


@pytest.mark.parametrize("minutes", [0, 5])
def test_limits_replayed_are_those_that_were_written(city: City, minutes: int) -> None:
    with clock.frozen(MORNING + dt.timedelta(minutes=minutes)):
        matter = city.problem(lead_unit_id=None)
        assert recompute_clocks(city.head, PackVersion.objects.get().pk) == 0
    assert matter.step_due_at is not None


def test_a_version_without_a_kind_that_is_at_work_is_refused(city: City) -> None:
    """Nothing of the version stays; a kind of closed ones may go."""
    matter = city.problem()
    Matter.objects.filter(pk=matter.pk).update(kind="gone")
    with pytest.raises(Conflict, match=r"gone \(1\)"):
        load_pack(SYSTEM, PACKS / "example")
    assert PackVersion.objects.count() == 1
    Matter.objects.filter(pk=matter.pk).update(kind="problem")
    Matter.objects.filter(pk=closed(city).pk).update(kind="gone")
    load_pack(SYSTEM, PACKS / "example")
    assert PackVersion.objects.count() == 2
