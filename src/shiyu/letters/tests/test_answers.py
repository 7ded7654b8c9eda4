"""Who reads replies: the unit that asked all of them, every other unit its own; and the lists of letters."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shiyu.kernel.actor import Actor
from shiyu.letters import actions, jobs
from shiyu.letters.models import Letter, Reply
from shiyu.letters.queries import answers_shown, letters_for_desk, letters_shown, letters_waiting
from shiyu.letters.queries.waiting import MOST
from shiyu.letters.tests.conftest import NOON, Small, person
from shiyu.letters.tests.test_actions import issue, register
from shiyu.letters.tests.test_pages import text_of
from shiyu.letters.tests.test_ways import holder
from shiyu.lib import clock
from shiyu.notices.models import Notice
from shiyu.people.models import Absence, User

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
SAID = "本局管线图已重新测绘"


def answered(small: Small) -> tuple[Letter, str]:
    """A letter to two units that one of them answered with a file; and that file's address."""
    letter = issue(small)
    file = SimpleUploadedFile("测绘成果.pdf", b"%PDF-1.4 map")
    actions.reply_letter(small.water_liaison, letter.pk, reply=SAID, files=[file])
    document = Reply.objects.get().pk
    assert document
    return letter, reverse("letter_detail", args=[letter.pk])


def file_in(text: str) -> str | None:
    addresses = (part.split('"')[0] for part in text.split('href="'))
    return next((one for one in addresses if "/files/" in one), None)


def test_replies_and_their_files_are_read_by_who_asked_and_the_own_unit_only(
    small: Small, sign_in: SignIn
) -> None:
    letter, page = answered(small)
    shown = text_of(sign_in(small.water_liaison).get(page))
    file = file_in(shown)
    assert SAID in shown and file
    assert SAID in text_of(sign_in(small.head).get(page))
    assert sign_in(small.head).get(file).status_code == 200
    leader = person(
        "分管领导", small.police, "matter.view_all"
    )  # sees every letter, reads no reply of others
    for other in (small.police_liaison, leader):
        shown = text_of(sign_in(other).get(page))
        assert SAID not in shown and "测绘成果" not in shown and small.water_liaison.name not in shown
        assert small.water.name in shown and "已回复" in shown  # that it answered is no secret
        assert sign_in(other).get(file).status_code == 404
    assert letter.recipients.get(unit=small.water).replied_at is not None


def test_the_list_of_answers_shows_others_nothing_of_each_other(small: Small, sign_in: SignIn) -> None:
    letter, _page = answered(small)
    writer = person("文书", small.office, "letter.issue")  # sees its own unit's letters, no others

    def units(actor: Actor) -> set[str]:
        return {row.unit.name for row in answers_shown(actor)}

    both = {small.water.name, small.police.name}
    assert units(writer) == units(small.head) == both
    assert units(small.water_liaison) == {small.water.name}
    assert units(small.police_liaison) == {small.police.name}
    shown = text_of(sign_in(small.police_liaison).get(reverse("letter_answers"))).split("<tbody")[1]
    assert letter.number_text in shown and "按期回复" not in shown


def test_a_list_finds_letters_and_instructions_by_their_stored_words(small: Small, sign_in: SignIn) -> None:
    letter, row = issue(small, title="关于老旧小区用电的函", body="请组织核实配电房。"), register(small)
    Letter.objects.filter(pk=letter.pk).update(
        body="别的话"
    )  # past the stored words: the index answers, not a scan
    client, page = sign_in(small.head), reverse("letter_list")
    address = reverse("letter_detail", args=[letter.pk])
    for words in ("配电房", "老旧小区 用电", letter.number_text):
        assert address in text_of(client.get(page, {"q": words})), words
    assert address not in text_of(client.get(page, {"q": "别的话"}))
    address, page = reverse("instruction_detail", args=[row.pk]), reverse("instruction_list")
    assert address in text_of(client.get(page, {"q": row.subject_title}))
    assert address not in text_of(client.get(page, {"q": "没有这样的话"}))


def test_the_list_shows_the_day_that_counts_for_the_reader(small: Small, sign_in: SignIn) -> None:
    letter = issue(small)  # both by 9 November
    actions.reply_letter(small.water_liaison, letter.pk, reply="已阅")
    later = dt.date(2026, 11, 20)
    actions.judge_reply(
        small.head, Reply.objects.get().pk, verdict="sent_back", reason="缺数据", reply_by=later
    )
    days = {
        actor.name: letters_shown(actor).get().day_shown  # type: ignore[attr-defined]
        for actor in (small.head, small.water_liaison, small.police_liaison)
    }
    first = dt.date(2026, 11, 9)
    assert days == {"主任": first, "水务联络员": later, "公安联络员": first}
    actions.reply_letter(small.police_liaison, letter.pk, reply="无意见")
    assert letters_shown(small.head).get().owed_by == later  # type: ignore[attr-defined]
    assert letters_shown(small.police_liaison).get().owed_by is None  # type: ignore[attr-defined]
    with clock.frozen(NOON + dt.timedelta(days=14)):
        page = reverse("letter_detail", args=[letter.pk])
        late = text_of(sign_in(small.head).get(page)).split('class="meta"')[1].split("</ul>")[0]
        assert 'class="late"' not in late  # the water bureau has until the 20th
        ordered = sign_in(small.water_liaison).get(reverse("letter_list"), {"sort": "reply_by"})
        assert "11-20" in text_of(ordered)


def test_a_desk_shows_the_first_hundred_letters_and_the_list_all(small: Small, sign_in: SignIn) -> None:
    made = [issue(small, title=f"函{n}", recipients=[small.water.pk]) for n in range(MOST + 2)]
    register(small)
    assert len(letters_for_desk(small.water_liaison)) == MOST
    assert set(letters_waiting(small.water_liaison)) == set(made)
    assert not letters_waiting(small.police_liaison).exists()
    water = sign_in(small.water_liaison)
    shown = text_of(water.get(reverse("desk")))
    more = reverse("letter_list") + "?reply=mine"
    assert f'<a href="{more}">另有2件函件</a>' in shown and "件批示</a>" not in shown
    assert "102" in text_of(water.get(more))
    actions.reply_letter(small.water_liaison, made[0].pk, reply="已阅")
    actions.reply_letter(small.water_liaison, made[1].pk, reply="已阅")
    assert "件函件</a>" not in text_of(water.get(reverse("desk")))


def test_an_instruction_that_waits_for_me_is_found(small: Small, sign_in: SignIn) -> None:
    row = register(small)
    page, address = reverse("instruction_list"), reverse("instruction_detail", args=[row.pk])
    assert address in text_of(sign_in(small.water_liaison).get(page, {"state": "mine"}))
    assert address not in text_of(sign_in(small.head).get(page, {"state": "mine"}))
    assert address in text_of(sign_in(small.head).get(page, {"state": "open"}))


def test_a_circulated_letter_is_told_to_who_stands_in(small: Small) -> None:
    post, away = holder(small.water, "副局长")
    deputy = User.objects.create(username="deputy", name="代岗")
    today = clock.today()
    Absence.objects.create(user_id=away.user_id, deputy=deputy, valid_from=today, valid_to=today)
    letter = issue(small, recipients=[small.water.pk])
    told = {"letter_id": str(letter.pk), "number": letter.number_text, "title": letter.title}
    jobs.tell_letter_circulated(told | {"post_ids": [str(post.pk)]})
    assert set(Notice.objects.values_list("user_id", flat=True)) == {away.user_id, deputy.pk}
