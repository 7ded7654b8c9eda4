"""The letter that goes with a verb: drafted with the matter's data, addressed, issued, linked to the deed."""

from uuid import UUID

import pytest
from django.urls import reverse

from shiyu.kernel.actor import Actor
from shiyu.letters.actions import Bound, draft_letter
from shiyu.letters.models import Letter
from shiyu.lib.errors import NotAllowed, NotVisible
from shiyu.lib.ids import new_id
from shiyu.matters import actions
from shiyu.matters.access import SUBJECT
from shiyu.matters.models import Matter, Step
from shiyu.matters.tests.city import City
from shiyu.matters.tests.conftest import SignIn, text_of


def test_dispatching_stays_on_the_page_with_a_link_to_the_letter_and_the_deed_links_to_it(
    city: City, sign_in: SignIn
) -> None:
    matter = city.problem(lead_unit_id=None, supporting_unit_ids=[])
    actions.accept_matter(city.clerk, matter.pk)
    head, page = sign_in(city.head), reverse("matter_detail", args=[matter.pk])
    given = {"dispatch-unit_id": str(city.water.pk), "dispatch-supporting_unit_ids": [str(city.police.pk)]}
    answer = head.post(reverse("matter_act", args=[matter.pk, "dispatch"]), given)
    step = Step.objects.get(matter_id=matter.pk, verb="dispatch")
    draft = reverse("matter_letter", args=[matter.pk, "office_letter"]) + f"?step={step.pk}"
    assert answer.status_code == 302 and answer.headers["Location"] == page
    shown = text_of(head.get(page))
    assert "已办理：交办。" in shown and f'<a href="{draft}">起草函</a>' in shown
    shown = text_of(head.get(draft))
    assert matter.title in shown and matter.text in shown
    for unit in (city.water, city.police):
        assert f'value="{unit.pk}" selected' in shown
    assert f'value="{city.justice.pk}" selected' not in shown and 'value="2026-11-16"' in shown  # 10 workdays
    data = {
        "kind": "office_letter",
        "unit_id": str(city.office.pk),
        "title": "关于排污口整改的函",
        "body": "请按期整改。",
        "recipients": [str(city.water.pk)],
    }
    wrong = head.post(draft, data | {"title": ""})
    assert wrong.status_code == 422 and "请按期整改。" in text_of(wrong) and not Letter.objects.exists()
    assert head.post(draft, data).headers["Location"] == page
    letter = Letter.objects.get()
    assert (letter.subject_id, letter.occasion_id) == (matter.pk, step.pk)
    shown = text_of(head.get(page))
    assert (
        shown.count(reverse("letter_detail", args=[letter.pk])) == 2
    )  # beside the deed, and among the letters
    assert draft not in shown  # issued: not offered any more


def test_only_who_issues_letters_is_led_there_and_a_withdrawn_one_is_due_again(
    city: City, sign_in: SignIn
) -> None:
    matter = city.problem(lead_unit_id=None, supporting_unit_ids=[])
    actions.accept_matter(city.clerk, matter.pk)
    clerk, head = sign_in(city.clerk), sign_in(city.head)
    page = reverse("matter_detail", args=[matter.pk])
    assert "office_letter" not in text_of(head.get(page))  # nothing was done yet that it goes with
    answer = clerk.post(
        reverse("matter_act", args=[matter.pk, "dispatch"]), {"dispatch-unit_id": str(city.water.pk)}
    )
    assert answer.headers["Location"] == page
    draft = reverse("matter_letter", args=[matter.pk, "office_letter"])
    assert clerk.get(draft).status_code == 403 and draft not in text_of(clerk.get(page))
    assert draft in text_of(head.get(page))
    assert head.get(reverse("matter_letter", args=[matter.pk, "love_letter"])).status_code == 404
    assert sign_in(city.stranger).get(draft).status_code == 404
    step = Step.objects.get(matter_id=matter.pk, verb="dispatch")
    letter = Letter.objects.create(
        kind="office_letter", title="函", body="函", unit=city.office, occasion_id=step.pk, state="withdrawn"
    )
    assert draft in text_of(head.get(page))
    Letter.objects.filter(pk=letter.pk).update(state="issued")
    assert draft not in text_of(head.get(page))


def test_the_action_itself_refuses_letters_about_others_matters(city: City) -> None:
    """Whatever page or program calls it: who does not see the matter, and who writes for a unit beside it, bind nothing."""
    matter, other = city.problem(), city.problem()
    step = Step.objects.filter(matter_id=matter.pk).exclude(verb="").first()
    assert step is not None
    rights = frozenset({"letter.issue"})
    beside = Actor(new_id(), "水务办", {city.water.pk: rights | {"matter.handle"}})
    outside = Actor(city.stranger.user_id, "别处", dict.fromkeys(city.stranger.unit_ids, rights))
    words = {"kind": "office_letter", "title": "函", "body": "请办理。", "recipients": [city.police.pk]}

    def write(actor: Actor, unit_id: UUID, about: Matter = matter) -> Letter:
        bound = Bound((SUBJECT, about.pk), step.pk)
        return draft_letter(actor, bound, unit_id=unit_id, **words)

    with pytest.raises(NotVisible):
        write(outside, next(iter(outside.unit_ids)))
    with pytest.raises(NotAllowed):  # it leads the matter, and yet its letters are not the dispatching unit's
        write(beside, city.water.pk)
    with pytest.raises(NotAllowed):  # a deed of another matter
        write(city.head, city.office.pk, other)
    assert not Letter.objects.exists()
    assert write(city.head, city.office.pk).subject_id == matter.pk


def test_the_form_offers_only_units_that_may_write_about_it(city: City, sign_in: SignIn) -> None:
    """Who issues letters for a unit beside the matter as well does not choose it there, and loses nothing by a refusal."""
    matter = city.problem()
    both = frozenset({"letter.issue", "matter.view_all"})
    actor = Actor(city.head.user_id, "主任", {city.office.pk: both, city.justice.pk: both})
    page = reverse("matter_letter", args=[matter.pk, "office_letter"])
    shown = text_of(sign_in(actor).get(page)).split('name="unit_id"')[1].split("</select>")[0]
    assert str(city.office.pk) in shown and str(city.justice.pk) not in shown
    data = {"kind": "office_letter", "unit_id": str(city.justice.pk), "title": "函", "body": "请整改。"}
    refused = sign_in(actor).post(page, data | {"recipients": [str(city.water.pk)]})
    assert refused.status_code == 422 and "请整改。" in text_of(refused) and not Letter.objects.exists()
