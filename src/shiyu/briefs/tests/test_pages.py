"""Making and looking at a pack over HTTP."""

import io
import re
import zipfile
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shiyu.briefs.models import MeetingPack
from shiyu.briefs.queries import meeting_pack_files
from shiyu.briefs.tests.conftest import CODE, Month, actor, at, unit
from shiyu.matters.models import Matter
from shiyu.meetings.actions import plan_meeting
from shiyu.periods.models import Figure, Period


def test_one_click_makes_it_and_the_page_shows_all_of_it(month: Month, settings: object) -> None:
    clerk = month.client("clerk")
    address = reverse("pack_detail", args=[month.period.pk])
    page = clerk.get(address).content.decode()
    assert reverse("pack_make", args=[month.period.pk]) in page
    answer = clerk.post(reverse("pack_make", args=[month.period.pk]), follow=True)
    page = answer.content.decode()
    pack = MeetingPack.objects.get()
    assert answer.redirect_chain == [(address, 302)]
    assert "通报" in page and "示市教育局" in page and "None" not in page
    assert f"{pack.characters} 字" in page or str(pack.characters) in page
    for path in meeting_pack_files(CODE):
        assert reverse("pack_file", args=[pack.pk, path]) in page
    archive = b"".join(clerk.get(reverse("pack_archive", args=[pack.pk])).streaming_content)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert set(opened.namelist()) == set(meeting_pack_files(CODE))


def test_the_contents_lead_to_parts_that_are_there_with_their_counts(month: Month) -> None:
    page = month.client("clerk").get(reverse("pack_detail", args=[month.period.pk])).content.decode()
    contents = page[page.index('<nav class="toc"') : page.index("</nav>", page.index('<nav class="toc"'))]
    targets = re.findall(r'href="#([^"]+)"', contents)
    assert len(targets) == 11 and {"circular", "decisions", "instructions", "files"} <= set(targets)
    assert all(f'id="{target}"' in page for target in targets)
    overdue = re.search(r'href="#overdue">[^<]+<span class="cnt">(\d+)', contents)
    shown = page[page.index('id="overdue"') :]
    rows = shown[shown.index("<tbody>") : shown.index("</tbody>")].count("<tr>")
    assert overdue and int(overdue.group(1)) == rows > 0


def test_single_files_and_unknown_ones(month: Month) -> None:
    clerk = month.client("clerk")
    clerk.post(reverse("pack_make", args=[month.period.pk]))
    pack = MeetingPack.objects.get()
    answer = clerk.get(reverse("pack_file", args=[pack.pk, "05各单位/2示市教育局.docx"]))
    assert answer.content == meeting_pack_files(CODE)["05各单位/2示市教育局.docx"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert clerk.get(reverse("pack_file", args=[pack.pk, "../settings.py"])).status_code == 404


@pytest.mark.parametrize(
    ("who", "view", "make"),
    [("leader", 200, 403), ("edu", 404, 404), ("auditor", 404, 404), ("head", 200, 302)],
)
def test_who_may_see_and_make_it(month: Month, who: str, view: int, make: int) -> None:
    month.client("clerk").post(reverse("pack_make", args=[month.period.pk]))
    pack = MeetingPack.objects.get()
    client = month.client(who)
    addresses = [
        reverse("pack_detail", args=[month.period.pk]),
        reverse("pack_archive", args=[pack.pk]),
        reverse("pack_file", args=[pack.pk, "01通报.docx"]),
    ]
    assert [client.get(address).status_code for address in addresses] == [view] * 3
    assert client.post(reverse("pack_make", args=[month.period.pk])).status_code == make


def test_an_open_month_says_what_to_do(open_september: tuple[Matter, Matter]) -> None:
    period = Period.objects.get(code=CODE)
    month = Month(*open_september, None)  # type: ignore[arg-type]
    page = month.client("clerk").get(reverse("pack_detail", args=[period.pk]))
    assert page.status_code == 200 and reverse("pack_make", args=[period.pk]) not in page.content.decode()
    answer = month.client("clerk").post(reverse("pack_make", args=[period.pk]), follow=True)
    assert "锁定" in answer.content.decode() and not MeetingPack.objects.exists()


def test_the_page_takes_few_queries_and_every_number_opens_its_rows(month: Month) -> None:
    clerk = month.client("clerk")
    clerk.post(reverse("pack_make", args=[month.period.pk]))
    with CaptureQueriesContext(connection) as queries:
        page = clerk.get(reverse("pack_detail", args=[month.period.pk])).content.decode()
    assert len(queries) <= 25
    shown = Figure.objects.filter(revision=month.revision, measure="tasks_total")
    for figure in shown.filter(unit__code__in=["justice", "education", "east"]):
        assert reverse("figure_rows", args=[figure.pk]) in page


def test_the_months_page_leads_to_its_pack(month: Month) -> None:
    page = month.client("head").get(reverse("period_detail", args=[month.period.pk])).content.decode()
    assert reverse("pack_detail", args=[month.period.pk]) in page


def test_the_meeting_that_hears_the_month_leads_to_its_pack(month: Month) -> None:
    with at(10, 9):
        given = {
            "kind": "monthly",
            "title": "9月例会",
            "unit_id": unit("office").pk,
            "held_on": date(2026, 10, 12),
        }
        meeting = plan_meeting(actor("clerk"), period_id=month.period.pk, **given)
    page = month.client("clerk").get(reverse("meeting_detail", args=[meeting.pk])).content.decode()
    assert reverse("pack_detail", args=[month.period.pk]) in page
