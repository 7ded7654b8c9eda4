"""The problem list, its movement over months, and the desk."""

import datetime as dt

from shiyu.lib import clock
from shiyu.matters import actions
from shiyu.matters.queries import (
    Movement,
    ProblemFilter,
    matters_for_desk,
    problem_movement,
    problem_rows,
)
from shiyu.matters.tests.city import City
from shiyu.matters.tests.test_actions import acknowledged, closed, completed, prove

OCTOBER = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
NOVEMBER = dt.date(2026, 11, 1), dt.date(2026, 11, 30)
DECEMBER = dt.date(2026, 12, 1), dt.date(2026, 12, 31)


def at(month: int, day: int):
    return clock.frozen(dt.datetime(2026, month, day, 10))


def test_problem_list_has_every_column(city: City, django_assert_max_num_queries) -> None:
    matter = city.problem(person="治污科科长", about=("plans.duty", city.water.pk, "第52项"))
    actions.note_progress(city.water_liaison, matter.pk, note="已进场")
    ended = closed(city)
    with django_assert_max_num_queries(4):  # the pack's version, matters, assignments
        rows = problem_rows(ProblemFilter(since=dt.date(2026, 11, 1)))
    assert [row.position for row in rows] == [1, 2]
    row, other = rows
    assert (row.code, row.source, row.about_label, row.lead) == (
        matter.code,
        "督查发现",
        "第52项",
        "市水务局",
    )
    assert row.supporting == ("市公安局",) and row.person == "治污科科长" and row.progress == "已进场"
    assert row.happened_on == dt.date(2026, 11, 1) and row.goal and row.measures and row.status == "in_hand"
    assert other.status == "closed" and other.verified_by == "办公室督查岗" and other.closed_on
    assert other.code == ended.code
    assert [r.code for r in problem_rows(ProblemFilter())] == [matter.code]  # closed ones need a period
    assert not problem_rows(ProblemFilter(unit_ids=frozenset({city.justice.pk})))
    assert len(problem_rows(ProblemFilter(about_ids=frozenset({city.water.pk})))) == 1
    assert not problem_rows(ProblemFilter(actor=city.stranger))


def test_on_the_books_is_still_overdue(city: City) -> None:
    matter = city.problem(due_at=dt.date(2026, 11, 6))
    actions.put_on_books(city.head, matter.pk, until=dt.date(2026, 12, 31), reason="资金")
    with at(11, 20):
        row = problem_rows(ProblemFilter())[0]
    assert (
        row.status == "on_books"
        and row.is_overdue
        and "逾期" in row.status_label
        or "overdue" in row.status_label
    )


def test_movement_adds_up_over_the_months(city: City) -> None:
    with at(10, 9):
        carried = city.problem(due_at=dt.date(2026, 10, 30), happened_on=dt.date(2026, 10, 8))
        waiting = actions.file_matter(
            city.water_liaison, kind="problem", title="未受理", text="", source="self", unit_id=city.office.pk
        )
    with at(11, 3):
        done = closed(city)
    with at(11, 5):
        books = acknowledged(city)
        actions.put_on_books(city.head, books.pk, until=dt.date(2026, 12, 31), reason="资金")
    with at(12, 2):
        actions.reopen_matter(city.other_clerk, done.pk, reason="复发")
        actions.take_off_books(city.head, books.pk, reason="资金到位")
        actions.accept_matter(city.clerk, waiting.pk)
    with at(12, 20):
        before = problem_movement(*OCTOBER)[city.water.pk]
        month = problem_movement(*NOVEMBER)[city.water.pk]
        later = problem_movement(*DECEMBER)
        only = problem_movement(*NOVEMBER, unit=city.police.pk)
    assert before.new == {carried.pk} == before.open and before.overdue == {carried.pk} and not before.carried
    assert month.carried == {carried.pk} and month.new == {done.pk, books.pk} and month.closed == {done.pk}
    assert month.open == {carried.pk, books.pk} and month.on_books == {books.pk}
    assert carried.pk in month.overdue and only == {}
    december = later[city.water.pk]
    assert december.carried == {carried.pk, books.pk} and december.new == {done.pk}
    assert not december.on_books and december.reworked == [done.pk]
    assert later[city.office.pk].new == {waiting.pk}  # accepted, nobody leads it yet
    for movement in (before, month, december):
        balance(movement)


def balance(movement: Movement) -> None:
    assert len(movement.carried) + len(movement.new) - len(movement.closed) == len(movement.open)


def test_returns_count_for_the_unit_that_now_leads(city: City) -> None:
    matter = city.problem()
    actions.return_assignment(city.water_liaison, matter.pk, reason="属司法局职责")
    actions.consent_return(city.clerk, matter.pk, unit_id=city.justice.pk)
    moved = problem_movement(*NOVEMBER)
    assert set(moved) == {city.justice.pk} and moved[city.justice.pk].returned == [matter.pk]


def verbs(city: City, who: str) -> list[str]:
    return [item.verb for item in matters_for_desk(getattr(city, who))]


def test_the_desk_shows_each_person_the_next_step(city: City, django_assert_max_num_queries) -> None:
    matter = city.problem()
    assert verbs(city, "water_liaison") == ["acknowledge"] == verbs(city, "police_liaison")
    assert verbs(city, "justice_liaison") == [] == verbs(city, "stranger")
    actions.acknowledge_assignment(city.water_liaison, matter.pk)
    assert verbs(city, "water_liaison") == ["complete"]
    actions.return_assignment(city.police_liaison, matter.pk, reason="不属职责")
    assert verbs(city, "clerk") == ["consent_return"] and verbs(city, "police_liaison") == []
    assert verbs(city, "chair") == []
    with at(11, 16):
        assert verbs(city, "chair") == ["consent_return"]  # silence goes up
    actions.consent_return(city.clerk, matter.pk)
    actions.ask_extension(city.water_liaison, matter.pk, until=dt.date(2026, 12, 20), reason="雨季")
    assert verbs(city, "head") == ["approve_extension"] and verbs(city, "clerk") == []
    actions.decide_extension(city.head, matter.pk, approve=True)
    prove(matter)
    actions.complete_assignment(city.water_liaison, matter.pk, result="已封堵")
    assert verbs(city, "clerk") == ["verify"]
    actions.verify_matter(city.other_clerk, matter.pk)
    with django_assert_max_num_queries(8):
        assert verbs(city, "clerk") == ["close"]


def test_the_desk_is_in_order_of_due_time(city: City) -> None:
    late, early = city.problem(due_at=dt.date(2026, 11, 20)), city.problem(due_at=dt.date(2026, 11, 6))
    items = matters_for_desk(city.water_liaison)
    assert [item.code for item in items] == [early.code, late.code]
    assert items[0].url.startswith("/matters/") and not items[0].is_overdue and items[0].kind_label
    assert completed(city).code in {item.code for item in matters_for_desk(city.clerk)}
