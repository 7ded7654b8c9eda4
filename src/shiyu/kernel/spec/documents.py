"""`letter`, `template` and `archive`: what leaves the office and what is put into boxes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from shiyu.kernel.documents import DOCUMENTS, NUMBER_NAMES, fill, names_in
from shiyu.kernel.near import hint
from shiyu.kernel.spec.seed import UnitKind
from shiyu.kernel.words import Code, Label, Limit, Strict, Text, Wrong


def _known_document(value: str) -> str:
    if value not in DOCUMENTS:
        zh, en = hint(value, DOCUMENTS)
        raise Wrong(f"没有文书 {value}{zh}", f"no such document: {value}{en}")
    return value


DocumentCode = Annotated[str, AfterValidator(_known_document)]
"""One of the documents in the code's catalogue."""


class NumberSeries(Strict):
    """A running number: `{pattern: "示社治函〔{{year}}〕{{n}}号"}`."""

    pattern: Text
    """Text with {{n}} (the running number) and, where wanted, {{year}} and {{month}}; for letters {{unit}}, for
    archive numbers {{class}} and {{box}}."""
    digits: int = Field(default=1, ge=1, le=8)
    """The running number is filled with zeros to this length."""
    restart: Literal["year", "never"] = "year"
    """When counting begins again at 1."""

    @field_validator("pattern")
    @classmethod
    def _names(cls, value: str) -> str:
        names = names_in(value)
        if "n" not in names:
            raise Wrong("编号格式要有 {{n}}", "the pattern needs {{n}}")
        return value

    def names(self) -> list[str]:
        """The names the pattern uses."""
        return names_in(self.pattern)

    def text(self, n: int, **values: object) -> str:
        """The number n as the pattern writes it; `values` gives the other names, {{box}} filled with zeros like n."""
        filled = {"n": str(n).zfill(self.digits), **values}
        if "box" in values:
            filled["box"] = str(values["box"]).zfill(self.digits)
        return fill(self.pattern, filled)

    @model_validator(mode="after")
    def _restart_shows(self) -> NumberSeries:
        if self.restart == "year" and "year" not in names_in(self.pattern):
            raise Wrong(
                "每年重新起号的编号要有 {{year}}，否则会重号",
                "a series that restarts each year needs {{year}}, else numbers repeat",
            )
        return self


def numbers_of(thing: str) -> AfterValidator:
    """Refuses names that the number of such a thing does not have (a letter has no archive class)."""

    def check(series: NumberSeries) -> NumberSeries:
        for name in series.names():
            if name not in NUMBER_NAMES[thing]:
                zh, en = f"此处编号不能使用 {{{{{name}}}}}", f"this number cannot use {{{{{name}}}}}"
                raise Wrong(zh, en, "pattern")
        return series

    return AfterValidator(check)


def _where_it_is(name: str) -> tuple[str, str] | None:
    """Which documents know a name; None where none does, so that it is misspelt."""
    having = [document.code for document in DOCUMENTS.values() if name in document.names]
    return (f"；{'、'.join(having)} 才有", f"; that belongs to {', '.join(having)}") if having else None


class Template(Strict):
    """The wording of one document.

    ```yaml
    template:
      circular:
        label: {zh: 月度通报, en: Monthly circular}
        document: circular
        title: 关于{{year}}年{{month}}月工作情况的通报
        addressee: 各成员单位
        body: ["# 一、总体情况", "截至{{period_end}}……"]
        closing: {{office}}
    ```
    Text with {{name}}; which names a document has is listed in docs/packs.md."""

    label: Label
    """What the template is called."""
    document: DocumentCode
    """Which document of the catalogue it words."""
    title: Text
    """Title of the document."""
    addressee: str = ""
    """Whom it is addressed to (主送)."""
    body: tuple[Text, ...] = ()
    """Paragraphs; one that begins with `# ` or `## ` is a heading of the first or second level."""
    closing: str = ""
    """Who signs (落款)."""

    @model_validator(mode="after")
    def _names(self) -> Template:
        known = DOCUMENTS[self.document].names
        body: list[tuple[tuple[str | int, ...], str]] = [
            (("body", n), text) for n, text in enumerate(self.body)
        ]
        head = [(("title",), self.title), (("addressee",), self.addressee), (("closing",), self.closing)]
        for path, text in (*head, *body):
            for name in names_in(text):
                if name not in known:
                    zh, en = _where_it_is(name) or hint(name, sorted(known))
                    raise Wrong(
                        f"文书 {self.document} 没有 {{{{{name}}}}}{zh}",
                        f"the document {self.document} has no {{{{{name}}}}}{en}",
                        *path,
                    )
        return self


class LetterEffect(StrEnum):
    """What a letter about a matter does to the matter when it is issued."""

    SUPERVISE = "supervise"
    LIMIT = "limit"


class LetterUse(StrEnum):
    """What the product itself takes a kind of letter for."""

    REPLY = "reply"
    WITHDRAWAL = "withdrawal"
    URGING = "urging"


class Letter(Strict):
    """A kind of numbered letter. `letter: {rectification: {label: {…}, number: {pattern: …}, reply: {n:
    10}}}`"""

    label: Label
    """What the letter is called."""
    number: Annotated[NumberSeries, numbers_of("letter")]
    """Its numbers; each issuing unit has a series of its own, and {{unit}} shows whose it is."""
    reply: Limit | None = None
    """How long the addressee has to reply; left out: no reply is asked for."""
    template: Code | None = None
    """The template that words it."""
    formal: bool = False
    """true: it goes out for approval in the office's own document system and counts as issued when signer, date, number
    and the stamped file are back; false: it is issued here at once."""
    orders: bool = False
    """true: it gives an order; a coordinating body (`addressing`) may not send it to lower committees or governments."""
    effect: LetterEffect | None = None
    """What it does to its matter: supervise (the matter comes under supervision, until that is ended or the letter
    withdrawn) or limit (the day to reply by becomes the matter's limit, where that is earlier or the matter has none)."""
    use: LetterUse | None = None
    """reply: letters are answered with it; withdrawal: letters are withdrawn with it; urging: it reminds of a reply.
    Where no kind is for withdrawal, a letter is withdrawn by another one of its own kind."""
    counts_as: Label | None = None
    """The heading under which the counts of a period add it up: “一函”, “一书”."""


class Addressing(Strict):
    """To whom letters that give orders may go. `addressing: {coordinating: [leading_group, centre], no_orders_to:
    [government]}`"""

    coordinating: tuple[UnitKind, ...] = (
        UnitKind.LEADING_GROUP,
        UnitKind.LEADING_OFFICE,
        UnitKind.CENTRE,
        UnitKind.TASK_FORCE,
    )
    """The kinds of units that are coordinating bodies (议事协调机构)."""
    no_orders_to: tuple[UnitKind, ...] = (UnitKind.GOVERNMENT, UnitKind.PARTY_BODY)
    """The kinds of units below them to which they give no orders."""


class Archive(Strict):
    """Boxes and their numbers (LZ9). `archive: {classes: {zr: {zh: 责任落实, en: Duties}}, number:
    {pattern: "{{class}}-{{year}}-{{n}}"}}`"""

    classes: dict[Code, Label] = Field(min_length=1)
    """The classes boxes are filed under, in order."""
    number: Annotated[NumberSeries, numbers_of("archive")]
    """Archive numbers (档号), given when a document is filed in a box. {{n}} counts the documents of a class (and,
    where it restarts, of a year); with {{box}} in the pattern the documents of the box."""

    @model_validator(mode="after")
    def _class_shows(self) -> Archive:
        names = self.number.names()
        if "class" not in names:
            raise Wrong(
                "档号要有 {{class}}，否则各类会重号",
                "archive numbers need {{class}}, else classes share numbers",
                *("number", "pattern"),
            )
        if "box" in names and "year" not in names:
            raise Wrong(
                "档号有 {{box}} 就要有 {{year}}，盒号每年重起",
                "archive numbers with {{box}} need {{year}}, since boxes are counted anew each year",
                *("number", "pattern"),
            )
        return self
