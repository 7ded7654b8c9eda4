"""Duties that name a person, when the person leaves the unit: no post ends over them, and they go on with another."""

from datetime import timedelta

import pytest

from shiyu.audit.models import AuditEntry
from shiyu.kernel.actor import SYSTEM
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, UserError
from shiyu.people.actions import HandTo, end_appointment
from shiyu.people.models import Appointment, Post
from shiyu.plans.actions.duties import hand_over_duties, hold_duty
from shiyu.plans.models import DutyHolder, Edition
from shiyu.plans.tests.conftest import City, duty


@pytest.fixture
def held(city: City, issued: Edition) -> Appointment:
    """The police's own duty stands in the name of its liaison."""
    one = duty(issued, "t1", city.units["police"])
    hold_duty(city.actor("police"), one.pk, city.unit("police_room"), city.users["police"].pk)
    return city.users["police"].appointments.get()


def now(held: Appointment) -> DutyHolder:
    return DutyHolder.objects.get(duty__unit=held.post.unit, valid_to=None)


def test_a_post_does_not_end_over_open_duties(city: City, held: Appointment) -> None:
    with pytest.raises(Conflict, match="1"):
        end_appointment(SYSTEM, held.pk, last_day=clock.today())
    held.refresh_from_db()
    assert held.valid_to is None
    assert now(held).person == city.users["police"]
    with pytest.raises(NotAllowed):
        end_appointment(city.actor("police_two"), held.pk, last_day=clock.today())


def test_the_duties_go_to_a_colleague_on_the_next_day_in_one_entry(city: City, held: Appointment) -> None:
    last, two = clock.today() + timedelta(days=4), city.users["police_two"]
    before = AuditEntry.objects.count()
    end_appointment(SYSTEM, held.pk, last_day=last, hand_to=HandTo(two.pk, "调离"))
    old, new = DutyHolder.objects.order_by("valid_from", "pk")
    assert (old.person, old.valid_to) == (city.users["police"], last)
    assert (new.person, new.office_id, new.valid_from) == (
        two,
        city.unit("police_room"),
        last + timedelta(days=1),
    )
    entry = AuditEntry.objects.get(action="people.end_appointment")
    assert AuditEntry.objects.count() == before + 1
    assert entry.reason == "调离"
    assert entry.changes["moved"] == {"duties": [str(new.duty_id)]}


@pytest.mark.parametrize("receiver", ["justice", "police"])
def test_nobody_of_another_unit_and_not_the_same_person(city: City, held: Appointment, receiver: str) -> None:
    with pytest.raises(UserError) as refused:
        end_appointment(
            SYSTEM, held.pk, last_day=clock.today(), hand_to=HandTo(city.users[receiver].pk, "调离")
        )
    assert refused.value.field == "to"
    assert now(held).person == city.users["police"]


def test_a_reason_is_asked(city: City, held: Appointment) -> None:
    with pytest.raises(UserError) as refused:
        to = HandTo(city.users["police_two"].pk, " ")
        end_appointment(SYSTEM, held.pk, last_day=clock.today(), hand_to=to)
    assert refused.value.field == "reason"


def test_a_receiver_who_leaves_earlier_is_refused_and_one_who_begins_then_is_not(
    city: City, held: Appointment
) -> None:
    last, two = clock.today() + timedelta(days=9), city.users["police_two"]
    two.appointments.update(valid_to=clock.today())
    with pytest.raises(UserError):
        end_appointment(SYSTEM, held.pk, last_day=last, hand_to=HandTo(two.pk, "调离"))
    Appointment.objects.create(post=held.post, user=two, valid_from=last + timedelta(days=1))
    end_appointment(SYSTEM, held.pk, last_day=last, hand_to=HandTo(two.pk, "调离"))
    assert now(held).person == two


def test_handed_to_the_unit_the_duty_stays_with_its_office(city: City, held: Appointment) -> None:
    end_appointment(SYSTEM, held.pk, last_day=clock.today(), hand_to=HandTo(None, "调离"))
    assert now(held).person is None
    assert now(held).office_id == city.unit("police_room")


def test_handed_to_the_unit_without_an_office_nobody_is_named(city: City, held: Appointment) -> None:
    DutyHolder.objects.update(office=None)
    end_appointment(SYSTEM, held.pk, last_day=clock.today(), hand_to=HandTo(None, "调离"))
    assert not DutyHolder.objects.filter(valid_to=None).exists()


def test_nothing_is_open_after_the_unit_handed_over_or_where_another_post_stays(
    city: City, held: Appointment
) -> None:
    police, two = city.users["police"], city.users["police_two"]
    other = Post.objects.create(code="p_more", unit=city.units["police_room"], name="内勤", roles=["reader"])
    more = Appointment.objects.create(post=other, user=police, valid_from=held.valid_from)
    end_appointment(SYSTEM, held.pk, last_day=clock.today())
    with pytest.raises(Conflict):
        end_appointment(SYSTEM, more.pk, last_day=clock.today())
    hand_over_duties(city.actor("police_two"), police.pk, two.pk, "轮岗")
    end_appointment(SYSTEM, more.pk, last_day=clock.today())
    assert now(held).person == two
