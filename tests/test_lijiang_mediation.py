"""LJ4 and YX12: disputes are mediated by the body of their industry or place, with the parties' consent, to an agreement
that is followed up; the net of committees and its gaps. As in test_lijiang each row runs on the pack and without its
stanza."""

import io
import random
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shiyu import wiring
from shiyu.audit.models import AuditEntry
from shiyu.demo.agenda import Agenda
from shiyu.demo.cast import Cast
from shiyu.demo.centres import Centres
from shiyu.demo.material import read_material
from shiyu.demo.mediations import Mediations
from shiyu.desk.queries.today import desk_of, items_of
from shiyu.kernel.actor import Actor
from shiyu.kernel.mediation import MediationOutcome
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.matters import actions as matter_actions
from shiyu.matters.actions.keys import destroy_due_keys
from shiyu.matters.actions.parties import Reporter, add_reporter
from shiyu.matters.events import MatterClosed
from shiyu.matters.models import Matter, MatterKey, PartyOpening, PhoneTrace
from shiyu.mediation import actions, jobs
from shiyu.mediation.actions.closing import refuse_closing_unagreed
from shiyu.mediation.actions.opening import SideGiven
from shiyu.mediation.models import Mediation, RoleHolder
from shiyu.mediation.queries.bodies import bodies_for
from shiyu.mediation.queries.coverage import coverage
from shiyu.mediation.queries.figures import figures_of, stretch_of
from shiyu.mediation.queries.names import sides_of
from shiyu.mediation.queries.papers import paper_of
from shiyu.mediation.queries.pool import candidates_for
from shiyu.mediation.queries.steps import next_of, with_parts
from shiyu.notices.models import Notice
from shiyu.packs.queries import current_calendar
from shiyu.people.models import User
from shiyu.people.queries import actor_of
from tests.loading import loaded_once
from tests.test_lijiang import LIJIANG, TODAY, at, dispute, sent, unit
from tests.test_luzhou import without

pytestmark = pytest.mark.django_db
NAME, PHONE, ADDRESS = "欧阳试例", "13955550177", "后巷九十九号"
AGREED = {
    "facts": "甲家装修漏水，浸坏乙家天花。",
    "issues": "赔偿数额。",
    "responsibility": "甲承担主要责任。",
    "terms": "甲赔偿乙六千元。",
    "performance": "一次付清。",
    "perform_by": date(2026, 9, 20),
    "amount": Decimal("0.6"),
}


def mediator() -> Actor:
    return actor_of(User.objects.get(username="gc02-mc"))


def head() -> Actor:
    return actor_of(User.objects.get(username="gc02-head"))


def opened(topic: str = "family", body: str = "gc02_mc", **more: Any) -> Mediation:
    """A dispute accepted and sorted, then handed to a body."""
    desk, matter = head(), dispute(topic=topic, **more)
    matter_actions.accept_matter(desk, matter.pk)
    matter_actions.VERB_ACTIONS["sort"](desk, matter.pk, sort_class="large")
    return actions.open_mediation(desk, matter.pk, body_id=unit(body).pk, source="applied")


def willing(**more: Any) -> Mediation:
    """Two sides that agreed, and a mediator."""
    row, who = opened(**more), mediator()
    for side in (SideGiven(NAME, PHONE, ADDRESS), SideGiven("端木试例", "", "前街一号")):
        added = actions.add_side(who, row.pk, side=side)
        actions.record_consent(who, row.pk, side_id=added.pk, agrees=True)
    actions.choose_holders(who, row.pk, holder_ids=[own_mediator(row).pk])
    return row


def own_mediator(row: Mediation) -> RoleHolder:
    return RoleHolder.objects.filter(unit=row.body, role="mediator").order_by("name")[0]


def talked(**more: Any) -> Mediation:
    """One sitting held and written down."""
    row, who = willing(**more), mediator()
    sitting = actions.plan_sitting(who, row.pk, at=clock.now(), place="调解室")
    actions.write_sitting(who, row.pk, sitting_id=sitting.pk, tried="双方各自陈述", following="三日内答复")
    return row


def agreed(**more: Any) -> Mediation:
    row, who = talked(**more), mediator()
    actions.write_terms(who, row.pk, **AGREED)
    return actions.conclude_agreement(who, row.pk, form="written", on=clock.today())


def step_of(row: Mediation) -> str:
    found = next_of(with_parts(Mediation.objects.all()).get(pk=row.pk))
    return found.deed if found else ""


# --- the rows --------------------------------------------------------------------------------------------------


def lj4() -> None:
    """Each dispute with a body, people from the pools, consent, sittings, an agreement, follow-up on performance; police
    and courts mediate in ways of their own."""
    ways = {row.unit.code: row.way for row in bodies_for(dispute(topic="neighbours"))}
    assert ways["gc02_police"] == "administrative" and ways["gc_court"] == "judicial"
    row = agreed()
    assert row.due_on == date(2026, 10, 8) and row.confirm_by == date(2026, 10, 8)
    assert list(row.look_backs.values_list("due_on", flat=True)) == [date(2026, 10, 8), date(2026, 10, 23)]
    assert row.matter.assignments.get().ended == "done"
    assert Matter.objects.get(pk=row.matter_id).phase == "verifying"
    helpers = {line.holder.role for line in candidates_for(row)}
    assert {"mediator", "judge", "prosecutor", "lawyer", "counsellor"} <= helpers
    assert figures_of(mediator(), stretch_of("2026-Q3"))[0].rate == 1


def yx12() -> None:
    """Committees by village, town and industry, routing to them; what is missing is seen."""
    proposed = [row.unit.code for row in bodies_for(dispute(topic="medical"))]
    assert proposed[0] == "gc_medical_mc" and {"gc02_mc", "gc02_v1_mc"} <= set(proposed)
    lines = coverage()
    assert {line.level for line in lines} == {"county", "town", "village"}
    gaps = {(line.sort, line.area.name) for line in lines if line.gaps and not line.bodies}
    assert ("property", "华坪县") in gaps and not [gap for gap in gaps if gap[0] in ("towns", "traffic")]
    assert sum(line.full_time for line in lines) == RoleHolder.objects.filter(full_time=True).count() > 38
    assert [line for line in lines if line.advisers == 0]


# --- on the pack as it is --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Lijiang in the database, once for the module; everything is rolled back at its end."""
    with loaded_once(django_db_blocker, LIJIANG, TODAY):
        yield


@pytest.fixture
def lijiang(loaded: None, db: None) -> None:
    """The loaded pack; what a test changes is taken back."""


def test_lj4_mediated_with_consent_to_an_agreement(lijiang: None) -> None:
    lj4()


def test_yx12_the_net_of_mediation_and_its_gaps(lijiang: None) -> None:
    yx12()


STANZAS = {
    "lj4_mediation": (lj4, without("mediation.yaml", r"^mediation:\n(?:  .*\n)*")),
    "lj4_ways": (lj4, without("mediation.yaml", r"^    police: .*\n")),
    "lj4_look_back": (lj4, without("mediation.yaml", r"times: 2", "times: 1")),
    "lj4_helpers": (lj4, without("seed/mediators.csv", r"^gc_court,.*\n")),
    "yx12_an_industry": (yx12, without("mediation.yaml", r"^    medical: .*\n")),
    "yx12_villages": (yx12, without("mediation.yaml", r"^    villages: .*\n")),
    "yx12_a_committee": (yx12, without("seed/members.csv", r"^village_committees,gc02_v1_mc.*\n")),
}


# --- handing over ----------------------------------------------------------------------------------------------


def test_handing_over_dispatches_the_matter_in_the_same_change(lijiang: None) -> None:
    row = opened()
    assert row.matter.assignments.get(active=True).unit == unit("gc02_mc")
    assert Matter.objects.get(pk=row.matter_id).phase == "handling"
    with pytest.raises(UserError, match=r"."):
        actions.open_mediation(head(), row.matter_id, body_id=unit("gc02_mc").pk, source="own")


def test_a_second_body_is_asked_to_support(lijiang: None) -> None:
    row = opened()
    actions.open_mediation(head(), row.matter_id, body_id=unit("gc02_v1_mc").pk, source="own")
    held = row.matter.assignments.get(unit=unit("gc02_v1_mc"))
    assert held.role == "supporting"


def test_what_the_matters_rules_refuse_is_refused_whole(lijiang: None) -> None:
    matter = dispute()  # neither accepted nor sorted
    with pytest.raises(UserError):
        actions.open_mediation(head(), matter.pk, body_id=unit("gc02_mc").pk, source="own")
    assert not Mediation.objects.exists()


def test_only_bodies_of_the_pack_mediate_and_only_its_sources_count(lijiang: None) -> None:
    matter = sent("gc02_mc", topic="family")
    with pytest.raises(UserError):
        actions.open_mediation(head(), matter.pk, body_id=unit("gc02_gov").pk, source="own")
    with pytest.raises(UserError):
        actions.open_mediation(head(), matter.pk, body_id=unit("gc02_mc").pk, source="nonsense")


def test_others_neither_see_nor_touch_it(lijiang: None) -> None:
    row = opened()
    other = at("yl01_mc", "handler")
    with pytest.raises(NotVisible):
        actions.add_side(other, row.pk, side=SideGiven("某某"))
    with pytest.raises(NotAllowed):
        actions.add_side(head(), row.pk, side=SideGiven("某某"))  # sees it, does not mediate


def test_the_matters_clock_runs_on(lijiang: None) -> None:
    row = opened()
    before = Matter.objects.get(pk=row.matter_id)
    for side in (SideGiven("甲某某"), SideGiven("乙某某")):
        added = actions.add_side(mediator(), row.pk, side=side)
        actions.record_consent(mediator(), row.pk, side_id=added.pk, agrees=True)
    after = Matter.objects.get(pk=row.matter_id)
    assert (before.due_at, before.suspended_at) == (after.due_at, after.suspended_at)


# --- consent, people, sittings ---------------------------------------------------------------------------------


def test_a_clear_refusal_ends_it_and_shows_the_other_ways(lijiang: None) -> None:
    row, who = opened(), mediator()
    one = actions.add_side(who, row.pk, side=SideGiven(NAME, PHONE))
    two = actions.add_side(who, row.pk, side=SideGiven("端木试例"))
    actions.record_consent(who, row.pk, side_id=one.pk, agrees=True)
    actions.record_consent(who, row.pk, side_id=two.pk, agrees=False, note="要求直接起诉")
    row.refresh_from_db()
    assert row.outcome == MediationOutcome.REFUSED and "court" in row.remedies
    with pytest.raises(UserError):
        actions.plan_sitting(who, row.pk, at=clock.now(), place="调解室")
    matter = Matter.objects.get(pk=row.matter_id)
    assert matter.is_open and matter.phase == "handling" and "诉讼" in matter.progress
    assert step_of(row) == "remedies"
    actions.tell_remedies(who, row.pk, on=clock.today())
    assert step_of(row) == ""


def test_nobody_is_mediated_before_all_have_agreed(lijiang: None) -> None:
    row, who = opened(), mediator()
    actions.choose_holders(who, row.pk, holder_ids=[own_mediator(row).pk])
    for side in (SideGiven(NAME), SideGiven("端木试例")):
        actions.add_side(who, row.pk, side=side)
    for refused in (
        lambda: actions.plan_sitting(who, row.pk, at=clock.now(), place="调解室"),
        lambda: actions.write_terms(who, row.pk, **AGREED),
        lambda: actions.conclude_agreement(who, row.pk, form="oral", on=clock.today(), terms="甲道歉"),
    ):
        with pytest.raises(UserError):
            refused()
    assert step_of(row) == "consent"


def test_a_mediator_is_among_those_chosen_and_loads_are_counted(lijiang: None) -> None:
    row, who = willing(), mediator()
    lawyer = RoleHolder.objects.filter(unit__code="gc_centre", role="lawyer")[0]
    with pytest.raises(UserError):
        actions.choose_holders(who, row.pk, holder_ids=[lawyer.pk])
    actions.choose_holders(who, row.pk, holder_ids=[own_mediator(row).pk, lawyer.pk], by="parties")
    loads = {line.holder.pk: line.going for line in candidates_for(row)}
    assert loads[lawyer.pk] == 1
    actions.end_without_agreement(who, row.pk, outcome="withdrawn", reason="当事人自行和解")
    assert {line.holder.pk: line.going for line in candidates_for(row)}[lawyer.pk] == 0


def test_a_sitting_is_written_down_not_before_its_day(lijiang: None) -> None:
    row, who = willing(), mediator()
    sitting = actions.plan_sitting(who, row.pk, at=clock.now() + timedelta(days=2), place="社区")
    with pytest.raises(UserError):
        actions.write_sitting(who, row.pk, sitting_id=sitting.pk, tried="双方陈述")
    with clock.frozen(TODAY + timedelta(days=2)):
        assert step_of(row) == "write_sitting"
        actions.write_sitting(who, row.pk, sitting_id=sitting.pk, tried="双方陈述")
    assert step_of(row) == "terms"


def test_the_police_are_told_before_it_ends_in_an_agreement(lijiang: None) -> None:
    row, who = talked(), mediator()
    actions.write_terms(who, row.pk, **AGREED)
    danger = actions.record_danger(who, row.pk, what="一方扬言打砸")
    assert step_of(row) == "police"
    with pytest.raises(UserError):
        actions.conclude_agreement(who, row.pk, form="written", on=clock.today())
    actions.tell_police(who, row.pk, danger_id=danger.pk, told_to="大研派出所")
    with pytest.raises(UserError):
        actions.tell_police(who, row.pk, danger_id=danger.pk, told_to="大研派出所")
    assert actions.conclude_agreement(who, row.pk, form="written", on=clock.today()).is_agreed


# --- the end ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lacking", ["facts", "responsibility", "terms", "performance", "perform_by"])
def test_terms_are_written_whole_or_not_at_all(lijiang: None, lacking: str) -> None:
    row, who = talked(), mediator()
    with pytest.raises(UserError) as refused:
        actions.write_terms(who, row.pk, **{key: text for key, text in AGREED.items() if key != lacking})
    assert refused.value.field == lacking
    assert Mediation.objects.get(pk=row.pk).terms == ""


@pytest.mark.parametrize("lacking", ["issues", "amount"])
def test_a_written_agreement_holds_what_the_law_and_the_pack_ask(lijiang: None, lacking: str) -> None:
    row, who = talked(), mediator()
    actions.write_terms(who, row.pk, **{key: text for key, text in AGREED.items() if key != lacking})
    with pytest.raises(UserError) as refused:
        actions.conclude_agreement(who, row.pk, form="written", on=clock.today())
    assert refused.value.field == lacking
    assert Mediation.objects.get(pk=row.pk).is_going


def test_nothing_is_performed_before_it_is_agreed(lijiang: None) -> None:
    row, who = talked(), mediator()
    with pytest.raises(UserError) as refused:
        actions.write_terms(who, row.pk, **(AGREED | {"perform_by": clock.today() - timedelta(days=1)}))
    assert refused.value.field == "perform_by"
    actions.write_terms(who, row.pk, **(AGREED | {"perform_by": clock.today()}))
    with clock.frozen(clock.now() + timedelta(days=1)):
        with pytest.raises(UserError) as late:
            actions.conclude_agreement(who, row.pk, form="written", on=clock.today())
        assert late.value.field == "on"
        on = clock.today() - timedelta(days=1)
        assert actions.conclude_agreement(who, row.pk, form="written", on=on).is_agreed


def test_the_pages_say_what_is_missing_and_where_to_write_it(lijiang: None) -> None:
    row, client = talked(), client_for("gc02-mc")
    refused = client.post(reverse("mediation_do", args=[row.pk, "terms"]), {})
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {
        "facts", "responsibility", "terms", "performance", "perform_by"
    }  # fmt: skip
    given = {"form": "written", "on": clock.today().isoformat(), "people": 2}
    answer = client.post(reverse("mediation_do", args=[row.pk, "conclude"]), given)
    assert answer.status_code == 422
    assert reverse("mediation_do", args=[row.pk, "terms"]) in answer.content.decode()


def test_a_matter_is_not_closed_as_agreed_while_its_mediation_is_open(lijiang: None) -> None:
    row = talked()
    warning = "调解尚未登记结果"
    for page in (reverse("mediation_detail", args=[row.pk]), reverse("matter_detail", args=[row.matter_id])):
        assert warning in client_for("gc02-mc").get(page).content.decode()
    told = {
        "matter_id": row.matter_id,
        "code": "",
        "kind": "dispute",
        "title": "",
        "by_id": None,
        "by_name": "",
    }
    with pytest.raises(UserError) as refused:
        refuse_closing_unagreed(MatterClosed(**told, outcome="agreement"))  # type: ignore[arg-type]
    assert refused.value.field == "outcome"
    refuse_closing_unagreed(MatterClosed(**told, outcome="withdrawn"))  # type: ignore[arg-type]
    assert refuse_closing_unagreed in wiring.NOW[MatterClosed]
    actions.write_terms(mediator(), row.pk, **AGREED)
    actions.conclude_agreement(mediator(), row.pk, form="written", on=clock.today())
    refuse_closing_unagreed(MatterClosed(**told, outcome="agreement"))  # type: ignore[arg-type]
    assert warning not in client_for("gc02-mc").get(page).content.decode()


def test_closing_as_agreed_is_undone_whole_while_the_mediation_is_open(lijiang: None) -> None:
    row = talked()
    key, desk = row.matter_id, at("gc02_centre", "centre_clerk")
    held = row.matter.assignments.get(active=True)
    if held.acknowledged_at is None:
        matter_actions.acknowledge_assignment(mediator(), key, assignment_id=held.pk)
    matter_actions.complete_assignment(mediator(), key, result="已组织双方座谈")
    matter_actions.verify_matter(desk, key, note="属实")
    with pytest.raises(UserError, match="调解尚未登记结果|still open"):
        matter_actions.close_matter(head(), key, outcome="agreement")
    assert Matter.objects.get(pk=key).is_open


@pytest.mark.parametrize(
    "says", ["已达成书面调解协议", "双方签订了协议书", "经劝说，调解成功", "两家握手言和"]
)
def test_a_result_that_says_agreed_waits_for_the_mediations_own_end(lijiang: None, says: str) -> None:
    row = talked()
    held = row.matter.assignments.get(active=True)
    if held.acknowledged_at is None:
        matter_actions.acknowledge_assignment(mediator(), row.matter_id, assignment_id=held.pk)
    client, page = client_for("gc02-mc"), reverse("matter_act", args=[row.matter_id, "complete"])
    answer = client.post(page, {"complete-result": says, "result": says})
    assert "先在调解中登记协议" in answer.content.decode()
    assert Matter.objects.get(pk=row.matter_id).phase == "handling"
    actions.write_terms(mediator(), row.pk, **AGREED)
    actions.conclude_agreement(mediator(), row.pk, form="written", on=clock.today())
    assert Matter.objects.get(pk=row.matter_id).phase == "verifying"


@pytest.mark.parametrize("says", ["双方未达成协议", "没有达成一致意见", "已将双方劝离，改日再谈"])
def test_a_result_that_says_nothing_of_an_agreement_is_taken(lijiang: None, says: str) -> None:
    row = talked()
    held = row.matter.assignments.get(active=True)
    if held.acknowledged_at is None:
        matter_actions.acknowledge_assignment(mediator(), row.matter_id, assignment_id=held.pk)
    matter_actions.complete_assignment(mediator(), row.matter_id, result=says)
    assert Matter.objects.get(pk=row.matter_id).phase == "verifying"


def test_what_others_settle_without_a_mediation_may_be_called_agreed(lijiang: None) -> None:
    row, who = talked(), mediator()
    actions.end_without_agreement(who, row.pk, outcome="withdrawn", reason="双方自行协商")
    key = row.matter_id
    held = row.matter.assignments.get(active=True)
    if held.acknowledged_at is None:
        matter_actions.acknowledge_assignment(who, key, assignment_id=held.pk)
    matter_actions.complete_assignment(who, key, result="双方自行达成协议")
    assert Matter.objects.get(pk=key).phase == "verifying"


def test_a_closed_matter_says_that_it_is_closed(lijiang: None) -> None:
    row = agreed()
    Matter.objects.filter(pk=row.matter_id).update(
        is_open=False, phase="closed", state="closed", closed_at=clock.now()
    )
    answer = client_for("gc02-head").get(reverse("mediation_new", args=[row.matter_id]))
    assert answer.status_code == 403
    assert "请先重新办理" in answer.content.decode()
    with pytest.raises(NotAllowed, match="先重新办理|Reopen it first"):
        actions.open_mediation(head(), row.matter_id, body_id=unit("gc02_mc").pk, source="applied")


def test_every_party_is_asked_and_named_as_registered(lijiang: None) -> None:
    row, who = opened(), mediator()
    for name, phone in ((NAME, PHONE), ("端木试例", ""), ("上官试例", "13955550166")):
        actions.add_side(who, row.pk, side=SideGiven(name, phone, "前街"))
    page = client_for("gc02-mc").get(reverse("mediation_do", args=[row.pk, "consent"])).content.decode()
    for words in ("当事人甲（欧**，139****0177）", "当事人乙（端**）", "当事人丙（上**，139****0166）"):
        assert words in page
    assert [word for word in (NAME, PHONE, "端木试例", "13955550166", "前街") if word in page] == []
    third = row.sides.get(number=3)
    actions.record_consent(who, row.pk, side_id=third.pk, agrees=True)
    page = client_for("gc02-mc").get(reverse("mediation_do", args=[row.pk, "consent"])).content.decode()
    assert "当事人丙" not in page and "当事人乙" in page


def test_who_chose_them_is_what_was_said_last(lijiang: None) -> None:
    row, who = willing(), mediator()
    assert row.chosen.get().by == "body"
    actions.choose_holders(who, row.pk, holder_ids=[own_mediator(row).pk], by="parties")
    assert row.chosen.get().by == "parties"
    page = client_for("gc02-mc").get(reverse("mediation_do", args=[row.pk, "choose"]))
    assert page.context["form"]["by"].value() == "parties"


def test_every_party_is_found_by_its_number(lijiang: None) -> None:
    row, who = opened(), mediator()
    actions.add_side(who, row.pk, side=SideGiven("端木试例", "139 5555 0166"))
    client, page = client_for("gc02-mc"), reverse("reporter_find")
    answer = client.post(page, {"phone": "13955550166"}).content.decode()
    assert row.matter.code in answer and "其他当事人" in answer
    assert row.matter.code not in client.post(page, {"phone": "13955550167"}).content.decode()
    assert row.matter.code not in client_for("yl01-mc").post(page, {"phone": "13955550166"}).content.decode()
    actions.remove_side(who, row.pk, side_id=row.sides.last().pk)
    assert not PhoneTrace.objects.exists()
    actions.add_side(who, row.pk, side=SideGiven("端木试例", "13955550166"))
    Matter.objects.filter(pk=row.matter_id).update(
        is_open=False, phase="closed", state="closed", closed_at=clock.now()
    )
    with clock.frozen(TODAY + timedelta(days=1000)):
        destroy_due_keys(clock.now(), clock.now())
    assert not PhoneTrace.objects.exists()


def test_that_the_court_was_asked_is_entered_once(lijiang: None) -> None:
    row, who = agreed(), mediator()
    actions.record_confirmation(who, row.pk, result="applied", on=clock.today())
    with clock.frozen(TODAY + timedelta(days=3)):
        with pytest.raises(UserError) as refused:
            actions.record_confirmation(who, row.pk, result="applied", on=clock.today())
        assert refused.value.field == "result"
        page = client_for("gc02-mc").get(reverse("mediation_do", args=[row.pk, "confirmation"]))
        assert "applied" not in dict(page.context["form"].fields["result"].choices)
    assert Mediation.objects.get(pk=row.pk).confirm_applied_on == TODAY.date()


def test_an_oral_agreement_is_written_down_and_not_confirmed_by_a_court(lijiang: None) -> None:
    row, who = talked(), mediator()
    with pytest.raises(UserError):
        actions.conclude_agreement(who, row.pk, form="oral", on=clock.today())
    row = actions.conclude_agreement(who, row.pk, form="oral", on=clock.today(), terms="甲当面道歉")
    assert row.is_agreed and row.confirm_by is None and row.look_backs.count() == 2
    with pytest.raises(UserError):
        actions.record_confirmation(who, row.pk, result="applied", on=clock.today())


def test_where_it_failed_the_matter_goes_on_with_the_ways_on_record(lijiang: None) -> None:
    row, who = talked(), mediator()
    with pytest.raises(UserError):
        actions.end_without_agreement(who, row.pk, outcome="not_reached", reason="差距太大")
    row = actions.end_without_agreement(
        who, row.pk, outcome="not_reached", reason="差距太大", remedies=["court", "arbitration"]
    )
    matter = Matter.objects.get(pk=row.matter_id)
    assert matter.is_open and matter.phase == "handling" and "仲裁" in matter.progress
    assert row.remedies == ["arbitration", "court"]
    again = actions.open_mediation(head(), row.matter_id, body_id=unit("gc02_mc").pk, source="court")
    assert again.pk != row.pk


def test_names_do_not_stand_in_texts_that_are_not_sealed(lijiang: None) -> None:
    row, who = willing(), mediator()
    for text in (f"{NAME}赔偿", f"电话{PHONE}"):
        with pytest.raises(UserError) as refused:
            actions.write_terms(who, row.pk, **(AGREED | {"terms": text}))
        assert refused.value.field == "terms"
    side = row.sides.all()[0]
    with pytest.raises(UserError) as refused:
        actions.record_consent(who, row.pk, side_id=side.pk, agrees=True, note=f"{NAME}当面答复")
    assert refused.value.field == "note"
    with pytest.raises(UserError) as refused:
        actions.plan_sitting(who, row.pk, at=clock.now(), place=f"{NAME}家中")
    assert refused.value.field == "place"
    with clock.frozen(TODAY + timedelta(days=1)):
        sitting = actions.plan_sitting(who, row.pk, at=clock.now(), place="调解室")
        actions.write_sitting(who, row.pk, sitting_id=sitting.pk, tried="双方各自陈述")
        with pytest.raises(UserError):  # the work record is not written over
            actions.write_sitting(who, row.pk, sitting_id=sitting.pk, tried="另有说法")


def test_a_name_written_before_its_party_was_entered_is_taken_out(lijiang: None) -> None:
    row, who = opened(), mediator()
    late = "上官试例"
    danger = actions.record_danger(who, row.pk, what=f"{late}扬言，电话13955550166", told_to="派出所")
    side = actions.add_side(who, row.pk, side=SideGiven(NAME, PHONE))
    actions.record_consent(who, row.pk, side_id=side.pk, agrees=True, note=f"与{late}商量过")
    actions.add_side(who, row.pk, side=SideGiven(late, "13955550166"))
    danger.refresh_from_db()
    side.refresh_from_db()
    assert danger.what == "当事人乙扬言，电话当事人乙"
    assert side.note == "与当事人乙商量过"
    entry = AuditEntry.objects.filter(action="mediation.add_side").latest("pk")
    assert entry.changes["texts"] == "changed" and late not in str(entry.changes)


def test_whoever_reported_the_matter_is_not_named_either(lijiang: None) -> None:
    row = willing()
    add_reporter(head(), row.matter_id, reporter=Reporter("诸葛试例", "13955550155", "后街"))
    for text in ("诸葛试例在场", "拨打13955550155"):
        with pytest.raises(UserError, match="来件人|the reporter"):
            actions.write_terms(mediator(), row.pk, **(AGREED | {"facts": text}))


# --- after the agreement ---------------------------------------------------------------------------------------


def test_the_court_is_asked_within_thirty_days(lijiang: None) -> None:
    row, who = agreed(), mediator()
    with pytest.raises(UserError):
        actions.record_confirmation(who, row.pk, result="confirmed", on=clock.today())  # never asked
    with clock.frozen(TODAY + timedelta(days=40)), pytest.raises(UserError):
        actions.record_confirmation(who, row.pk, result="applied", on=clock.today())
    with clock.frozen(TODAY + timedelta(days=10)):
        actions.record_confirmation(who, row.pk, result="applied", on=clock.today())
    with clock.frozen(TODAY + timedelta(days=20)):
        row = actions.record_confirmation(who, row.pk, result="confirmed", on=clock.today())
        assert row.confirm_decided_on == clock.today()


def test_what_is_performed_is_not_asked_again(lijiang: None) -> None:
    row, who = agreed(), mediator()
    first = row.look_backs.all()[0]
    with pytest.raises(UserError):
        actions.record_look_back(who, row.pk, look_back_id=first.pk, result="partly")
    actions.record_look_back(who, row.pk, look_back_id=first.pk, result="partly", note="尚欠三千元")
    second = row.look_backs.all()[1]
    actions.record_look_back(who, row.pk, look_back_id=second.pk, result="performed")
    assert not row.look_backs.filter(done_on=None).exists()


def test_reminders_come_once_and_catch_up_after_a_stop(lijiang: None) -> None:
    row = agreed()
    begin = TODAY.replace(hour=7, minute=42)

    def told(first: int, last: int) -> int:
        before = Notice.objects.filter(kind="mediation").count()
        jobs.remind(begin + timedelta(days=first), begin + timedelta(days=last))
        return Notice.objects.filter(kind="mediation").count() - before

    by_day = [told(n, n + 1) for n in range(50)]
    assert sum(by_day) == 3  # ten days before the court's thirty end, and two look-backs
    assert by_day[(row.confirm_by - timedelta(days=10) - TODAY.date()).days - 1] == 1  # type: ignore[operator]
    Notice.objects.filter(kind="mediation").delete()
    assert told(0, 50) == 3


def test_the_desk_shows_what_waits_and_the_next_step(lijiang: None) -> None:
    row = willing()
    found = [item for item in items_of(mediator()) if item.url == reverse("mediation_detail", args=[row.pk])]
    assert len(found) == 1
    assert not [item for item in items_of(at("yl01_mc", "handler")) if "mediation" in item.url]


# --- people's data ---------------------------------------------------------------------------------------------


def test_a_desk_shows_the_mediations_due_first(lijiang: None, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [opened(topic="family") for _n in range(3)]
    for late, row in enumerate(rows):
        Mediation.objects.filter(pk=row.pk).update(due_on=TODAY.date() + timedelta(days=late))
    monkeypatch.setattr("shiyu.mediation.queries.desk.MOST", 2)
    monkeypatch.setattr("shiyu.desk.queries.today.MOST_MEDIATIONS", 2)
    found = desk_of(mediator())
    shown = [item.sub.split(" ")[0] for item in found.items if "mediation" in item.url]
    assert shown == [row.matter.code for row in rows[:2]]
    assert found.more_mediations and not found.more_matters
    assert "全部进行中的调解" in client_for("gc02-mc").get(reverse("desk")).content.decode()
    monkeypatch.setattr("shiyu.desk.queries.today.MOST_MEDIATIONS", 100)
    assert "全部进行中的调解" not in client_for("gc02-mc").get(reverse("desk")).content.decode()


def test_names_are_sealed_masked_and_opened_with_a_reason_on_record(lijiang: None) -> None:
    row, who = willing(), mediator()
    shown = [text for line in sides_of(row) for _label, text in line.parts]
    assert "欧**" in shown and "139****0177" in shown and NAME not in shown
    with pytest.raises(UserError):
        actions.open_sides(who, row.pk, reason="")
    with pytest.raises(NotAllowed):
        actions.open_sides(head(), row.pk, reason="看看")
    assert actions.open_sides(who, row.pk, reason="制作协议书")[0].name == NAME
    assert PartyOpening.objects.get(matter=row.matter).reason == "制作协议书"
    entries = AuditEntry.objects.filter(subject_id=row.pk)
    assert entries and not [one for one in entries if NAME in str(one.changes) or PHONE in str(one.changes)]


def test_a_reporter_becomes_the_first_side(lijiang: None) -> None:
    row = opened(reporters=[Reporter(NAME, PHONE, ADDRESS)])
    assert [line.parts[0][1] for line in sides_of(row)] == ["欧**"]
    assert actions.open_sides(mediator(), row.pk, reason="登记表")[0].phone == PHONE


def text_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read("word/document.xml").decode()


def test_the_agreement_in_word_holds_what_the_law_asks(lijiang: None) -> None:
    row = talked()
    actions.write_terms(mediator(), row.pk, **AGREED)
    row.refresh_from_db()
    sides = actions.open_sides(mediator(), row.pk, reason="签署协议")
    words = text_of(paper_of(row, "agreement", sides))
    for part in (NAME, PHONE, ADDRESS, "漏水", "赔偿数额", "主要责任", "六千元", "一次付清", "2026年9月20日", "按指印", "一式3份", row.body.name):  # fmt: skip
        assert part in words, part
    assert NAME in text_of(paper_of(row, "registration", sides))
    assert "双方各自陈述" in text_of(paper_of(row, "record", sides))


def client_for(username: str) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def test_no_page_or_export_shows_a_party(lijiang: None) -> None:
    row = agreed()
    pages = [
        reverse("mediation_detail", args=[row.pk]),
        reverse("mediation_list") + "?show=all",
        reverse("mediation_list") + "?show=all&export=xlsx",
        reverse("mediation_figures"),
        reverse("mediation_figures") + "?export=xlsx",
        reverse("mediation_coverage"),
        reverse("holder_list"),
        reverse("matter_detail", args=[row.matter_id]),
        reverse("search") + f"?q={NAME}",
        *(reverse("mediation_do", args=[row.pk, deed]) for deed in ("confirmation", "look_back", "danger")),
    ]
    for person in ("gc02-mc", "gc02-head"):
        client = client_for(person)
        for page in pages:
            answer = client.get(page)
            if (
                person == "gc02-head"
                and "/mediation/" in page
                and page.endswith(("confirmation/", "look_back/", "danger/"))
            ):
                assert answer.status_code == 403
                continue
            assert answer.status_code == 200, page
            body = b"".join(answer) if answer.streaming else answer.content
            words = body.decode(errors="ignore").replace(f'value="{NAME}"', "").replace(f"“{NAME}”", "")
            for secret in (PHONE, ADDRESS, *(() if "search" in page else (NAME,))):
                assert secret not in words, (page, secret)


def test_with_the_key_gone_the_parties_are_gone(lijiang: None) -> None:
    row = willing()
    MatterKey.objects.filter(matter=row.matter).update(wrapped="", destroyed_at=clock.now())
    assert [line.gone for line in sides_of(row)] == [True, True]
    assert [side.name for side in actions.open_sides(mediator(), row.pk, reason="核对")] == ["", ""]
    assert (
        "已按规定删除"
        in client_for("gc02-mc").get(reverse("mediation_detail", args=[row.pk])).content.decode()
    )


# --- through the pages -----------------------------------------------------------------------------------------


def test_from_the_dispute_to_the_agreement_in_the_browser(lijiang: None) -> None:
    matter = sent("gc02_mc", topic="family")
    client = client_for("gc02-mc")
    answer = client.get(reverse("mediation_new", args=[matter.pk]))
    assert "大研街道调委会" in answer.content.decode()
    body = str(unit("gc02_mc").pk)
    answer = client.post(reverse("mediation_new", args=[matter.pk]), {"body": body, "source": "applied"})
    row = Mediation.objects.get()
    assert answer.headers["Location"] == reverse("mediation_detail", args=[row.pk])
    do = lambda deed, **given: client.post(reverse("mediation_do", args=[row.pk, deed]), given)  # noqa: E731
    assert do("add_side").status_code == 422
    for name in (NAME, "端木试例"):
        assert do("add_side", name=name).status_code == 302
    today = clock.today().isoformat()
    for side in row.sides.all():
        assert do("consent", side=side.pk, agrees="yes", on=today).status_code == 302
    assert do("choose", holders=[str(own_mediator(row).pk)], by="body").status_code == 302
    assert do("plan_sitting", at_0=today, at_1="09:00", place="调解室").status_code == 302
    sitting = row.sittings.get()
    assert do("write_sitting", sitting=sitting.pk, tried=f"{NAME}陈述").status_code == 422
    assert do("write_sitting", sitting=sitting.pk, tried="甲陈述").status_code == 302
    assert do("terms", **(AGREED | {"perform_by": "2026-09-20"})).status_code == 302
    paper = reverse("mediation_paper", args=[row.pk, "agreement"])
    assert client.post(paper, {"reason": ""}).status_code == 422
    answer = client.post(paper, {"reason": "签署协议"})
    assert NAME in text_of(answer.content)
    assert do("conclude", form="written", on=today, people=2).status_code == 302
    row.refresh_from_db()
    assert row.outcome == "written"
    assert do("look_back", look_back=row.look_backs.all()[0].pk, result="performed").status_code == 302
    panel = client_for("gc02-head").get(reverse("matter_detail", args=[matter.pk])).content.decode()
    assert "达成书面协议" in panel


def test_figures_open_their_rows_and_know_no_rate_without_a_base(lijiang: None) -> None:
    agreed()
    row = opened(topic="contract")
    actions.end_without_agreement(mediator(), row.pk, outcome="withdrawn", reason="已自行和解")
    lines = {line.topic: line for line in figures_of(mediator(), stretch_of("2026-09"))}
    assert lines["family"].rate == 1 and lines["contract"].rate is None
    assert lines["contract"].counts["cases"] == 1 and lines["contract"].counts["otherwise"] == 1
    client = client_for("gc02-mc")
    page = client.get(reverse("mediation_figures") + "?period=2026-Q3").content.decode()
    assert "100.0%" in page and "—" in page
    query = f"?show=all&period=2026-09&count=successful&body={row.body_id}&topic=family"
    assert "院墙滴水" in client.get(reverse("mediation_list") + query).content.decode()
    none = client.get(reverse("mediation_list") + query.replace("family", "contract")).content.decode()
    assert row.matter.code not in none
    assert client.get(reverse("mediation_figures") + "?period=2026-Q9").status_code == 404


def test_a_pool_is_kept_by_its_body_and_the_centre_above(lijiang: None) -> None:
    body = unit("gc02_mc")
    added = actions.add_holder(head(), unit_id=body.pk, name="调解员三", role="mediator", topics=["family"])
    with pytest.raises(UserError):
        actions.add_holder(head(), unit_id=body.pk, name="调解员三", role="mediator")
    with pytest.raises(NotAllowed):
        actions.add_holder(at("yl01_mc", "handler"), unit_id=body.pk, name="调解员四", role="mediator")
    with pytest.raises(UserError):
        actions.add_holder(head(), unit_id=body.pk, name="某人", role="suspect")
    row = willing()
    busy = row.chosen.get().holder
    with pytest.raises(UserError):
        actions.end_holder(head(), busy.pk, on=clock.today())
    assert actions.end_holder(head(), added.pk, on=clock.today()).valid_to == clock.today()
    page = client_for("gc02-head").get(reverse("holder_list") + "?export=xlsx")
    assert page.status_code == 200


def test_a_person_in_a_role_has_no_score(lijiang: None) -> None:
    names = {field.name for field in RoleHolder._meta.get_fields()}
    assert not names & {"score", "grade", "rate", "rating", "success", "points"}


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_pages_cost_the_same_with_more_rows(lijiang: None) -> None:
    first, client = willing(), client_for("gc02-mc")
    addresses = [reverse("mediation_list"), reverse("mediation_list") + "?export=xlsx", reverse("desk")]
    few = [queries_of(client, address) for address in addresses]
    for topic in ("contract", "damages", "other"):
        willing(topic=topic)
    many = [queries_of(client, address) for address in addresses]
    assert all(later <= before for later, before in zip(many, few, strict=True))
    assert queries_of(client, reverse("mediation_detail", args=[first.pk])) <= 40
    assert queries_of(client, reverse("mediation_coverage")) <= 40


# --- the demo --------------------------------------------------------------------------------------------------


def test_the_demos_mediations_stand_in_every_stage(lijiang: None) -> None:
    material = read_material(LIJIANG)
    agenda = Agenda(TODAY, current_calendar())
    with clock.frozen(TODAY - timedelta(days=90)):
        centres = Centres(agenda, Cast(), material, random.Random(1))
    Mediations(centres).schedule()
    agenda.run()
    rows = list(with_parts(Mediation.objects.all()))
    assert 12 <= len(rows) <= 20
    assert {row.outcome for row in rows} >= {"", "written", "oral", "refused", "not_reached", "withdrawn"}
    deeds = {step.deed for row in rows if (step := next_of(row))}
    assert deeds >= {"police", "consent", "choose", "write_sitting", "terms", "conclude", "remedies", "confirmation", "look_back"}  # fmt: skip
    assert any(row.confirm_result == "confirmed" for row in rows)
