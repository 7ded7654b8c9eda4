"""The column beside a matter: what stands out, what is folded, what is written down for the reporter."""

import re

from django.urls import reverse

from shiyu.matters import actions
from shiyu.matters.models import Matter
from shiyu.matters.tests.city import City, bring_into_force, problem_kind
from shiyu.matters.tests.conftest import SignIn, text_of
from shiyu.matters.tests.test_actions import acknowledged, closed
from shiyu.matters.tests.test_parties import KEEP, reported


def column(page: str) -> tuple[str, str]:
    """What of the column is seen at once, and what is folded."""
    whole = page[page.index('id="next"') :].split("</section>")[0]
    seen, _fold, folded = whole.partition('<details class="folded"')
    return seen, folded


def buttons(part: str) -> set[str]:
    return set(re.findall(r'id="do-(\w+)"', part))


def test_one_button_stands_out_and_the_rest_is_folded_with_its_reasons(city: City, sign_in: SignIn) -> None:
    matter = acknowledged(city)
    address = reverse("matter_detail", args=[matter.pk])
    seen, folded = column(text_of(sign_in(city.water_liaison).get(address)))
    first = re.search(r'id="do-complete"><details class="do"><summary class="b p">', seen)
    assert first and seen.count('<summary class="b p">') == 1
    assert buttons(seen) == {"complete", "return", "note", "extend"}
    assert "更多操作" in folded and "由其他人或在其他环节办理" in folded
    seen, folded = column(text_of(sign_in(city.clerk).get(address)))
    assert 'summary class="b p"' not in seen and 'button class="b p">催办' not in seen  # others have it
    assert "正由市水务局、市公安局办理" in seen and "transfer" in buttons(folded)


def test_a_refused_form_that_was_folded_is_open(city: City, sign_in: SignIn) -> None:
    matter = acknowledged(city)
    client = sign_in(city.clerk)
    answer = client.post(reverse("matter_act", args=[matter.pk, "transfer"]), {"transfer-reason": "不归水务"})
    assert answer.status_code == 422
    shown = text_of(answer)
    assert '<details class="folded" id="more" open>' in shown and "不归水务" in shown
    assert '<details class="folded" id="more">' in text_of(
        client.get(reverse("matter_detail", args=[matter.pk]))
    )


def told_by_people(city: City) -> Matter:
    kind = problem_kind("verified")
    verbs = kind["verbs"] | {verb: {} for verb in ("rate", "not_solved", "answer")} | {"complete": {}}
    bring_into_force(reporter="optional", keep=KEEP, verbs=verbs)
    return reported(city)


def test_what_the_reporter_says_is_written_down_for_them(city: City, sign_in: SignIn) -> None:
    matter = told_by_people(city)
    for held, liaison in ((city.water, city.water_liaison), (city.police, city.police_liaison)):
        actions.acknowledge_assignment(liaison, matter.pk)
        actions.complete_assignment(
            liaison, matter.pk, result="已封堵", assignment_id=matter.assignments.get(unit=held).pk
        )
    actions.verify_matter(city.head, matter.pk)
    actions.close_matter(city.head, matter.pk)
    address = reverse("matter_detail", args=[matter.pk])
    client = sign_in(city.clerk)
    seen, folded = column(text_of(client.get(address)))
    said = folded[folded.index("代来件人登记") :]
    assert not {"rate", "not_solved"} & buttons(seen) and {"rate", "not_solved"} <= buttons(said)
    told = {"not_solved-reason": "来电说仍有污水", "not_solved-seen": ""}
    assert client.post(reverse("matter_act", args=[matter.pk, "not_solved"]), told).status_code == 302
    shown = text_of(client.get(address))
    assert (
        "代来件人登记" in shown[shown.index("经过") :]
    )  # the history tells whose word it is, and who wrote it
    seen, _folded = column(shown)
    assert re.search(r'id="do-reopen"><details class="do"><summary class="b p">', seen)


def test_a_unit_that_found_it_itself_speaks_for_itself(city: City, sign_in: SignIn) -> None:
    matter = closed(city)
    shown = text_of(sign_in(city.clerk).get(reverse("matter_detail", args=[matter.pk])))
    assert "代来件人登记" not in shown
