"""Asking the units for opinions on a draft, taking their answers, deciding on each (LZ4). The record stays."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.documents.word import chinese_date
from shiyu.kernel.actor import Actor
from shiyu.kernel.documents import fill
from shiyu.letters.actions import issue_letter, settle_letter, unanswered
from shiyu.letters.models import Letter
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotVisible, UserError
from shiyu.lib.events import emit
from shiyu.packs.queries import current_pack
from shiyu.plans.access import need, visible_slips
from shiyu.plans.actions.tasks import editable_edition
from shiyu.plans.events import OpinionRoundOpened
from shiyu.plans.models import Duty, Edition, Opinion, OpinionRound, OpinionSlip, Task
from shiyu.plans.queries.adoptions import ADOPTED, imprint

Answer, Adoption, Via = Opinion.Answer, Opinion.Adoption, OpinionSlip.Via
ANSWER_FIELDS = (
    "answer", "wanted", "reason", "adoption", "adoption_reason", "decided_at", "decided_imprint", "kept_reason",
)  # fmt: skip


@dataclass(frozen=True)
class Given:
    """A unit's answer about one item: "none", or "change" with what is wanted and why."""

    answer: str
    wanted: str = ""
    reason: str = ""


@action("plans.open_round")
def open_round(
    actor: Actor, edition_id: UUID, reply_by: date, *, unit_ids: Iterable[UUID] | None = None
) -> OpinionRound:
    """Send a draft edition out: one slip a unit (or the chosen ones), one item for every task it has a duty in.

    The numbered letter goes out with it where the pack names one for this (`opinion.letter`).
    """
    need(actor, "run_opinions")
    edition = _editable(actor, edition_id)
    if reply_by < clock.today():
        raise UserError(_("The reply-by date lies in the past."), field="reply_by")
    if OpinionRound.objects.filter(edition=edition, closed_at=None).exists():
        raise Conflict(_("A round for this edition is open already. Close it first."))
    duties = Duty.objects.filter(task__edition=edition).select_related("task", "unit")
    if unit_ids is not None:
        duties = duties.filter(unit_id__in=list(unit_ids))
    rows = list(duties.order_by("unit__protocol_order", "task__position"))
    if not rows:
        raise UserError(_("No unit has a duty in this edition, so there is nobody to ask."))
    number = OpinionRound.objects.filter(edition=edition).count() + 1
    round_ = OpinionRound.objects.create(edition=edition, number=number, reply_by=reply_by)
    slips = {
        unit: OpinionSlip(round=round_, unit_id=unit) for unit in dict.fromkeys(row.unit_id for row in rows)
    }
    round_.letter = _letter(actor, round_, edition, Counter(row.unit_id for row in rows))
    if round_.letter:
        round_.save(update_fields=["letter"])
    OpinionSlip.objects.bulk_create(slips.values())
    Opinion.objects.bulk_create((_item(slips[row.unit_id], row) for row in rows), batch_size=2000)
    edition.state = Edition.State.CONSULTING
    edition.save(update_fields=["state"])
    record(
        round_,
        {"edition": edition.pk, "number": number, "units": len(slips), "items": len(rows), "by": reply_by},
    )
    emit(OpinionRoundOpened(round_id=round_.pk, unit_ids=tuple(slips), reply_by=reply_by))
    return round_


def _letter(actor: Actor, round_: OpinionRound, edition: Edition, items: Mapping[UUID, int]) -> Letter | None:
    """The letter that asks, worded by the pack's template where it has one; each unit reads its own number of items."""
    pack = current_pack()
    if pack.opinion is None or not pack.opinion.letter or actor.home_unit_id is None:
        return None
    kind = pack.letter[pack.opinion.letter]
    template = pack.template.get(kind.template or "")
    values = {
        "office": pack.pack.office.zh,
        "city": pack.pack.name.zh,
        "date": chinese_date(clock.today()),
        "year": edition.year,
        "number": round_.number,
        "signer": pack.pack.office.zh,
        "unit": _("all units asked"),
        "plan": edition.plan.title,
        "edition": "征求意见稿",
        "reply_by": chinese_date(round_.reply_by),
        "items": "若干",
    }
    title = fill(template.title, values) if template else f"{kind.label.zh}：{edition.plan.title}"
    texts = template.body if template else []
    body = "\n".join(fill(text, values) for text in texts)
    own = {
        unit: "\n".join(fill(text, {**values, "items": count}) for text in texts)
        for unit, count in items.items()
    }
    return issue_letter(
        actor,
        kind=pack.opinion.letter,
        unit_id=actor.home_unit_id,
        title=title,
        body=body or title,
        recipients=list(items),
        bodies=own,
        reply_by=round_.reply_by,
        subject=("plans.opinionround", round_.pk),
    )


def _editable(actor: Actor, edition_id: UUID) -> Edition:
    """Like `editable_edition`, for those who run rounds without editing plans."""
    if actor.has("plan.edit"):
        return editable_edition(actor, edition_id)
    edition = Edition.objects.select_for_update().filter(pk=edition_id).first()
    if edition is None:
        raise NotVisible(_("This edition does not exist."))
    if not edition.is_editable:
        raise Conflict(_("Opinions are asked for on a draft only."))
    return edition


def _item(slip: OpinionSlip, duty: Duty) -> Opinion:
    task = duty.task
    assert task is not None
    return Opinion(
        slip=slip,
        task=task,
        task_key=task.key,
        task_number=task.number,
        task_text=text_of(task),
        role=duty.role,
    )


def text_of(task: Task) -> str:
    """The words a unit is asked about: title, measures, target, deadline."""
    parts = (task.title, task.measures, task.target_text, task.deadline_text or (task.due_on or ""))
    return "\n".join(str(part) for part in parts if part)


@action("plans.answer_slip")
def answer_slip(
    actor: Actor,
    slip_id: UUID,
    answers: dict[UUID, Given],
    *,
    via: str = Via.BROWSER,
    rest_none: bool = False,
) -> OpinionSlip:
    """Take a unit's answers, by item; items not named stay as they are. The office enters paper with `via` "paper".

    With `rest_none` the unit has no opinion on all items that are not named and still open. A change needs what is wanted and the reason. Nothing is kept when one item is wrong.
    """
    slip = _open_slip(actor, slip_id, via)
    items = {item.pk: item for item in slip.opinions.select_for_update()}
    unknown = set(answers) - items.keys()
    if unknown:
        raise UserError(_("An item does not belong to this slip. Reload the page."))
    if rest_none:
        rest = [key for key, item in items.items() if key not in answers and item.answer == Answer.OPEN]
        answers = {**answers, **dict.fromkeys(rest, Given(Answer.NONE))}
    if not answers:
        raise UserError(_("Nothing is left to answer."))
    for key, given in answers.items():
        _fill(items[key], given)
    changed = [items[key] for key in answers]
    Opinion.objects.bulk_update(changed, ANSWER_FIELDS)
    _stamp(actor, slip, via, items.values())
    record(
        slip,
        {
            "items": len(answers),
            "changes": sum(g.answer == Answer.CHANGE for g in answers.values()),
            "via": via,
        },
    )
    return slip


def _fill(item: Opinion, given: Given) -> None:
    where = {"field": f"item_{item.pk}"}
    before = (item.answer, item.wanted, item.reason)
    if given.answer == Answer.NONE:
        if given.wanted.strip() not in ("", item.wanted) or given.reason.strip() not in ("", item.reason):
            raise UserError(
                _(
                    "Item %(n)s: a change is written here, but no opinion is chosen. Choose “Change wanted” or empty it."
                )
                % {"n": item.task_number},
                **where,
            )
        item.answer, item.wanted, item.reason = Answer.NONE, "", ""
    elif given.answer == Answer.CHANGE:
        if not given.wanted.strip():
            raise UserError(_("Item %(n)s: say what should be changed.") % {"n": item.task_number}, **where)
        if not given.reason.strip():
            raise UserError(
                _("Item %(n)s: give the reason for the change.") % {"n": item.task_number}, **where
            )
        item.answer, item.wanted, item.reason = Answer.CHANGE, given.wanted.strip(), given.reason.strip()
    else:
        raise UserError(
            _("Item %(n)s: choose no opinion or change wanted.") % {"n": item.task_number}, **where
        )
    if (item.answer, item.wanted, item.reason) != before:  # what was decided was about another answer
        item.adoption, item.adoption_reason, item.decided_at = Adoption.OPEN, "", None
        item.decided_imprint = item.kept_reason = ""


def _open_slip(actor: Actor, slip_id: UUID, via: str) -> OpinionSlip:
    """The slip, locked behind its round, so that no answer slips in while the round is being closed."""
    slip = visible_slips(actor).filter(pk=slip_id).first()
    if slip is None:
        raise NotVisible(_("This slip does not exist, or it is not for your unit."))
    if via == Via.PAPER:
        need(actor, "run_opinions")
    else:
        need(actor, "answer", slip.unit_id)
    round_ = OpinionRound.objects.select_for_update().get(pk=slip.round_id)
    if round_.closed_at:
        raise Conflict(_("The round is closed; nothing can be answered any more. Ring the office."))
    slip = OpinionSlip.objects.select_for_update().get(pk=slip_id)
    slip.round = round_
    return slip


def _stamp(actor: Actor, slip: OpinionSlip, via: str, items: Iterable[Opinion]) -> None:
    """The slip counts as answered when every item is; the letter that asked is answered with it."""
    slip.via, slip.answered_by_id = via, actor.user_id
    slip.answered_at = None if any(item.answer == Answer.OPEN for item in items) else clock.now()
    slip.save(update_fields=["via", "answered_by_id", "answered_at"])
    letter_id = slip.round.letter_id
    if slip.answered_at and letter_id and unanswered(letter_id, slip.unit_id).exists():
        settle_letter(actor, letter_id, slip.unit_id, _("Answered item by item in the opinion round."))


@action("plans.answer_no_opinion")
def answer_no_opinion(
    actor: Actor, slip_id: UUID, opinion_id: UUID | None = None, *, via: str = Via.BROWSER
) -> OpinionSlip:
    """ "No opinion" in one click: for one item, or for all that are still open."""
    slip = _open_slip(actor, slip_id, via)
    items = list(slip.opinions.select_for_update())
    chosen = [i for i in items if (i.pk == opinion_id if opinion_id else i.answer == Answer.OPEN)]
    if not chosen:
        raise UserError(_("Nothing is left to answer."))
    for item in chosen:
        _fill(item, Given(Answer.NONE))
    Opinion.objects.bulk_update(chosen, ANSWER_FIELDS)
    _stamp(actor, slip, via, items)
    record(slip, {"no_opinion": len(chosen), "via": via})
    return slip


@action("plans.decide_opinion")
def decide_opinion(actor: Actor, opinion_id: UUID, adoption: str, reason: str = "") -> Opinion:
    """Adopt, adopt partly or decline a change that was wanted. Partly and declined need the reason against.

    Refused once the round is closed: the units have been told by then. How the item stands now is remembered, so that
    an adopted change that nobody writes into the text is seen before the approval.
    """
    item = _wanted(actor, opinion_id)
    if item.slip.round.closed_at:
        raise Conflict(_("The round is closed; what was decided stands."))
    if adoption not in (Adoption.ADOPTED, Adoption.PARTLY, Adoption.DECLINED):
        raise UserError(_("Adopt it, adopt it partly or decline it."), field="adoption")
    if adoption != Adoption.ADOPTED and not reason.strip():
        raise UserError(_("Give the reason; the unit reads it in the summary."), field="reason")
    item.adoption, item.adoption_reason = adoption, reason.strip()
    item.decided_at, item.decided_by_id = clock.now(), actor.user_id
    item.decided_imprint = imprint(item.task) if item.task and adoption in ADOPTED else ""
    item.kept_reason = ""
    item.save()
    record(item, {"adoption": adoption, "task": item.task_number}, reason=reason)
    return item


def _wanted(actor: Actor, opinion_id: UUID) -> Opinion:
    """The opinion in which a change is wanted, locked after its edition and round (always in this order)."""
    need(actor, "run_opinions")
    found = Opinion.objects.filter(pk=opinion_id).values("slip__round_id", "slip__round__edition_id").first()
    if found is None:
        raise NotVisible(_("This opinion does not exist."))
    edition = Edition.objects.select_for_update().get(pk=found["slip__round__edition_id"])
    round_ = OpinionRound.objects.select_for_update().get(pk=found["slip__round_id"])
    rows = Opinion.objects.select_for_update(of=("self",)).select_related("slip", "task__parent")
    item = rows.get(pk=opinion_id)
    if item.answer != Answer.CHANGE:
        raise Conflict(_("Only a change that is wanted is decided on."))
    round_.edition, item.slip.round = edition, round_
    return item


@action("plans.keep_wording")
def keep_wording(actor: Actor, opinion_id: UUID, reason: str) -> Opinion:
    """Say why an adopted change needs no edit of its item ("the text says so already"). The summary shows it."""
    item = _wanted(actor, opinion_id)
    if item.slip.round.edition.state == Edition.State.ISSUED:
        raise Conflict(_("An issued edition never changes. Draft the next edition and change that one."))
    if item.adoption not in ADOPTED:
        raise Conflict(_("Only for an adopted change is it said why the text may stay."))
    if not reason.strip():
        raise UserError(
            _("Say where the text has it already, or why nothing needs to change."), field="reason"
        )
    item.kept_reason = reason.strip()
    item.save(update_fields=["kept_reason"])
    record(item, {"task": item.task_number, "kept": True}, reason=reason)
    return item


@action("plans.close_round")
def close_round(actor: Actor, round_id: UUID) -> OpinionRound:
    """End a round. What was not answered stays "not answered"; a wanted change must have been decided on.

    The edition is a plain draft again: nobody is asked any more.
    """
    need(actor, "run_opinions")
    edition_id = OpinionRound.objects.filter(pk=round_id).values_list("edition_id", flat=True).first()
    if edition_id is None:
        raise NotVisible(_("This round does not exist."))
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    round_ = OpinionRound.objects.select_for_update().get(pk=round_id)
    if round_.closed_at:
        raise Conflict(_("The round is closed already."))
    open_items = Opinion.objects.filter(
        slip__round=round_, answer=Answer.CHANGE, adoption=Adoption.OPEN
    ).count()
    if open_items:
        raise UserError(_("%(n)s wanted changes have not been decided on yet.") % {"n": open_items})
    silent = OpinionSlip.objects.filter(round=round_, answered_at=None).count()
    round_.closed_at = clock.now()
    round_.save(update_fields=["closed_at"])
    edition.state = Edition.State.DRAFT
    edition.save(update_fields=["state"])
    record(round_, {"closed_at": round_.closed_at, "not_answered": silent})
    return round_
