"""Which numbers of a task's text are targets, and which only look like one."""

from decimal import Decimal

import pytest

from shiyu.reading.targets import find_targets


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("新建口袋公园20个。", "20", "个"),
        ("加强阵地建设，新建社区调解室15个以上，配齐人员。", "15", "个"),
        ("群众满意度不低于90%。", "90", "%"),
        ("12345热线按期办结率达到98.5％以上", "98.5", "%"),
        ("培训网格员1.5万人次", "1.5", "万人次"),
        ("每季度至少开展1次联合检查", "1", "次"),
        ("完成老旧小区改造36处；完善台账", "36", "处"),
        ("全年化解信访积案不少于 40 件", "40", "件"),
    ],
)
def test_a_number_to_reach_is_found(text: str, value: str, unit: str) -> None:
    found = find_targets(text)
    assert [(one.value, one.unit) for one in found] == [(Decimal(value), unit)]
    assert value in found[0].text and "，" not in found[0].text


@pytest.mark.parametrize(
    "text",
    [
        "2026年12月底前完成。",
        "接到诉求后3个工作日内办结。",
        "建设第3个示范点。",
        "完善“1+5”工作体系。",
        "健全三项机制。",
        "24小时内报告。",
        "落实12345热线首办负责制。",
        "实现30日内化解。",
    ],
)
def test_dates_limits_and_names_are_no_targets(text: str) -> None:
    assert find_targets(text) == []


def test_several_targets_are_all_named() -> None:
    found = find_targets("新建充电车棚200个、改造消防通道12条，覆盖小区80个。")
    assert [(one.value, one.unit) for one in found] == [(200, "个"), (12, "条"), (80, "个")]
