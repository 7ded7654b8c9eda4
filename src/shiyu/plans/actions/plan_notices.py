"""Who is told about plans: an opinion round is open, an edition is issued (LATER handlers, see shiyu.wiring)."""

from typing import Any
from uuid import UUID

from django.urls import reverse

from shiyu.notices.actions import notify
from shiyu.people.queries import holders_of_right
from shiyu.plans.models import Duty, Edition, OpinionSlip

Payload = dict[str, Any]


def tell_round_opened(event: Payload) -> None:
    """Every unit asked: those who answer for it, with the way to its slip."""
    slips = OpinionSlip.objects.filter(round_id=event["round_id"]).select_related("round__edition__plan")
    for slip in slips:
        title = slip.round.edition.plan.title
        people = holders_of_right("opinion.answer", [slip.unit_id])
        notify(
            [person.pk for person in people],
            kind="opinion_asked",
            zh=f"《{title}》征求意见，{event['reply_by']} 前反馈",
            en=f"Your unit's opinion on “{title}” is asked for by {event['reply_by']}",
            url=reverse("opinion_slip", args=[slip.pk]),
            subject_id=UUID(event["round_id"]),
        )


def tell_edition_submitted(event: Payload) -> None:
    """Who registers the issue, except whoever sent it: the edition is out for approval, its package is there."""
    edition = Edition.objects.select_related("plan").get(pk=event["edition_id"])
    people = [one.pk for one in holders_of_right("plan.issue") if str(one.pk) != str(event["by"])]
    notify(
        people,
        kind="edition_submitted",
        zh=f"《{edition.plan.title}》第{edition.number}版已送审，待审定后登记印发",
        en=f"Edition {edition.number} of “{edition.plan.title}” is out for approval: register the issue once it is back",
        url=reverse("edition_detail", args=[edition.pk]),
        subject_id=edition.pk,
    )


def tell_edition_issued(event: Payload) -> None:
    """Every unit with a duty in the edition, through a group too: what changed for it, or, at first, its duties."""
    edition = Edition.objects.select_related("plan").get(pk=event["edition_id"])
    duties = Duty.objects.filter(task__edition=edition)
    first = edition.number == 1
    name = "edition_detail" if first else "edition_difference"
    for unit_id in duties.values_list("unit_id", flat=True).distinct():
        people = holders_of_right("duty.assign", [unit_id])
        notify(
            [person.pk for person in people],
            kind="edition_issued",
            zh=f"《{edition.plan.title}》第{edition.number}版已印发，请查看本单位任务"
            + ("" if first else "变化"),
            en=f"Edition {edition.number} of “{edition.plan.title}” is issued: see "
            + ("your unit's duties" if first else "what changed for your unit"),
            url=f"{reverse(name, args=[edition.pk])}?unit={unit_id}",
            subject_id=edition.pk,
        )
