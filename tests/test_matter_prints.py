"""The forms printed from one registration: masked by one click, in full only with a reason that stays on record."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shiyu.letters.actions import Bound, draft_letter, issue_letter
from shiyu.matters import actions
from shiyu.matters.access import SUBJECT
from shiyu.matters.actions.parties import Reporter
from shiyu.matters.models import Matter, PartyOpening
from shiyu.matters.queries.prints import FORMS
from shiyu.packs.queries import current_pack
from shiyu.people.models import User
from tests.loading import LIJIANG, loaded_once
from tests.test_lijiang import TODAY, at, dispute, unit

NAME, PHONE = "慕容试例", "13955550188"


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with loaded_once(django_db_blocker, LIJIANG, TODAY):
        yield


@pytest.fixture(autouse=True)
def town(loaded: None, db: None) -> None:
    """The loaded pack; what a test changes is taken back."""


def reported() -> Matter:
    return dispute(reporters=[Reporter(NAME, PHONE, "东巷九号")])


def desk(client: Client, role: str = "centre_clerk", code: str = "gc02_centre") -> Client:
    user = User.objects.filter(appointments__post__unit__code=code, appointments__post__roles=[role]).first()
    assert user is not None
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return re.sub(r"<[^>]+>", "", file.read("word/document.xml").decode())


def test_each_form_is_one_click_and_masked(client: Client) -> None:
    matter = reported()
    desk(client)
    page = client.get(reverse("matter_detail", args=[matter.pk])).content.decode()
    assert 'id="print"' in page and reverse("matter_print", args=[matter.pk, "registration"]) in page
    assert reverse("matter_print", args=[matter.pk, "transfer"]) not in page, "it was not sent out yet"
    assert client.get(reverse("matter_print", args=[matter.pk, "transfer"])).status_code == 404
    text = words(client.get(reverse("matter_print", args=[matter.pk, "registration"])).content)
    assert matter.code in text and "矛盾纠纷登记表" in text and "慕**" in text
    assert NAME not in text and PHONE not in text and not PartyOpening.objects.exists()


def test_in_full_only_with_a_reason(client: Client) -> None:
    matter = reported()
    desk(client)
    address = reverse("matter_print", args=[matter.pk, "notice"])
    refused = client.post(address, {"reason": ""})
    assert refused.status_code == 302 and not PartyOpening.objects.exists()
    text = words(client.post(address, {"reason": "邮寄告知书"}).content)
    assert NAME in text and "登记告知书" in text
    assert PartyOpening.objects.get().reason == "邮寄告知书"
    stranger = desk(Client(), "city_head", "city_centre")
    assert stranger.post(address, {"reason": "看看"}).status_code in (403, 404)
    assert PartyOpening.objects.count() == 1


def test_the_notice_says_what_became_of_it(client: Client) -> None:
    clerk, accepted, refused = at("gc02_centre", "centre_clerk"), reported(), reported()
    desk(client)
    actions.accept_matter(clerk, accepted.pk)
    actions.VERB_ACTIONS["sort"](clerk, accepted.pk, sort_class="small")
    actions.dispatch_matter(clerk, accepted.pk, unit_id=unit("gc02_mc").pk)
    text = words(client.get(reverse("matter_print", args=[accepted.pk, "notice"])).content)
    assert "受理告知书" in text and unit("gc02_mc").name in text
    slip = words(client.get(reverse("matter_print", args=[accepted.pk, "transfer"])).content)
    assert "牵头" in slip and accepted.code in slip
    actions.VERB_ACTIONS["sort"](clerk, refused.pk, sort_class="large")
    actions.refuse_matter(clerk, refused.pk, reason="已由法院审理", remedy="依法上诉")
    text = words(client.get(reverse("matter_print", args=[refused.pk, "notice"])).content)
    assert "不予受理告知书" in text and "已由法院审理" in text and "依法上诉" in text


def test_all_forms_come_in_one_archive(client: Client) -> None:
    matter = reported()
    desk(client)
    answer = client.get(reverse("matter_print", args=[matter.pk, "all"]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert len(archive.namelist()) == 4  # without the transfer slip: it was not sent out
        assert all(name.endswith(".docx") for name in archive.namelist())
    assert client.get(reverse("matter_print", args=[matter.pk, "other"])).status_code == 404
    assert len(FORMS) == 5


def test_the_index_names_the_letters_that_went_out(client: Client) -> None:
    matter, head = reported(), at("gc02_centre", "centre_head")
    given = {
        "kind": next(code for code, kind in current_pack().letter.items() if not kind.formal),
        "unit_id": unit("gc02_centre").pk,
        "title": "关于商请协助调处的函",
        "body": "请协助。",
        "recipients": [unit("gc02_mc").pk],
    }
    sent = issue_letter(head, subject=(SUBJECT, matter.pk), **given)
    draft_letter(head, Bound((SUBJECT, matter.pk)), **(given | {"title": "还没有发出的函"}))
    desk(client)
    text = words(client.get(reverse("matter_print", args=[matter.pk, "index"])).content)
    assert sent.title in text and sent.number_text in text
    assert "还没有发出的函" not in text
