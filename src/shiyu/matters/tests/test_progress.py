"""The public page: code and PIN, what a reporter sees and does, and what a stranger cannot."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shiyu.audit.models import AuditEntry
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import NotVisible, UserError
from shiyu.matters import actions
from shiyu.matters.access import reporter_actor
from shiyu.matters.actions.keys import destroy_due_keys
from shiyu.matters.actions.parties import Reporter, reset_pin
from shiyu.matters.actions.progress import LIMITS, enter_by_pin, forget_tries
from shiyu.matters.models import Matter, MatterLink, Party, PinTry
from shiyu.matters.queries.parties import progress_of
from shiyu.matters.tests.city import MORNING, City, bring_into_force, problem_kind
from shiyu.matters.tests.conftest import text_of
from shiyu.packs.models import PackVersion

NAME, PHONE, PIN = "欧阳试例", "13955550123", "12345678"
HOME = "203.0.113.7"


def public_kind() -> dict[str, Any]:
    kind = problem_kind("sampling")
    more = ("ask_reporter", "answer", "rate", "not_solved", "merge", "ask_review")
    return {
        "closing": "sampling",
        "reporter": "required",
        "keep": {"n": 730, "unit": "calendar_days"},
        "verbs": kind["verbs"] | {verb: {} for verb in more} | {"complete": {}},
        "outcomes": [*kind["outcomes"], "merged"],
        "review": {"kind": "problem", "within": {"n": 30, "unit": "calendar_days"}},
    }


@pytest.fixture
def open_city(city: City) -> City:
    """The small city, whose problems people report, follow, rate and have reviewed."""
    bring_into_force(**public_kind())
    assert PackVersion.objects.count() == 2
    return city


def reported(city: City, pin: str = PIN, **changes: Any) -> Matter:
    given: dict[str, Any] = {"reporters": [Reporter(NAME, PHONE, pin=pin)]}
    return city.problem(**(given | {"lead_unit_id": None, "supporting_unit_ids": []} | changes))


def solved(city: City, matter: Matter) -> Matter:
    if matter.phase == "filed":
        actions.accept_matter(city.clerk, matter.pk)
        actions.dispatch_matter(city.clerk, matter.pk, unit_id=city.water.pk)
    actions.acknowledge_assignment(city.water_liaison, matter.pk)
    actions.complete_assignment(city.water_liaison, matter.pk, result="已修好三盏路灯")
    return actions.close_matter(city.clerk, matter.pk)


def visitor() -> Client:
    return Client(headers={"accept-language": "zh-hans"}, REMOTE_ADDR=HOME)


def entered(matter: Matter, pin: str = PIN) -> Client:
    client = visitor()
    answer = client.post(reverse("progress"), {"code": matter.code, "pin": pin})
    assert answer.status_code == 302 and answer["Location"] == reverse("progress_matter")
    return client


def page_of(client: Client) -> str:
    return text_of(client.get(reverse("progress_matter")))


def test_code_and_pin_open_the_page_and_nothing_else_does(open_city: City) -> None:
    matter, other = reported(open_city), reported(open_city, "87654321")
    page = page_of(entered(matter))
    assert matter.code in page and other.code not in page and "正在确定是否受理" in page
    assert not [word for word in (NAME, PHONE, "办公室文员", PIN) if word in page]
    stranger = visitor()
    for address in ("progress_matter", "progress_held"):
        assert stranger.get(reverse(address))["Location"] == reverse("progress")
    for code, pin in (
        (matter.code, "87654321"),
        (other.code, PIN),
        ("WT-2026-9999", PIN),
        (matter.code, "x"),
    ):
        answer = stranger.post(reverse("progress"), {"code": code, "pin": pin})
        assert answer.status_code == 422 and "编号与查询码不符" in text_of(answer)  # the same words for all
    assert stranger.get(reverse("progress_matter")).status_code == 302


def test_whoever_mistyped_goes_back_and_types_again(open_city: City) -> None:
    matter, client = reported(open_city), visitor()
    form = {"code": matter.code, "once_key": "abcdefgh12345678"}
    assert client.post(reverse("progress"), form | {"pin": "1234567"}).status_code == 422
    assert client.post(reverse("progress"), form | {"pin": PIN}).status_code == 302


def test_a_code_may_be_typed_in_many_ways(open_city: City) -> None:
    matter = reported(open_city)
    Matter.objects.filter(pk=matter.pk).update(code="试诉〔2026〕00012号")
    for code in ("试诉〔2026〕00012号", " 试诉[2026]00012号", "试诉（２０２６）00012 号"):
        assert enter_by_pin(code, "1234 5678", address=HOME).matter_id == matter.pk


def test_tries_are_limited_for_a_code_and_an_address(open_city: City) -> None:
    matter = reported(open_city)
    for _n in range(LIMITS["code and address"]):
        with pytest.raises(UserError, match="不符"):
            enter_by_pin(matter.code, "00000000", address=HOME)
    with pytest.raises(UserError, match="次数过多"):
        enter_by_pin(matter.code, PIN, address=HOME)  # even the right one waits
    assert (
        enter_by_pin(matter.code, PIN, address="203.0.113.8").matter_id == matter.pk
    )  # its reporter elsewhere
    with clock.frozen(MORNING + dt.timedelta(minutes=31)):
        assert enter_by_pin(matter.code, PIN, address=HOME).matter_id == matter.pk
    assert AuditEntry.objects.filter(action="matters.note_wrong_pin").count() == LIMITS["code and address"]


def test_a_code_is_shut_for_everybody_after_many_tries_from_many_places(open_city: City) -> None:
    matter = reported(open_city)
    for n in range(LIMITS["code"]):
        with pytest.raises(UserError, match="不符"):
            enter_by_pin(matter.code, "00000000", address=f"198.51.100.{n}")
    with pytest.raises(UserError, match="次数过多"):
        enter_by_pin(matter.code, PIN, address=HOME)


def test_an_address_is_shut_after_many_codes_and_nothing_typed_is_kept(open_city: City) -> None:
    for n in range(LIMITS["address"]):
        with pytest.raises(UserError, match="不符"):
            enter_by_pin(f"{PHONE}{n}", "00000000", address=HOME)
    with pytest.raises(UserError, match="次数过多"):
        enter_by_pin("WT-2026-0001", PIN, address=HOME)
    entries = AuditEntry.objects.filter(action="matters.note_wrong_pin")
    assert PHONE not in str(list(entries.values())) and PHONE not in str(list(PinTry.objects.values()))
    with clock.frozen(MORNING + dt.timedelta(days=31)):
        assert forget_tries(MORNING, clock.now()) == LIMITS["address"]


def test_the_page_closes_after_a_quarter_of_an_hour_and_on_leaving(open_city: City) -> None:
    matter = reported(open_city)
    client = entered(matter)
    with clock.frozen(MORNING + dt.timedelta(minutes=16)):
        assert client.get(reverse("progress_matter")).status_code == 302
    client = entered(matter)
    client.post(reverse("progress_leave"))
    assert client.get(reverse("progress_matter")).status_code == 302


def test_a_new_pin_ends_the_old_one(open_city: City) -> None:
    matter = reported(open_city)
    pin = reset_pin(open_city.clerk, matter.pk, party_id=Party.objects.get().pk, reason="出示身份证")
    with pytest.raises(UserError):
        enter_by_pin(matter.code, PIN, address=HOME)
    assert enter_by_pin(matter.code, pin, address=HOME).matter_id == matter.pk


def test_a_question_is_answered(open_city: City) -> None:
    matter = reported(open_city)
    actions.VERB_ACTIONS["ask_reporter"](open_city.clerk, matter.pk, text="是哪三盏？")
    client = entered(matter)
    assert "是哪三盏？" in page_of(client)
    do = reverse("progress_act", args=["answer"])
    assert client.post(do, {"answer-text": ""}).status_code == 422
    assert client.post(do, {"answer-text": "东街口往北数"}).status_code == 302
    assert "东街口往北数" in page_of(client)
    entry = AuditEntry.objects.get(action="matters.answer_question")
    assert entry.actor_id is None and entry.actor_name == "来件人"


def test_what_was_done_is_shown_rated_and_disputed(open_city: City) -> None:
    matter = reported(open_city)
    client = entered(matter)
    assert "已修好" not in page_of(client)
    assert client.post(reverse("progress_act", args=["rate"]), {"rate-rating": "5"}).status_code == 302
    assert Matter.objects.get().rating is None  # not closed yet: refused, with words
    solved(open_city, matter)
    page = page_of(client)
    assert "已修好三盏路灯" in page and "市水务局" in page and "水务局联络员" not in page
    assert client.post(reverse("progress_act", args=["rate"]), {"rate-rating": "9"}).status_code == 422
    client.post(reverse("progress_act", args=["rate"]), {"rate-rating": "2"})
    client.post(reverse("progress_act", args=["not_solved"]), {"not_solved-reason": "第三盏又灭了"})
    matter.refresh_from_db()
    assert matter.rating == 2 and matter.said_not_solved_at is not None


def test_a_refusal_shows_its_reason_and_the_remedy(open_city: City) -> None:
    matter = reported(open_city)
    actions.refuse_matter(open_city.clerk, matter.pk, reason="已由法院受理", remedy="可依法上诉")
    page = page_of(entered(matter))
    assert "已由法院受理" in page and "可依法上诉" in page and "未予受理" in page


def test_it_is_withdrawn_by_its_reporter_alone(open_city: City) -> None:
    matter, other = reported(open_city), reported(open_city, "87654321")
    client = entered(matter)
    actor = reporter_actor(Party.objects.get(matter=matter))
    with pytest.raises(NotVisible):
        actions.withdraw_matter(actor, other.pk, reason="别人的")
    assert list(Matter.objects.visible_to(actor)) == [matter]
    assert not Matter.objects.visible_to(Actor(None, "x")).exists()
    client.post(reverse("progress_act", args=["withdraw"]), {"withdraw-reason": "已自行解决"})
    assert Matter.objects.get(pk=matter.pk).outcome == "withdrawn" and other.is_open


@pytest.mark.parametrize("verb", ["close", "dispatch", "verify", "reopen", "settle", "note"])
def test_a_reporter_does_nothing_that_is_the_offices(open_city: City, verb: str) -> None:
    matter = reported(open_city)
    client = entered(matter)
    client.post(reverse("progress_act", args=[verb]), {f"{verb}-reason": "试试", f"{verb}-note": "试试"})
    matter.refresh_from_db()
    assert matter.phase == "filed" and matter.version == 0
    assert client.post(reverse("progress_act", args=["no-such-verb"])).status_code == 404


def test_a_review_is_asked_for_with_the_same_person_and_pin(open_city: City) -> None:
    matter = reported(open_city)
    solved(open_city, matter)
    client = entered(matter)
    client.post(reverse("progress_act", args=["ask_review"]), {"ask_review-reason": "不服处理意见"})
    review = MatterLink.objects.get(sort="review").second
    assert review.unit == open_city.group and review.code in page_of(client)
    assert enter_by_pin(review.code, PIN, address=HOME).matter_id == review.pk


def test_whoever_was_merged_keeps_code_and_pin_and_sees_the_other_ones_progress(open_city: City) -> None:
    first, second = reported(open_city), reported(open_city, "87654321")
    actions.VERB_ACTIONS["merge"](open_city.clerk, first.pk, other=second.code, reason="同一件事")
    client = entered(first)
    page = page_of(client)
    assert first.code in page and second.code not in page and "并案" in page and "已办结" not in page
    assert progress_of(Party.objects.get(matter=first)).options == []
    solved(open_city, second)
    assert "已修好三盏路灯" in page_of(client)
    client.post(reverse("progress_act", args=["not_solved"]), {"not_solved-reason": "我家门前那盏没修"})
    assert Matter.objects.get(pk=first.pk).said_not_solved_at and not second.said_not_solved_at


def test_one_sees_what_is_held_masked_and_that_it_is_gone(open_city: City) -> None:
    matter = reported(open_city)
    client = entered(matter)
    page = text_of(client.get(reverse("progress_held")))
    assert "欧**" in page and "139****0123" in page and "730" in page and NAME not in page
    actions.withdraw_matter(open_city.clerk, matter.pk, reason="登记有误")
    with clock.frozen(MORNING + dt.timedelta(days=731)):
        destroy_due_keys(MORNING, clock.now())
        page = text_of(entered(matter).get(reverse("progress_held")))
        assert "已按规定删除" in page and "欧**" not in page


def test_large_type_stays_for_the_browser(open_city: City) -> None:
    client = visitor()
    assert "large" not in text_of(client.get(reverse("progress"))).split("<body")[1].split(">")[0]
    client.post(reverse("progress_large"))
    assert "large" in text_of(client.get(reverse("progress"))).split("<body")[1].split(">")[0]
    assert 'value="WT-2026-0001"' in text_of(client.get(reverse("progress") + "?code=WT-2026-0001"))


def graded_kind() -> dict[str, Any]:
    """The same, graded by how many it concerns."""
    people = {
        "when": {"reporters": {"min": 1}},
        "points": 10,
        "label": {"zh": "有人来访反映", "en": "Somebody came"},
    }
    words = {"least": 0, "label": {"zh": "一般", "en": "Ordinary"}}
    measure = {"zh": "三日内到现场核实", "en": "Go and look within three days"}
    high = {"least": 10, "label": {"zh": "较急", "en": "Pressing"}, "measures": [measure]}
    grading = {
        "factors": {"people": {"label": {"zh": "来访", "en": "Visits"}, "rows": [people]}},
        "grades": {"high": high, "low": words},
    }
    kind = public_kind()
    return kind | {"grading": grading, "verbs": kind["verbs"] | {"grade": {}}}


def test_whoever_reported_it_may_ask_for_the_grade_and_its_reasons(city: City) -> None:
    bring_into_force(**graded_kind())
    matter = reported(city)
    client = entered(matter)
    assert "为何这样定级" in page_of(client)
    page = text_of(client.get(reverse("progress_grade")))
    assert all(words in page for words in ("较急", "有人来访反映", "三日内到现场核实", matter.code))
    assert not [word for word in (NAME, PHONE, "办公室文员") if word in page]
    assert visitor().get(reverse("progress_grade"))["Location"] == reverse("progress")


def test_without_a_grade_there_is_nothing_to_ask(open_city: City) -> None:
    client = entered(reported(open_city))
    assert "定级" not in page_of(client)
    assert client.get(reverse("progress_grade")).status_code == 404
