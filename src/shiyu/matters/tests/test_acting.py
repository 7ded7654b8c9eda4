"""Somebody acts for a reporter: written down sealed with their relation, with a PIN of their own; and lost PINs."""

import re

import pytest
from django.urls import reverse

from shiyu.audit.models import AuditEntry
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.lib.ids import new_id
from shiyu.matters import actions
from shiyu.matters.access import REPORTER
from shiyu.matters.actions.acting import add_acting
from shiyu.matters.actions.parties import Reporter, open_parties
from shiyu.matters.models import Matter, MatterLink, Party
from shiyu.matters.queries.ways import condition_facts
from shiyu.matters.tests.city import City
from shiyu.matters.tests.conftest import SignIn, text_of
from shiyu.matters.tests.test_progress import PIN, entered, open_city, page_of, reported

__all__ = ["open_city"]

HELPER, MOBILE = "司马代办", "13955550999"


def acting(city: City, matter: Matter, pin: str = "55554444") -> Party:
    party = Party.objects.get(matter=matter, acts_for=None)
    person = Reporter(HELPER, MOBILE, pin=pin)
    return add_acting(city.clerk, matter.pk, party_id=party.pk, reporter=person, relation="family")


def test_who_acts_is_sealed_with_the_relation_and_named_in_no_record(open_city: City) -> None:
    matter = reported(open_city)
    row = acting(open_city, matter)
    assert row.relation == "family" and row.acts_for is not None
    assert HELPER.encode() not in bytes(row.name or b"")
    (_first, opened) = open_parties(open_city.clerk, matter.pk, reason="电话核实")
    assert opened.name == HELPER and opened.relation == "family"
    told = AuditEntry.objects.get(action="matters.add_acting")
    assert HELPER not in str(told.changes) and MOBILE not in str(told.changes)
    assert condition_facts(matter)["reporters"] == 1  # one reported it, whoever else comes along


def test_with_number_and_pin_either_may_act(open_city: City) -> None:
    matter = reported(open_city)
    acting(open_city, matter)
    actions.VERB_ACTIONS["ask_reporter"](open_city.clerk, matter.pk, text="是哪三盏？")
    client = entered(matter, "55554444")
    assert "是哪三盏？" in page_of(client)
    answer = client.post(reverse("progress_act", args=["answer"]), {"answer-text": "东街口往北数"})
    assert answer.status_code == 302 and "东街口往北数" in page_of(entered(matter))
    entry = AuditEntry.objects.get(action="matters.answer_question")
    assert (entry.actor_id, entry.actor_name) == (None, REPORTER)
    held = text_of(client.get(reverse("progress_held")))
    assert "代办人" in held and "家属" in held and "139****0999" in held and "0123" not in held
    assert "0999" not in text_of(entered(matter).get(reverse("progress_held")))


def test_only_for_a_reporter_of_the_matter_with_a_name_and_a_relation(open_city: City) -> None:
    matter = reported(open_city)
    first = Party.objects.get(matter=matter)
    given = {"party_id": first.pk, "reporter": Reporter(HELPER, MOBILE), "relation": "family"}
    for wrong in (
        {"party_id": new_id()},
        {"relation": "enemy"},
        {"reporter": Reporter(HELPER)},
        {"reporter": Reporter(anonymous=True)},
    ):
        with pytest.raises(UserError):
            add_acting(open_city.clerk, matter.pk, **(given | wrong))  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        add_acting(open_city.chair, matter.pk, **given)  # type: ignore[arg-type]
    with pytest.raises(NotVisible):
        add_acting(open_city.stranger, matter.pk, **given)  # type: ignore[arg-type]
    row = acting(open_city, matter)
    with pytest.raises(UserError):  # nobody acts for somebody who acts
        add_acting(open_city.clerk, matter.pk, **(given | {"party_id": row.pk}))  # type: ignore[arg-type]
    assert Party.objects.count() == 2


def test_who_acts_comes_along_into_a_review(open_city: City) -> None:
    matter = reported(open_city)
    acting(open_city, matter)
    actions.accept_matter(open_city.clerk, matter.pk)
    actions.dispatch_matter(open_city.clerk, matter.pk, unit_id=open_city.water.pk)
    actions.acknowledge_assignment(open_city.water_liaison, matter.pk)
    actions.complete_assignment(open_city.water_liaison, matter.pk, result="已修好")
    actions.close_matter(open_city.clerk, matter.pk)
    client = entered(matter, "55554444")
    client.post(reverse("progress_act", args=["ask_review"]), {"ask_review-reason": "不服处理意见"})
    review = MatterLink.objects.get(sort="review").second
    helper = Party.objects.get(matter=review, relation="family")
    assert helper.acts_for == Party.objects.get(matter=review, acts_for=None)
    assert "代办人" in text_of(entered(review, "55554444").get(reverse("progress_held")))


def test_the_desk_writes_it_down_and_hands_out_a_receipt(open_city: City, sign_in: SignIn) -> None:
    matter = reported(open_city)
    party = Party.objects.get()
    client = sign_in(open_city.clerk)
    detail = reverse("matter_detail", args=[matter.pk])
    address = reverse("reporter_acting", args=[matter.pk, party.pk])
    assert address in text_of(client.get(detail))
    wrong = client.post(address, {"reporter_name": HELPER, "relation": ""})
    assert wrong.status_code == 422 and HELPER in text_of(wrong)
    given = {"reporter_name": HELPER, "reporter_phone": MOBILE, "relation": "family"}
    page = text_of(client.post(address, given))
    pin = re.search(r"(\d{4}) (\d{4})</b>", page)
    assert pin is not None and matter.code in page
    entered(matter, "".join(pin.groups()))
    entered(matter, PIN)  # the reporter's own stays good
    shown = text_of(client.get(detail))
    assert "代办人" in shown and "家属" in shown and HELPER not in shown and MOBILE not in shown
