"""Under supervision (挂牌督办) and out of it again (摘牌): by hand, and by the notice that began it."""

import pytest
from django.urls import reverse

from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.letters.events import LetterIssued, LetterWithdrawn
from shiyu.lib.errors import NotAllowed, UserError
from shiyu.lib.ids import new_id
from shiyu.matters import actions
from shiyu.matters.actions.letter_effects import letter_issued, letter_withdrawn
from shiyu.matters.models import Matter, Step
from shiyu.matters.tests.city import City
from shiyu.matters.tests.conftest import SignIn, text_of

pytestmark = pytest.mark.django_db


def supervised(city: City, by: Actor) -> Matter:
    return actions.supervise_matter(by, city.problem().pk, reason="久拖不决")


def test_the_unit_that_began_it_ends_it_and_one_below_does_not(city: City) -> None:
    matter = supervised(city, city.chair)
    assert matter.supervised_by_id == city.group.pk
    for below in (city.head, city.clerk, city.water_liaison):
        with pytest.raises(NotAllowed):
            actions.end_supervision(below, matter.pk, reason="已经整改")
    with pytest.raises(UserError) as refused:
        actions.end_supervision(city.chair, matter.pk, reason=" ")
    assert refused.value.field == "reason"
    matter = actions.end_supervision(city.chair, matter.pk, reason="现场核实，已经整改")
    assert (matter.supervised_at, matter.supervised_by_id) == (None, None)
    step = Step.objects.get(matter_id=matter.pk, verb="end_supervision")
    assert (step.acting_unit_id, step.note) == (city.group.pk, "现场核实，已经整改")
    with pytest.raises(NotAllowed):
        actions.end_supervision(city.chair, matter.pk, reason="再摘一次")
    assert actions.supervise_matter(city.head, matter.pk, reason="又反弹").supervised_by_id == city.office.pk


def test_a_unit_above_may_end_it_too(city: City) -> None:
    matter = supervised(city, city.head)
    assert actions.end_supervision(city.chair, matter.pk, reason="已经整改").supervised_at is None


def test_what_a_rule_began_is_ended_where_the_matter_lies(city: City) -> None:
    matter = supervised(city, SYSTEM)
    assert matter.supervised_by_id is None
    assert actions.end_supervision(city.head, matter.pk, reason="已经整改").supervised_at is None


def test_on_the_page(city: City, sign_in: SignIn) -> None:
    matter = supervised(city, city.head)
    head, page = sign_in(city.head), reverse("matter_detail", args=[matter.pk])
    act = reverse("matter_act", args=[matter.pk, "end_supervision"])
    shown = text_of(head.get(page))
    assert "市域办2026-11-02起挂牌督办" in shown and act in shown
    assert act not in text_of(sign_in(city.water_liaison).get(page))
    assert head.post(act, {"end_supervision-reason": ""}).status_code == 422
    assert head.post(act, {"end_supervision-reason": "已经整改"}).status_code == 302
    shown = text_of(head.get(page))
    assert "督办摘牌" in shown and "起挂牌督办" not in shown and act not in shown


def notice(matter: Matter, city: City) -> dict[str, object]:
    about = {"subject_type": "matters.matter", "subject_id": matter.pk, "effect": "supervise"}
    return {
        "letter_id": new_id(),
        "number": "督1号",
        "title": "督办书",
        "by_name": "主任",
        "unit_ids": (),
        **about,
    }


def test_a_withdrawn_notice_ends_the_supervision_it_began(city: City) -> None:
    matter = city.problem()
    told = notice(matter, city)
    letter_issued(LetterIssued(**told, unit_id=city.group.pk))  # type: ignore[arg-type]
    matter.refresh_from_db()
    assert matter.supervised_by_id == city.group.pk  # the unit that wrote it, not whoever holds the matter
    with pytest.raises(NotAllowed):
        actions.end_supervision(city.head, matter.pk, reason="已经整改")
    letter_withdrawn(LetterWithdrawn(**told, by_number="撤1号"))  # type: ignore[arg-type]
    matter.refresh_from_db()
    assert matter.supervised_at is None and matter.supervised_letter_id is None
    ended = Step.objects.get(matter_id=matter.pk, verb="end_supervision")
    assert "督1号" in ended.note and "撤1号" in ended.note


def test_a_withdrawn_notice_ends_no_other_supervision(city: City) -> None:
    matter = supervised(city, city.head)
    told = notice(matter, city)
    letter_issued(LetterIssued(**told, unit_id=city.office.pk))  # type: ignore[arg-type]
    letter_withdrawn(LetterWithdrawn(**told, by_number="撤1号"))  # type: ignore[arg-type]
    matter.refresh_from_db()
    assert matter.supervised_at is not None
    assert not Step.objects.filter(matter_id=matter.pk, verb="end_supervision").exists()
    last = Step.objects.filter(matter_id=matter.pk, verb="letter").latest("left_at")
    assert "督办" in last.note or "supervision" in last.note
