"""The server killed in the middle of work, and under steady work: nothing half-saved, the record whole
(`make test-long`)."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import psycopg
import pytest

from shiyu.demo import PASSWORD
from shiyu.lib import postgres
from shiyu.lib.ports import free_port
from tests.conftest import ROOT

pytestmark = pytest.mark.long
DATABASE = "shiyu_demo_example"
POSTS = 20
SOAK = 20  # seconds


class City:
    """The example's demo, served from a folder of its own; `kill` ends its processes as a power cut would."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.environment = {**os.environ, "SHIYU_VAR": str(var), "PYTHONPATH": str(ROOT / "src")}
        for name in ("DATABASE_URL", "SHIYU_DATABASE", "DJANGO_SETTINGS_MODULE", "PYTEST_VERSION"):
            self.environment.pop(name, None)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.server: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "shiyu", *arguments]
        environment = self.environment | {"SHIYU_DATABASE": DATABASE}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)

    def start(self) -> None:
        command = [sys.executable, "-m", "shiyu", "demo", "--city", "example", "--port", str(self.port)]
        log = (self.var / "served.log").open("ab")
        self.server = subprocess.Popen(
            command, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        for _ in range(300):
            try:
                urllib.request.urlopen(self.address + "/sign-in/", timeout=5).close()
                return
            except OSError:
                assert self.server.poll() is None, (self.var / "served.log").read_text()
                time.sleep(0.5)
        raise AssertionError("the demo does not answer")

    def kill(self) -> None:
        """All its processes at once, without a word (PostgreSQL is a session of its own and stays)."""
        if self.server is not None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.server = None

    def count(self, query: str) -> int:
        url = postgres.start(self.var / "postgres").replace("/postgres?", f"/{DATABASE}?")
        with psycopg.connect(url) as connection:
            row = connection.execute(query).fetchone()  # type: ignore[arg-type]
        assert row is not None
        return int(row[0])


class Person:
    """Somebody signed in, by plain HTTP."""

    def __init__(self, city: City, username: str) -> None:
        self.address = city.address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.post("/sign-in/", "/sign-in/", username=username, password=PASSWORD)

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, form: str, path: str, **fields: str) -> str:
        """Fill the form of one page and send it to `path`; returns where that leads."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(form))
        assert token is not None
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token.group(1), **fields}).encode()
        with self.opener.open(self.address + path, data, timeout=20) as answer:
            return str(answer.url)


@pytest.fixture(scope="module")
def city(open_folder: Path) -> Iterator[City]:
    var = open_folder / "crash"
    var.mkdir()
    found = City(var)
    try:
        found.start()
        yield found
    finally:
        found.kill()
        found.command("stop")


def a_duty(city: City) -> str:
    """The address of a form on which a problem is opened against a duty in force."""
    url = postgres.start(city.var / "postgres").replace("/postgres?", f"/{DATABASE}?")
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT d.id FROM plans_duty d JOIN plans_task t ON t.id = d.task_id JOIN plans_edition e ON e.id = t.edition_id"
            " WHERE d.role = 'lead' AND e.state = 'issued' AND e.superseded_on IS NULL ORDER BY d.id LIMIT 1"
        ).fetchone()
    assert row is not None
    return f"/duties/{row[0]}/problem/"


WHOLE = {
    "a matter without its link": "SELECT count(*) FROM matters_matter m WHERE NOT EXISTS"
    " (SELECT 1 FROM plans_dutyproblem p WHERE p.matter_id = m.id)",
    "a matter without a lead": "SELECT count(*) FROM matters_matter m WHERE NOT EXISTS"
    " (SELECT 1 FROM matters_assignment a WHERE a.matter_id = m.id AND a.role = 'lead')",
    "a matter without its first step": "SELECT count(*) FROM matters_matter m WHERE NOT EXISTS"
    " (SELECT 1 FROM matters_step s WHERE s.matter_id = m.id)",
    "a matter without its entry": "SELECT count(*) FROM matters_matter m WHERE NOT EXISTS"
    " (SELECT 1 FROM audit_auditentry e WHERE e.action = 'matters.file_matter' AND e.subject_id = m.id)",
}
"""What an action writes together: none of these may be found."""


def test_a_server_killed_in_the_middle_of_posts_leaves_nothing_half_saved(city: City) -> None:
    form = a_duty(city)
    before = city.count("SELECT count(*) FROM matters_matter")
    people = [Person(city, "clerk") for _ in range(4)]
    answered: list[str] = []

    def open_problems(person: Person) -> None:
        for number in range(POSTS // len(people)):
            fields = {"title": f"断电测试 {number}", "text": "办到一半断电。", "source": "visit"}
            try:
                answered.append(person.post(form, form, **fields))
            except (OSError, urllib.error.URLError):
                return

    threads = [threading.Thread(target=open_problems, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    while len(answered) < POSTS // 4:
        assert any(thread.is_alive() for thread in threads), "not one problem was opened"
        time.sleep(0.005)
    city.kill()
    for thread in threads:
        thread.join()
    city.start()
    kept = city.count("SELECT count(*) FROM matters_matter") - before
    assert len(answered) <= kept <= len(answered) + len(people), "what was answered is kept"
    assert kept < POSTS, "the server was killed before all was done, or this test shows nothing"
    for what, query in WHOLE.items():
        assert city.count(query) == 0, what
    verified = city.command("audit", "verify")
    assert verified.returncode == 0, verified.stdout
    assert "/matters/" in Person(city, "clerk").post(
        form, form, title="断电以后", text="照常办理。", source="visit"
    )


def test_steady_work_keeps_its_speed_and_its_record(city: City) -> None:
    if city.server is None:
        city.start()
    clerk, form = Person(city, "clerk"), a_duty(city)
    pages = ("/", "/lists/?list=problems", "/matters/", form)
    times: list[float] = []
    ends = time.monotonic() + SOAK
    while time.monotonic() < ends:
        began = time.monotonic()
        for page in pages:
            assert "</html>" in clerk.get(page)
        clerk.post(form, form, title=f"连续办理 {len(times)}", text="连续办理。", source="visit")
        times.append(time.monotonic() - began)
    assert len(times) >= 5
    fifth = max(len(times) // 5, 1)
    assert sorted(times[-fifth:])[fifth // 2] < 5 * sorted(times[:fifth])[fifth // 2], times
    time.sleep(3)  # the sealer comes every second
    unsealed = "SELECT count(*) FROM audit_auditentry e WHERE NOT EXISTS (SELECT 1 FROM audit_auditseal s WHERE s.entry_id = e.id)"
    assert city.count(unsealed) == 0
    assert city.command("audit", "verify").returncode == 0
    for what, query in WHOLE.items():
        assert city.count(query) == 0, what


def test_a_process_ends_in_peace_whatever_the_wheels_own_list_of_users_holds(city: City) -> None:
    """Two that end at once cut that list off in the middle; the wheel then failed at exit."""
    code = (
        "import sys, pathlib; from shiyu.lib import postgres; data = pathlib.Path(sys.argv[1]);"
        " postgres.start(data); (data / '.handle_pids.json').write_text('')"
    )
    command = [sys.executable, "-c", code, str(city.var / "postgres")]
    done = subprocess.run(command, env=city.environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
