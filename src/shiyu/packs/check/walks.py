"""Third pass: the pack's own scenarios, walked through the kernel's workflow.

A walk makes up units and people, starts at 09:00 on the first workday of the newest announced year, and
applies each decision to facts in memory, the way `matters` writes it to rows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import NAMESPACE_OID, UUID, uuid5

from shiyu.kernel.actor import Actor
from shiyu.kernel.competence import FunctionStanding, nearest_common
from shiyu.kernel.limits import ZONE, Calendar, end_of
from shiyu.kernel.near import hint
from shiyu.kernel.objections import SENDING
from shiyu.kernel.spec.matters import Kind, Scenario, WalkStep
from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.verbs import Need, Phase
from shiyu.kernel.workflow import (
    AssignmentFacts,
    Given,
    MatterFacts,
    NotAllowed,
    Standing,
    Transition,
    decide,
)
from shiyu.packs.read import PackError, PackFolder

HANDS = frozenset({"acknowledge", "note", "complete", "extend"})
"""Verbs that make their doer a handler of the matter."""


def check_walks(found: PackFolder, pack: Pack) -> None:
    """Adds an error for every step that did not go as written, and for every kind without a walk to its end
    and without a refused step."""
    for code, scenario in pack.scenario.items():
        Walk(found, pack, code, scenario).run()
    for code in pack.kind:
        walks = [walk for walk in pack.scenario.values() if walk.kind == code]
        file, line = found.where("kind", code)
        if not any(walk.ends == "closed" for walk in walks):
            zh, en = f"没有 {code} 走到销号的 scenario", f"no scenario walks a {code} to its end"
            found.errors.append(PackError(file, line, zh, en))
        if not any(step.refused for walk in walks for step in walk.steps):
            zh, en = f"没有 {code} 应被拒绝的 scenario", f"no scenario shows what is refused for a {code}"
            found.errors.append(PackError(file, line, zh, en))


def made_up(name: str) -> UUID:
    """The key of a unit or person that a walk makes up."""
    return uuid5(NAMESPACE_OID, f"shiyu-walk:{name}")


class Walk:
    """One scenario on its way."""

    def __init__(self, found: PackFolder, pack: Pack, code: str, scenario: Scenario) -> None:
        self.found, self.pack, self.code, self.scenario = found, pack, code, scenario
        self.kind: Kind = pack.kind[scenario.kind]
        self.calendar = Calendar(pack.calendar)
        year = max(pack.calendar.years, default=2026)
        day = self.calendar.next_workday(dt.date(year, 1, 1))
        self.now = dt.datetime.combine(day, dt.time(9), ZONE)
        self.facts: MatterFacts | None = None
        self.asked: dict[UUID, dt.datetime] = {}

    def wrong(self, n: int, zh: str, en: str) -> None:
        file, line = self.found.where("scenario", self.code, "steps", n)
        self.found.errors.append(PackError(file, line, zh, en))

    def run(self) -> None:
        for n, step in enumerate(self.scenario.steps):
            if step.by not in self.scenario.people:
                zh, en = hint(step.by, self.scenario.people)
                self.wrong(n, f"people 中没有 {step.by}{zh}", f"there is no {step.by} in people{en}")
                return
            if step.to is not None and step.to not in self.kind.states:
                zh, en = hint(step.to, self.kind.states)
                self.wrong(n, f"没有状态 {step.to}{zh}", f"there is no state {step.to}{en}")
                return
            if step.do != "file" and self.facts is None:
                self.wrong(n, "第一步应为 file", "the first step must be file")
                return
            if not self._step(n, step):
                return
        phase = self.kind.states[self.facts.state].phase if self.facts else None
        if self.scenario.ends == "closed" and phase not in (Phase.CLOSED, Phase.REFUSED):
            self.wrong(
                len(self.scenario.steps) - 1,
                "走完后事项没有办结",
                "the matter is still open after the last step",
            )

    def _step(self, n: int, step: WalkStep) -> bool:
        """One step; False ends the walk, since what follows would make no sense."""
        self.last = self.now
        self.now = (
            step.at.replace(tzinfo=step.at.tzinfo or ZONE) if step.at else self.now + dt.timedelta(hours=1)
        )
        self._let_returns_end()
        given = self.given(step)
        try:
            went = decide(self.kind, self.facts, self.actor(step), step.do, given, self.now, self.calendar)
        except NotAllowed as refusal:
            return self._refused(n, step, refusal)
        if step.refused is not None:
            zh, en = (
                f"{step.do} 应被拒绝（{step.refused}），却通过了",
                f"{step.do} passed but must be refused",
            )
            self.wrong(n, zh, f"{en}: {step.refused}")
            return False
        self.apply(step, given, went)
        if went.to_state != step.to:
            zh = f"{step.do} 到了 {went.to_state}，应到 {step.to}"
            self.wrong(n, zh, f"{step.do} led to {went.to_state}, not to {step.to}")
            return False
        return True

    def _let_returns_end(self) -> None:
        """Parts whose unit was asked too long ago cannot be given back any more."""
        rule = self.kind.rule("return")
        if self.facts is None or rule is None or rule.within is None:
            return
        for part in self.facts.assignments:
            self.asked.setdefault(part.id, self.last)
        over = {key for key, at in self.asked.items() if self.calendar.add(at, rule.within) < self.now}
        parts = tuple(replace(part, return_over=part.id in over) for part in self.facts.assignments)
        self.facts = replace(self.facts, assignments=parts)

    def _refused(self, n: int, step: WalkStep, refusal: NotAllowed) -> bool:
        codes = [reason.code for reason in refusal.reasons]
        if step.refused in codes:
            return True
        why_zh = "".join(reason.zh for reason in refusal.reasons)
        why_en = " ".join(reason.en for reason in refusal.reasons)
        if step.refused is None:
            zh = f"{step.do} 被拒绝（{'、'.join(codes)}）：{why_zh}"
            self.wrong(n, zh, f"{step.do} was refused ({', '.join(codes)}): {why_en}")
        else:
            zh = f"{step.do} 被拒绝的原因是 {'、'.join(codes)}，不是 {step.refused}：{why_zh}"
            en = f"{step.do} was refused for {', '.join(codes)}, not for {step.refused}: {why_en}"
            self.wrong(n, zh, en)
        return False

    def actor(self, step: WalkStep) -> Actor:
        walker = self.scenario.people[step.by]
        if walker.role is None or walker.unit is None:
            return Actor(None, step.by, party_id=made_up(f"person {step.by}"))
        unit = made_up(walker.unit)
        rights = self.pack.role[walker.role].rights
        return Actor(made_up(f"person {step.by}"), step.by, {unit: rights}, home_unit_id=unit)

    def given(self, step: WalkStep) -> Given:
        """A date that a step supplies is one workday later than now, for an extension than the old limit."""
        until = None
        if {Need.DUE_DATE, Need.REVIEW_DATE, Need.END_DATE} & set(step.given):
            base = self.facts.due_at if Need.DUE_DATE in step.given and self.facts else None
            until = end_of(self.calendar.add_workdays((base or self.now).date(), 1))
        unit = made_up(step.unit) if step.unit else None
        own, facts = self.own(step), self.facts
        active = [a for a in facts.assignments if a.unit_id == own and a.standing.is_active] if facts else []
        mine = active[0].id if active else None
        chosen = mine if step.do in ("acknowledge", "return", "complete") else None
        standing = FunctionStanding(step.function) if step.function else None
        return Given(
            frozenset(step.given),
            unit,
            until,
            step.outcome,
            chosen,
            step.sort_class,
            step.grade,
            made_up("another matter") if Need.MATTER in step.given else None,
            {unit: standing} if unit and standing else {},
            tuple(made_up(name) for name in step.support),
        )

    def own(self, step: WalkStep) -> UUID:
        """The unit for which a step's person acts; of a reporter, the person."""
        return made_up(self.scenario.people[step.by].unit or f"person {step.by}")

    def apply(self, step: WalkStep, given: Given, went: Transition) -> None:
        own = self.own(step)
        if self.facts is None:
            due = self.calendar.add(self.now, self.kind.limit)
            people = (name for name, walker in self.scenario.people.items() if walker.role is None)
            parties = frozenset(made_up(f"person {name}") for name in people)
            self.facts = MatterFacts(went.to_state, given.unit_id or own, own, party_ids=parties, due_at=due)
            self.facts = replace(self.facts, upper_id=self.above(self.facts.intake_unit_id))
            return
        facts = replace(self.facts, state=went.to_state, assignments=self._assignments(step, went))
        if went.clears_checks:
            facts = replace(facts, is_verified=False, is_confirmed=False)
        if step.do in HANDS:
            facts = replace(facts, handled_by=facts.handled_by | {made_up(f"person {step.by}")})
        if step.do == "climb" and facts.upper_id is not None:
            facts = replace(facts, intake_unit_id=facts.upper_id, upper_id=self.above(facts.upper_id))
        over = self.above(facts.intake_unit_id)
        disputed = (facts.competence_disputed or step.do == "dispute_competence") and not went.moved
        closed = not went.to_phase.is_open and self.kind.review is not None
        self.facts = replace(
            facts,
            superior_unit_ids=frozenset({over} if over else ()),
            sort_class=given.sort_class or facts.sort_class,
            grade=given.grade or facts.grade,
            competence_disputed=disputed,
            competence_answered=disputed and (facts.competence_answered or step.do == "answer_competence"),
            arbiter_id=self.arbiter(facts) if disputed else None,
            is_rated=facts.is_rated or step.do == "rate",
            said_not_solved=(facts.said_not_solved or step.do == "not_solved") and step.do != "reopen",
            review_until=self.now + dt.timedelta(days=30) if closed else None,
            has_proof=facts.has_proof or Need.PROOF in step.given,
            is_verified=facts.is_verified or step.do == "verify",
            is_confirmed=facts.is_confirmed or step.do == "confirm",
            is_supervised=(facts.is_supervised or step.do == "supervise") and step.do != "end_supervision",
            supervisor_ids=self.supervisors(step, facts),
            is_suspended=(facts.is_suspended or step.do == "suspend") and step.do != "resume",
            extension_pending=(facts.extension_pending or step.do == "extend")
            and step.do not in ("approve_extension", "decline_extension"),
            extensions=facts.extensions + (step.do == "approve_extension"),
        )

    def above(self, unit: UUID) -> UUID | None:
        """The unit that the walk puts above another."""
        over = (upper for name, upper in self.scenario.superiors.items() if made_up(name) == unit)
        return next((made_up(name) for name in over), None)

    def chain(self, unit: UUID | None) -> list[UUID]:
        """A unit and those above it."""
        found: list[UUID] = []
        while unit is not None and unit not in found:
            found.append(unit)
            unit = self.above(unit)
        return found

    def supervisors(self, step: WalkStep, facts: MatterFacts) -> frozenset[UUID]:
        """Who may end the supervision after the step."""
        if step.do == "supervise":
            return frozenset(self.chain(self.own(step)))
        return frozenset() if step.do == "end_supervision" else facts.supervisor_ids

    def arbiter(self, facts: MatterFacts) -> UUID | None:
        """The nearest unit above both the lead unit and the one that sent the matter."""
        lead = self.chain(facts.lead.unit_id if facts.lead else None)
        return nearest_common(lead[1:], self.chain(facts.intake_unit_id)[1:])

    def _assignments(self, step: WalkStep, went: Transition) -> tuple[AssignmentFacts, ...]:
        old = self.facts.assignments if self.facts else ()
        kept = [
            replace(a, standing=went.standing) if a.id == went.assignment_id and went.standing else a
            for a in old
        ]
        asked = [step.unit] if step.do in SENDING and step.unit else []
        if step.do == "decide_competence" and went.assignment_id is None:
            asked = []  # decided for the unit that has it already
        for name in (*asked, *step.support):
            # A unit holds a matter once: asked anew, its part before has left.
            kept = [
                replace(a, standing=Standing.LEFT)
                if a.unit_id == made_up(name) and a.standing.is_active
                else a
                for a in kept
            ]
            is_lead = name in asked and step.do != "add_support"
            kept.append(self._asked(name, is_lead, len(kept)))
        return tuple(kept)

    def _asked(self, name: str, is_lead: bool, n: int) -> AssignmentFacts:
        return AssignmentFacts(made_up(f"assignment {n}"), made_up(name), is_lead, Standing.ASKED)
