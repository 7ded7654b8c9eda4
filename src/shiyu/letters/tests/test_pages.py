"""Pages of letters and instructions: who sees what, and what the forms say."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shiyu.kernel.actor import Actor
from shiyu.letters.models import Instruction, Letter
from shiyu.letters.tests.conftest import Small
from shiyu.letters.tests.test_actions import issue, register

SignIn = Callable[[Actor], Client]


def text_of(response) -> str:
    return response.content.decode()


def test_each_sees_own_letters(small: Small, sign_in: SignIn) -> None:
    letter = issue(small, recipients=[small.water.pk])
    page = reverse("letter_list")
    assert Client().get(page).status_code == 302
    assert letter.number_text in text_of(sign_in(small.head).get(page))
    assert letter.number_text in text_of(sign_in(small.water_liaison).get(page, {"reply": "waiting"}))
    assert letter.number_text not in text_of(sign_in(small.head).get(page, {"reply": "late"}))
    assert letter.number_text not in text_of(sign_in(small.police_liaison).get(page))
    detail = reverse("letter_detail", args=[letter.pk])
    assert sign_in(small.police_liaison).get(detail).status_code == 404
    assert sign_in(small.police_liaison).get(reverse("letter_word", args=[letter.pk])).status_code == 404
    assert sign_in(small.head).get(reverse("letter_word", args=[letter.pk])).content[:2] == b"PK"
    assert sign_in(small.head).get(page, {"export": "xlsx"}).content[:2] == b"PK"


def test_list_asks_the_same_queries_however_long(
    small: Small, sign_in: SignIn, django_assert_max_num_queries
) -> None:
    for _n in range(8):
        issue(small)
    client = sign_in(small.head)
    client.get(reverse("letter_list"))
    with django_assert_max_num_queries(12):
        client.get(reverse("letter_list"))


def test_issued_received_and_answered_from_the_pages(small: Small, sign_in: SignIn) -> None:
    head, water = sign_in(small.head), sign_in(small.water_liaison)
    data = {
        "kind": "opinion",
        "unit_id": str(small.office.pk),
        "title": "关于征求意见的函",
        "body": "请反馈。",
        "recipients": [str(small.water.pk)],
    }
    assert sign_in(small.clerk).get(reverse("letter_new")).status_code == 403
    assert head.get(reverse("letter_new")).status_code == 200
    wrong = head.post(reverse("letter_new"), data | {"reply_by": "2020-01-01"})
    assert wrong.status_code == 422 and "关于征求意见的函" in text_of(wrong)
    assert head.post(reverse("letter_new"), data).status_code == 302
    letter = Letter.objects.get()
    shown = text_of(water.get(reverse("letter_detail", args=[letter.pk])))
    assert reverse("letter_reply", args=[letter.pk]) in shown
    assert reverse("letter_withdraw", args=[letter.pk]) not in shown
    assert water.post(reverse("letter_receive", args=[letter.pk])).status_code == 302
    assert water.post(reverse("letter_reply", args=[letter.pk]), {"reply": ""}).status_code == 422
    assert water.post(reverse("letter_reply", args=[letter.pk]), {"reply": "无意见"}).status_code == 302
    assert "无意见" in text_of(head.get(reverse("letter_detail", args=[letter.pk])))
    assert water.post(reverse("letter_withdraw", args=[letter.pk]), {"reason": "不对"}).status_code == 403
    assert head.post(reverse("letter_withdraw", args=[letter.pk]), {"reason": "有误"}).status_code == 302
    assert "有误" in text_of(water.get(reverse("letter_detail", args=[letter.pk])))
    assert water.post(reverse("letter_reply", args=[letter.pk]), {"reply": "迟了"}).status_code == 409


def test_an_instruction_with_its_scan(small: Small, sign_in: SignIn) -> None:
    head, water = sign_in(small.head), sign_in(small.water_liaison)
    page = reverse("instruction_register") + f"?subject=plans.task:{small.water.pk}:第52项"
    assert sign_in(small.clerk).get(page).status_code == 403
    assert head.get(reverse("instruction_register")).status_code == 302  # registered on a task or matter
    data = {"leader_post": "分管市领导", "instructed_on": "2026-11-01", "unit_id": str(small.water.pk)}
    assert head.get(page).status_code == 200
    assert head.post(page, data).status_code == 422 and not Instruction.objects.exists()
    bad = SimpleUploadedFile("scan.exe", b"MZ")
    assert head.post(page, data | {"files": bad}).status_code == 422 and not Instruction.objects.exists()
    scan = SimpleUploadedFile("批示.pdf", b"%PDF-1.4 scan")
    assert head.post(page, data | {"files": scan}).status_code == 302
    row = Instruction.objects.get()
    shown = text_of(water.get(reverse("instruction_detail", args=[row.pk])))
    address = next(part.split('"')[0] for part in shown.split('href="') if "/files/" in part.split('"')[0])
    assert b"".join(water.get(address).streaming_content).startswith(b"%PDF")
    assert sign_in(small.police_liaison).get(address).status_code == 404
    assert water.post(reverse("instruction_reply", args=[row.pk]), {"reply": ""}).status_code == 422
    assert water.post(reverse("instruction_reply", args=[row.pk]), {"reply": "已办结"}).status_code == 302
    assert "已办结" in text_of(head.get(reverse("instruction_detail", args=[row.pk])))


def test_instructions_are_listed_for_those_concerned(small: Small, sign_in: SignIn) -> None:
    register(small)
    page = reverse("instruction_list")
    assert "第52项" in text_of(sign_in(small.water_liaison).get(page, {"state": "open"}))
    assert "第52项" not in text_of(sign_in(small.head).get(page, {"late": "late"}))
    assert "第52项" not in text_of(sign_in(small.police_liaison).get(page))
    assert sign_in(small.head).get(page, {"export": "xlsx"}).content[:2] == b"PK"
