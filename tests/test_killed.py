"""A first run that is killed leaves nothing that looks ready; the next one recovers (`make test-long`)."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.long


def demo() -> list[str]:
    return [sys.executable, "-m", "shiyu", "demo", "--city", "example", "--no-serve"]


def test_a_demo_killed_while_it_is_built_is_built_anew(open_folder) -> None:
    environment = {**os.environ, "SHIYU_VAR": str(open_folder / "killed"), "PYTHONPATH": str(ROOT / "src")}
    for name in ("DATABASE_URL", "SHIYU_DATABASE", "DJANGO_SETTINGS_MODULE", "PYTEST_VERSION"):
        environment.pop(name, None)
    try:
        first = subprocess.Popen(
            demo(), env=environment, start_new_session=True, stdout=subprocess.PIPE, text=True
        )
        assert first.stdout is not None
        assert "preparing" in first.stdout.readline()  # said when building begins; it takes some seconds
        time.sleep(1)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        second = subprocess.run(demo(), env=environment, capture_output=True, text=True, timeout=300)
        assert second.returncode == 0, second.stderr
        assert "audit entries" in second.stdout
        third = subprocess.run(demo(), env=environment, capture_output=True, text=True, timeout=60)
        assert third.returncode == 0
        assert "audit entries" not in third.stdout, "what is ready is not built again"
    finally:
        stop = [sys.executable, "-m", "shiyu", "stop"]
        subprocess.run(stop, env=environment, check=False, capture_output=True)
