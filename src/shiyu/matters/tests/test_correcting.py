"""What is held about a reporter is put right at the desk: sealed anew, found by the new number, told by no record."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shiyu.audit.models import AuditEntry
from shiyu.kernel.personal import Personal
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.lib.ids import new_id
from shiyu.matters.actions.correcting import correct_party
from shiyu.matters.actions.keys import destroy_due_keys
from shiyu.matters.actions.parties import Reporter, add_reporter, look_up_phone, open_parties
from shiyu.matters.models import Matter, MatterKey, Party, PartyOpening, Step
from shiyu.matters.queries.parties import reporters_of
from shiyu.matters.tests.city import MORNING, City
from shiyu.matters.tests.conftest import SignIn, text_of
from shiyu.matters.tests.test_parties import (
    ADDRESS,
    NAME,
    PHONE,
    WAITING,
    closed,
    heard,
    reported,
    rows_as_text,
)

__all__ = ["heard"]

NEW_NAME, NEW_PHONE, NEW_ADDRESS = "司徒试例", "13955550777", "试市西街三号"
WHY = "本人持身份证到场核对"
GIVEN = {"reporter_name": NEW_NAME, "reporter_phone": NEW_PHONE, "reporter_address": "", "reason": WHY}


def address_of(matter: Matter) -> str:
    return reverse("reporter_correct", args=[matter.pk, Party.objects.get(matter=matter).pk])


def refused(client: Client, address: str, **given: str) -> str:
    """The page that refuses; nothing was saved."""
    before = rows_of_parties()
    answer = client.post(address, GIVEN | given)
    assert answer.status_code == 422 and rows_of_parties() == before
    assert not AuditEntry.objects.filter(action="matters.correct_party").exists()
    return text_of(answer)


def rows_of_parties() -> list[tuple[Any, ...]]:
    rows = Party.objects.order_by("id").values_list("name", "phone", "address", "phone_trace")
    return [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows]


def test_the_desk_corrects_it_and_the_new_number_finds_it(heard: City, sign_in: SignIn) -> None:
    matter = reported(heard)
    steps, before = Step.objects.count(), Party.objects.get()
    client = sign_in(heard.clerk)
    detail = reverse("matter_detail", args=[matter.pk])
    assert address_of(matter) in text_of(client.get(detail))
    page = text_of(client.get(address_of(matter)))
    assert "欧** 139****0123" in page and not [word for word in (NAME, PHONE, ADDRESS) if word in page]
    answer = client.post(address_of(matter), GIVEN)
    assert answer.status_code == 302 and answer["Location"] == detail
    page = text_of(client.get(detail))
    assert "已更正" in page and "司**" in page and "139****0777" in page and NEW_NAME not in page
    assert look_up_phone(heard.clerk, phone=NEW_PHONE) == [matter]
    assert look_up_phone(heard.clerk, phone=PHONE) == []
    opened = open_parties(heard.clerk, matter.pk, reason="核实地点")[0]
    assert (opened.name, opened.phone, opened.address) == (NEW_NAME, NEW_PHONE, ADDRESS)
    after = Party.objects.get()
    assert after.address == before.address and after.pin_hash == before.pin_hash
    assert Step.objects.count() == steps  # the history says nothing of persons
    words = (NAME, PHONE, NEW_NAME, NEW_PHONE)
    assert not [word for word in words if word in rows_as_text()]


def test_the_record_says_what_changed_and_why_and_no_value(heard: City, sign_in: SignIn) -> None:
    matter = reported(heard)
    assert sign_in(heard.clerk).post(address_of(matter), GIVEN).status_code == 302
    entry = AuditEntry.objects.get(action="matters.correct_party")
    party = str(Party.objects.get().pk)
    assert entry.changes == {"name": "changed", "phone": "changed", "party": party}
    assert entry.reason == WHY and entry.subject_id == matter.pk


def test_the_fields_are_filled_only_where_it_was_just_opened(heard: City, sign_in: SignIn) -> None:
    matter, client = reported(heard), sign_in(heard.clerk)
    address = reverse("reporters_open", args=[matter.pk])
    assert address_of(matter) not in text_of(client.get(address))
    page = text_of(client.post(address, {"reason": "电话核实"}))
    assert f'action="{address_of(matter)}"' in page
    assert all(f'value="{text}"' in page for text in (NAME, PHONE, ADDRESS))
    as_shown = {
        "reporter_name": NAME,
        "reporter_phone": PHONE,
        "reporter_address": NEW_ADDRESS,
        "reason": WHY,
    }
    assert client.post(address_of(matter), as_shown).status_code == 302
    entry = AuditEntry.objects.get(action="matters.correct_party")
    assert set(entry.changes) == {"address", "party"}
    assert PartyOpening.objects.count() == 1  # to correct opens nothing more


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": ""}, "id_reason_error"),
        ({"reason": f"原登记为{NAME}，有误"}, "请不要写入姓名"),
        ({"reason": f"新号码{NEW_PHONE[:3]} {NEW_PHONE[3:7]} {NEW_PHONE[7:]}"}, "请不要写入姓名"),
        ({"reporter_phone": "一三九"}, "id_reporter_phone_error"),
        ({"reporter_phone": "5100012"}, "id_reporter_phone_error"),
        ({"reporter_name": "长" * 61}, "id_reporter_name_error"),
        ({"reporter_name": "", "reporter_phone": ""}, "没有需要更正的内容"),
        ({"reporter_name": NAME, "reporter_phone": PHONE}, "没有需要更正的内容"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    heard: City, sign_in: SignIn, wrong: dict[str, str], said: str
) -> None:
    matter = reported(heard)
    page = refused(sign_in(heard.clerk), address_of(matter), **wrong)
    assert said in page
    assert all(text in page for text in (GIVEN | wrong).values())


def test_all_that_is_wrong_is_said_at_once(heard: City, sign_in: SignIn) -> None:
    page = refused(sign_in(heard.clerk), address_of(reported(heard)), reason="", reporter_phone="一三九")
    assert "id_reason_error" in page and "id_reporter_phone_error" in page


def test_the_action_asks_it_all_by_itself(heard: City) -> None:
    matter = reported(heard)
    given: dict[str, Any] = {
        "party_id": Party.objects.get().pk,
        "given": {Personal.NAME: NEW_NAME},
        "reason": WHY,
    }
    for wrong, error in (
        ({"reason": " "}, UserError),
        ({"given": {Personal.PHONE: "5100012"}}, UserError),
        ({"given": {}}, UserError),
        ({"party_id": new_id()}, NotVisible),
    ):
        with pytest.raises(error):
            correct_party(heard.clerk, matter.pk, **(given | wrong))
    with pytest.raises(NotAllowed):
        correct_party(heard.chair, matter.pk, **given)
    assert reporters_of(matter)[0].words == "欧** 139****0123 ******"


def test_only_who_may_open_it_corrects_it(heard: City, sign_in: SignIn) -> None:
    matter = reported(heard)
    address, before = address_of(matter), rows_of_parties()
    for person, status in ((heard.chair, 403), (heard.stranger, 404)):
        client = sign_in(person)
        assert client.get(address).status_code == client.post(address, GIVEN).status_code == status
    assert address not in text_of(sign_in(heard.chair).get(reverse("matter_detail", args=[matter.pk])))
    assert rows_of_parties() == before


def test_another_matters_person_is_not_there(heard: City, sign_in: SignIn) -> None:
    matter = reported(heard)
    other = Party.objects.get(matter=reported(heard))
    address, before = reverse("reporter_correct", args=[matter.pk, other.pk]), rows_of_parties()
    client = sign_in(heard.clerk)
    assert client.get(address).status_code == client.post(address, GIVEN).status_code == 404
    assert rows_of_parties() == before


def test_who_reported_anonymously_is_not_named_by_it(heard: City, sign_in: SignIn) -> None:
    matter = reported(heard, reporters=[Reporter(anonymous=True)])
    client = sign_in(heard.clerk)
    answer = client.post(address_of(matter), GIVEN)
    assert answer.status_code == 400 and "匿名反映的不补记" in text_of(answer)
    assert rows_of_parties() == [(None, None, None, "")]
    assert address_of(matter) not in text_of(client.get(reverse("matter_detail", args=[matter.pk])))


def test_an_ended_matter_is_corrected_until_its_key_is_destroyed(heard: City, sign_in: SignIn) -> None:
    matter = reported(heard, **WAITING)
    closed(heard, matter)
    client = sign_in(heard.clerk)
    assert client.post(address_of(matter), GIVEN).status_code == 302
    assert reporters_of(matter)[0].words == "司** 139****0777 ******"
    with clock.frozen(MORNING + dt.timedelta(days=731)):
        assert destroy_due_keys(MORNING, clock.now()) == 1
        client = sign_in(heard.clerk)
        for answer in (client.get(address_of(matter)), client.post(address_of(matter), GIVEN)):
            assert answer.status_code == 400 and "已按规定删除，不能再更正" in text_of(answer)
    assert MatterKey.objects.get().wrapped == "" and rows_of_parties() == [(None, None, None, "")]
    assert AuditEntry.objects.filter(action="matters.correct_party").count() == 1


def test_a_key_made_later_brings_back_nothing_of_what_was_deleted(heard: City) -> None:
    matter = reported(heard, **WAITING)
    first = Party.objects.get()
    Party.objects.update(
        name=None, phone=None, address=None, phone_trace=""
    )  # as destroying the key leaves it
    add_reporter(heard.clerk, matter.pk, reporter=Reporter(NEW_NAME, NEW_PHONE))
    with pytest.raises(UserError):
        correct_party(
            heard.clerk, matter.pk, party_id=first.pk, given={Personal.NAME: NEW_NAME}, reason="本人到场"
        )
    assert Party.objects.get(pk=first.pk).name is None


def test_sent_twice_it_has_one_effect(heard: City, sign_in: SignIn) -> None:
    matter, client = reported(heard), sign_in(heard.clerk)
    form = GIVEN | {"once_key": "abcdefgh12345678"}
    for _time in range(2):
        assert client.post(address_of(matter), form).status_code == 302
    assert AuditEntry.objects.filter(action="matters.correct_party").count() == 1
