"""What was checked says so until it is closed; a notice that asks to take a matter in ends when the matter went on."""

from django.urls import reverse

from shiyu.kernel.actor import SYSTEM
from shiyu.matters import actions
from shiyu.matters.tests.city import City, both, bring_into_force, problem_kind
from shiyu.matters.tests.conftest import SignIn, text_of
from shiyu.matters.tests.test_actions import completed
from shiyu.matters.tests.test_notices import officer
from shiyu.notices.actions import mark_settled, notify
from shiyu.notices.models import Notice

WORDS = "核查通过，待结案"


def test_a_checked_matter_says_that_it_waits_to_be_closed(city: City, sign_in: SignIn) -> None:
    matter = completed(city)
    client, page = sign_in(city.clerk), reverse("matter_detail", args=[matter.pk])
    assert WORDS not in text_of(client.get(page)) and WORDS not in text_of(client.get(reverse("matter_list")))
    actions.verify_matter(city.other_clerk, matter.pk)
    assert text_of(client.get(page)).count(WORDS) >= 2  # badge and step
    assert WORDS in text_of(client.get(reverse("matter_list")))
    actions.close_matter(city.clerk, matter.pk)
    assert WORDS not in text_of(client.get(page))


def test_only_the_notices_of_that_kind_and_matter_are_settled(city: City) -> None:
    matter, other = city.problem(), city.problem()
    user = officer(city.office, "office_clerk").pk
    for kind, subject in (("matter_filed", matter), ("matter_filed", other), ("matter", matter)):
        notify([user], kind=kind, zh="待受理", en="To be accepted", subject_id=subject.pk)
    assert mark_settled("matter_filed", matter.pk) == 1
    left = Notice.objects.filter(user_id=user, read_at=None).values_list("kind", "subject_id")
    assert set(left) == {("matter_filed", other.pk), ("matter", matter.pk)}


def test_a_kind_calls_closing_what_its_pack_calls_it(city: City, sign_in: SignIn) -> None:
    verbs = problem_kind()["verbs"] | {"close": {"label": both("销号", "Strike off")}}
    bring_into_force(verbs=verbs)
    matter = completed(city)
    actions.verify_matter(city.other_clerk, matter.pk)
    shown = text_of(sign_in(city.clerk).get(reverse("matter_detail", args=[matter.pk])))
    assert "核查通过，待销号" in shown and WORDS not in shown and ">销号</" in shown
    actions.close_matter(city.clerk, matter.pk)
    shown = text_of(sign_in(city.clerk).get(reverse("matter_detail", args=[matter.pk])))
    history = shown.split('class="tb tl stack"')[1].split("</table>")[0]
    assert "销号" in history and "结案" not in history


def test_what_the_clock_did_is_said_in_words(city: City, sign_in: SignIn) -> None:
    matter = completed(city)
    actions.supervise_matter(SYSTEM, matter.pk, reason="逾期")
    shown = text_of(sign_in(city.clerk).get(reverse("matter_detail", args=[matter.pk])))
    assert "系统按时办理" in shown and "system" not in shown.split("<table")[-1].split("</table>")[0]
