"""Signing in and out: argon2, lock-out, idle time-out, administrators apart, headers."""

from datetime import timedelta

import pytest
from django.test import Client

from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.people import actions
from shiyu.people.models import Post, User
from tests.conftest import PASSWORD


def sign_in(client: Client, username: str, password: str):  # type: ignore[no-untyped-def]
    return client.post("/sign-in/", {"username": username, "password": password})


def test_the_right_password_opens_the_desk(city, client) -> None:
    assert sign_in(client, "clerk", PASSWORD).headers["Location"] == "/"
    page = client.get("/")
    assert page.status_code == 200
    assert "今日工作" in page.content.decode()


def test_passwords_are_kept_as_argon2(city) -> None:
    assert User.objects.get(username="clerk").password.startswith("argon2$")


def test_a_wrong_password_says_so_and_keeps_the_name(city, client) -> None:
    page = sign_in(client, "clerk", "wrong").content.decode()
    assert "登录名或密码不正确" in page
    assert 'value="clerk"' in page


def test_five_wrong_tries_lock_and_the_security_administrator_lifts_it(city, client, person) -> None:
    for _ in range(5):
        answer = sign_in(client, "clerk", "wrong")
    assert answer.status_code == 403
    assert "已锁定" in answer.content.decode()
    assert sign_in(client, "clerk", PASSWORD).status_code == 403
    with pytest.raises(NotAllowed):
        actions.unlock_sign_in(person("sysadmin"), username="clerk")
    assert actions.unlock_sign_in(person("secadmin"), username="clerk") >= 1
    assert sign_in(client, "clerk", PASSWORD).status_code == 302


def test_half_an_hour_without_a_request_signs_out(browser_of) -> None:
    client = browser_of("clerk")
    start = clock.now()
    with clock.frozen(start):
        assert client.get("/").status_code == 200
    with clock.frozen(start + timedelta(minutes=29)):
        assert client.get("/").status_code == 200
    with clock.frozen(start + timedelta(minutes=60)):
        assert client.get("/").headers["Location"].startswith("/sign-in/")


def test_a_closed_account_cannot_sign_in(city, client, person) -> None:
    user = User.objects.get(username="clerk")
    actions.set_user_active(person("sysadmin"), user.pk, active=False, reason="调离")
    assert sign_in(client, "clerk", PASSWORD).status_code == 200


def test_the_sign_in_page_sends_nobody_to_another_site(city, client) -> None:
    answer = client.post(
        "/sign-in/?next=https://elsewhere.example/", {"username": "clerk", "password": PASSWORD}
    )
    assert answer.headers["Location"] == "/"


def test_pages_carry_the_security_headers(city, client) -> None:
    answer = client.get("/sign-in/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_holds_inline_script_or_style(browser_of) -> None:
    client = browser_of("clerk")
    for address in ("/", "/units/", "/notices/", "/meetings/", "/lists/", "/wall/"):
        page = client.get(address).content.decode()
        assert " style=" not in page, address
        assert "onclick=" not in page, address
        assert "<script>" not in page, address


def test_only_the_system_administrator_makes_accounts(person) -> None:
    given = {"username": "new-one", "name": "新联络员"}
    with pytest.raises(NotAllowed):
        actions.create_user(person("secadmin"), **given)
    user, password = actions.create_user(person("sysadmin"), **given)
    assert user.check_password(password)
    with pytest.raises(UserError, match="已被使用"):
        actions.create_user(person("sysadmin"), username="New-One", name="x")


def test_nobody_holds_two_of_the_three_administrator_posts(person) -> None:
    post = Post.objects.get(code="clerk")
    security = Post.objects.get(code="secadmin")
    with pytest.raises(UserError):
        actions.set_post_roles(
            person("secadmin"), security.pk, roles=["security_admin", "audit_admin"], reason="试一试"
        )
    own = User.objects.get(username="secadmin").appointments.get().post
    with pytest.raises(UserError, match="own post|自己岗位"):
        actions.set_post_roles(person("secadmin"), own.pk, roles=["security_admin"], reason="自己改")
    changed = actions.set_post_roles(person("secadmin"), post.pk, roles=["office_clerk"], reason="核对")
    assert changed.roles == ["office_clerk"]


def test_a_deputy_acts_while_the_person_is_away(person) -> None:
    justice, other = person("justice"), person("justice_div")
    assert not other.has("report.fill", justice.home_unit_id)
    row = actions.set_absence(justice, deputy_id=other.user_id, valid_from=clock.today(), days=3)
    assert person("justice_div").has("report.fill", justice.home_unit_id)
    with clock.frozen(clock.now() + timedelta(days=5)):
        assert not person("justice_div").has("report.fill", justice.home_unit_id)
    with pytest.raises(UserError, match="已登记过"):
        actions.set_absence(justice, deputy_id=other.user_id, valid_from=clock.today(), days=1)
    actions.end_absence(justice, row.pk)
    assert not person("justice_div").has("report.fill", justice.home_unit_id)
    with pytest.raises(NotVisible):
        actions.end_absence(person("clerk"), row.pk)


def test_a_deputy_is_of_ones_own_unit(person) -> None:
    with pytest.raises(UserError, match="本单位"):
        actions.set_absence(
            person("justice"), deputy_id=person("edu").user_id, valid_from=clock.today(), days=3
        )
    with pytest.raises(UserError, match="366"):
        actions.set_absence(
            person("justice"), deputy_id=person("justice_div").user_id, valid_from=clock.today(), days=900
        )
