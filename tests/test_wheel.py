"""The wheel in an empty environment: `shiyu demo` serves pages, front end and packs from it (`make test-long`)."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

import pytest

from shiyu.lib.ports import free_port
from tests.conftest import ROOT

pytestmark = pytest.mark.long


def run(*command: object, cwd: Path, **more: str) -> str:
    """The output of a command; it must end well."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment() | more, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment() -> dict[str, str]:
    """Ours without what points at the source tree or a database."""
    own = ("PYTHONPATH", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_VERSION", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in own and "SHIYU" not in name}


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def test_the_demo_runs_from_the_wheel_in_an_empty_environment(open_folder: Path) -> None:
    place = open_folder / "wheel"
    place.mkdir()
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place / "dist", cwd=ROOT)
    (wheel,) = (place / "dist").glob("*.whl")
    venv.create(place / "venv")
    python = place / "venv" / "bin" / "python"
    run(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python, wheel, cwd=place)
    shiyu = place / "venv" / "bin" / "shiyu"
    found = run(shiyu, "demo", "--city", "example", "--no-serve", cwd=place)
    assert "audit entries" in found
    assert "no errors" in run(shiyu, "check-pack", *packs_of(place), cwd=place)
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [str(shiyu), "demo", "--city", "example", "--port", str(port)]
    served = subprocess.Popen(command, cwd=place, env=environment(), stdout=subprocess.PIPE, text=True)
    try:
        page = first_page(address, served)
        assert "clerk" in page
        scripts = re.findall(r'<script[^>]+src="([^"]+)"', page)
        styles = re.findall(r'<link[^>]+href="([^"]+[.]css)"', page)
        assert scripts and styles
        for path in (*scripts, *styles):
            assert len(fetch(address + path)) > 200, path
    finally:
        served.terminate()
        served.wait(30)
        run(shiyu, "stop", cwd=place)


def packs_of(folder: Path) -> list[Path]:
    """The packs that came with the wheel."""
    (packs,) = folder.glob("venv/lib/python*/site-packages/shiyu/_packs")
    found = [path for path in packs.iterdir() if path.is_dir()]
    assert {path.name for path in found} >= {"example", "luzhou"}
    return found


def first_page(address: str, served: "subprocess.Popen[str]") -> str:
    for _ in range(300):
        try:
            return fetch(address + "/sign-in/")
        except urllib.error.HTTPError:
            raise  # it answers, but wrongly
        except OSError:
            assert served.poll() is None, "the demo ended before it answered"
            time.sleep(1)
    raise AssertionError("the demo does not answer")
