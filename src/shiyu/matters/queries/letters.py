"""The letters that go with a matter's deeds: which are due, and how they are drafted."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shiyu.kernel.actor import Actor
from shiyu.kernel.documents import fill
from shiyu.kernel.limits import local_day
from shiyu.kernel.spec.pack import Pack
from shiyu.letters.models import LIVE, Letter
from shiyu.lib import clock
from shiyu.matters.kinds import calendar, kind_of, language, verb_label
from shiyu.matters.models import Matter, Step
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.people.queries import chain_above

DOCUMENT = "matter_letter"


@dataclass(frozen=True)
class LetterDue:
    """A letter that goes with a deed and has not been issued yet."""

    kind: str
    label: str
    verb: str
    step_id: UUID


def letters_due(actor: Actor, matter: Matter, deeds: Iterable[Step] | None = None) -> list[LetterDue]:
    """The letters the pack ties to deeds done to the matter, each for its newest deed, that nobody has issued; for who
    issues letters for the unit that dispatches it. Two queries, or one where its deeds (in order) are at hand."""
    rules = {code: rule.letter for code, rule in kind_of(matter).verbs.items() if rule.on and rule.letter}
    if not rules or not actor.has("letter.issue", matter.unit_id):
        return []
    kinds, newest = current_pack().letter, {}
    if deeds is None:
        deeds = Step.objects.filter(matter_id=matter.pk, verb__in=rules).order_by("left_at", "id")
    for step in deeds:
        if step.verb in rules:
            newest[rules[step.verb]] = step
    if not newest:
        return []
    written = Letter.objects.filter(occasion_id__in=[step.pk for step in newest.values()])
    issued = set(written.filter(state__in=LIVE).values_list("occasion_id", flat=True))
    return [
        LetterDue(code, kinds[code].label.text(language()), verb_label(step.verb, kind_of(matter)), step.pk)
        for code, step in newest.items()
        if code in kinds and step.pk not in issued
    ]


def writing_unit(actor: Actor, matter: Matter) -> UUID | None:
    """The first of `writing_units`, asked without those above where the unit that dispatches it is one; None without."""
    if actor.has("letter.issue", matter.unit_id):
        return matter.unit_id
    return next(iter(writing_units(actor, matter)), None)


def writing_units(actor: Actor, matter: Matter) -> list[UUID]:
    """The units for which a person writes letters about the matter (`access.may_write_about`), the one that dispatches it
    first."""
    if "letter.issue" not in actor.rights:
        return []
    chain = (matter.unit_id, *chain_above(matter.unit_id))
    return [unit for unit in chain if actor.has("letter.issue", unit)]


def letter_kinds_for(actor: Actor, matter: Matter) -> list[tuple[str, str]]:
    """The kinds of letters the person may write about the matter, by hand: those with a wording for matters."""
    if writing_unit(actor, matter) is None:
        return []
    pack = current_pack()
    return [
        (code, kind.label.text(language()))
        for code, kind in pack.letter.items()
        if kind.template in pack.template and pack.template[kind.template].document == DOCUMENT
    ]


def deed_of(matter: Matter, step_id: UUID | None) -> Step | None:
    """The deed in the matter's history; None for what is not in it."""
    return Step.objects.filter(matter_id=matter.pk, pk=step_id).exclude(verb="").first() if step_id else None


def drafted(
    matter: Matter, kind: str, step: Step | None, unit_id: UUID, words_decided: str = ""
) -> dict[str, Any]:
    """The letter as the pack's template words it for this matter and deed: what `LetterForm` begins with.

    It goes to the units that hold the matter, where none does to the one that reported it. The number is given when
    the letter is issued, so {{number}} stays empty. What the reporter gave (name, telephone, address) is never in it;
    of a kind whose account is personal neither is the account. `words_decided` are what a meeting decided the letter
    to say: after the account, or where the template has the deed's reason.
    """
    pack, now = current_pack(), clock.now()
    rules = pack.letter[kind]
    units = list(Unit.objects.filter(assignments__matter=matter, assignments__active=True).by_protocol())
    if not units and matter.filed_unit_id:
        units = [Unit.objects.get(pk=matter.filed_unit_id)]
    due = matter.step_due_at or matter.due_at
    reply_by = local_day(calendar().add(now, rules.reply)) if rules.reply else None
    last_day = reply_by or (local_day(due) if due else None)
    account = (matter.text if not kind_of(matter).personal else "") or matter.title
    template = pack.template.get(rules.template or "")
    if words_decided and not (template and any("{{reason}}" in line for line in template.body)):
        account = f"{account}\n{words_decided}"
    words = {
        "unit": "、".join(unit.name for unit in units),
        "matter": matter.title,
        "matter_number": matter.code,
        "text": account,
        "reason": words_decided or (step.note if step else ""),
        "reply_by": f"{last_day.year}年{last_day.month}月{last_day.day}日" if last_day else "",
    }
    title, body = _worded(pack, kind, words)
    return {
        "kind": kind,
        "unit_id": str(unit_id),
        "recipients": [str(unit.pk) for unit in units],
        "reply_by": reply_by,
        "title": title,
        "body": body,
    }


def _worded(pack: Pack, kind: str, words: dict[str, str]) -> tuple[str, str]:
    """Title and text by the template; without one for matters, the kind's name and what it is about."""
    rules, today = pack.letter[kind], clock.today()
    template = pack.template.get(rules.template or "")
    if template is None or template.document != DOCUMENT:
        return f"{rules.label.zh}：{words['matter']}"[:200], words["text"]
    office = pack.pack.office.zh
    everywhere = {
        "office": office,
        "city": pack.pack.name.zh,
        "date": today.isoformat(),
        "year": today.year,
        "number": "",
        "signer": office,
    }
    lines = [fill(text, {**everywhere, **words}).lstrip("# ") for text in template.body]
    return fill(template.title, {**everywhere, **words})[:200], "\n".join(lines)
