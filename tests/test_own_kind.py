"""Somebody follows docs/packs.md from the top and adds a kind without a line of Python."""

import re
import shutil
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.matters.queries.ways import competence_for
from shiyu.packs.check import check_folder
from shiyu.people.models import Unit, User
from shiyu.places.models import Area
from shiyu.seeding import load_city
from tests.conftest import ROOT


@pytest.fixture
def mytown(tmp_path: Path) -> Path:
    """The walkthrough's pack, made of the blocks that stand in the page."""
    page = (ROOT / "docs" / "packs.md").read_text(encoding="utf-8")
    kind, competence = re.findall(r"```yaml\n(.*?)```", page.split("## A kind of one's own")[1], re.DOTALL)[
        :2
    ]
    folder = Path(shutil.copytree(ROOT / "packs" / "lijiang", tmp_path / "mytown"))
    rules = folder / "pack.yaml"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace("code: lijiang", "code: mytown"), encoding="utf-8"
    )
    (folder / "kinds" / "tree.yaml").write_text(kind, encoding="utf-8")
    table = folder / "competence.yaml"
    text = table.read_text(encoding="utf-8").replace("competence:\n", f"competence:\n{competence}", 1)
    table.write_text(text, encoding="utf-8")
    return folder


def test_the_walkthrough_passes_the_check_and_without_its_scenario_it_does_not(mytown: Path) -> None:
    assert check_folder(mytown) == []
    kind = mytown / "kinds" / "tree.yaml"
    kind.write_text(kind.read_text(encoding="utf-8").split("\nscenario:")[0] + "\n", encoding="utf-8")
    assert any("tree" in str(error) for error in check_folder(mytown))


def test_the_new_kind_is_chosen_filed_and_listed(mytown: Path, db: None, client: Client) -> None:
    load_city(mytown, password=None)
    centre = Unit.objects.get(code="gc02_centre")
    desk = User.objects.get(appointments__post__code="gc02_desk")
    client.force_login(desk, backend="django.contrib.auth.backends.ModelBackend")
    choice = client.get(reverse("matter_new")).content.decode()
    assert "树木隐患" in choice and "矛盾纠纷" in choice and "信访复核" not in choice
    form = reverse("matter_new") + "?kind=tree"
    given = {"title": "路口老柏树倾斜", "text": "根部外露", "source": "visit", "happened_on": "2026-01-05"}
    place = Area.objects.get(code="530702002901")
    given |= {"unit_id": str(centre.pk), "area_id": str(place.pk)}
    assert client.post(form, given).status_code == 422
    assert Matter.objects.count() == 0
    answer = client.post(form, given | {"f_height": "12"})
    assert answer.status_code == 302, answer.context["form"].errors
    matter = Matter.objects.get()
    assert (matter.kind, matter.code, matter.phase) == ("tree", f"树〔{clock.today().year}〕001号", "filed")
    found = competence_for(matter)
    assert found is not None and found.lead == Unit.objects.get(code="gc02_gov")
    page = client.get(reverse("matter_list")).content.decode()
    assert matter.code in page and "树木隐患" in page
