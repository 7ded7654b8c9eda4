"""The meeting pack: the same bytes from the same locked month, numbers that equal a slow recount, whole documents."""

import hashlib
import io
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import override
from docx import Document as open_word
from openpyxl import load_workbook

from shiyu.briefs.actions import make_pack
from shiyu.briefs.models import MeetingPack
from shiyu.briefs.queries import meeting_pack_files
from shiyu.briefs.queries.annexes import (
    answered,
    lines_in_words,
    overdue_annex,
    problem_annex,
    task_annex,
)
from shiyu.briefs.queries.circular import circular
from shiyu.briefs.queries.locked import month_facts, next_month
from shiyu.briefs.queries.pages import archive_bytes
from shiyu.briefs.tests.conftest import ASKED, CODE, DISPUTE, Month, actor, at, unit
from shiyu.documents.word import Paragraph, count_characters
from shiyu.letters.actions import register_instruction, reply_instruction
from shiyu.letters.models import Instruction
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.matters.models import Matter
from shiyu.meetings.models import Decision
from shiyu.packs.models import PackVersion
from shiyu.people.models import Unit
from shiyu.periods.actions import unlock_period
from shiyu.periods.models import Figure, Period
from shiyu.plans.actions.locking import lock_month
from shiyu.plans.models import Duty, ReportEntry

CIRCULAR = "01通报.docx"


def words_of(content: bytes) -> str:
    """All text of a Word file, tables too."""
    word = open_word(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])


def test_the_pack_holds_every_document(month: Month) -> None:
    files = meeting_pack_files(CODE)
    lists = [
        f"02三张清单/{name}.{kind}"
        for name in ("责任清单", "进度清单", "问题清单")
        for kind in ("docx", "xlsx")
    ]
    slips = [
        f"05各单位/{at}{unit(code).name}.docx"
        for at, code in enumerate(("justice", "education", "safety", "east", "west"), start=1)
    ]
    rest = [CIRCULAR, "03上次会议议定事项落实情况.docx", "04需会议研究事项.docx", "06领导批示办理情况.docx"]
    assert set(files) == {*lists, *slips, *rest}
    for path, content in files.items():
        if path.endswith(".docx"):
            assert "None" not in words_of(content) and "{{" not in words_of(content), path


def test_the_circular_names_units_and_matters_and_has_four_annexes(month: Month) -> None:
    content = meeting_pack_files(CODE)[CIRCULAR]
    text = words_of(content)
    assert "关于2026年9月工作情况的通报" in text.replace("\n", "")
    assert "示市教育局（1项）：任务3.1“校园安全”，时限2026年9月30日" in text
    assert month.late.code in text and "消防通道堵塞" in text and "示市司法局（2项）" in text
    assert [f"附件{n}" for n in range(1, 5) if f"附件{n}" not in text] == []
    heads = [[cell.text for cell in table.rows[0].cells] for table in open_word(io.BytesIO(content)).tables]
    assert heads == [
        ["序号", "单位", "承担任务数", "其中牵头", "应完成", "按期完成", "未按期完成", "按期完成率", "应报送", "迟报", "未报", "备注"],
        ["序号", "单位", "上月结转", "本月新增", "本月销号", "期末未销号", "其中逾期", "其中挂账", "备注"],
        ["序号", "责任单位", "问题编号", "具体问题", "原定时限", "逾期工作日", "原因", "下步措施及新时限", "备注"],
        ["序号", "任务/问题", "责任单位", "配合单位", "时限", "备注"],
    ]  # fmt: skip


def test_what_needs_the_meeting_and_what_became_of_decisions(month: Month) -> None:
    files = meeting_pack_files(CODE)
    needs = words_of(files["04需会议研究事项.docx"])
    assert ASKED in needs and DISPUTE in needs and month.disputed.code in needs and "消防通道堵塞" in needs
    decisions = words_of(files["03上次会议议定事项落实情况.docx"])
    assert (
        "教育局牵头清理校门周边摊点" in decisions
        and "推进中" in decisions
        and "已排查学校十所。" in decisions
    )


def test_a_slip_is_one_units_own(month: Month) -> None:
    files = meeting_pack_files(CODE)
    own = words_of(files["05各单位/2示市教育局.docx"])
    assert "校园安全" in own and "校门周边摊点" in own and "消防通道" not in own
    assert "消防通道堵塞" in words_of(files["05各单位/1示市司法局.docx"])


def instruct(title: str, *, on: date, reply_by: date | None = None, who: str = "education") -> Instruction:
    return register_instruction(
        actor("clerk"), subject=("matters.matter", Matter.objects.order_by("code")[0].pk, title), leader_post="分管副市长",
        text="请抓紧落实。", instructed_on=on, unit_id=unit(who).pk, reply_by=reply_by,
    )  # fmt: skip


def test_leaders_instructions_stand_in_the_pack_as_the_month_was_locked(open_september: object) -> None:
    with at(9, 10):
        instruct("逾期未答的", on=date(2026, 9, 9), reply_by=date(2026, 9, 20))
        told = instruct("已答的", on=date(2026, 9, 9), who="justice")
        instruct("未到期的", on=date(2026, 9, 10), reply_by=date(2026, 10, 20))
    with at(9, 15):
        reply_instruction(actor("justice"), told.pk, reply="已办结。")
    with at(10, 3):
        instruct("下月的", on=date(2026, 10, 3))
    with at(10, 8):
        lock_month(actor("head"), Period.objects.get(code=CODE).pk)
    facts = month_facts(CODE)
    assert [(row.about, answered(row)) for row in facts.instructions] == [
        ("已答的", "已反馈（2026-09-15）"), ("逾期未答的", "逾期未反馈"), ("未到期的", "办理中"),
    ]  # fmt: skip
    before = meeting_pack_files(CODE)
    text = words_of(before["06领导批示办理情况.docx"])
    assert "已办结。" in text and "逾期未反馈" in text and "分管副市长" in text and "下月的" not in text
    with at(10, 9):
        Instruction.objects.update(reply="改写", text="改写", replied_at=None)
    assert meeting_pack_files(CODE) == before
    assert not Figure.objects.filter(rows__subject_type="letters.instruction").exists()  # never scored


def test_the_circular_says_why_annex_3_has_more_lines_than_the_city_has_late_tasks(month: Month) -> None:
    facts = month_facts(CODE)
    assert lines_in_words(facts) == ""
    assert overdue_annex(facts).notes == ()
    twin = next(item for item in facts.overdue if item.kind == "task")
    shared = replace(facts, overdue=(*facts.overdue, replace(twin, unit="东县人民政府")))
    words = lines_in_words(shared)
    assert f"共{len(shared.overdue)}行" in words and "同一任务只计一次" in words
    assert overdue_annex(shared).notes == (words,)
    assert any(
        words[3:] in block.text for block in circular(shared).paragraphs if isinstance(block, Paragraph)
    )


def test_annex_numbers_equal_a_slow_recount(month: Month) -> None:
    facts = month_facts(CODE)
    tasks = {row[1]: row for row in task_annex(facts).rows}
    problems = {row[1]: row for row in problem_annex(facts).rows}
    duties = list(
        Duty.objects.filter(task__edition__superseded_on=None).exclude(task=None).select_related("task")
    )
    entries = list(ReportEntry.objects.select_related("report"))
    last = date(2026, 9, 30)
    for one in Unit.objects.filter(code__in=["justice", "education", "safety", "east", "west"]):
        own = [duty for duty in duties if duty.unit_id == one.pk]
        due = [d for d in own if d.role == "lead" and d.due_on and d.due_on <= last]
        done = [d for d in due if d.done_on and d.done_on <= d.due_on]
        reports = [entry for entry in entries if entry.report.unit_id == one.pk]
        missing = [entry for entry in reports if entry.report.first_submitted_at is None]
        rate = f"{Decimal(100 * len(done)) / len(due):g}%" if due else "—"
        assert tasks[one.name][2:11] == (
            len(own), sum(d.role == "lead" for d in own), len(due), len(done), len(due) - len(done), rate,
            len(reports), 0, len(missing),
        ), one.name  # fmt: skip
        led = [m for m in (month.late, month.disputed) if m.assignments.get(role="lead").unit_id == one.pk]
        carried = [m for m in led if m is month.late]
        assert problems[one.name][2:8] == (
            len(carried), len(led) - len(carried), 0, len(led), len(carried), 0
        ), one.name  # fmt: skip
    assert [row[1] for row in task_annex(facts).rows][:5] == [
        "示市司法局", "示市教育局", "示市应急管理局", "东县人民政府", "西县人民政府",
    ]  # fmt: skip


def test_two_runs_give_the_same_bytes_whatever_happened_since(month: Month) -> None:
    before = meeting_pack_files(CODE)
    assert meeting_pack_files(CODE) == before
    with at(11, 2):
        Matter.objects.filter(pk=month.late.pk).update(reopened=1, text="改写", due_at=None)
        Unit.objects.filter(code="education").update(name="改名后的局", short_name="改名", protocol_order=1)
        Duty.objects.update(done_on=date(2026, 9, 1), due_on=date(2026, 1, 1))
        Decision.objects.update(done_on=date(2026, 9, 1), text="改写")
        newest = PackVersion.objects.order_by("-in_force_since").first()
        content = newest.content.replace("现将", "改写现将")
        PackVersion.objects.create(code="example", version="2", digest="0" * 64, content=content)
        with override("en"):
            after = meeting_pack_files(CODE)
    assert [path for path in before if after[path] != before[path]] == []
    assert list(after) == list(before)


def test_a_month_that_is_not_locked_or_not_there_is_refused(open_september: object) -> None:
    with pytest.raises(UserError, match=CODE):
        meeting_pack_files(CODE)
    with pytest.raises(UserError, match="2031-01"):
        meeting_pack_files("2031-01")
    with pytest.raises(UserError):
        make_pack(actor("head"), Period.objects.get(code=CODE).pk)
    assert MeetingPack.objects.count() == 0


def test_make_pack_keeps_the_archive_once(month: Month) -> None:
    first = make_pack(actor("clerk"), month.period.pk)
    with at(11, 3):
        again = make_pack(actor("head"), month.period.pk)
    assert first.pk == again.pk and MeetingPack.objects.count() == 1
    with zipfile.ZipFile(io.BytesIO(archive_bytes(first))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == meeting_pack_files(CODE)
    assert hashlib.sha256(archive_bytes(first)).hexdigest() == first.sha256 == first.document.file.sha256
    assert 0 < first.characters <= 4000


def test_another_locking_makes_another_pack_and_the_old_one_stays(month: Month) -> None:
    first = make_pack(actor("clerk"), month.period.pk)
    with at(10, 9):
        unlock_period(actor("head"), month.period.pk, "补收迟报")
        with pytest.raises(UserError):
            make_pack(actor("clerk"), month.period.pk)
        Matter.objects.filter(pk=month.late.pk).update(title="改题", text="改题。")
        lock_month(actor("head"), month.period.pk)
        second = make_pack(actor("clerk"), month.period.pk)
    assert second.sha256 != first.sha256 and MeetingPack.objects.count() == 2


def test_units_may_neither_make_nor_see_it(month: Month) -> None:
    with pytest.raises(NotVisible):
        make_pack(actor("edu"), month.period.pk)
    with pytest.raises(NotAllowed):
        make_pack(actor("leader"), month.period.pk)
    assert MeetingPack.objects.count() == 0


def test_workbooks_hold_the_lists_and_no_live_formula(open_september: tuple[Matter, Matter]) -> None:
    Matter.objects.filter(pk=open_september[0].pk).update(text='=HYPERLINK("x")')
    with at(10, 8):
        lock_month(actor("head"), Period.objects.get(code=CODE).pk)
    content = meeting_pack_files(CODE)["02三张清单/问题清单.xlsx"]
    cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
    assert '=HYPERLINK("x")' in [cell.value for cell in cells]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert "具体问题" in [cell.value for cell in cells]


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31)),
        (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 31)),
        (date(2028, 1, 31), date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_next_month(day: date, first: date, last: date) -> None:
    assert next_month(day) == (first, last)


def test_towns_stand_in_one_row_and_are_named_by_number_where_the_text_grows_too_long(month: Month) -> None:
    facts = month_facts(CODE)
    east, west = [one for one in facts.units if one.name in ("东县人民政府", "西县人民政府")]
    others = tuple(one for one in facts.units if one not in (east, west))
    towns = (*others, replace(east, level="town"), replace(west, level="town"))
    rows = task_annex(replace(facts, units=towns)).rows
    assert [row[1] for row in rows] == [
        "示市司法局",
        "示市教育局",
        "示市应急管理局",
        "乡镇（街道）（2个）",
        "合计",
    ]
    assert rows[3][2] == east.figures["tasks_total"] + west.figures["tasks_total"]
    late = facts.overdue[0]
    many = tuple(
        replace(late, unit=unit.name, unit_id=unit.id, text="长" * 90) for unit in towns for _ in range(20)
    )
    written = circular(replace(facts, units=towns, overdue=many))
    texts = [block.lead for block in written.paragraphs if isinstance(block, Paragraph)]
    assert "乡镇（街道）（2个，40项）：" in texts and "示市司法局（20项）：" in texts
    assert count_characters(written) <= 4000


def test_the_circular_is_refused_above_the_limit(month: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shiyu.briefs.queries.month.MonthFacts.narrative_limit", 100)
    with pytest.raises(UserError, match="100"):
        make_pack(actor("clerk"), month.period.pk)
    page = month.client("clerk").get(reverse("pack_detail", args=[month.period.pk])).content.decode()
    assert "上限 100 字" in page and "需精简" in page


def test_a_pack_without_a_circular_of_its_own_gets_the_plain_one_with_what_is_late_in_its_section(
    month: Month,
) -> None:
    written = circular(replace(month_facts(CODE), cycle=None))
    texts = [f"{block.lead}{block.text}" for block in written.paragraphs if isinstance(block, Paragraph)]
    section = texts[texts.index("四、未按期事项") : texts.index("五、下步要求")]
    assert [text.partition("（")[0] for text in section[2:]] == ["示市司法局", "示市教育局"]
    assert not any("{{" in text for text in texts)
    assert "承担任务4项，应完成2项，按期完成0项，按期完成率0%。" in texts[2]
