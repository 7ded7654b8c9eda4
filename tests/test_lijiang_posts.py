"""LJ1 of Lijiang, the rest of it: who is away and who stands in, and handing over when somebody leaves a post."""

import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from shiyu.audit.models import AuditEntry
from shiyu.demo.agenda import Agenda
from shiyu.demo.cast import Cast
from shiyu.demo.centres import Centres
from shiyu.demo.material import read_material
from shiyu.demo.posts import Posts
from shiyu.lib import clock
from shiyu.matters.models import OrderBatch
from shiyu.notices.jobs import tell_handed_over
from shiyu.notices.models import Notice
from shiyu.packs.queries import current_calendar
from shiyu.people import actions
from shiyu.people.models import Absence, Appointment, Post, User
from shiyu.people.queries import actor_of, holders_of_right
from tests.loading import loaded_once
from tests.test_lijiang import LIJIANG, TODAY, dispute

DAY = TODAY.date()
BACKEND = "django.contrib.auth.backends.ModelBackend"
DESK, HEAD = "gc02-desk", "gc02-head"


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Lijiang in the database, once for the module; everything is rolled back at its end."""
    with loaded_once(django_db_blocker, LIJIANG, TODAY, password="an-example-password-1"):
        yield


@pytest.fixture
def lijiang(loaded: None, db: None) -> None:
    """The loaded pack; what a test changes is taken back."""


def user(name: str) -> User:
    return User.objects.get(username=name)


def browser(name: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user(name), backend=BACKEND)
    return client


def held(name: str) -> Appointment:
    return user(name).appointments.get()


def page(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def away(name: str, deputy: str, days: int = 5, first: date = DAY) -> Absence:
    return actions.set_absence(actor_of(user(name)), deputy_id=user(deputy).pk, valid_from=first, days=days)


def table_of(name: str) -> OrderBatch:
    """A checked table of work orders that waits in the person's name."""
    one = user(name)
    unit = one.appointments.get().post.unit
    return OrderBatch.objects.create(
        source="hotline", file_name="工单0908.csv", unit=unit, by_id=one.pk, by_name=one.name, state="checked"
    )


def second_at_the_desk(first: date = DAY) -> User:
    """Another person for the same post."""
    one = User.objects.create(username="gc02-desk-2", name="大研街道接待员乙")
    Appointment.objects.create(post=held(DESK).post, user=one, valid_from=first)
    return one


def end(client: Client, name: str, last: date) -> str:
    answer = client.post(reverse("appointment_end", args=[held(name).pk]), {"last_day": last.isoformat()})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def hand(client: Client, name: str, to: UUID | str, last: date = DAY, reason: str = "轮岗"):  # type: ignore[no-untyped-def]
    given = {"last_day": last.isoformat(), "to": str(to), "reason": reason}
    return client.post(reverse("appointment_handover", args=[held(name).pk]), given)


# --- absence and deputy ----------------------------------------------------------------------------------------


def test_the_units_page_says_who_is_away_and_who_stands_in(lijiang: None) -> None:
    unit_id = held(DESK).post.unit_id
    assert "离岗，由" not in page(browser(HEAD), "unit_detail", unit_id)
    away(DESK, HEAD)
    shown = page(browser(HEAD), "unit_detail", unit_id)
    assert f"2026-09-08 至 2026-09-12 离岗，由{user(HEAD).name}代理" in shown
    Absence.objects.update(valid_from=DAY - timedelta(days=9), valid_to=DAY - timedelta(days=1))
    assert "离岗，由" not in page(browser(HEAD), "unit_detail", unit_id)


def test_an_absence_that_lies_ahead_is_shown_and_a_vacant_post_is(lijiang: None) -> None:
    away(DESK, HEAD, first=DAY + timedelta(days=3), days=1)
    unit_id = held(DESK).post.unit_id
    Post.objects.create(code="gc02_more", unit_id=unit_id, name="联络岗", functions="联络")
    shown = page(browser(HEAD), "unit_detail", unit_id)
    assert "2026-09-11 至 2026-09-11 离岗" in shown
    assert "空缺" in shown


def test_the_deputys_desk_has_the_work_and_says_for_whom(lijiang: None) -> None:
    """A village's worker stands in for the centre's desk: its matters stand on the deputy's desk, only for these days."""
    deputy = User.objects.create(username="gc02-help", name="大研街道协助员")
    idle = Post.objects.create(code="gc02_help", unit=held(DESK).post.unit, name="协助岗", roles=[])
    Appointment.objects.create(post=idle, user=deputy, valid_from=DAY)
    matter = dispute()
    client = browser("gc02-help")
    assert matter.title not in page(client, "desk")
    away(DESK, "gc02-help")
    shown = page(client, "desk")
    assert f"您正在代理{user(DESK).name}（至 2026-09-12）" in shown
    assert "接待分流岗" in shown
    assert matter.title in shown
    with clock.frozen(TODAY + timedelta(days=5)):
        shown = page(client, "desk")
    assert "您正在代理" not in shown
    assert matter.title not in shown


def test_notices_reach_the_deputy_while_somebody_is_away(lijiang: None) -> None:
    unit_id, deputy = held("gc02-mc").post.unit_id, user(HEAD)
    Absence.objects.create(user=user("gc02-mc"), deputy=deputy, valid_from=DAY, valid_to=DAY)
    assert set(holders_of_right("matter.handle", [unit_id])) == {user("gc02-mc"), deputy}
    with clock.frozen(TODAY + timedelta(days=1)):
        assert holders_of_right("matter.handle", [unit_id]) == [user("gc02-mc")]


# --- leaving a post --------------------------------------------------------------------------------------------


def test_a_post_with_nothing_in_the_persons_name_just_ends(lijiang: None) -> None:
    admin = browser("sysadmin")
    dispute()  # the unit's work needs no handover
    assert end(admin, DESK, DAY) == reverse("user_detail", args=[user(DESK).pk])
    assert held(DESK).valid_to == DAY
    assert "moved" not in AuditEntry.objects.get(action="people.end_appointment").changes


def test_a_post_with_open_items_leads_to_the_handover_and_is_not_ended(lijiang: None) -> None:
    table_of(DESK)
    admin, page_of = browser("sysadmin"), reverse("appointment_handover", args=[held(DESK).pk])
    assert end(admin, DESK, DAY) == f"{page_of}?last_day=2026-09-08"
    assert held(DESK).valid_to is None
    shown = admin.get(f"{page_of}?last_day=2026-09-08").content.decode()
    assert "工作交接" in shown
    assert re.search(r"<td>工单表格</td><td class=\"r\">1</td>", shown)
    assert "工单0908.csv" not in shown, "who administers the system sees how much, not what"
    assert user(HEAD).name in shown
    assert 'value="2026-09-08"' in shown


def test_an_account_is_not_closed_while_something_stands_in_its_name(lijiang: None) -> None:
    table_of(DESK)
    admin, account = browser("sysadmin"), user(DESK)
    answer = admin.post(reverse("user_detail", args=[account.pk]), {"reason": "调离"})
    assert "名下还有1项未交接的工作" in answer.content.decode()
    assert 'value="调离"' in answer.content.decode() or ">调离<" in answer.content.decode()
    assert user(DESK).is_active
    second_at_the_desk(DAY + timedelta(days=1))
    assert hand(admin, DESK, user("gc02-desk-2").pk).status_code == 302
    with clock.frozen(TODAY + timedelta(days=1)):
        browser("sysadmin").post(reverse("user_detail", args=[account.pk]), {"reason": "调离"})
    assert not user(DESK).is_active


def test_the_next_holder_of_the_post_takes_over_what_was_open(lijiang: None) -> None:
    table, two = table_of(DESK), second_at_the_desk(DAY + timedelta(days=1))
    admin, before = browser("sysadmin"), AuditEntry.objects.count()
    answer = admin.get(reverse("appointment_handover", args=[held(DESK).pk]))
    assert answer.context["form"].fields["to"].choices[1] == (
        str(two.pk),
        f"{two.name} · 接待分流岗（派驻政法干部），同岗位",
    )
    assert hand(admin, DESK, two.pk).status_code == 302
    table.refresh_from_db()
    assert (table.by_id, table.by_name, held(DESK).valid_to) == (two.pk, two.name, DAY)
    assert AuditEntry.objects.count() == before + 1
    entry = AuditEntry.objects.get(action="people.end_appointment")
    assert entry.changes == {
        "valid_to": "2026-09-08",
        "to": str(two.pk),
        "moved": {"order_tables": [str(table.pk)]},
    }
    with clock.frozen(TODAY + timedelta(days=1)):
        assert "工单0908.csv" in page(browser("gc02-desk-2"), "order_import")


@pytest.mark.parametrize(
    ("to", "reason", "wrong"),
    [("", "轮岗", "to"), ("city-xinfang", "轮岗", "to"), ("unit", "轮岗", "to"), (HEAD, "", "reason")],
)
def test_a_handover_that_cannot_be_is_refused_and_keeps_what_was_typed(
    lijiang: None, to: str, reason: str, wrong: str
) -> None:
    table = table_of(DESK)
    key = user(to).pk if to not in ("", "unit") else to
    answer = hand(browser("sysadmin"), DESK, key, DAY + timedelta(days=2), reason)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [wrong]
    assert 'value="2026-09-10"' in answer.content.decode()
    assert held(DESK).valid_to is None
    assert OrderBatch.objects.get(pk=table.pk).by_id == user(DESK).pk


def test_a_receiver_without_the_right_gets_no_table(lijiang: None) -> None:
    table_of(DESK)
    helper = User.objects.create(username="gc02-help", name="大研街道协助员")
    idle = Post.objects.create(code="gc02_help", unit=held(DESK).post.unit, name="协助岗", roles=[])
    Appointment.objects.create(post=idle, user=helper, valid_from=DAY)
    answer = hand(browser("sysadmin"), DESK, helper.pk)
    assert answer.status_code == 422
    assert "没有受理交办权限" in answer.content.decode()
    assert held(DESK).valid_to is None


def test_whom_one_stands_in_for_is_not_left_alone(lijiang: None) -> None:
    """The deputy leaves in the middle of an absence: the rest of it goes to another, never to who is away."""
    absence, two = away(HEAD, DESK, days=10), second_at_the_desk()
    admin, last = browser("sysadmin"), DAY + timedelta(days=2)
    shown = admin.get(reverse("appointment_handover", args=[held(DESK).pk])).content.decode()
    assert f"代理{user(HEAD).name}，2026-09-08 至 2026-09-17" in shown
    assert "请选择其他人员" in hand(admin, DESK, user(HEAD).pk, last).content.decode()
    assert "须有人代理" in hand(admin, DESK, "unit", last).content.decode()
    assert hand(admin, DESK, two.pk, last).status_code == 302
    absence.refresh_from_db()
    rest = Absence.objects.exclude(pk=absence.pk).get()
    assert (absence.deputy, absence.valid_to) == (user(DESK), last)
    assert (rest.deputy, rest.user, rest.valid_from, rest.valid_to) == (
        two,
        user(HEAD),
        last + timedelta(days=1),
        DAY + timedelta(days=9),
    )


def test_only_who_gives_the_post_sees_its_handover(lijiang: None) -> None:
    table_of(DESK)
    address = reverse("appointment_handover", args=[held(DESK).pk])
    for name, status in ((HEAD, 403), (DESK, 403), ("secadmin", 403), ("sysadmin", 200)):
        assert browser(name).get(address).status_code == status, name
    admin = browser("secadmin")
    own = reverse("appointment_handover", args=[held("sysadmin").pk])
    assert admin.get(own).status_code == 200
    assert browser("sysadmin").get(own).status_code == 403


def test_the_page_is_whole_when_nothing_is_open_and_in_english(lijiang: None) -> None:
    admin = browser("sysadmin")
    shown = page(admin, "appointment_handover", held(DESK).pk)
    assert "此人名下没有未办事项" in shown
    assert 'name="to"' not in shown
    admin.cookies["django_language"] = "en"
    assert "Nothing stands in this person" in page(admin, "appointment_handover", held(DESK).pk)
    assert admin.get(reverse("appointment_handover", args=[held(DESK).pk]) + "?last_day=x").status_code == 200
    table_of(DESK)  # meanwhile
    answer = admin.post(reverse("appointment_handover", args=[held(DESK).pk]), {"last_day": "2026-09-08"})
    assert answer.status_code == 422
    assert held(DESK).valid_to is None
    OrderBatch.objects.all().delete()
    assert hand(admin, DESK, "").status_code == 302
    assert held(DESK).valid_to == DAY


def test_the_receiver_is_told(lijiang: None) -> None:
    post = held(DESK).post
    payload = {
        "from_name": "甲",
        "post": post.name,
        "unit_id": str(post.unit_id),
        "to_id": str(user(HEAD).pk),
        "count": 2,
    }
    tell_handed_over(payload)
    notice = Notice.objects.get(user=user(HEAD))
    assert "2 项未办事项交接给您" in notice.title_zh
    assert notice.url == reverse("unit_detail", args=[post.unit_id])


def test_the_demo_plays_a_post_that_changed_hands(lijiang: None) -> None:
    agenda = Agenda(TODAY + timedelta(days=2), current_calendar())
    with clock.frozen(TODAY):
        posts = Posts(Centres(agenda, Cast(), read_material(LIJIANG / "seed" / "demo"), random.Random(1)))
    posts.schedule()
    agenda.run()
    assert posts.pair is not None
    head, desk = posts.pair
    with clock.frozen(TODAY + timedelta(days=2)):
        shown = page(browser(HEAD), "unit_detail", desk.post.unit_id)
    desk.refresh_from_db()
    assert desk.valid_to == DAY + timedelta(days=2)
    assert f"{desk.user.name}（接任）" in shown
    assert f"2026-09-11 至 2026-09-19 离岗，由{desk.user.name}（接任）代理" in shown
    assert AuditEntry.objects.get(action="people.end_appointment").changes["moved"]
