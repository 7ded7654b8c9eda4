"""Changes over HTTP: the same deeds as on the pages, once each, refused with a problem."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.example_rows import actor

from shiyu.audit.models import AuditEntry, IdempotencyKey
from shiyu.exchange.api.bodies import DeedGiven, MatterGiven
from shiyu.exchange.models import KeptAnswer
from shiyu.matters.forms import MatterForm, kind_choices
from shiyu.matters.forms.verbs import ALSO, FIELDS
from shiyu.matters.models import Matter, Step
from shiyu.people.models import Unit

pytestmark = pytest.mark.django_db


def problem(**more: object) -> dict[str, object]:
    """A body that files a problem in the example city."""
    return {"kind": "problem", "title": "井盖破损", "text": "学校门口。", "source": "visit", "happened_on": "2026-10-08",
            "unit_id": str(Unit.objects.get(code="office").pk), **more}  # fmt: skip


def test_filing_makes_the_matter_the_page_would_make(rows, api_of) -> None:
    answer = api_of("clerk").post("/matters", problem(lead_unit_id=str(rows["unit"])))
    assert answer.status_code == 201, answer.json()
    matter = Matter.objects.get(pk=answer.json()["id"])
    assert answer.headers["Location"] == f"/api/v1/matters/{matter.pk}" and matter.phase == "handling"
    entry = AuditEntry.objects.get(action="matters.file_matter", subject_id=matter.pk)
    assert entry.actor_name == actor("clerk").name and "token test" in entry.changes["via"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"source": "nowhere"}, "source"),
        ({"title": ""}, "title"),
        ({"kind": "war"}, "kind"),
        ({"happened_on": "2027-01-01"}, "happened_on"),
        ({"due_at": "gestern"}, "due_at"),
        ({"unit_id": "00000000-0000-0000-0000-000000000000"}, "unit_id"),
        ({"colour": "red"}, "colour"),
        ({"fields": {"colour": "red"}}, "fields.colour"),
        ({"reporter": {"name": "某", "phone": "13900000000"}}, "reporter"),
        ({"other_side": {"name": "某"}}, "other_side"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(more, field, rows, api_of) -> None:
    before = Matter.objects.count()
    answer = api_of("clerk").post("/matters", problem(**more), key="wrong-wrong")
    assert (
        answer.status_code == 422 and Matter.objects.count() == before and not IdempotencyKey.objects.exists()
    )
    assert field in [row["field"] for row in answer.json()["errors"]], answer.json()


@pytest.mark.parametrize(
    "body", ["{", "[1]", '"x"', '{"title": "\\ud800"}', '{"title": "a\\u0000"}', '{"n": NaN}', "[" * 5000]
)
def test_what_is_no_request_is_a_problem_too(body, rows, api_of) -> None:
    assert api_of("clerk").post("/matters", body).status_code in (400, 422)


def test_who_may_not_file_is_refused(rows, api_of) -> None:
    assert api_of("leader").post("/matters", problem()).status_code == 403


def test_the_same_request_twice_has_one_effect_and_one_answer(rows, api_of) -> None:
    api = api_of("clerk")
    first, second = (api.post("/matters", problem(), key="hotline-0001") for _n in range(2))
    assert first.status_code == second.status_code == 201 and first.content == second.content
    assert first.headers["Location"] == second.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers and second.headers["Idempotency-Replayed"] == "true"
    assert Matter.objects.filter(title="井盖破损").count() == 1
    other = api.post("/matters", problem(title="另一件"), key="hotline-0001")
    assert other.status_code == 409 and not Matter.objects.filter(title="另一件").exists()
    assert api.post("/matters", problem(), key="hotline-0002").json() != first.json()
    assert api.post("/matters", problem(), key="x").status_code == 422
    assert "井盖" not in str(KeptAnswer.objects.values()) and first.json()["code"] not in str(
        KeptAnswer.objects.values()
    )


def test_somebody_elses_key_is_not_mine(rows, api_of) -> None:
    first = api_of("clerk").post("/matters", problem(), key="hotline-0001")
    second = api_of("head").post("/matters", problem(), key="hotline-0001")
    assert second.status_code != 201 or second.json()["id"] != first.json()["id"]


def test_what_may_be_done_is_listed_with_its_fields_and_why_not_the_rest(rows, api_of) -> None:
    path = f"/matters/{rows['matter']}/acts"
    acts = {row["verb"]: row for row in api_of("justice").get(path).json()["items"]}
    assert acts["note"]["allowed"] and [one["name"] for one in acts["note"]["fields"]] == ["note", "seen"]
    assert acts["extend"]["fields"][0]["type"] in ("date", "text")
    assert not acts["close"]["allowed"] and acts["close"]["reasons"] and acts["close"]["fields"] == []
    read_only = api_of("justice", "matters:read").get(path).json()["items"]
    assert not any(row["allowed"] for row in read_only)
    assert "matters:act" in next(row for row in read_only if row["verb"] == "note")["reasons"][0]


def test_a_verb_does_what_its_button_does(rows, api_of) -> None:
    path = f"/matters/{rows['matter']}/acts"
    justice = api_of("justice")
    seen = justice.get(path).json()["version"]
    assert justice.post(f"{path}/note", {"note": "流程已上墙", "seen": seen}).status_code == 200
    assert Matter.objects.get(pk=rows["matter"]).progress == "流程已上墙"
    done = justice.post(f"{path}/complete", {"result": "已公示。"})
    assert done.status_code == 200 and done.json()["phase"] == "verifying"
    assert Step.objects.filter(matter_id=rows["matter"], verb="complete").exists()
    late = api_of("clerk").post(f"{path}/verify", {"note": "属实", "seen": seen})
    assert late.status_code == 409 and actor("justice").name in late.json()["detail"]


@pytest.mark.parametrize(
    ("person", "verb", "body", "status", "field"),
    [
        ("justice", "complete", {}, 422, "result"),
        ("justice", "extend", {"until": "2026-01-01", "reason": "来不及"}, 422, "until"),
        ("justice", "note", {"note": "x", "rating": 3}, 422, "rating"),
        ("justice", "note", {"note": "可以", "colour": 1}, 422, "colour"),
        ("justice", "close", {}, 403, None),
        ("justice", "dance", {}, 404, None),
        ("east", "note", {"note": "可以"}, 404, None),
    ],
)
def test_a_verb_that_does_not_fit_is_refused(person, verb, body, status, field, rows, api_of) -> None:
    before = AuditEntry.objects.count()
    answer = api_of(person).post(f"/matters/{rows['matter']}/acts/{verb}", body)
    assert answer.status_code == status and AuditEntry.objects.count() <= before + 1  # the token's own
    if field:
        assert field in [row["field"] for row in answer.json()["errors"]]
    assert not Step.objects.filter(matter_id=rows["matter"], note="可以").exists()


def test_proof_is_added_by_the_handlers_once(rows, api_of) -> None:
    path = f"/api/v1/matters/{rows['matter']}/files"

    def send(api, name="整改前.pdf", key=None):  # type: ignore[no-untyped-def]
        headers = api.headers | ({"Idempotency-Key": key} if key else {})
        return api.client.post(path, {"files": SimpleUploadedFile(name, b"proof")}, headers=headers)

    justice = api_of("justice")
    first, second = send(justice, key="proof-0001"), send(justice, key="proof-0001")
    assert first.status_code == 201 and first.json() == second.json() and len(first.json()["ids"]) == 1
    assert len(justice.get(f"/matters/{rows['matter']}/files").json()["items"]) == 2
    assert send(api_of("leader")).status_code == 403 and send(api_of("east")).status_code == 404
    refused = send(justice, name="机密名单.pdf")
    assert (
        refused.status_code == 422
        and len(justice.get(f"/matters/{rows['matter']}/files").json()["items"]) == 2
    )
    assert justice.client.post(path, {}, headers=justice.headers).status_code == 422


def test_the_bodies_know_every_field_of_the_forms(rows) -> None:
    """A field added to a form of the pages must be taken here, too."""
    assert {*FIELDS.values(), *(name for names in ALSO.values() for name in names)} - {"files"} <= set(
        DeedGiven.model_fields
    )
    for kind, _label in kind_choices():
        form = MatterForm(kind=kind, intake=[rows["unit"]])
        needed = {name for name, field in form.fields.items() if field.required}
        own = {name for name in needed if name.startswith(("f_", "reporter"))}
        assert needed - own <= set(MatterGiven.model_fields), kind


def test_the_docs_page_needs_no_file_from_outside(rows, browser_of) -> None:
    page = browser_of("clerk").get(reverse("api_docs"))
    text = page.content.decode()
    assert "/api/v1/matters/{matter_id}/acts/{verb}" in text and "Idempotency-Key" in text
    assert "https://" not in text.replace("https://hotline", "") and "cdn" not in text.lower()
    assert "style=" not in text and "<script>" not in text
    for kind, _label in kind_choices():
        assert f'id="kind-{kind}"' in text
    assert "<code>source</code>" in text
    schema = json.loads(browser_of("clerk").get(reverse("api_docs_schema")).content)
    assert schema["openapi"].startswith("3.1") and "/api/v1/letters/{letter_id}" in schema["paths"]
