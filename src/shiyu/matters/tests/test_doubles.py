"""The same thing told twice: suggested by kind, place, time and words, never across what a person may not see."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some
from tests.loading import LIJIANG, loaded_once

from shiyu.audit.models import AuditEntry
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.matters import actions
from shiyu.matters.access import options_of
from shiyu.matters.models import Matter, MatterLink
from shiyu.matters.queries.doubles import Alike, about_to_be_told, alike, alike_to_matter, likeness
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit, User
from shiyu.places.models import Area

MORNING = dt.datetime(2026, 9, 8, 9, 0, tzinfo=dt.UTC)
TOWN = "530702002"
TITLE, AGAIN = "院墙滴水引起的纠纷", "邻居院墙滴水，两家再起纠纷"

Units = Callable[[str], Unit]


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Lijiang in the database, once for the module; everything is rolled back at its end."""
    with loaded_once(django_db_blocker, LIJIANG, MORNING):
        yield


@pytest.fixture
def town(loaded: None, db: None) -> Iterator[Units]:
    with clock.frozen(MORNING):
        prefix = Unit.objects.get(kind="centre", area__code=f"{TOWN}000").code.removesuffix("_centre")
        yield lambda code: Unit.objects.get(
            code=code.replace("t_", f"{prefix}_", 1) if code.startswith("t_") else code
        )


def at(unit: Unit, role: str) -> Actor:
    rights = current_pack().role[role].rights
    return Actor(new_id(), role, {unit.pk: frozenset(rights)}, home_unit_id=unit.pk)


def village(number: str = "901") -> Area:
    return Area.objects.get(code=f"{TOWN}{number}")


def dispute(town: Units, **more: object) -> Matter:
    given: dict[str, object] = {
        "kind": "dispute",
        "title": TITLE,
        "text": "两家相邻，院墙滴水，多次争执",
        "source": "visit",
        "unit_id": town("t_centre").pk,
        "topic": "neighbours",
        "area_id": village().pk,
        "fields": {"people": 6},
    }
    return actions.file_matter(at(town("t_centre"), "centre_clerk"), **(given | more))  # type: ignore[arg-type]


def suggested(actor: Actor, matter: Matter) -> list[Alike]:
    return alike_to_matter(actor, matter, options_of(matter, actor))


def desk_user(town: Units) -> tuple[Client, User]:
    user = User.objects.filter(
        appointments__post__unit=town("t_centre"), appointments__post__roles=["centre_clerk"]
    ).get()
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client, user


def test_the_same_told_twice_is_found_with_its_reasons(town: Units) -> None:
    first, desk = dispute(town), at(town("t_centre"), "centre_clerk")
    with clock.frozen(MORNING + dt.timedelta(days=9)):
        second = dispute(town, title=AGAIN)
        (found,) = suggested(desk, second)
        assert found.matter == first and found.may_link and found.may_merge
        assert any(village().name in words for words in found.why) and len(found.why) == 4
        (back,) = suggested(desk, first)
        assert back.matter == second and back.may_link
        assert not back.may_merge  # the later one is merged into the earlier, not the other way round


@pytest.mark.parametrize(
    ("change", "days"),
    [
        ({"title": "商铺拖欠货款", "text": "供货商反映货款三个月未付"}, 3),
        ({"area_id": "902"}, 3),
        ({}, 61),
        ({"kind": "request"}, 3),
    ],
    ids=["other words", "other village", "too long ago", "other kind"],
)
def test_what_is_not_alike_is_not_suggested(town: Units, change: dict[str, object], days: int) -> None:
    dispute(town)
    if "area_id" in change:
        change = {"area_id": village("902").pk}
    with clock.frozen(MORNING + dt.timedelta(days=days)):
        told = about_to_be_told(
            str(change.get("kind", "dispute")),
            str(change.get("title", AGAIN)),
            str(change.get("text", "")),
            "neighbours",
            change.get("area_id", village().pk),  # type: ignore[arg-type]
            drill=False,
        )
        assert alike(at(town("t_centre"), "centre_clerk"), told) == []


def test_within_a_village_its_parts_count_as_near(town: Units) -> None:
    there = village()
    code = f"{there.code}01"
    part = Area.objects.create(
        code=code, name="一组", level="group", parent=there, path=f"{there.path}{code}/", invented=True
    )
    first, desk = dispute(town), at(town("t_centre"), "centre_clerk")
    told = about_to_be_told("dispute", AGAIN, "", "neighbours", part.pk, drill=False)
    (found,) = alike(desk, told)
    assert found.matter == first and any(there.name in words for words in found.why)


def test_what_a_person_may_not_see_is_never_suggested(town: Units) -> None:
    first = dispute(town)
    other_town = (
        Unit.objects.filter(kind="centre", area__level="town").exclude(pk=town("t_centre").pk).first()
    )
    assert other_town is not None
    stranger, desk = at(other_town, "centre_clerk"), at(town("t_centre"), "centre_clerk")
    assert not Matter.objects.visible_to(stranger).filter(pk=first.pk).exists()
    told = about_to_be_told("dispute", TITLE, first.text, "neighbours", village().pk, drill=False)
    assert alike(stranger, told) == []
    assert [row.matter for row in alike(desk, told)] == [first]


def test_what_was_merged_withdrawn_or_linked_is_suggested_no_more(town: Units) -> None:
    desk = at(town("t_centre"), "centre_clerk")
    first, second, third = dispute(town), dispute(town, title=AGAIN), dispute(town)
    assert {row.matter for row in suggested(desk, first)} == {second, third}
    actions.VERB_ACTIONS["link"](desk, third.pk, other=first.code)
    assert {row.matter for row in suggested(desk, first)} == {second}
    actions.VERB_ACTIONS["merge"](desk, second.pk, other=first.code, reason="同一院墙")
    second.refresh_from_db()
    assert suggested(desk, first) == [] and suggested(desk, second) == []


def test_an_exercise_and_the_real_thing_are_never_doubles(town: Units) -> None:
    first, desk = dispute(town), at(town("t_centre"), "centre_clerk")
    told = about_to_be_told("dispute", first.title, first.text, "neighbours", village().pk, drill=True)
    assert alike(desk, told) == []


def test_the_form_says_it_and_files_all_the_same(town: Units) -> None:
    first = dispute(town)
    client, _user = desk_user(town)
    asked = {"title": AGAIN, "text": "", "topic": "neighbours", "area_id": str(village().pk)}
    address = reverse("matter_alike") + "?kind=dispute"
    page = client.post(address, asked).content.decode()
    assert first.code in page and "相近之处" not in page and "同一地点" in page
    assert client.post(address, asked | {"title": "", "topic": ""}).content.decode().strip() == ""
    assert client.post(address, asked | {"area_id": "nowhere"}).status_code == 200
    assert client.post(reverse("matter_alike") + "?kind=nothing", asked).status_code == 404
    form = client.get(reverse("matter_new") + "?kind=dispute").content.decode()
    assert "hx-post" in form and address in form
    given = asked | {
        "source": "visit",
        "happened_on": "2026-09-08",
        "unit_id": str(town("t_centre").pk),
        "reporter": "nobody",
        "f_people": "6",
    }
    answer = client.post(reverse("matter_new") + "?kind=dispute", given, follow=True)
    assert Matter.objects.count() == 2 and f"可能与{first.code}重复" in answer.content.decode()


def test_the_page_links_or_merges_by_its_buttons(town: Units) -> None:
    first, second, third = dispute(town), dispute(town, title=AGAIN), dispute(town, title=AGAIN)
    client, _user = desk_user(town)
    page = client.get(reverse("matter_detail", args=[second.pk])).content.decode()
    assert "疑似重复" in page and first.code in page and "相近之处" in page
    link = {"link-other": first.code, "link-seen": second.version}
    assert client.post(reverse("matter_act", args=[second.pk, "link"]), link).status_code == 302
    merge = {"merge-other": first.code, "merge-seen": third.version}
    address = reverse("matter_act", args=[third.pk, "merge"])
    assert client.post(address, merge | {"merge-reason": ""}).status_code == 422
    assert client.post(address, merge | {"merge-reason": "同一院墙"}).status_code == 302
    assert sorted(MatterLink.objects.values_list("sort", flat=True)) == ["merged", "related"]
    assert AuditEntry.objects.filter(action__in=("matters.link_matter", "matters.merge_matter")).count() == 2


def test_a_pack_says_within_how_many_days(town: Units) -> None:
    dispute(town)
    kind = current_pack().kind["dispute"]
    assert kind.same_days == 60
    desk = at(town("t_centre"), "centre_clerk")
    with clock.frozen(MORNING + dt.timedelta(days=9)):
        told = about_to_be_told("dispute", AGAIN, "", "neighbours", village().pk, drill=False)
        assert alike(desk, told, kind.model_copy(update={"same_days": 8})) == []
        assert len(alike(desk, told, kind.model_copy(update={"same_days": 10}))) == 1


@given(some.text("院墙滴水纠纷 ab1，", max_size=20), some.text("院墙滴水纠纷 ab1，", max_size=20))
def test_likeness_is_a_share_and_knows_no_order(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1 and likeness(one, other) == likeness(other, one)
    assert likeness(one, one) in (0, 1)
