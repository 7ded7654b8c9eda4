"""The small value types every other kernel module speaks in: labels, reasons, limits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
"""A name in code and packs: small letters, digits and underscores, beginning with a letter."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A text that is not empty."""


class Wrong(ValueError):
    """What a pack says wrongly, in both languages; the pack reader adds file and line. `path` leads from the
    model that noticed it to the part that is wrong."""

    def __init__(self, zh: str, en: str, *path: str | int) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.path = path


class Strict(BaseModel):
    """What every part of a pack is: unknown keys are errors, values never change."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, coerce_numbers_to_str=True
    )


class Label(Strict):
    """A text in both languages: `{zh: 问题, en: Problem}`."""

    zh: Text
    """Chinese."""
    en: Text
    """English."""

    def text(self, language: str) -> str:
        """The wording for a language code: English for `en…`, Chinese for every other."""
        return self.en if language.lower().startswith("en") else self.zh


def label(zh: str, en: str) -> Label:
    """A Label in one short call, for the catalogues of the code."""
    return Label(zh=zh, en=en)


class LimitUnit(StrEnum):
    """What a limit is counted in (domain.md 1.5)."""

    WORK_HOURS = "work_hours"
    WORKDAYS = "workdays"
    CALENDAR_DAYS = "calendar_days"


class Limit(Strict):
    """A length of time: `{n: 5, unit: workdays}`."""

    n: int = Field(ge=1, le=10_000)
    """How many."""
    unit: LimitUnit = LimitUnit.WORKDAYS
    """work_hours, workdays or calendar_days."""


@dataclass(frozen=True)
class Reason:
    """Why something may not be done now: a code for programs, a sentence for people."""

    code: str
    zh: str
    en: str

    def text(self, language: str) -> str:
        """The sentence for a language code: English for `en…`, Chinese for every other."""
        return self.en if language.lower().startswith("en") else self.zh
