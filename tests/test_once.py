"""A request sent twice has one effect: double click, back and again, two at the same moment, forms and uploads."""

import re
import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import reverse_lazy

from shiyu.audit.jobs import tidy
from shiyu.audit.models import AuditEntry, IdempotencyKey
from shiyu.documents.models import Box
from shiyu.lib import clock
from shiyu.lib.requests import FORM_KEY
from shiyu.people.models import User
from shiyu.plans.models import PlanImport
from shiyu.seeding import load_city
from tests.conftest import PASSWORD, ROOT

BOXES = "/boxes/new/"
IMPORTS = reverse_lazy("plan_import_new")
BACKEND = "django.contrib.auth.backends.ModelBackend"


def key_of(client: Client, address: str = BOXES) -> str:
    """The key of the page's own form (the last one: the first ones are the shell's)."""
    keys = re.findall(rf'name="{FORM_KEY}" value="([^"]+)"', client.get(address).content.decode())
    assert len(keys) == len(set(keys)) > 1, "every form has a key of its own"
    return keys[-1]


def box(key: str, name: str = "信访联席") -> dict[str, str]:
    return {"class_code": "zr", "name": name, "year": "2026", "place": "", FORM_KEY: key}


def test_a_form_sent_twice_makes_one_box_and_leads_to_it_twice(browser_of) -> None:
    client = browser_of("clerk")
    key = key_of(client)
    first = client.post(BOXES, box(key))
    entries = AuditEntry.objects.count()
    second = client.post(BOXES, box(key), follow=True)
    assert Box.objects.count() == 1
    assert second.redirect_chain[0][0] == first.headers["Location"]
    assert "已处理过" in second.content.decode()
    assert AuditEntry.objects.count() == entries
    assert IdempotencyKey.objects.get().status == 302


def test_a_new_page_makes_a_new_box(browser_of) -> None:
    client = browser_of("clerk")
    for _ in range(2):
        assert client.post(BOXES, box(key_of(client))).status_code == 302
    assert Box.objects.count() == 2


def test_the_same_key_with_other_content_is_a_conflict_with_a_sentence(browser_of) -> None:
    client = browser_of("clerk")
    key = key_of(client)
    client.post(BOXES, box(key))
    answer = client.post(BOXES, box(key, name="矛盾调处"))
    assert answer.status_code == 409
    assert "已用其他内容提交并办理" in answer.content.decode()
    assert Box.objects.count() == 1


def test_a_refused_form_may_be_sent_again_with_the_same_key(browser_of) -> None:
    client = browser_of("clerk")
    key = key_of(client)
    assert client.post(BOXES, box(key, name="")).status_code == 422
    assert not IdempotencyKey.objects.exists()
    assert client.post(BOXES, box(key)).status_code == 302
    assert Box.objects.count() == 1


def test_somebody_elses_key_is_not_mine(browser_of) -> None:
    clerk, head = browser_of("clerk"), browser_of("head")
    key = key_of(clerk)
    clerk.post(BOXES, box(key))
    head.post(BOXES, box(key))
    assert IdempotencyKey.objects.filter(key=key).values("actor_id").distinct().count() == Box.objects.count()


def test_the_header_of_the_api_does_the_same(browser_of) -> None:
    client = browser_of("clerk")
    for _ in range(2):
        sent = client.post(BOXES, box(""), headers={"Idempotency-Key": "device-7-000123"})
        assert sent.status_code == 302
    assert Box.objects.count() == 1


def test_an_upload_sent_twice_is_read_once(browser_of) -> None:
    client = browser_of("clerk")
    key = key_of(client, IMPORTS)

    def send(content: str):  # type: ignore[no-untyped-def]
        file = SimpleUploadedFile("方案.csv", content.encode())
        return client.post(IMPORTS, {"file": file, FORM_KEY: key})

    csv = "任务,牵头单位,配合单位,完成时限\n建好治理中心,市司法局,市教育局,2026年9月底前\n"
    first = send(csv)
    assert first.status_code == 302, first.content.decode()
    assert send(csv).headers["Location"] == first.headers["Location"]
    assert PlanImport.objects.count() == 1
    assert send(csv + "排查隐患,市教育局,,长期坚持\n").status_code == 409
    assert PlanImport.objects.count() == 1


def test_old_keys_are_forgotten_and_new_ones_kept(browser_of) -> None:
    client = browser_of("clerk")
    key = key_of(client)
    client.post(BOXES, box(key))
    assert tidy(clock.now(), clock.now()) == 0
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert tidy(clock.now(), clock.now()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_have_one_effect_and_one_answer() -> None:
    load_city(ROOT / "packs" / "example", password=PASSWORD)
    session = Client()
    session.force_login(User.objects.get(username="clerk"), backend=BACKEND)
    key, gate = key_of(session), threading.Barrier(4)
    found: list[tuple[int, str]] = []

    def send() -> None:
        client = Client()
        client.cookies = session.cookies
        try:
            gate.wait(timeout=10)
            answer = client.post(BOXES, box(key))
            found.append((answer.status_code, answer.headers.get("Location", "")))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert Box.objects.count() == 1
    assert len(found) == 4
    assert set(found) == {(302, f"/boxes/{Box.objects.get().code}/")}
