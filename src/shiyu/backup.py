"""`shiyu backup` and `shiyu restore`: the database by pg_dump, the files beside it, and a note of what it is.

Files are named by their hash and never change, so copying them while people work is safe as long as the database is
dumped first: every file it names is there by then. Keys (secret, audit) are not part of a backup.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

from shiyu import __version__
from shiyu.audit.models import AuditEntry
from shiyu.audit.queries import seal_state, verify
from shiyu.lib import clock, postgres

DUMP, NOTE, FILES = "database.dump", "backup.json", "files"


def backup(arguments: argparse.Namespace) -> int:
    """Write a backup into a new folder below `folder`, named by the moment; half-made ones never get that name."""
    target: Path = arguments.folder / f"{clock.now():%Y%m%d-%H%M%S}"
    making = target.with_name(f".{target.name}.making")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        making.mkdir(mode=0o700)  # it holds everything the database does: for whoever runs the server alone
    except OSError as error:
        print(f"不能写入 / cannot write: {error}", file=sys.stderr)
        return 2
    code = _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={making / DUMP}")
    if code:
        shutil.rmtree(making)
        return code
    state = seal_state()
    copied = _copy_files(Path(settings.MEDIA_ROOT), making / FILES)
    note = {
        "version": __version__,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "entries": state["entries"],
        "sealed": state["sealed"],
        "files": copied,
    }
    (making / NOTE).write_text(json.dumps(note, indent=1) + "\n")
    making.rename(target)
    print(f"{target}  {(target / DUMP).stat().st_size // 1024:,} KB，{copied} 个文件 / files")
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """Restore into an empty database and check the audit entries; a database that holds anything is refused."""
    folder: Path = arguments.folder
    if not (folder / NOTE).is_file() or not (folder / DUMP).is_file():
        print(f"这不是备份目录 / not a backup's folder: {folder}", file=sys.stderr)
        return 2
    if connection.introspection.table_names():
        print(
            "数据库不是空的，请新建一个空数据库 / the database is not empty: make a new one", file=sys.stderr
        )
        return 2
    code = _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
                f"--dbname={_conninfo()}", str(folder / DUMP))  # fmt: skip
    if code:
        return code
    copied = _copy_files(folder / FILES, Path(settings.MEDIA_ROOT))
    findings = sum(1 for _finding in verify())
    entries = AuditEntry.objects.count()
    print(f"{copied} 个文件 / files，{entries} 条审计记录 / audit entries，{findings} 处异常 / findings")
    return 1 if findings else 0


def _copy_files(source: Path, target: Path) -> int:
    """Copy what is not there yet; returns how many files the source has. Another store is backed up by its own means."""
    if not source.is_dir():
        return 0
    files = [path for path in sorted(source.rglob("*")) if path.is_file()]
    for path in files:
        copy = target / path.relative_to(source)
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
    return len(files)


def _run(program: str, *options: str) -> int:
    """Run one of PostgreSQL's own programs on the database in use; its own words say what went wrong."""
    where = [] if program == "pg_restore" else [_conninfo()]
    environment = {**os.environ, "PGPASSWORD": str(connection.settings_dict["PASSWORD"])}
    with connection.cursor():  # opens it, to know the server's version
        major = connection.pg_version // 10000  # type: ignore[attr-defined]
    try:
        path = postgres.program(program, major)
    except FileNotFoundError:
        print(
            f"找不到 {program} {major} 或更新版本，请安装 postgresql-client-{major} / install postgresql-client-{major}",
            file=sys.stderr,
        )
        return 2
    return subprocess.run([path, *options, *where], env=environment).returncode


def _conninfo() -> str:
    """The database in use as libpq writes it, without the password (that stands in the environment)."""
    known = connection.settings_dict
    parts = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "dbname": known["NAME"]}
    return " ".join(f"{key}={value}" for key, value in parts.items() if value)
