"""Webhooks: queued with the change, signed, tried again, given up; to allowed hosts at public addresses only."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from tests.example_rows import TODAY, Rows, actor

from shiyu import wiring
from shiyu.exchange.actions import (
    add_secret,
    end_secret,
    end_subscription,
    retry_delivery,
    subscribe,
    wrap_secrets_anew,
)
from shiyu.exchange.actions.tokens import make_system_account
from shiyu.exchange.jobs import queueing, send_due, sending, tidy
from shiyu.exchange.jobs.queueing import EVENTS, WAITS, queue_deliveries
from shiyu.exchange.jobs.sending import all_public
from shiyu.exchange.models import Delivery, Event, Secret, Subscription
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, UserError
from shiyu.lib.vault import keys_in
from shiyu.matters import actions as matter_actions
from shiyu.people.actions import set_user_active
from shiyu.people.models import Post

pytestmark = pytest.mark.django_db


class Receiver(HTTPServer):
    """Another system: keeps what it is sent, answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        super().__init__(("127.0.0.1", 0), Inbox)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class Inbox(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1/elsewhere")
        self.end_headers()

    def log_message(self, *words: Any) -> None:
        pass


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.WEBHOOK_HOSTS, settings.WEBHOOK_HTTP, settings.WEBHOOK_PRIVATE = [server.place], True, True
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def subscribed(rows: Rows, receiver: Receiver) -> tuple[Subscription, str]:
    """A system in the post of the justice bureau, told of notes and closings."""
    return _subscribe("justice", f"http://{receiver.place}/news")


def _subscribe(person: str, url: str) -> tuple[Subscription, str]:
    post = Post.objects.get(appointments__user__username=person, appointments__valid_to=None)
    name = f"hotline-{person}"
    user = make_system_account(actor("sysadmin"), username=name, name="热线平台", post_id=post.pk)
    return subscribe(actor("sysadmin"), user_id=user.pk, url=url, events=["matter.changed", "matter.closed"])


def told(rows: Rows) -> Delivery:
    queue_deliveries(Event.MATTER_CHANGED, {"matter_id": str(rows["matter"])})
    return Delivery.objects.latest("made_at")


def test_a_change_is_told_with_ids_and_phase_and_a_signature_that_fits(rows, subscribed, receiver) -> None:
    subscription, secret = subscribed
    row = told(rows)
    assert send_due() == 1 and send_due() == 0
    headers, body = receiver.got[0]
    content = json.loads(body)
    assert set(content) == {"id", "event", "at", "matter_id", "phase"}
    assert (content["matter_id"], content["phase"]) == (str(rows["matter"]), "handling")
    signed = f"{headers['Shiyu-Timestamp']}.{headers['Shiyu-Id']}.".encode() + body
    assert headers["Shiyu-Signature"] == "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert abs(int(headers["Shiyu-Timestamp"]) - clock.now().timestamp()) <= 1 and headers["Shiyu-Id"] == str(
        row.pk
    )
    row.refresh_from_db()
    assert (row.state, row.tries, row.last_status) == ("delivered", 1, 204)


def test_the_event_is_queued_in_the_transaction_of_its_change(rows, subscribed, monkeypatch) -> None:
    queued: list[dict[str, Any]] = []
    monkeypatch.setattr(wiring.hear, "batch_defer", lambda *jobs: queued.extend(jobs))
    wiring.connect()
    with transaction.atomic():
        matter_actions.note_progress(actor("justice"), rows["matter"], note="已联系")
    mine = [job for job in queued if job["handler"].startswith("shiyu.exchange.jobs")]
    assert [job["event"] for job in mine] == ["MatterChanged"]
    wiring._tell([mine[0]["handler"]], mine[0]["event"], mine[0]["payload"])
    assert Delivery.objects.get().event == "matter.changed" and "已联系" not in Delivery.objects.get().body


def test_no_job_is_queued_for_what_nobody_subscribed_to(rows, subscribed, monkeypatch) -> None:
    queued: list[dict[str, Any]] = []
    monkeypatch.setattr(wiring.hear, "batch_defer", lambda *jobs: queued.extend(jobs))
    wiring.connect()

    def told_of(word: str, who: str) -> list[str]:
        queued.clear()
        with transaction.atomic():
            matter_actions.VERB_ACTIONS[word](actor(who), rows["matter"], note="已联系")
        return [job["event"] for job in queued if job["handler"].startswith("shiyu.exchange.jobs")]

    assert told_of("note", "justice") == ["MatterChanged"]
    assert told_of("urge", "clerk") == []  # subscribed to changes and closings only
    set_user_active(actor("sysadmin"), subscribed[0].user_id, active=False, reason="停用")
    assert told_of("note", "justice") == []


def test_deliveries_are_shown_from_the_newest_on(rows, subscribed, browser_of, monkeypatch) -> None:
    monkeypatch.setattr("shiyu.exchange.queries.DELIVERIES_SHOWN", 2)
    for n in range(5):
        state = "given_up" if n % 2 else "delivered"
        Delivery.objects.create(
            subscription=subscribed[0], event="matter.closed", body=f"body{n}", made_at=clock.now() + timedelta(minutes=n // 2),
            state=state, next_at=None,
        )  # fmt: skip
    client, page = browser_of("sysadmin"), reverse("subscription_detail", args=[subscribed[0].pk])

    def walk(**query: str) -> list[str]:
        seen: list[str] = []
        for _page in range(5):
            answer = client.get(page, query)
            seen += [line[0].body for line in answer.context["lines"]]
            if answer.context["older"] is None:
                return seen
            assert f"before={answer.context['older']}" in answer.content.decode()
            query["before"] = str(answer.context["older"])
        raise AssertionError(seen)

    assert walk() == ["body4", "body3", "body2", "body1", "body0"]
    assert walk(state="given_up") == ["body3", "body1"]
    assert client.get(page, {"before": "x"}).status_code == 200


def test_every_event_has_a_handler_of_its_own() -> None:
    names = [wiring._name(handler) for handlers in wiring.LATER.values() for handler in handlers]
    mine = [name for name in names if ".exchange." in name]
    assert len(mine) == len(set(mine)) == len(EVENTS) == len(Event.values)


def test_only_what_its_account_may_see_is_told(rows, receiver) -> None:
    _subscribe("east", f"http://{receiver.place}/news")
    assert queue_deliveries(Event.MATTER_CHANGED, {"matter_id": str(rows["matter"])}) == 0
    _subscribe("justice", f"http://{receiver.place}/news")
    assert queue_deliveries(Event.MATTER_CHANGED, {"matter_id": str(rows["matter"])}) == 1
    assert queue_deliveries(Event.MATTER_FILED, {"matter_id": str(rows["matter"])}) == 0  # not asked for


def test_a_failure_waits_longer_each_time_and_is_given_up_and_shown(
    rows, subscribed, receiver, browser_of
) -> None:
    receiver.status = 500
    row, at = told(rows), TODAY.replace(tzinfo=clock.CITY_ZONE)
    for wait in WAITS:
        with clock.frozen(at):
            assert send_due() == 1 and send_due() == 0
            row.refresh_from_db()
            assert row.state == "waiting" and row.next_at == at + wait
        at += wait
    with clock.frozen(at):
        send_due()
    row.refresh_from_db()
    assert (row.state, row.tries, row.last_error, row.next_at) == ("given_up", len(WAITS) + 1, "answer", None)
    page = browser_of("sysadmin").get(reverse("subscription_detail", args=[row.subscription_id]))
    assert (
        "HTTP 500" in page.content.decode()
        and reverse("delivery_retry", args=[row.pk]) in page.content.decode()
    )
    receiver.status = 200
    assert browser_of("sysadmin").post(reverse("delivery_retry", args=[row.pk])).status_code == 302
    assert send_due() == 1
    row.refresh_from_db()
    assert row.state == "delivered"
    with pytest.raises(UserError):
        retry_delivery(actor("sysadmin"), row.pk)


def test_a_redirect_is_not_followed(rows, subscribed, receiver) -> None:
    receiver.status = 307
    row = told(rows)
    send_due()
    row.refresh_from_db()
    assert row.last_error == "redirect" and len(receiver.got) == 1


def test_one_dead_host_does_not_hold_the_others_up(rows, subscribed, receiver, monkeypatch) -> None:
    dead, _secret = _subscribe("clerk", f"http://{receiver.place}/dead")
    for _n in range(3):
        queue_deliveries(Event.MATTER_CHANGED, {"matter_id": str(rows["matter"])})
    real = sending.send
    tries = []

    def send(row: Delivery) -> sending.Result:
        tries.append(row.subscription_id)
        return sending.Result(None, "timeout") if row.subscription_id == dead.pk else real(row)

    monkeypatch.setattr(queueing, "send", send)
    send_due()
    assert tries.count(dead.pk) == 1 and len(receiver.got) == 3


def test_hosts_that_are_not_allowed_or_inside_are_refused(rows, subscribed, receiver, settings) -> None:
    subscription, _secret = subscribed
    for url in ("https://elsewhere.example.cn/", "ftp://x/", "https://user:pw@127.0.0.1/", "https://", "x",
                f"http://{receiver.place}/#x", "https://[::1", f"http://{receiver.place}/ä"):  # fmt: skip
        with pytest.raises(UserError):
            subscribe(actor("sysadmin"), user_id=subscription.user_id, url=url, events=["matter.closed"])
    row = told(rows)
    for changed, fault in ({"WEBHOOK_PRIVATE": False}, "private"), ({"WEBHOOK_HOSTS": []}, "host"):
        for name, value in changed.items():
            setattr(settings, name, value)
        Delivery.objects.update(next_at=clock.now())
        send_due()
        row.refresh_from_db()
        assert row.last_error == fault and receiver.got == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "::1", "fe80::1",
     "fc00::1", "::ffff:10.0.0.1", "2002:0a00:0001::", "224.0.0.1"],
)  # fmt: skip
def test_inner_addresses_are_known(address) -> None:
    assert not all_public([address]) and not all_public(["1.1.1.1", address])


def test_public_addresses_pass() -> None:
    assert all_public(["1.1.1.1", "2606:4700:4700::1111"])


def test_two_secrets_hold_while_one_is_changed(rows, subscribed, receiver) -> None:
    subscription, first = subscribed
    row, second = add_secret(actor("sysadmin"), subscription.pk)
    with pytest.raises(UserError):
        add_secret(actor("sysadmin"), subscription.pk)
    told(rows)
    send_due()
    assert len(receiver.got[-1][0]["Shiyu-Signature"].split()) == 2
    old = subscription.secrets.order_by("made_at")[0]
    end_secret(actor("sysadmin"), old.pk)
    told(rows)
    send_due()
    headers, body = receiver.got[-1]
    right = sending.signature(second, headers["Shiyu-Timestamp"], headers["Shiyu-Id"], body.decode())
    assert headers["Shiyu-Signature"] == f"v1={right}"
    with pytest.raises(UserError):
        end_secret(actor("sysadmin"), row.secrets.get(ended_at=None).pk)
    assert first not in str(Secret.objects.values()) and second not in str(Secret.objects.values())


def test_secrets_follow_the_change_of_the_sealing_key(rows, subscribed, receiver, settings) -> None:
    old = settings.VAULT_KEYS
    settings.VAULT_KEYS = keys_in("newer:" + "k" * 40) | old
    assert wrap_secrets_anew(actor("sysadmin")) == 1 and wrap_secrets_anew(actor("sysadmin")) == 0
    settings.VAULT_KEYS = keys_in("newer:" + "k" * 40)
    told(rows)
    assert send_due() == 1 and receiver.got


def test_an_ended_subscription_is_told_nothing_more(rows, subscribed, receiver) -> None:
    row = told(rows)
    end_subscription(actor("sysadmin"), subscribed[0].pk)
    assert queue_deliveries(Event.MATTER_CHANGED, {"matter_id": str(rows["matter"])}) == 0
    assert send_due() == 0 and receiver.got == []
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("given_up", "ended")


@pytest.mark.parametrize("end", ["subscription", "account"])
def test_what_was_queued_at_its_end_is_given_up_unsent(end, rows, subscribed, receiver) -> None:
    subscription, _secret = subscribed
    row = told(rows)  # as by a job that read the subscription a moment before
    if end == "account":
        set_user_active(actor("sysadmin"), subscription.user_id, active=False, reason="停用对接")
    else:
        Subscription.objects.update(ended_at=clock.now())
    send_due()
    row.refresh_from_db()
    assert receiver.got == [] and (row.state, row.last_error, row.next_at) == ("given_up", "ended", None)


def test_only_the_system_administrator_subscribes(rows, subscribed) -> None:
    for person in ("clerk", "secadmin", "auditor"):
        with pytest.raises(NotAllowed):
            end_subscription(actor(person), subscribed[0].pk)


def test_old_deliveries_are_forgotten(rows, subscribed) -> None:
    row = told(rows)
    later = clock.now() + timedelta(days=91)
    with clock.frozen(later):
        assert tidy(later, later) == 0  # it still waits
        Delivery.objects.filter(pk=row.pk).update(state="given_up", next_at=None)
        assert tidy(later, later) == 1
