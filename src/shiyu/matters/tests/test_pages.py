"""The pages: what people see, what they can press, and what is refused."""

import datetime as dt
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shiyu.lib import clock
from shiyu.matters import actions
from shiyu.matters.models import Matter
from shiyu.matters.tests.city import MORNING, City
from shiyu.matters.tests.conftest import SignIn, text_of
from shiyu.matters.tests.test_actions import acknowledged, closed, completed


def test_a_stranger_signs_in_first_and_sees_nothing_of_others(city: City, sign_in: SignIn) -> None:
    matter = city.problem()
    assert Client().get(reverse("matter_list")).status_code == 302
    client = sign_in(city.stranger)
    assert matter.code not in text_of(client.get(reverse("matter_list")))
    assert client.get(reverse("matter_detail", args=[matter.pk])).status_code == 404
    assert client.post(reverse("matter_act", args=[matter.pk, "urge"])).status_code == 404
    assert client.get(reverse("matter_new")).status_code == 403


def test_list_filters_by_the_url(city: City, sign_in: SignIn) -> None:
    open_one, late = (
        city.problem(title="排污口一"),
        city.problem(title="排污口二", due_at=dt.date(2026, 11, 3)),
    )
    ended = closed(city)
    client = sign_in(city.clerk)
    page = reverse("matter_list")
    assert {c in text_of(client.get(page)) for c in (open_one.code, late.code)} == {True}
    assert ended.code not in text_of(client.get(page))
    assert ended.code in text_of(client.get(page, {"show": "closed"}))
    with clock.frozen(MORNING + dt.timedelta(days=3)):
        shown = text_of(sign_in(city.clerk).get(page, {"due": "overdue"}))
    assert late.code in shown and open_one.code not in shown
    found = text_of(client.get(page, {"q": "排污口一"}))
    assert open_one.code in found and late.code not in found
    assert open_one.code not in text_of(client.get(page, {"unit": str(city.justice.pk)}))
    assert open_one.code in text_of(client.get(page, {"unit": str(city.police.pk), "source": "visit"}))
    assert open_one.code not in text_of(client.get(page, {"phase": "verifying"}))
    sheet = client.get(page, {"export": "xlsx"})
    assert sheet.content[:2] == b"PK" and sheet.status_code == 200


def test_list_asks_the_same_queries_however_long_it_is(
    city: City, sign_in: SignIn, django_assert_max_num_queries
) -> None:
    for _n in range(12):
        city.problem()
    client = sign_in(city.clerk)
    client.get(reverse("matter_list"))
    with django_assert_max_num_queries(12):
        client.get(reverse("matter_list"))


def test_detail_shows_limits_units_steps_and_what_is_not_possible(
    city: City, sign_in: SignIn, django_assert_max_num_queries
) -> None:
    matter = acknowledged(city)
    client = sign_in(city.water_liaison)
    with django_assert_max_num_queries(45):
        shown = text_of(client.get(reverse("matter_detail", args=[matter.pk])))
    assert matter.code in shown and "市公安局" in shown and 'class="bar"' in shown
    assert reverse("matter_act", args=[matter.pk, "complete"]) in shown
    assert reverse("matter_act", args=[matter.pk, "verify"]) not in shown
    assert "您的岗位没有这一权限" in shown or "应由与该事项有关的单位办理" in shown
    assert 'class="stick"' in shown


def test_filing_from_the_page(city: City, sign_in: SignIn) -> None:
    client = sign_in(city.clerk)
    page = reverse("matter_new") + f"?about=plans.duty:{city.water.pk}:第52项"
    data = {
        "title": "井盖缺失",
        "source": "visit",
        "happened_on": "2026-11-01",
        "unit_id": str(city.office.pk),
        "lead_unit_id": str(city.water.pk),
        "supporting_unit_ids": [str(city.police.pk)],
    }
    assert client.get(page).status_code == 200
    wrong = client.post(page, data | {"happened_on": "2026-12-01"})
    assert wrong.status_code == 422 and "井盖缺失" in text_of(wrong)
    assert client.post(page, data).status_code == 302
    matter = Matter.objects.get()
    assert (matter.about_type, matter.about_label, matter.phase) == ("plans.duty", "第52项", "handling")


def test_completing_with_a_file_and_serving_it(city: City, sign_in: SignIn) -> None:
    matter = acknowledged(city)
    client = sign_in(city.water_liaison)
    act = reverse("matter_act", args=[matter.pk, "complete"])
    missing = client.post(act, {"complete-result": "已封堵", "complete-seen": matter.version})
    assert missing.status_code == 422 and "已封堵" in text_of(missing)
    photo = SimpleUploadedFile("封堵后.jpg", b"\xff\xd8\xff\xe0picture")
    program = SimpleUploadedFile("run.exe", b"MZ")
    given = {"complete-result": "已封堵", "complete-seen": matter.version}
    refused = client.post(act, given | {"complete-files": program})
    assert refused.status_code == 422
    assert client.post(act, given | {"complete-files": photo}).status_code == 302
    matter.refresh_from_db()
    assert matter.assignments.get(unit=city.water).ended == "done"
    shown = text_of(client.get(reverse("matter_detail", args=[matter.pk])))
    address = next(part.split('"')[0] for part in shown.split('href="') if "/files/" in part.split('"')[0])
    got = sign_in(city.clerk).get(address)
    assert (
        b"".join(got.streaming_content).startswith(b"\xff\xd8") and "attachment" in got["Content-Disposition"]
    )
    assert sign_in(city.stranger).get(address).status_code == 404


def test_proof_is_added_by_who_handles_it(city: City, sign_in: SignIn) -> None:
    matter = acknowledged(city)
    address = reverse("matter_proof", args=[matter.pk])
    note = SimpleUploadedFile("说明.docx", b"PK text")
    assert sign_in(city.water_liaison).post(address, {"files": note}).status_code == 302
    assert sign_in(city.chair).post(address, {"link": "https://example.org/a"}).status_code == 403
    shown = text_of(sign_in(city.clerk).get(reverse("matter_detail", args=[matter.pk])))
    assert "说明" in shown


def test_somebody_was_faster_keeps_what_was_typed(city: City, sign_in: SignIn) -> None:
    matter = completed(city)
    seen = matter.version
    actions.send_back_matter(city.other_clerk, matter.pk, reason="仍有渗漏")
    data = {"send_back-reason": "照片不清楚", "send_back-seen": seen}
    late = sign_in(city.clerk).post(reverse("matter_act", args=[matter.pk, "send_back"]), data)
    assert late.status_code == 409
    assert "办公室督查岗" in text_of(late) and "照片不清楚" in text_of(late)


def test_who_was_late_and_has_seen_what_changed_confirms_again(city: City, sign_in: SignIn) -> None:
    matter, client = acknowledged(city), sign_in(city.water_liaison)
    address = reverse("matter_act", args=[matter.pk, "return"])
    data = {"return-reason": "不属本单位职责", "return-seen": matter.version}
    actions.add_supporting_unit(city.clerk, matter.pk, unit_id=city.justice.pk)
    late = client.post(address, data)
    assert late.status_code == 409
    seen = re.search(r'name="return-seen" value="(\d+)"', late.content.decode())
    assert seen and int(seen[1]) > matter.version
    assert client.post(address, data | {"return-seen": seen[1]}).status_code == 302


def test_every_button_shown_leads_on(city: City, sign_in: SignIn) -> None:
    matter = city.problem(lead_unit_id=None, supporting_unit_ids=[])
    clerk, water = sign_in(city.clerk), sign_in(city.water_liaison)

    def do(client: Client, verb: str, **data: str) -> None:
        prefixed = {f"{verb}-{key}": value for key, value in data.items()}
        answer = client.post(reverse("matter_act", args=[matter.pk, verb]), prefixed)
        assert answer.status_code == 302, text_of(answer)

    do(clerk, "accept")
    do(clerk, "dispatch", unit_id=str(city.water.pk))
    do(water, "acknowledge")
    do(water, "note", note="已进场")
    do(water, "extend", reason="雨季", until="2026-12-21")
    do(sign_in(city.head), "approve_extension")
    do(sign_in(city.head), "put_on_books", reason="资金", until="2026-12-31")
    do(sign_in(city.head), "take_off_books", reason="资金到位")
    water.post(reverse("matter_proof", args=[matter.pk]), {"link": "https://example.org/a"})
    do(water, "complete", result="已封堵")
    do(sign_in(city.other_clerk), "verify", note="属实")
    do(clerk, "close", outcome="done")
    matter.refresh_from_db()
    assert matter.phase == "closed"
    assert clerk.post(reverse("matter_act", args=[matter.pk, "close"]), {}).status_code == 403
    assert clerk.post(reverse("matter_act", args=[matter.pk, "nonsense"]), {}).status_code == 404


def test_several_are_urged_at_once(city: City, sign_in: SignIn) -> None:
    one, other = city.problem(), closed(city)
    client = sign_in(city.clerk)
    answer = client.post(reverse("matter_urge"), {"chosen": [str(one.pk), str(other.pk), "x"]}, follow=True)
    shown = text_of(answer)
    assert answer.status_code == 200 and shown.count('class="say') == 2


def test_what_is_to_be_done_first_is_said_and_each_reason_once(city: City, sign_in: SignIn) -> None:
    matter = city.problem()
    shown = text_of(sign_in(city.water_liaison).get(reverse("matter_detail", args=[matter.pk])))
    assert "办结</b><span>请先签收。</span>" in shown
    shown = text_of(sign_in(city.head).get(reverse("matter_detail", args=[matter.pk])))
    assert "同意退回、不同意退回</b><span>没有等待答复的退回申请。</span>" in shown
    assert shown.count("没有等待答复的退回申请。") == 1
