"""Filing: a matter comes into being, and, where the office files it, goes out to the units in one go."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.documents.actions import Upload
from shiyu.kernel import workflow
from shiyu.kernel.actor import Actor
from shiyu.kernel.facts import NotAllowed as Refused
from shiyu.kernel.facts import Transition
from shiyu.kernel.fields import KIND_COLUMNS, Form, Stored
from shiyu.kernel.limits import end_of
from shiyu.kernel.personal import Personal
from shiyu.kernel.spec.matters import Kind
from shiyu.letters.actions import keep_files
from shiyu.letters.numbers import take_number
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.lib.events import emit
from shiyu.matters.access import SUBJECT, options_of
from shiyu.matters.actions.act import Deed, perform, refusal
from shiyu.matters.actions.grading import grade_by_table
from shiyu.matters.actions.parties import (
    Reporter,
    carry_reporters,
    check_reporters,
    keep_reporters,
    key_of,
    note_phone,
    wrong_in_texts,
)
from shiyu.matters.actions.sealing import OTHER_SIDE, other_side_of, seal_texts, take_out
from shiyu.matters.clocks import set_limit
from shiyu.matters.effects import Stage, open_first_stay
from shiyu.matters.events import MatterDispatched, MatterFiled
from shiyu.matters.kinds import calendar, has_two_sides, kind_named, source_choices, version_in_force
from shiyu.matters.models import Matter, MatterArea, MatterKey
from shiyu.packs.forms import PREFIX, check_files, checked_values
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.places.models import Area

DRILL = "演练"
"""The mark of an exercise in titles and numbers."""


@action("matters.file_matter")
def file_matter(
    actor: Actor,
    *,
    kind: str,
    title: str,
    text: str,
    unit_id: UUID,
    source: str = "",
    lead_unit_id: UUID | None = None,
    supporting_unit_ids: Sequence[UUID] = (),
    office_id: UUID | None = None,
    person: str = "",
    goal: str = "",
    measures: str = "",
    happened_on: date | None = None,
    due_at: date | datetime | None = None,
    about: tuple[str, UUID, str] | None = None,
    fields: Mapping[str, Any] | None = None,
    files: Mapping[str, Sequence[Upload]] | None = None,
    topic: str = "",
    area_id: UUID | None = None,
    further_area_ids: Sequence[UUID] = (),
    reporters: Sequence[Reporter] = (),
    other_side: Mapping[Personal, str] | None = None,
    carried_from: Matter | None = None,
    drill: bool = False,
) -> Matter:
    """Files a matter of a kind with the unit that takes it in (`unit_id`), with the next number of its series.

    Where the actor may accept and dispatch for that unit and a lead is named, it goes out at once; else the lead
    is kept as a proposal. `due_at` is the last day (整改时限); without it the kind's limit runs from now. `about`
    is (subject type, id, words). `fields` and `files` answer the kind's own form, by code; `goal` and `measures` its
    fields aim and measures. `topic` is of the kind's list; `area_id` is the lead place, `further_area_ids` others it
    lies in as well. A kind with a factor table is graded at once.
    `drill` files it as part of an exercise (surge): titled and numbered as one, outside every figure; refused where no
    exercise takes it in. `reporters` are who reports it, `other_side` whom a dispute is with; those of the matter `carried_from`
    are this one's too, with the same PINs.
    Raises UserError for what is wrong in the form, NotAllowed without the right.
    """
    rules, now = kind_named(kind), clock.now()
    drill = drill or (carried_from is not None and carried_from.drill)
    last_day = clock.local(due_at).date() if isinstance(due_at, datetime) else due_at
    others = tuple(supporting_unit_ids)
    deed = Deed(unit_id=unit_id, supporting_unit_ids=others, office_id=office_id, person=person, reason=text)
    check_filing(kind, source, happened_on, last_day, title, topic)
    check_reporters(rules, reporters, carried=carried_from is not None)
    transition = decided_filing(actor, rules, deed)
    asked = {code: f for code, f in rules.fields_with(None).items() if not (carried_from and f.personal)}
    stored = _answers(asked, {"aim": goal, "measures": measures}, fields or {}, files or {})
    words, sealed = _worded(rules, title, text, stored, drill)
    sealed |= _other_side(kind, other_side or {}, carried_from)
    matter = Matter(
        code=_take_code(kind, rules, drill),
        kind=kind,
        pack_version_id=version_in_force(),
        **words,
        drill=drill,
        source=source,
        goal=goal,
        measures=measures,
        fields=stored,
        topic=topic,
        area=_place(area_id) if area_id else None,
        unit=_unit(unit_id, "unit_id"),
        happened_on=happened_on,
        proposed_lead=_unit(lead_unit_id, "lead_unit_id") if lead_unit_id else None,
        **beginning_of(actor, unit_id, transition, now),
        **_about(about),
    )
    start_clocks(matter, rules, last_day)
    matter.save(force_insert=True)
    has_reporters = _keep_people(matter, carried_from, reporters, sealed)
    _place_and_grade(matter, further_area_ids)
    open_first_stay(Stage(matter, rules, actor, deed, now, calendar()))
    _keep_all(actor, matter, files or {})
    sent = _send_at_once(actor, rules, matter, deed, lead_unit_id)
    record(matter, _told(matter, with_reporters=has_reporters))
    _tell(actor, matter, sent)
    return matter


def wrong_in_other_side(kind: str, given: Mapping[Personal, str]) -> list[UserError]:
    """Why what was given of the other side (the parts that are not empty) cannot be kept, each naming its field."""
    if given and not has_two_sides(current_pack(), kind):
        return [UserError(_("This kind of matter has no other side."), field="other_name")]
    wrong = wrong_in_texts(given, "other_")
    if given and Personal.NAME not in given:
        wrong.append(UserError(_("Give the name of the other side as well."), field="other_name"))
    return wrong


def _other_side(kind: str, given: Mapping[Personal, str], carried_from: Matter | None) -> dict[str, str]:
    """Whom it is with, checked, by the codes under which it is sealed; of a matter split from another whom that one is
    with."""
    key = MatterKey.objects.filter(matter=carried_from).exclude(wrapped="").first() if carried_from else None
    if carried_from is not None and key is not None and has_two_sides(current_pack(), kind):
        given = other_side_of(carried_from, key)
    for error in wrong_in_other_side(kind, given):
        raise error
    return {OTHER_SIDE[part]: text for part, text in given.items()}


def _keep_people(
    matter: Matter, carried_from: Matter | None, reporters: Sequence[Reporter], sealed: Mapping[str, str]
) -> bool:
    """Who reports it and what of the account is personal, sealed; whether anybody does."""
    parties = carry_reporters(carried_from, matter) if carried_from else keep_reporters(matter, reporters)
    rows = seal_texts(matter, key_of(matter) if sealed else None, sealed)
    phone = OTHER_SIDE[Personal.PHONE]
    if phone in sealed:
        note_phone(matter, rows[phone].pk, sealed[phone])
    return bool(parties)


def _send_at_once(actor: Actor, rules: Kind, matter: Matter, deed: Deed, lead_unit_id: UUID | None) -> bool:
    """Sends it to the lead that was named, where the person may; whether it went out."""
    if lead_unit_id is None or not _may_send(actor, rules, matter.unit_id):
        return False
    _send(actor, matter, deed, lead_unit_id)
    return True


def _told(matter: Matter, *, with_reporters: bool) -> dict[str, Any]:
    """What the record says: of who reports it that somebody does, never who."""
    told = {"code": matter.code, "kind": matter.kind, "source": matter.source, "state": [None, matter.state]}
    return told | ({"reporters": "changed"} if with_reporters else {})


def _place_and_grade(matter: Matter, further_area_ids: Sequence[UUID]) -> None:
    """The other places it lies in, and the first grade by the kind's table, which counts them."""
    for area in dict.fromkeys(further_area_ids):
        if area != matter.area_id:
            MatterArea.objects.create(matter=matter, area=_place(area))
    if grade_by_table(matter):
        matter.save(update_fields=["grade"])


def _keep_all(actor: Actor, matter: Matter, files: Mapping[str, Sequence[Upload]]) -> None:
    for code, uploads in files.items():
        keep_files(actor, (SUBJECT, matter.pk), uploads, field=PREFIX + code, label=code)


def beginning_of(actor: Actor, unit_id: UUID, transition: Transition, now: datetime) -> dict[str, Any]:
    """Who files it, when, and the state it begins in, as its columns."""
    return {
        "filed_unit_id": _acting_unit(actor, unit_id),
        "filed_by_id": actor.user_id,
        "phase": transition.to_phase.value,
        "state": transition.to_state,
        "received_at": now,
        "step_entered_at": now,
    }


def _about(about: tuple[str, UUID, str] | None) -> dict[str, Any]:
    """What the matter is about, as its columns."""
    return {"about_type": about[0], "about_id": about[1], "about_label": about[2][:200]} if about else {}


def _answers(
    form: Form, columns: Mapping[str, str], fields: Mapping[str, Any], files: Mapping[str, Sequence[Upload]]
) -> dict[str, Stored]:
    """The kind's own fields as they are kept. Those that fill a column are checked with the rest, and kept there."""
    own = {code: text for code, text in columns.items() if code in form}
    stored = checked_values(form, {**fields, **own}, current_pack(), names=KIND_COLUMNS)
    check_files(form, files)
    return {code: value for code, value in stored.items() if code not in KIND_COLUMNS}


def decided_filing(actor: Actor, rules: Kind, deed: Deed) -> Transition:
    """The kernel's answer to filing it with the deed's unit. Raises NotAllowed or UserError."""
    try:
        return workflow.decide(rules, None, actor, "file", deed.given({}), clock.now(), calendar())
    except Refused as refused:
        raise refusal(refused) from None


def start_clocks(matter: Matter, rules: Kind, last_day: date | None) -> None:
    """The limit set by a person, else the kind's, from receipt; and the first step's."""
    days, now = calendar(), matter.received_at
    set_limit(matter, days.until(now, end_of(last_day)) if last_day else days.due(now, rules.limit))
    matter.due_is_set = last_day is not None
    limit = rules.states[matter.state].limit
    matter.step_due_at = days.add(now, limit) if limit else None


def check_filing(
    kind: str, source: str, happened_on: date | None, due: date | None, title: str, topic: str
) -> None:
    """Raises the first error of `wrong_in_filing`."""
    for error in wrong_in_filing(kind, source, happened_on, due, title, topic):
        raise error


def wrong_in_filing(
    kind: str, source: str, happened_on: date | None, due: date | None, title: str, topic: str
) -> list[UserError]:
    """All that a matter cannot be filed with, each error naming its field. A kind with a list of topics asks for one
    of them; another kind for none."""
    rules, choices, today = kind_named(kind), dict(source_choices(kind)), clock.today()
    known = current_pack().codes[rules.topics].values if rules.topics else {}
    checks = (
        (topic in known or not (topic or known), _("Choose what the matter is about."), "topic"),
        (title.strip(), _("Give the matter a title."), "title"),
        (not choices or source in choices, _("Choose where the matter comes from."), "source"),
        (
            happened_on is None or happened_on <= today,
            _("This day cannot lie in the future."),
            "happened_on",
        ),
        (due is None or due >= today, _("The time limit cannot lie in the past."), "due_at"),
    )
    return [UserError(words, field=field) for is_right, words, field in checks if not is_right]


def _place(area_id: UUID) -> Area:
    area = Area.objects.in_force().filter(pk=area_id).first()
    if area is None:
        raise UserError(_("This place does not exist (any more)."), field="area_id")
    return area


def _unit(unit_id: UUID, field: str) -> Unit:
    unit = Unit.objects.in_force().filter(pk=unit_id).first()
    if unit is None:
        raise UserError(_("This unit does not exist (any more)."), field=field)
    return unit


def _take_code(kind: str, rules: Kind, drill: bool) -> str:
    """The next number of its kind; exercises have a series of their own, so that they leave no gap in the real one."""
    if drill:
        return f"{DRILL}{take_number(f'drill:{kind}', rules.number, clock.today())[1]}"
    return take_number(f"matter:{kind}", rules.number, clock.today())[1]


def _worded(
    rules: Kind, title: str, text: str, stored: dict[str, Any], drill: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """Title and account as everybody may read them, and what is sealed. The title of an exercise says so in each kind, also
    where its own words are sealed."""
    words = {"title": title.strip(), "text": text}
    sealed = take_out(rules, words, stored)
    return words | {"title": _titled(words["title"], drill)}, sealed


def _titled(title: str, drill: bool) -> str:
    """An exercise says so in its title, so that every list, notice, letter and search shows it."""
    mark = f"【{DRILL}】"
    given = title.strip()
    return f"{mark}{given.removeprefix(mark)}"[:120] if drill else given


def _acting_unit(actor: Actor, unit_id: UUID) -> UUID | None:
    """The unit that reports it: the actor's own, the one that takes it in where it is among them."""
    filing = actor.units_with("matter.file")
    if unit_id in filing:
        return unit_id
    if actor.home_unit_id in filing:
        return actor.home_unit_id
    return min(filing, default=None)


def _may_send(actor: Actor, rules: Kind, unit_id: UUID) -> bool:
    return actor.has("matter.dispatch", unit_id) and rules.rule("dispatch") is not None


def _send(actor: Actor, matter: Matter, deed: Deed, lead_unit_id: UUID) -> None:
    """Accept (where the kind has it) and dispatch, each with its own step."""
    if "accept" in _verbs(matter, actor):
        perform(actor, matter, "accept", Deed())
        matter.save()
    sending = Deed(
        unit_id=lead_unit_id,
        supporting_unit_ids=deed.supporting_unit_ids,
        office_id=deed.office_id,
        person=deed.person,
    )
    perform(actor, matter, "dispatch", sending)
    matter.version += 1
    matter.save()


def _verbs(matter: Matter, actor: Actor) -> set[str]:
    return {option.verb for option in options_of(matter, actor) if option.allowed}


def _tell(actor: Actor, matter: Matter, sent: bool) -> None:
    told = {
        "matter_id": matter.pk,
        "code": matter.code,
        "kind": matter.kind,
        "title": matter.title,
        "by_id": actor.user_id,
        "by_name": actor.name,
        "due_at": matter.step_due_at or matter.due_at,
        "about_type": matter.about_type,
        "about_id": matter.about_id,
    }
    emit(MatterFiled(**told, unit_ids=(matter.unit_id,)))  # type: ignore[arg-type]
    if sent:
        units = tuple(matter.assignments.filter(active=True).values_list("unit_id", flat=True))
        emit(MatterDispatched(**told, unit_ids=units))  # type: ignore[arg-type]
