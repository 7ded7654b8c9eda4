"""The readiness report (LZ12) of a case small enough to count by hand: page, Word and Excel say the same."""

import io
from datetime import datetime

import docx
import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.plans.actions.report_flow import sign_off_reports
from shiyu.plans.actions.report_proof import add_proof
from shiyu.plans.actions.reports import open_month
from shiyu.plans.models import Duty, DutyProblem, Edition
from shiyu.plans.tests.conftest import City, duty
from shiyu.plans.tests.reporting import at, entry, fill_all, report_of, submit, with_cycle

NEXT_YEAR = datetime(2027, 1, 4, 10)
"""Task 1 was due on 2026-12-31: by now it is overdue."""
# clause → tasks and progress, overdue tasks, open problems, proof on file; counted by hand from `prepared`
EXPECTED = {
    "1.1": ("1 健全领导小组（滞后）", "1", "2", "3"),
    "1.2": ("2 明确职责（序时推进）", "0", "0", "0"),
    "2.1": ("3 行业安全（—）", "0", "0", "1"),
    "2.2": ("", "0", "0", "0"),
}
HEADS = ("条目", "任务及进展", "逾期任务", "未销号问题", "在档佐证")


def problem(of: Duty, code: str, *, is_open: bool) -> None:
    """A problem against a duty, as it stands after somebody opened (and closed) it."""
    matter = Matter.objects.create(
        code=code, kind="problem", title=code, source="visit", unit=of.unit, is_open=is_open,
        phase="handling" if is_open else "closed", state="rectifying", outcome="" if is_open else "done",
        closed_at=None if is_open else clock.now(),
    )  # fmt: skip
    DutyProblem.objects.create(duty=of, matter=matter)


@pytest.fixture
def prepared(city: City, issued: Edition, settings: object, tmp_path: object) -> City:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    with_cycle(city)
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
    with at(3, 20):
        # Task 1: its lead reports "behind" with two documents, the supporting unit "done" with one.
        first, second = entry(report_of(city, "police"), "t1"), entry(report_of(city, "justice"), "t1")
        for row, unit, link in ((first, "police", "a"), (first, "police", "b"), (second, "justice", "c")):
            add_proof(city.actor(unit), row.pk, link=f"https://example.org/{link}")
        submit(city, "police", status="behind")
        report = submit(city, "justice", status="on_track")  # task 2, which it leads, is on schedule
        sign_off_reports(city.actor("clerk"), [report.pk])
        # Task 3: nothing is reported, yet one document is on file.
        add_proof(
            city.actor("housing"), entry(report_of(city, "housing"), "t3").pk, link="https://example.org/d"
        )
    led = duty(issued, "t1", city.units["police"])
    problem(led, "WT-1", is_open=True)
    problem(duty(issued, "t1", city.units["justice"]), "WT-2", is_open=True)
    problem(led, "WT-3", is_open=False)
    return city


def asked(client: Client, **query: str) -> bytes:
    with clock.frozen(NEXT_YEAR):
        answer = client.get(reverse("readiness"), query)
    assert answer.status_code == 200
    return answer.content


def wanted(heads: list[str], rows: list[list[str]]) -> dict[str, tuple[str, ...]]:
    """The compared columns of a table, by clause; "—" and nothing are the same for a clause without tasks."""
    at_column = [next(at for at, said in enumerate(heads) if said.startswith(head)) for head in HEADS]
    found = {}
    for row in rows:
        number, tasks, *counts = (" ".join(row[at].split()) for at in at_column)
        found[number] = ("" if tasks == "—" else tasks, *(count or "0" for count in counts))
    return found


def on_screen(content: bytes) -> dict[str, tuple[str, ...]]:
    table = html.fromstring(content.decode()).xpath("//table[.//th]")[0]
    heads = [" ".join(cell.text_content().split()) for cell in table.xpath("./thead/tr[1]/th")]
    rows = [[cell.text_content() for cell in row.xpath("./td|./th")] for row in table.xpath("./tbody/tr")]
    return wanted(heads, rows)


def in_word(content: bytes) -> dict[str, tuple[str, ...]]:
    table = docx.Document(io.BytesIO(content)).tables[0]
    heads, *rows = [[cell.text for cell in row.cells] for row in table.rows]
    return wanted(heads, rows)


def in_excel(content: bytes) -> dict[str, tuple[str, ...]]:
    lines = [
        list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    ]
    start = next(at for at, line in enumerate(lines) if HEADS[0] in line)
    rows = [["" if cell is None else str(cell) for cell in line] for line in lines[start + 1 :]]
    return wanted([str(cell) for cell in lines[start]], [row for row in rows if row[0][:1].isdigit()])


def test_lz12_page_word_and_excel_say_what_was_counted_by_hand(prepared: City) -> None:
    client = prepared.client("clerk")
    assert on_screen(asked(client)) == EXPECTED
    assert in_word(asked(client, export="docx")) == EXPECTED
    assert in_excel(asked(client, export="xlsx")) == EXPECTED


@pytest.mark.parametrize(
    ("state", "clauses"), [("blind", {"2.2"}), ("late", {"1.1"}), ("bare", {"1.2", "2.2"})]
)
def test_lz12_a_filter_holds_for_page_word_and_excel(prepared: City, state: str, clauses: set[str]) -> None:
    client = prepared.client("clerk")
    for read, more in ((on_screen, {}), (in_word, {"export": "docx"}), (in_excel, {"export": "xlsx"})):
        assert set(read(asked(client, state=state, **more))) == clauses


def test_lz12_done_in_time_is_shown_and_not_overdue(prepared: City) -> None:
    with at(3, 25):
        report = report_of(prepared, "police")
        report.state = "returned"
        report.return_reason = "补充"
        report.save()
        fill_all(prepared, "police", status="done")
        Duty.objects.filter(task__key="t1", role="lead").update(done_on="2026-03-25")
    row = on_screen(asked(prepared.client("clerk")))["1.1"]
    assert row[:2] == ("1 健全领导小组（已完成）", "0")


def test_lz12_only_who_sees_all_lists_gets_it(prepared: City) -> None:
    with clock.frozen(NEXT_YEAR):
        for export in ("", "docx", "xlsx"):
            answer = prepared.client("police").get(reverse("readiness"), {"export": export})
            assert answer.status_code == 403
