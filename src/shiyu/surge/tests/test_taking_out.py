"""A matter taken out of a response that goes on; where the banner stands; the mark of an exercise."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from tests.loading import LIJIANG, loaded_once
from tests.test_lijiang import at, unit
from tests.test_lijiang_surge import TOWN, hazard, hours_later, log_in, opened, own_clock, place, sent

from shiyu.audit.models import AuditEntry
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.lib.ids import new_id
from shiyu.matters import actions as matters
from shiyu.matters.models import Matter
from shiyu.notices.models import Notice
from shiyu.packs.models import PackVersion
from shiyu.packs.queries import content_of, current_pack, digest_of, forget_pack_in_force
from shiyu.surge import actions, jobs
from shiyu.surge.models import Surge
from shiyu.surge.queries.days import day_facts
from shiyu.surge.queries.desk import MOST, surge_items_for_desk, surge_orders_beyond
from shiyu.surge.queries.limits import entries_of
from shiyu.surge.queries.log import log_of
from shiyu.surge.queries.pages import taken_from

NOW = datetime(2026, 9, 8, 9, tzinfo=clock.CITY_ZONE)
WHY = "经核实不是本次滑坡所致"


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with loaded_once(django_db_blocker, LIJIANG, NOW):
        yield


@pytest.fixture
def lijiang(loaded: None, db: None) -> None:
    pass


def head() -> Any:
    return at("gc_centre", "centre_head")


def test_one_matter_leaves_and_the_statutory_clock_is_the_same_to_the_byte(lijiang: None) -> None:
    surge, matter, other = opened(), sent(hazard()), hazard()
    before = own_clock(matter)
    with hours_later(1):
        actions.take_out_matter(head(), surge.pk, matter.pk, reason=WHY)
        assert own_clock(matter) == before
        now = clock.now()
        assert [entry.matter for entry in entries_of(surge, now)] == [other]
        assert {entry.matter for entry in entries_of(surge, now, with_left=True)} == {matter, other}
        assert {line.code for line in day_facts(surge, clock.today()).lines} == {other.code}
        entry = AuditEntry.objects.get(action="surge.take_out_matter")
        assert (entry.subject_id, entry.reason) == (matter.pk, WHY)
        assert [event.text for event in log_of(head(), surge) if event.what == "移出" or WHY in event.text]
        (one,) = taken_from(surge)
        assert (one.unit, one.found, one.filed, one.left) == (unit("gc02_centre"), 0, 2, 1)
    with hours_later(30):  # its emergency limits would have passed
        assert not [entry for entry in entries_of(surge, clock.now()) if entry.matter == matter]


def test_it_does_not_come_in_again_by_itself(lijiang: None) -> None:
    matter = hazard()
    surge = opened()
    actions.take_out_matter(head(), surge.pk, matter.pk, reason=WHY)
    decided = actions.Decision("区长", "古应急〔2026〕4号", clock.today(), "余震不断")
    with hours_later(24 * 5):  # over, and extended: what was filed meanwhile comes in
        actions.extend_surge(head(), surge.pk, decision=decided, ends_on=clock.today() + timedelta(days=3))
    assert surge.matters.get(matter=matter).left_at is not None
    assert not entries_of(surge, clock.now())


def test_refused_without_reason_right_or_running_response(lijiang: None) -> None:
    surge, matter, other = opened(), hazard(), hazard()
    with pytest.raises(UserError) as refused, transaction.atomic():
        actions.take_out_matter(head(), surge.pk, matter.pk, reason=" ")
    assert refused.value.field == "reason"
    with pytest.raises(NotAllowed), transaction.atomic():
        actions.take_out_matter(at("gc02_centre", "centre_clerk"), surge.pk, matter.pk, reason=WHY)
    with pytest.raises(NotAllowed), transaction.atomic():
        actions.take_out_matter(at("yl_centre", "centre_head"), surge.pk, matter.pk, reason=WHY)
    with pytest.raises(NotVisible), transaction.atomic():
        actions.take_out_matter(head(), surge.pk, new_id(), reason=WHY)
    actions.take_out_matter(head(), surge.pk, matter.pk, reason=WHY)
    with pytest.raises(Conflict), transaction.atomic():
        actions.take_out_matter(head(), surge.pk, matter.pk, reason=WHY)
    with hours_later(24 * 6), pytest.raises(Conflict), transaction.atomic():
        actions.take_out_matter(head(), surge.pk, other.pk, reason=WHY)
    drill = opened(drill=True, title="演练")
    practised = hazard(drill=True)
    with pytest.raises(UserError), transaction.atomic():
        actions.take_out_matter(head(), drill.pk, practised.pk, reason=WHY)


def test_over_http_and_on_the_page_of_the_matter(lijiang: None) -> None:
    surge, matter = opened(), sent(hazard())
    browser, page = log_in("centre_head", "gc_centre"), reverse("surge_detail", args=[surge.pk])
    form = reverse("surge_take_out", args=[surge.pk, matter.pk])
    shown = browser.get(page).content.decode()
    assert form in shown and "纳入范围" in shown and "以来收到" in shown
    assert form not in log_in("centre_clerk", "gc02_centre").get(page).content.decode()
    assert log_in("centre_clerk", "gc02_centre").post(form, {"reason": WHY}).status_code == 403
    assert browser.get(form).status_code == 200
    refused = browser.post(form, {"reason": ""})
    assert refused.status_code == 422
    assert browser.post(form, {"reason": WHY}).status_code == 302
    shown = browser.get(page).content.decode()
    assert form not in shown and WHY in shown and "已移出1件" in shown
    shown = browser.get(reverse("matter_detail", args=[matter.pk])).content.decode()
    assert "首次响应" not in shown and WHY in shown
    again = browser.post(form, {"reason": WHY})
    assert again.status_code == 422 and "已将其移出" in again.content.decode()


def test_who_handles_it_is_told(lijiang: None) -> None:
    surge, matter = opened(), sent(hazard())
    row = actions.take_out_matter(head(), surge.pk, matter.pk, reason=WHY)
    jobs.tell_taken_out(
        {
            "surge_id": str(surge.pk),
            "matter_id": str(matter.pk),
            "code": matter.code,
            "reason": row.left_reason,
            "by_id": None,
        }
    )
    told = Notice.objects.filter(title_zh__contains=WHY)
    assert {"gc02_centre", "gc_land"} <= {
        unit_code
        for notice in told
        for unit_code in notice.user.appointments.values_list("post__unit__code", flat=True)
    }


def test_the_banner_stands_where_the_work_is_concerned_and_nowhere_else(lijiang: None) -> None:
    surge, matter = opened(), hazard()
    dispute = matters.file_matter(
        at("gc02_centre", "centre_clerk"), kind="dispute", title="院墙滴水", text="两家相邻", source="visit",
        unit_id=unit("gc02_centre").pk, topic="neighbours", area_id=place(TOWN), fields={"people": 2},
    )  # fmt: skip
    desk = log_in("centre_clerk", "gc02_centre")

    def has_banner(name: str, *args: object, **query: str) -> bool:
        return 'class="note w surge"' in desk.get(reverse(name, args=args), query).content.decode()

    for name in ("desk", "matter_list", "surge_list"):
        assert has_banner(name), name
    assert has_banner("matter_list", kind="hazard") and not has_banner("matter_list", kind="dispute")
    assert has_banner("matter_detail", matter.pk) and not has_banner("matter_detail", dispute.pk)
    assert has_banner("surge_detail", surge.pk)
    actions.take_out_matter(head(), surge.pk, matter.pk, reason=WHY)
    assert not has_banner("matter_detail", matter.pk)
    for name in ("letter_list", "notice_list", "meeting_list", "account", "order_list"):
        assert not has_banner(name), name


def test_an_exercise_is_seen_as_one_where_the_account_is_sealed(lijiang: None) -> None:
    whole = json.loads(content_of(current_pack()))
    whole["kind"]["hazard"]["personal"] = True
    content = json.dumps(whole, ensure_ascii=False)
    PackVersion.objects.create(
        code="lijiang",
        version="sealed",
        digest=digest_of(content),
        content=content,
        in_force_since=clock.now(),
    )
    forget_pack_in_force()
    opened(drill=True, title="防汛演练")
    practised = hazard(drill=True)
    assert practised.title.startswith("【演练】") and "后山" not in practised.title
    assert "后山" not in Matter.objects.get(pk=practised.pk).text


def test_a_desk_shows_the_first_hundred_orders_and_where_the_rest_is(lijiang: None) -> None:
    surge, due = opened(), clock.now() + timedelta(hours=5)
    for n in range(MOST + 2):
        actions.issue_orders(head(), surge.pk, text=f"第{n}项", unit_ids=[unit("gc_land").pk], due_at=due)
    handler = at("gc_land", "handler")
    shown = surge_items_for_desk(handler)
    assert len(shown) == MOST
    assert [one.value for one in surge_orders_beyond(handler, len(shown))] == [2]
    page = log_in("handler", "gc_land").get(reverse("desk")).content.decode()
    assert f'{reverse("surge_detail", args=[surge.pk])}#orders">另有2条应急指令' in page
    assert surge_orders_beyond(head(), 0) == []
    assert Surge.objects.filter(pk=surge.pk).exists()
