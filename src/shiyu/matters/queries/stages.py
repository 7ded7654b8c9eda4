"""The limits of a kind beside the whole one: when each began, when it ends, whether it was kept. Computed from steps, so
that a new calendar, a suspension or an extension needs nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiyu.kernel.spec.matters import Kind, StagedLimit
from shiyu.lib import clock
from shiyu.matters.kinds import calendar, language
from shiyu.matters.models import Matter, Step


@dataclass(frozen=True)
class StageLine:
    """One limit of a matter: by when, when it was met; both None before it begins."""

    code: str
    label: str
    due_at: datetime | None
    met_at: datetime | None
    is_right: bool
    now: datetime

    @property
    def is_late(self) -> bool:
        """Whether an office passed it, or is past it now."""
        return not self.is_right and self.due_at is not None and (self.met_at or self.now) > self.due_at

    @property
    def mark(self) -> str:
        """The symbol beside it."""
        if self.is_late:
            return "late"
        return "done" if self.met_at else ("on" if self.due_at and self.now <= self.due_at else "none")

    @property
    def words(self) -> str:
        """When it was met, or by when it must be."""
        if self.due_at is None:
            return pgettext("stage", "not begun")
        due = {"day": f"{clock.local(self.due_at):%Y-%m-%d}"}
        if self.met_at is not None:
            met = {"day": f"{clock.local(self.met_at):%Y-%m-%d}"}
            late = pgettext("stage", "done on %(day)s, late") % met
            return late if self.is_late else pgettext("stage", "done on %(day)s") % met
        if self.now <= self.due_at:
            return pgettext("stage", "by %(day)s") % due
        if self.is_right:
            return pgettext("stage", "the time for it ended on %(day)s") % due
        return pgettext("stage", "overdue since %(day)s") % due


def stages_of(matter: Matter, kind: Kind, steps: Sequence[Step]) -> list[StageLine]:
    """The kind's staged limits as they stand for a matter now; `steps` is its history in order."""
    done = [(step.verb, step.left_at) for step in steps if step.verb and step.left_at is not None]
    return [_line(matter, code, stage, done) for code, stage in kind.stages.items()]


def _line(matter: Matter, code: str, stage: StagedLimit, done: list[tuple[str, datetime]]) -> StageLine:
    began = matter.received_at if stage.begins == "file" else _first((stage.begins,), done)
    met = _first(stage.ends, [row for row in done if began is not None and row[1] >= began])
    due = calendar().add(began, stage.limit) if began is not None else None
    label = stage.label.text(language())
    return StageLine(code, label, due, met, stage.of == "reporter", clock.now())


def _first(verbs: Sequence[str], done: list[tuple[str, datetime]]) -> datetime | None:
    return min((at for verb, at in done if verb in verbs), default=None)


def extension_words(matter: Matter, steps: Sequence[Step]) -> str:
    """That more time was given, until when and why, as whoever reported it is told; empty where none was."""
    if not matter.extensions or matter.due_at is None:
        return ""
    asked = [step.note for step in steps if step.verb == "extend"]
    words = {"day": f"{clock.local(matter.due_at):%Y-%m-%d}", "why": asked[-1] if asked else "—"}
    return _("The time for handling it was extended until %(day)s: %(why)s") % words
