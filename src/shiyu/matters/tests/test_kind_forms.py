"""A kind's own fields: drawn from the pack, checked by name, kept under its version, shown and exported."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from shiyu.documents.models import Attachment
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.matters.models import Matter
from shiyu.matters.tests.city import MORNING, City, both, bring_into_force
from shiyu.matters.tests.conftest import SignIn, text_of

FORM: dict[str, Any] = {
    "aim": {"label": both("整改目标", "Aim"), "type": "long_text", "required": True},
    "people": {
        "label": both("涉及人数", "People"),
        "type": "number",
        "required": True,
        "help": both("<大约>也可以", "About"),
    },
    "seen_on": {"label": both("复核日期", "Seen again"), "type": "date"},
    "hurt": {"label": both("有无受伤", "Anybody hurt"), "type": "bool"},
    "found_by": {"label": both("发现方式", "Found by"), "type": "code", "list": "problem_source"},
    "drawing": {"label": both("平面图", "Drawing"), "type": "files", "required": True},
}
FILLED = {"people": "12", "seen_on": dt.date(2026, 11, 20), "hurt": False, "found_by": "visit"}


@pytest.fixture
def asking(city: City) -> City:
    with clock.frozen(MORNING + dt.timedelta(minutes=1)):
        bring_into_force(form=FORM)
    return city


def drawing(name: str = "平面图.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7 plan")


@pytest.fixture
def matter(asking: City, settings, tmp_path) -> Matter:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path
    return asking.problem(fields=FILLED, files={"drawing": [drawing()]})


def test_values_are_kept_under_the_pack_versions_keys(matter: Matter) -> None:
    matter.refresh_from_db()
    assert matter.fields == {"people": "12", "seen_on": "2026-11-20", "hurt": False, "found_by": "visit"}
    assert matter.goal == "按期封堵"  # aim fills the column of the problem list
    assert Attachment.objects.get(subject_id=matter.pk).label == "drawing"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"fields": {}}, "f_people", "涉及人数"),
        ({"fields": FILLED | {"people": "很多"}}, "f_people", "涉及人数"),
        ({"fields": FILLED | {"colour": "red"}}, "f_colour", "colour"),
        ({"fields": FILLED | {"found_by": "dream"}}, "f_found_by", "发现方式"),
        ({"goal": ""}, "goal", "整改目标"),
        ({"files": {}}, "f_drawing", "平面图"),
        ({"files": {"drawing": [drawing("病毒.exe")]}}, "f_drawing", "exe"),
    ],
)
def test_what_is_wrong_is_said_by_the_fields_name_and_nothing_is_kept(
    asking: City, changes: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(UserError) as refused:
        asking.problem(**({"fields": FILLED, "files": {"drawing": [drawing()]}} | changes))
    assert refused.value.field == field and words in str(refused.value)
    assert not Matter.objects.exists()


def test_the_page_draws_the_fields_takes_them_and_keeps_what_was_typed(asking: City, sign_in: SignIn) -> None:
    client, page = sign_in(asking.clerk), reverse("matter_new")
    shown = text_of(client.get(page))
    for name in ("goal", "f_people", "f_seen_on", "f_hurt", "f_found_by", "f_drawing"):
        assert f'name="{name}"' in shown
    assert 'name="measures"' not in shown  # this kind does not ask for it
    assert "&lt;大约&gt;也可以" in shown and "multipart/form-data" in shown
    assert shown.index("整改目标") < shown.index("涉及人数") < shown.index("整改时限")
    data = {
        "title": "井盖缺失",
        "source": "visit",
        "happened_on": "2026-11-01",
        "unit_id": str(asking.office.pk),
        "goal": "补齐",
        "f_people": "若干",
        "f_hurt": "no",
    }
    wrong = client.post(page, data | {"f_drawing": drawing()})
    assert wrong.status_code == 422 and 'value="若干"' in text_of(wrong) and "井盖缺失" in text_of(wrong)
    assert client.post(page, data | {"f_people": "3"}).status_code == 422  # the drawing is missing
    assert not Matter.objects.exists()
    assert client.post(page, data | {"f_people": "3", "f_drawing": drawing()}).status_code == 302
    assert Matter.objects.get().fields == {"people": "3", "hurt": False}


def test_detail_and_export_show_them_also_under_a_later_pack(
    matter: Matter, asking: City, sign_in: SignIn
) -> None:
    client = sign_in(asking.clerk)
    book = load_workbook(io.BytesIO(b"".join(client.get(reverse("matter_list") + "?export=xlsx"))))
    rows = [[str(cell.value) for cell in row] for row in book.worksheets[0].iter_rows()]
    head = next(row for row in rows if "涉及人数" in row)
    line = next(row for row in rows if matter.code in row)
    numbers = [cell.value for row in book.worksheets[0].iter_rows() for cell in row if cell.value == 12]
    assert numbers == [12], "a number, not a text: a sheet counts with it"
    assert line[head.index("涉及人数")] == "12" and line[head.index("发现方式")] == "督查发现"
    with clock.frozen(MORNING + dt.timedelta(minutes=2)):
        bring_into_force(form={"note": {"label": both("备注", "Note")}})
    shown = text_of(client.get(reverse("matter_detail", args=[matter.pk])))
    for words in ("涉及人数</b> 12", "有无受伤</b> 否", "发现方式</b> 督查发现", "平面图 · "):
        assert words in shown


def test_a_kind_without_sources_asks_for_none(city: City, sign_in: SignIn) -> None:
    with clock.frozen(MORNING + dt.timedelta(minutes=1)):
        bring_into_force(sources=None)
    client, page = sign_in(city.clerk), reverse("matter_new")
    assert 'name="source"' not in text_of(client.get(page))
    data = {"title": "井盖缺失", "happened_on": "2026-11-01", "unit_id": str(city.office.pk)}
    assert client.post(page, data).status_code == 302 and Matter.objects.get().source == ""
