# ruff: noqa: E501 — one broken place a line reads better than six lines each
"""Every kind of error names its file and line, and all of them come at once."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from shiyu.packs.check import check_folder, read_checked
from shiyu.packs.read import PackError, PackFaulty, read_folder

PACKS = Path(__file__).parents[4] / "packs"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the example to break."""
    return Path(shutil.copytree(PACKS / "example", tmp_path / "example"))


Change = Callable[[str, str, str], int]


@pytest.fixture
def change(pack: Path) -> Change:
    """Replace a piece of a file that stands there once or more; gives the line of the first place."""

    def replace(name: str, old: str, new: str) -> int:
        file = pack / name
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    return replace


def found(pack: Path) -> list[tuple[str, int, str]]:
    return [(error.file, error.line, error.message_en) for error in check_folder(pack)]


@pytest.mark.parametrize("folder", sorted(path.name for path in PACKS.iterdir() if path.is_dir()))
def test_the_packs_we_ship_have_no_errors(folder: str) -> None:
    assert [error.text("en") for error in check_folder(PACKS / folder)] == []


# --- shape -----------------------------------------------------------------------------------------------------


def test_an_unknown_noun(pack: Path, change: Change) -> None:
    line = change("month.yaml", "meeting:\n", "gathering:\n")
    assert any(
        (file, at) == ("month.yaml", line) and what.startswith("unknown key gathering (there are pack, seed,")
        for file, at, what in found(pack)
    )


def test_an_unknown_key(pack: Path, change: Change) -> None:
    line = change("problem.yaml", "    closing: verified", "    closing: verified\n    colour: red") + 1
    ((file, at, what),) = found(pack)
    assert (file, at) == ("problem.yaml", line)
    assert what.startswith("unknown key colour (there are label, number, limit,")


def test_a_missing_key_names_the_stanza(pack: Path, change: Change) -> None:
    change("problem.yaml", "    limit: {n: 30, unit: workdays}\n", "")
    assert ("problem.yaml", 10, "limit is missing") in found(pack)


def test_a_double_key(pack: Path, change: Change) -> None:
    line = change("problem.yaml", "    closing: verified", "    closing: verified\n    closing: sampling") + 1
    assert found(pack) == [("problem.yaml", line, "closing stands here twice")]


def test_a_stanza_that_stands_in_two_files(pack: Path) -> None:
    (pack / "more.yaml").write_text("role:\n  liaison: {label: {zh: 甲, en: A}, rights: [plan.view]}\n")
    line = (pack / "roles.yaml").read_text(encoding="utf-8").split("\n").index("  liaison:") + 1
    assert found(pack) == [("roles.yaml", line, "liaison stands already in more.yaml, line 2")]


def test_broken_yaml(pack: Path) -> None:
    (pack / "broken.yaml").write_text("role:\n  x: [1, 2\n")
    assert [(file, line) for file, line, _ in found(pack)] == [("broken.yaml", 2)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("codes: &a {}\nletter: *a\n", "anchors and aliases (& *) are not allowed"),
        (
            "codes: !!python/object:os.system {}\n",
            "tags are not allowed: tag:yaml.org,2002:python/object:os.system",
        ),
    ],
)
def test_tricks_of_yaml_are_refused(pack: Path, text: str, sentence: str) -> None:
    (pack / "trick.yaml").write_text(text)
    assert sentence in [message for _, _, message in found(pack)]


def test_a_word_that_is_not_in_a_closed_list(pack: Path, change: Change) -> None:
    line = change("problem.yaml", "phase: held", "phase: waiting")
    (file, at, message), *rest = found(pack)
    assert (file, at, rest) == ("problem.yaml", line, [])
    assert message == (
        "phase cannot be waiting (there are filed, accepted, handling, verifying, held, closed, refused)"
    )


def test_a_right_that_does_not_exist(pack: Path, change: Change) -> None:
    line = change("roles.yaml", "- opinion.run", "- opinion.rum")
    assert found(pack) == [("roles.yaml", line, "no such right: opinion.rum; did you mean opinion.run?")]


def test_a_verb_that_does_not_exist(pack: Path, change: Change) -> None:
    line = change("problem.yaml", "      verify: {}", "      verify: {}\n      veriffy: {}") + 1
    assert found(pack) == [("problem.yaml", line, "no such verb: veriffy; did you mean verify?")]


def test_a_label_in_one_language_only(pack: Path, change: Change) -> None:
    line = change("problem.yaml", "label: {zh: 问题, en: Problem}", "label: {zh: 问题}")
    assert found(pack) == [("problem.yaml", line, "en is missing")]


def test_a_name_a_template_does_not_have(pack: Path, change: Change) -> None:
    line = change("month.yaml", "    title: 关于{{year}}年", "    title: 关于{{yeer}}年")
    assert found(pack) == [("month.yaml", line, "the document circular has no {{yeer}}; did you mean year?")]


def test_a_template_cannot_hold_an_expression(pack: Path, change: Change) -> None:
    change("month.yaml", "    title: 关于{{year}}年", "    title: 关于{{ ''.__class__ }}年")
    (message,) = [message for _, _, message in found(pack)]
    assert message.startswith("the document circular has no {{''.__class__}} (there are city,")


PATTERN = '"{{class}}-{{year}}-{{box}}-{{n}}"'


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        (
            "pack.yaml",
            PATTERN,
            '"{{year}}-{{n}}"',
            "archive numbers need {{class}}, else classes share numbers",
        ),
        ("pack.yaml", PATTERN, '"{{class}}-{{year}}-{{unit}}-{{n}}"', "this number cannot use {{unit}}"),
        (
            "pack.yaml",
            f"{PATTERN}, digits: 3",
            '"{{class}}-{{box}}-{{n}}", restart: never',
            "need {{year}}, since boxes",
        ),
        (
            "problem.yaml",
            "示治改〔{{year}}〕{{n}}号",
            "示治改{{class}}〔{{year}}〕{{n}}号",
            "this number cannot use {{class}}",
        ),
        (
            "problem.yaml",
            "问〔{{year}}〕{{n}}号",
            "问{{unit}}〔{{year}}〕{{n}}号",
            "this number cannot use {{unit}}",
        ),
    ],
)
def test_a_number_uses_names_it_has(
    pack: Path, change: Change, name: str, old: str, new: str, sentence: str
) -> None:
    line = change(name, old, new)
    assert any(file == name and at == line and sentence in what for file, at, what in found(pack))


def test_a_number_series_without_running_number(pack: Path, change: Change) -> None:
    line = change("problem.yaml", '"问〔{{year}}〕{{n}}号"', '"问〔{{year}}〕号"')
    assert found(pack) == [("problem.yaml", line, "the pattern needs {{n}}")]


def test_errors_of_several_files_come_together(pack: Path, change: Change) -> None:
    change("problem.yaml", "phase: held", "phase: waiting")
    change("roles.yaml", "- opinion.run", "- opinion.rum")
    change("seed/units.csv", "justice,示市司法局", "Justice!,示市司法局")
    assert {file for file, _, _ in found(pack)} == {"problem.yaml", "roles.yaml", "seed/units.csv"}


def test_an_empty_folder_says_what_is_missing(tmp_path: Path) -> None:
    assert found(tmp_path) == [("pack.yaml", 1, "there is no pack.yaml")]


def test_an_error_is_told_in_both_languages() -> None:
    error = PackError("a.yaml", 3, "缺少 x", "x is missing")
    assert (error.text("zh-hans"), error.text("en")) == ("a.yaml:3: 缺少 x", "a.yaml:3: x is missing")


# --- meaning ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("problem.yaml", "sources: problem_source", "sources: nowhere", "there is no list in `codes` called nowhere (there are problem_source)"),
        ("problem.yaml", "{letter: rectification}", "{letter: nothing}", "there is no letter nothing (there are rectification, opinion_request)"),
        ("problem.yaml", "    template: rectification", "    template: nothing", "there is no template nothing (there are monthly_circular, slip, reminder, meeting_notice, meeting_minutes, opinion_letter, rectification)"),
        ("month.yaml", "circular: monthly_circular", "circular: slip", "template slip words unit_slip, not circular"),
        ("month.yaml", "    cycle: monthly", "    cycle: weekly", "there is no cycle weekly (there are monthly)"),
        ("pack.yaml", "problem_kind: problem", "problem_kind: trouble", "there is no kind trouble (there are problem)"),
        ("problem.yaml", "{role: liaison, unit: a}", "{role: nobody, unit: a}", "there is no role nobody (there are office_clerk, office_head, leader_in_charge, liaison, unit_office_head, unit_leader, county_office, system_admin, security_admin, audit_admin)"),
    ],
)  # fmt: skip
def test_a_name_that_leads_nowhere(
    pack: Path, change: Change, name: str, old: str, new: str, sentence: str
) -> None:
    line = change(name, old, new)
    assert (name, line, sentence) in found(pack)


def test_a_pack_that_could_never_close_a_matter(pack: Path, change: Change) -> None:
    change("problem.yaml", "      close: {label: {zh: 销号, en: Close}, needs: [other_hand]}\n", "")
    line = (pack / "problem.yaml").read_text(encoding="utf-8").split("\n").index("    verbs:") + 1
    sentence = "close is not on, so no matter can ever be closed"
    assert [row for row in found(pack) if "closed" in row[2]] == [("problem.yaml", line, sentence)]
    with pytest.raises(PackFaulty):
        read_checked(pack)


def test_a_check_that_nobody_may_make_means_never_closed(pack: Path) -> None:
    file = pack / "roles.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("      - matter.verify\n", ""), encoding="utf-8")
    sentences = [message for _, _, message in found(pack)]
    assert "no role has matter.verify, so nobody can verify" in sentences
    assert "a matter in verifying could never be closed: no way leads from it to a closed state" in sentences


def test_the_books_must_lead_back(pack: Path, change: Change) -> None:
    change("problem.yaml", "      take_off_books: {}\n", "")
    sentences = [message for _, _, message in found(pack)]
    assert "a matter in on_books could never be closed: no way leads from it to a closed state" in sentences
    assert "put_on_books needs take_off_books to be on as well" in sentences


def test_a_supervision_must_be_able_to_end(pack: Path, change: Change) -> None:
    change("problem.yaml", "      end_supervision: {}\n", "")
    sentences = [message for _, _, message in found(pack)]
    assert "supervise needs end_supervision to be on as well" in sentences


def test_a_state_nothing_leads_to(pack: Path, change: Change) -> None:
    line = change("problem.yaml", ", entered_by: [send_back, reopen]", "")
    assert ("problem.yaml", line, "the state reworking can never be reached") in found(pack)


def test_an_open_state_without_owner_or_limit(pack: Path, change: Change) -> None:
    line = change("problem.yaml", "phase: accepted, owner: intake, limit: {n: 2}", "phase: accepted")
    assert ("problem.yaml", line, "the open state accepted has no owner") in found(pack)
    assert ("problem.yaml", line, "the open state accepted has no limit") in found(pack)


def test_an_owner_who_can_do_nothing(pack: Path, change: Change) -> None:
    line = change("problem.yaml", "phase: held, owner: intake", "phase: held, owner: lead")
    assert ("problem.yaml", line, "the owner of on_books, lead, can do nothing to move it on") in found(pack)


def test_an_extension_that_nobody_decides(pack: Path, change: Change) -> None:
    change("problem.yaml", "      approve_extension: {}\n", "")
    assert "extend needs approve_extension to be on as well" in [message for _, _, message in found(pack)]


AIM = "      aim: {label: {zh: 整改目标, en: Aim}, type: long_text, max_length: 500}"
REPORTED = "      problems: {label: {zh: 存在问题, en: Difficulties}, type: long_text, max_length: 500}"


def test_personal_data_needs_a_key_and_an_end_for_it(pack: Path, change: Change) -> None:
    line = (
        change("problem.yaml", AIM, AIM + "\n      caller: {label: {zh: 来电人, en: Caller}, personal: true}")
        + 1
    )
    top = change("problem.yaml", "    closing: verified", "    closing: verified\n    personal: true") + 1
    assert found(pack) == [
        (
            "problem.yaml",
            top,
            "`personal: true` belongs to kinds with a reporter, whose key is destroyed after `keep`",
        ),
        (
            "problem.yaml",
            line + 1,
            "the field caller is personal data; only a kind with a reporter may have it",
        ),
    ]


def test_a_personal_field_is_a_text_given_when_it_is_filed(pack: Path, change: Change) -> None:
    change(
        "problem.yaml",
        "    closing: verified",
        "    closing: verified\n    reporter: optional\n    keep: {n: 365, unit: calendar_days}",
    )
    change(
        "problem.yaml", AIM, AIM + "\n      age: {label: {zh: 年龄, en: Age}, type: number, personal: true}"
    )
    assert [message for _, _, message in found(pack)] == [
        "the personal field age must be a text given when the matter is filed, and fill no column of a list"
    ]


def test_a_field_that_fills_a_column_of_a_list_is_a_text(pack: Path, change: Change) -> None:
    line = change("problem.yaml", AIM, "      aim: {label: {zh: 整改目标, en: Aim}, type: number}")
    assert found(pack) == [
        ("problem.yaml", line, "the field aim fills a text column of a list; its type is text or long_text")
    ]


def test_a_report_takes_no_field_of_files(pack: Path, change: Change) -> None:
    line = (
        change(
            "month.yaml", REPORTED, REPORTED + "\n      photo: {label: {zh: 附件, en: Files}, type: files}"
        )
        + 1
    )
    assert found(pack) == [
        (
            "month.yaml",
            line,
            "a report's form takes no field of files (photo); its proof has a place of its own",
        )
    ]


def test_a_length_belongs_to_texts_only(pack: Path, change: Change) -> None:
    line = (
        change(
            "problem.yaml",
            AIM,
            AIM + "\n      people: {label: {zh: 人数, en: People}, type: number, max_length: 3}",
        )
        + 1
    )
    assert ("problem.yaml", line, "`max_length` belongs to texts only") in found(pack)


def test_a_return_that_may_stay_unanswered(pack: Path, change: Change) -> None:
    line = change("problem.yaml", "      return: {limit: {n: 5}}", "      return: {}")
    assert found(pack) == [
        ("problem.yaml", line, "return needs a limit: without an answer it goes to the unit above")
    ]


def test_an_extension_nobody_can_ever_have(pack: Path, change: Change) -> None:
    change("problem.yaml", "    closing: verified", "    closing: verified\n    max_extensions: 0")
    assert "with max_extensions 0 nobody can ever extend" in [row[2] for row in found(pack)]


def test_a_check_that_cannot_fail(pack: Path, change: Change) -> None:
    change("problem.yaml", "      send_back: {}\n", "")
    assert "verify needs send_back to be on as well" in [row[2] for row in found(pack)]


def test_withdrawing_and_its_outcome_go_together(pack: Path, change: Change) -> None:
    line = change("problem.yaml", "outcomes: [done, withdrawn]", "outcomes: [done]")
    assert ("problem.yaml", line, "withdraw and the outcome withdrawn go together") in found(pack)


def test_three_administrators_stay_three(pack: Path, change: Change) -> None:
    line = change("roles.yaml", "rights: [audit.read]", "rights: [audit.read, security.manage]")
    sentence = "one role may not join two of the three administrators' rights"
    assert sentence in [message for _, at, message in found(pack) if at in (line, line - 2)]


def test_an_administrator_has_no_hand_in_the_business(pack: Path, change: Change) -> None:
    line = change("roles.yaml", "rights: [audit.read]", "rights: [audit.read, matter.close]")
    assert found(pack) == [
        ("roles.yaml", line, "an administrator's role may not hold other rights: matter.close")
    ]


def test_a_make_up_day_that_is_no_weekend(pack: Path, change: Change) -> None:
    line = change("pack.yaml", "2026-02-14", "2026-02-13")
    assert found(pack) == [("pack.yaml", line, "2026-02-13 is a weekday and cannot make up for one")]


# --- seed ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("seed/areas.csv", "990100000000,true\n990102", "990103000000,true\n990102",
         "its parent 990103000000 must stand in an earlier line"),
        ("seed/units.csv", "justice,,21", "unknown,,21", "there is no unit unknown"),
        ("seed/units.csv", "education,示市教育局", "justice,示市教育局", "code justice stands in line 3 already"),
        ("seed/aliases.csv", "office,示市治理办", "office,市司法局", "the name 市司法局 belongs to the unit justice already"),
        ("seed/members.csv", "members,safety", "counties,safety", "there is no unit_group with members: seed counties"),
        ("seed/posts.csv", "office_clerk,", "clark,", "there is no role clark"),
        ("seed/people.csv", "clerk,市治理办经办人,clerk", "clerk,市治理办经办人,clark", "there is no post clark"),
        ("seed/people.csv", "2026-01-01,,看通报", "2026-13-01,,看通报", "valid_from is no valid date or time: 2026-13-01"),
        ("seed/guidelines/national.yaml", "{number: 2.2, parent: 2,", "{number: 2.2, parent: 3,",
         "its parent 3 must stand before it"),
        ("seed/plans/year-1.yaml", "clauses: [national:2.1]", "clauses: [national:9]", "there is no clause national:9"),
        ("seed/plans/year-1.yaml", "leads: [education]", "leads: []", "task 3.1 has no lead unit"),
        ("seed/plans/year-1.yaml", "number: 3.1", "number: 3", "number 3 stands twice"),
        ("seed/plans/year-1.yaml", "supporting: [safety]", "supporting: [justice]", "the unit justice stands twice"),
        ("seed/plans/year-2.yaml", "{number: 2, document", "{number: 3, document", "the edition's number must be 2"),
    ],
)  # fmt: skip
def test_a_wrong_row_of_the_seed(
    pack: Path, change: Change, name: str, old: str, new: str, sentence: str
) -> None:
    at = change(name, old, new)
    assert (name, at, sentence) in found(pack)


def test_a_table_with_a_strange_column(pack: Path, change: Change) -> None:
    change("seed/areas.csv", "invented", "imagined")
    assert {
        ("seed/areas.csv", 1, "the header lacks invented"),
        ("seed/areas.csv", 1, "unknown column imagined"),
    } <= set(found(pack))


def test_a_seed_file_that_is_missing(pack: Path) -> None:
    (pack / "seed/aliases.csv").unlink()
    assert found(pack) == [("seed/aliases.csv", 1, "the file is missing or cannot be opened")]


# --- scenarios -------------------------------------------------------------------------------------------------


def test_a_walk_that_should_be_refused_but_passes(pack: Path, change: Change) -> None:
    line = change(
        "problem.yaml", "{by: clerk, do: accept, to: accepted}", "{by: clerk, do: accept, refused: no_right}"
    )
    assert ("problem.yaml", line, "accept passed but must be refused: no_right") in found(pack)


def test_a_walk_that_should_pass_but_is_refused(pack: Path, change: Change) -> None:
    change("problem.yaml", "      complete: {needs: [proof]}", "      complete: {needs: [proof, other_unit]}")
    assert any(
        "complete was refused for other_unit, not for acknowledge_first" in message
        for _, _, message in found(pack)
    )


def test_a_walk_that_ends_elsewhere(pack: Path, change: Change) -> None:
    line = change("problem.yaml", "with: [reason], to: reworking", "with: [reason], to: rectifying")
    assert found(pack) == [("problem.yaml", line, "send_back led to reworking, not to rectifying")]


def test_a_kind_without_walks_is_not_accepted(pack: Path) -> None:
    file = pack / "problem.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("scenario:")], encoding="utf-8")
    assert [message for _, _, message in found(pack)] == [
        "no scenario shows what is refused for a problem",
        "no scenario walks a problem to its end",
    ]


# --- reading ---------------------------------------------------------------------------------------------------


def test_what_is_written_stays_as_it_is_written(pack: Path, change: Change) -> None:
    change("seed/guidelines/national.yaml", "{number: 2.2,", "{number: 2.10,")
    (guideline,) = read_folder(pack).seeds.guidelines
    assert [clause.number for clause in guideline.row.clauses] == ["1", "1.1", "2", "2.1", "2.10"]


def test_a_good_pack_gives_its_rows() -> None:
    example = read_checked(PACKS / "example")
    assert example.pack is not None
    assert len(example.seeds.areas) == 6
    assert [plan.row.edition.number for plan in example.seeds.plans] == [1, 2]
    assert example.seeds.posts[0].row.roles == ("leader_in_charge",)


# --- ways ------------------------------------------------------------------------------------------------------


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A copy of the pack that sorts, grades and routes, to break."""
    return Path(shutil.copytree(PACKS / "lijiang", tmp_path / "lijiang"))


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("kinds/dispute.yaml", "{people: {min: 30}}", "{mood: {min: 30}}", "no such fact of a matter: mood"),
        ("kinds/dispute.yaml", 'scuffle: "true"', "scuffle: very", "scuffle can never be very"),
        ("kinds/hazard.yaml", "when: {grade: high}", "when: {grade: red}", "grade can never be red"),
        ("kinds/dispute.yaml", "      sort: {}\n", "", "the verb sort and sorting go together"),
        ("kinds/dispute.yaml", "      merge: {}\n", "", "merge and the outcome merged go together"),
        (
            "kinds/dispute.yaml",
            "      decide_competence: {}\n",
            "",
            "needs decide_competence to be on as well",
        ),
        (
            "kinds/petition.yaml",
            "kind: petition_review,",
            "kind: petition_fee,",
            "there is no kind petition_fee",
        ),
        ("competence.yaml", "topic: traffic", "topic: weather", "topic can never be weather"),
        ("competence.yaml", "group: medical_committees", "group: healers", "there is no unit_group healers"),
        ("competence.yaml", "function: gas", "function: hair", "there is no function hair"),
        ("seed/functions.csv", "mediation,own,", "hair,own,", "there is no function hair"),
        ("seed/functions.csv", "mediation,own,", "mediation,supporting,", "names its lead"),
    ],
)
def test_what_is_wrong_on_the_ways(town: Path, file: str, old: str, new: str, message: str) -> None:
    path = town / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(name == file and line > 1 and message in error for name, line, error in found(town))


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            "reporter: optional",
            "a kind with a reporter says how long their data is kept (`keep`), another one does not",
        ),
        (
            "keep: {n: 30, unit: calendar_days}",
            "a kind with a reporter says how long their data is kept (`keep`), another one does not",
        ),
        ("reporter: required\n    keep: {n: 30, unit: workdays}", "`keep` is counted in calendar_days"),
        ("reporter: optional\n    keep: {n: 30, unit: calendar_days}", ""),
    ],
)
def test_whoever_takes_peoples_data_says_how_long_it_is_kept(
    pack: Path, change: Change, said: str, message: str
) -> None:
    line = change("problem.yaml", "    closing: verified", f"    closing: verified\n    {said}") + 1
    line += said.count("\n")
    assert found(pack) == ([("problem.yaml", line, message)] if message else [])
