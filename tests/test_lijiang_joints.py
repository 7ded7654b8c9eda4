"""Where two parts of the Lijiang pack's city meet: what one does, the other knows."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shiyu import wiring
from shiyu.desk.queries.asked import asked_of, counts_of_rows, this_month
from shiyu.desk.queries.today import items_of
from shiyu.exchange.actions import make_token, subscribe
from shiyu.exchange.actions.tokens import make_system_account
from shiyu.exchange.models import Delivery
from shiyu.letters.actions import withdraw_letter
from shiyu.lib import clock
from shiyu.matters import actions as matters
from shiyu.matters.actions import supervise_matter
from shiyu.matters.actions.parties import Reporter
from shiyu.matters.actions.recompute import LIMITS, replay
from shiyu.matters.events import OrdersImported
from shiyu.matters.kinds import calendar, kind_of
from shiyu.matters.models import Matter, Step
from shiyu.matters.views.letters import cut_words
from shiyu.mediation.actions import open_mediation
from shiyu.people.models import Post, User
from shiyu.people.queries import actor_of
from shiyu.surge.models import SurgeMatter, SurgeOrder
from tests.loading import loaded_once
from tests.test_lijiang import LIJIANG, at, sent, unit
from tests.test_lijiang_letters import came_back, issued
from tests.test_lijiang_orders import BEIJING, CITY_ROW, taken
from tests.test_lijiang_surge import ELSEWHERE, START, log_in, opened, person, place

OTHER_ROW = CITY_ROW.replace("HL20261101001", "HL20261101002").replace("古城区,大研街道", "玉龙纳西族自治县,黄山街道").replace("金沙社区,金沙社区活动室旁", ",路口")  # fmt: skip


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Lijiang in the database, once for the module; everything is rolled back at its end."""
    with loaded_once(django_db_blocker, LIJIANG, START):
        yield


@pytest.fixture
def lijiang(loaded: None, db: None, files_elsewhere: None) -> Iterator[None]:
    """The loaded pack on a morning; what a test changes is taken back."""
    with clock.frozen(START):
        yield


def imported(*rows: str) -> UUID:
    """A table of the hotline, taken over by the city's desk."""
    batch = taken(person("city_head", "city_centre"), "city_hotline", BEIJING, *rows)
    assert batch.new == len(rows)
    return batch.pk


# --- tables of orders: surge and webhooks ------------------------------------------------------------------------


def test_what_comes_as_a_table_enters_the_responses_of_its_kind_and_place(lijiang: None) -> None:
    here = opened(kinds=["request", "hazard"])
    other = opened(at("yl_centre", "centre_head"), area_ids=[place(ELSEWHERE)], kinds=["hazard"])
    imported(CITY_ROW, OTHER_ROW)
    mine = Matter.objects.get(orders__number="HL20261101001")
    rows = SurgeMatter.objects.filter(surge__in=[here, other])
    assert [(row.surge_id, row.matter_id, row.found) for row in rows] == [(here.pk, mine.pk, False)]
    assert rows[0].first_due_at > rows[0].entered_at == clock.now()


def test_an_exercise_takes_nothing_of_a_table_and_an_ended_response_neither(lijiang: None) -> None:
    opened(kinds=["request"], drill=True, title="演练")
    with clock.frozen(START - timedelta(days=30)):
        opened(kinds=["request"])
    imported(CITY_ROW)
    assert not SurgeMatter.objects.exists()


def subscribed(code: str, role: str) -> None:
    """A system in a post of a unit, told of tables."""
    post = Post.objects.filter(unit=unit(code), roles__contains=[role]).order_by("code")[0]
    admin = person("system_admin", "city_centre")
    user = make_system_account(admin, username=f"sys-{code}", name="热线平台", post_id=post.pk)
    subscribe(admin, user_id=user.pk, url="https://hotline.example.cn/news", events=["orders.imported"])


def test_other_systems_are_told_once_of_a_table_with_ids_only(lijiang: None, settings: Any) -> None:
    settings.WEBHOOK_HOSTS = ["hotline.example.cn"]
    subscribed("city_centre", "city_head")
    subscribed("gc02_centre", "centre_head")
    subscribed("gc03_centre", "centre_head")  # nothing of the table lies there
    batch = imported(CITY_ROW, OTHER_ROW)
    hears = [tell for tell in wiring.LATER[OrdersImported] if tell.__module__.startswith("shiyu.exchange")]
    for tell in hears:
        tell({"batch_id": str(batch), "source": "热线", "units": [["x", 1]]})
    told = {row.subscription.user.username: json.loads(row.body) for row in Delivery.objects.all()}
    assert set(told) == {"sys-city_centre", "sys-gc02_centre"}
    assert all(set(said) == {"id", "event", "at", "batch_id", "unit_ids", "phase"} for said in told.values())
    both = sorted(str(unit(code).pk) for code in ("gc02_centre", "yl01_centre"))
    assert told["sys-city_centre"]["unit_ids"] == both
    assert told["sys-gc02_centre"]["unit_ids"] == [str(unit("gc02_centre").pk)]
    assert told["sys-city_centre"]["batch_id"] == str(batch)


# --- petition items: the clock counts calendar days, a hearing's time does not count -----------------------------------


def petition() -> Matter:
    """A petition item accepted and sent on at once: sixty calendar days."""
    matter = matters.file_matter(
        at("gc_centre", "centre_clerk"),
        kind="petition",
        title="征地补偿款未到位",
        text="补偿款一直没有到账。",
        source="visit",
        unit_id=unit("gc_centre").pk,
        reporters=[Reporter("和某（化名）", "13900000001", "金沙社区")],
    )
    matters.accept_matter(at("gc_centre", "centre_clerk"), matter.pk)
    return matters.dispatch_matter(at("gc_centre", "centre_clerk"), matter.pk, unit_id=unit("gc_land").pk)


def test_a_stopped_petition_item_loses_and_gains_no_calendar_day(lijiang: None) -> None:
    head = at("gc_centre", "centre_head")
    with clock.frozen(datetime(2026, 9, 11, 9, tzinfo=clock.CITY_ZONE)):
        matter = petition()
        assert clock.local(matter.due_at).date() == date(2026, 11, 10)
    with clock.frozen(datetime(2026, 10, 12, 9, tzinfo=clock.CITY_ZONE)):
        matter = matters.suspend_matter(head, matter.pk, until=date(2026, 11, 16), reason="听证")
        assert clock.local(matter.due_at).date() == date(2026, 12, 15)  # 35 days more
    with clock.frozen(datetime(2026, 10, 17, 9, tzinfo=clock.CITY_ZONE)):
        matter = matters.resume_matter(head, matter.pk)
        assert clock.local(matter.due_at).date() == date(2026, 11, 16)  # five: Sunday the 15th, so Monday
    with clock.frozen(datetime(2026, 10, 19, 9, tzinfo=clock.CITY_ZONE)):
        matter = matters.suspend_matter(head, matter.pk, until=date(2026, 10, 20), reason="听证")
        assert clock.local(matter.due_at).date() == date(2026, 11, 16)  # one more, counted from Sunday
        steps = list(Step.objects.filter(matter_id=matter.pk).order_by("entered_at", "id"))
        again = replay(matter, kind_of(matter), steps, calendar())
        assert vars(again) == {name: getattr(matter, name) for name in LIMITS}


# --- the desk and what was asked of a unit -----------------------------------------------------------------------------


def test_orders_of_a_response_count_as_asked_and_those_of_an_exercise_do_not(lijiang: None) -> None:
    head, month = at("gc_centre", "centre_head"), this_month()
    land = unit("gc_land")
    for drill in (False, True):
        surge = opened(drill=drill, title="演练" if drill else "滑坡")
        SurgeOrder.objects.create(
            surge=surge, number=1, unit=land, text="转移后山住户", due_at=clock.now(), by_name="值守员"
        )
    rows = [row for row in asked_of(head, [land.pk], month) if row.kind == "order"]
    assert [(row.title, row.due_on) for row in rows] == [("转移后山住户", clock.today())]
    assert counts_of_rows(rows)["order"] == 1
    client = log_in("handler", "gc_land")
    page = client.get(f"/asked/{month.code}/{land.pk}/?kind=order").content.decode()
    assert page.count("转移后山住户") == 1
    assert "应急指令" in client.get("/").content.decode()


def test_a_dispute_in_mediation_stands_once_on_a_mediators_desk_with_the_earlier_day(lijiang: None) -> None:
    matter, mediator = sent("gc02_mc", topic="family"), person("handler", "gc02_mc")
    matters.acknowledge_assignment(mediator, matter.pk)
    before = [item for item in items_of(mediator) if matter.code in item.sub]
    assert [item.url.split("/")[1] for item in before] == ["matters"]
    open_mediation(mediator, matter.pk, body_id=unit("gc02_mc").pk, source="applied")
    found = [item for item in items_of(mediator) if matter.code in item.sub]
    assert [item.url.split("/")[1] for item in found] == ["mediation"]
    assert found[0].due_on is not None and before[0].due_on is not None
    assert found[0].due_on <= before[0].due_on
    head = person("centre_head", "gc02_centre")  # who does not mediate it keeps the matter's own lines
    assert all(item.url.split("/")[1] == "matters" for item in items_of(head) if matter.code in item.sub)


# --- letters: what was decided stands in the draft; what a withdrawn one did is said ----------------------------------


def test_a_withdrawn_supervision_notice_is_said_in_the_matters_history(lijiang: None) -> None:
    matter, head = sent("gc02_gov"), at("gc02_centre", "centre_head")
    letter = issued("supervision", "gc02_police", matter=matter)
    came_back(head, withdraw_letter(head, letter.pk, reason="督办单位有误"))
    ended = Step.objects.get(matter_id=matter.pk, verb="end_supervision")
    assert letter.number_text in ended.note  # what the notice began ends with it
    supervise_matter(head, matter.pk, reason="久拖不决")
    second = issued("supervision", "gc02_police", matter=matter)
    came_back(head, withdraw_letter(head, second.pk, reason="督办单位有误"))
    line = Step.objects.filter(matter_id=matter.pk, verb="letter").latest("entered_at", "id")
    assert second.number_text in line.note and line.note.endswith("事项仍在督办中")  # begun by hand, it stays
    other = issued("risk_advisory", "gc02_police", matter=matter)
    came_back(head, withdraw_letter(head, other.pk, reason="主送单位有误"))
    lines = Step.objects.filter(matter_id=matter.pk, note__contains=other.number_text)
    assert lines.filter(note__contains="撤回").exists() and not lines.filter(note__contains="督办中").exists()


def test_the_words_of_a_decision_stand_in_the_draft_of_its_letter(lijiang: None) -> None:
    matter, client = sent("gc02_gov"), log_in("centre_head", "gc02_centre")
    page = client.get(f"/matters/{matter.pk}/letters/risk_advisory/", {"words": "请逐户走访并于周五前反馈"})
    assert page.status_code == 200
    body = page.context["form"].initial["body"]
    assert "请逐户走访并于周五前反馈" in body and matter.text in body
    assert cut_words("长" * 400) == "长" * 299 + "…"


DESKS = (("centre_head", "gc02_centre"), ("handler", "gc02_mc"), ("centre_head", "gc_centre"))


@pytest.mark.parametrize(("role", "code"), DESKS)
def test_a_desk_asks_no_more_often_for_more_matters(lijiang: None, role: str, code: str) -> None:
    client, counts = log_in(role, code), []
    for more in (4, 9):  # more than its box of waits shows: from there on it counts the rest
        for _n in range(more):
            sent("gc02_mc", topic="family")
        client.get("/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 60, counts


# --- the API and what a kind asks with a verb -------------------------------------------------------------------


def test_another_system_gives_a_petitions_written_opinion_as_its_form_asks(lijiang: None) -> None:
    matter = petition()
    user = User.objects.get(username="gc-land")
    token = make_token(actor_of(user), name="x", scopes=["matters:read", "matters:act"], days=30)[1]
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    client, path = Client(), f"/api/v1/matters/{matter.pk}/acts"

    def do(verb: str, **body: Any) -> Any:
        given = json.dumps(body)
        return client.post(f"{path}/{verb}", given, content_type="application/json", headers=headers)

    assert do("acknowledge").status_code == 200
    acts = {one["verb"]: one for one in client.get(path, headers=headers).json()["items"]}
    asked = {one["name"]: one for one in acts["complete"]["fields"]}
    assert (
        asked["fields.conclusion"]["required"]
        and asked["fields.conclusion"]["choices"][0]["value"] == "supported"
    )
    lacking = do("complete", result="已答复", fields={"conclusion": "maybe"}).json()["errors"]
    said = {one["field"]: one["message"] for one in lacking}
    assert {"fields.request", "fields.findings", "fields.basis"} <= set(said)
    assert said["fields.conclusion"].startswith("One of: supported, ")
    opinion = {"request": "补偿", "findings": "属实", "basis": "条例", "conclusion": "supported"}
    assert (
        do("complete", result="已答复", fields=opinion | {"colour": 1}).json()["errors"][0]["field"]
        == "fields.colour"
    )
    done = do("complete", result="已答复", fields=opinion)
    assert (done.status_code, done.json()["phase"]) == (200, "verifying")
    assert Matter.objects.get(pk=matter.pk).fields["conclusion"] == "supported"
