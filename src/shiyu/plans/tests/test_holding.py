"""A unit names who carries its duties, all at once: all or none, one entry."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from shiyu.audit.models import AuditEntry
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.plans.actions.duties import hold_duty
from shiyu.plans.actions.holding import hold_duties
from shiyu.plans.models import Duty, DutyHolder, Edition
from shiyu.plans.queries.fact_reading import task_facts
from shiyu.plans.queries.list_lines import Lines, ListScope, Wanted
from shiyu.plans.queries.tasks import people_of_unit
from shiyu.plans.tests.conftest import City


def duties_of(city: City, edition: Edition, code: str = "police") -> list[Duty]:
    return list(Duty.objects.filter(unit__code=code, task__edition=edition).order_by("pk"))


def test_all_duties_get_office_and_person_with_one_entry(city: City, issued: Edition) -> None:
    police, duties = city.actor("police"), duties_of(city, issued)
    room, person = city.unit("police_room"), city.users["police"].pk
    with clock.frozen(clock.now() - timedelta(days=3)):
        hold_duty(police, duties[0].pk, room, None)
    entries = AuditEntry.objects.count()
    assert hold_duties(police, city.unit("police"), {duty.pk: (room, person) for duty in duties}) == len(
        duties
    )
    assert AuditEntry.objects.count() == entries + 1
    now = DutyHolder.objects.filter(duty__in=duties, valid_to=None)
    assert {(row.office_id, row.person_id) for row in now} == {(room, person)}
    assert now.count() == len(duties)
    ended = DutyHolder.objects.get(duty=duties[0], person=None)
    assert ended.valid_to == clock.today() - timedelta(days=1)


def test_one_wrong_row_and_nothing_is_written(city: City, issued: Edition) -> None:
    police, duties = city.actor("police"), duties_of(city, issued)
    room, person, unit = city.unit("police_room"), city.users["police"].pk, city.unit("police")
    good: dict[UUID, tuple[UUID | None, UUID | None]] = {duty.pk: (room, person) for duty in duties}
    strange = duties_of(city, issued, "justice")[0]
    for wrong, error in (
        ({duties[0].pk: (city.unit("justice"), person)}, UserError),
        ({duties[0].pk: (room, city.users["justice"].pk)}, UserError),
        ({duties[0].pk: (None, None)}, UserError),
        ({strange.pk: (room, person)}, NotVisible),
    ):
        with pytest.raises(error):
            hold_duties(police, unit, good | wrong)
    with pytest.raises(UserError):
        hold_duties(police, unit, {})
    with pytest.raises(NotAllowed):
        hold_duties(city.actor("justice"), unit, good)
    assert not DutyHolder.objects.exists()


def test_a_draft_and_a_later_holder_refuse(city: City, issued: Edition, draft: Edition) -> None:
    police, unit = city.actor("police"), city.unit("police")
    room, person = city.unit("police_room"), city.users["police"].pk
    with pytest.raises(Conflict):
        hold_duties(police, unit, {duty.pk: (room, person) for duty in duties_of(city, draft)})
    duties = duties_of(city, issued)
    hold_duty(police, duties[0].pk, room, None, valid_from=clock.today() + timedelta(days=9))
    with pytest.raises(Conflict):
        hold_duties(police, unit, {duty.pk: (room, person) for duty in duties})
    assert DutyHolder.objects.count() == 1


def test_a_refused_page_shows_what_was_typed(city: City, issued: Edition) -> None:
    police, unit = city.actor("police"), city.unit("police")
    room, duties = city.unit("police_room"), duties_of(city, issued)
    hold_duty(police, duties[0].pk, None, city.users["police"].pk, valid_from=clock.today() + timedelta(9))
    url, client = reverse("duty_assign", args=[unit, issued.pk]), city.client("police")
    shown = client.get(url).content.decode()
    assert f'value="{room}" selected' not in shown
    answer = client.post(url, {f"office_{duty.pk}": str(room) for duty in duties})
    assert answer.status_code == 400
    assert answer.content.decode().count(f'value="{room}" selected') == len(duties)
    assert client.post(url, {f"office_{duties[0].pk}": "1; drop"}).status_code == 404


def test_a_holder_holds_through_the_last_day(city: City, issued: Edition) -> None:
    """Handed over on the 1st, the list of the month before still names who held it on its last day."""
    police, duty = city.actor("police"), duties_of(city, issued)[0]
    room, person, today = city.unit("police_room"), city.users["police"].pk, clock.today()
    hold_duty(police, duty.pk, room, None, valid_from=today - timedelta(days=20))
    hold_duty(police, duty.pk, None, person, valid_from=today)
    for day, held in ((today - timedelta(days=1), (True, False)), (today, (False, True))):
        facts = [part for fact in task_facts(day) for part in fact.duties if part.id == duty.pk]
        assert [(bool(part.office_id), bool(part.person)) for part in facts] == [held]
        scope = ListScope(unit_id=city.unit("police"), office_id=room)
        assert Lines(scope, day, None).count(Wanted(), 9) == int(held[0])


def test_saving_with_nothing_chosen_says_so(city: City, issued: Edition) -> None:
    unit, room = city.unit("police"), city.unit("police_room")
    url, client = reverse("duty_assign", args=[unit, issued.pk]), city.client("police")
    duty = duties_of(city, issued)[0]
    answer = client.post(url, {f"office_{duty.pk}": ""})
    assert answer.status_code == 400 and "没有选择或改动任何一项" in answer.content.decode()
    assert client.post(url, {f"office_{duty.pk}": str(room)}).status_code == 302
    assert DutyHolder.objects.get(duty=duty).office_id == room


def test_somebody_called_by_their_post_is_named_once(city: City, issued: Edition) -> None:
    room = city.users["police_two"]
    post = room.appointments.get().post
    names = dict(people_of_unit(city.units["police"]))
    assert names[room.pk].count(post.name) == 1
    room.name = f"示市公安局{post.name}"
    room.save(update_fields=["name"])
    assert dict(people_of_unit(city.units["police"]))[room.pk] == room.name
