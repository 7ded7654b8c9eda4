"""Server, worker and database killed twenty times in the middle of work: nothing lost, nothing doubled (`make test-long`).

Three people file, accept, dispatch, acknowledge and complete matters over HTTP, each wish with the one-time key of its
form, sent again and again until it is answered. Meanwhile one of the three processes is killed (SIGKILL) at a random
moment, twenty times, and started again as a service manager would. Seeded: `SHIYU_KILL_SEED` names another order.
"""

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from shiyu.demo import PASSWORD
from shiyu.lib.ports import free_port
from tests.conftest import ROOT

pytestmark = pytest.mark.long
DATABASE = "shiyu_demo_example"
SEED = int(os.environ.get("SHIYU_KILL_SEED", "20261122"))
KILLS = {"server": 8, "worker": 7, "database": 5}
PEOPLE = 3
PATIENCE = 60.0  # seconds for which a wish is sent again
VERBS = ("accept", "dispatch", "acknowledge", "complete")


class City:
    """The example's demo in a folder of its own, its three processes started and killed one by one."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        self.environment = {**os.environ, "SHIYU_VAR": str(var), "PYTHONPATH": str(ROOT / "src")}
        for name in ("DATABASE_URL", "SHIYU_DATABASE", "DJANGO_SETTINGS_MODULE", "PYTEST_VERSION"):
            self.environment.pop(name, None)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.url = ""

    def command(self, *arguments: str, database: bool = True) -> subprocess.CompletedProcess[str]:
        environment = self.environment | ({"SHIYU_DATABASE": DATABASE} if database else {})
        command = [sys.executable, "-m", "shiyu", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)

    def start(self, name: str) -> None:
        """Start the server or the worker, in a session of its own so that it can be killed with all it has started."""
        serve = ["--interface", "wsgi", "--port", str(self.port), "--workers", "1", "--blocking-threads", "4"]
        commands = {
            "server": ["-m", "granian", *serve, "--log-level", "warning", "shiyu.wsgi:application"],
            "worker": ["-m", "shiyu", "worker"],
        }
        own = {"SHIYU_DATABASE": DATABASE, "SHIYU_DEMO": "1", "DJANGO_SETTINGS_MODULE": "shiyu.settings"}
        with (self.var / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, *commands[name]],
                env=self.environment | own,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """SIGKILL, at once and without a word."""
        if name == "database":
            pid = int((self.var / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
            postmaster = psutil.Process(pid)
            for process in (postmaster, *postmaster.children(recursive=True)):
                with_no_word(process)
            psutil.wait_procs([postmaster], timeout=10)
            return
        process = self.running[name]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def mend(self) -> None:
        """Start what is not running, as a service manager does; the database in a process of its own, because one that
        has started it before takes it for running."""
        code = "import sys, pathlib; from shiyu.lib import postgres; print(postgres.start(pathlib.Path(sys.argv[1])))"
        command = [sys.executable, "-c", code, str(self.var / "postgres")]
        said = ""
        for _ in range(20):
            ran = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=90)
            self.url, said = ran.stdout.strip().replace("/postgres?", f"/{DATABASE}?"), ran.stderr
            if ran.returncode == 0:
                break
            time.sleep(0.5)  # the killed one's memory may be in use for a moment
        else:
            raise AssertionError(f"the database does not start again: {said}")
        for name in ("server", "worker"):
            process = self.running.get(name)
            if process is None or process.poll() is not None:
                self.start(name)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query, values or None).fetchall()  # type: ignore[arg-type]

    def count(self, query: str) -> int:
        return int(self.rows(query)[0][0])

    def stop(self) -> None:
        for name, process in self.running.items():
            if process.poll() is None:
                self.kill(name)
        self.command("stop", database=False)


def with_no_word(process: psutil.Process) -> None:
    """SIGKILL to a process that may be gone already."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.kill()


class NoAnswer(Exception):  # noqa: N818 - what a person sees, no fault of the program
    """Nothing was answered for `PATIENCE` seconds."""


class Person:
    """Somebody signed in, by plain HTTP, who sends a wish again until it is answered."""

    def __init__(self, city: City, username: str) -> None:
        self.address, self.username = f"http://127.0.0.1:{city.port}", username
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.again = 0
        page = self.get("/sign-in/")
        self.send("/sign-in/", fields_of(page) | {"username": username, "password": PASSWORD})

    def get(self, path: str) -> str:
        return self._until_answered(path, None)[1]

    def send(self, path: str, fields: dict[str, str], file: tuple[str, str, bytes] | None = None) -> str:
        """Sends a form, with a file (field, name, content); the address to which the answer leads."""
        if file is None:
            return self._until_answered(path, urllib.parse.urlencode(fields).encode())[0]
        edge = "shiyu" * 6
        parts = [
            f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
            for name, value in fields.items()
        ]
        name, file_name, content = file
        head = f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"\r\nContent-Type: text/plain\r\n\r\n'
        parts.append(head.encode() + content)
        body = (
            b"".join(f"--{edge}\r\n".encode() + part + b"\r\n" for part in parts) + f"--{edge}--\r\n".encode()
        )
        return self._until_answered(path, body, f"multipart/form-data; boundary={edge}")[0]

    def _until_answered(
        self, path: str, data: bytes | None, kind: str = "application/x-www-form-urlencoded"
    ) -> tuple[str, str]:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            try:
                request = urllib.request.Request(
                    self.address + path, data, {"Content-Type": kind} if data else {}
                )
                with self.opener.open(request, timeout=10) as answer:
                    return str(answer.url), str(answer.read().decode())
            except urllib.error.HTTPError as error:
                if error.code < 500:
                    said = re.findall(r'class="err"[^>]*>([^<]*)|<h1>([^<]*)', error.read().decode())
                    raise AssertionError(f"{path}: {error.code} {said}") from None
            except OSError:
                pass
            except Exception as error:  # noqa: BLE001 - an answer cut off in the middle has many faces
                assert "http.client" in type(error).__module__, error
            self.again += 1
            time.sleep(0.2)
        raise NoAnswer(path)


def fields_of(page: str, action: str = "") -> dict[str, str]:
    """The hidden fields (CSRF token, one-time key, version seen) of the page's form with that address."""
    main = page[page.index('id="main"') :]
    forms = re.findall(r"<form[^>]*>.*?</form>", main, re.DOTALL)
    form = next(
        form for form in forms if 'method="post"' in form and (not action or action in form.split(">", 1)[0])
    )
    hidden = [tag for tag in re.findall(r"<input[^>]*>", form) if 'type="hidden"' in tag]
    found = {}
    for tag in hidden:
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is not None:
            found[name.group(1)] = value.group(1) if value else ""
    return found


@dataclass
class Work:
    """What was answered: titles filed with their matter's id, and each verb of each matter."""

    filed: dict[str, str] = field(default_factory=dict)
    done: list[tuple[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    again: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)


VERB_ENTRIES = {
    "accept": "matters.accept_matter",
    "dispatch": "matters.dispatch_matter",
    "acknowledge": "matters.acknowledge_assignment",
    "complete": "matters.complete_assignment",
}
NEW = "/matters/new/?kind=problem"


def one_matter(clerk: Person, officer: Person, unit: str, title: str, work: Work) -> None:
    """A matter from its filing until it is reported done, with a file as proof."""
    page = clerk.get(NEW)
    given = {
        "title": title,
        "text": "办到一半断电。",
        "source": "visit",
        "happened_on": datetime.now(UTC).date().isoformat(),
        "unit_id": choice(page, "unit_id"),
    }
    clerk.send(NEW, fields_of(page) | given)
    found = set(
        re.findall(
            r'href="/matters/([0-9a-f-]{36})/"',
            clerk.get("/matters/?" + urllib.parse.urlencode({"q": title})),
        )
    )
    assert len(found) == 1, f"{title} was answered and is on the list {len(found)} times"
    matter = work.filed[title] = found.pop()
    for verb, who, more in (
        ("accept", clerk, {}),
        ("dispatch", clerk, {"dispatch-unit_id": unit}),
        ("acknowledge", officer, {}),
        ("complete", officer, {"complete-result": f"{title}已办结"}),
    ):
        address = f"/matters/{matter}/{verb}/"
        page = who.get(f"/matters/{matter}/")
        file = ("complete-files", f"{title}.txt", title.encode()) if verb == "complete" else None
        who.send(address, fields_of(page, address) | more, file)
        work.done.append((matter, verb))


def choice(page: str, name: str) -> str:
    """The first real choice of a select, or a hidden field's value."""
    select = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)
    values = re.findall(r'value="([^"]+)"', select.group(0)) if select else []
    return next((value for value in values if len(value) == 36), fields_of(page).get(name, ""))


def busy(city: City, number: int, unit: str, work: Work) -> None:
    """One of those at work, until told to stop; what it has begun it ends."""
    try:
        clerk, officer = Person(city, "clerk"), Person(city, "justice")
        while not work.stopping.is_set():
            one_matter(clerk, officer, unit, f"断电{number}之{len(work.filed):03d}", work)
        work.again += clerk.again + officer.again
    except (AssertionError, NoAnswer, StopIteration) as fault:
        work.faults.append(f"{type(fault).__name__}: {fault}")


@pytest.fixture(scope="module")
def city(open_folder: Path) -> Iterator[City]:
    var = open_folder / "twenty"
    var.mkdir()
    found = City(var)
    built = found.command("demo", "--city", "example", "--no-serve", database=False)
    assert built.returncode == 0, built.stdout + built.stderr
    try:
        found.mend()
        yield found
    finally:
        found.stop()


def kill_twenty_times(city: City, work: Work) -> Counter[str]:
    """Each at a random moment of the work that has begun again since the last."""
    dice = random.Random(SEED)
    order = [name for name, times in KILLS.items() for _ in range(times)]
    dice.shuffle(order)
    for name in order:
        before, ends = len(work.done), time.monotonic() + 20
        while len(work.done) == before and time.monotonic() < ends and not work.faults:
            time.sleep(0.05)
        time.sleep(dice.random() * 0.8)
        city.kill(name)
        time.sleep(dice.random() * 0.3)
        city.mend()
    return Counter(order)


def wait_for_the_queue(city: City) -> None:
    """Until every message is handed on: what a killed worker held comes again after a minute."""
    ends = time.monotonic() + 170
    while time.monotonic() < ends:
        if not city.count("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"):
            return
        time.sleep(1)
        city.mend()
    raise AssertionError(city.rows("SELECT id, status, attempts, args FROM procrastinate_jobs"))


def notices_of(city: City, matter: str) -> Counter[tuple[str, str]]:
    """Who was told what of a matter, how often: its number and title left out of the words."""
    rows = city.rows("SELECT user_id, title_zh FROM notices_notice WHERE subject_id = %s", matter)
    return Counter((str(user), words.split("：", 1)[0]) for user, words in rows)


def test_twenty_kills_lose_nothing_and_double_nothing(city: City) -> None:
    unit = str(city.rows("SELECT id FROM people_unit WHERE code = 'justice'")[0][0])
    calm, work = Work(), Work()
    one_matter(Person(city, "clerk"), Person(city, "justice"), unit, "未断电", calm)
    threads = [threading.Thread(target=busy, args=(city, n, unit, work)) for n in range(PEOPLE)]
    for thread in threads:
        thread.start()
    killed = kill_twenty_times(city, work)
    work.stopping.set()
    for thread in threads:
        thread.join()
    assert work.faults == []
    assert killed == KILLS
    assert work.again > 0, "no wish met a killed process, so this test shows nothing"
    assert len(work.filed) >= 10
    wait_for_the_queue(city)
    check_matters(city, work)
    check_record(city, work)
    told = notices_of(city, calm.filed["未断电"])
    assert {"新交办", "已报办结，待核查"} <= {words for _user, words in told}
    assert set(told.values()) == {1}
    for title, matter in work.filed.items():
        assert notices_of(city, matter) == told, f"{title}: a notice is missing or came twice"


def check_matters(city: City, work: Work) -> None:
    """Each wish that was answered is there once, and no matter is half of anything."""
    kept = dict(
        city.rows("SELECT title, count(*) FROM matters_matter WHERE title LIKE '断电%' GROUP BY title")
    )
    assert kept == dict.fromkeys(work.filed, 1)
    assert Counter(work.done) == Counter((m, v) for m in work.filed.values() for v in VERBS)
    steps = city.rows("SELECT matter_id, verb, count(*) FROM matters_step WHERE verb <> '' GROUP BY 1, 2")
    of = {(str(matter), verb): n for matter, verb, n in steps}
    assert {key: of.get(key) for key in work.done} == dict.fromkeys(work.done, 1)
    for what, query in HALF.items():
        assert city.count(query) == 0, what


MINE = "FROM matters_matter m WHERE m.title LIKE '断电%' AND"
HALF = {
    "a matter that is not where its last deed left it": f"SELECT count(*) {MINE} m.phase <> 'verifying'",
    "a matter without its one assignment, done": f"SELECT count(*) {MINE} 1 <> (SELECT count(*) FROM matters_assignment a"
    " WHERE a.matter_id = m.id AND a.role = 'lead' AND a.ended = 'done' AND a.acknowledged_at IS NOT NULL)",
    "a matter without its one proof": f"SELECT count(*) {MINE} 1 <> (SELECT count(*) FROM documents_attachment d"
    " WHERE d.subject_id = m.id)",
    "a matter with two stays open, or none": f"SELECT count(*) {MINE} 1 <> (SELECT count(*) FROM matters_step s"
    " WHERE s.matter_id = m.id AND s.left_at IS NULL AND NOT s.within)",
    "a number given twice, or left out": "SELECT count(*) - count(DISTINCT code) FROM matters_matter",
    "a message that could not be handed on": "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'",
}


def check_record(city: City, work: Work) -> None:
    """The audit entries: one for each deed, in an unbroken row of seals."""
    rows = city.rows("SELECT subject_id, action, count(*) FROM audit_auditentry GROUP BY 1, 2")
    entries = {(str(subject), action): n for subject, action, n in rows}
    for matter in work.filed.values():
        for action in ("matters.file_matter", *VERB_ENTRIES.values()):
            found = entries.get((matter, action))
            assert found == 1, (matter, action, found)
    ends = time.monotonic() + 20
    unsealed = "SELECT count(*) FROM audit_auditentry e WHERE NOT EXISTS (SELECT 1 FROM audit_auditseal s WHERE s.entry_id = e.id)"
    while city.count(unsealed) and time.monotonic() < ends:
        time.sleep(0.5)
    assert city.count(unsealed) == 0
    verified = city.command("audit", "verify")
    assert verified.returncode == 0, verified.stdout
