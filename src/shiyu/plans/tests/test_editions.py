"""An edition's way to being issued, what never changes after, and what differs in the next one."""

from datetime import date
from decimal import Decimal

import pytest

from shiyu.documents.models import Document
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, UserError
from shiyu.people.models import Unit
from shiyu.plans.actions.duties import hand_over_duties, hold_duty
from shiyu.plans.actions.editions import (
    draft_next_edition,
    issue_edition,
    submit_for_approval,
    take_back_edition,
)
from shiyu.plans.actions.opinions import open_round
from shiyu.plans.actions.tasks import (
    Part,
    Units,
    add_task,
    edit_task,
    link_clauses,
    remove_circumstance,
    remove_task,
    set_target,
    split_task,
    write_circumstance,
)
from shiyu.plans.models import Duty, DutyHolder, Edition, Plan, Task
from shiyu.plans.queries.desk import holders_with_duties
from shiyu.plans.queries.difference import difference
from shiyu.plans.tests.conftest import City, duty, task


def formal() -> Document:
    return Document.objects.create(
        title="正式文件",
        kind="formal",
        link="https://example.invalid/1.pdf",
        uploaded_by_id=Task().pk,
        uploaded_by_name="x",
    )


def number(serial: int) -> str:
    """A document number of this year."""
    return f"示发〔{clock.today().year}〕{serial}号"


def issue(city: City, edition: Edition) -> Edition:
    clerk = city.actor("clerk")
    submit_for_approval(clerk, edition.pk)
    return issue_edition(
        clerk,
        edition.pk,
        document_number=number(9),
        issued_on=clock.today(),
        signer="组长",
        formal_document=formal(),
    )


def led(of: Task) -> Units:
    """The same lead as another task."""
    return Units(leads=tuple(of.duties.filter(role="lead").values_list("unit_id", flat=True)))


EDITS = {
    "add": lambda a, e, t: add_task(a, e.pk, None, "99", {"title": "新"}, led(t)),
    "edit": lambda a, e, t: edit_task(a, t.pk, {"title": "改"}),
    "target": lambda a, e, t: set_target(a, t.pk, "number", value=Decimal(3), text="三次"),
    "split": lambda a, e, t: split_task(a, t.pk, "共同", [Part("甲", "", led(t)), Part("乙", "", led(t))]),
    "remove": lambda a, e, t: remove_task(a, t.pk, "不要了"),
    "clauses": lambda a, e, t: link_clauses(a, t.pk, []),
    "circumstance": lambda a, e, t: write_circumstance(a, e.pk, 1, "名", "定义"),
    "uncircumstance": lambda a, e, t: remove_circumstance(a, e.pk, 1),
    "round": lambda a, e, t: open_round(a, e.pk, date(2099, 1, 1)),
    "submit": lambda a, e, t: submit_for_approval(a, e.pk),
    "take_back": lambda a, e, t: take_back_edition(a, e.pk, "改"),
    "issue": lambda a, e, t: issue_edition(
        a, e.pk, document_number=number(1), issued_on=clock.today(), signer="组长", formal_document=formal()
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_issued_edition_refuses_every_change(city: City, issued: Edition, name: str) -> None:
    before = list(Task.objects.filter(edition=issued).order_by("pk").values())
    with pytest.raises(Conflict):
        EDITS[name](city.actor("clerk"), issued, task(issued, "t1"))
    assert list(Task.objects.filter(edition=issued).order_by("pk").values()) == before


@pytest.mark.parametrize(
    "name", ["add", "edit", "target", "split", "remove", "clauses", "circumstance", "uncircumstance"]
)
def test_a_draft_takes_the_same_changes_and_approval_stops_them(
    city: City, draft: Edition, name: str
) -> None:
    clerk = city.actor("clerk")
    with pytest.raises(NotAllowed):
        EDITS[name](city.actor("police"), draft, task(draft, "t1"))
    EDITS[name](clerk, draft, task(draft, "t1"))
    submit_for_approval(clerk, draft.pk)
    with pytest.raises(Conflict):
        EDITS[name](clerk, draft, task(draft, "t2"))


def test_issue_supersedes_and_carries_holders(city: City, issued: Edition, draft: Edition) -> None:
    police = city.actor("police")
    hold_duty(
        police, duty(issued, "t1", city.units["police"]).pk, city.unit("police_room"), city.users["police"].pk
    )
    issue(city, draft)
    issued.refresh_from_db()
    draft.refresh_from_db()
    assert issued.superseded_on == draft.issued_on
    holder = DutyHolder.objects.get(duty=duty(draft, "t1", city.units["police"]))
    assert (holder.person, holder.valid_from) == (city.users["police"], draft.issued_on)


def test_issue_needs_formal_file_number_and_a_day_not_ahead(city: City, draft: Edition) -> None:
    clerk = city.actor("clerk")
    submit_for_approval(clerk, draft.pk)
    good = {
        "document_number": number(8),
        "issued_on": clock.today(),
        "signer": "组长",
        "formal_document": formal(),
    }
    for wrong in (
        {"formal_document": None},
        {"document_number": " "},
        {"document_number": "8号"},
        {"document_number": "示发〔2019〕8号"},
        {"signer": ""},
        {"signer": "12345"},
        {"issued_on": date(2099, 1, 1)},
    ):
        with pytest.raises(UserError):
            issue_edition(clerk, draft.pk, **{**good, **wrong})
    take_back_edition(clerk, draft.pk, "领导要求改第二项")
    assert Edition.objects.get(pk=draft.pk).state == Edition.State.DRAFT


def test_brackets_of_a_number_are_put_right_and_no_number_is_taken_twice(
    city: City, issued: Edition, draft: Edition
) -> None:
    clerk = city.actor("clerk")
    submit_for_approval(clerk, draft.pk)
    head = {"issued_on": clock.today(), "signer": "组长", "formal_document": formal()}
    with pytest.raises(UserError) as refused:
        issue_edition(clerk, draft.pk, document_number=issued.document_number, **head)
    assert refused.value.field in ("document_number", "issued_on")
    other = Plan.objects.create(code="other", title="示市另一方案", kind=Plan.Kind.SUB_PLAN)
    used = {"document_number": number(9), "issued_on": clock.today(), "state": Edition.State.ISSUED}
    taken = Edition.objects.create(plan=other, number=3, year=2026, **used)
    with pytest.raises(UserError, match="示市另一方案") as refused:
        issue_edition(clerk, draft.pk, document_number=number(9), **head)
    assert refused.value.field == "document_number" and "3" in str(refused.value)
    Edition.objects.filter(pk=taken.pk).update(document_number=number(8))
    typed = number(9).replace("〔", "［").replace("〕", " ]")
    assert issue_edition(clerk, draft.pk, document_number=typed, **head).document_number == number(9)


def test_done_is_carried_only_where_nothing_else_is_asked(city: City, issued: Edition) -> None:
    year = issued.year
    for key in ("t1", "t2"):
        Duty.objects.filter(task=task(issued, key)).update(done_on=date(2026, 5, 1))
    same_year = draft_next_edition(city.actor("clerk"), issued.plan_id, year)
    edit_task(city.actor("clerk"), task(same_year, "t2").pk, {"measures": "逐单位确认，每季度核对。"})
    issue(city, same_year)
    assert {d.done_on for d in task(same_year, "t1").duties.all()} == {date(2026, 5, 1)}
    assert {d.done_on for d in task(same_year, "t2").duties.all()} == {None}
    next_year = draft_next_edition(city.actor("clerk"), issued.plan_id, year + 1)
    submit_for_approval(city.actor("clerk"), next_year.pk)
    issue_edition(
        city.actor("clerk"), next_year.pk, document_number=number(10), issued_on=clock.today(), signer="组长",
        formal_document=formal(),
    )  # fmt: skip
    assert {d.done_on for d in Duty.objects.filter(task__edition=next_year)} == {None}


def test_nobody_is_named_for_a_draft_and_history_is_not_handed_over(
    city: City, issued: Edition, draft: Edition
) -> None:
    police = city.actor("police")
    mine = duty(issued, "t1", city.units["police"])
    hold_duty(police, mine.pk, None, city.users["police"].pk)
    with pytest.raises(Conflict):
        hold_duty(police, duty(draft, "t1", city.units["police"]).pk, None, city.users["police"].pk)
    issue(city, draft)
    with pytest.raises(Conflict):
        hold_duty(police, mine.pk, None, city.users["police_two"].pk)
    assert holders_with_duties(city.units["police"]) == [(city.users["police"].pk, "示市公安局police", 1)]
    assert hand_over_duties(police, city.users["police"].pk, city.users["police_two"].pk, "轮岗") == 1
    assert mine.holders.get().person == city.users["police"]


def test_a_task_without_lead_stops_the_approval(city: City, draft: Edition) -> None:
    Duty.objects.filter(task=task(draft, "t3"), role="lead").delete()
    with pytest.raises(UserError, match="3"):
        submit_for_approval(city.actor("clerk"), draft.pk)


def test_only_one_edition_is_in_the_making(city: City, draft: Edition) -> None:
    with pytest.raises(Conflict):
        draft_next_edition(city.actor("clerk"), draft.plan_id)


def test_lz3_split_shares_common_requirements(city: City, draft: Edition) -> None:
    parts = [
        Part("校园安全", "校门防护", Units(leads=(city.unit("police"),))),
        Part("医院安全", "急诊通道", Units(leads=(city.unit("health"),))),
    ]
    made = split_task(city.actor("clerk"), task(draft, "t3").pk, "都要有检查标准", parts)
    whole = task(draft, "t3")
    assert whole.common == "都要有检查标准"
    assert [(row.number, row.title, row.parent_id) for row in made] == [
        ("3.1", "校园安全", whole.pk),
        ("3.2", "医院安全", whole.pk),
    ]
    clauses = {link.clause.number for row in made for link in row.clause_links.all()}
    assert clauses == {"2.1"}
    assert [d.unit.code for d in made[1].duties.select_related("unit")] == ["health"]
    with pytest.raises(UserError):
        split_task(city.actor("clerk"), made[0].pk, "", parts)
    with pytest.raises(UserError):
        split_task(city.actor("clerk"), task(draft, "t1").pk, "", parts[:1])


def test_lz5_difference_names_added_widened_moved_dropped_and_units(
    city: City, issued: Edition, draft: Edition
) -> None:
    clerk = city.actor("clerk")
    assert difference(issued, draft).changes == []
    edit_task(
        clerk,
        task(draft, "t1").pk,
        {"measures": "每半年研究一次，形成清单。"},
        Units(
            leads=(city.unit("justice"),),
            supporting=(city.unit("police"), city.unit("health")),
            groups=("counties",),
        ),
    )
    other = draft.blocks.get(code="risks")
    Task.objects.filter(edition=draft, key="t2").update(block=other)
    remove_task(clerk, task(draft, "t3").pk, "并入其他")
    new = add_task(clerk, draft.pk, other.pk, "4", {"title": "新任务"}, Units(leads=(city.unit("idle"),)))
    found = difference(issued, draft)
    assert {c.key: c.kinds for c in found.changes} == {
        "t1": ["widened", "units"], "t2": ["moved"], "t3": ["dropped"], new.key: ["added"]}  # fmt: skip
    changes = {(u.unit, u.how) for c in found.changes if c.key == "t1" for u in c.units}
    assert changes == {("示市司法局", "lead"), ("示市公安局", "supporting"), ("示市卫生健康委", "joined")}
    assert [c.key for c in found.for_units({city.unit("housing")})] == ["t3"]
    assert {c.key for c in found.for_units({city.unit("idle")})} == {new.key}


def test_lz5_a_merged_unit_is_followed_and_old_rows_keep_the_old_one(city: City, issued: Edition) -> None:
    heir = Unit.objects.create(code="build", name="示市住房城乡建设局", kind="department", protocol_order=55)
    old = city.units["housing"]
    old.valid_to, old.successor = date(2026, 3, 1), heir
    old.save()
    draft = draft_next_edition(city.actor("clerk"), issued.plan_id)
    assert duty(draft, "t3", heir).role == "lead"
    assert duty(issued, "t3", old).unit == old
    change = next(c for c in difference(issued, draft).changes if c.key == "t3")
    assert [(u.how, u.unit, u.was_unit) for u in change.units] == [("followed", heir.name, old.name)]


def test_lz5_two_units_merged_into_a_third_are_both_named(city: City, issued: Edition) -> None:
    """Housing and health become one, which is renamed once more before the next edition."""
    first = Unit.objects.create(code="one", name="示市民生局", kind="department", protocol_order=55)
    heir = Unit.objects.create(code="two", name="示市民生保障局", kind="department", protocol_order=55)
    for unit, successor in ((city.units["housing"], first), (city.units["health"], first), (first, heir)):
        unit.valid_to, unit.successor = date(2026, 3, 1), successor
        unit.save()
    draft = draft_next_edition(city.actor("clerk"), issued.plan_id)
    assert [(row.unit, row.role) for row in task(draft, "t3").duties.select_related("unit")] == [
        (heir, "lead")
    ]
    change = next(c for c in difference(issued, draft).changes if c.key == "t3")
    assert [(u.how, u.unit, u.was_unit) for u in change.units] == [
        ("followed", heir.name, "示市住房建设局、示市卫生健康委")
    ]


def test_the_difference_says_which_clauses_and_numbers_changed(
    city: City, issued: Edition, draft: Edition
) -> None:
    clerk, t1 = city.actor("clerk"), task(draft, "t1")
    set_target(clerk, t1.pk, "number", value=Decimal(4), unit="次", text="研究2次")
    more = task(draft, "t3").clause_links.get().clause_id
    link_clauses(clerk, t1.pk, [*t1.clause_links.values_list("clause_id", flat=True), more])
    change = next(c for c in difference(issued, draft).changes if c.key == "t1")
    assert change.kinds == ["widened"]
    assert change.texts == [("target_value", "2", "4"), ("clauses", "1.1", "1.1、2.1")]


def test_hold_and_hand_over(city: City, issued: Edition) -> None:
    police = city.actor("police")
    mine = duty(issued, "t1", city.units["police"])
    with clock.frozen(clock.now().replace(year=2026, month=3, day=1)):
        hold_duty(police, mine.pk, city.unit("police_room"), city.users["police"].pk)
        with pytest.raises(NotAllowed):
            hold_duty(city.actor("justice"), mine.pk, None, city.users["justice"].pk)
        with pytest.raises(UserError):
            hold_duty(police, mine.pk, city.unit("justice_room"), None)
        with pytest.raises(UserError):
            hold_duty(police, mine.pk, None, city.users["justice"].pk)
    with clock.frozen(clock.now().replace(year=2026, month=6, day=1)):
        with pytest.raises(UserError):
            hand_over_duties(police, city.users["police"].pk, city.users["justice"].pk, "调离")
        assert hand_over_duties(police, city.users["police"].pk, city.users["police_two"].pk, "调离") == 1
        with pytest.raises(Conflict):
            hand_over_duties(police, city.users["police"].pk, city.users["police_two"].pk, "调离")
    rows = list(mine.holders.order_by("valid_from").values_list("person__username", "valid_from", "valid_to"))
    assert rows == [
        ("u_police", date(2026, 3, 1), date(2026, 5, 31)),
        ("u_police_two", date(2026, 6, 1), None),
    ]
