"""Second pass, first part: everything a stanza names exists."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from shiyu.kernel.near import hint
from shiyu.kernel.spec.matters import FormField
from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.spec.routes import CompetenceRow
from shiyu.packs.read import PackError, PackFolder

NOUNS = {
    "codes": ("代码表", "list in `codes` called"),
    "letter": ("函件", "letter"),
    "template": ("模板", "template"),
    "cycle": ("填报周期", "cycle"),
    "kind": ("事项类型", "kind"),
    "role": ("角色", "role"),
    "unit_group": ("单位组", "unit_group"),
    "function": ("职责", "function"),
    "meeting": ("会议类型", "meeting"),
}
"""What each noun is called in sentences, Chinese and English."""


class References:
    """Collects an error for every name that leads nowhere."""

    def __init__(self, found: PackFolder) -> None:
        self.found = found

    def need(self, noun: str, code: str | None, known: Collection[str], *path: str | int) -> None:
        """The code, if any is given, must be among the known ones."""
        if code is not None and code not in known:
            file, line = self.found.where(*path)
            (zh, en), said = NOUNS[noun], hint(code, known)
            self.found.errors.append(
                PackError(file, line, f"没有{zh} {code}{said[0]}", f"there is no {en} {code}{said[1]}")
            )

    def form(self, pack: Pack, form: Mapping[str, FormField], *path: str) -> None:
        """Every field that chooses from a list names one that exists."""
        for name, field in form.items():
            self.need("codes", field.list, pack.codes, *path, name, "list")

    def documents(self, pack: Pack, documents: Mapping[str, str], *path: str) -> None:
        """Every document's template exists and words that very document."""
        for document, code in documents.items():
            self.need("template", code, pack.template, *path, document)
            if code in pack.template and pack.template[code].document != document:
                file, line = self.found.where(*path, document)
                made_for = pack.template[code].document
                self.found.errors.append(
                    PackError(
                        file,
                        line,
                        f"模板 {code} 是 {made_for} 的，不能用于 {document}",
                        f"template {code} words {made_for}, not {document}",
                    )
                )


def _competence(wanted: References, pack: Pack, code: str, row: CompetenceRow) -> None:
    """A row of competence names unit groups, and a function of the list that `functions` names."""
    here = ("competence", code)
    functions = pack.codes[pack.functions].values if pack.functions in pack.codes else {}
    wanted.need("function", row.function, functions, *here, "function")
    wanted.need("unit_group", row.lead.group, pack.unit_group, *here, "lead", "group")
    for part, rows in (("supporting", row.supporting), ("informed", row.informed)):
        for n, unit in enumerate(rows):
            wanted.need("unit_group", unit.group, pack.unit_group, *here, part, n, "group")


def check_references(found: PackFolder, pack: Pack) -> None:
    """Adds an error for every role, letter, template, list, cycle, kind or group that does not exist."""
    wanted = References(found)
    wanted.need("kind", pack.plan.problem_kind, pack.kind, "plan", "problem_kind")
    if pack.opinion is not None:
        wanted.need("letter", pack.opinion.letter, pack.letter, "opinion", "letter")
    wanted.need("codes", pack.functions, pack.codes, "functions")
    for code, row in pack.competence.items():
        _competence(wanted, pack, code, row)
    for code, kind in pack.kind.items():
        wanted.need("codes", kind.sources, pack.codes, "kind", code, "sources")
        wanted.need("codes", kind.topics, pack.codes, "kind", code, "topics")
        if kind.review is not None:
            wanted.need("kind", kind.review.kind, pack.kind, "kind", code, "review", "kind")
        wanted.form(pack, kind.form, "kind", code, "form")
        for verb, rule in kind.verbs.items():
            wanted.need("letter", rule.letter, pack.letter, "kind", code, "verbs", verb, "letter")
            wanted.need("codes", rule.grounds, pack.codes, "kind", code, "verbs", verb, "grounds")
    for code, letter in pack.letter.items():
        wanted.need("template", letter.template, pack.template, "letter", code, "template")
    for code, cycle in pack.cycle.items():
        wanted.form(pack, cycle.form, "cycle", code, "form")
        wanted.documents(pack, cycle.documents, "cycle", code, "documents")
    for code, scenario in pack.scenario.items():
        wanted.need("kind", scenario.kind, pack.kind, "scenario", code, "kind")
        for name, walker in scenario.people.items():
            wanted.need("role", walker.role, pack.role, "scenario", code, "people", name, "role")
