"""The API shows nobody who reported a matter: every resource, every person, with every scope; what is filed through it is
sealed at once."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from shiyu.audit.models import AuditEntry
from shiyu.exchange.actions import make_token
from shiyu.exchange.models import KeptAnswer, Scope
from shiyu.matters.actions.parties import open_parties
from shiyu.matters.models import Matter, Party
from shiyu.people.models import Unit
from tests.example_rows import Rows, actor, taken_back
from tests.test_personal_data import ADDRESS, NAME, PHONE, PLANTED, rows, words_of
from tests.test_urls import NAMES, PEOPLE
from tests.url_table import ADDRESSES

__all__ = ["rows"]
pytestmark = pytest.mark.django_db
RESOURCES = [name for name in NAMES if name.startswith("api_") and not name.startswith("api_docs")]


def headers_of(person: str) -> dict[str, str]:
    """The headers of a new token of that person, with every scope."""
    _token, text = make_token(actor(person), name="x", scopes=Scope.values, days=1)
    return {"Authorization": f"Bearer {text}"}


@pytest.mark.parametrize("person", PEOPLE[1:])
def test_no_resource_shows_a_reporter_to_anybody(person: str, rows: Rows) -> None:
    client, shown, reached = Client(), [], 0
    with taken_back():
        headers = headers_of(person)
        for name in RESOURCES:
            keys = ADDRESSES[name].split()
            address = reverse(name, args=[key[1:] if key.startswith("=") else rows[key] for key in keys])
            for query in ("", f"?q={NAME}", f"?q={PHONE}"):
                answer = client.get(address + query, headers=headers)
                reached += answer.status_code == 200
                shown += [(name, query, word) for word in PLANTED if word in words_of(answer)]
            with taken_back():
                answer = client.post(
                    address, '{"note": "核实"}', content_type="application/json", headers=headers
                )
            shown += [(name, "POST", word) for word in PLANTED if word in words_of(answer)]
    assert shown == [] and reached > 4


def test_the_crawl_would_see_a_reporter(rows: Rows) -> None:
    assert open_parties(actor("clerk"), rows["matter"], reason="核实地点")[-1].name == NAME
    assert {"api_matter", "api_matters", "api_steps", "api_matter_acts"} <= set(RESOURCES)


def test_a_reporter_filed_through_the_api_is_sealed_at_once(
    rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    given = {"kind": "problem", "title": "路灯不亮", "text": "校门口两盏路灯不亮。", "source": "visit", "happened_on": "2026-10-08",
             "unit_id": str(Unit.objects.get(code="office").pk), "area_id": str(rows["area"]),
             "reporter": {"name": NAME, "phone": PHONE, "address": ADDRESS}}  # fmt: skip
    with taken_back():
        headers = headers_of("clerk") | {"Idempotency-Key": "with-a-reporter"}
        first, second = (
            Client().post(
                "/api/v1/matters", json.dumps(given), content_type="application/json", headers=headers
            )
            for _n in range(2)
        )
        assert first.status_code == 201, first.content.decode()
        assert len(first.json()["pin"]) == 8 and first.content == second.content
        matter = Matter.objects.get(pk=first.json()["id"])
        assert open_parties(actor("clerk"), matter.pk, reason="核实地点")[0].phone == PHONE
        kept = "".join(str(list(model.objects.values())) for model in (Party, KeptAnswer, AuditEntry, Matter))
        wrong = given | {"reporter": {"name": NAME, "phone": PHONE * 3}}
        refused = Client().post("/api/v1/matters", json.dumps(wrong), content_type="application/json",
                                headers=headers_of("clerk"))  # fmt: skip
    assert refused.status_code == 422 and "reporter.phone" in refused.content.decode()
    logged = "\n".join(
        f"{one.getMessage()} {one.args}" for one in caplog.records if one.name != "django.db.backends"
    )
    said = kept + logged + first.content.decode() + refused.content.decode()
    assert not [word for word in (*PLANTED, first.json()["pin"] + "'") if word in said]
