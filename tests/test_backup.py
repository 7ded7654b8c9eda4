"""`shiyu backup` and `shiyu restore`: whole, checked, and never over something that is there."""

import json
import os
import subprocess
import sys

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from shiyu import cli
from shiyu.lib import postgres
from tests.conftest import ROOT

NAME = "shiyu_test_restored"


def run(*arguments: object) -> int:
    """The exit code of `shiyu` with these arguments."""
    with pytest.raises(SystemExit) as left:
        cli.main([str(argument) for argument in arguments])
    return int(left.value.code or 0)


@pytest.fixture
def made(db, settings, tmp_path):  # type: ignore[no-untyped-def]
    """A backup of the test database with one file."""
    settings.MEDIA_ROOT = tmp_path / "files"
    (settings.MEDIA_ROOT / "ab").mkdir(parents=True)
    (settings.MEDIA_ROOT / "ab" / "abcdef").write_bytes("佐证".encode())
    assert run("backup", tmp_path / "kept") == 0
    (folder,) = (tmp_path / "kept").iterdir()
    return folder


@pytest.fixture
def empty():  # type: ignore[no-untyped-def]
    """The parameters of a new, empty database on the tests' server."""
    known = connection.get_connection_params()
    params = {key: known[key] for key in ("host", "user", "port") if known.get(key)}
    with psycopg.connect(**params, dbname="postgres", autocommit=True) as admin:
        name = sql.Identifier(NAME)
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(name))
        yield {**params, "dbname": NAME}
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def test_a_backup_holds_database_files_and_a_note(made) -> None:
    note = json.loads((made / "backup.json").read_text())
    assert note["files"] == 1
    assert (made / "files" / "ab" / "abcdef").read_bytes() == "佐证".encode()
    assert (made / "database.dump").stat().st_size > 10_000
    assert made.stat().st_mode & 0o077 == 0, "others on the machine may not look into it"
    assert {"audit", "secret"}.isdisjoint(path.name for path in made.rglob("*")), "keys are kept elsewhere"


def test_a_database_that_holds_something_is_not_written_over(made, capsys) -> None:
    assert run("restore", made) == 2
    assert "不是空的" in capsys.readouterr().err


def test_a_folder_that_is_no_backup_is_refused(db, tmp_path, capsys) -> None:
    assert run("restore", tmp_path) == 2
    assert "不是备份目录" in capsys.readouterr().err


def test_a_backup_is_restored_into_an_empty_database_and_checked(made, empty, tmp_path) -> None:
    options = "&".join(f"{key}={value}" for key, value in empty.items() if key not in ("dbname", "user"))
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "DATABASE_URL": f"postgresql://{empty.get('user', '')}@/{NAME}?{options}",
        "SHIYU_VAR": str(tmp_path / "var"),
    }
    environment.pop("PYTEST_VERSION", None)
    command = [sys.executable, "-m", "shiyu", "restore", str(made)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "1 个文件" in done.stdout
    assert "0 处异常" in done.stdout
    assert (tmp_path / "var" / "files" / "ab" / "abcdef").exists()
    with psycopg.connect(**empty) as restored:
        assert restored.execute("SELECT count(*) FROM django_migrations").fetchone()[0] > 10


def test_the_programs_fit_the_server(db) -> None:
    with connection.cursor():
        major = connection.pg_version // 10000
    told = subprocess.run([postgres.program("pg_dump", major), "--version"], capture_output=True, text=True)
    assert f" {major}" in told.stdout or int(told.stdout.split()[-1].split(".")[0]) >= major
    with pytest.raises(FileNotFoundError):
        postgres.program("pg_dump", 99)
