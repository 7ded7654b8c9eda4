"""`kind` and `scenario`: what a matter of one kind goes through, and walks that prove it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from shiyu.kernel.near import hint
from shiyu.kernel.spec.documents import NumberSeries, numbers_of
from shiyu.kernel.spec.routes import ClimbRule, FollowUpRule, Grading, ReviewRule, Sorting
from shiyu.kernel.verbs import VERBS, Need, Outcome, Phase, Relation
from shiyu.kernel.words import Code, Label, Limit, Strict, Wrong


def _known_verb(value: str) -> str:
    if value not in VERBS:
        zh, en = hint(value, VERBS)
        raise Wrong(f"没有操作 {value}{zh}", f"no such verb: {value}{en}")
    return value


VerbCode = Annotated[str, AfterValidator(_known_verb)]
"""One of the verbs in the code's catalogue."""


class FieldType(StrEnum):
    """What a form's field holds; a closed list."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    BOOL = "bool"
    CODE = "code"
    FILES = "files"


class FormField(Strict):
    """One field of a form: `{label: {zh: 整改目标, en: Aim}, type: long_text, required: true}`."""

    label: Label
    """What stands beside it."""
    type: FieldType = FieldType.TEXT
    """text, long_text, number, date, bool, code or files."""
    list: Code | None = None
    """For `code`: the list in `codes` to choose from."""
    required: bool = False
    """Whether it must be filled in."""
    max_length: int | None = Field(default=None, ge=1, le=20_000)
    """For texts: most characters."""
    help: Label | None = None
    """A sentence below it."""
    least: int | None = None
    """For numbers: the smallest that is taken."""
    most: int | None = None
    """For numbers: the largest that is taken."""
    asked_with: Literal["complete"] | None = None
    """Left out: asked when the matter is filed. `complete`: asked of the lead unit with its result, as the parts of a
    written opinion are."""
    personal: bool = False
    """Whether it is personal data (name, phone, address …): sealed with the matter's key, masked, opened with a
    reason. For texts of a kind with a reporter, asked when it is filed."""

    @model_validator(mode="after")
    def _length_for_texts(self) -> FormField:
        if self.max_length is not None and self.type not in (FieldType.TEXT, FieldType.LONG_TEXT):
            raise Wrong("max_length 只用于文字字段", "`max_length` belongs to texts only", "max_length")
        return self

    @model_validator(mode="after")
    def _bounds_for_numbers(self) -> FormField:
        if (self.least, self.most) != (None, None) and self.type is not FieldType.NUMBER:
            raise Wrong("least、most 只用于数字字段", "`least` and `most` belong to numbers only", "most")
        return self

    @model_validator(mode="after")
    def _list_for_codes(self) -> FormField:
        if (self.type is FieldType.CODE) != (self.list is not None):
            raise Wrong(
                "类型 code 要写 list，其他类型不能写", "`list` belongs to type code, and type code needs it"
            )
        return self


class State(Strict):
    """`{label: {zh: 整改中, en: Being put right}, phase: handling, owner: lead, limit: {n: 15, unit:
    workdays}}`"""

    label: Label
    """What the state is called in this kind."""
    phase: Phase
    """filed, accepted, handling, verifying, held, closed or refused."""
    owner: Relation | None = None
    """Who must move it on: reporter, intake, lead, supporting or superior. Every open state needs one."""
    limit: Limit | None = None
    """How long it may stay. Every open state needs one."""
    entered_by: tuple[VerbCode, ...] = ()
    """Where a phase has several states: the verbs that lead to this one. A verb named nowhere leads to
    the phase's first state."""


class VerbRule(Strict):
    """What this kind says of a verb. `return: {}` switches it on as the catalogue has it."""

    on: bool = True
    """false: as if it were not listed."""
    label: Label | None = None
    """What this kind calls it; left out: as in the catalogue."""
    who: tuple[Relation, ...] = ()
    """Narrows who may; empty: as in the catalogue."""
    needs: tuple[Need, ...] = ()
    """Needs beside those of the catalogue."""
    limit: Limit | None = None
    """For return and dispute_competence: how long the answer may take. For extend and suspend: the longest extension
    or suspension. For put_on_books and review_books: the longest time to the next review."""
    letter: Code | None = None
    """The kind of letter that goes with it."""
    within: Limit | None = None
    """For return: how long after being asked a unit may still give the matter back."""
    grounds: Code | None = None
    """For suspend: the list in `codes` of the grounds for which a clock may stand still; another one is refused."""


class StagedLimit(Strict):
    """One limit of several: `{label: {zh: 书面告知, en: Written notice}, begins: file, ends: [accept, refuse], limit:
    {n: 15, unit: calendar_days}}`. Shown with the matter and to whoever reported it."""

    label: Label
    """What must be done in it."""
    begins: VerbCode
    """The deed with which it begins; `file`: the receipt."""
    ends: tuple[VerbCode, ...] = Field(min_length=1)
    """The deeds any of which ends it."""
    limit: Limit
    """How long it is."""
    of: Literal["office", "reporter"] = "office"
    """Whose time it is: an office that passes it is late, a reporter's right only ends."""


class Closing(StrEnum):
    """What closing needs; by kind one of three (design.md, The loop)."""

    VERIFIED = "verified"
    CONFIRMED = "confirmed"
    SAMPLING = "sampling"


class Kind(Strict):
    """A kind of matter.

    ```yaml
    kind:
      problem:
        label: {zh: 问题, en: Problem}
        number: {pattern: "问〔{{year}}〕{{n}}号", digits: 3}
        sources: problem_source          # a list in codes
        limit: {n: 30, unit: workdays}   # from receipt to closing
        closing: verified                # or confirmed (by the reporter), or sampling (open to it from above)
        outcomes: [done, withdrawn]
        form: {aim: {label: {…}, type: long_text}}
        states:
          filed: {label: {…}, phase: filed, owner: intake, limit: {n: 2, unit: workdays}}
          done: {label: {…}, phase: closed}
        verbs:
          file: {}
          accept: {}
          return: {limit: {n: 5, unit: workdays}}
    ```"""

    label: Label
    """What the kind is called."""
    number: Annotated[NumberSeries, numbers_of("kind")]
    """Numbers of its matters."""
    limit: Limit
    """From receipt to closing."""
    limit_from: Literal["received", "accepted"] = "received"
    """Whether `limit` counts from receipt or, once it is accepted, from its acceptance."""
    stages: dict[Code, StagedLimit] = {}
    """Limits beside the whole one and each state's, in the order shown."""
    final: bool = False
    """Whether its end is final: what is linked to the matter it reviewed is not accepted again."""
    closing: Closing
    """verified: checked by another hand; confirmed: by the reporter; sampling: closed at once, open to
    checks from above."""
    states: dict[Code, State]
    """The states, in the order of the usual way through."""
    verbs: dict[VerbCode, VerbRule]
    """The verbs this kind knows; one that is not listed is off."""
    outcomes: frozenset[Outcome] = frozenset({Outcome.DONE})
    """How a matter of this kind may end."""
    sources: Code | None = None
    """The list in `codes` that says where such matters come from."""
    topics: Code | None = None
    """The list in `codes` that says what such matters are about (类别)."""
    reporter: Literal["none", "optional", "required"] = "none"
    """Whether a person reports it, with a receipt and a PIN: never, if they wish (they may stay anonymous), or
    always."""
    keep: Limit | None = None
    """How long after closing what its reporters gave is kept, in calendar days; then the key is destroyed and nobody
    reads it again. Every kind with a reporter says so."""
    sorting: Sorting | None = None
    """How it is sorted when it comes in."""
    grading: Grading | None = None
    """The factor table that grades it."""
    climb: tuple[ClimbRule, ...] = ()
    """When it goes up by itself."""
    follow_up: FollowUpRule | None = None
    """When its reporter is asked after it was closed."""
    review: ReviewRule | None = None
    """The review its reporter may ask for."""
    false_closure_days: int | None = Field(default=None, ge=1, le=365)
    """A matter of this kind and topic at the same place within so many calendar days after closing makes that
    closing a false one."""
    same_days: int = Field(default=60, ge=1, le=365)
    """Matters of this kind received within so many calendar days of each other, in one place and with like words, are
    suggested as the same thing told twice."""
    surge: bool = False
    """Whether it may fall under surge mode: disasters, accidents and public safety only."""
    form: dict[Code, FormField] = {}
    """Fields beside title, text, source, dates and units, which every matter has, in the order drawn. `aim` and
    `measures` (texts) fill those columns of the problem list; all others are kept with the matter."""
    labels: dict[Literal["happened_on", "due_at"], Label] = {}
    """What this kind calls two fields that every matter has, where the plain words (when it happened, by when it is
    to be settled) do not fit: `{happened_on: {zh: 发现日期, en: Found on}, due_at: {zh: 整改时限, en: …}}`."""
    max_extensions: int = Field(default=1, ge=0, le=1)
    """Extensions a matter may get: one, or none."""
    personal: bool = False
    """Whether the whole account is personal: title and text are sealed like who reports it, and in lists stands the
    kind's name. Only for kinds with a reporter."""

    def rule(self, verb: str) -> VerbRule | None:
        """The rule of a verb, or None if it is off."""
        rule = self.verbs.get(verb)
        return rule if rule is not None and rule.on else None

    def fields_with(self, verb: str | None) -> dict[str, FormField]:
        """The fields of the form that are asked with a verb; None: when it is filed."""
        return {code: field for code, field in self.form.items() if field.asked_with == verb}

    def whole_limit(self, sort_class: str | None) -> Limit:
        """From receipt to closing, for a matter of this class: the class's own limit, else the kind's."""
        chosen = self.sorting.classes.get(sort_class or "") if self.sorting else None
        return (chosen.limit if chosen else None) or self.limit

    def states_in(self, phase: Phase) -> list[str]:
        """Codes of the states of a phase, in order."""
        return [code for code, state in self.states.items() if state.phase is phase]

    def entry(self, phase: Phase, verb: str) -> str | None:
        """The state a verb enters in a phase: the one that names the verb, else the phase's first; None
        without any."""
        codes = self.states_in(phase)
        named = [code for code in codes if verb in self.states[code].entered_by]
        return next(iter((*named, *codes)), None)


class Walker(Strict):
    """A person of a walk: a role of the pack, held in a unit that the walk makes up. `{role: liaison,
    unit: a}`"""

    role: Code | None = None
    """A role of this pack."""
    unit: Code | None = None
    """Any name; the same name is the same unit. Left out, with no role: the person who reported it."""

    @model_validator(mode="after")
    def _both_or_none(self) -> Walker:
        if (self.role is None) != (self.unit is None):
            raise Wrong("role 和 unit 要同时写或同时不写", "give both `role` and `unit`, or neither")
        return self


class WalkStep(Strict):
    """One verb: `{by: clerk, do: dispatch, with: [unit], unit: a, to: rectifying}` or `{by: clerk, do:
    close, refused: not_verified}`."""

    by: Code
    """Which of the walk's people."""
    do: VerbCode
    """What they do."""
    given: tuple[Need, ...] = Field(default=(), alias="with")
    """What they supply: reason, proof, result …"""
    unit: Code | None = None
    """For file: the unit that takes it in. For dispatch, transfer and add_support: the unit it goes to."""
    support: tuple[Code, ...] = ()
    """For dispatch: the supporting units."""
    sort_class: Code | None = None
    """For sort: the class."""
    grade: Code | None = None
    """For grade: the grade."""
    outcome: Outcome | None = None
    """For settle and close: how it ends; left out: done."""
    function: Literal["own", "supporting", "taken_back"] | None = None
    """For dispatch, transfer and add_support: on which list of its functions the unit has the matter's."""
    at: dt.datetime | None = None
    """When; left out: one hour after the step before."""
    to: Code | None = None
    """The state it must lead to."""
    refused: Code | None = None
    """The step must be refused, for this reason (codes in docs/packs.md)."""

    @model_validator(mode="after")
    def _one_end(self) -> WalkStep:
        if (self.to is None) == (self.refused is None):
            raise Wrong("to 和 refused 要写且只写一个", "give either `to` or `refused`")
        return self


class Scenario(Strict):
    """A walk that must go exactly as written. Steps with `to` must pass, steps with `refused` must be
    refused.

    ```yaml
    scenario:
      nobody_checks_their_own_work:
        label: {zh: 不得自办自查, en: Nobody checks their own work}
        kind: problem
        people: {clerk: {role: office_clerk, unit: office}, liaison: {role: liaison, unit: a}}
        superiors: {office: centre}     # the unit above the one that took it in, if the walk needs it
        steps: [{by: clerk, do: file, unit: office, to: filed}, …]
    ```"""

    label: Label
    """What the walk shows."""
    kind: Code
    """The kind of matter."""
    people: dict[Code, Walker] = Field(min_length=1)
    """Who takes part."""
    superiors: dict[Code, Code] = {}
    """Unit that takes in → the unit above it."""
    steps: tuple[WalkStep, ...] = Field(min_length=1)
    """The steps in order; the first is `file`."""

    ends: Literal["open", "closed"] = "closed"
    """Whether the walk must end closed (or refused), or may stop while the matter is open."""
