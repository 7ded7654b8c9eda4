"""What the list of matters offers beside its rows: views one keeps, and several sent out at once."""

import pytest
from django.urls import reverse

from shiyu.audit.models import AuditEntry
from shiyu.lib.ids import new_id
from shiyu.matters import actions
from shiyu.matters.models import Matter
from shiyu.matters.tests.test_doubles import Units, at, desk_user, dispute, loaded, town
from shiyu.notices.models import SavedView

__all__ = ["loaded", "town"]

LIST = reverse("matter_list")


def test_a_view_of_a_part_of_the_board_is_kept_shown_marked_and_removed(town: Units) -> None:
    dispute(town)
    client, user = desk_user(town)
    part = "wait=sort&kind=dispute"
    page = client.get(f"{LIST}?{part}").content.decode()
    assert 'name="query" value="wait=sort&amp;kind=dispute"' in page
    given = {"list": "matters", "path": LIST, "query": part, "name": "待分类的纠纷"}
    page = page.split('name="list" value="')[1]
    given["list"] = page.split('"')[0]
    saved = client.post(reverse("saved_view_save"), given)
    assert saved.status_code == 302 and saved["Location"] == f"{LIST}?{part}"
    view = SavedView.objects.get(user=user)
    mark = f'<a href="?wait=sort&amp;kind=dispute" aria-current="true">{view.name}</a>'
    shown = client.get(f"{LIST}?{part}").content.decode()
    assert mark in shown and reverse("saved_view_delete", args=[view.pk]) in shown
    elsewhere = client.get(LIST).content.decode()
    assert view.name in elsewhere and mark not in elsewhere
    assert view.name not in client.get(reverse("letter_list")).content.decode()  # a view is of one list
    answer = client.post(reverse("saved_view_delete", args=[view.pk]))
    assert answer.status_code == 302 and view.name not in client.get(LIST).content.decode()


def test_nobody_sees_or_removes_another_ones_view(town: Units) -> None:
    client, _user = desk_user(town)
    other = SavedView.objects.create(
        user=type(_user).objects.exclude(pk=_user.pk).first(),
        page="matters",
        name="别人的视图",
        query="wait=sort",
    )
    assert "别人的视图" not in client.get(f"{LIST}?wait=sort").content.decode()
    assert client.post(reverse("saved_view_delete", args=[other.pk])).status_code == 404


def ready(town: Units, **more: object) -> Matter:
    """A dispute that may be sent out: accepted and sorted."""
    matter, desk = dispute(town, **more), at(town("t_centre"), "centre_clerk")
    actions.accept_matter(desk, matter.pk)
    return actions.VERB_ACTIONS["sort"](desk, matter.pk, sort_class="large")


def test_of_a_mixed_choice_each_goes_or_stays_whole_and_the_page_says_why(town: Units) -> None:
    """Five are chosen: two go, one is not sorted yet, one went before, one the person may not see."""
    first, second, went, unsorted = ready(town), ready(town, topic="environment"), ready(town), dispute(town)
    other_centre = Matter.objects.visible_to(at(town("t_centre"), "centre_clerk"))
    hidden = elsewhere(town)
    assert not other_centre.filter(pk=hidden.pk).exists()
    desk = at(town("t_centre"), "centre_clerk")
    actions.dispatch_matter(desk, went.pk, unit_id=town("t_gov").pk)
    before = {row.pk: (row.state, row.version, row.assignments.count()) for row in Matter.objects.all()}
    client, _user = desk_user(town)
    told = AuditEntry.objects.filter(action="matters.dispatch_matter").count()
    chosen = [first.pk, unsorted.pk, went.pk, hidden.pk, second.pk, new_id(), "not an id"]
    answer = client.post(reverse("matter_dispatch_many"), {"chosen": [str(pk) for pk in chosen]}, follow=True)
    page = answer.content.decode()
    for matter in (first, second):
        matter.refresh_from_db()
        assert matter.phase == "handling" and matter.assignments.get(role="lead", active=True)
    for matter in (unsorted, went, hidden):
        matter.refresh_from_db()
        assert (matter.state, matter.version, matter.assignments.count()) == before[matter.pk]
    assert AuditEntry.objects.filter(action="matters.dispatch_matter").count() == told + 2
    assert "已交办2件" in page and "4件没有交办" in page
    said = page[page.index("4件没有交办") :].split("</div>")[0]
    assert unsorted.code in said and went.code in said  # which, and why
    assert hidden.code not in page and first.code not in said


def elsewhere(town: Units) -> Matter:
    """A dispute at another town's centre."""
    from_there = at(town("yl_centre"), "centre_clerk")
    there = town("yl_centre")
    return actions.file_matter(
        from_there,
        kind="dispute",
        title="另一县的纠纷",
        text="另一县的事",
        source="visit",
        unit_id=there.pk,
        topic="neighbours",
        area_id=there.area_id,
        fields={"people": 2},
    )


def test_nothing_chosen_does_nothing(town: Units) -> None:
    client, _user = desk_user(town)
    assert client.post(reverse("matter_dispatch_many"), {}).status_code == 302
    assert not AuditEntry.objects.filter(action="matters.dispatch_matter").exists()


@pytest.mark.parametrize("count", [51])
def test_more_than_one_go_takes_is_said(town: Units, count: int) -> None:
    matter = dispute(town)
    client, _user = desk_user(town)
    chosen = [str(matter.pk), *(str(new_id()) for _n in range(count - 1))]
    answer = client.post(reverse("matter_dispatch_many"), {"chosen": chosen}, follow=True)
    assert "一次最多办理50件，其余1件" in answer.content.decode()
