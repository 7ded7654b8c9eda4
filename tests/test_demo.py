"""The demo's year: through the actions, one audit entry each, nothing left half-way; and every tour true."""

from datetime import datetime

import pytest

from shiyu import wiring
from shiyu.audit.actions import completed
from shiyu.audit.models import AuditEntry
from shiyu.demo.build import MOST_ACTIONS
from shiyu.demo.year import simulate
from shiyu.desk.queries.today import items_of
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.notices.models import Notice
from shiyu.people.models import User
from shiyu.people.queries import actor_of, toured_people
from shiyu.plans.models import Report, ReportEntry
from shiyu.seeding import load_city
from tests.conftest import ROOT

TODAY = datetime(2026, 11, 20, 12, tzinfo=clock.CITY_ZONE)
WAITS = {
    "clerk": {"研究意见", "核查", "答复退回"},
    "head": {"审批", "销号", "复查"},
    "leader": {"签收"},
    "zhujian-liaison": {"填报", "签收", "反馈意见"},
    "zhujian-office": {"填报"},
    "zhujian-leader": {"反馈意见"},
    "hejiang": {"报办理结果", "填报"},
}
"""What each tour of the Luzhou pack sends people to: the buttons that must be on their desks."""


@pytest.fixture
def at_once():  # type: ignore[no-untyped-def]
    wiring.connect(at_once=True)
    yield
    wiring.connect()


def test_a_year_is_made_of_actions_with_one_audit_entry_each(db, at_once, files_elsewhere: None) -> None:
    folder = ROOT / "packs" / "example"
    before, entries = sum(completed.values()), AuditEntry.objects.count()
    with clock.frozen(datetime(2025, 12, 1, 9)):
        load_city(folder)
    simulate(folder, TODAY)
    made = AuditEntry.objects.count() - entries
    assert made == sum(completed.values()) - before > 50
    assert Report.objects.filter(state=Report.State.SIGNED_OFF).exists()
    assert AuditEntry.objects.filter(action="plans.lock_month").exists()


def desk(username: str) -> tuple[Actor, set[str], int]:
    """Who it is, the buttons on the desk, how many items are overdue."""
    actor = actor_of(User.objects.get(username=username))
    items = items_of(actor)
    return actor, {str(item.button) for item in items}, sum(item.due.state == "late" for item in items)


@pytest.mark.long
def test_luzhou_opens_as_a_well_run_office_in_the_middle_of_its_year(
    db, at_once, files_elsewhere: None
) -> None:
    folder = ROOT / "packs" / "luzhou"
    before, entries = sum(completed.values()), AuditEntry.objects.count()
    with clock.frozen(datetime(2025, 12, 1, 9)):
        load_city(folder)
    simulate(folder, TODAY)
    made = AuditEntry.objects.count() - entries
    assert made == sum(completed.values()) - before <= MOST_ACTIONS
    with clock.frozen(TODAY):
        for username, buttons in WAITS.items():
            actor, found, late = desk(username)
            assert buttons <= found, (username, buttons - found)
            assert late <= 3, username
            assert Notice.objects.filter(user_id=actor.user_id, read_at=None).count() < 40, username
        assert not desk("secadmin")[1], "an empty desk is shown as well"
        assert {person.username for person in toured_people()} >= set(WAITS)
        open_matters = Matter.objects.filter(is_open=True)
        assert 5 <= open_matters.count() <= 15
        assert 1 <= sum(matter.step_due_at < TODAY for matter in open_matters if matter.step_due_at) <= 5
    entries_of_october = ReportEntry.objects.filter(report__period__code="2026-10")
    behind = entries_of_october.filter(status=ReportEntry.Status.BEHIND).count()
    assert 0 < behind < entries_of_october.count() / 8
