"""Reading over HTTP: what is given, to whom, page by page, and what is said about a wrong request."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.example_rows import TODAY, actor

from shiyu.letters.actions import issue_letter, reply_letter
from shiyu.lib import clock
from shiyu.matters.models import Assignment, Matter, Step
from shiyu.people.models import Unit
from shiyu.places.models import Area
from shiyu.ui import keyset

pytestmark = pytest.mark.django_db


def more_matters(count: int) -> None:
    """So many more matters of the example's first, each with a lead and a step."""
    first = Matter.objects.get(code=Matter.objects.order_by("code").first().code)  # type: ignore[union-attr]
    unit = Unit.objects.get(code="justice")
    for n in range(count):
        with clock.frozen(TODAY):
            row = Matter.objects.create(
                code=f"T-{n:03d}", kind=first.kind, pack_version_id=first.pack_version_id, title=f"事项{n}",
                source=first.source, unit=first.unit, phase="handling", state=first.state, area=first.area,
            )  # fmt: skip
            Assignment.objects.create(matter=row, unit=unit, role="lead")
            Step.objects.create(matter_id=row.pk, state=row.state, phase=row.phase, entered_at=clock.now())


def test_me_says_whose_token_it_is(rows, api_of) -> None:
    found = api_of("clerk", "matters:read").get("/me").json()
    assert (found["kind"], found["scopes"]) == ("person", ["matters:read"])
    assert any("matter.dispatch" in rights for rights in found["rights"].values())


def test_a_matter_and_its_words_in_both_languages(rows, api_of) -> None:
    line = api_of("clerk").get("/matters").json()["items"][0]
    assert line["id"] == str(rows["matter"]) and line["phase"] == "handling" and line["lead"] == "示市司法局"
    whole = api_of("clerk", language="zh-hans").get(f"/matters/{rows['matter']}").json()
    assert whole["text"] == "未公示。" and whole["words"]["lead"] != ""
    assert whole["words"]["state"] != line["words"]["state"]


def test_everybody_sees_what_the_pages_show(rows, api_of) -> None:
    for person, count in (("clerk", 1), ("justice", 1), ("east", 0), ("sysadmin", 0)):
        api = api_of(person)
        assert len(api.get("/matters").json()["items"]) == count, person
        assert api.get(f"/matters/{rows['matter']}").status_code == (200 if count else 404), person
        assert len(api.get("/assignments").json()["items"]) == count
        assert bool(api.get("/steps").json()["items"]) == bool(count)
    assert api_of("east").get(f"/letters/{rows['letter']}").status_code == 404
    assert api_of("sysadmin").get("/units").status_code == 403


def test_pages_follow_each_other_by_cursor(rows, api_of) -> None:
    more_matters(25)
    api, seen, cursor = api_of("clerk"), [], None
    for _page in range(9):
        page = api.get("/matters", limit=10, sort="-code", **({"cursor": cursor} if cursor else {})).json()
        seen += [row["code"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == sorted(seen, reverse=True) and len(seen) == len(set(seen)) == 26
    back = api.get("/matters", limit=10, sort="-code", cursor=page["previous"]).json()
    assert [row["code"] for row in back["items"]] == seen[10:20]


def test_who_read_to_the_end_goes_on_from_there_another_day(rows, api_of) -> None:
    more_matters(3)
    api, seen, resume = api_of("clerk"), [], None
    for _page in range(9):
        page = api.get("/steps", limit=2, **({"cursor": resume} if resume else {})).json()
        seen += [row["id"] for row in page["items"]]
        resume = page["resume"]
        if page["next"] is None:
            break
    assert len(seen) == len(set(seen)) == Step.objects.count() and resume
    nothing = api.get("/steps", cursor=resume).json()
    assert (nothing["items"], nothing["next"]) == ([], None)
    row = Matter.objects.get(code="T-000")
    new = Step.objects.create(matter_id=row.pk, state=row.state, phase=row.phase, entered_at=clock.now())
    later = api.get("/steps", cursor=nothing["resume"]).json()
    assert [one["id"] for one in later["items"]] == [str(new.pk)]


def test_closed_matters_are_read_as_the_page_reads_them(rows, api_of, monkeypatch) -> None:
    more_matters(4)
    for day in range(4):
        closed = {"phase": "closed", "state": "closed", "is_open": False, "outcome": "done"}
        Matter.objects.filter(code=f"T-{day:03d}").update(
            **closed, closed_at=clock.now() - timedelta(days=day)
        )
    asked, read = [], keyset.Source.first
    monkeypatch.setattr(
        keyset.Source,
        "first",
        lambda self, *given, **more: asked.append(self.parts) or read(self, *given, **more),
    )
    api = api_of("justice")
    page = api.get("/matters", show="closed", limit=2).json()
    assert [row["code"] for row in page["items"]] == ["T-000", "T-001"]  # the newest first
    assert asked and all(asked)  # from the parts, each by an index of its own
    page = api.get("/matters", show="closed", limit=2, cursor=page["next"]).json()
    assert [row["code"] for row in page["items"]] == ["T-002", "T-003"]
    assert api.get("/matters", cursor=page["previous"]).status_code == 422  # open ones have another order


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/matters", {"shwo": "all"}, "shwo"),
        ("/matters", {"show": "everything"}, "show"),
        ("/matters", {"sort": "secret"}, "sort"),
        ("/matters", {"limit": "0"}, "limit"),
        ("/matters", {"limit": "201"}, "limit"),
        ("/matters", {"cursor": "eyJ"}, "cursor"),
        ("/units", {"area": "x"}, "area"),
        ("/steps", {"since": "yesterday"}, "since"),
        ("/lists/problems", {"mark": "x"}, "mark"),
        ("/lists/problems", {"q": "a\x00"}, "q"),
    ],
)
def test_a_wrong_parameter_is_named(path, query, field, rows, api_of) -> None:
    answer = api_of("clerk").get(path, **query)
    assert answer.status_code == 422 and answer.headers["Content-Type"] == "application/problem+json"
    assert field in [row["field"] for row in answer.json()["errors"]]


def test_a_cursor_of_another_list_is_refused(rows, api_of) -> None:
    more_matters(3)
    api = api_of("clerk")
    cursor = api.get("/matters", limit=1).json()["next"]
    assert api.get("/matters", limit=1, cursor=cursor).status_code == 200
    assert api.get("/matters", limit=1, cursor=cursor, sort="-code").status_code == 422
    assert api.get("/assignments", limit=1, cursor=cursor).status_code == 422


def test_a_failure_is_logged_by_kind_and_place_without_what_it_quotes(
    rows, api_of, monkeypatch, caplog
) -> None:
    body = "欧阳试例 13955550123"

    def broken(*given: object, **more: object) -> None:
        raise ValueError(body)

    monkeypatch.setattr(import_module("shiyu.exchange.api.matters"), "visible_matter", broken)
    answer = api_of("clerk").get(f"/matters/{rows['matter']}/acts")
    detail = answer.json()["detail"]
    assert answer.status_code == 500 and "欧阳" not in detail
    assert "欧阳" not in caplog.text and "13955550123" not in caplog.text
    digest = detail.split("under ")[1].split(";")[0]
    assert digest in caplog.text and "builtins.ValueError" in caplog.text and "broken" in caplog.text


def test_problems_speak_the_language_asked_for(rows, api_of) -> None:
    missing = "/matters/00000000-0000-0000-0000-000000000000"
    zh, en = (api_of("clerk", language=one).get(missing).json() for one in ("zh-hans", "en"))
    assert zh["status"] == en["status"] == 404 and zh["title"] != en["title"]
    assert zh["type"] == en["type"] == "/help/api/#not-visible"


def test_units_and_areas(rows, api_of) -> None:
    api = api_of("clerk")
    found = api.get("/units", q="司法局").json()["items"]
    assert "justice" in [row["code"] for row in found]
    assert api.get(f"/units/{rows['unit']}").json()["code"] == "justice"
    area = Area.objects.filter(level="city").first() or Area.objects.first()
    assert area and api.get(f"/areas/{area.pk}").json()["name"] == area.name
    assert api.get("/areas", level=area.level).json()["items"]


def test_letters_and_their_recipients(rows, api_of) -> None:
    letter = api_of("justice").get(f"/letters/{rows['letter']}").json()
    assert letter["body"] == "请整改。" and [row["unit"]["name"] for row in letter["recipients"]] == [
        "示市司法局"
    ]
    assert str(rows["letter"]) in [row["id"] for row in api_of("justice").get("/letters").json()["items"]]


def test_a_reply_is_given_to_who_asked_and_to_its_own_unit_only(rows, api_of) -> None:
    with clock.frozen(TODAY):
        letter = issue_letter(
            actor("clerk"), kind="rectification", unit_id=Unit.objects.get(code="office").pk, title="函",
            body="请核实。", recipients=[actor(name).home_unit_id for name in ("justice", "east")],
        )  # fmt: skip
        reply_letter(actor("justice"), letter.pk, reply="已经核实两处")
    for person, read in (("clerk", True), ("justice", True), ("east", False)):
        lines = api_of(person).get(f"/letters/{letter.pk}").json()["recipients"]
        line = next(line for line in lines if line["unit"]["name"] == "示市司法局")
        assert line["reply"] == ("已经核实两处" if read else ""), person
        assert line["replied_at"], person


@pytest.mark.parametrize("tab", ["responsibility", "problems", "progress"])
def test_the_three_lists_are_those_of_the_page(tab, rows, api_of) -> None:
    api = api_of("clerk")
    whole = api.get(f"/lists/{tab}").json()
    assert whole["items"] and whole["as_of"] == TODAY.date().isoformat()
    first = api.get(f"/lists/{tab}", limit=1).json()
    assert first["items"] == whole["items"][:1]
    if len(whole["items"]) > 1:
        second = api.get(f"/lists/{tab}", limit=1, cursor=first["next"]).json()
        assert second["items"] == whole["items"][1:2] and second["previous"]
    assert api.get(f"/lists/{tab}", period="2026-09").json()["is_locked"]
    assert api_of("sysadmin").get(f"/lists/{tab}").status_code == 404


def test_files_are_listed_and_downloaded_by_who_sees_the_matter(rows, api_of) -> None:
    path = f"/matters/{rows['matter']}/files"
    line = api_of("justice").get(path).json()["items"][0]
    content = api_of("justice").get(line["download"].removeprefix("/api/v1"))
    assert b"".join(content.streaming_content) and "attachment" in content.headers["Content-Disposition"]
    assert api_of("east").get(path).status_code == 404
    assert api_of("east").get(line["download"].removeprefix("/api/v1")).status_code == 404
    assert api_of("clerk").get(f"{path}/{rows['document']}").status_code == 404  # hangs on something else


CEILINGS = {
    "/matters": 10,
    "/assignments": 10,
    "/steps": 10,
    "/letters": 10,
    "/units": 10,
    "/areas": 10,
    "/lists/problems": 30,
}


@pytest.mark.parametrize("path", CEILINGS)
def test_a_list_costs_a_fixed_number_of_queries(path, rows, api_of) -> None:
    api, counts = api_of("clerk"), []
    for count in (5, 45):
        more_matters(count) if count == 5 else _rename_and_more(count)
        api.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert api.get(path).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] and counts[1] <= CEILINGS[path], counts


def _rename_and_more(count: int) -> None:
    for n, row in enumerate(Matter.objects.filter(code__startswith="T-")):
        Matter.objects.filter(pk=row.pk).update(code=f"S-{n:03d}")
    more_matters(count)


def test_the_actor_of_a_token_is_its_account(rows, api_of) -> None:
    assert api_of("justice").get("/me").json()["posts"] == list(actor("justice").post_titles)
