"""Notices: in the product, and out through a channel."""

import pytest

from shiyu.notices import actions, jobs
from shiyu.notices.models import Delivery, Notice, SavedView
from shiyu.people.models import User


@pytest.fixture
def clerk(city) -> User:
    return User.objects.get(username="clerk")


def test_a_notice_is_shown_and_read(clerk, browser_of) -> None:
    actions.notify(
        [clerk.pk], kind="test", zh="例会改到周五", en="The meeting moves to Friday", url="/meetings/"
    )
    client = browser_of("clerk")
    assert "例会改到周五" in client.get("/notices/").content.decode()
    notice = Notice.objects.get()
    assert client.get(f"/notices/{notice.pk}/").headers["Location"] == "/meetings/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_nobody_opens_another_persons_notice(clerk, browser_of) -> None:
    actions.notify([clerk.pk], kind="test", zh="一", en="one")
    assert browser_of("head").get(f"/notices/{Notice.objects.get().pk}/").status_code == 404


def test_a_notice_leaves_through_each_channel_once(clerk, settings) -> None:
    settings.NOTICE_CHANNELS = ["record"]
    jobs.CHANNELS["record"].sent.clear()
    actions.notify([clerk.pk], kind="test", zh="例会改期", en="Moved")
    assert jobs.send_waiting() == 1
    assert jobs.send_waiting() == 0
    assert jobs.CHANNELS["record"].sent == [("clerk", "例会改期")]


def test_a_mail_host_that_is_away_is_tried_again_and_then_shown_as_failed(
    clerk, settings, monkeypatch
) -> None:
    settings.NOTICE_CHANNELS = ["email"]
    clerk.email = "clerk@example.org"
    clerk.save()

    def away(*args: object) -> None:
        raise ConnectionRefusedError("no mail host")

    monkeypatch.setattr(jobs.CHANNELS["email"], "send", away)
    actions.notify([clerk.pk], kind="test", zh="一", en="one")
    for _ in range(jobs.ATTEMPTS):
        assert Delivery.objects.get().state == Delivery.State.WAITING
        jobs.send_waiting()
    assert Delivery.objects.get().state == Delivery.State.FAILED


def test_a_saved_view_belongs_to_its_person(browser_of) -> None:
    client = browser_of("clerk")
    given = {"list": "matters", "path": "/matters/", "query": "state=open", "name": "我的"}
    assert client.post("/views/", given).headers["Location"] == "/matters/?state=open"
    view = SavedView.objects.get()
    assert browser_of("head").post(f"/views/{view.pk}/delete/").status_code == 404
    assert client.post(f"/views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()


def test_saving_a_view_never_leads_to_another_site(browser_of) -> None:
    answer = browser_of("clerk").post(
        "/views/", {"list": "x", "path": "https://elsewhere.example/", "query": "", "name": "n"}
    )
    assert answer.headers["Location"].startswith("/")
