# ruff: noqa: E501 — one broken place a line reads better than six lines each
"""What somebody who writes a first kind gets wrong without noticing: each is an error, in both languages."""

import shutil
from pathlib import Path

import pytest

from shiyu.packs.check import check_folder
from shiyu.packs.read import PackError

PACKS = Path(__file__).parents[4] / "packs"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A copy of a pack that sorts, grades, routes and writes letters, to break."""
    return Path(shutil.copytree(PACKS / "lijiang", tmp_path / "lijiang"))


def broken(town: Path, name: str, old: str, new: str) -> int:
    """Replace a piece that stands in a file; gives the line of its first place."""
    file = town / name
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {name}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def the_one(town: Path) -> PackError:
    (error,) = check_folder(town)
    return error


AMOUNT = '      amount: {label: {zh: 涉及金额（万元）, en: "Money concerned (10,000 yuan)"}, type: number}'


@pytest.mark.parametrize(
    ("file", "old", "new", "zh", "en"),
    [
        # a condition over a number
        ("kinds/dispute.yaml", "{people: {min: 5, max: 9}}", "{people: 5-9}",
         "people 是数字，不能写成“5-9”；写范围：people: {min: 5, max: 9}，min 和 max 可以只写一个",
         "people is a number, not “5-9”; write a range: `people: {min: 5, max: 9}`, either end may be left out"),
        ("kinds/dispute.yaml", "{people: {min: 30}}", "{people: 30}",
         "people 是数字，不能写成“30”；写范围：people: {min: 30, max: 30}，min 和 max 可以只写一个",
         "people is a number, not “30”; write a range: `people: {min: 30, max: 30}`, either end may be left out"),
        ("kinds/dispute.yaml", "{days_open: {min: 45}}", "{days_open: 四十五天}",
         "days_open 是数字，不能写成“四十五天”；写范围：days_open: {min: 1, max: 10}，min 和 max 可以只写一个",
         "days_open is a number, not “四十五天”; write a range: `days_open: {min: 1, max: 10}`, either end may be left out"),
        ("kinds/dispute.yaml", '{scuffle: "true"}', "{scuffle: {min: 1}}",
         "scuffle 不是数字，不能写 min、max；写 scuffle: false",
         "scuffle is no number and has no min or max; write `scuffle: false`"),
        ("kinds/dispute.yaml", "{people: {min: 5, max: 9}}", "{people: {min: 9, max: 5}}",
         "max 不能小于 min", "max must not be smaller than min"),
        ("competence.yaml", "{kind: dispute, topic: traffic}", "{kind: dispute, topic: fire}",
         "topic 没有取值 fire（可用：", "topic can never be fire (there are "),
        # a field
        ("kinds/dispute.yaml", AMOUNT, AMOUNT.replace("type: number", "type: number, least: 9, most: 1"),
         "字段 amount 的 least（9）大于 most（1），什么数都填不进去",
         "`least` of the field amount (9) is above its `most` (1): no number would fit"),
        ("kinds/dispute.yaml", "      tried: {", "      level: {",
         "每个事项本来就有 level，字段换一个代码，例如 own_level",
         "every matter has level already; give the field another code, such as own_level"),
        ("kinds/dispute.yaml", "      tried: {", "      title: {",
         "每个事项本来就有 title，字段换一个代码，例如 own_title",
         "every matter has title already; give the field another code, such as own_title"),
        # the table of competence
        ("competence.yaml", "lead: {group: traffic_committees, level: county}", "lead: {group: police_stations, level: county}",
         "单位组 police_stations 没有 county 一级的单位（有：town）",
         "the unit_group police_stations has no unit of the level county (it has town)"),
        ("competence.yaml", "supporting: [{group: labour_committees, level: county}", "supporting: [{group: labour_committees, level: village}",
         "单位组 labour_committees 没有 village 一级的单位（有：county）",
         "the unit_group labour_committees has no unit of the level village (it has county)"),
        ("competence.yaml", "    when: [{kind: finding}]", "    when: [{kind: hazard, topic: road}]",
         "永远轮不到 findings：前面的 roads（competence.yaml 第", "findings is never reached: roads before it (competence.yaml, line"),
        # numbers and letters
        ("letters.yaml", "{{unit}}督〔{{year}}〕{{n}}号", "{{unit}}提〔{{ year }}〕{{n}}号",
         "编号格式与 risk_advisory（letters.yaml 第 6 行）相同，两类会出现同一个编号；换一个字头",
         "its number is written like that of risk_advisory (letters.yaml, line 6), so two would bear one number; give it words of its own"),
        ("kinds/hazard.yaml", "丽隐〔{{year}}〕{{n}}号", "丽查〔{{year}}〕{{n}}号",
         "编号格式与 finding（kinds/finding.yaml 第 5 行）相同", "its number is written like that of finding (kinds/finding.yaml, line 5)"),
        ("letters.yaml", "  supervision:\n    label: {zh: 督办书, en: Supervision notice}\n    number: {pattern: \"{{unit}}督〔{{year}}〕{{n}}号\"}\n    reply: {n: 10, unit: workdays}\n", "  supervision:\n    label: {zh: 督办书, en: Supervision notice}\n    number: {pattern: \"{{unit}}督〔{{year}}〕{{n}}号\"}\n",
         "模板 supervision 写了 {{reply_by}}，而函件 supervision 没有 reply（答复期限）", "the template supervision says {{reply_by}}, but the letter supervision has no `reply`"),
        # limits
        ("kinds/dispute.yaml", "phase: handling, owner: lead, limit: {n: 20, unit: workdays}", "phase: handling, owner: lead, limit: {n: 31, unit: workdays}",
         "状态 handling 的时限（31个工作日）比 dispute 的总时限（30个工作日）还长",
         "the state handling may last longer (31 workdays) than the whole dispute (30 workdays)"),
        ("kinds/hazard.yaml", "limit: {n: 8, unit: work_hours}", "limit: {n: 200, unit: work_hours}",
         "状态 accepted 的时限（200个工作小时）比 hazard 的总时限（20个工作日）还长",
         "the state accepted may last longer (200 work hours) than the whole hazard (20 workdays)"),
    ],
)  # fmt: skip
def test_what_would_pass_without_a_word(town: Path, file: str, old: str, new: str, zh: str, en: str) -> None:
    line = broken(town, file, old, new)
    errors = [error for error in check_folder(town) if zh in error.message_zh and en in error.message_en]
    assert [error.file for error in errors] == [file]
    assert line <= errors[0].line <= line + 1


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("kinds/dispute.yaml", "{days_open: {min: 45}}", "{days_open: 45}"),
        ("kinds/dispute.yaml", AMOUNT, AMOUNT.replace("type: number", "type: number, least: 1, most: 1")),
        ("kinds/hazard.yaml", "limit: {n: 8, unit: work_hours}", "limit: {n: 140, unit: work_hours}"),
        ("competence.yaml", "{kind: hazard, topic: road}", "{kind: hazard, topic: road, areas: {min: 2}}, {kind: hazard, topic: road}"),
        ("kinds/petition.yaml", "phase: filed, owner: intake, limit: {n: 15, unit: calendar_days}", "phase: filed, owner: intake, limit: {n: 70, unit: calendar_days}"),
    ],
)  # fmt: skip
def test_what_may_be_written(town: Path, file: str, old: str, new: str) -> None:
    broken(town, file, old, new)
    assert check_folder(town) == []


def test_a_range_that_is_wrong_is_told_once_and_without_words_of_programs(town: Path) -> None:
    line = broken(town, "kinds/dispute.yaml", "{people: {min: 5, max: 9}}", "{people: {min: 9, max: 5}}")
    assert the_one(town) == PackError(
        "kinds/dispute.yaml", line, "max 不能小于 min", "max must not be smaller than min"
    )


def test_a_kind_the_table_of_competence_forgets(town: Path) -> None:
    broken(town, "competence.yaml", "    when: [{kind: finding}]", "    when: [{kind: finding, topic: fire}]")
    sentences = [error.text("en") for error in check_folder(town)]
    assert any("no row of `competence` can hold for finding (" in sentence for sentence in sentences)
    broken(town, "kinds/finding.yaml", "      dispatch: {", "      dispatch: {on: false, ")
    sentences = [error.text("en") for error in check_folder(town)]
    assert not any("no row of `competence`" in sentence for sentence in sentences)


def test_a_row_for_everything_hides_what_follows_in_other_files_too(town: Path) -> None:
    broken(
        town,
        "competence.yaml",
        "competence:\n",
        "competence:\n  all:\n    label: {zh: 全部, en: All}\n    when: [{}]\n    lead: {group: town_governments}\n",
    )
    hidden = [error for error in check_folder(town) if "永远轮不到" in error.message_zh]
    rows = (town / "competence.yaml").read_text(encoding="utf-8").count("when: [")
    assert len(hidden) > rows - 2 and all("前面的 all" in error.message_zh for error in hidden)


@pytest.mark.parametrize("name", ["kinds/campus.yml", "campus.YAML", "campus.yaml.txt"])
def test_a_file_with_another_ending_is_named(town: Path, name: str) -> None:
    (town / name).write_text("kind: {}\n", encoding="utf-8")
    assert the_one(town) == PackError(
        name, 1, "只读取以 .yaml 结尾的文件，这个文件没有读取；请改名",
        "only files ending in .yaml are read, so this one was not; rename it",
    )  # fmt: skip
