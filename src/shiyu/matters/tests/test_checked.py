"""What was checked says so until it is closed; a notice that asks to take a matter in ends when the matter went on."""

from django.urls import reverse

from shiyu.matters import actions
from shiyu.matters.tests.city import City
from shiyu.matters.tests.conftest import SignIn, text_of
from shiyu.matters.tests.test_actions import completed
from shiyu.matters.tests.test_notices import officer
from shiyu.notices.actions import mark_settled, notify
from shiyu.notices.models import Notice

WORDS = "核查通过，待销号"


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
