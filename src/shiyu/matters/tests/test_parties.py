"""Who reports a matter: sealed, masked, opened with a reason, found by number, gone when its time is over."""

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from shiyu.audit.models import AuditEntry
from shiyu.kernel.actor import SYSTEM
from shiyu.kernel.personal import Personal, is_phone, is_reachable, masked, phone_digits
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.lib.vault import Unopenable, keys_in
from shiyu.matters import actions
from shiyu.matters.actions.keys import destroy_due_keys, wrap_keys_anew
from shiyu.matters.actions.parties import (
    Reporter,
    add_reporter,
    look_up_phone,
    open_parties,
    reset_pin,
)
from shiyu.matters.models import Destruction, Matter, MatterKey, Party, PartyOpening
from shiyu.matters.queries.parties import reporters_of
from shiyu.matters.tests.city import MORNING, City, bring_into_force, problem_kind
from shiyu.matters.tests.conftest import SignIn, text_of
from shiyu.people.models import Unit
from shiyu.places.models import Area

NAME, PHONE, ADDRESS = "欧阳试例", "13955550123", "试市东街九十九号"
PLANTED = (NAME, PHONE, ADDRESS, "欧阳试", "1395555")
KEEP = {"n": 730, "unit": "calendar_days"}


@pytest.fixture
def heard(city: City) -> City:
    """The small city with a problem kind that people may report."""
    bring_into_force(reporter="optional", keep=KEEP)
    return city


def reported(city: City, **changes: Any) -> Matter:
    given: dict[str, Any] = {"reporters": [Reporter(NAME, PHONE, ADDRESS, pin="12345678")]}
    return city.problem(**(given | changes))


WAITING: dict[str, Any] = {"lead_unit_id": None, "supporting_unit_ids": []}
"""Not sent out yet, so that it can be withdrawn."""


def rows_as_text() -> str:
    """Every row of every table, as one text: what somebody with the database alone would read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - a table's own name
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.parametrize(
    ("part", "text", "shown"),
    [
        (Personal.NAME, "张三丰", "张**"),
        (Personal.PHONE, "13800000000", "138****0000"),
        (Personal.PHONE, "+86 138-0000-0000", "138****0000"),
        (Personal.PHONE, "5100012", "****12"),
        (Personal.ADDRESS, "东街一号", "******"),
    ],
)
def test_what_everybody_sees(part: Personal, text: str, shown: str) -> None:
    assert masked(part, text) == shown


def test_a_number_is_the_same_however_it_is_written() -> None:
    ways = ("13955550123", "139 5555 0123", "+86 139-5555-0123", "0086 13955550123", "１３９５５５５０１２３")
    assert {phone_digits(way) for way in ways} == {"13955550123"} and all(map(is_phone, ways))
    assert not is_phone("一三九") and not is_phone("139x5555") and not is_phone("12")


@pytest.mark.parametrize(
    ("text", "reachable"),
    [
        ("13955550123", True),
        ("+86 139 5555 0123", True),
        ("0888-5100012", True),
        ("010-12345678", True),
        ("(0888)5100012", True),
        ("400-1234567", True),
        ("+852 2345 6789", True),
        ("5100012", False),  # seven or eight digits do not say in which city
        ("51000123", False),
        ("1395555012", False),
        ("139555501234", False),
        ("12955550123", False),
        ("010-1234567", False),
        ("0888-51", False),
        ("电话", False),
    ],
)
def test_a_number_somebody_gives_can_be_called_from_anywhere(text: str, reachable: bool) -> None:
    assert is_reachable(text) is reachable


def test_nothing_given_stands_in_the_database_in_the_clear(heard: City) -> None:
    matter = reported(heard)
    open_parties(heard.clerk, matter.pk, reason="核实地点")
    look_up_phone(heard.clerk, phone=PHONE)
    text = rows_as_text()
    assert matter.code in text and "核实地点" in text  # the look goes deep enough to find what is there
    assert not [word for word in (*PLANTED, "12345678") if word in text]
    # A bytea shows as hex; it must not be the text's own bytes either.
    assert NAME.encode().hex() not in text and PHONE.encode().hex() not in text
    assert NAME not in repr(Reporter(NAME, PHONE)) and PHONE not in str(Party.objects.get())


def test_it_is_masked_for_everybody_and_opened_by_those_who_handle_it(heard: City) -> None:
    matter = reported(heard)
    assert reporters_of(matter)[0].words == "欧** 139****0123 ******"
    for handler in (heard.clerk, heard.water_liaison, heard.police_liaison):
        opened = open_parties(handler, matter.pk, reason="核实地点")
        assert (opened[0].name, opened[0].phone, opened[0].address) == (NAME, PHONE, ADDRESS)
    assert PartyOpening.objects.count() == 3
    entry = AuditEntry.objects.filter(action="matters.open_parties").latest("at")
    assert entry.changes == {"reporters": "opened"} and entry.reason == "核实地点"


def test_it_is_not_opened_without_a_reason_or_by_others(heard: City) -> None:
    matter = reported(heard)
    with pytest.raises(UserError):
        open_parties(heard.clerk, matter.pk, reason=" ")
    with pytest.raises(NotAllowed):  # sees every matter, handles none of this unit's
        open_parties(heard.chair, matter.pk, reason="看看")
    with pytest.raises(NotVisible):
        open_parties(heard.stranger, matter.pk, reason="看看")
    with pytest.raises(NotAllowed):
        reset_pin(heard.chair, matter.pk, party_id=Party.objects.get().pk, reason="本人到场")
    assert not PartyOpening.objects.exists()


def test_a_unit_that_returned_it_reads_no_more(heard: City) -> None:
    matter = reported(heard)
    actions.acknowledge_assignment(heard.police_liaison, matter.pk)
    actions.return_assignment(heard.police_liaison, matter.pk, reason="不属公安职责")
    part = matter.assignments.get(unit=heard.police)
    actions.consent_return(heard.clerk, matter.pk, assignment_id=part.pk)
    with pytest.raises((NotAllowed, NotVisible)):
        open_parties(heard.police_liaison, matter.pk, reason="看看")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "reporter_name"),
        ({"phone": "", "address": ""}, "reporter_phone"),
        ({"phone": "无"}, "reporter_phone"),
        ({"name": "长" * 61}, "reporter_name"),
        ({"anonymous": True}, "reporter"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_saved(heard: City, wrong: dict, field: str) -> None:
    given = {"name": NAME, "phone": PHONE, "address": ADDRESS} | wrong
    with pytest.raises(UserError) as refused:
        reported(heard, reporters=[Reporter(**given)])
    assert refused.value.field == field and NAME not in str(refused.value)
    assert not Matter.objects.exists() and not Party.objects.exists() and not MatterKey.objects.exists()


def test_the_kind_says_whether_somebody_reports_it(city: City) -> None:
    with pytest.raises(UserError):  # the small city's own kind has no reporter
        reported(city)
    bring_into_force(reporter="optional", keep=KEEP)
    assert not Party.objects.filter(matter=city.problem()).exists()
    anonymous = reported(city, reporters=[Reporter(anonymous=True)])
    assert reporters_of(anonymous)[0].anonymous
    bring_into_force(reporter="required", keep=KEEP)
    for nobody in ([], [Reporter(anonymous=True)]):
        with pytest.raises(UserError):
            reported(city, reporters=nobody)


def test_somebody_else_may_report_the_same_while_it_is_open(heard: City) -> None:
    matter = heard.problem(**WAITING)
    row = add_reporter(heard.clerk, matter.pk, reporter=Reporter("试某", "13900000001"))
    assert [line.words for line in reporters_of(matter)] == ["试** 139****0001"]
    assert AuditEntry.objects.get(action="matters.add_reporter").changes == {"reporters": "changed"}
    assert row.pin_hash.startswith("argon2")
    actions.withdraw_matter(heard.clerk, matter.pk, reason="登记有误")
    with pytest.raises(UserError):
        add_reporter(heard.clerk, matter.pk, reporter=Reporter("试某", "13900000002"))


def test_a_number_finds_what_one_handles(heard: City) -> None:
    matter = reported(heard)
    reported(heard, reporters=[Reporter(NAME, "13955550124")])
    assert look_up_phone(heard.clerk, phone="139-5555-0123") == [matter]
    assert look_up_phone(heard.water_liaison, phone="+8613955550123") == [matter]
    assert look_up_phone(heard.chair, phone=PHONE) == look_up_phone(heard.justice_liaison, phone=PHONE) == []
    assert look_up_phone(heard.clerk, phone="1395555012") == []  # a part of it finds nothing
    with pytest.raises(UserError):
        look_up_phone(heard.clerk, phone="欧阳")
    entries = AuditEntry.objects.filter(action="matters.look_up_phone")
    assert sorted(entry.changes["found"] for entry in entries) == [0, 0, 0, 1, 1]


def closed(city: City, matter: Matter) -> Matter:
    return actions.withdraw_matter(city.clerk, matter.pk, reason="已解决")


def test_when_its_time_is_over_the_key_is_destroyed_and_reported(heard: City) -> None:
    matter, other = reported(heard, **WAITING), reported(heard)
    closed(heard, matter)
    key, party = MatterKey.objects.get(matter=matter), Party.objects.get(matter=matter)
    with clock.frozen(MORNING + dt.timedelta(days=729)):
        assert destroy_due_keys(MORNING, clock.now()) == 0
        assert not Destruction.objects.exists()
    with clock.frozen(MORNING + dt.timedelta(days=731)):
        assert destroy_due_keys(MORNING, clock.now()) == 1
        assert destroy_due_keys(MORNING, clock.now()) == 0
        report = Destruction.objects.get()
        assert (report.kind, report.keep_days, report.matters, report.parties) == ("problem", 730, 1, 1)
        assert reporters_of(matter)[0].gone and not reporters_of(other)[0].gone
        assert open_parties(heard.clerk, matter.pk, reason="核实地点")[0].gone
        assert look_up_phone(heard.clerk, phone=PHONE) == [other]
        # Not even what an old backup still holds can be read with the key that is left.
        now = MatterKey.objects.get(matter=matter)
        assert key.open(party, Personal.NAME) == NAME
        with pytest.raises(Unopenable):
            now.open(party, Personal.NAME)
    entry = AuditEntry.objects.get(action="matters.destroy_keys")
    assert entry.changes["matters"] == 1 and NAME not in str(entry.changes)


def test_what_was_merged_waits_for_the_other_one(heard: City) -> None:
    bring_into_force(reporter="optional", keep=KEEP, **_merging())
    first, second = reported(heard, **WAITING), reported(heard, **WAITING)
    actions.VERB_ACTIONS["merge"](heard.clerk, first.pk, other=second.code, reason="同一件事")
    later = MORNING + dt.timedelta(days=800)
    with clock.frozen(later):
        assert destroy_due_keys(MORNING, later.astimezone(dt.UTC)) == 0
        closed(heard, second)
        assert destroy_due_keys(MORNING, later.astimezone(dt.UTC)) == 1


def _merging() -> dict[str, Any]:
    kind = problem_kind()
    return {
        "verbs": kind["verbs"] | {"merge": {}, "split": {}},
        "outcomes": [*kind["outcomes"], "merged"],
    }


def test_who_reported_the_whole_reports_the_part(heard: City) -> None:
    bring_into_force(reporter="required", keep=KEEP, **_merging())
    whole = reported(heard)
    actions.VERB_ACTIONS["split"](heard.clerk, whole.pk, text="另一处排污口")
    part = Matter.objects.exclude(pk=whole.pk).get()
    before, after = Party.objects.get(matter=whole), Party.objects.get(matter=part)
    assert after.came_from == before and after.pin_hash == before.pin_hash
    assert after.name != before.name
    assert open_parties(heard.clerk, part.pk, reason="核实地点")[0].name == NAME


def test_sealing_keys_change_in_batches_and_where_it_stopped_it_goes_on(heard: City, settings) -> None:
    matters = [reported(heard) for _n in range(3)]
    old = settings.VAULT_KEYS
    settings.VAULT_KEYS = keys_in("newer:" + "k" * 40) | old
    assert wrap_keys_anew(SYSTEM, batch=2) == 2
    assert MatterKey.objects.filter(sealed_by="newer").count() == 2
    assert all(open_parties(heard.clerk, m.pk, reason="核实")[0].name == NAME for m in matters)
    assert [wrap_keys_anew(SYSTEM, batch=2), wrap_keys_anew(SYSTEM, batch=2)] == [1, 0]
    settings.VAULT_KEYS = keys_in("newer:" + "k" * 40)  # the old one is not needed any more
    assert all(open_parties(heard.clerk, m.pk, reason="核实")[0].name == NAME for m in matters)
    settings.VAULT_KEYS = keys_in("lost:" + "z" * 40)
    with pytest.raises(Unopenable):
        wrap_keys_anew(SYSTEM)
    assert set(MatterKey.objects.values_list("sealed_by", flat=True)) == {"newer"}


def test_the_desk_files_prints_a_receipt_once_and_resets_the_pin(heard: City, sign_in: SignIn) -> None:
    client = sign_in(heard.clerk)
    place = Area.objects.create(code="990100000000", name="试市", level="city", path="990100000000/")
    Unit.objects.filter(pk=heard.office.pk).update(area=place)
    form = {
        "area_id": str(place.pk),
        "title": "路灯不亮",
        "text": "东街三盏",
        "source": "visit",
        "happened_on": "2026-11-02",
        "unit_id": str(heard.office.pk),
        "reporter": "named",
        "reporter_name": NAME,
        "reporter_phone": "",
        "reporter_address": "",
    }
    address = reverse("matter_new") + "?kind=problem"
    refused = client.post(address, form)
    assert refused.status_code == 422 and "请填写电话或地址" in text_of(refused)
    assert NAME in text_of(refused)  # nothing typed is lost
    page = text_of(client.post(address, form | {"reporter_phone": PHONE}))
    matter = Matter.objects.get()
    pin = "".join(re.search(r"(\d{4}) (\d{4})</b>", page).groups())  # type: ignore[union-attr]
    assert matter.code in page and "<svg" in page and "/progress/" in page and NAME not in page
    detail = text_of(client.get(reverse("matter_detail", args=[matter.pk])))
    assert "欧**" in detail and pin not in detail and not [word for word in PLANTED if word in detail]
    party = Party.objects.get()
    again = reverse("reporter_pin", args=[matter.pk, party.pk])
    assert client.post(again, {"reason": ""}).status_code == 422
    page = text_of(client.post(again, {"reason": "出示身份证"}))
    assert re.search(r"\d{4} \d{4}</b>", page) and Party.objects.get().pin_hash != party.pin_hash
    assert sign_in(heard.chair).post(again, {"reason": "出示身份证"}).status_code == 403


def test_the_whole_is_shown_for_one_view(heard: City, sign_in: SignIn) -> None:
    matter = reported(heard)
    address = reverse("reporters_open", args=[matter.pk])
    client = sign_in(heard.water_liaison)
    assert PHONE not in text_of(client.get(address))
    assert client.post(address, {"reason": ""}).status_code == 422
    shown = client.post(address, {"reason": "上门核实"})
    assert PHONE in text_of(shown) and "no-store" in shown["Cache-Control"]
    assert PHONE not in text_of(client.get(address)) and "上门核实" in text_of(client.get(address))
    assert sign_in(heard.chair).get(address).status_code == 403
    assert sign_in(heard.stranger).get(address).status_code == 404


def test_the_keys_are_not_in_the_database(heard: City) -> None:
    reported(heard)
    text = rows_as_text()
    assert not [secret for secret in settings.VAULT_KEYS.values() if secret.decode() in text]
    assert settings.TRACE_KEY.decode() not in text
