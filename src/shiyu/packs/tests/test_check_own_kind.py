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


# --- what is said ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "zh", "en"),
    [
        ("kind:\n\ta: 1\n", 2, "行首用了 Tab", "begins with a tab"),
        ("kind:\n  a: 1\n\tb: 2\n", 3, "行首用了 Tab", "begins with a tab"),
        ("kind:\n  campus：\n    label: {zh: 甲, en: A}\n", 2, "用了全角冒号“：”", "a full-width colon “：” is used"),
        ("a:\n  label：{zh: 甲, en: A}\n", 2, "用了全角冒号“：”", "a full-width colon “：” is used"),
        ("a:\n  label: {zh: 甲，en: A}\n", 2, "用了全角逗号“，”", "a full-width comma “，” is used"),
        ("a:\n  label: ｛zh: 甲, en: A}\n", 2, "用了全角括号", "full-width brackets are used"),
        ("a:\n  label:{zh: 甲, en: A}\n", 2, "冒号后缺空格", "a blank is missing behind the colon"),
        ("a:\n  closing:verified\n  b: 1\n", 2, "冒号后缺空格", "a blank is missing behind the colon"),
        ("a: {pattern: 校〔{{year}}〕{{n}}号, digits: 3}\n", 1, "值里有 {{…}} 要加引号", "a value with {{…}} must stand in quotes"),
        ("a:\n  closing: {{office}}\n", 2, "值里有 {{…}} 要加引号", "a value with {{…}} must stand in quotes"),
        ("a: @b\n", 1, "值以特殊符号开头，要加引号", "begins with a special sign must stand in quotes"),
        ("a:\n  b: 1\n   c: 2\n", 3, "缩进与上一行不一致", "indented unlike the line before"),
        ("a:\n  b: 1\n c: 2\n", 3, "缩进与上一行不一致", "indented unlike the line before"),
        ("a: \"b\nc: 1\n", 1, "引号没有配对", "a quote is not closed"),
        ("a: [1, 2\nb: 1\n", 1, "括号没有配对", "a bracket is not closed"),
    ],
)  # fmt: skip
def test_a_slip_in_yaml_is_told_with_what_to_do(town: Path, text: str, line: int, zh: str, en: str) -> None:
    (town / "campus.yaml").write_text(text, encoding="utf-8")
    error = the_one(town)
    assert (error.file, error.line) == ("campus.yaml", line)
    assert zh in error.message_zh and en in error.message_en
    assert not any(word in error.message_zh for word in ("found", "expected", "mapping"))


DISPUTE_NUMBER = '    number: {pattern: "丽纠〔{{year}}〕{{n}}号", digits: 4}'


@pytest.mark.parametrize(
    ("file", "old", "new", "zh", "en"),
    [
        ("kinds/finding.yaml", "needs: [other_hand", "needs: [proofs",
         "needs 的第1项不能是 proofs，是不是 proof？", "item 1 of needs cannot be proofs; did you mean proof?"),
        ("kinds/dispute.yaml", "    closing: verified", "    closing: checked",
         "closing 不能是 checked（可用：verified、confirmed、sampling）", "closing cannot be checked (there are verified, confirmed, sampling)"),
        ("kinds/dispute.yaml", "    topics: dispute_topic", "    topic: dispute_topic",
         "不认识的键 topic，是不是 topics？", "unknown key topic; did you mean topics?"),
        ("kinds/dispute.yaml", "    topics: dispute_topic", "    topics: dispute_topics",
         "没有代码表 dispute_topics，是不是 dispute_topic？", "there is no list in `codes` called dispute_topics; did you mean dispute_topic?"),
        ("kinds/dispute.yaml", "type: number, required: true", "type:number, required: true",
         "不认识的键 type:number：冒号后缺空格", "unknown key type:number: a blank is missing"),
        ("kinds/dispute.yaml", "    label: {zh: 矛盾纠纷, en: Dispute}", "    label: 矛盾纠纷",
         "label 应为“键: 值”，写作 label: {zh: …, en: …}", "label must be keys with values, written `label: {zh: …, en: …}`"),
        ("kinds/hazard.yaml", "{overdue: {n: 3, unit: workdays}", "{overdue: 3",
         "overdue 应为“键: 值”，写作 overdue: {n: 2, unit: workdays}", "overdue must be keys with values, written `overdue: {n: 2, unit: workdays}`"),
        ("kinds/dispute.yaml", "      tried: {", "      此前: {",
         "代码 此前 的写法不对：只能用小写拉丁字母、数字和下划线，以字母开头", "the code 此前 is not written as it must be: small Latin letters"),
        ("competence.yaml", "group: medical_committees", "group: medical_committee",
         "没有单位组 medical_committee，是不是 medical_committees？", "there is no unit_group medical_committee; did you mean medical_committees?"),
        ("pack.yaml", "  areas: seed/areas.csv", "  areas: 区域.csv表",
         "areas 的写法不对：区域.csv表；应为城市包里的文件", "areas is not written as it must be: 区域.csv表; a file of the pack"),
        ("kinds/dispute.yaml", "{people: {min: 5, max: 9}}", "{people: {min: 五, max: 9}}",
         "min 应为数字：五", "min must be a number: 五"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_told_with_the_right_one(
    town: Path, file: str, old: str, new: str, zh: str, en: str
) -> None:
    line = broken(town, file, old, new)
    error = next(error for error in check_folder(town) if zh in error.message_zh and en in error.message_en)
    assert (error.file, error.line) == (file, line)
    assert not any(word in one.message_zh for one in check_folder(town) for word in ("tuple", "str ", " or "))


@pytest.mark.parametrize(
    ("file", "old", "new", "zh", "en"),
    [
        ("kinds/finding.yaml", "phase: verifying, owner: intake", "phase: handling, owner: intake",
         "缺少阶段 verifying（待核查）的状态，consent_return、complete 要用到它", "there is no verifying state, which "),
        ("kinds/finding.yaml", "phase: closed}", "phase: refused}",
         "缺少阶段 closed（已结案）的状态，", "there is no closed state, which "),
        ("kinds/finding.yaml", "      verify: {}\n", "",
         "closing: verified 需要启用 verify", "`closing: verified` needs verify to be on"),
        ("kinds/finding.yaml", "    verbs:\n", "    verb:\n",
         "不认识的键 verb，是不是 verbs？", "unknown key verb; did you mean verbs?"),
        ("letters.yaml", "    document: matter_letter\n", "    document: unit_slip\n",
         "文书 unit_slip 没有 {{matter_number}}；matter_letter 才有", "the document unit_slip has no {{matter_number}}; that belongs to matter_letter"),
        ("kinds/finding.yaml", "to: verifying}", "to: verify}",
         "没有状态 verify，是不是 verifying？", "there is no state verify; did you mean verifying?"),
        ("kinds/finding.yaml", "{by: desk, do: accept", "{by: desks, do: accept",
         "people 中没有 desks，是不是 desk？", "there is no desks in people; did you mean desk?"),
    ],
)  # fmt: skip
def test_the_cause_is_told_and_what_follows_from_it_is_not(
    town: Path, file: str, old: str, new: str, zh: str, en: str
) -> None:
    broken(town, file, old, new)
    error = the_one(town)
    assert zh in error.message_zh and en in error.message_en


def test_a_table_that_is_missing_is_one_error(town: Path) -> None:
    for name in ("areas", "units"):
        (town / "seed" / f"{name}.csv").rename(town / f"{name}.csv")
    assert [(error.file, error.message_en) for error in check_folder(town)] == [
        (f"seed/{name}.csv", "the file is missing or cannot be opened") for name in ("areas", "units")
    ]


def test_a_row_that_names_no_area_is_still_told(town: Path) -> None:
    broken(town, "seed/units.csv", "centre,530700000000,", "centre,530700000999,")
    assert "there is no area 530700000999" in the_one(town).message_en


def test_a_file_instead_of_the_folder(town: Path) -> None:
    (error,) = check_folder(town / "pack.yaml")
    assert error.message_zh.startswith("这是一个文件，请写城市包所在的文件夹")
    assert error.message_en.startswith("this is a file; name the pack's folder")
    assert "there is no folder" in check_folder(town / "nowhere")[0].message_en


def test_a_refused_step_says_why_in_words(town: Path) -> None:
    broken(town, "kinds/finding.yaml", "do: accept, to: accepted", "do: verify, to: accepted")
    (error,) = [error for error in check_folder(town) if "verify was refused" in error.message_en]
    assert error.message_en == (
        "verify was refused (wrong_phase): The matter is not in a state that allows this."
    )
    assert error.message_zh == "verify 被拒绝（wrong_phase）：事项目前的状态不能进行这一操作。"
