"""One rule says how late a thing is, in the text, the annex and the slip; a slip asks only for what there is."""

from datetime import date

import pytest

from shiyu.briefs.queries.circular import PLAIN as CIRCULAR
from shiyu.briefs.queries.locked import month_facts
from shiyu.briefs.queries.month import Item
from shiyu.briefs.queries.slips import slip
from shiyu.briefs.tests.conftest import CODE, Month, unit
from shiyu.documents.tables import TableSpec
from shiyu.documents.word import Paragraph

END = date(2026, 5, 31)


def item(due: date, workdays: int, done: date | None = None) -> Item:
    return Item("task", "1", "做甲", None, "甲局", "", due, workdays, done_on=done, ended_on=END)


@pytest.mark.parametrize(
    ("late", "words", "cell"),
    [
        (item(date(2026, 5, 13), 12), "逾期12个工作日", 12),
        (item(date(2026, 5, 13), 5, date(2026, 5, 20)), "已于5月20日完成，逾期5个工作日", 5),
        (item(date(2026, 5, 22), 0, date(2026, 5, 23)), "已于5月23日完成，逾期不足1个工作日", "不足1"),
        (item(END, 0), "期末当日到期未完成", "期末到期"),
        (item(END, 0, date(2026, 6, 2)), "期末当日到期未完成，已于6月2日完成", "期末到期"),
        (item(date(2026, 5, 25), 4, date(2026, 6, 2)), "至期末逾期4个工作日，已于6月2日完成", 4),
    ],
)
def test_how_late_in_words(late: Item, words: str, cell: object) -> None:
    assert (late.delay, late.delay_number) == (words, cell)


def test_a_slip_names_missing_reports_and_asks_for_reasons_only_where_something_is_overdue(
    month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = CIRCULAR.model_copy(update={"body": ("概况。", "逾期事项请于{{reply_by}}前写明原因。")})
    monkeypatch.setattr("shiyu.briefs.queries.slips.template_of", lambda *_args: asking)
    facts = month_facts(CODE)
    late_units = {row.unit_id for row in facts.overdue}
    for one in facts.units:
        written = slip(facts, one)
        texts = [block.text for block in written.paragraphs if isinstance(block, Paragraph)]
        assert any("写明原因" in text for text in texts) == (one.id in late_units)
        tables = [block.title for block in written.paragraphs if isinstance(block, TableSpec)]
        own = [row for row in facts.late_reports if row.unit_id == one.id]
        assert any("迟报、未报事项" in title for title in tables) == bool(own)
    assert {row.is_missing for row in facts.late_reports if row.unit_id == unit("east").pk} == {True}
