"""`shiyu demo`: make sure the city's demo is there, say who one can be, and serve it.

Runs before Django is set up, because which database Django uses is decided here.
"""

import argparse
import contextlib
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from shiyu.demo.database import (
    database_name,
    databases,
    environment_for,
    finish,
    is_ready,
    made_from,
    only_demo,
    server_url,
    start_anew,
)
from shiyu.lib import postgres
from shiyu.lib.ports import is_free

PACKAGE = Path(__file__).resolve().parent.parent
PROJECT = PACKAGE.parent.parent if (PACKAGE.parent.parent / "pyproject.toml").exists() else Path.cwd()
PACKS = PROJECT / "packs" if (PROJECT / "packs").is_dir() else PACKAGE / "_packs"

MADE_ANEW = (
    "城市包或程序有了变化，演示数据重新准备；在演示里录入的内容不保留"
    " / the pack or the program has changed: the demo is made anew, what was entered in it is not kept"
)


def use_only_demo() -> None:
    """Let a command that reads work on the demo where the machine has nothing else and no database is named."""
    if os.environ.get("DATABASE_URL") or os.environ.get("SHIYU_DATABASE"):
        return
    var = Path(os.environ.get("SHIYU_VAR", PROJECT / "var")).resolve()
    found = only_demo(databases(server_url(var)))
    if found:
        print(f"用演示数据库 / on the demo's database: {found}", file=sys.stderr)
        os.environ["SHIYU_DATABASE"] = found


def demo(arguments: argparse.Namespace) -> int:
    """Build the demo where it is missing or made from something older, then serve it."""
    city = arguments.city or (PACKS / "DEFAULT").read_text().strip()
    folder = PACKS / city
    if not folder.is_dir():
        known = "、".join(sorted(path.name for path in PACKS.iterdir() if path.is_dir()))
        print(f"没有这个城市包：{city}；现有 / no such pack, there are: {known}", file=sys.stderr)
        return 2
    if not arguments.no_serve and not is_free("127.0.0.1", arguments.port):
        print(_port_taken(arguments.port), file=sys.stderr)
        return 2
    var = Path(os.environ.get("SHIYU_VAR", PROJECT / "var")).resolve()
    os.environ["SHIYU_VAR"] = str(var)
    url, wanted = server_url(var), made_from(folder)
    with _one_at_a_time(var / f"demo-{city}.lock"):
        code = 0
        if arguments.fresh or not is_ready(url, city, wanted):
            if not arguments.fresh and database_name(city) in databases(url):
                print(MADE_ANEW, flush=True)
            code = _build(url, city, folder, wanted)
    if code:
        return code
    if arguments.no_serve:
        return 0
    environment = environment_for(database_name(city)) | {"SHIYU_DEMO": "1"}
    command = [sys.executable, "-m", "shiyu", "demo-serve", "--port", str(arguments.port)]
    return os.execve(sys.executable, command, environment)


def _port_taken(port: int) -> str:
    """What to do where the port is taken: the first free one after it, in a line that can be typed."""
    other = next((n for n in range(port + 1, port + 100) if is_free("127.0.0.1", n)), port + 100)
    make = f"make demo PORT={other}" if (PROJECT / "Makefile").exists() else f"shiyu demo --port {other}"
    return (
        f"端口 {port} 已被占用（也许演示已在运行：http://127.0.0.1:{port}/）；换一个：{make}"
        f" / port {port} is taken, perhaps by a demo that is running already; another one: {make}"
    )


@contextlib.contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Hold the lock of a city's demo: a second demo waits for the first one's data instead of dropping them."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("另一个演示正在准备数据，等它完成 / another demo is preparing; waiting …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(url: str, city: str, folder: Path, wanted: str) -> int:
    building = f"{database_name(city)}_building"
    print(
        f"准备演示数据，需要几分钟，按月推进 / preparing {city}, some minutes, month by month …", flush=True
    )
    began = time.monotonic()
    start_anew(url, building)
    # A build that is cut off is thrown away, so its commits need not wait for the disk.
    hasty = {"PGOPTIONS": "-c synchronous_commit=off"}
    environment = environment_for(building) | {"SHIYU_DEMO": "1"} | hasty
    done = subprocess.run([sys.executable, "-m", "shiyu", "demo-build", str(folder)], env=environment)
    if done.returncode:
        print(
            "演示数据没有建成；改正上面的问题后重新运行即可 / the demo was not built; run again after mending the above",
            file=sys.stderr,
        )
        return done.returncode
    finish(url, building, city, wanted, lambda: None)
    print(f"用时 {time.monotonic() - began:.0f} 秒 / seconds", flush=True)
    return 0


def stop(arguments: argparse.Namespace) -> int:
    """Stop the project's own PostgreSQL."""
    var = Path(os.environ.get("SHIYU_VAR", PROJECT / "var")).resolve()
    postgres.stop(var / "postgres")
    return 0
