"""Who reported a matter, masked; and what a reporter sees of it on the public page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shiyu.kernel.facts import Option
from shiyu.kernel.personal import LABELS, RELATIONS, Personal, masked
from shiyu.kernel.spec.matters import Kind
from shiyu.matters.access import options_of, reporter_actor
from shiyu.matters.actions.parties import phone_trace
from shiyu.matters.actions.sealing import OTHER_SIDE, sealed_labels
from shiyu.matters.kinds import happened_label, kind_label, kind_of, language, outcome_label, state_label
from shiyu.matters.models import (
    Assignment,
    Destruction,
    Matter,
    MatterKey,
    MatterLink,
    Party,
    PartyOpening,
    SealedText,
    Step,
)
from shiyu.matters.queries.leading import GradeShown, grade_of
from shiyu.matters.queries.limits import ToldLimit, certain_limits
from shiyu.matters.queries.stages import StageLine, extension_words, stages_of

Words = str | Promise


@dataclass(frozen=True)
class ReporterLine:
    """One reporter as everybody sees them who sees the matter: masked. `gone` once the key was destroyed."""

    party: Party
    anonymous: bool
    gone: bool
    parts: list[tuple[str, str]]

    @property
    def words(self) -> str:
        """All in one line."""
        return " ".join([*([self.relation] if self.relation else []), *(text for _label, text in self.parts)])

    @property
    def relation(self) -> str:
        """How somebody who acts for a reporter stands to them; empty for a reporter."""
        found = RELATIONS.get(self.party.relation)
        return found.text(language()) if found else ""


def reporters_of(matter: Matter) -> list[ReporterLine]:
    """A matter's reporters, masked, in the order they came. One query."""
    parties = list(Party.objects.filter(matter=matter).select_related("matter__data_key"))
    return [_line(party, _living(party)) for party in parties]


def _living(party: Party) -> MatterKey | None:
    """The key that opens what a party (read with its matter's key) gave; None once it was destroyed."""
    key = getattr(party.matter, "data_key", None)
    return key if key is not None and key.wrapped else None


def sealed_in(matter: Matter, *, for_reporter: bool = False) -> list[str]:
    """What of the matter itself is sealed, in words; never the texts. Asked only of kinds that seal something. `for_reporter`
    leaves the other side out: it is not theirs."""
    labels = sealed_labels(matter)
    if not labels:
        return []
    codes = set(SealedText.objects.filter(matter=matter).values_list("code", flat=True))
    if for_reporter:
        codes -= set(OTHER_SIDE.values())
    return [label for code, label in labels.items() if code in codes]


def openings_of(matter: Matter) -> list[PartyOpening]:
    """Who read the whole of it, the newest first, at most 20."""
    return list(PartyOpening.objects.filter(matter=matter).order_by("-at")[:20])


def held_about(party: Party) -> ReporterLine:
    """What is held about a reporter, masked: their own answer to "what do you hold about me"."""
    return _line(party, MatterKey.objects.filter(matter=party.matter_id).exclude(wrapped="").first())


def _line(party: Party, key: MatterKey | None) -> ReporterLine:
    if key is None:
        return ReporterLine(party, party.anonymous, gone=True, parts=[])
    parts = []
    for part in Personal:
        text = key.open(party, part)
        if text is not None:
            parts.append((LABELS[part].text(language()), masked(part, text)))
    return ReporterLine(party, party.anonymous, gone=False, parts=parts)


PLAIN: dict[str, Words] = {
    "filed": _("We have your report. It is being looked at whether and by whom it can be handled."),
    "accepted": _("Your report was accepted. It is being sent to the unit that will handle it."),
    "handling": _("A unit is handling it now."),
    "verifying": _("The unit says it is done. Somebody else is checking that."),
    "held": _("It cannot be solved soon. It stays on the books and is looked at again."),
    "closed": _("It is closed."),
    "refused": _("It was not accepted. The reason and what you may still do stand below."),
}
"""A matter's phase in plain words, for whoever reported it."""

DEEDS = ("answer", "confirm", "rate", "not_solved", "ask_review", "withdraw")
"""What a reporter may do by code and PIN, in the order shown."""


@dataclass(frozen=True)
class Said:
    """One thing said: a question of the office, or what the reporter answered."""

    at: datetime
    asked: bool
    text: str


@dataclass(frozen=True)
class Progress:
    """All that a reporter sees of their matter; of a merged one the other matter's progress (`shown`)."""

    matter: Matter
    shown: Matter
    kind: str
    rules: Kind
    state: Words
    unit: str
    outcome: str
    answer: str
    refusal: str
    remedy: str
    said: list[Said]
    reviews: list[Matter]
    is_graded: bool
    options: list[Option]
    stages: list[StageLine]
    extension: str

    @property
    def subject(self) -> str:
        """What was reported, in a line; where the whole account is sealed, nothing: the kind alone is shown."""
        return "" if self.rules.personal else self.matter.title

    @property
    def happened_label(self) -> str:
        """What the kind calls the day on which it happened."""
        return happened_label(self.rules)

    @property
    def limits(self) -> list[ToldLimit]:
        """By when the office answers what."""
        return certain_limits(self.shown)

    @property
    def is_merged(self) -> bool:
        """Whether the matter goes on in another one."""
        return self.shown.pk != self.matter.pk

    @property
    def is_asked(self) -> bool:
        """Whether the last word is a question."""
        return bool(self.said) and self.said[-1].asked


def progress_of(party: Party) -> Progress:
    """What the public page shows to this reporter. Reads that one matter, and the one it was merged into."""
    matter = Matter.objects.select_related("unit", "area").get(pk=party.matter_id)
    shown = _goes_on_in(matter)
    lead = shown.assignments.filter(role=Assignment.Role.LEAD).exclude(ended__in=("returned", "transferred"))
    lead_row = lead.select_related("unit").order_by("-asked_at").first()
    ended = not shown.is_open
    answer = (lead_row.result if lead_row else "") or shown.progress if ended else ""
    refused = Step.objects.filter(matter_id=shown.pk, verb="refuse").order_by("-left_at").first()
    history = list(Step.objects.filter(matter_id=matter.pk).order_by("entered_at", "id"))
    reviews = Matter.objects.filter(links_in__first=matter, links_in__sort=MatterLink.Sort.REVIEW)
    return Progress(
        matter=matter,
        shown=shown,
        kind=kind_label(matter.kind),
        rules=kind_of(matter),
        state=PLAIN[shown.phase],
        unit=(lead_row.unit if lead_row else shown.unit).name,
        outcome=outcome_label(shown.outcome) if ended and shown.phase == "closed" else "",
        answer=answer if shown.phase == "closed" else "",
        refusal=refused.note if refused and shown.phase == "refused" else "",
        remedy=shown.remedy if ended else "",
        said=_said(matter),
        reviews=list(reviews.order_by("received_at")),
        is_graded=bool(shown.grade),
        options=_options(party, matter, shown),
        stages=stages_of(matter, kind_of(matter), history),
        extension=extension_words(matter, history),
    )


def grade_for(party: Party) -> GradeShown | None:
    """The grade of the party's matter and its reasons: whoever is party to a matter may ask for them (PIPL art. 24)."""
    shown = _goes_on_in(Matter.objects.get(pk=party.matter_id))
    return grade_of(shown, kind_of(shown))


def _goes_on_in(matter: Matter) -> Matter:
    """The end of the chain of merges that begins with the matter; itself where it was not merged."""
    seen = {matter.pk}
    while True:
        link = (
            MatterLink.objects.filter(second=matter, sort=MatterLink.Sort.MERGED)
            .select_related("first__unit")
            .order_by("-at")
            .first()
        )
        # A merge that was undone by reopening leads nowhere any more.
        if link is None or matter.outcome != "merged" or link.first_id in seen:
            return matter
        matter = link.first
        seen.add(matter.pk)


def _said(matter: Matter) -> list[Said]:
    rows = Step.objects.filter(matter_id=matter.pk, verb__in=("ask_reporter", "answer"))
    return [
        Said(row.left_at or row.entered_at, row.verb == "ask_reporter", row.note)
        for row in rows.order_by("left_at", "id")
    ]


def _options(party: Party, matter: Matter, shown: Matter) -> list[Option]:
    """What the reporter may do now. A merged matter waits for the other one's end."""
    if shown.is_open and shown.pk != matter.pk:
        return []
    known = {option.verb: option for option in options_of(matter, reporter_actor(party)) if option.allowed}
    return [known[verb] for verb in DEEDS if verb in known and kind_of(matter).rule(verb)]


@dataclass(frozen=True)
class FoundLine:
    """A matter found by its reporter's number."""

    matter: Matter
    kind: str
    state: str
    reporters: str
    is_reporter: bool


def matter_lines(matters: list[Matter], phone: str) -> list[FoundLine]:
    """Matters found by a number, with their reporters masked, and whether the number is a reporter's: else it is of
    another party to it."""
    rows = Party.objects.filter(matter__in=matters, phone_trace=phone_trace(phone))
    reported = set(rows.values_list("matter_id", flat=True))
    return [
        FoundLine(
            row,
            kind_label(row.kind),
            state_label(row),
            "；".join(line.words for line in reporters_of(row)),
            row.pk in reported,
        )
        for row in matters
    ]


def destructions() -> list[tuple[Destruction, str]]:
    """The reports of destroyed keys, newest first, at most 500, each with its kind in words."""
    return [(row, kind_label(row.kind)) for row in Destruction.objects.order_by("-at")[:500]]
