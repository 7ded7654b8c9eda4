"""Luzhou's rows: what the pack makes the product do, and that taking the row's stanza out of the pack undoes it.

Each row is one function over a loaded pack. It runs twice: on the pack as it is shipped, and on copies from which a
stanza was taken; there it must fail, or the pack must be refused.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shiyu.briefs.actions import make_pack
from shiyu.briefs.queries import meeting_pack_files
from shiyu.documents.actions import attach_document, create_box, file_in_box, store_document
from shiyu.documents.queries import documents_found, documents_of
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.matters.actions import acknowledge_assignment, close_matter, complete_assignment, verify_matter
from shiyu.matters.models import Matter
from shiyu.meetings.actions import hold_meeting, plan_meeting, record_decision
from shiyu.packs.queries import current_pack
from shiyu.packs.read import PackFaulty
from shiyu.people.models import Unit, User
from shiyu.people.queries import actor_of, units_of_group
from shiyu.plans.actions.editions import draft_next_edition
from shiyu.plans.actions.imports import read_document
from shiyu.plans.actions.locking import lock_month
from shiyu.plans.actions.opinions import Given, answer_slip, close_round, decide_opinion, open_round
from shiyu.plans.actions.problems import open_problem
from shiyu.plans.actions.reports import open_month
from shiyu.plans.models import Clause, Duty, Edition, Guideline, Opinion, Plan, Task
from shiyu.plans.queries.difference import difference
from shiyu.plans.queries.lists import ListScope, cut_lists, source_of_lists
from shiyu.plans.queries.tasks import task_page
from shiyu.plans.queries.trace import blind_spots, clause_tree
from tests.conftest import ROOT
from tests.loading import loaded_once

LUZHOU = ROOT / "packs" / "luzhou"
TODAY = datetime(2026, 4, 8, 10)
pytestmark = pytest.mark.django_db
LEFT_OPEN = {"2.1.6", "3.9.5", "5.5.5"}  # on purpose, see packs/luzhou/README.md
FAILS = (AssertionError, UserError, PackFaulty, LookupError, Plan.DoesNotExist, Guideline.DoesNotExist)


def actor(username: str) -> Actor:
    return actor_of(User.objects.get(username=username))


def edition_of(plan: str, number: int | None = None) -> Edition:
    rows = Edition.objects.filter(plan__code=plan).order_by("-number")
    return rows.get(number=number) if number else rows[0]


def proof(who: Actor, name: str = "核查记录.pdf"):  # type: ignore[no-untyped-def]
    return store_document(who, upload=SimpleUploadedFile(name, name.encode()))


# --- the rows --------------------------------------------------------------------------------------------------


def lz1() -> None:
    """Two guidelines are there clause by clause, and the office may read another one in without losing a text."""
    found = {}
    for guideline in Guideline.objects.all():
        found[guideline.level] = Clause.objects.filter(guideline=guideline, is_requirement=True).count()
    assert found == {"national": 307, "provincial": 25}
    lines = ("示范指引", "一、体制", "1. 领导小组有固定人员。", "此段没有编号。", "2. 职责以书面明确。")
    read = read_document(actor("clerk"), "粘贴", "\n".join(lines)).result
    kept = "".join(part["text"] for part in [*read["items"], *read["context"]])
    for line in lines:
        assert re.sub(r"^\d\. ", "", line).rstrip("。") in kept


def lz2() -> None:
    """One plan: four blocks, 81 tasks, six circumstances each defined; blind spots name what nobody answers for."""
    edition = edition_of("resp")
    assert edition.blocks.count() == 4
    assert edition.tasks.filter(parent=None).count() == 81
    circumstances = list(edition.circumstances.all())
    assert len(circumstances) == 6
    assert all(row.definition for row in circumstances)
    spots = blind_spots(edition)
    assert {clause.number for clause in spots.clauses} == LEFT_OPEN
    assert spots.tasks == []


def lz3() -> None:
    """ "Industry safety" is cut into eight: what they share stands once, each says its own."""
    whole = Task.objects.get(edition=edition_of("resp"), key="t33")
    parts = task_page(actor("clerk"), whole).sub_tasks
    assert len(parts) == 8
    assert "共性要求" in whole.common
    assert len({part.measures for part in parts}) == 8
    assert all(part.measures and part.duties.filter(role="lead").exists() for part in parts)


def lz4() -> None:
    """A draft goes out with the numbered letter; a unit's change is declined with a reason, and both stay on record."""
    clerk = actor("clerk")
    draft = draft_next_edition(clerk, Plan.objects.get(code="resp").pk, 2027)
    round_ = open_round(clerk, draft.pk, date(2026, 4, 15))
    assert round_.letter is not None
    assert re.fullmatch(r"泸市域办函〔2026〕\d+号", round_.letter.number_text)
    assert "于2026-04-15前" in round_.letter.body or "4月15日" in round_.letter.body
    slip = round_.slips.get(unit__code="sifa")
    first = slip.opinions.order_by("task_number")[0]
    answer_slip(actor("sifa-liaison"), slip.pk, {first.pk: Given("change", "改为每季度", "与上级一致")})
    decide_opinion(clerk, first.pk, "declined", "上级要求按月")
    close_round(clerk, round_.pk)
    kept = Opinion.objects.get(pk=first.pk)
    assert (kept.reason, kept.adoption_reason) == ("与上级一致", "上级要求按月")


def lz5() -> None:
    """16 tasks added and 32 widened between the editions; 49 member units in 2020, 63 now."""
    found = difference(edition_of("resp", 1), edition_of("resp", 2))
    counts = {kind: count for kind, _label, count in found.counts()}
    assert (counts["added"], counts["widened"], counts["dropped"]) == (16, 32, 0)
    assert "t15" in {change.key for change in found.of_kind("moved")}
    assert len(units_of_group("member_units", date(2020, 6, 1))) == 49
    assert len(units_of_group("member_units", clock.today())) == 63


def lz6() -> None:
    """Each of five sub-plans has three lists of its own from the same rows; a problem stands in its plan's list only."""
    clerk = actor("clerk")
    subs = list(Plan.objects.filter(parent__code="resp"))
    assert len(subs) == 5
    assert current_pack().plan.duty_depth == "person"
    duty = Duty.objects.filter(task__edition__plan=subs[0], role="lead").first()
    assert duty is not None
    matter = open_problem(clerk, duty.pk, title="缺少台账", text="缺少台账。", source="visit").matter
    source = source_of_lists(clerk)
    for sub in subs:
        lists = cut_lists(source, ListScope(plan_id=sub.pk))
        keys = set(Task.objects.filter(edition__plan=sub).values_list("number", flat=True))
        assert {row.number for row in lists.responsibility} == keys
        assert {row.number for row in lists.progress} == keys
        assert [row.matter_id for row in lists.problems] == ([matter.pk] if sub == subs[0] else [])


def lz7() -> None:
    """Found, dispatched, put right with proof, checked by another, struck off by a third."""
    clerk, head = actor("clerk"), actor("head")
    duty = Duty.objects.get(task__edition=edition_of("resp"), task__key="t33_school", role="lead")
    matter = open_problem(
        clerk, duty.pk, title="校门防护缺失", text="两所学校缺少防护。", source="visit"
    ).matter
    liaison = actor("jiaoti-liaison")
    acknowledge_assignment(liaison, matter.pk)
    with pytest.raises(UserError):
        complete_assignment(liaison, matter.pk, result="已加装")
    attach_document(liaison, proof(liaison).pk, subject_type="matters.matter", subject_id=matter.pk)
    complete_assignment(liaison, matter.pk, result="已加装")
    with pytest.raises(UserError):
        close_matter(head, matter.pk)
    verify_matter(clerk, matter.pk)
    close_matter(head, matter.pk)
    closed = Matter.objects.get(pk=matter.pk)
    assert (closed.phase, closed.outcome) == ("closed", "done")
    assert re.fullmatch(r"泸问〔2026〕\d+号", closed.code)


def lz8() -> None:
    """A locked month gives circular, three lists and a slip a unit; a meeting's decision becomes duties."""
    clerk, head = actor("clerk"), actor("head")
    with clock.frozen(datetime(2026, 3, 3, 10)):
        period = open_month(head, "2026-03")
        office = Unit.objects.get(code="shiyuban")
        meeting = plan_meeting(
            clerk, kind="monthly", title="2月例会", unit_id=office.pk, held_on=date(2026, 3, 3)
        )
        hold_meeting(clerk, meeting.pk, minutes="研究校园安全。")
        lead = Unit.objects.get(code="jiaoti").pk
        decision = record_decision(
            clerk, meeting.pk, text="清理校门摊点", lead_unit_id=lead, due_on=date(2026, 5, 1)
        )
    assert Duty.objects.filter(decision=decision, unit_id=lead, role="lead").exists()
    lock_month(head, period.pk)
    make_pack(clerk, period.pk)
    files = meeting_pack_files("2026-03")
    assert "01通报.docx" in files
    assert sum(name.startswith("02三张清单/") for name in files) == 6
    slips = [name for name in files if name.startswith("05各单位/")]
    assert len(slips) >= 63
    assert any("市教育和体育局" in name or "教育" in name for name in slips)


def lz9() -> None:
    """Proof filed once is found under task, unit and archive number; a box's number follows the pack's pattern."""
    clerk = actor("clerk")
    archive = current_pack().archive
    assert archive is not None
    assert list(archive.classes) == ["zr", "wt", "jd", "hy", "wj"]
    task = Task.objects.get(edition=edition_of("resp"), key="t33")
    kept = proof(clerk, "行业平安台账.pdf")
    attach_document(clerk, kept.pk, subject_type="plans.task", subject_id=task.pk)
    box = create_box(clerk, class_code="zr", name="行业平安创建", year=2026)
    file_in_box(clerk, box.pk, [kept.pk])
    found = documents_of("plans.task", [task.pk])[task.pk]
    assert [document.archive_number for document in found] == ["zr-2026-0001"]
    assert kept in documents_found(clerk, "zr-2026-0001")


def lz12() -> None:
    """For each clause of the guideline: its tasks and what stands behind them; three clauses stand bare."""
    nodes = clause_tree(Guideline.objects.get(code="national"))
    wanted = [node for node in nodes if node.clause.is_requirement]
    assert len(wanted) == 307
    assert {node.clause.number for node in wanted if node.is_blind} == LEFT_OPEN
    codes = {task.edition.plan.code for node in wanted for task in node.tasks}
    assert codes == {"resp", "sub_campus", "sub_jiufen", "sub_wuye", "sub_wangge", "sub_xiaofang"}


# --- the pack as it is shipped -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Luzhou in the database, once for the module; everything is rolled back at its end."""
    with loaded_once(django_db_blocker, LUZHOU, TODAY):
        yield


@pytest.fixture
def luzhou(loaded: None, db: None, files_elsewhere: None) -> None:
    """The loaded pack; what a test changes is taken back to it (the test's own transaction is a savepoint here)."""


def test_lz1_guidelines_clause_by_clause(luzhou) -> None:
    lz1()


def test_lz2_one_plan_with_its_negative_list(luzhou) -> None:
    lz2()


def test_lz3_one_task_cut_into_eight(luzhou) -> None:
    lz3()


def test_lz4_opinions_answered_and_decided(luzhou) -> None:
    lz4()


def test_lz5_editions_and_member_units_over_the_years(luzhou) -> None:
    lz5()


def test_lz6_three_lists_of_each_sub_plan(luzhou) -> None:
    lz6()


def test_lz7_a_problem_goes_round_to_close_out(luzhou) -> None:
    lz7()


def test_lz8_a_month_is_locked_and_brought_to_the_meeting(luzhou) -> None:
    lz8()


def test_lz9_proof_in_numbered_boxes(luzhou) -> None:
    lz9()


def test_lz12_readiness_clause_by_clause(luzhou) -> None:
    lz12()


# --- and without the row's stanza -----------------------------------------------------------------------------------

Cut = Callable[[Path], None]


def without(name: str, pattern: str, put: str = "") -> Cut:
    """Takes out what `pattern` (MULTILINE, DOTALL where written) matches in a file of the pack, everywhere."""

    def cut(folder: Path) -> None:
        file = folder / name
        text, count = re.subn(pattern, put, file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert count, f"{pattern} is not in {name}"
        file.write_text(text, encoding="utf-8")

    return cut


def top(name: str, key: str) -> Cut:
    """Takes a top-level stanza out of a file."""
    return without(name, rf"^{key}:.*\n(?:(?:[ #].*)?\n)*")


STANZAS: dict[str, tuple[Callable[[], None], Cut]] = {
    "lz1_provincial_guideline": (lz1, without("seed/guidelines/provincial.yaml", r"^- \{number: 1\.1\.2, .*\n")),
    "lz1_right_to_import": (lz1, without("roles.yaml", r"^      - plan\.import\n")),
    "lz2_circumstances": (lz2, without("seed/plans/resp-e2.yaml", r"^circumstances:\n(?:- .*\n)+")),
    "lz2_a_task": (lz2, without("seed/plans/resp-e2.yaml", r"^- key: t02\n(?:  .*\n)+")),
    "lz3_common_requirements": (lz3, without("seed/plans/resp-e2.yaml", r"^  common: .*\n")),
    "lz3_sub_tasks": (lz3, without("seed/plans/resp-e2.yaml", r"^  parent: t33\n")),
    "lz4_opinion_rules": (lz4, top("pack.yaml", "opinion")),
    "lz4_right_to_answer": (lz4, without("roles.yaml", r"opinion\.answer, ")),
    "lz5_first_edition": (lz5, without("pack.yaml", r"^    - seed/plans/resp-e1\.yaml\n")),
    "lz5_dates_of_members": (lz5, without("seed/members.csv", r"^(member_units,\w+),20(?:2[1-9]).*$", r"\1,2020-01-01,")),
    "lz6_a_sub_plan": (lz6, without("pack.yaml", r"^    - seed/plans/campus-e1\.yaml\n")),
    "lz6_depth_of_duties": (lz6, without("pack.yaml", r"duty_depth: person", "duty_depth: office")),
    "lz7_the_loop": (lz7, top("kinds/problem.yaml", "kind")),
    "lz7_the_check_by_another": (lz7, without("kinds/problem.yaml", r"^      verify: \{\}\n")),
    "lz7_proof": (lz7, without("kinds/problem.yaml", r"needs: \[proof\]")),
    "lz8_cycle": (lz8, top("cycle.yaml", "cycle")),
    "lz8_meeting": (lz8, top("cycle.yaml", "meeting")),
    "lz8_circular": (lz8, without("letters.yaml", r"^  monthly_circular:\n(?:    .*\n)+")),
    "lz9_classes": (lz9, top("pack.yaml", "archive")),
    "lz9_a_class": (lz9, without("pack.yaml", r"^    wt: \{zh: 问题整改.*\n")),
    "lz12_clauses_of_tasks": (lz12, without("seed/plans/resp-e2.yaml", r"^  clauses:\n(?:  - .*\n)+")),
}  # fmt: skip


def test_every_row_is_named_in_both_halves() -> None:
    assert {name.split("_")[0] for name in STANZAS} == {f"lz{n}" for n in (*range(1, 10), 12)}
