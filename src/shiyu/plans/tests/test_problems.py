"""A problem opened against a duty (LZ7): the matter runs its loop, the duty knows it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from shiyu.lib.errors import UserError
from shiyu.people.models import Unit, User
from shiyu.people.queries import actor_of
from shiyu.plans.actions.problems import open_problem
from shiyu.plans.models import Duty, DutyProblem, Edition
from shiyu.plans.queries.difference import difference
from shiyu.plans.queries.trace import blind_spots
from shiyu.plans.tests.conftest import City, duty
from shiyu.seeding import load_city


def test_without_a_kind_in_the_pack_no_problem_is_opened(city: City, issued: Edition) -> None:
    with pytest.raises(UserError):
        open_problem(
            city.actor("clerk"),
            duty(issued, "t1", city.units["police"]).pk,
            title="台账不全",
            text="…",
            source="x",
        )
    assert not DutyProblem.objects.exists()


@pytest.mark.django_db
def test_lz7_a_problem_is_opened_against_a_duty_of_the_real_pack(client) -> None:
    load_city(Path(settings.PACKS) / "luzhou", password="a long enough one")
    edition = Edition.objects.get(plan__code="resp", superseded_on=None)
    held = Duty.objects.filter(task__edition=edition, role="lead").select_related("unit").first()
    clerk = User.objects.get(username="clerk")
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("duty_problem", args=[held.pk])
    page = client.get(url)
    assert page.status_code == 200
    source = page.context["form"].fields["source"].choices[0][0]
    assert client.post(url, {"title": "", "text": "", "source": source}).status_code == 400
    form = {"title": "台账不全", "text": "三个点位没有台账", "source": source, "happened_on": "2026-10-10"}
    assert client.post(url, form).status_code == 302
    link = DutyProblem.objects.select_related("matter").get(duty=held)
    assert link.matter.about_id == held.pk
    assert link.matter.assignments.get(role="lead").unit == held.unit
    assert "台账不全" in client.get(reverse("task_detail", args=[held.task_id])).content.decode()
    assert actor_of(clerk).has("plan.edit")


@pytest.mark.django_db
def test_lz5_the_real_pack_added_sixteen_and_widened_thirty_two() -> None:
    load_city(Path(settings.PACKS) / "luzhou", password=None)
    old, new = Edition.objects.filter(plan__code="resp").order_by("number")
    counts = {kind: count for kind, _label, count in difference(old, new).counts()}
    assert (counts["added"], counts["widened"], counts["dropped"]) == (16, 32, 0)
    found = blind_spots(new)
    assert len(found.clauses) == 3 and found.tasks == []  # the pack leaves three clauses out on purpose
    assert new.tasks.filter(parent=None).count() == 81 and new.circumstances.count() == 6
    assert Unit.objects.filter(duties__task__edition=new).exists()
