"""Second pass: a kind of matter can be worked and, from every open state, closed."""

from __future__ import annotations

from dataclasses import dataclass

from shiyu.kernel.fields import KIND_COLUMNS
from shiyu.kernel.spec.matters import Closing, FieldType, Kind
from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.verbs import PHASE_LABELS, VERBS, Outcome, Phase, Relation, Verb
from shiyu.kernel.words import LimitUnit
from shiyu.packs.read import PackError, PackFolder

TOGETHER = {
    "return": ("consent_return", "decline_return"),
    "extend": ("approve_extension", "decline_extension"),
    "suspend": ("resume",),
    "put_on_books": ("review_books", "take_off_books"),
    "supervise": ("end_supervision",),
    "verify": ("send_back",),
    "confirm": ("send_back",),
    "dispute_competence": ("answer_competence", "decide_competence"),
    "not_solved": ("reopen",),
    "ask_reporter": ("answer",),
}
"""Who asks must get an answer, what was begun must be able to end: these verbs go together."""

CHECKED_BY = {Closing.VERIFIED: "verify", Closing.CONFIRMED: "confirm"}
"""The check that comes before closing."""

ASIDE = ("withdraw", "merge")
"""Ends that do not count: what only its reporter can end, or what needs another matter, is not closed by the work done
on it."""

LIMITED = frozenset({"return", "extend", "suspend", "put_on_books", "review_books", "dispute_competence"})
"""Verbs whose rule may carry a limit."""

ANSWERED = frozenset({"return", "dispute_competence"})
"""Verbs that ask somebody, whose silence must not hold the matter up."""


@dataclass(frozen=True)
class Edge:
    """One way from state to state."""

    verb: str
    start: str
    end: str


class KindCheck:
    """Checks one kind and collects what is wrong."""

    def __init__(self, found: PackFolder, pack: Pack, code: str, kind: Kind) -> None:
        self.found, self.pack, self.code, self.kind = found, pack, code, kind
        self.verbs = {verb: VERBS[verb] for verb, rule in kind.verbs.items() if rule.on}
        self.missing = self._missing()

    def wrong(self, zh: str, en: str, *path: str) -> None:
        file, line = self.found.where("kind", self.code, *path)
        self.found.errors.append(PackError(file, line, zh, en))

    def run(self) -> None:
        """All checks; the graph only where states and verbs are there at all."""
        self._states()
        self._verbs()
        self._outcomes()
        self._ways()
        self._stages()
        self._keep()
        # Where a whole phase or the check before closing is missing, every way is broken: that follows from it.
        if "file" in self.verbs and not self.missing and self._is_checked():
            edges = self.edges()
            self._reachable(edges)
            self._closable(edges)
            self._owners(edges)

    def _states(self) -> None:
        for code, state in self.kind.states.items():
            if state.phase.is_open and state.owner is None:
                self.wrong(f"状态 {code} 没有 owner", f"the open state {code} has no owner", "states", code)
            if state.phase.is_open and state.limit is None:
                self.wrong(f"状态 {code} 没有 limit", f"the open state {code} has no limit", "states", code)
            if not state.phase.is_open and (state.owner or state.limit):
                self.wrong(
                    f"状态 {code} 已结束，不能有 owner 或 limit",
                    f"{code} is an end and cannot have an owner or a limit",
                    "states",
                    code,
                )
            for verb in state.entered_by:
                self._entry(code, state.phase, verb)
        for phase, verbs in self.missing.items():
            used = (
                (f"，{'、'.join(verbs)} 要用到它", f", which {', '.join(verbs)} need") if verbs else ("", "")
            )
            zh = f"缺少阶段 {phase}（{PHASE_LABELS[phase].zh}）的状态{used[0]}"
            self.wrong(zh, f"there is no {phase} state{used[1]}", "states")

    def _missing(self) -> dict[Phase, list[str]]:
        """The phases without a state that every kind has or a verb leads to, each with those verbs."""
        needed: dict[Phase, list[str]] = {Phase.FILED: [], Phase.CLOSED: []}
        for code, verb in self.verbs.items():
            for phase in sorted(_targets(verb) if code != "reopen" else {Phase.HANDLING}):
                needed.setdefault(phase, []).append(code)
        return {phase: verbs for phase, verbs in needed.items() if not self.kind.states_in(phase)}

    def _entry(self, code: str, phase: Phase, verb: str) -> None:
        if verb not in self.verbs:
            zh, en = f"操作 {verb} 没有启用", f"the verb {verb} is not on"
        elif phase not in _targets(VERBS[verb]):
            zh, en = f"操作 {verb} 不会进入阶段 {phase}", f"the verb {verb} does not lead to {phase}"
        else:
            return
        self.wrong(zh, en, "states", code, "entered_by")

    def _verbs(self) -> None:
        if "file" not in self.verbs:
            self.wrong("没有启用 file，事项无从登记", "file is not on, so no matter can begin", "verbs")
        for code, verb in self.verbs.items():
            rule = self.kind.verbs[code]
            for partner in TOGETHER.get(code, ()):
                if partner not in self.verbs:
                    zh, en = f"启用 {code} 就要启用 {partner}", f"{code} needs {partner} to be on as well"
                    self.wrong(zh, en, "verbs", code)
            surplus = [r for r in rule.who if r not in verb.who and Relation.ANY not in verb.who]
            if surplus:
                zh = f"{code} 的 who 只能从 {'、'.join(verb.who)} 中选"
                self.wrong(zh, f"who of {code} can only be {', '.join(verb.who)}", "verbs", code, "who")
            if rule.limit is not None and code not in LIMITED:
                self.wrong(f"{code} 不能有 limit", f"{code} cannot have a limit", "verbs", code, "limit")
            if code in ANSWERED and rule.limit is None:
                zh = f"{code} 要有 limit：逾期不答复的，由上级单位决定"
                en = f"{code} needs a limit: without an answer it goes to the unit above"
                self.wrong(zh, en, "verbs", code)
            if code == "extend" and not self.kind.max_extensions:
                zh, en = (
                    "max_extensions 为 0，extend 永远不能用",
                    "with max_extensions 0 nobody can ever extend",
                )
                self.wrong(zh, en, "verbs", code)
            if not self._somebody_may(verb):
                zh = f"没有角色具有 {verb.right}，{code} 无人能办"
                self.wrong(zh, f"no role has {verb.right}, so nobody can {code}", "verbs", code)
            self._phases(code, verb)

    def _phases(self, code: str, verb: Verb) -> None:
        """The phases a verb starts from have states, or are told to be missing."""
        starts = verb.from_phases
        if starts and not starts & set(self.missing) and not any(self.kind.states_in(p) for p in starts):
            zh, en = f"没有状态可以进行 {code}", f"there is no state from which {code} starts"
            self.wrong(zh, en, "verbs", code)

    def _somebody_may(self, verb: Verb) -> bool:
        return any(verb.right in role.rights for role in self.pack.role.values())

    def _outcomes(self) -> None:
        if not self.kind.outcomes:
            self.wrong("outcomes 不能为空", "outcomes must not be empty", "outcomes")
        for verb, outcome in (("withdraw", Outcome.WITHDRAWN), ("merge", Outcome.MERGED)):
            if (verb in self.verbs) != (outcome in self.kind.outcomes):
                self.wrong(
                    f"{verb} 与 outcomes 中的 {outcome} 要同时有或同时没有",
                    f"{verb} and the outcome {outcome} go together",
                    "outcomes",
                )

    def _ways(self) -> None:
        """A verb that works on a part of the kind needs that part, and the part needs its verb."""
        kind = self.kind
        parts = (("sort", "sorting", kind.sorting), ("ask_review", "review", kind.review))
        for verb, part, said in parts:
            if (verb in self.verbs) != (said is not None):
                zh, en = (
                    f"操作 {verb} 与 {part} 要同时有或同时没有",
                    f"the verb {verb} and {part} go together",
                )
                self.wrong(zh, en, part if said is not None else "verbs")
        if "grade" in self.verbs and kind.grading is None:
            self.wrong("启用 grade 就要写 grading", "grade needs grading", "verbs", "grade")
        if kind.follow_up is not None and "follow_up" not in self.verbs:
            self.wrong("写了 follow_up 就要启用操作 follow_up", "follow_up needs its verb", "follow_up")
        if kind.climb and "climb" not in self.verbs:
            self.wrong("写了 climb 就要启用操作 climb", "climb needs its verb", "climb")
        for code, sort_class in (kind.sorting.classes if kind.sorting else {}).items():
            for verb in sort_class.next:
                if verb not in self.verbs:
                    zh, en = f"操作 {verb} 没有启用", f"the verb {verb} is not on"
                    self.wrong(zh, en, "sorting", "classes", code, "next")

    def _stages(self) -> None:
        """A staged limit begins and ends with verbs of the kind; a rule says only what its verb knows."""
        for code, stage in self.kind.stages.items():
            for verb in (stage.begins, *stage.ends):
                if verb not in self.verbs:
                    zh, en = f"操作 {verb} 没有启用", f"the verb {verb} is not on"
                    self.wrong(zh, en, "stages", code)
        for verb, rule in self.kind.verbs.items():
            if rule.within is not None and verb != "return":
                self.wrong("within 只用于 return", "`within` belongs to return", "verbs", verb, "within")
            if rule.grounds is not None and verb != "suspend":
                self.wrong("grounds 只用于 suspend", "`grounds` belongs to suspend", "verbs", verb, "grounds")
        for code, field in self.kind.form.items():
            if field.asked_with is not None and field.asked_with not in self.verbs:
                zh, en = f"操作 {field.asked_with} 没有启用", f"the verb {field.asked_with} is not on"
                self.wrong(zh, en, "form", code, "asked_with")
            if field.asked_with is not None and (field.type is FieldType.FILES or code in KIND_COLUMNS):
                zh, en = (
                    "附件和清单栏目在登记时填写",
                    "files and columns of a list are given when it is filed",
                )
                self.wrong(zh, en, "form", code, "asked_with")

    def _keep(self) -> None:
        """Whoever takes people's data says how long it is kept; a kind without reporters keeps none."""
        kind = self.kind
        if (kind.reporter != "none") != (kind.keep is not None):
            self.wrong(
                "有来件人（reporter）就要写保存期 keep，没有就不写",
                "a kind with a reporter says how long their data is kept (`keep`), another one does not",
                "keep" if kind.keep is not None else "reporter",
            )
        elif kind.keep is not None and kind.keep.unit is not LimitUnit.CALENDAR_DAYS:
            self.wrong("保存期按自然日计", "`keep` is counted in calendar_days", "keep")

    def edges(self) -> list[Edge]:
        """Every way from state to state that somebody can take."""
        found = []
        for code, verb in self.verbs.items():
            if not self._somebody_may(verb) or (code == "close" and not self._close_can_work()):
                continue
            for start, state in self.kind.states.items():
                if state.phase not in verb.from_phases or not self._may_close_from(code, state.phase):
                    continue
                ends = (self.kind.entry(phase, code) for phase in _targets(verb))
                found += [Edge(code, start, end) for end in ends if end is not None]
        return found

    def _is_checked(self) -> bool:
        """The verb of the check that comes before closing is on; otherwise adds the error."""
        before = CHECKED_BY.get(self.kind.closing)
        if before is None or before in self.verbs:
            return True
        closing = f"closing: {self.kind.closing.value}"
        self.wrong(f"{closing} 需要启用 {before}", f"`{closing}` needs {before} to be on", "closing")
        return False

    def _close_can_work(self) -> bool:
        before = CHECKED_BY.get(self.kind.closing)
        return before is None or (before in self.verbs and self._somebody_may(VERBS[before]))

    def _may_close_from(self, code: str, phase: Phase) -> bool:
        return code != "close" or phase is Phase.VERIFYING or self.kind.closing is Closing.SAMPLING

    def _reachable(self, edges: list[Edge]) -> None:
        first = self.kind.entry(Phase.FILED, "file")
        reached = _spread({first} if first else set(), [(e.start, e.end) for e in edges])
        for code in self.kind.states:
            if code not in reached:
                self.wrong(
                    f"状态 {code} 永远到不了", f"the state {code} can never be reached", "states", code
                )

    def _closable(self, edges: list[Edge]) -> None:
        closed = set(self.kind.states_in(Phase.CLOSED))
        if "close" not in self.verbs and not any(
            edge.end in closed for edge in edges if edge.verb not in ASIDE
        ):
            self.wrong(
                "没有启用 close，事项永远不能结案",
                "close is not on, so no matter can ever be closed",
                "verbs",
            )
            return
        work = [(e.end, e.start) for e in edges if e.verb not in ASIDE]
        leads_out = _spread(closed, work)
        for code, state in self.kind.states.items():
            if state.phase.is_open and code not in leads_out:
                self.wrong(
                    f"从状态 {code} 永远不能结案：没有一条路通向已结案的状态",
                    f"a matter in {code} could never be closed: no way leads from it to a closed state",
                    "states",
                    code,
                )

    def _owners(self, edges: list[Edge]) -> None:
        """Whoever holds an open state can do something that moves it on (or lets another move it on)."""
        for code, state in self.kind.states.items():
            if state.owner is None:
                continue
            ways = [e.verb for e in edges if e.start == code and e.end != code]
            who = {r for verb in ways for r in (self.kind.verbs[verb].who or VERBS[verb].who)}
            if ways and not who & {state.owner, Relation.ANY}:
                zh = f"状态 {code} 的 owner {state.owner} 没有可以推进的操作"
                en = f"the owner of {code}, {state.owner}, can do nothing to move it on"
                self.wrong(zh, en, "states", code)


def _targets(verb: Verb) -> set[Phase]:
    """Every phase a verb may lead to: the catalogue's, and where the facts decide, both."""
    if verb.code == "consent_return":
        return {Phase.ACCEPTED, Phase.VERIFYING}
    return {verb.to_phase} if verb.to_phase is not None else set()


def _spread(start: set[str], ways: list[tuple[str, str]]) -> set[str]:
    reached = set(start)
    waiting = list(start)
    while waiting:
        here = waiting.pop()
        for begin, end in ways:
            if begin == here and end not in reached:
                reached.add(end)
                waiting.append(end)
    return reached


def check_kinds(found: PackFolder, pack: Pack) -> None:
    """Adds an error for every kind that cannot be worked or closed."""
    for code, kind in pack.kind.items():
        KindCheck(found, pack, code, kind).run()
