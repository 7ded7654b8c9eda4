"""Periodic jobs catch up once and in order; long work can be left and found again; seal heads are kept elsewhere."""

import io
import zipfile
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from shiyu import cli
from shiyu.audit import actions
from shiyu.audit.jobs import (
    Long,
    Periodic,
    Slots,
    connect_jobs,
    export_head,
    heads_exported,
    run_due,
    run_one,
    seal_entries,
    take_up_again,
    tidy,
)
from shiyu.audit.models import AuditEntry, AuditSeal, JobRun
from shiyu.audit.queries import verify
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, UserError
from shiyu.lib.ids import new_id
from shiyu.matters.jobs import tell_due
from shiyu.matters.models import Assignment, Matter
from shiyu.notices.models import Notice
from shiyu.people.models import Unit
from shiyu.plans.jobs import open_this_month, remind
from shiyu.plans.models import Report
from shiyu.wiring import connect, hear

MORNING = datetime(2026, 11, 20, 8, 0, tzinfo=clock.CITY_ZONE)
Window = tuple[str, datetime, datetime]


@pytest.fixture
def ran(db):  # type: ignore[no-untyped-def]
    """Two daily jobs and what they were given; the wiring's own jobs come back afterwards."""
    found: list[Window] = []

    def job(name: str, hour: int) -> Periodic:
        def work(since: datetime, until: datetime) -> int:
            found.append((name, since, until))
            return len(found)

        return Periodic(name, name, Slots("day", hour), work)

    connect_jobs([job("first", 6), job("second", 7)], [], lambda run_id: None)
    yield found
    connect()


@pytest.mark.parametrize(
    ("slots", "newest", "after"),
    [
        (Slots("hour"), "2026-11-20T08:00", "2026-11-20T09:00"),
        (Slots("day", 9), "2026-11-19T09:00", "2026-11-20T09:00"),
        (Slots("day", 7, 30), "2026-11-20T07:30", "2026-11-21T07:30"),
        (Slots("month", 7), "2026-11-01T07:00", "2026-12-01T07:00"),
    ],
)
def test_slots_lie_in_the_citys_time(slots, newest, after) -> None:
    assert slots.newest(MORNING).isoformat().startswith(newest)
    assert slots.after(slots.newest(MORNING)).isoformat().startswith(after)
    assert slots.newest(slots.before(slots.newest(MORNING))) == slots.before(slots.newest(MORNING))


def test_three_days_down_are_caught_up_once_in_order_and_without_a_gap(ran) -> None:
    with clock.frozen(MORNING):
        assert run_due() == 2
        assert run_due() == 0, "nothing is done twice"
    with clock.frozen(MORNING + timedelta(days=3)):
        assert run_due() == 2
        assert run_due() == 0
    assert [name for name, _, _ in ran] == ["first", "second"] * 2
    assert ran[2][1] == ran[0][2], "the second window begins where the first ended"
    assert ran[2][2] - ran[2][1] == timedelta(days=3)


def test_a_slot_taken_by_another_worker_is_left_alone(ran) -> None:
    with clock.frozen(MORNING):
        slot = MORNING.replace(hour=6)
        JobRun.objects.create(kind="first", slot=slot, state=JobRun.State.RUNNING)
        run_due()
    assert [name for name, _, _ in ran] == ["second"]


def test_a_failure_is_kept_in_words_undone_and_tried_again(db) -> None:
    def work(since: datetime, until: datetime) -> int:
        Unit.objects.create(code="half", name="half", kind="department", protocol_order=1)
        raise UserError("没有磁盘空间")

    connect_jobs([Periodic("bad", "bad", Slots("day", 6), work)], [], lambda run_id: None)
    try:
        with clock.frozen(MORNING):
            run_due()
            assert JobRun.objects.get().error == "没有磁盘空间"
            assert not Unit.objects.filter(code="half").exists()
            assert run_due() == 0
        with clock.frozen(MORNING + timedelta(minutes=11)):
            assert run_due() == 1
    finally:
        connect()
    assert JobRun.objects.count() == 1


def test_a_fault_of_the_software_shows_nothing_of_the_data_on_the_page(db, caplog) -> None:
    def work(since: datetime, until: datetime) -> int:
        raise RuntimeError("王某某 13900000000")

    connect_jobs([Periodic("bad", "bad", Slots("day", 6), work)], [], lambda run_id: None)
    try:
        with clock.frozen(MORNING):
            run_due()
    finally:
        connect()
    run = JobRun.objects.get()
    assert run.state == JobRun.State.FAILED
    assert run.error == f"系统办理时出现故障，详情见后台服务日志，编号 {run.pk}。"
    assert str(run.pk) in caplog.text, "the page's number finds the place in the log"


def test_a_run_cut_off_with_its_worker_is_said_to_be_and_done_again(ran) -> None:
    with clock.frozen(MORNING):
        JobRun.objects.create(kind="first", slot=MORNING.replace(hour=6), state=JobRun.State.RUNNING)
    with clock.frozen(MORNING + timedelta(hours=2)):
        run_due()
        assert "后台服务" in JobRun.objects.get(kind="first").error
    with clock.frozen(MORNING + timedelta(hours=3)):
        run_due()
    assert JobRun.objects.get(kind="first").state == JobRun.State.DONE


def test_long_work_that_waited_for_hours_is_not_given_up_while_it_runs(db) -> None:
    seen = []

    def work(run: JobRun, progress: object) -> dict[str, object]:
        run_due()  # another worker looks for runs that were cut off
        seen.append(JobRun.objects.get(pk=run.pk).state)
        return {}

    connect_jobs([], [Long("slow", "slow", work)], lambda run_id: None)
    try:
        with clock.frozen(MORNING):
            run = JobRun.objects.create(kind="slow", asked_by_id=new_id())
        with clock.frozen(MORNING + timedelta(hours=5)):
            run_one(str(run.pk))
    finally:
        connect()
    run.refresh_from_db()
    assert seen == [JobRun.State.RUNNING] and run.state == JobRun.State.DONE and not run.error


def test_only_the_system_administrator_runs_a_job_now(browser_of, person) -> None:
    with pytest.raises(NotAllowed):
        actions.run_job(person("auditor"), "audit.tidy")
    client = browser_of("sysadmin")
    assert browser_of("clerk").post("/jobs/run/audit.tidy/").status_code == 403
    assert client.post("/jobs/run/no.such/").status_code == 404
    page = client.post("/jobs/run/audit.tidy/", follow=True).content.decode()
    assert "已排队执行" in page
    assert "正在执行" in client.post("/jobs/run/audit.tidy/", follow=True).content.decode()
    run = JobRun.objects.get(kind="audit.tidy")
    run_one(str(run.pk))
    run_one(str(run.pk))
    run.refresh_from_db()
    assert run.state == JobRun.State.DONE
    assert AuditEntry.objects.filter(action="audit.run_job", subject_id=run.pk).count() == 1


def test_the_page_shows_failures_in_words_to_the_system_administrator_only(browser_of) -> None:
    JobRun.objects.create(
        kind="audit.export_head", slot=MORNING, state="failed", error="磁盘已满", finished_at=MORNING
    )
    page = browser_of("sysadmin").get("/jobs/").content.decode()
    assert "磁盘已满" in page
    assert "开放当月进展填报" in page
    assert "开放当月进展填报" not in browser_of("clerk").get("/jobs/").content.decode()


def test_long_work_can_be_left_and_found_again(browser_of, person) -> None:
    seen: list[float] = []

    def work(run, progress):  # type: ignore[no-untyped-def]
        for done in range(1, 5):
            progress(done, 4)
            seen.append(JobRun.objects.get(pk=run.pk).share)
        return {"url": "/lists/"}

    connect_jobs([], [Long("tests.slow", "slow", work)], lambda run_id: None)
    try:
        run = actions.start_work(person("clerk"), "tests.slow", title="全部单位清单")
        again = actions.start_work(person("clerk"), "tests.slow", title="全部单位清单")
        assert again.pk == run.pk, "what is going on is not started twice"
        client = browser_of("clerk")
        assert "全部单位清单" in client.get("/jobs/").content.decode()
        assert client.get(f"/jobs/{run.pk}/state/").json()["done"] is False
        run_one(str(run.pk))
    finally:
        connect()
    assert seen == [0.25, 0.5, 0.75, 1.0]
    assert client.get(f"/jobs/{run.pk}/state/").json() == {
        "share": 1.0, "text": "已完成", "done": True, "failed": False, "url": "",
    }  # fmt: skip
    assert 'href="/lists/"' in client.get(f"/jobs/{run.pk}/").content.decode()
    assert browser_of("head").get(f"/jobs/{run.pk}/").status_code == 404


@pytest.fixture
def heads(city, settings, tmp_path) -> Path:
    settings.AUDIT_HEADS = tmp_path / "heads"
    seal_entries()
    assert export_head() == 1
    return tmp_path / "heads"


def test_heads_are_only_added_and_only_where_something_is_new(heads, person) -> None:
    before = [file.read_bytes() for file in heads.iterdir()]
    assert export_head() == 0
    actions.run_job(person("sysadmin"), "audit.tidy")
    seal_entries()
    assert export_head() == 1
    assert next(iter(heads.iterdir())).read_bytes().startswith(before[0])
    assert [head.number for head in heads_exported()][-1] == AuditSeal.objects.count()


def test_a_cut_off_tail_shows_by_the_head_kept_elsewhere(heads, capsys) -> None:
    file = next(iter(heads.iterdir()))
    assert list(verify(heads_exported())) == []
    newest = AuditSeal.objects.order_by("-number")[0]
    AuditEntry.objects.filter(pk=newest.entry_id).delete()
    AuditSeal.objects.filter(number=newest.number).delete()
    assert list(verify()) == [], "without a head a cut-off tail cannot be seen"
    assert [(one.fault, one.seal_number) for one in verify(heads_exported())] == [("missing", newest.number)]
    with pytest.raises(SystemExit) as left:
        cli.main(["audit", "verify", "--head", str(file)])
    assert left.value.code == 1
    assert f"#{newest.number}" in capsys.readouterr().out


def test_a_record_sealed_anew_shows_by_the_head_kept_elsewhere(heads, settings) -> None:
    AuditSeal.objects.all().delete()
    settings.AUDIT_KEY = b"another key"
    seal_entries()
    assert "changed" in {one.fault for one in verify(heads_exported())}


def test_a_file_that_holds_no_heads_is_told_with_its_line(heads, tmp_path, capsys) -> None:
    (tmp_path / "x.txt").write_text("2026-11-20T08:00:00+08:00 12 abc\nnonsense\n")
    with pytest.raises(SystemExit) as left:
        cli.main(["audit", "verify", "--head", str(tmp_path / "x.txt")])
    assert left.value.code == 2
    assert "2" in capsys.readouterr().err


def test_the_audit_administrator_sees_and_takes_the_heads(heads, browser_of) -> None:
    auditor = browser_of("auditor")
    seal = AuditSeal.objects.order_by("-number")[0].seal
    assert seal in auditor.get("/audit/verify/").content.decode()
    taken = auditor.get("/audit/heads/")
    assert seal in taken.content.decode()
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert browser_of("sysadmin").get("/audit/heads/").status_code == 403


def test_the_month_is_opened_once_and_not_where_people_opened_it(city) -> None:
    november = datetime(2026, 11, 1, 7, tzinfo=clock.CITY_ZONE)
    with clock.frozen(november):
        assert open_this_month(november, november) == 1
        assert Report.objects.filter(period__code="2026-11").exists()
        assert open_this_month(november, november) == 0


def test_units_are_reminded_two_days_before_and_a_day_after_once_each(city) -> None:
    november = datetime(2026, 11, 1, 7, 30, tzinfo=clock.CITY_ZONE)
    with clock.frozen(november):
        open_this_month(november, november)
    period = Report.objects.all()[0].period
    period.due_on = date(2026, 11, 25)
    period.save(update_fields=["due_on"])
    reports = Report.objects.count()
    window = [november + timedelta(days=day) for day in range(30)]
    told = [remind(since, until) for since, until in pairwise(window)]
    assert [window[n + 1].day for n, count in enumerate(told) if count] == [23, 26]
    assert set(told) == {0, reports}
    assert remind(november, november + timedelta(days=29)) == reports, "after a stop they are reminded once"


def test_a_unit_is_told_once_when_its_matter_turns_amber_and_once_when_it_is_late(city) -> None:
    owner, holder = Unit.objects.get(code="office"), Unit.objects.get(code="justice")
    amber, due = MORNING + timedelta(days=1), MORNING + timedelta(days=3)
    matter = Matter.objects.create(
        code="WT-1", kind="problem", title="一", source="x", unit=owner, phase="handling", state="x",
        warn_at=amber, due_at=due,
    )  # fmt: skip
    Assignment.objects.create(matter=matter, unit=holder, role="lead")
    for day, told in ((0, 0), (1, 1), (2, 0), (3, 1), (4, 0)):
        until = MORNING + timedelta(days=day)
        assert tell_due(until - timedelta(days=1), until) == told
    words = set(Notice.objects.filter(subject_id=matter.pk).values_list("user__username", "title_zh"))
    assert words == {("justice", "即将到期：WT-1 一"), ("justice", "已逾期：WT-1 一")}


def test_the_lists_of_all_units_are_made_in_the_background(browser_of, files_elsewhere: None) -> None:
    client = browser_of("clerk")
    page = client.post("/lists/archive/", {"form": "xlsx"}).headers["Location"]
    run = JobRun.objects.get(kind="desk.archive_lists")
    assert "可以离开本页" in client.get(page).content.decode()
    run_one(str(run.pk))
    run.refresh_from_db()
    assert run.error == ""
    assert (run.share, run.done) == (1.0, run.total)
    assert f"{page}file/" in client.get(page).content.decode()
    taken = client.get(f"{page}file/")
    names = zipfile.ZipFile(io.BytesIO(b"".join(taken))).namelist()  # type: ignore[arg-type]
    assert any("示市司法局" in name for name in names)
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert browser_of("head").get(f"{page}file/").status_code == 404
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert tidy(clock.now(), clock.now()) >= 1
    assert client.get(f"{page}file/").status_code == 404
    assert browser_of("sysadmin").post("/lists/archive/").status_code in (403, 404)


def test_the_health_page_says_what_is_wrong_in_one_word(db, client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 503, "no worker runs in a test"
    assert answer.json()["database"] == "ok"
    assert answer.json()["worker"] == "fail"


def test_what_a_killed_worker_held_is_queued_again_and_what_works_is_left(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes'), (now())"
            " RETURNING id"
        )
        gone, alive = (row[0] for row in cursor.fetchall())
        for name, holder in (("held by the gone", gone), ("held by nobody", None), ("in work", alive)):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)"
                " VALUES ('this test', %s, '{}', 'doing', %s)",
                [name, holder],
            )
    assert take_up_again() == 2
    mine = ProcrastinateJob.objects.filter(queue_name="this test")
    states = dict(mine.values_list("task_name", "status"))
    assert states == {"held by the gone": "todo", "held by nobody": "todo", "in work": "doing"}
    assert take_up_again() == 0


def test_a_message_that_fails_is_tried_again_for_an_hour_and_more() -> None:
    waits = []
    for attempt in range(7):
        job = Job(id=1, queue="events", lock=None, queueing_lock=None, task_name="hear", attempts=attempt)
        found = hear.get_retry_exception(exception=OSError(), job=job)
        if found is not None:
            again = found.retry_decision.retry_at
            waits.append((again - datetime.now(again.tzinfo)).total_seconds())
    assert len(waits) == 6 and sum(waits) > 3600 and waits[0] < 10


def test_what_could_not_be_handed_on_is_queued_again_by_the_administrator(browser_of) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args)"
            " VALUES ('default', 'x', 'failed', '{}') RETURNING id"
        )
        (failed,) = cursor.fetchone()
    assert browser_of("clerk").post("/jobs/retry/").status_code == 403
    client = browser_of("sysadmin")
    assert 'action="/jobs/retry/"' in client.get("/jobs/").content.decode()
    assert client.post("/jobs/retry/").status_code == 302
    assert ProcrastinateJob.objects.get(pk=failed).status == "todo"
    assert AuditEntry.objects.filter(action="audit.retry_messages").count() == 1
