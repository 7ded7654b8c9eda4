"""The command line: packs checked, a plan read, help in both languages, a month that is not locked."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError
from docx import Document as Word

from shiyu import cli
from shiyu.demo.database import only_demo
from shiyu.lib import clock
from shiyu.plans.actions.reports import open_month
from tests.conftest import ROOT

LINES = (
    "示市治理任务分工方案",
    "一、重点任务",
    "1. 建好治理中心。（市司法局牵头，市教育局配合，2026年9月底前）",
    "2. 排查校园安全隐患。（市教育局牵头，有关部门配合，长期坚持）",
)


def run(*arguments: object) -> int:
    """The exit code of `shiyu` with these arguments."""
    with pytest.raises(SystemExit) as left:
        cli.main([str(argument) for argument in arguments])
    return int(left.value.code or 0)


@pytest.mark.parametrize("name", ["example", "luzhou", "lijiang"])
def test_a_good_pack_has_no_errors(name, capsys) -> None:
    assert run("check-pack", ROOT / "packs" / name) == 0
    assert "没有错误 / no errors" in capsys.readouterr().out


def test_a_broken_pack_is_told_with_file_and_line(tmp_path, capsys) -> None:
    folder = Path(shutil.copytree(ROOT / "packs" / "example", tmp_path / "broken"))
    file = folder / "problem.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("owner: lead", "owner: nobody", 1), encoding="utf-8")
    line = text[: text.index("owner: lead")].count("\n") + 1
    assert run("check-pack", ROOT / "packs" / "example", folder) == 1
    told = capsys.readouterr().out
    assert f"problem.yaml:{line}: " in told
    assert "1 处错误 / 1 error\n" in told
    assert f"{ROOT / 'packs' / 'example'}: 没有错误" in told


def test_a_folder_that_is_no_pack_is_an_error_not_a_crash(tmp_path, capsys) -> None:
    assert run("check-pack", tmp_path / "nowhere") == 1
    assert "处错误" in capsys.readouterr().out


@pytest.fixture
def word_file(tmp_path) -> Path:
    word = Word()
    for line in LINES:
        word.add_paragraph(line)
    word.save(tmp_path / "方案.docx")
    return tmp_path / "方案.docx"


def test_a_plan_is_read_as_json(word_file, capsys) -> None:
    assert run("read-plan", word_file, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["title"] == LINES[0]
    first, second = found["items"]
    assert (first["leads"], first["supporting"]) == (["市司法局"], ["市教育局"])
    assert first["deadline"]["date"] == "2026-09-30"
    assert second["leads"] == ["市教育局"]
    assert "有关部门" in [
        *second["supporting"],
        *second["groups"],
        *(doubt["what"] for doubt in found["doubts"]),
    ]


def test_a_plan_is_read_for_people(word_file, capsys) -> None:
    assert run("read-plan", word_file) == 0
    told = capsys.readouterr().out
    assert "牵头 lead: 市司法局；配合 supporting: 市教育局" in told
    assert "2 项 items" in told


def test_what_is_no_document_is_refused_with_a_sentence(tmp_path, capsys) -> None:
    assert run("read-plan", tmp_path / "nothing.docx") == 2
    assert "没有这个文件 / no such file" in capsys.readouterr().err
    (tmp_path / "a.docx").write_bytes(b"not a document")
    assert run("read-plan", tmp_path / "a.docx") == 2
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 2, "one sentence in Chinese, one in English"


def test_help_names_every_command_in_chinese_and_english(capsys) -> None:
    assert run("--help") == 0
    told = capsys.readouterr().out
    for name, help_text, _, _ in cli.COMMANDS:
        assert (name in told.split()) != ("called by" in help_text)
        chinese, _, english = help_text.partition(" / ")
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese), name
        assert english.isascii(), name
        assert english, name
        assert run(name, "--help") == 0
        shown = capsys.readouterr().out
        assert name in shown
        assert "选项 / options" in shown


def test_a_wrong_command_is_told_in_both_languages(capsys) -> None:
    assert run("no-such-command") == 2
    told = capsys.readouterr().err
    assert "用法不对，请看 shiyu --help / wrong usage" in told
    assert run() == 2
    assert run("check-pack") == 2
    assert "shiyu check-pack --help" in capsys.readouterr().err


def test_the_command_runs_as_a_module_without_a_database(tmp_path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }
    done = subprocess.run(
        [sys.executable, "-m", "shiyu", "check-pack", str(ROOT / "packs" / "example")],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "no errors" in done.stdout


def test_the_meeting_pack_of_a_month_that_is_not_locked_says_so(city, person, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    assert run("meeting-pack", "--period", "2026-09", "--out", out) == 2
    assert "2026-09" in capsys.readouterr().err
    with clock.frozen(clock.now().replace(year=2026, month=9, day=2, hour=10)):
        open_month(person("head"), "2026-09")
    assert run("meeting-pack", "--period", "2026-09", "--out", out) == 2
    assert "锁定" in capsys.readouterr().err
    assert not out.exists()


def test_a_command_that_reads_means_the_demo_where_nothing_else_is_there():
    assert only_demo(["postgres", "shiyu_demo_luzhou"]) == "shiyu_demo_luzhou"
    assert only_demo(["shiyu_demo_luzhou", "shiyu"]) is None
    assert only_demo(["shiyu_demo_luzhou", "shiyu_demo_example"]) is None
    assert only_demo(["postgres"]) is None


def test_a_database_that_is_not_there_is_said_in_words(monkeypatch, capsys):
    def unreachable(arguments):
        raise OperationalError("no such database")

    monkeypatch.setattr(cli, "COMMANDS", [("read", "x", unreachable, [])])
    with pytest.raises(SystemExit) as left:
        cli.main(["read"])
    assert left.value.code == 2 and "shiyu migrate" in capsys.readouterr().err
