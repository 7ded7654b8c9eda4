"""Petition items by the articles of the rules on petitions (2022): each limit, each refusal, shown as it stands."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shiyu.kernel.actor import SYSTEM
from shiyu.kernel.limits import local_day
from shiyu.kernel.objections import REASONS
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, UserError
from shiyu.matters import actions
from shiyu.matters.access import options_of, reporter_actor
from shiyu.matters.actions.parties import Reporter
from shiyu.matters.actions.recompute import recompute_clocks
from shiyu.matters.kinds import kind_of
from shiyu.matters.models import Matter, MatterLink, Party, Step
from shiyu.matters.queries.detail import matter_page
from shiyu.matters.queries.parties import progress_of
from shiyu.matters.queries.stages import StageLine, stages_of
from shiyu.packs.models import PackVersion
from tests.loading import LIJIANG, loaded_once
from tests.test_lijiang import at, unit

DAY = timedelta(days=1)
RECEIVED = datetime(2026, 3, 2, 9, tzinfo=clock.CITY_ZONE)  # a Monday
do = actions.VERB_ACTIONS
OPINION = {"request": "请求补发", "findings": "经查属实", "basis": "依据补偿方案", "conclusion": "supported"}


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with loaded_once(django_db_blocker, LIJIANG, RECEIVED):
        yield


@pytest.fixture(autouse=True)
def town(loaded: None, db: None) -> None:
    """The pack on that Monday; what a test changes is taken back."""


def filed(**more: Any) -> Matter:
    given: dict[str, Any] = {
        "kind": "petition",
        "title": "要求落实过渡费",
        "text": "过渡费少发三个月",
        "source": "visit",
        "unit_id": unit("gc02_centre").pk,
        "reporters": [Reporter("来访人", "13900000001")],
    }
    return actions.file_matter(at("gc02_centre", "centre_clerk"), **(given | more))


def sent(at_day: int = 3) -> Matter:
    """Accepted on the third day, sent on then."""
    matter, desk = filed(), at("gc02_centre", "centre_clerk")
    with clock.frozen(RECEIVED + at_day * DAY):
        actions.accept_matter(desk, matter.pk)
        return actions.dispatch_matter(desk, matter.pk, unit_id=unit("gc02_gov").pk)


def closed(matter: Matter | None = None, kind_fields: dict[str, str] | None = None) -> Matter:
    matter = matter or sent()
    officer, head = at("gc02_gov", "handler"), at("gc02_centre", "centre_head")
    with clock.frozen(RECEIVED + 4 * DAY):
        actions.acknowledge_assignment(officer, matter.pk)
        actions.complete_assignment(officer, matter.pk, result="已补发", fields=kind_fields or OPINION)
        actions.verify_matter(head, matter.pk)
        return actions.close_matter(head, matter.pk)


def stage(matter: Matter, code: str) -> StageLine:
    matter = Matter.objects.get(pk=matter.pk)
    steps = list(Step.objects.filter(matter_id=matter.pk).order_by("entered_at", "id"))
    return next(line for line in stages_of(matter, kind_of(matter), steps) if line.code == code)


def day_of(moment: datetime | None) -> str:
    return f"{clock.local(moment):%m-%d}" if moment else ""


def test_article_20_at_most_five_representatives() -> None:
    with pytest.raises(UserError, match="不能超过5"):
        filed(fields={"representatives": 6})
    assert filed(fields={"representatives": 5}).fields["representatives"] == "5"
    assert "representatives" not in filed().fields


def test_article_22_sent_on_within_fifteen_days() -> None:
    matter = filed()
    assert day_of(stage(matter, "transfer").due_at) == "03-17"
    with clock.frozen(RECEIVED + 16 * DAY):
        assert stage(matter, "transfer").is_late and "超期" in stage(matter, "transfer").words
    done = stage(sent(), "transfer")
    assert not done.is_late and day_of(done.met_at) == "03-05"


def test_article_23_told_within_fifteen_days_and_refused_with_a_remedy() -> None:
    matter, desk = filed(), at("gc02_centre", "centre_clerk")
    assert day_of(stage(matter, "notice").due_at) == "03-17"
    with pytest.raises(UserError):
        actions.refuse_matter(desk, matter.pk, reason="属诉讼事项", remedy="")
    with clock.frozen(RECEIVED + 20 * DAY):
        actions.refuse_matter(desk, matter.pk, reason="属诉讼事项", remedy="向人民法院起诉")
        late = stage(matter, "notice")
        assert late.is_late and day_of(late.met_at) == "03-22"
    told = progress_of(Party.objects.get(matter=matter))
    assert told.refusal == "属诉讼事项" and told.remedy == "向人民法院起诉"
    assert {line.code for line in told.stages} >= {"notice", "transfer", "handling", "review"}


def test_article_23_five_workdays_to_object_and_only_with_consent() -> None:
    matter, officer = sent(), at("gc02_gov", "handler")  # sent on Thursday the 5th
    with clock.frozen(RECEIVED + 10 * DAY):  # Thursday the 12th, the fifth workday
        actions.return_assignment(officer, matter.pk, reason="属县级职责")
        held = matter.assignments.get()
        assert held.active, "without the sender's consent it stays"
        actions.consent_return(at("gc02_centre", "centre_clerk"), matter.pk)
    assert not matter.assignments.filter(active=True).exists()
    other = sent()
    with clock.frozen(RECEIVED + 11 * DAY):
        with pytest.raises(NotAllowed, match="提出异议的期限已过"):
            actions.return_assignment(officer, other.pk, reason="属县级职责")
        option = next(o for o in options_of(other, officer) if o.verb == "return")
        assert not option.allowed and REASONS["return_over"] in option.reasons
        do["dispute_competence"](officer, other.pk, reason="属县级职责")


def test_article_32_a_written_opinion_with_one_of_three_conclusions() -> None:
    matter, officer = sent(), at("gc02_gov", "handler")
    actions.acknowledge_assignment(officer, matter.pk)
    for wrong in ({}, {**OPINION, "conclusion": "perhaps"}, {**OPINION, "basis": ""}):
        with pytest.raises(UserError):
            actions.complete_assignment(officer, matter.pk, result="已补发", fields=wrong)
    matter.refresh_from_db()
    assert matter.phase == "handling"
    for conclusion in ("supported", "explained", "not_supported"):
        done = closed(sent(), {**OPINION, "conclusion": conclusion})
        assert done.fields["conclusion"] == conclusion and done.fields["findings"] == "经查属实"
    shown = matter_page(at("gc02_centre", "centre_head"), done)
    assert [row.text for row in shown.fields if row.code == "conclusion"] == ["不予支持"]


def test_article_34_sixty_days_from_acceptance() -> None:
    matter = sent(at_day=10)
    accepted = RECEIVED + 10 * DAY
    assert clock.local(matter.due_at).date() == (accepted + 60 * DAY).date()  # type: ignore[arg-type]
    assert day_of(stage(matter, "handling").due_at) == day_of(matter.due_at)
    from_receipt = filed()
    assert clock.local(from_receipt.due_at).date() < clock.local(matter.due_at).date()  # type: ignore[arg-type]


def test_article_34_one_extension_of_thirty_days_told_with_its_reason() -> None:
    matter, officer, head = sent(), at("gc02_gov", "handler"), at("gc02_centre", "centre_head")
    actions.acknowledge_assignment(officer, matter.pk)
    assert matter.due_at is not None
    last = clock.local(matter.due_at).date()
    with pytest.raises(UserError, match="最长"):
        actions.ask_extension(officer, matter.pk, until=last + 35 * DAY, reason="情况复杂")
    with pytest.raises(UserError):
        actions.ask_extension(officer, matter.pk, until=last + 30 * DAY, reason="")
    actions.ask_extension(officer, matter.pk, until=last + 28 * DAY, reason="需要外省调取材料")
    actions.decide_extension(head, matter.pk, approve=True)
    with pytest.raises(NotAllowed, match="延期次数已用完"):
        actions.ask_extension(officer, matter.pk, until=last + 29 * DAY, reason="再延")
    told = progress_of(Party.objects.get(matter=matter)).extension
    assert "需要外省调取材料" in told and f"{last + 28 * DAY}" in told


def reviewed() -> tuple[Matter, Matter]:
    """A petition and the review asked for."""
    matter = closed()
    with clock.frozen(RECEIVED + 20 * DAY):
        do["ask_review"](at("gc02_centre", "centre_clerk"), matter.pk, reason="不服")
    return matter, MatterLink.objects.get(sort="review", first=matter).second


def test_article_35_thirty_days_to_ask_and_thirty_for_the_opinion() -> None:
    matter = closed()
    asked = stage(matter, "review")
    assert (
        asked.is_right and day_of(asked.due_at) == "04-07"
    )  # 30 days from 6 March end on 5 April; holidays follow
    with clock.frozen(RECEIVED + 60 * DAY):
        assert not stage(matter, "review").is_late and "届满" in stage(matter, "review").words
        with pytest.raises(NotAllowed):
            do["ask_review"](at("gc02_centre", "centre_clerk"), matter.pk, reason="不服")
    _matter, review = reviewed()
    assert review.kind == "petition_review" and review.unit.code == "gc_centre"
    assert (clock.local(review.due_at).date() - clock.local(review.received_at).date()).days in (30, 31, 32)  # type: ignore[arg-type]


def second_review() -> Matter:
    """The re-review of a petition, on its way."""
    _matter, review = reviewed()
    county = at("gc_centre", "centre_head")
    with clock.frozen(RECEIVED + 30 * DAY):
        actions.accept_matter(county, review.pk)
        actions.dispatch_matter(county, review.pk, unit_id=unit("gc_land").pk)
        officer = at("gc_land", "handler")
        actions.acknowledge_assignment(officer, review.pk)
        fields = {key: text for key, text in OPINION.items() if key != "request"}
        actions.complete_assignment(officer, review.pk, result="维持", fields=fields)
        actions.verify_matter(county, review.pk)
        actions.close_matter(county, review.pk)
        do["ask_review"](reporter_actor(Party.objects.get(matter=review)), review.pk, reason="仍不服")
    return MatterLink.objects.get(sort="review", first=review).second


def ended(second: Matter) -> Matter:
    city = at("city_centre", "city_head")
    with clock.frozen(RECEIVED + 40 * DAY):
        actions.accept_matter(city, second.pk)
        actions.dispatch_matter(city, second.pk, unit_id=unit("gc_land").pk)
        officer = at("gc_land", "handler")
        actions.acknowledge_assignment(officer, second.pk)
        fields = {key: text for key, text in OPINION.items() if key != "request"}
        actions.complete_assignment(officer, second.pk, result="维持", fields=fields)
        actions.verify_matter(city, second.pk)
        return actions.close_matter(city, second.pk)


def test_article_36_hearings_do_not_count_and_nothing_else_stops_the_clock() -> None:
    second, city = second_review(), at("city_centre", "city_head")
    with clock.frozen(RECEIVED + 40 * DAY):
        actions.accept_matter(city, second.pk)
        actions.dispatch_matter(city, second.pk, unit_id=unit("gc_land").pk)
        due = Matter.objects.get(pk=second.pk).due_at
        until = clock.today() + 7 * DAY
        with pytest.raises(UserError, match="中止事由"):
            actions.suspend_matter(city, second.pk, until=until, reason="人手不足")
        stopped = actions.suspend_matter(city, second.pk, until=until, reason="听证")
        # Thirty days end on 1 May and roll over the holiday to the 6th; seven days that do not count make it the 8th.
        assert due is not None and local_day(due) == date(2026, 5, 6)
        assert stopped.due_at is not None and local_day(stopped.due_at) == date(2026, 5, 8)


def test_articles_19_and_36_the_same_facts_are_not_accepted_after_the_second_review() -> None:
    second = second_review()
    petition = Matter.objects.get(kind="petition")
    desk = at("gc02_centre", "centre_clerk")
    with clock.frozen(RECEIVED + 41 * DAY):
        again = filed(title="再次要求落实过渡费")
        do["link"](desk, again.pk, other=petition.code)
        assert next(o for o in options_of(again, desk) if o.verb == "accept").allowed
    ended(second)
    with clock.frozen(RECEIVED + 41 * DAY):
        with pytest.raises(NotAllowed, match="复核终结"):
            actions.accept_matter(desk, again.pk)
        refused = actions.refuse_matter(desk, again.pk, reason="已复核终结", remedy="可以向人民法院咨询")
        assert refused.phase == "refused"
        assert actions.accept_matter(desk, filed(title="另一件事").pk).phase == "accepted"


def test_a_new_calendar_counts_from_acceptance_too() -> None:
    from_acceptance = sent(at_day=10)
    before = from_acceptance.due_at
    with clock.frozen(RECEIVED + 11 * DAY):
        recompute_clocks(SYSTEM, PackVersion.objects.latest("in_force_since").pk)
    from_acceptance.refresh_from_db()
    assert from_acceptance.due_at == before
