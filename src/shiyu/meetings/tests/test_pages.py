"""The pages: who sees what, how a form that was refused comes back, what the minutes say."""

import io

from django.core.files.base import ContentFile
from docx import Document

from shiyu.lib import clock
from shiyu.matters.actions.parties import Reporter
from shiyu.matters.models import Matter
from shiyu.meetings import actions
from shiyu.meetings.actions import Ruled
from shiyu.meetings.models import Meeting
from shiyu.meetings.tests.conftest import Town, file_one, in_days


def text(response) -> str:  # type: ignore[no-untyped-def]
    return response.content.decode()


def test_a_session_from_the_desk_to_its_minutes(town: Town) -> None:
    head = town.browser("gc02-head")
    page = head.get(f"/meetings/new/?kind=town_session&unit={town.unit('gc02_centre').pk}")
    assert page.status_code == 200
    given = {
        "kind": "town_session",
        "held_on": clock.today().isoformat(),
        "place": "三楼会议室",
        "chair": "主任",
    }
    answer = head.post("/meetings/new/", given)
    meeting = Meeting.objects.get()
    assert answer.headers["Location"] == f"/meetings/{meeting.pk}/"
    assert "2026年第1次风险研判会" in meeting.title
    shown = text(head.get(f"/meetings/{meeting.pk}/"))
    assert town.high.code in shown and "定为高级" in shown and town.low.code not in shown
    held = head.post(f"/meetings/{meeting.pk}/do/hold/", {"held_on": clock.today().isoformat()})
    assert held.status_code == 302
    point = town.point(meeting)
    missing = head.post(f"/meetings/points/{point.pk}/", {"do": "measure", "measure-text": "上门核实"})
    assert missing.status_code == 422 and "上门核实" in text(missing)
    filled = {
        "do": "measure",
        "measure-text": "上门核实",
        "measure-lead_unit": str(town.unit("gc02_police").pk),
        "measure-due_on": in_days(3).isoformat(),
    }
    assert head.post(f"/meetings/points/{point.pk}/", filled).status_code == 302
    assert (
        head.post(f"/meetings/points/{point.pk}/", {"do": "notes", "notes": "双方同意先停工"}).status_code
        == 302
    )
    minutes = head.get(f"/meetings/{meeting.pk}/minutes/")
    words = "\n".join(p.text for p in Document(io.BytesIO(minutes.content)).paragraphs)
    for part in (meeting.title, town.high.code, "双方同意先停工", "上门核实", "大研街道派出所"):
        assert part in words


def test_an_invited_unit_reads_the_agenda_but_not_a_matter_that_is_not_its_own(town: Town) -> None:
    meeting = town.session()
    police = town.browser("gc02-police")
    page = text(police.get(f"/meetings/{meeting.pk}/"))
    assert town.high.code in page and "登记到会情况" not in page
    point = town.point(meeting)
    shown = text(police.get(f"/meetings/points/{point.pk}/"))
    assert f"/matters/{town.high.pk}/" not in shown
    assert police.post(f"/meetings/points/{point.pk}/", {"do": "notes", "notes": "x"}).status_code == 403
    assert town.browser("gc03-head").get(f"/meetings/{meeting.pk}/").status_code == 404
    assert town.browser("gc03-head").get(f"/meetings/points/{point.pk}/").status_code == 404


def test_refused_forms_come_back_with_what_was_typed(town: Town) -> None:
    meeting, head = town.session(held=False), town.browser("gc02-head")
    answer = head.post(
        f"/meetings/{meeting.pk}/do/add/", {"matter_code": "没有这个编号", "word": "领导要求研究"}
    )
    assert answer.status_code == 422 and "领导要求研究" in text(answer) and "没有这个编号" in text(answer)
    assert head.post(f"/meetings/{meeting.pk}/do/no-such-change/").status_code == 404
    later = head.post(f"/meetings/{meeting.pk}/do/hold/", {"held_on": in_days(3).isoformat()})
    assert later.status_code == 422
    meeting.refresh_from_db()
    assert meeting.state == "planned"


def test_the_watch_list_names_matters_by_number_alone(town: Town) -> None:
    Matter.objects.filter(pk=town.high.pk).update(title="张三李四的纠纷")
    meeting = town.session()
    owner = {"lead_unit_id": town.unit("gc02_centre").pk, "post": "主任", "next_measure": "每周回看"}
    decision = actions.decide_point(
        town.who("gc02-head"), town.point(meeting).pk, Ruled("watch", "列入", **owner, due_on=in_days(5))
    )
    head, entry = town.browser("gc02-head"), decision.watch_entry
    Matter.objects.filter(pk=town.high.pk).update(due_at=clock.now().replace(month=8))
    for address in ("/watch/", "/watch/?export=csv", f"/watch/{entry.pk}/"):
        page = text(head.get(address))
        assert town.high.code in page and "张三" not in page
        assert "逾期" in page  # being watched hides nothing
    review = {"finding": "平稳", "next_measure": "再看", "review_on": in_days(9).isoformat()}
    assert head.post(f"/watch/{entry.pk}/", {**review, "review_on": ""}).status_code == 422
    assert head.post(f"/watch/{entry.pk}/", review).status_code == 302
    assert town.browser("gc03-head").get(f"/watch/{entry.pk}/").status_code == 404
    panel = text(head.get(f"/matters/{town.high.pk}/"))
    assert "关注清单" in panel and meeting.title in panel


def test_a_petition_item_is_named_by_its_number_in_minutes_and_agenda(town: Town) -> None:
    item = file_one(
        "gc02_centre",
        "gc02-desk",
        kind="petition",
        title="反映补偿标准",
        topic="",
        fields={},
        reporters=[Reporter(name="某", address="某街")],
    )
    meeting = town.session(held=False)
    actions.add_point(town.who("gc02-head"), meeting.pk, word="重复来访", matter_code=item.code)
    actions.hold_meeting(town.who("gc02-head"), meeting.pk)
    minutes = town.browser("gc02-head").get(f"/meetings/{meeting.pk}/minutes/")
    words = "\n".join(p.text for p in Document(io.BytesIO(minutes.content)).paragraphs)
    assert item.code in words and "反映补偿标准" not in words
    assert "反映补偿标准" not in text(town.browser("gc02-police").get(f"/meetings/{meeting.pk}/"))


def test_a_decided_letter_leads_to_its_draft_until_it_is_issued(town: Town) -> None:
    meeting = town.session()
    decision = actions.decide_point(
        town.who("gc02-head"),
        town.point(meeting).pk,
        Ruled("letter", "提示用电风险", letter_kind="risk_advisory"),
    )
    head = town.browser("gc02-head")
    page = text(head.get(f"/meetings/decisions/{decision.pk}/"))
    assert f"/matters/{town.high.pk}/letters/risk_advisory/" in page
    assert "制发函件" in text(head.get("/"))


def test_done_with_proof_that_only_those_concerned_can_open(town: Town, files_elsewhere: None) -> None:
    meeting = town.session()
    given = {"lead_unit_id": town.unit("gc02_police").pk, "due_on": in_days(3)}
    decision = actions.decide_point(
        town.who("gc02-head"), town.point(meeting).pk, Ruled("measure", "核实", **given)
    )
    police, address = town.browser("gc02-police"), f"/meetings/decisions/{decision.pk}/"
    assert police.post(address, {"result": ""}).status_code == 422
    proof = ContentFile("已核实".encode(), name="核实情况.txt")
    assert police.post(address, {"result": "已核实", "proof": proof}).status_code == 302
    page = text(police.get(address))
    link = page.split(f'href="{address}files/')[1].split('"')[0]
    assert police.get(f"{address}files/{link}").status_code == 200
    assert town.browser("gc03-police").get(f"{address}files/{link}").status_code == 404


def test_what_went_round_is_kept_as_the_office_edited_it(town: Town, files_elsewhere: None) -> None:
    meeting, head = town.session(), town.browser("gc02-head")
    address = f"/meetings/{meeting.pk}/do/circulate/"
    assert head.post(address, {"edited": ContentFile(b"MZ", name="x.exe")}).status_code == 422
    edited = Document()
    edited.add_paragraph("改定稿")
    content = io.BytesIO()
    edited.save(content)
    file = ContentFile(content.getvalue(), name="纪要改定稿.docx")
    assert head.post(address, {"edited": file}).status_code == 302
    page = text(town.browser("gc02-police").get(f"/meetings/{meeting.pk}/"))
    link = page.split(f'href="/meetings/{meeting.pk}/files/')[1].split('"')[0]
    got = town.browser("gc02-police").get(f"/meetings/{meeting.pk}/files/{link}")
    words = Document(io.BytesIO(b"".join(got.streaming_content))).paragraphs[0].text
    assert words == "改定稿"
    assert town.browser("gc03-head").get(f"/meetings/{meeting.pk}/files/{link}").status_code == 404


def test_the_minutes_say_of_each_decision_what_kind_it_is_by_whom_and_when(town: Town) -> None:
    meeting, head = town.session(), town.who("gc02-head")
    point, centre = town.point(meeting), town.unit("gc02_centre")
    actions.decide_point(head, point.pk, Ruled("no_action", "承办单位正在核查"))
    owner = {"lead_unit_id": centre.pk, "post": "主任", "next_measure": "每周回看"}
    actions.decide_point(head, point.pk, Ruled("watch", "防止反复", **owner, due_on=in_days(5)))
    minutes = town.browser("gc02-head").get(f"/meetings/{meeting.pk}/minutes/")
    words = "\n".join(p.text for p in Document(io.BytesIO(minutes.content)).paragraphs)
    day, review = (f"{d.year}年{d.month}月{d.day}日" for d in (clock.today(), in_days(5)))
    said = f"议定事项1（不采取措施）。承办单位正在核查。议定单位：{centre.name}，议定日期：{day}。"
    assert said in words
    said = f"议定事项2（列入关注清单）。防止反复。下步措施：每周回看。跟进单位：{centre.name}（主任），复查日期：{review}。"
    assert said in words
    assert f"{town.high.code} {town.high.title}" in words
    address = f"/meetings/{meeting.pk}/"
    assert town.high.title not in text(town.browser("gc02-police").get(address))
    page = text(town.browser("gc02-head").get(address))
    assert page.count(f"{town.high.code} {town.high.title}") == 3  # on the agenda, and with each decision


def test_a_decision_holds_the_matter_until_it_is_entered(town: Town, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    meeting = town.session()
    with django_assert_max_num_queries(60) as asked:
        actions.decide_point(town.who("gc02-head"), town.point(meeting).pk, Ruled("no_action", "不需要"))
    locks = [row["sql"] for row in asked.captured_queries if "FOR UPDATE" in row["sql"]]
    assert any('FROM "matters_matter"' in sql for sql in locks)


def test_what_another_unit_must_do_is_not_offered_and_the_page_says_whose_it_is(town: Town) -> None:
    meeting, head = town.session(), town.who("gc02-head")
    address = f"/meetings/points/{town.point(meeting).pk}/"
    assert 'id="do-climb"' in text(town.browser("gc02-head").get(address))
    actions.decide_point(head, town.point(meeting).pk, Ruled("climb", "街道无法认定"))
    page = text(town.browser("gc02-head").get(address))
    assert 'id="do-climb"' not in page and 'id="do-measure"' in page
    assert "该事项由其他单位管辖，只有该单位可以办理。" in page and "您不在其中" not in page
