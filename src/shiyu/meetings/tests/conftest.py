"""Fixtures: the city whose meetings decide on matters, at nine on a Tuesday, with two matters at a town's centre."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from tests.loading import LIJIANG, loaded_once

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.actions import file_matter
from shiyu.matters.models import Matter
from shiyu.meetings import actions
from shiyu.meetings.models import AgendaPoint, Meeting
from shiyu.packs.queries import current_calendar
from shiyu.people.models import Unit, User
from shiyu.people.queries import actor_of
from shiyu.places.models import Area

NOW = datetime(2026, 9, 8, 9, tzinfo=clock.CITY_ZONE)


@dataclass
class Town:
    """A town's centre with its people, and what lies on its desk."""

    high: Matter
    low: Matter

    def who(self, username: str) -> Actor:
        return actor_of(User.objects.get(username=username))

    def unit(self, code: str) -> Unit:
        return Unit.objects.get(code=code)

    def browser(self, username: str) -> Client:
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(
            User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    def session(self, *, held: bool = True, kind: str = "town_session", code: str = "gc02_centre") -> Meeting:
        head = self.who({"gc02_centre": "gc02-head", "gc_centre": "gc-head"}[code])
        meeting = actions.plan_meeting(
            head, kind=kind, title="", unit_id=self.unit(code).pk, held_on=clock.today()
        )
        return actions.hold_meeting(head, meeting.pk) if held else meeting

    def point(self, meeting: Meeting, matter: Matter | None = None) -> AgendaPoint:
        return meeting.points.get(matter=matter or self.high)


File = Callable[..., Matter]


def file_one(where: str, by: str, **more: object) -> Matter:
    given: dict[str, object] = {
        "kind": "dispute",
        "title": "院墙滴水引起的纠纷",
        "text": "两家相邻，院墙滴水",
        "source": "visit",
        "unit_id": Unit.objects.get(code=where).pk,
        "topic": "neighbours",
        "area_id": Area.objects.get(code="530702002901").pk,
        "fields": {"people": 6},
    }
    return file_matter(actor_of(User.objects.get(username=by)), **(given | more))  # type: ignore[arg-type]


def in_days(workdays: int) -> date:
    return current_calendar().add_workdays(clock.today(), workdays)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with loaded_once(django_db_blocker, LIJIANG, NOW):
        yield


@pytest.fixture
def town(loaded: None, db: None) -> Town:
    """The pack with two matters of a town; what a test changes is taken back."""
    return Town(
        file_one("gc02_centre", "gc02-desk", fields={"people": 32, "injured": True}),
        file_one("gc02_centre", "gc02-desk", fields={"people": 2}),
    )
