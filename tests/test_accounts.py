"""Passwords that are due, one-time passwords, locks by account and address, administrators kept apart, sign-in audit."""

from datetime import timedelta

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test import Client

from shiyu import cli
from shiyu.audit.actions import action, record
from shiyu.audit.jobs import seal_entries
from shiyu.audit.models import AuditEntry, AuditSeal
from shiyu.kernel.actor import SYSTEM
from shiyu.lib import clock, postgres
from shiyu.lib.errors import NotAllowed, UserError
from shiyu.lib.requests import client_address
from shiyu.people import actions
from shiyu.people.actions.passwords import one_time_password
from shiyu.people.jobs import tidy
from shiyu.people.models import Absence, Post, User
from shiyu.people.queries import actor_of
from tests.conftest import PASSWORD

NEW = "Kunlun-plateau-42"


def sign_in(client: Client, username: str, password: str, **more: str):  # type: ignore[no-untyped-def]
    return client.post("/sign-in/", {"username": username, "password": password}, **more)


def change(client: Client, old: str, new: str, again: str | None = None, address: str = "/account/password/"):  # type: ignore[no-untyped-def]
    return client.post(address, {"old": old, "new": new, "again": again or new})


def test_a_first_password_opens_nothing_but_the_page_that_changes_it(city, client, person) -> None:
    _user, first = actions.reset_password(person("sysadmin"), person("clerk").user_id)
    sign_in(client, "clerk", first)
    assert client.get("/").headers["Location"] == "/account/password/"
    assert client.post("/boxes/new/", {"name": "x"}).headers["Location"] == "/account/password/"
    assert "初始密码" in client.get("/account/password/").content.decode()
    assert change(client, first, NEW).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert User.objects.get(username="clerk").check_password(NEW)


def test_an_old_password_is_due_after_ninety_days_and_never_where_that_is_off(city, settings) -> None:
    for days, limit, due in ((89, 90, False), (91, 90, True), (91, 0, False)):
        settings.PASSWORD_DAYS = limit
        with clock.frozen(clock.now() + timedelta(days=days)):
            client = Client()
            sign_in(client, "clerk", PASSWORD)
            assert (client.get("/").status_code == 302) is due, (days, limit)
    settings.DEMO = True
    with clock.frozen(clock.now() + timedelta(days=400)):
        client = Client()
        sign_in(client, "clerk", PASSWORD)
        assert client.get("/").status_code == 200, "a demo's people are exempt"


@pytest.mark.parametrize(
    ("new", "again", "says"),
    [
        ("Ab1-", "", "10"),
        ("abcdefghijkl", "", "至少 3 类"),
        ("shiyu-demo-2026", "", "演示密码"),
        (PASSWORD, "", "最近 5 次"),
        (NEW, "Kunlun-plateau-43", "不一致"),
    ],
)
def test_a_bad_new_password_is_refused_with_the_reason_in_chinese(browser_of, new, again, says) -> None:
    client = browser_of("clerk")
    answer = change(client, PASSWORD, new, again)
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert User.objects.get(username="clerk").check_password(PASSWORD)


def test_the_last_five_passwords_do_not_come_back_but_the_sixth_may(person) -> None:
    clerk, used = person("clerk"), [PASSWORD, *(f"Word-{n}-of-mine" for n in range(6))]
    for old, new in zip(used, used[1:], strict=False):
        actions.change_password(clerk, old=old, new=new)
        with pytest.raises(UserError, match="5"):
            actions.change_password(clerk, old=new, new=old)
    assert User.objects.get(username="clerk").old_passwords.count() == 5
    actions.change_password(clerk, old=used[-1], new=used[0])


def test_a_wrong_old_password_changes_nothing(browser_of) -> None:
    assert "原密码不正确" in change(browser_of("clerk"), "wrong", NEW).content.decode()
    assert User.objects.get(username="clerk").check_password(PASSWORD)


def test_a_one_time_password_is_shown_once_and_ends_the_sessions(browser_of) -> None:
    clerk, admin = browser_of("clerk"), browser_of("sysadmin")
    user = User.objects.get(username="clerk")
    page = admin.post(f"/accounts/{user.pk}/password/")
    assert "no-store" in page.headers["Cache-Control"]
    password = page.context["password"]
    assert password in page.content.decode()
    assert password not in admin.get(f"/accounts/{user.pk}/").content.decode()
    assert clerk.get("/").status_code == 302
    user.refresh_from_db()
    assert user.check_password(password)
    entry = AuditEntry.objects.get(action="people.reset_password")
    assert entry.changes == {"password": "changed"}
    assert browser_of("secadmin").post(f"/accounts/{user.pk}/password/").status_code == 403


def test_one_administrator_cannot_take_over_another(person, capsys) -> None:
    for name in ("secadmin", "auditor", "sysadmin"):
        with pytest.raises(UserError):
            actions.reset_password(person("sysadmin"), person(name).user_id)
    with pytest.raises(SystemExit) as left:
        cli.main(["reset-password", "auditor"])
    assert left.value.code == 0
    password = capsys.readouterr().out.split()[1]
    assert User.objects.get(username="auditor").check_password(password)
    with pytest.raises(SystemExit) as left:
        cli.main(["reset-password", "nobody"])
    assert left.value.code == 2


def test_one_time_passwords_fit_the_rules_and_differ() -> None:
    words = {one_time_password() for _n in range(50)}
    assert len(words) == 50
    assert all(len(word) == 14 and not set(word) & set("0O1lI") for word in words)


def test_the_demos_password_opens_no_real_account(city, client, settings) -> None:
    user = User.objects.get(username="clerk")
    user.set_password("shiyu-demo-2026")
    user.save()
    assert "演示密码" in sign_in(client, "clerk", "shiyu-demo-2026").content.decode()
    settings.DEMO = True
    assert sign_in(client, "clerk", "shiyu-demo-2026").status_code == 302


def test_signing_in_and_out_is_recorded_without_what_was_typed(city, client) -> None:
    sign_in(client, "my secret typed as a name", "x")
    sign_in(client, "clerk", "wrong", REMOTE_ADDR="10.1.2.3")
    sign_in(client, "clerk", PASSWORD)
    client.post("/sign-out/")
    rows = AuditEntry.objects.filter(action__in=["people.sign_in", "people.sign_out", "people.fail_sign_in"])
    found = [(row.action.split(".")[1], row.changes.get("username")) for row in rows.order_by("id")]
    assert found == [("fail_sign_in", "?"), ("fail_sign_in", "clerk"), ("sign_in", None), ("sign_out", None)]
    assert rows.filter(changes__address="10.1.2.3").exists()
    assert "secret" not in str(list(rows.values()))


def test_a_session_put_into_the_browser_before_is_worth_nothing_afterwards(city, client) -> None:
    client.session.save()
    client.get("/sign-in/")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client, "clerk", PASSWORD)
    assert client.session.session_key != before
    intruder = Client()
    intruder.cookies["sessionid"] = before
    assert intruder.get("/").status_code == 302


def test_an_account_is_locked_whatever_address_the_tries_come_from(city, client, person) -> None:
    for n in range(5):
        sign_in(client, "clerk", "wrong", REMOTE_ADDR=f"10.0.0.{n}")
    assert sign_in(client, "clerk", PASSWORD, REMOTE_ADDR="10.0.0.99").status_code == 403
    assert sign_in(Client(), "head", PASSWORD, REMOTE_ADDR="10.0.0.1").status_code == 302


def test_an_address_is_locked_whatever_names_it_tries(city, settings, browser_of) -> None:
    settings.ADDRESS_FAILURE_LIMIT = 6
    for n in range(6):
        sign_in(Client(), f"guess{n}", "wrong", REMOTE_ADDR="10.9.9.9")
    assert sign_in(Client(), "clerk", PASSWORD, REMOTE_ADDR="10.9.9.9").status_code == 403
    assert sign_in(Client(), "clerk", PASSWORD, REMOTE_ADDR="10.9.9.8").status_code == 302
    security = browser_of("secadmin")
    assert "10.9.9.9" in security.get("/security/").content.decode()
    security.post("/security/", {"address": "10.9.9.9"})
    assert sign_in(Client(), "clerk", PASSWORD, REMOTE_ADDR="10.9.9.9").status_code == 302


def test_the_address_is_the_one_our_own_proxy_saw(rf, settings) -> None:
    request = rf.get("/", HTTP_X_FORWARDED_FOR="1.1.1.1, 10.0.0.7", REMOTE_ADDR="127.0.0.1")
    settings.PROXIES = 0
    assert client_address(request) == "127.0.0.1"
    settings.PROXIES = 1
    assert client_address(request) == "10.0.0.7", "what the sender wrote before it proves nothing"


def test_a_page_that_asks_by_itself_does_not_keep_the_session_alive(browser_of) -> None:
    client, start = browser_of("clerk"), clock.now()
    with clock.frozen(start):
        client.get("/")
    for minutes in (10, 20, 29):
        with clock.frozen(start + timedelta(minutes=minutes)):
            client.get("/jobs/", headers={"Accept": "application/json"})
    with clock.frozen(start + timedelta(minutes=31)):
        assert client.get("/").status_code == 302


def test_a_host_that_is_not_ours_is_refused(client) -> None:
    assert client.get("/sign-in/", headers={"Host": "elsewhere.example"}).status_code == 400


def test_a_post_is_given_from_to_and_by_whom(browser_of, person) -> None:
    user, _password = actions.create_user(person("sysadmin"), username="new", name="新人")
    post, client = Post.objects.get(code="justice_liaison"), browser_of("sysadmin")
    given = {"post_id": post.pk, "valid_from": clock.today(), "valid_to": clock.today() + timedelta(days=9)}
    assert client.post(f"/accounts/{user.pk}/", given).status_code == 302
    row = user.appointments.get()
    assert (row.given_by.username, row.valid_to) == ("sysadmin", given["valid_to"])
    assert actor_of(user).has("report.fill", post.unit_id)
    with clock.frozen(clock.now() + timedelta(days=10)):
        assert not actor_of(user).rights
    assert client.post(f"/appointments/{row.pk}/end/", {"last_day": clock.today()}).status_code == 302
    row.refresh_from_db()
    assert row.valid_to == clock.today()
    with pytest.raises(NotAllowed):
        actions.appoint(person("clerk"), post_id=post.pk, user_id=user.pk, valid_from=clock.today())


def test_administrators_posts_are_given_by_the_security_administrator_to_others(person, browser_of) -> None:
    user, _password = actions.create_user(person("sysadmin"), username="new", name="新人")
    audit = Post.objects.get(code="auditor")
    given = {"post_id": audit.pk, "user_id": user.pk, "valid_from": clock.today()}
    with pytest.raises(NotAllowed):
        actions.appoint(person("sysadmin"), **given)
    with pytest.raises(UserError, match="自己"):
        actions.appoint(person("secadmin"), **(given | {"user_id": person("secadmin").user_id}))
    assert browser_of("secadmin").post(
        f"/security/posts/{audit.pk}/", {"user_id": user.pk, "valid_from": clock.today()}
    ).status_code == 302  # fmt: skip
    assert actor_of(user).has("audit.read")
    with pytest.raises(UserError, match="不能兼任"):
        actions.appoint(person("secadmin"), **(given | {"post_id": Post.objects.get(code="sysadmin").pk}))


def test_a_deputy_does_not_join_two_administrators(person) -> None:
    with pytest.raises(UserError):
        actions.set_absence(
            person("sysadmin"), deputy_id=person("secadmin").user_id, valid_from=clock.today(), days=3
        )


def test_an_administrators_post_does_not_come_to_another_administrator_by_deputy(person) -> None:
    """One who is away is given a post: their deputy would act in it too."""
    user, _password = actions.create_user(person("sysadmin"), username="new", name="新人")
    days = {"valid_from": clock.today(), "valid_to": clock.today() + timedelta(days=3)}
    Absence.objects.create(user=user, deputy=User.objects.get(username="auditor"), **days)
    post = Post.objects.get(code="sysadmin")
    with pytest.raises(UserError, match="不能兼任"):
        actions.appoint(person("secadmin"), post_id=post.pk, user_id=user.pk, valid_from=clock.today())


def test_old_sessions_and_tries_are_forgotten(city, client) -> None:
    sign_in(client, "clerk", "wrong")
    sign_in(client, "clerk", PASSWORD)
    assert tidy(clock.now(), clock.now()) == 0
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert tidy(clock.now(), clock.now()) >= 1


@pytest.fixture
def limited(city):  # type: ignore[no-untyped-def]
    """The connection as the application's own role, as `shiyu migrate` leaves it."""
    seal_entries()
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE shiyu_test_limited")
        postgres.limit_role(cursor, "shiyu_test_limited", ["audit_auditentry", "audit_auditseal"])
        cursor.execute("SET ROLE shiyu_test_limited")
        yield cursor
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize("table", ["audit_auditentry", "audit_auditseal"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"]
)
def test_the_applications_role_cannot_change_what_is_recorded(limited, table, statement) -> None:
    statement = statement.format(table).replace(
        "SET id = id", "SET seal = ''" if "seal" in table else "SET mac = ''"
    )
    with (
        pytest.raises((ProgrammingError, InternalError), match="permission denied|must be owner"),
        transaction.atomic(),
    ):
        limited.execute(statement)


def test_the_applications_role_can_work(limited) -> None:
    @action("tests.rename")
    def rename(actor) -> None:  # type: ignore[no-untyped-def]
        user = User.objects.get(username="clerk")
        user.name = "新名"
        user.save()
        record(user)

    before = AuditSeal.objects.count()
    rename(SYSTEM)
    assert seal_entries() == 1
    assert AuditSeal.objects.count() == before + 1
    with pytest.raises(ProgrammingError), transaction.atomic():
        limited.execute("CREATE TABLE mine (id int)")
