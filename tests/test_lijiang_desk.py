"""A town centre's desk, as its people meet it in the browser: filing, sending out, closing, and who asks what is held."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from shiyu.exchange.actions import make_token
from shiyu.exchange.models import Scope
from shiyu.kernel.personal import Personal
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, UserError
from shiyu.matters import actions
from shiyu.matters.actions.parties import Reporter, add_reporter
from shiyu.matters.models import Matter, PartyOpening, SealedText
from shiyu.mediation import actions as mediation
from shiyu.mediation.queries.names import sides_of
from shiyu.people.actions.units import set_unit_phone
from shiyu.people.models import TownFunction, User
from shiyu.people.queries import actor_of
from shiyu.places.models import Area
from tests.loading import LIJIANG, loaded_once
from tests.test_lijiang import TODAY, VILLAGE, at, dispute, unit
from tests.test_lijiang_mediation import agreed, head, talked

pytestmark = pytest.mark.django_db
PIN, PHONE = "12345678", "13955550177"


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with loaded_once(django_db_blocker, LIJIANG, TODAY):
        yield


def browser(username: str = "gc02-desk") -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(
        User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def text(answer: Any) -> str:
    return answer.content.decode()


def given(**more: Any) -> dict[str, Any]:
    """What the desk types for a dispute."""
    rows = {
        "reporter": "named",
        "reporter_name": "欧阳试例",
        "reporter_phone": PHONE,
        "title": "院墙争议",
        "topic": "homestead",
        "text": "两家因院墙边界发生争执",
        "source": "visit",
        "happened_on": "2026-09-07",
        "f_people": "2",
        "unit_id": str(unit("gc02_centre").pk),
        "area_id": str(Area.objects.get(code=VILLAGE).pk),
    }
    return rows | more


NEW = reverse("matter_new") + "?kind=dispute"


def page(matter: Matter, username: str = "gc02-desk") -> str:
    return text(browser(username).get(reverse("matter_detail", args=[matter.pk])))


def waiting(topic: str) -> Matter:
    """Accepted and sorted, to be sent out."""
    desk, matter = at("gc02_centre", "centre_clerk"), dispute(topic=topic)
    actions.accept_matter(desk, matter.pk)
    return actions.VERB_ACTIONS["sort"](desk, matter.pk, sort_class="large")


def form_of(shown: str, verb: str) -> str:
    return shown[shown.index(f'id="do-{verb}"') :].split("</form>")[0]


def test_dispatch_proposes_who_is_competent_and_says_why(db: None) -> None:
    form = form_of(page(waiting("homestead")), "dispatch")
    assert f'value="{unit("gc02_gov").pk}" selected' in form
    assert "按职责表（宅基地、邻里纠纷）由大研街道牵头，已为您选好，可以改选。" in form
    for code in ("gc02_justice", "gc02_v1"):
        assert f'value="{unit(code).pk}" selected' in form
    assert (
        form.count(" selected") == 3 and form.count("data-pick") == 2
    )  # and each list is searched by typing


def test_a_unit_whose_function_was_taken_back_is_not_proposed(db: None) -> None:
    TownFunction.objects.filter(unit=unit("gc02_gov"), function="homestead").update(
        standing="taken_back", lead=unit("gc_land")
    )
    form = form_of(page(waiting("homestead")), "dispatch")
    assert f'value="{unit("gc02_gov").pk}" selected' not in form
    assert "已收回县级部门，不能派给乡镇（街道）" in form and "请另选单位" in form


def test_all_that_is_wrong_is_said_at_once(db: None) -> None:
    wrong = given(title="", reporter_name="", reporter_phone="5551234", happened_on="2027-01-01",
                  due_at="2020-01-01", other_phone="12", area_id="")  # fmt: skip
    answer = browser().post(NEW, wrong)
    assert answer.status_code == 422 and not Matter.objects.exists()
    errors = set(answer.context["form"].errors)
    assert errors == {"title", "reporter_name", "reporter_phone", "happened_on", "due_at", "other_phone", "other_name",
                      "area_id"}  # fmt: skip
    shown = text(answer)
    assert "请填写11位手机号，或者带区号的固定电话。" in shown and 'value="5551234"' in shown
    assert "选“实名”的，姓名必填" in text(browser().get(NEW))  # said before, and without script


def test_a_dispute_is_registered_with_both_sides(db: None) -> None:
    answer = browser().post(NEW, given(other_name="端木试例", other_phone="0888-5550111"))
    assert answer.status_code == 200, "the receipt"
    matter = Matter.objects.get()
    shown = page(matter)
    assert "端木" not in shown and "对方当事人姓名（名称）" in shown
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM matters_sealedtext")
        assert all("端木".encode() not in bytes(row) for (row,) in cursor.fetchall())
    opened = text(browser().post(reverse("reporters_open", args=[matter.pk]), {"reason": "联系对方当事人"}))
    assert "端木试例" in opened and "0888-5550111" in opened
    found = text(browser().post(reverse("reporter_find"), {"phone": "08885550111"}))
    assert matter.code in found and "其他当事人" in found
    actions.accept_matter(head(), matter.pk)
    actions.VERB_ACTIONS["sort"](head(), matter.pk, sort_class="large")
    row = mediation.open_mediation(head(), matter.pk, body_id=unit("gc02_mc").pk, source="applied")
    assert [dict(side.parts)["姓名"] for side in sides_of(row)] == ["欧**", "端**"]


def test_the_other_side_comes_through_the_api_as_well(db: None) -> None:
    desk = actor_of(User.objects.get(username="gc02-desk"))
    _token, secret = make_token(desk, name="x", scopes=Scope.values, days=1)
    client = Client(headers={"authorization": f"Bearer {secret}", "accept-language": "zh-hans"})
    body: dict[str, Any] = {
        "kind": "dispute", "title": "院墙争议", "topic": "homestead", "source": "visit", "fields": {"people": 2},
        "area_id": str(Area.objects.get(code=VILLAGE).pk), "unit_id": str(unit("gc02_centre").pk),
    }  # fmt: skip
    for phone, status in (("12", 422), ("0888-5550111", 201)):
        sent = body | {"other_side": {"name": "端木试例", "phone": phone}}
        answer = client.post(
            "/api/v1/matters",
            sent,
            "application/json",
            headers={"idempotency-key": f"key-of-{phone:>9}".replace(" ", "0")},
        )
        assert answer.status_code == status, answer.content
        if status == 422:
            assert "other_side.phone" in text(answer)
    assert SealedText.objects.filter(code="_other_name").count() == 1


def test_the_other_side_goes_along_when_a_dispute_is_split(db: None) -> None:
    browser().post(NEW, given(other_name="端木试例"))
    desk, matter = at("gc02_centre", "centre_clerk"), Matter.objects.get()
    actions.VERB_ACTIONS["split"](desk, matter.pk, text="排水另案办理")
    half = Matter.objects.exclude(pk=matter.pk).get()
    assert SealedText.objects.filter(matter=half, code="_other_name").exists()
    assert "端木试例" in text(
        browser().post(reverse("reporters_open", args=[half.pk]), {"reason": "联系对方当事人"})
    )


def test_a_kind_without_two_sides_asks_for_none(db: None) -> None:
    assert "other_name" not in text(browser().get(reverse("matter_new") + "?kind=request"))
    with pytest.raises(UserError, match="没有对方当事人"):
        dispute(kind="request", topic="housing", fields={}, other_side={Personal.NAME: "端木试例"})


def test_whoever_asks_at_the_desk_sees_their_own_part_alone(db: None) -> None:
    mine = Reporter("欧阳试例", PHONE, "后巷九十九号", pin=PIN)
    matter = dispute(reporters=[mine], other_side={Personal.NAME: "端木试例"})
    desk = at("gc02_centre", "centre_clerk")
    add_reporter(desk, matter.pk, reporter=Reporter("南宫试例", "13955550188", pin="87654321"))
    client, address = browser(), reverse("reporter_own", args=[matter.pk])
    assert address in page(matter)
    for wrong in ({"pin": "00000000", "phone": PHONE}, {"pin": PIN, "phone": "13955550188"}, {"pin": PIN}):
        refused = client.post(address, wrong)
        assert refused.status_code == 422 and "欧阳" not in text(refused)
    assert not PartyOpening.objects.exists()
    answer = client.post(address, {"pin": PIN, "phone": "139 5555 0177"})
    shown = text(answer)
    assert answer.status_code == 200 and "欧阳试例" in shown and PHONE in shown and "后巷九十九号" in shown
    assert "南宫" not in shown and "端木" not in shown and "13955550188" not in shown
    assert PartyOpening.objects.get().matter_id == matter.pk
    assert browser("gc-land").get(address).status_code == 404


def test_closing_is_filled_with_what_the_mediation_recorded(db: None) -> None:
    row = agreed()
    actions.verify_matter(head(), row.matter_id)
    form = form_of(page(row.matter, "gc02-head"), "close")
    assert re.search(r'<option value="agreement" selected', form)


def test_an_open_mediation_comes_before_completing(db: None) -> None:
    row = talked()
    shown = page(row.matter, "gc02-mc")
    column = shown[shown.index('id="next"') :].split('<details class="folded"')[0]
    assert f'<a class="b p" href="{reverse("mediation_detail", args=[row.pk])}">' in column
    assert 'summary class="b p"' not in column


def test_the_receipt_says_what_is_certain(db: None) -> None:
    set_unit_phone(head(), unit("gc02_centre").pk, phone="0888-5550202")
    shown = text(browser().post(NEW, given()))
    assert "院墙争议" in shown and "0888-5550202" in shown and "横向打印" not in shown
    assert "print_upright" in shown and "print_a4" not in shown
    matter = Matter.objects.get()
    assert "受理时限" in shown and "2026-09-09" in shown and "办结答复的期限在受理、分类后确定" in shown
    assert f"{clock.local(matter.due_at):%Y-%m-%d}" not in shown  # sorting sets another day
    actions.accept_matter(head(), matter.pk)
    actions.VERB_ACTIONS["sort"](head(), matter.pk, sort_class="small")
    matter.refresh_from_db()
    again = text(browser().post(reverse("reporter_add", args=[matter.pk]), given()))
    assert "答复时限" in again and f"{clock.local(matter.due_at):%Y-%m-%d}" in again
    assert "受理时限" not in again and "办结答复的期限" not in again


def test_a_receipt_says_that_next_years_holidays_are_not_announced(db: None) -> None:
    with clock.frozen(TODAY.replace(month=12, day=15)):
        answer = browser().post(
            NEW.replace("dispute", "request"), given(happened_on="2026-12-15", topic="housing")
        )
        matter = Matter.objects.get()
        actions.accept_matter(head(), matter.pk)
        actions.VERB_ACTIONS["sort"](head(), matter.pk, sort_class="complaint")
        again = text(browser().post(reverse("reporter_add", args=[matter.pk]), given()))
    assert "节假日安排尚未公布" not in text(answer)  # the day of acceptance lies in this year
    assert "2027-01" in again and "节假日安排尚未公布" in again


def test_the_reporter_sees_what_they_reported_and_why_the_page_closes(db: None) -> None:
    matter = dispute(reporters=[Reporter("欧阳试例", PHONE, pin=PIN)], happened_on=TODAY.date())
    desk, client = at("gc02_centre", "centre_clerk"), Client(headers={"accept-language": "zh-hans"})
    actions.VERB_ACTIONS["ask_reporter"](desk, matter.pk, text="院墙多高")
    client.post(reverse("progress"), {"code": matter.code, "pin": PIN})
    shown = text(client.get(reverse("progress_matter")))
    for words in (
        "院墙滴水引起的纠纷",
        "矛盾纠纷",
        "金沙社区",
        "发生日期",
        "2026-09-08",
        "<p>院墙多高。</p>",
    ):
        assert words in shown, words
    assert "两家相邻" not in shown  # the account may speak of others
    assert "15分钟不操作，本页自动退出" in shown
    with clock.frozen(TODAY + timedelta(minutes=16)):
        answer = client.get(reverse("progress_matter"), follow=True)
    assert "已有15分钟没有操作，为保护您的信息，页面已自动退出" in text(answer)


def test_a_units_number_is_set_by_its_head_alone(db: None) -> None:
    address = reverse("unit_phone", args=[unit("gc02_centre").pk])
    assert browser("gc02-desk").post(address, {"phone": "0888-5550202"}).status_code == 403
    wrong = browser("gc02-head").post(address, {"phone": "5550202"})
    assert wrong.status_code == 422 and "请填写带区号的固定电话" in text(wrong)
    assert browser("gc02-head").post(address, {"phone": "0888-5550202"}).status_code == 302
    assert unit("gc02_centre").phone == "0888-5550202"
    other = reverse("unit_phone", args=[unit("gc03_centre").pk])
    assert browser("gc02-head").get(other).status_code == 403
    with pytest.raises(NotAllowed):
        set_unit_phone(head(), unit("gc03_centre").pk, phone="")
