"""A locked September in the example city: late tasks, a late problem, a dispute, a decision, a request."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.actions import file_matter, return_assignment
from shiyu.matters.models import Matter
from shiyu.meetings.actions import hold_meeting, plan_meeting, record_decision
from shiyu.people.models import Unit, User
from shiyu.people.queries import actor_of
from shiyu.periods.models import Period, Revision
from shiyu.plans.actions.locking import lock_month
from shiyu.plans.actions.report_flow import review_report, send_for_review, sign_off_reports
from shiyu.plans.actions.reports import EntryInput, fill_report, open_month
from shiyu.plans.models import Report
from shiyu.seeding import load_city

EXAMPLE = Path(__file__).resolve().parents[4] / "packs" / "example"
CODE = "2026-09"
ASKED = "请明确两县联合排查的牵头单位"
DISPUTE = "该路段不在本单位职责范围"


def at(month: int, day: int, hour: int = 10) -> AbstractContextManager[None]:
    return clock.frozen(datetime(2026, month, day, hour))


@dataclass
class Month:
    """The city and its September."""

    late: Matter
    disputed: Matter
    revision: Revision

    @property
    def period(self) -> Period:
        return Period.objects.get(code=CODE)

    def actor(self, name: str) -> Actor:
        return actor_of(User.objects.get(username=name))

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(
            User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client


def actor(name: str) -> Actor:
    return actor_of(User.objects.get(username=name))


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def problem(title: str, lead: str, **more: Any) -> Matter:
    return file_matter(
        actor("clerk"), kind="problem", title=title, text=f"{title}。", source="visit", unit_id=unit("office").pk,
        lead_unit_id=unit(lead).pk, goal="整改到位", measures="限期整改", happened_on=clock.today(), **more,
    )  # fmt: skip


def submit(who: str, leader: str, **more: Any) -> None:
    """The unit's report, filled in the same words for every entry, as far as the office."""
    report = Report.objects.get(period__code=CODE, unit__in=[actor(who).home_unit_id])
    texts = {"status": "behind", "progress": "已排查学校十所。", "total": "累计十所。", **more}
    fill_report(actor(who), report.pk, [EntryInput(row.pk, **texts) for row in report.entries.all()])
    send_for_review(actor(who), report.pk)
    review_report(actor(leader), report.pk, True)
    sign_off_reports(actor("head"), [report.pk])


@pytest.fixture
def open_september(db: None) -> Iterator[tuple[Matter, Matter]]:
    """September before it is locked."""
    with at(7, 20):
        load_city(EXAMPLE)
        late = problem("消防通道堵塞", "justice")
    with at(8, 28):
        meeting = plan_meeting(
            actor("clerk"),
            kind="monthly",
            title="8月例会",
            unit_id=unit("office").pk,
            held_on=date(2026, 8, 28),
        )
        hold_meeting(actor("clerk"), meeting.pk, held_on=date(2026, 8, 28), minutes="研究校园安全。")
        record_decision(
            actor("clerk"), meeting.pk, text="教育局牵头清理校门周边摊点", lead_unit_id=unit("education").pk,
            supporting_unit_ids=[unit("safety").pk], due_on=date(2026, 10, 20),
        )  # fmt: skip
    with at(9, 2):
        open_month(actor("head"), CODE)
        disputed = problem("护栏缺失", "safety")
    with at(9, 3):
        return_assignment(actor("safety"), disputed.pk, reason=DISPUTE)
    with at(9, 24):
        submit("edu", "edu_leader", issues="人手不足", next_steps="10月底前完成", coordination=ASKED)
    yield late, disputed


@pytest.fixture
def month(open_september: tuple[Matter, Matter]) -> Month:
    with at(10, 8):
        revision = lock_month(actor("head"), Period.objects.get(code=CODE).pk)
    return Month(*open_september, revision)
