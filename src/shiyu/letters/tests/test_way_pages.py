"""The way of a letter through its pages: what the forms say, who is let in, what stands on each page."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shiyu.letters import actions
from shiyu.letters.models import Circulation, Letter, Reply
from shiyu.letters.queries import letters_of
from shiyu.letters.tests.conftest import Small
from shiyu.letters.tests.test_actions import issue
from shiyu.letters.tests.test_pages import SignIn, text_of
from shiyu.letters.tests.test_ways import draft, formal, holder, lower, out  # noqa: F401  (formal is a fixture)
from shiyu.lib import clock


def page_of(name: str, letter: Letter) -> str:
    return reverse(name, args=[letter.pk])


def stamp(name: str = "盖章.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4 stamped")


def test_from_the_draft_to_the_issue(formal: Small, sign_in: SignIn) -> None:  # noqa: F811
    head, water = sign_in(formal.head), sign_in(formal.water_liaison)
    data = {
        "kind": "warning",
        "unit_id": str(formal.office.pk),
        "title": "关于防范用电风险的函",
        "body": "请组织核实。",
        "recipients": [str(formal.water.pk)],
        "copies": [str(formal.police.pk)],
        "contact": "联系人：办公室",
        "files": SimpleUploadedFile("清单.pdf", b"%PDF-1.4 list"),
    }
    assert head.post(reverse("letter_new"), data).status_code == 302
    letter = Letter.objects.get()
    shown = text_of(head.get(page_of("letter_detail", letter)))
    assert "未编号" in shown and "清单" in shown and page_of("letter_submit", letter) in shown
    assert water.get(page_of("letter_detail", letter)).status_code == 404
    edited = {**data, "body": "请组织核实，并采取措施。"}
    del edited["files"]
    assert head.get(page_of("letter_edit", letter)).status_code == 200
    assert head.post(page_of("letter_edit", letter), {**edited, "title": ""}).status_code == 422
    assert head.post(page_of("letter_edit", letter), edited).status_code == 302
    assert head.post(page_of("letter_submit", letter)).status_code == 302
    assert head.get(page_of("letter_edit", letter)).status_code == 409
    assert head.get(page_of("letter_approval_package", letter)).content[:2] == b"PK"
    back = {"number": "3", "issued_on": clock.today().isoformat(), "signer": "主任"}
    assert 'value="1"' in text_of(head.get(page_of("letter_issue", letter)))
    for wrong in (stamp("盖章.docx"), SimpleUploadedFile("机密.pdf", b"%PDF-1.4")):
        refused = head.post(page_of("letter_issue", letter), {**back, "formal_file": wrong})
        assert refused.status_code == 422 and 'value="主任"' in text_of(refused)
    assert Letter.objects.get().state == "approval"
    assert head.post(page_of("letter_issue", letter), {**back, "formal_file": stamp()}).status_code == 302
    letter = Letter.objects.get()
    assert letter.number_text == "市域办提〔2026〕3号"
    shown = text_of(water.get(page_of("letter_detail", letter)))
    assert "抄送：市公安局" in shown and "主任签发" in shown
    stamped = water.get(page_of("letter_formal_file", letter))
    assert b"".join(stamped.streaming_content).endswith(b"stamped")  # type: ignore[attr-defined]
    assert water.get(page_of("letter_pdf", letter)).content[:5] == b"%PDF-"


def test_a_doubt_is_shown_and_answered_in_the_form(formal: Small, sign_in: SignIn) -> None:  # noqa: F811
    head, town = sign_in(formal.head), lower(formal)
    data = {
        "kind": "warning",
        "unit_id": str(formal.office.pk),
        "title": "函",
        "body": "请办理。",
        "recipients": [str(town.pk)],
    }
    refused = head.post(reverse("letter_new"), data)
    assert refused.status_code == 422 and "议事协调机构" in text_of(refused) and not Letter.objects.exists()
    assert head.post(reverse("letter_new"), {**data, "despite": "政府会议已议定"}).status_code == 302
    shown = text_of(head.get(page_of("letter_detail", Letter.objects.get())))
    assert "政府会议已议定" in shown


def test_received_circulated_ticked_answered_sent_back(small: Small, sign_in: SignIn) -> None:
    letter = issue(small, recipients=[small.water.pk])
    head, water = sign_in(small.head), sign_in(small.water_liaison)
    post, deputy = holder(small.water, "副局长")
    water.post(page_of("letter_receive", letter))
    assert water.post(page_of("letter_circulate", letter), {"posts": []}).status_code == 422
    assert water.post(page_of("letter_circulate", letter), {"posts": [str(post.pk)]}).status_code == 302
    (row,) = Circulation.objects.all()
    reader = sign_in(deputy)
    assert reverse("circulation_read", args=[row.pk]) in text_of(reader.get(page_of("letter_detail", letter)))
    read = reverse("circulation_read", args=[row.pk])
    assert water.post(read).status_code == 404
    assert reader.post(read, {"word": "请供水科办理"}).status_code == 302
    assert reader.post(read).status_code == 409
    assert "请供水科办理" in text_of(water.get(page_of("letter_detail", letter)))
    assert "请供水科办理" not in text_of(head.get(page_of("letter_detail", letter)))  # stays in the unit
    marked = SimpleUploadedFile("绝密材料.pdf", b"%PDF-1.4")
    refused = water.post(page_of("letter_reply", letter), {"reply": "已换线四十米", "files": marked})
    assert refused.status_code == 422 and "已换线四十米" in text_of(refused) and not Reply.objects.exists()
    water.post(page_of("letter_reply", letter), {"reply": "已换线四十米", "files": stamp("照片.pdf")})
    (reply,) = Reply.objects.all()
    judge = reverse("reply_judge", args=[reply.pk])
    assert water.post(judge, {"verdict": "accepted"}).status_code == 403
    assert head.post(judge, {"verdict": "sent_back"}).status_code == 422
    assert head.post(judge, {"verdict": "sent_back", "reason": "缺复测结果"}).status_code == 302
    shown = text_of(water.get(page_of("letter_detail", letter)))
    assert "缺复测结果" in shown and "照片" in shown
    assert head.post(page_of("letter_urge", letter), {"words": "请抓紧"}).status_code == 302
    assert head.post(judge, {"verdict": "accepted"}).status_code == 409  # judged already
    address = next(part.split('"')[0] for part in shown.split('href="') if "/files/" in part.split('"')[0])
    assert b"".join(head.get(address).streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert sign_in(small.police_liaison).get(address).status_code == 404


def test_withdrawn_and_struck_with_a_link_both_ways(small: Small, sign_in: SignIn) -> None:
    letter = issue(small)
    head = sign_in(small.head)
    answer = head.post(page_of("letter_withdraw", letter), {"reason": "附件有误"})
    made = Letter.objects.exclude(pk=letter.pk).get()
    assert answer.headers["Location"] == page_of("letter_detail", made)
    first, second = (text_of(head.get(page_of("letter_detail", one))) for one in (letter, made))
    assert f"<s>{letter.title}</s>" in first and page_of("letter_detail", made) in first
    assert page_of("letter_detail", letter) in second and letter.number_text in second
    assert head.post(page_of("letter_withdraw", letter), {"reason": "再撤"}).status_code == 409


def test_every_count_opens_its_rows(small: Small, sign_in: SignIn) -> None:
    letter, head = issue(small), sign_in(small.head)
    actions.reply_letter(small.water_liaison, letter.pk, reply="无意见")
    shown = text_of(head.get(reverse("letter_counts")))
    links = [part.split('"')[0].replace("&amp;", "&") for part in shown.split('href="')]
    answers = [link for link in links if link.startswith(reverse("letter_answers"))]
    letters = [link for link in links if link.startswith(reverse("letter_list") + "?kind")]
    assert len(answers) == 2 and len(letters) == 1  # answered in time, open; issued
    for link in (*answers, *letters):
        assert text_of(head.get(link)).count(letter.number_text) >= 1, link
    assert (
        "市公安局"
        not in text_of(head.get(next(link for link in answers if "on_time" in link))).split("<tbody")[1]
    )
    assert "市公安局" in text_of(head.get(reverse("letter_counts"), {"by": "unit"}))
    for page in ("letter_counts", "letter_answers"):
        assert head.get(reverse(page), {"export": "xlsx"}).content[:2] == b"PK"
    assert head.get(reverse("letter_counts"), {"since": "gestern"}).status_code == 200


def test_answers_list_asks_the_same_queries_however_long(
    small: Small, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for _n in range(6):
        letter = issue(small)
        actions.reply_letter(small.water_liaison, letter.pk, reply="无意见")
    head = sign_in(small.head)
    head.get(reverse("letter_answers"))
    with django_assert_max_num_queries(12):
        head.get(reverse("letter_answers"))
    with django_assert_max_num_queries(12):
        head.get(reverse("letter_counts"))
    with django_assert_max_num_queries(30):
        head.get(page_of("letter_detail", letter))


def test_filters_of_the_list(formal: Small, sign_in: SignIn) -> None:  # noqa: F811
    letter, made = out(formal), draft(formal, title="还是草稿的函")
    head = sign_in(formal.head)
    listed = reverse("letter_list")
    for query, seen in (
        ({"state": "draft"}, made),
        ({"state": "issued"}, letter),
        ({"reply": "waiting"}, letter),
        ({"unit": str(formal.office.pk), "kind": "warning", "year": "2026"}, letter),
    ):
        shown = text_of(head.get(listed, query))
        other = letter if seen is made else made
        assert page_of("letter_detail", seen) in shown and page_of("letter_detail", other) not in shown, query
    assert page_of("letter_detail", letter) not in text_of(head.get(listed, {"reply": "replied"}))


def test_a_letter_about_a_matter_is_not_written_past_the_matter(small: Small, sign_in: SignIn) -> None:
    data = {
        "kind": "opinion",
        "unit_id": str(small.office.pk),
        "title": "函",
        "body": "请反馈。",
        "recipients": [str(small.water.pk)],
    }
    page = reverse("letter_new") + f"?subject=matters.matter:{small.water.pk}:x"
    assert sign_in(small.head).post(page, data).status_code == 403
    assert not letters_of(small.water.pk)


def test_the_form_shows_only_what_is_possible_next(formal: Small, sign_in: SignIn) -> None:  # noqa: F811
    """A kind that goes out for approval cannot be issued from its form, so no such button stands there."""
    head, page = sign_in(formal.head), reverse("letter_new")
    chosen = text_of(head.get(page, {"recipients": str(formal.water.pk)}))
    for kind in ("warning", "notice"):
        assert f"recipients={formal.water.pk}&amp;kind={kind}" in chosen
    assert "须送审，登记正式文件后印发" in chosen and "<textarea" not in chosen
    for kind in ("answer", "retraction"):  # written on the page of the letter they are about
        assert f"kind={kind}" not in chosen
    warning = text_of(head.get(page, {"kind": "warning", "recipients": str(formal.water.pk)}))
    assert "存为草稿</button>" in warning and "印发</button>" not in warning and 'name="go"' not in warning
    assert f'value="{formal.water.pk}" selected' in warning and "登记正式文件" in warning
    notice = text_of(head.get(page, {"kind": "notice"}))
    assert "印发</button>" in notice and 'name="go" value="draft"' in notice
    assert head.get(page, {"kind": "love"}).status_code == 200 and "<textarea" not in text_of(
        head.get(page, {"kind": "love"})
    )


def test_the_whole_number_is_read_where_its_part_is_entered(formal: Small, sign_in: SignIn) -> None:  # noqa: F811
    head, letter = sign_in(formal.head), draft(formal)
    head.post(page_of("letter_submit", letter))
    page = page_of("letter_issue", letter)
    shown = text_of(head.get(page))
    number = shown.split('class="series"')[1].split("</div>")[0]
    assert "市域办提〔2026〕" in number and "号</span>" in number and 'value="1"' in number
    assert "登记正式文件" in text_of(head.get(page_of("letter_detail", letter))) and "登记正式文件" in shown
    wrong = text_of(head.post(page, {"number": "7", "issued_on": "2025-12-30"}))
    assert "市域办提〔2025〕" in wrong and 'value="7"' in wrong  # the year of the day that was entered
