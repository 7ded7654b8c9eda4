"""Lists cut in SQL against a plain, slow reading of every row, filtered in Python: the same lines, whatever is asked."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiyu.lib import clock
from shiyu.matters.models import Assignment, Matter
from shiyu.matters.queries.problems import ProblemFilter, problem_rows
from shiyu.meetings.models import Decision, Meeting
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit, User
from shiyu.periods.models import Period
from shiyu.plans.actions.locking import lock_month
from shiyu.plans.models import (
    Block,
    Duty,
    DutyHolder,
    DutyProblem,
    Edition,
    Plan,
    Report,
    ReportEntry,
    Task,
)  # fmt: skip
from shiyu.plans.queries.fact_reading import task_facts
from shiyu.plans.queries.list_kept import KeptLists
from shiyu.plans.queries.list_lines import ListScope, Wanted
from shiyu.plans.queries.list_pages import LiveLists, paged_lists
from shiyu.plans.queries.lists import (
    Source,
    cut_lists,
    lists_by_unit,
    mark_of,
    source_of_lists,
)
from shiyu.plans.queries.task_facts import DutyFact, EntryFact, TaskFact
from shiyu.plans.tests.conftest import City
from shiyu.plans.tests.reporting import with_cycle

TODAY = datetime(2026, 4, 20, 10)
DAY = TODAY.date()
DAYS = [None, date(2026, 2, 10), date(2026, 4, 19), date(2026, 4, 20), date(2026, 6, 30)]
DONE = [None, None, date(2026, 3, 9), date(2026, 4, 20), date(2026, 5, 1)]
STATUSES = ["not_started", "on_track", "behind", "done"]
Choose = random.Random


# --- a city with everything lists must tell apart --------------------------------------------------------------------


def make(city: City, seed: int) -> None:
    """Two plans, one in its second edition, with split tasks, groups, holders, entries, decisions and problems."""
    choose = random.Random(seed)
    months = [a_month(number) for number in (2, 3, 4)]
    for number, kind in enumerate((Plan.Kind.RESPONSIBILITY, Plan.Kind.SUB_PLAN)):
        plan = Plan.objects.create(code=f"p{number}", title=f"方案{number}", kind=kind)
        if number == 0:
            old = an_edition(plan, 1, date(2026, 1, 5), date(2026, 3, 1))
            fill_edition(city, old, choose, months[:1])
        fill_edition(city, an_edition(plan, 2, date(2026, 3, 1), None), choose, months)
    an_edition(Plan.objects.create(code="px", title="草案", kind="sub_plan"), 1, date(2026, 5, 1), None)
    for number in range(5):
        a_decision(city, number, choose, months)
    for number in range(14):
        a_problem(city, number, choose)


def a_month(number: int) -> Period:
    starts_on = date(2026, number, 1)
    ends_on = date(2026, number + 1, 1) - timedelta(days=1)
    return Period.objects.create(
        kind="month",
        code=f"2026-{number:02d}",
        starts_on=starts_on,
        ends_on=ends_on,
        due_on=date(2026, number, 25),
    )


def an_edition(plan: Plan, number: int, issued: date, superseded: date | None) -> Edition:
    return Edition.objects.create(
        plan=plan, number=number, year=2026, state="issued", issued_on=issued, superseded_on=superseded,
        document_number=f"{plan.code}-{number}", signer="组长",
    )  # fmt: skip


def fill_edition(city: City, edition: Edition, choose: Choose, months: list[Period]) -> None:
    blocks = [
        Block.objects.create(edition=edition, code=f"b{n}", name=f"板块{n}", name_en="", position=n)
        for n in range(2)
    ]
    parents: list[Task] = []
    for at in range(8):
        parent = choose.choice([None, *parents])
        task = Task.objects.create(
            edition=edition, key=f"{edition.plan.code}k{at}", number=str(at), position=10 - at, title=f"任务{at}",
            block=choose.choice([None, *blocks]), parent=parent, measures=choose.choice(["", "查", "改到位"]),
            common=choose.choice(["", "共同要求"]), target_text=choose.choice(["", "达到100%"]),
            note=choose.choice(["", "重点"]), due_on=choose.choice(DAYS), deadline_kind="date",
            groups=choose.choice([[], ["counties"]]),
        )  # fmt: skip
        if parent is None and choose.random() < 0.5:
            parents.append(task)
        if choose.random() < 0.85:
            duties_for(city, {"task": task}, choose, months)


def duties_for(city: City, of: dict[str, Any], choose: Choose, months: list[Period]) -> None:
    codes = choose.sample(["police", "justice", "housing", "health", "east"], choose.randint(1, 4))
    for place, code in enumerate(codes):
        lead = place < choose.choice([0, 1, 1, 2])
        duty = Duty.objects.create(
            **of, unit=city.units[code], role="lead" if lead else "supporting", due_on=choose.choice(DAYS),
            done_on=choose.choice(DONE), via_group="" if lead else choose.choice(["", "counties"]),
        )  # fmt: skip
        room = city.units.get(f"{code}_room")
        if room and choose.random() < 0.6:
            person = User.objects.filter(username=f"u_{code}").first() if choose.random() < 0.5 else None
            DutyHolder.objects.create(
                duty=duty, office=room, valid_from=date(2026, 1, 1), valid_to=date(2026, 3, 14)
            )
            DutyHolder.objects.create(
                duty=duty, office=choose.choice([None, room]), person=person, valid_from=date(2026, 3, 15)
            )
        for period in months:
            report, _new = Report.objects.get_or_create(
                period=period, unit=city.units[code],
                defaults={"filled_by": f"{code}填", "first_submitted_at": choose.choice([None, clock.now()])},
            )  # fmt: skip
            if choose.random() < 0.5:
                filled = choose.random() < 0.8
                ReportEntry.objects.create(
                    report=report, duty=duty, is_filled=filled, status=choose.choice(STATUSES) if filled else "",
                    progress=f"{period.code}进展" if filled else "", total="累计",
                )  # fmt: skip


def a_decision(city: City, number: int, choose: Choose, months: list[Period]) -> None:
    meeting, _new = Meeting.objects.get_or_create(
        kind="monthly",
        title=f"第{number % 2}次会",
        unit=city.units["office"],
        held_on=date(2026, 3 + number % 2, 9),
    )
    decision = Decision.objects.create(
        meeting=meeting, number=number, text=f"议定事项{number}", lead_unit=city.units["police"],
        due_on=choose.choice(DAYS[1:]), done_on=choose.choice([None, date(2025, 12, 1), date(2026, 4, 1)]),
    )  # fmt: skip
    duties_for(city, {"decision": decision}, choose, months)


def a_problem(city: City, number: int, choose: Choose) -> None:
    closed = choose.choice([None, None, datetime(2026, 3, 3, 9), datetime(2025, 12, 3, 9)])
    held = choose.random() < 0.3
    matter = Matter.objects.create(
        code=f"WT-2026-{number:04d}", kind="problem", title=f"问题{number}", text=choose.choice(["", "现场不一致"]),
        source="review", unit=city.units["office"], phase="closed" if closed else "handling", state="handling",
        is_open=closed is None, closed_at=closed and closed.replace(tzinfo=clock.CITY_ZONE), on_books=held,
        books_review_on=date(2026, 6, 1) if held else None, books_reason="等资金" if held else "",
        due_at=choose.choice([None, clock.now() - timedelta(days=9), clock.now() + timedelta(days=9)]),
        happened_on=choose.choice([None, date(2026, 2, 1)]), received_at=clock.now() - timedelta(days=number),
    )  # fmt: skip
    codes = choose.sample(["police", "justice", "housing"], choose.randint(0, 3))
    for place, code in enumerate(codes):
        Assignment.objects.create(
            matter=matter, unit=city.units[code], role="lead" if place == 0 else "supporting",
            ended=choose.choice(["", "", "done", "returned"]), active=False, asked_at=clock.now(),
        )  # fmt: skip
    if choose.random() < 0.7:
        DutyProblem.objects.create(duty=choose.choice(list(Duty.objects.order_by("pk"))), matter=matter)


# --- the slow reading ------------------------------------------------------------------------------------------------


def slow_facts(day: date, period: Period | None, own: frozenset[Any] | None = None) -> list[TaskFact]:
    """Row by row, the words of `TaskFact` and nothing else."""
    groups = current_pack().unit_group
    facts: list[TaskFact] = []
    editions = [one for one in Edition.objects.filter(state="issued") if one.issued_on <= day]  # type: ignore[operator]
    for edition in editions:
        if edition.superseded_on and edition.superseded_on <= day:
            continue
        for task in edition.tasks.order_by("position"):
            duties = list(task.duties.order_by("unit__protocol_order", "unit__code"))
            if not duties and task.sub_tasks.exists():
                continue
            block, plan = task.block, edition.plan
            fact = TaskFact(
                id=task.pk, kind="task", key=task.key, number=task.number, title=task.title, measures=task.measures,
                common=task.parent.common if task.parent else "", block=block.name if block else "",
                block_code=block.code if block else "", block_position=block.position if block else 0,
                target=task.target_text, target_kind=task.target_kind, deadline_kind=task.deadline_kind,
                groups=[[groups[g].label.zh, groups[g].label.en] for g in task.groups], due_on=task.due_on,
                note=task.note, plan_id=plan.pk, plan=plan.title, plan_kind=plan.kind, edition_id=edition.pk,
                edition=edition.number,
            )  # fmt: skip
            fact.duties = [slow_duty(duty, task.due_on, day, period, task) for duty in duties]
            facts.append(fact)
    facts.sort(key=lambda fact: (fact.plan_kind, Plan.objects.get(pk=fact.plan_id).created_at))
    decisions = Decision.objects.filter(meeting__held_on__lte=day)
    for decision in decisions.order_by("meeting__held_on", "meeting_id", "number"):
        duties = list(decision.duties.order_by("unit__protocol_order", "unit__code"))
        if not duties or decision.done_on and decision.done_on < date(day.year, 1, 1):
            continue
        fact = TaskFact(
            id=decision.pk, kind="decision", key=f"decision:{decision.pk}", number=str(decision.number),
            title=decision.text, deadline_kind="date", due_on=decision.due_on, plan=decision.meeting.title,
            plan_kind="meeting", block_position=999,
        )  # fmt: skip
        fact.duties = [slow_duty(duty, decision.due_on, day, period, None) for duty in duties]
        facts.append(fact)
    return [fact for fact in facts if own is None or any(duty.unit_id in own for duty in fact.duties)]


def slow_duty(
    duty: Duty, due_on: date | None, day: date, period: Period | None, task: Task | None
) -> DutyFact:
    holder = next(
        (
            one
            for one in duty.holders.all()
            if one.valid_from <= day and (one.valid_to is None or one.valid_to >= day)
        ),
        None,
    )
    made = DutyFact(
        duty.pk, duty.unit_id, duty.unit.name, duty.unit.display_short, duty.unit.protocol_order, duty.role,
        duty.via_group, duty.due_on or due_on, duty.done_on, holder.office_id if holder else None,
        holder.office.display_short if holder and holder.office else "",
        holder.person.name if holder and holder.person else "",
    )  # fmt: skip
    rows = ReportEntry.objects.filter(is_filled=True, duty__unit=duty.unit)
    if task:
        rows = rows.filter(duty__task__key=task.key, duty__task__edition__plan=task.edition.plan_id)
    else:
        rows = rows.filter(duty=duty)
    told = [row for row in rows if period and row.report.period.starts_on <= period.starts_on]
    if told:
        row = max(told, key=lambda one: one.report.period.starts_on)
        left = row.report.first_submitted_at
        made.entry = EntryFact(
            row.pk, row.report_id, row.report.period.code, row.status, row.progress, row.total, "", row.issues,
            row.next_steps, row.coordination, row.no_change, row.report.filled_by, row.report.reviewed_by,
            clock.local(left).date() if left else None,
        )  # fmt: skip
    return made


def slow_source(own: frozenset[Any] | None = None, actor: Any = None) -> Source:
    period = Period.objects.get(code="2026-04")
    filters = ProblemFilter(unit_ids=own or frozenset(), since=date(2026, 1, 1), as_of=DAY, actor=actor)
    return Source(DAY, period, False, slow_facts(DAY, period, own), problem_rows(filters))


def slow_rows(source: Source, scope: ListScope, tab: str, wanted: Wanted) -> list[Any]:
    """The whole list, filtered and ordered in Python."""
    rows = list(cut_lists(source, scope).of_tab(tab))
    problems = tab == "problems"
    rows = [row for row in rows if (is_problem_wanted if problems else is_line_wanted)(row, wanted)]
    key, turned = wanted.sort.lstrip("-"), wanted.sort.startswith("-")
    if not key or key == "position":
        return rows[::-1] if turned else rows
    value = {"deadline": lambda row: row.due_on or date.max}.get(key, lambda row: getattr(row, key))
    some = [row for row in rows if value(row) or key == "status"]
    return [
        *sorted(some, key=value, reverse=turned),
        *(row for row in rows if not value(row) and key != "status"),
    ]


def is_line_wanted(row: Any, wanted: Wanted) -> bool:
    if wanted.block and wanted.block != row.block_code and (row.block_code or wanted.block != row.plan):
        return False
    if wanted.role and row.role and row.role != wanted.role:
        return False
    if wanted.mark == "open" and row.done_on or wanted.mark not in ("", "open", mark_of(row)):
        return False
    return wanted.words in f"{row.number} {row.title} {row.target} {row.note} {getattr(row, 'measures', '')}"


def is_problem_wanted(row: Any, wanted: Wanted) -> bool:
    if wanted.mark == "open" and not row.is_open or wanted.mark == "closed" and row.is_open:
        return False
    if wanted.mark == "overdue" and not row.is_overdue or wanted.mark == "on_books" and not row.on_books:
        return False
    return wanted.words in f"{row.code} {row.text} {row.measures} {row.about_label}"


# --- the comparison --------------------------------------------------------------------------------------------------


@pytest.fixture(params=[1, 2, 3])
def drawn(request: Any, city: City) -> Iterator[City]:
    with_cycle(city)
    with clock.frozen(TODAY), override("zh-hans"):
        make(city, request.param)
        yield city


UNITS = ["", "", "police", "justice", "housing", "east", "idle"]
scopes = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(UNITS),
        "office": st.sampled_from(["", "", "police_room", "justice_room"]),
        "plan": st.sampled_from(["", "", "p0", "p1"]),
        "block": st.sampled_from(["", "", "b0"]),
        "task": st.sampled_from(["", "", "", "p0k1", "p1k3", "decision"]),
    }
)
lines_wanted = st.builds(
    Wanted,
    block=st.sampled_from(["", "", "b1", "方案1", "第1次会"]),
    role=st.sampled_from(["", "", "lead", "supporting"]),
    mark=st.sampled_from(["", "open", "late", "behind", "on", "none", "done"]),
    words=st.sampled_from(["", "", "任务1", "共同", "改", "100%", "议定"]),
    sort=st.sampled_from(
        ["", "", "-position", "deadline", "-deadline", "status", "-status", "block", "-block"]
    ),
)
problems_wanted = st.builds(
    Wanted,
    mark=st.sampled_from(["", "open", "overdue", "on_books", "closed"]),
    words=st.sampled_from(["", "问题1", "不一致", "WT-2026-0003"]),
    sort=st.sampled_from(
        ["", "-position", "code", "-code", "due_on", "-due_on", "status", "closed_on", "happened_on"]
    ),
)
EVERY = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])


def scope_of(city: City, drawn: dict[str, str]) -> ListScope:
    key = drawn["task"]
    if key == "decision":
        key = f"decision:{Decision.objects.order_by('number')[0].pk}"
    return ListScope(
        unit_id=city.unit(drawn["unit"]) if drawn["unit"] else None,
        office_id=city.unit(drawn["office"]) if drawn["office"] else None,
        plan_id=Plan.objects.get(code=drawn["plan"]).pk if drawn["plan"] else None,
        block=drawn["block"],
        task_key=key,
    )


def test_a_live_page_shows_what_a_slow_reading_shows(drawn: City) -> None:
    actor, slow = drawn.actor("clerk"), slow_source()

    @EVERY
    @given(scopes, lines_wanted, problems_wanted, st.integers(0, 9))
    def same(given_scope: Any, lines: Wanted, problems: Wanted, start: int) -> None:
        scope = scope_of(drawn, given_scope)
        live = LiveLists(actor, None, scope)
        for tab, wanted in (
            ("responsibility", lines),
            ("progress", replace(lines, in_measures=False)),
            ("problems", problems),
        ):
            rows = slow_rows(slow, scope, tab, wanted)
            assert list(live.rows(tab, wanted, start, start + 7)) == rows[start : start + 7], (tab, wanted)
            assert live.count(tab, wanted) == len(rows) and live.count(tab, wanted, 2) == min(2, len(rows))
        whole = cut_lists(slow, scope).responsibility
        assert live.without_person() == sum(not row.person for row in whole)

    same()


def test_a_person_without_the_view_of_all_gets_the_own_units_lines(drawn: City) -> None:
    for name in ("police", "justice", "reader"):
        actor = drawn.actor(name)
        slow = slow_source(actor.unit_ids, actor)
        for unit in ("", "police", "housing"):
            scope = ListScope(unit_id=drawn.unit(unit) if unit else None)
            live = LiveLists(actor, None, scope)
            for tab in ("responsibility", "progress", "problems"):
                assert list(live.rows(tab)) == slow_rows(slow, scope, tab, Wanted()), (name, unit, tab)


def test_all_facts_are_those_of_a_slow_reading(drawn: City) -> None:
    period = Period.objects.get(code="2026-04")
    assert task_facts(DAY, period) == slow_facts(DAY, period)
    march = Period.objects.get(code="2026-03")
    assert task_facts(date(2026, 2, 20), march) == slow_facts(date(2026, 2, 20), march)


def test_each_units_lists_in_the_archive_are_its_own(drawn: City) -> None:
    source, slow = source_of_lists(drawn.actor("clerk")), slow_source()
    for unit, lists in lists_by_unit(source, Unit.objects.order_by("protocol_order")):
        assert lists == cut_lists(slow, ListScope(unit_id=unit.pk))


def test_a_locked_month_gives_the_pages_it_would_give_from_all_its_rows(drawn: City) -> None:
    period = Period.objects.get(code="2026-03")
    lock_month(drawn.actor("clerk"), period.pk)
    period.refresh_from_db()
    actor = drawn.actor("clerk")
    whole = source_of_lists(actor, period)

    @EVERY
    @given(scopes, lines_wanted, problems_wanted)
    def same(given_scope: Any, lines: Wanted, problems: Wanted) -> None:
        scope = scope_of(drawn, given_scope)
        kept = paged_lists(actor, period, scope)
        assert isinstance(kept, KeptLists)
        for tab, wanted in (("responsibility", lines), ("progress", lines), ("problems", problems)):
            rows = slow_rows(whole, scope, tab, wanted)
            assert list(kept.rows(tab, wanted)) == rows and kept.count(tab, wanted) == len(rows)

    same()


def test_what_the_lists_may_be_narrowed_to(drawn: City) -> None:
    slow = slow_source()
    scope = ListScope(unit_id=drawn.unit("police"))
    found = LiveLists(drawn.actor("clerk"), None, scope).choices()
    assert found.plans == {str(fact.plan_id): fact.plan for fact in slow.facts if fact.plan_id}
    assert found.blocks == {fact.block_code or fact.plan: fact.block_name or fact.plan for fact in slow.facts}
    mine = [duty for fact in slow.facts for duty in fact.duties if duty.unit_id == scope.unit_id]
    assert found.offices == {str(duty.office_id): duty.office for duty in mine if duty.office_id}


@pytest.mark.parametrize("tab", ["responsibility", "progress", "problems"])
def test_a_page_reads_its_own_rows_only(drawn: City, tab: str) -> None:
    """Three of many lines are cut out by the database, in as many queries as all take (decisions cost one more)."""

    def asked(stop: int) -> list[str]:
        with CaptureQueriesContext(connection) as caught:
            LiveLists(drawn.actor("clerk"), None, ListScope()).rows(tab, Wanted(), 0, stop)
        return [one["sql"] for one in caught.captured_queries]

    asked(1)
    few, many = asked(3), asked(40)
    assert len(many) - len(few) in (0, 1)
    assert "LIMIT 3" in " ".join(few)
