"""LJ7: emergency response as Lijiang's pack has it; the row, what it refuses, and what it leaves untouched."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from shiyu.audit.models import AuditEntry
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.matters import actions as matters
from shiyu.matters.models import Assignment, Matter, Step
from shiyu.matters.queries.rates import Span, rates_by_unit
from shiyu.matters.queries.ways import condition_facts
from shiyu.notices.models import Notice
from shiyu.packs.check import check_folder
from shiyu.packs.models import PackVersion
from shiyu.people.models import User
from shiyu.people.queries import actor_of
from shiyu.places.models import Area
from shiyu.seeding import load_city
from shiyu.surge import actions, jobs
from shiyu.surge.actions import Decision, taking_in
from shiyu.surge.models import Surge, SurgeMatter, SurgeOrder
from shiyu.surge.queries.bulletin import bulletin_of
from shiyu.surge.queries.days import day_facts
from shiyu.surge.queries.desk import surge_items_for_desk
from shiyu.surge.queries.limits import entries_of
from shiyu.surge.queries.log import log_of
from shiyu.surge.queries.pages import running_for
from tests.conftest import ROOT
from tests.loading import loaded_once
from tests.test_lijiang import FAILS, LIJIANG, at, unit
from tests.test_luzhou import Cut, top, without

START = datetime(2026, 9, 8, 9, tzinfo=clock.CITY_ZONE)
COUNTY, TOWN, ELSEWHERE = "530702000000", "530702002000", "530721000000"
SESSION = "django.contrib.auth.backends.ModelBackend"


def place(code: str) -> Any:
    return Area.objects.get(code=code).pk


def decision(reason: str = "暴雨引发山体滑坡", number: str = "古应急〔2026〕3号") -> Decision:
    return Decision("区长", number, clock.today(), reason)


def opened(actor: Actor | None = None, **more: Any) -> Surge:
    given: dict[str, Any] = {
        "title": "大研街道山体滑坡",
        "occasion": "natural_disaster",
        "decision": decision(),
        "area_ids": [place(COUNTY)],
        "kinds": ["hazard", "whistle"],
        "ends_on": clock.today() + timedelta(days=3),
    }
    return actions.open_surge(actor or at("gc_centre", "centre_head"), **(given | more))


def hazard(where: str = TOWN, to: str = "gc02_centre", **more: Any) -> Matter:
    given: dict[str, Any] = {
        "kind": "hazard",
        "title": "后山土石松动",
        "text": "后山有土石滑落",
        "source": "cell",
        "unit_id": unit(to).pk,
        "topic": "geology",
        "area_id": place(where),
        "fields": {"place": "后山"},
    }
    return matters.file_matter(at(to, "centre_clerk"), **(given | more))


def sent(matter: Matter, to: str = "gc_land") -> Matter:
    desk = at(matter.unit.code, "centre_clerk")
    matters.accept_matter(desk, matter.pk)
    return matters.dispatch_matter(desk, matter.pk, unit_id=unit(to).pk)


def own_clock(matter: Matter) -> str:
    """Everything the matter, its assignments and its steps say, as text."""
    rows = [
        Matter.objects.filter(pk=matter.pk).values(),
        Assignment.objects.filter(matter=matter).order_by("pk").values(),
        Step.objects.filter(matter_id=matter.pk).order_by("pk").values(),
    ]
    return repr([list(row) for row in rows])


@contextmanager
def hours_later(hours: float) -> Iterator[None]:
    with clock.frozen(clock.now() + timedelta(hours=hours)):
        yield


def holder(role: str, code: str) -> User:
    """The first person of a role's post in a unit."""
    held = User.objects.filter(
        appointments__post__unit__code=code, appointments__post__roles__contains=[role]
    )
    return held.order_by("username")[0]


def person(role: str, code: str) -> Actor:
    """That person, with the places of their posts."""
    return actor_of(holder(role, code))


def log_in(role: str, code: str) -> Client:
    """A client signed in as that person."""
    client = Client(raise_request_exception=True)
    client.force_login(holder(role, code), backend=SESSION)
    return client


# --- the row ---------------------------------------------------------------------------------------------------


def lj7() -> None:
    """Opened by decision; its own clock beside the matters'; reviewed, ordered and reported daily; ended and reviewed."""
    before = hazard()
    head, clerk = at("gc_centre", "centre_head"), at("gc_centre", "centre_clerk")
    surge = opened()
    row = SurgeMatter.objects.get(surge=surge, matter=before)
    assert row.found
    assert row.first_due_at - row.entered_at == timedelta(hours=2)
    assert row.handle_due_at - row.entered_at == timedelta(hours=24)
    with hours_later(1):
        after = hazard()
        assert not SurgeMatter.objects.get(surge=surge, matter=after).found
    day = clock.today()
    with hours_later(9):
        actions.issue_orders(
            clerk,
            surge.pk,
            text="连夜转移后山住户",
            unit_ids=[unit("gc02_gov").pk],
            due_at=clock.now() + timedelta(hours=3),
        )
        signed = actions.sign_day(
            clerk, surge.pk, day=day, assessment="雨势未减，二十户需转移", present=[unit("gc_land").pk]
        )
        assert [line["code"] for line in signed.rows] == [before.code, after.code]
        issued = actions.issue_bulletin(clerk, surge.pk, day=day)
        assert issued.bulletin_number == "丽应急专报〔2026〕1号"
        order = SurgeOrder.objects.get(surge=surge)
        town = at("gc02_gov", "handler")
        assert [item.title for item in surge_items_for_desk(town)] == ["连夜转移后山住户"]
        actions.receive_order(town, order.pk)
        actions.finish_order(town, order.pk, result="二十户已转移")
        with pytest.raises(UserError):
            actions.close_surge(head, surge.pk, happened="滑坡", improve="早撤")
        actions.end_surge(head, surge.pk, decision=decision("险情排除", "古应急〔2026〕5号"))
        with pytest.raises(UserError):
            actions.close_surge(head, surge.pk, happened="滑坡", improve="")
        actions.close_surge(
            head, surge.pk, happened="后山滑坡，转移二十户。", improve="汛前逐户核对转移名册。"
        )
    surge.refresh_from_db()
    assert surge.state(clock.now()) == "closed"
    assert [event.what for event in log_of(head, surge)][-1] == "Review" or log_of(head, surge)[
        -1
    ].text.startswith("后山")


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Lijiang in the database, once for the module; everything is rolled back at its end."""
    with loaded_once(django_db_blocker, LIJIANG, START):
        yield


@pytest.fixture
def lijiang(loaded: None, db: None, files_elsewhere: None) -> Iterator[None]:
    """The loaded pack on its first morning; what a test changes is taken back."""
    with clock.frozen(START):
        yield


def test_lj7_emergency_response_by_decision_with_its_own_clock_and_daily_round(lijiang: None) -> None:
    lj7()


STANZAS: dict[str, Cut] = {
    "lj7_the_stanza": top("surge.yaml", "surge"),
    "lj7_the_kinds": without("kinds/hazard.yaml", r"^    surge: true\n"),
    "lj7_the_right_to_open": without("roles.yaml", r"^      - surge\.open\n"),
    "lj7_the_daily_round": without("roles.yaml", r", surge\.run\]", "]"),
}


@pytest.mark.parametrize("name", STANZAS)
def test_without_its_stanza_the_row_fails(name: str, db: None, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(LIJIANG, tmp_path / "lijiang"))
    STANZAS[name](folder)
    with clock.frozen(START), pytest.raises(FAILS):  # noqa: PT012 - loading or the row, either may refuse
        load_city(folder, password=None)
        lj7()


# --- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kinds": ["hazard", "petition"]}, "kinds"),
        ({"kinds": ["petition_review"]}, "kinds"),
        ({"kinds": ["dispute"]}, "kinds"),
        ({"kinds": []}, "kinds"),
        ({"occasion": "sensitive_date"}, "occasion"),
        ({"occasion": ""}, "occasion"),
        ({"ends_on": None}, "ends_on"),
        ({"ends_on": START.date() - timedelta(days=1)}, "ends_on"),
        ({"ends_on": START.date() + timedelta(days=16)}, "ends_on"),
        ({"area_ids": []}, "areas"),
        ({"title": " "}, "title"),
        ({"decision": Decision("", "1号", START.date(), "暴雨滑坡")}, "decided_by"),
        ({"decision": Decision("区长", "", START.date(), "暴雨滑坡")}, "document_number"),
        ({"decision": Decision("区长", "1号", START.date(), " ")}, "reason"),
        ({"decision": Decision("区长", "1号", START.date() + timedelta(days=1), "暴雨滑坡")}, "decided_on"),
    ],
)
def test_a_decision_outside_the_lists_or_incomplete_is_refused(
    lijiang: None, wrong: dict[str, Any], field: str
) -> None:
    entries = AuditEntry.objects.count()
    with pytest.raises(UserError) as refused:
        opened(**wrong)
    assert refused.value.field == field
    assert not Surge.objects.exists()
    assert AuditEntry.objects.count() == entries


def test_only_who_may_decide_opens_it_and_only_for_its_own_places(lijiang: None) -> None:
    for code, role in (("gc_centre", "centre_clerk"), ("gc_land", "handler"), ("city_centre", "leader")):
        with pytest.raises(NotAllowed):
            opened(at(code, role))
    with pytest.raises(NotAllowed):  # a town's centre stands below the levels of the pack
        opened(at("gc02_centre", "centre_head"), area_ids=[place(TOWN)])
    with pytest.raises(UserError, match=r".") as refused:
        opened(area_ids=[place(ELSEWHERE)])
    assert refused.value.field == "areas"
    assert opened(at("city_centre", "city_head"), area_ids=[place(ELSEWHERE)]).areas.count() == 1


def test_a_pack_cannot_put_petitions_under_it(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(LIJIANG, tmp_path / "lijiang"))
    file = folder / "kinds" / "petition.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("    closing:", "    surge: true\n    closing:", 1), encoding="utf-8")
    surge = folder / "surge.yaml"
    text = surge.read_text(encoding="utf-8")
    surge.write_text(
        text.replace(
            "    hazard: {first", "    dispute: {first_hours: 1, handle_hours: 2}\n    hazard: {first"
        ),
        encoding="utf-8",
    )
    found = [error.message_en for error in check_folder(folder)]
    assert any("can never fall under surge mode" in error for error in found)
    assert any("dispute does not say" in error for error in found)


# --- limits beside the statutory ones ----------------------------------------------------------------------------


def test_the_matters_own_clock_is_the_same_to_the_byte(lijiang: None) -> None:
    matter = sent(hazard())
    before = own_clock(matter)
    surge = opened()
    head = at("gc_centre", "centre_head")
    assert own_clock(matter) == before
    with hours_later(30):
        actions.sign_day(head, surge.pk, day=START.date(), assessment="仍在处置")
        actions.end_surge(head, surge.pk, decision=decision("险情排除"))
        actions.close_surge(head, surge.pk, happened="已处置", improve="早报")
        assert own_clock(matter) == before


def test_amber_at_80_percent_red_at_100_met_when_acknowledged_and_reported(lijiang: None) -> None:
    surge = opened()
    matter = sent(hazard())

    def states() -> tuple[str, str]:
        entry = entries_of(surge, clock.now())[0]
        return entry.first.state, entry.handle.state

    assert states() == ("open", "open")
    with hours_later(1.6):
        assert states() == ("soon", "open")
    with hours_later(2.1):
        assert states() == ("late", "open")
        matters.acknowledge_assignment(at("gc_land", "handler"), matter.pk)
        assert states() == ("missed", "open")
    with hours_later(25):
        assert states() == ("missed", "late")
        assert entries_of(surge, START)[0].first.state == "open"  # a moment before is read as it was


def test_only_its_kinds_and_places_and_only_while_it_runs(lijiang: None) -> None:
    surge = opened(area_ids=[place(TOWN)])
    inside = hazard()
    other = hazard(to="gc03_centre", where="530702003000")
    assert list(surge.matters.values_list("matter_id", flat=True)) == [inside.pk]
    with hours_later(24 * 4):
        late = hazard()
        assert not SurgeMatter.objects.filter(matter__in=[late, other]).exists()
        assert surge.state(clock.now()) == "expired"
        head = at("gc_centre", "centre_head")
        # Extended after its last day: what was filed meanwhile is taken in now, with whole limits.
        actions.extend_surge(
            head, surge.pk, decision=decision("雨情延续"), ends_on=clock.today() + timedelta(days=2)
        )
        row = SurgeMatter.objects.get(surge=surge, matter=late)
        assert row.entered_at == clock.now()
        with pytest.raises(UserError):
            actions.extend_surge(head, surge.pk, decision=decision(), ends_on=clock.today())


def test_old_matters_stay_out_unless_a_day_is_stated(lijiang: None) -> None:
    old = hazard()
    with hours_later(24 * 3):
        today = hazard()
        surge = opened()
        assert [row.matter_id for row in surge.matters.all()] == [today.pk]
        assert surge.takes_from == clock.today()
        wide = opened(title="全区排查", takes_from=clock.today() - timedelta(days=3))
        assert {row.matter_id for row in wide.matters.all()} == {old.pk, today.pk}
        for row in wide.matters.all():
            assert row.first_due_at == wide.opened_at + timedelta(hours=2)
        with pytest.raises(UserError) as refused:
            opened(takes_from=clock.today() + timedelta(days=1))
        assert refused.value.field == "takes_from"


def test_a_matter_taken_over_late_counts_from_its_receipt_never_before_the_opening(lijiang: None) -> None:
    surge = opened()
    with hours_later(1):
        matter = hazard()
        for received, start in (
            (surge.opened_at - timedelta(hours=2), surge.opened_at),
            (surge.opened_at + timedelta(minutes=30), surge.opened_at + timedelta(minutes=30)),
        ):
            SurgeMatter.objects.filter(matter=matter).delete()
            matter.received_at = received
            [row] = taking_in._entered(surge, [matter], clock.now(), found=False)
            assert row.first_due_at == start + timedelta(hours=2)
            assert row.first_due_at >= surge.opened_at


def test_taking_in_twice_at_once_is_no_failure_and_counts_again(lijiang: None, monkeypatch: Any) -> None:
    surge, matter = opened(), hazard()
    # As the other hand sees it: the matter is not in yet when it reads, and is when it writes.
    seen = taking_in.in_scope(surge)
    monkeypatch.setattr(taking_in, "in_scope", lambda surge: _Blind(seen))
    assert taking_in.take_in_open(surge) == 0
    assert [row.matter_id for row in surge.matters.all()] == [matter.pk]


class _Blind:
    """Rows read a moment before somebody else's were written."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def filter(self, **given: Any) -> "_Blind":
        return _Blind(self.rows.filter(**given))

    def exclude(self, **given: Any) -> Any:
        return self.rows


def test_ending_lists_what_still_counts_and_nothing_counts_afterwards(lijiang: None) -> None:
    surge, matter = opened(), hazard()
    head = log_in("centre_head", "gc_centre")
    url, detail = reverse("surge_end", args=[surge.pk]), reverse("surge_detail", args=[surge.pk])
    asked = head.get(url).content.decode()
    assert "尚有1件事项未处置完毕" in asked
    assert matter.code in asked
    assert "剩余" in head.get(detail).content.decode()
    actions.end_surge(at("gc_centre", "centre_head"), surge.pk, decision=decision("险情排除"))
    for page in (detail, reverse("matter_detail", args=[matter.pk])):
        text = log_in("centre_head", "gc_centre").get(page).content.decode()
        assert "已结束" in text
        assert not re.search(r"剩余\d+小时", text), page


def test_the_panel_and_the_banner_stand_while_it_runs_and_go_with_it(lijiang: None) -> None:
    surge, matter = opened(), hazard()
    desk = log_in("centre_clerk", "gc02_centre")
    url = reverse("matter_detail", args=[matter.pk])
    text = desk.get(url).content.decode()
    assert "应急时限" in text
    assert "首次响应" in text
    assert "应急响应" in text
    assert "第1日" in text
    assert surge.title in desk.get("/").content.decode()
    assert surge.title not in log_in("centre_head", "yl_centre").get("/").content.decode()
    with hours_later(24 * 4):
        text = log_in("centre_clerk", "gc02_centre").get(url).content.decode()
        assert "首次响应" not in text
        assert "曾纳入" in text
        assert running_for(at("gc02_centre", "centre_clerk")) == []


def test_the_office_is_told_once_when_the_last_day_is_over(lijiang: None) -> None:
    surge = opened()
    over = datetime(2026, 9, 12, 0, 5, tzinfo=clock.CITY_ZONE)
    with clock.frozen(over):
        assert jobs.tell_expired(over - timedelta(days=1), over) == 1
        assert jobs.tell_expired(over, over + timedelta(hours=1)) == 0
        assert Notice.objects.filter(
            kind="surge", subject_id=surge.pk, title_zh__contains="已到截止日"
        ).exists()
        whys = [item.why for item in surge_items_for_desk(at("gc_centre", "centre_head"))]
        assert any("End it or extend it" in why or "结束或延长" in why for why in whys)


# --- the daily round -----------------------------------------------------------------------------------------------


def test_a_signed_day_is_frozen_and_its_bulletin_gives_the_same_bytes(lijiang: None) -> None:
    surge, matter, clerk = opened(), hazard(), at("gc_centre", "centre_clerk")
    with pytest.raises(UserError):
        actions.issue_bulletin(clerk, surge.pk, day=START.date())
    with hours_later(25):
        signed = actions.sign_day(clerk, surge.pk, day=START.date(), assessment="一处隐患未处置")
        first = actions.issue_bulletin(clerk, surge.pk, day=START.date())
        sent(matter)
        facts = day_facts(surge, START.date())
        assert facts.total == {"came_in": 1, "handled": 0, "open": 1, "overdue": 1}
        again = actions.issue_bulletin(clerk, surge.pk, day=START.date())
        assert again.bulletin_id == first.bulletin_id
        content = bulletin_of(first, first.bulletin_number)
        assert hashlib.sha256(content).hexdigest() == first.bulletin_sha256
        assert first.bulletin is not None
        assert first.bulletin.file is not None
        with default_storage.open(first.bulletin.file.storage_name) as kept:
            assert kept.read() == content
        with pytest.raises(Conflict):
            actions.sign_day(clerk, surge.pk, day=START.date(), assessment="再签一次")
        assert signed.present == []
        with pytest.raises(UserError):
            actions.sign_day(clerk, surge.pk, day=START.date() - timedelta(days=1), assessment="启动之前")


def test_every_number_of_a_day_is_its_rows(lijiang: None) -> None:
    surge = opened()
    for n in range(3):
        hazard(title=f"后山土石松动{n}")
    facts = day_facts(surge, START.date())
    for by in ("place", "kind", "unit"):
        for group in facts.groups(by):
            for what, count in group.counts.items():
                assert len(facts.rows(by, group.name, what)) == count
        assert sum(group.counts["open"] for group in facts.groups(by)) == facts.total["open"] == 3
    page = log_in("centre_head", "gc_centre").get(
        reverse("surge_rows", args=[surge.pk, "2026-09-08"]), {"what": "open"}
    )
    assert page.content.decode().count("后山土石松动") >= 3


def test_orders_are_answered_by_their_own_unit_only_and_once(lijiang: None) -> None:
    surge, clerk = opened(), at("gc_centre", "centre_clerk")
    due = clock.now() + timedelta(hours=4)
    [order] = actions.issue_orders(
        clerk, surge.pk, text="封闭山路", unit_ids=[unit("gc_transport").pk], due_at=due
    )
    with pytest.raises(NotAllowed):
        actions.receive_order(person("handler", "gc_land"), order.pk)
    with pytest.raises(NotVisible):
        actions.receive_order(person("handler", "yl_land"), order.pk)
    bureau = at("gc_transport", "handler")
    with pytest.raises(UserError):
        actions.finish_order(bureau, order.pk, result=" ")
    actions.finish_order(bureau, order.pk, result="已封闭")
    with pytest.raises(Conflict):
        actions.finish_order(bureau, order.pk, result="又封闭")
    wrongs: list[dict[str, Any]] = [
        {"text": ""},
        {"unit_ids": []},
        {"due_at": clock.now()},
        {"measure": True},
    ]
    for wrong in wrongs:
        given: dict[str, Any] = {"text": "巡查", "unit_ids": [unit("gc_land").pk], "due_at": due} | wrong
        with pytest.raises((UserError, NotAllowed)):
            actions.issue_orders(clerk, surge.pk, **given)
    with pytest.raises(NotVisible):
        actions.issue_orders(
            at("yl_land", "handler"), surge.pk, text="巡查", unit_ids=[unit("gc_land").pk], due_at=due
        )


# --- exercises -------------------------------------------------------------------------------------------------------


def figures() -> str:
    """Every rate, count and fact that matters go into, as text."""
    leader = at("city_centre", "city_head")
    start = datetime(2026, 9, 1, tzinfo=clock.CITY_ZONE)
    span = Span(start, start + timedelta(days=30))
    rates = [(row.unit.code, sorted(row.counts.items())) for row in rates_by_unit(leader, span)]
    client = log_in("city_head", "city_centre")
    board = [tab["count"] for tab in client.get(reverse("matter_list")).context["tabs"]]
    listed = sorted(row.code for row in client.get(reverse("matter_list")).context["page"].rows)
    asked = client.get(reverse("asked_overview"), {"month": "2026-09"}).context
    return repr([rates, board, listed, repr(asked.get("rows") if asked else None)])


def _work(drill: bool) -> None:
    """A matter worked from filing to its end, and one that stays open."""
    matter = sent(hazard(drill=drill))
    bureau = at("gc_land", "handler")
    matters.acknowledge_assignment(bureau, matter.pk)
    hazard(drill=drill)


def test_with_and_without_an_exercise_all_figures_are_equal(lijiang: None) -> None:
    _work(drill=False)
    without_drill = figures()
    repeats = condition_facts(Matter.objects.order_by("received_at")[0])["repeated"]
    with hours_later(1):
        opened(drill=True, title="防汛演练")
        _work(drill=True)
        drilled = Matter.objects.filter(drill=True)
        assert drilled.count() == 2
        assert all(row.title.startswith("【演练】") and row.code.startswith("演练") for row in drilled)
        assert figures() == without_drill
        assert condition_facts(hazard())["repeated"] == repeats + 2  # type: ignore[operator]
        # The real series has no gap: the exercise took no number of it.
        assert Matter.objects.filter(drill=False).order_by("-received_at", "-code")[0].code.endswith("0003号")
        shown = log_in("city_head", "city_centre").get(
            reverse("matter_list"), {"drill": "only", "show": "all"}
        )
        assert sorted(row.code for row in shown.context["page"].rows) == sorted(
            drilled.values_list("code", flat=True)
        )


def test_the_figures_would_differ_if_it_were_none(lijiang: None) -> None:
    """The comparison above can fail."""
    _work(drill=False)
    before = figures()
    with hours_later(1):
        _work(drill=False)
        assert figures() != before


def test_an_exercise_takes_in_exercises_only_and_they_need_one(lijiang: None) -> None:
    with pytest.raises(UserError):
        hazard(drill=True)
    real = hazard()
    drill = opened(drill=True, title="防汛演练")
    assert not drill.matters.exists()
    practised = hazard(drill=True)
    assert [row.matter_id for row in drill.matters.all()] == [practised.pk]
    true = opened()
    assert [row.matter_id for row in true.matters.all()] == [real.pk]
    with pytest.raises(UserError):
        matters.VERB_ACTIONS["merge"](
            at("gc02_centre", "centre_clerk"), practised.pk, other=real.code, reason="同一处"
        )
    assert Matter.objects.get(pk=practised.pk).is_open


# --- pages --------------------------------------------------------------------------------------------------------------


def test_the_whole_of_it_over_http(lijiang: None) -> None:
    head, url = log_in("centre_head", "gc_centre"), reverse("surge_new")
    form = {
        "title": "大研街道山体滑坡", "occasion": "natural_disaster", "decided_by": "区长",
        "document_number": "古应急〔2026〕3号", "decided_on": "2026-09-08", "reason": "暴雨引发滑坡",
        "unit_id": str(unit("gc_centre").pk), "areas": [str(place(COUNTY))], "kinds": ["hazard"], "ends_on": "2026-09-10",
    }  # fmt: skip
    offered = dict(head.get(url).context["form"].fields["kinds"].choices)
    assert set(offered) == {"hazard", "whistle", "request"}
    refused = head.post(url, form | {"kinds": ["petition"]})
    assert refused.status_code == 422
    assert "大研街道山体滑坡" in refused.content.decode()
    answer = head.post(url, form)
    assert answer.status_code == 302
    surge = Surge.objects.get()
    detail = reverse("surge_detail", args=[surge.pk])
    hazard()
    assert head.get(detail).status_code == 200
    order = {"units": [str(unit("gc_land").pk)], "text": "巡查后山", "due_at": "2026-09-08T18:00"}
    assert head.post(reverse("surge_order_new", args=[surge.pk]), order).status_code == 302
    bureau, row = log_in("handler", "gc_land"), SurgeOrder.objects.get()
    assert "巡查后山" in bureau.get("/").content.decode()
    assert "巡查后山" in bureau.get(detail).content.decode()
    assert bureau.post(reverse("surge_order_receive", args=[row.pk])).status_code == 302
    assert bureau.post(reverse("surge_order_done", args=[row.pk]), {}).status_code == 422
    assert bureau.post(reverse("surge_order_done", args=[row.pk]), {"o1-result": "已巡查"}).status_code == 302
    day = reverse("surge_day", args=[surge.pk, "2026-09-08"])
    assert head.post(day, {"assessment": ""}).status_code == 422
    assert bureau.post(day, {"assessment": "研判"}).status_code == 403
    assert head.post(day, {"assessment": "雨势减弱", "present": [str(unit("gc_land").pk)]}).status_code == 302
    bulletin = reverse("surge_bulletin", args=[surge.pk, "2026-09-08"])
    assert head.get(bulletin).status_code == 404
    assert head.post(bulletin).status_code == 302
    assert b"".join(head.get(bulletin).streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    for name in ("surge_log", "surge_log_word"):
        assert head.get(reverse(name, args=[surge.pk])).status_code == 200
    assert head.get(reverse("surge_list"), {"show": "going", "drill": "no"}).status_code == 200
    closing = reverse("surge_close", args=[surge.pk])
    assert head.post(closing, {"happened": "滑坡", "improve": "早撤"}).status_code == 422
    ending = {key: form[key] for key in ("decided_by", "document_number", "decided_on")} | {
        "reason": "险情排除"
    }
    assert bureau.post(reverse("surge_end", args=[surge.pk]), ending).status_code == 403
    assert head.post(reverse("surge_end", args=[surge.pk]), ending).status_code == 302
    measure = order | {"text": "补立警示牌", "due_at": "2026-09-30T18:00"}
    assert head.post(reverse("surge_order_new", args=[surge.pk]), measure).status_code == 302
    assert head.post(closing, {"happened": "滑坡一处", "improve": "早撤"}).status_code == 302
    assert "补立警示牌" in bureau.get("/").content.decode()
    assert log_in("handler", "yl_land").get(detail).status_code == 404
    for name in ("sysadmin", "secadmin"):
        client = Client()
        client.force_login(User.objects.get(username=name), backend=SESSION)
        assert client.get(reverse("surge_list")).status_code == 403


def test_a_city_without_it_has_no_page_that_offers_it(db: None) -> None:
    with clock.frozen(START):
        PackVersion.objects.all().delete()  # Lijiang's, which the module has loaded: this is another city
        load_city(ROOT / "packs" / "example", password=None)
        client = Client()
        client.force_login(User.objects.get(username="head"), backend=SESSION)
        assert "应急响应" not in client.get("/").content.decode()
        assert client.get(reverse("surge_new")).status_code == 403
