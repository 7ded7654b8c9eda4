"""Risk sessions (LJ3), the watch list (LJ6) and the three-level consultation (YX11): each row undone without its stanza."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from django.db import transaction

from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.matters import actions as matter_actions
from shiyu.matters.models import Matter
from shiyu.meetings import actions
from shiyu.meetings.actions import Ruled
from shiyu.meetings.models import Decision, Meeting, WatchEntry
from shiyu.meetings.queries import became_of
from shiyu.packs.queries import current_calendar
from shiyu.seeding import load_city
from tests.test_lijiang import FAILS, LIJIANG, TODAY, at, dispute, do, unit
from tests.test_luzhou import Cut, without

FILE = "meetings.yaml"


def cut_out(*path: str) -> Cut:
    """Takes a stanza, or a part of one, out of the pack's meetings."""

    def cut(folder: Path) -> None:
        file = folder / FILE
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
        inner = found
        for key in path[:-1]:
            inner = inner[key]
        del inner[path[-1]]
        file.write_text(yaml.safe_dump(found, allow_unicode=True), encoding="utf-8")

    return cut


def held(code: str, role: str, kind: str) -> Meeting:
    """A meeting of the unit, planned and held today."""
    head = at(code, role)
    meeting = actions.plan_meeting(head, kind=kind, title="", unit_id=unit(code).pk, held_on=clock.today())
    return actions.hold_meeting(head, meeting.pk)


def ruled(code: str, role: str, meeting: Meeting, matter: Matter, ruling: str, **more: object) -> Decision:
    point = meeting.points.get(matter=matter)
    return actions.decide_point(at(code, role), point.pk, Ruled(ruling, "研究议定", **more))  # type: ignore[arg-type]


def in_days(workdays: int) -> date:
    return current_calendar().add_workdays(clock.today(), workdays)


def lj3() -> None:
    """A weekly session of the town draws high grades with the reason; what it decides goes out and comes back."""
    hurt, calm = dispute(fields={"people": 32, "injured": True}), dispute(fields={"people": 2})
    meeting = held("gc02_centre", "centre_head", "town_session")
    assert [point.matter_id for point in meeting.points.all()] == [hurt.pk]
    assert calm.pk != hurt.pk and meeting.points.get().why[0]["zh"] == "定为高级"
    assert meeting.attendances.filter(unit__code="gc02_police", is_standing=True).exists()
    police, due = unit("gc02_police"), in_days(5)
    given = {"lead_unit_id": police.pk, "due_on": due}
    measure = ruled("gc02_centre", "centre_head", meeting, hurt, "measure", **given)
    letter = ruled("gc02_centre", "centre_head", meeting, hurt, "letter", letter_kind="risk_advisory")
    climbed = ruled("gc02_centre", "centre_head", meeting, hurt, "climb")
    hurt.refresh_from_db()
    assert hurt.unit.code == "gc_centre" and hurt.level == 1 and climbed.done_on == clock.today()
    assert letter.letter_kind == "risk_advisory" and letter.done_on is None
    actions.complete_decision(at("gc02_police", "handler"), measure.pk, result="已上门核实")
    with clock.frozen(TODAY + timedelta(days=7)):
        after = held("gc02_centre", "centre_head", "town_session")
        states = {one.row.pk: one.state for one in became_of(after)}
    assert states == {measure.pk: "done", letter.pk: "late", climbed.pk: "done"}


def lj6() -> None:
    """What stays unresolved goes on the watch list by a decision, with owner and review; only a decision takes it off,
    and it never hides that the matter is overdue."""
    hurt = dispute(fields={"people": 32, "injured": True})
    meeting = held("gc02_centre", "centre_head", "town_session")
    owner = {"lead_unit_id": unit("gc02_centre").pk, "post": "综治中心主任", "next_measure": "每周回看一次"}
    with pytest.raises(UserError, match="at the latest|最迟"), transaction.atomic():
        ruled("gc02_centre", "centre_head", meeting, hurt, "watch", **owner, due_on=in_days(16))
    ruled("gc02_centre", "centre_head", meeting, hurt, "watch", **owner, due_on=in_days(10))
    entry = WatchEntry.objects.on().get(matter=hurt)
    before = Matter.objects.values("due_at", "step_due_at", "phase").get(pk=hurt.pk)
    actions.review_entry(
        at("gc02_centre", "centre_head"),
        entry.pk,
        finding="情绪平稳",
        next_measure="再看一次",
        review_on=in_days(8),
    )
    assert Matter.objects.values("due_at", "step_due_at", "phase").get(pk=hurt.pk) == before
    with clock.frozen(TODAY + timedelta(days=8)):
        after = held("gc02_centre", "centre_head", "town_session")
        assert "关注清单" in "".join(why["zh"] for why in after.points.get(matter=hurt).why)
        ruled("gc02_centre", "centre_head", after, hurt, "unwatch")
    assert not WatchEntry.objects.on().filter(matter=hurt).exists()


def yx11() -> None:
    """A hard case is lifted from the village's consultation to the town's and the county's, each knowing what the one
    below decided."""
    hard = dispute("gc02_v1", "village_worker", fields={"people": 12, "scuffle": True})
    matter_actions.accept_matter(at("gc02_v1", "village_worker"), hard.pk)
    do["sort"](at("gc02_v1", "village_worker"), hard.pk, sort_class="hard")
    low = held("gc02_v1", "village_worker", "village_consultation")
    first = ruled("gc02_v1", "village_worker", low, hard, "lift")
    middle = held("gc02_centre", "centre_head", "town_consultation")
    first.refresh_from_db()
    assert middle.points.get(matter=hard).lifted_by == first and first.done_on == clock.today()
    ruled("gc02_centre", "centre_head", middle, hard, "lift")
    high = held("gc_centre", "centre_head", "county_consultation")
    assert high.points.get(matter=hard).lifted_by.meeting == middle  # type: ignore[union-attr]
    ruled("gc_centre", "centre_head", high, hard, "supervise")
    hard.refresh_from_db()
    assert (hard.unit.code, hard.level) == ("gc_centre", 2) and hard.supervised_at is not None


ROWS = {"lj3": lj3, "lj6": lj6, "yx11": yx11}
STANZAS: dict[str, tuple[object, Cut]] = {
    "lj3_session": (lj3, cut_out("meeting", "town_session")),
    "lj3_rule_of_the_agenda": (lj3, cut_out("meeting", "town_session", "matters")),
    "lj3_standing_units": (lj3, cut_out("meeting", "town_session", "standing")),
    "lj3_what_it_takes": (lj3, cut_out("meeting", "town_session", "takes")),
    "lj6_watch": (lj6, cut_out("watch")),
    "lj6_watch_review": (lj6, cut_out("watch", "review")),
    "yx11_village": (yx11, cut_out("meeting", "village_consultation")),
    "yx11_town": (yx11, cut_out("meeting", "town_consultation", "lifts_to")),
    "yx11_right_of_the_village": (
        yx11,
        without("roles.yaml", r"(村（社区）综治工作站.*\n.*), meeting\.run", r"\1"),
    ),
    "yx11_county": (yx11, cut_out("meeting", "county_consultation")),
}


@pytest.fixture
def lijiang(db: None) -> Iterator[None]:
    with clock.frozen(TODAY):
        load_city(LIJIANG, password=None)
        yield


def test_lj3_risk_session(lijiang: None) -> None:
    lj3()


def test_lj6_watch_list(lijiang: None) -> None:
    lj6()


def test_yx11_three_level_consultation(lijiang: None) -> None:
    yx11()


@pytest.mark.parametrize("name", STANZAS)
def test_without_its_stanza_the_row_fails(name: str, db: None, tmp_path: Path) -> None:
    row, cut = STANZAS[name]
    folder = Path(shutil.copytree(LIJIANG, tmp_path / "lijiang"))
    cut(folder)
    with clock.frozen(TODAY), pytest.raises(FAILS):  # noqa: PT012 - loading or the row, either may refuse
        load_city(folder, password=None)
        row()  # type: ignore[operator]
