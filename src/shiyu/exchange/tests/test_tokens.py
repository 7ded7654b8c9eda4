"""Tokens: shown once, kept as a hash, narrowed by scopes, ended; and the door for those who have none."""

import logging
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.example_rows import TODAY, actor

from shiyu.audit.models import AuditEntry
from shiyu.exchange.actions import make_token, revoke_token
from shiyu.exchange.actions.tokens import PREFIX
from shiyu.exchange.models import Scope, Token, TokenTry
from shiyu.exchange.tests.conftest import ApiClient
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.people.actions import reset_password, set_user_active
from shiyu.people.models import Post, User

pytestmark = pytest.mark.django_db
SHOWN = re.compile(r'id="new-token">(shiyu_[^<]+)<')


def test_a_token_is_shown_once_and_kept_as_a_hash(rows, browser_of) -> None:
    client = browser_of("clerk")
    given = {"name": "报表", "scopes": ["matters:read"], "days": "30"}
    page = client.post(reverse("token_list"), given)
    text = SHOWN.search(page.content.decode())[1]  # type: ignore[index]
    assert page.headers["Cache-Control"].find("no-store") >= 0
    assert ApiClient(text).get("/me").json()["token"] == "报表"
    assert text not in client.get(reverse("token_list")).content.decode()
    row = Token.objects.get()
    assert text not in str(Token.objects.values()) and row.trace != text and row.hint == text[:10]
    assert text not in str(list(AuditEntry.objects.values()))


def test_a_form_without_name_or_scope_is_refused_and_kept(rows, browser_of) -> None:
    page = browser_of("clerk").post(reverse("token_list"), {"name": "留着", "days": "30"})
    assert page.status_code == 422 and "留着" in page.content.decode() and not Token.objects.exists()


@pytest.mark.parametrize(
    "given", [{"name": " "}, {"scopes": []}, {"scopes": ["all"]}, {"days": 0}, {"days": 367}]
)
def test_a_token_needs_name_scopes_and_an_end(given, rows) -> None:
    with pytest.raises(UserError):
        make_token(actor("clerk"), **{"name": "x", "scopes": ["matters:read"], "days": 30, **given})


def test_nobody_makes_a_token_for_another_person_or_with_a_token(rows) -> None:
    clerk = User.objects.get(username="clerk")
    for who in ("justice", "sysadmin"):
        with pytest.raises(NotAllowed):
            make_token(actor(who), name="x", scopes=["matters:read"], days=1, user_id=clerk.pk)
    through = replace(actor("clerk"), via="token x (shiyu_abcd…)")
    with pytest.raises(NotAllowed):
        make_token(through, name="x", scopes=["matters:read"], days=1)
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        (Scope.MATTERS_READ, "/matters"), (Scope.MATTERS_READ, "/steps"), (Scope.LETTERS_READ, "/letters"),
        (Scope.UNITS_READ, "/units"), (Scope.UNITS_READ, "/areas"), (Scope.LISTS_READ, "/lists/problems"),
        (Scope.FILES_READ, "/matters/{matter}/files"),
    ],
)  # fmt: skip
def test_a_scope_opens_its_resources_and_no_other(scope, path, rows, api_of) -> None:
    path = path.format(matter=rows["matter"])
    assert api_of("clerk", scope).get(path).status_code == 200
    others = [one for one in Scope.values if one != scope]
    refused = api_of("clerk", *others).get(path)
    assert refused.status_code == 403 and refused.json()["type"].endswith("#scope")
    assert f'scope="{scope}"' in refused.headers["WWW-Authenticate"]


def test_scopes_never_widen_what_the_account_may_do(rows, api_of) -> None:
    """The leader sees and decides nothing of the clerk's: with every scope the answer is the page's."""
    answer = api_of("leader").post(f"/matters/{rows['matter']}/acts/urge", {})
    assert answer.status_code == 403 and answer.json()["detail"]
    assert api_of("east").post(f"/matters/{rows['matter']}/acts/note", {"note": "x"}).status_code == 404


def test_without_a_token_or_with_a_session_nobody_gets_in(rows, browser_of) -> None:
    for client in (browser_of("clerk"), browser_of(None)):
        answer = client.get("/api/v1/matters")
        assert answer.status_code == 401 and answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer") and not answer.cookies
        assert client.post("/api/v1/matters", "{}", content_type="application/json").status_code == 401
    assert ApiClient("nonsense").get("/matters").status_code == 401
    assert ApiClient(None).get("/nowhere").json()["status"] == 404
    assert ApiClient(None).client.delete("/api/v1/matters").json()["status"] == 405


def test_an_expired_a_revoked_and_a_closed_accounts_token_open_nothing(rows, token_of) -> None:
    first, second = token_of("clerk", "matters:read"), token_of("justice", "matters:read")
    with clock.frozen(TODAY + timedelta(days=31)):
        assert ApiClient(first).get("/me").status_code == 401
    assert ApiClient(first).get("/me").status_code == 200
    revoke_token(actor("clerk"), Token.objects.get(user__username="clerk").pk)
    assert ApiClient(first).get("/me").status_code == 401
    set_user_active(actor("sysadmin"), User.objects.get(username="justice").pk, active=False, reason="离岗")
    assert ApiClient(second).get("/me").status_code == 401


def test_a_password_given_anew_ends_the_accounts_tokens(rows, token_of) -> None:
    text, other = token_of("clerk", "matters:read"), token_of("justice", "matters:read")
    reset_password(actor("sysadmin"), User.objects.get(username="clerk").pk)
    assert ApiClient(text).get("/me").status_code == 401
    row = Token.objects.get(user__username="clerk")
    assert (row.state, row.revoked_by_name) == ("revoked", actor("sysadmin").name)
    assert ApiClient(other).get("/me").status_code == 200


def test_only_its_owner_and_the_system_administrator_revoke_a_token(rows, token_of, browser_of) -> None:
    text = token_of("clerk", "matters:read")
    row = Token.objects.get()
    for who in ("justice", "secadmin", "head"):
        with pytest.raises(NotVisible):
            revoke_token(actor(who), row.pk)
    assert browser_of("sysadmin").post(reverse("token_revoke", args=[row.pk])).status_code == 302
    assert ApiClient(text).get("/me").status_code == 401
    with pytest.raises(UserError):
        revoke_token(actor("clerk"), row.pk)


def test_too_many_wrong_tokens_close_the_door_to_wrong_ones_for_half_an_hour(
    rows, token_of, settings
) -> None:
    settings.ADDRESS_FAILURE_LIMIT = 3
    good = token_of("clerk", "matters:read")
    for _n in range(3):
        assert ApiClient(PREFIX + "wrong").get("/me").status_code == 401
    locked = ApiClient(PREFIX + "another").get("/me")
    assert locked.status_code == 429 and int(locked.headers["Retry-After"]) == 1800
    assert TokenTry.objects.count() == 3
    assert ApiClient(good).get("/me").status_code == 200  # who shares the address works on
    with clock.frozen(TODAY + timedelta(minutes=31)):
        assert ApiClient(PREFIX + "another").get("/me").status_code == 401


def test_a_token_that_was_ours_once_does_not_lock_the_office_out(rows, token_of, settings) -> None:
    settings.ADDRESS_FAILURE_LIMIT = 2
    old, good = token_of("clerk", "matters:read"), token_of("justice", "matters:read")
    revoke_token(actor("clerk"), Token.objects.get(user__username="clerk").pk)
    for _n in range(4):
        assert ApiClient(old).get("/me").status_code == 401
    assert ApiClient(good).get("/me").status_code == 200


def test_use_is_noted_and_the_text_is_in_no_log(rows, token_of, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    text = token_of("clerk", "matters:read")
    ApiClient(text).get("/matters")
    ApiClient(text).get("/nowhere")
    row = Token.objects.get()
    assert row.last_used_at and row.last_address
    logged = "\n".join(f"{one.getMessage()} {one.args}" for one in caplog.records)
    assert text not in logged


def test_a_system_works_in_its_post_and_nobody_signs_in_with_it(rows, browser_of, client) -> None:
    post = Post.objects.get(appointments__user__username="justice", appointments__valid_to=None)
    given = {"account": "热线平台", "username": "hotline", "post_id": str(post.pk), "name": "接口", "days": "365",
             "scopes": ["matters:read", "matters:act"]}  # fmt: skip
    page = browser_of("sysadmin").post(reverse("system_new"), given)
    api = ApiClient(SHOWN.search(page.content.decode())[1])  # type: ignore[index]
    assert api.get("/me").json()["kind"] == "system"
    assert api.post(f"/matters/{rows['matter']}/acts/note", {"note": "已联系"}).status_code == 200
    entry = AuditEntry.objects.filter(action="matters.note_progress").latest("at")
    assert entry.actor_name == "热线平台" and entry.changes["via"].startswith("token 接口 (shiyu_")
    system = User.objects.get(username="hotline")
    with pytest.raises(UserError):
        reset_password(actor("sysadmin"), system.pk)
    signing = client.post(reverse("sign_in"), {"username": "hotline", "password": ""})
    assert signing.status_code == 200 and "_auth_user_id" not in client.session
    again = browser_of("sysadmin").post(reverse("system_new"), given)
    assert again.status_code == 422 and User.objects.filter(username="hotline").count() == 1
