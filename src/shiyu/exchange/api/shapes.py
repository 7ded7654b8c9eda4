"""What the API gives. No shape has a place for who reported a matter."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from ninja import Schema

from shiyu.exchange.api.paging import Cut, Word
from shiyu.letters.models import Letter, Recipient
from shiyu.lib import clock
from shiyu.matters.models import Assignment, Matter, Step
from shiyu.people.models import Unit
from shiyu.places.models import Area

Words = dict[str, Word]


class Ref(Schema):
    """A unit or an area, by id and name."""

    id: UUID
    name: str

    @classmethod
    def of(cls, row: Unit | Area) -> "Ref":
        """The reference to a row."""
        return cls(id=row.pk, name=row.name)


class Me(Schema):
    """Whose token it is, and what may be done with it."""

    account: str
    kind: str
    token: str
    scopes: list[str]
    expires_at: datetime
    posts: list[str]
    rights: dict[str, list[str]]


class MatterLine(Schema):
    """A matter as a list shows it; `words` are the page's columns in the language asked for."""

    id: UUID
    code: str
    kind: str
    title: str
    phase: str
    state: str
    outcome: str
    is_open: bool
    unit: Ref
    lead: str | None
    area: Ref | None
    topic: str
    source: str
    grade: str
    level: int
    happened_on: date | None
    received_at: datetime
    step_due_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    is_suspended: bool
    on_books: bool
    version: int
    words: Words

    @classmethod
    def given(cls, row: Any, words: Words) -> dict[str, Any]:
        """The fields of a row of `matter_rows`."""
        same = ("id", "code", "kind", "title", "phase", "state", "outcome", "is_open", "topic", "source", "grade",
                "level", "happened_on", "received_at", "step_due_at", "due_at", "closed_at", "on_books", "version")  # fmt: skip
        return {name: getattr(row, name) for name in same} | {
            "unit": Ref.of(row.unit),
            "lead": row.lead_name,
            "area": Ref.of(row.area) if row.area else None,
            "is_suspended": row.is_suspended(clock.now()),
            "words": words,
        }


class MatterWhole(MatterLine):
    """One matter."""

    text: str
    goal: str
    measures: str
    progress: str
    fields: dict[str, Any]
    about_type: str
    about_id: UUID | None
    about_label: str

    @classmethod
    def of(cls, row: Matter, words: Words) -> "MatterWhole":
        """The whole of a row of `matter_rows`."""
        more = ("text", "goal", "measures", "progress", "fields", "about_type", "about_id", "about_label")
        return cls(**cls.given(row, words), **{name: getattr(row, name) for name in more})


class AssignmentLine(Schema):
    """One unit's part in a matter."""

    id: UUID
    matter_id: UUID
    matter_code: str
    unit: Ref
    office: Ref | None
    role: str
    active: bool
    asked_at: datetime
    acknowledged_at: datetime | None
    due_at: datetime | None
    done_at: datetime | None
    result: str
    ended: str

    @classmethod
    def of(cls, row: Assignment) -> "AssignmentLine":
        """The line of a row with its matter, unit and office."""
        same = (
            "id",
            "matter_id",
            "role",
            "active",
            "asked_at",
            "acknowledged_at",
            "due_at",
            "done_at",
            "result",
            "ended",
        )
        return cls(
            **{name: getattr(row, name) for name in same},
            matter_code=row.matter.code,
            unit=Ref.of(row.unit),
            office=Ref.of(row.office) if row.office else None,
        )


class StepLine(Schema):
    """One stay of a matter in a state, or a deed `within` it. It names units, never persons."""

    id: UUID
    matter_id: UUID
    assignment_id: UUID | None
    unit_id: UUID | None
    unit_name: str
    acting_unit_id: UUID | None
    state: str
    phase: str
    entered_at: datetime
    due_at: datetime | None
    left_at: datetime | None
    verb: str
    note: str
    used_minutes: int | None
    within: bool

    @classmethod
    def of(cls, row: Step) -> "StepLine":
        """The line of a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class LetterLine(Schema):
    """A letter as a list shows it."""

    id: UUID
    number_text: str
    title: str
    kind: str
    unit: Ref
    state: str
    issued_on: date | None
    reply_by: date | None
    subject_type: str
    subject_id: UUID | None
    sent: int
    received: int
    replied: int
    words: Words

    @classmethod
    def given(cls, row: Any, words: Words) -> dict[str, Any]:
        """The fields of a row of `letters_shown`."""
        same = ("id", "number_text", "title", "kind", "state", "issued_on", "reply_by", "subject_type", "subject_id",
                "sent", "received", "replied")  # fmt: skip
        return {name: getattr(row, name) for name in same} | {"unit": Ref.of(row.unit), "words": words}


class RecipientLine(Schema):
    """A unit a letter went to. Its reply is read in the unit that asked and in its own; for others it stays empty."""

    unit: Ref
    received_at: datetime | None
    replied_at: datetime | None
    reply: str

    @classmethod
    def of(cls, row: Recipient, *, with_reply: bool) -> "RecipientLine":
        """The line of a row with its unit."""
        reply = row.reply if with_reply else ""
        return cls(unit=Ref.of(row.unit), received_at=row.received_at, replied_at=row.replied_at, reply=reply)


class LetterWhole(LetterLine):
    """One letter, as the account's units get it."""

    body: str
    recipients: list[RecipientLine]

    @classmethod
    def of(
        cls, row: Letter, words: Words, body: str, recipients: list[Recipient], open_to: frozenset[UUID]
    ) -> "LetterWhole":
        """The whole of a row of `letters_shown`; `open_to` are the recipients whose replies are read."""
        lines = [RecipientLine.of(one, with_reply=one.pk in open_to) for one in recipients]
        return cls(**cls.given(row, words), body=body, recipients=lines)


class UnitLine(Schema):
    """A unit in force. `upper_centre_id` is where a matter climbs to."""

    id: UUID
    code: str
    name: str
    name_en: str
    short_name: str
    kind: str
    area_id: UUID | None
    parent_id: UUID | None
    upper_centre_id: UUID | None
    protocol_order: int
    valid_from: date | None
    valid_to: date | None

    @classmethod
    def of(cls, row: Unit) -> "UnitLine":
        """The line of a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class AreaLine(Schema):
    """A place in force."""

    id: UUID
    code: str
    name: str
    name_en: str
    level: str
    parent_id: UUID | None

    @classmethod
    def of(cls, row: Area) -> "AreaLine":
        """The line of a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class ListLine(Schema):
    """A line of one of the three lists: its columns as the page shows them, and what it leads to."""

    subject_type: str
    subject_id: UUID
    words: Words


class FileLine(Schema):
    """A file (or link) of a matter; `download` is its address here, None for a link."""

    id: UUID
    title: str
    file_name: str
    media_type: str
    size: int | None
    link: str
    on_date: date | None
    download: str | None


class Page(Schema):
    """What every list gives: `next` and `previous` are cursors, None at the ends."""

    next: str | None
    previous: str | None


class RowPage(Page):
    """A page of rows that may become more: `resume` is the cursor that goes on after the last of them, also at the end; None
    where new rows do not come last."""

    resume: str | None

    @classmethod
    def of(cls, cut: Cut, items: list[Any]) -> Self:
        """The page of a cut with its lines."""
        return cls(items=items, next=cut.next, previous=cut.previous, resume=cut.resume)  # type: ignore[call-arg]


class MatterPage(RowPage):
    """Matters."""

    items: list[MatterLine]


class AssignmentPage(RowPage):
    """Assignments."""

    items: list[AssignmentLine]


class StepPage(RowPage):
    """Steps."""

    items: list[StepLine]


class LetterPage(RowPage):
    """Letters."""

    items: list[LetterLine]


class UnitPage(RowPage):
    """Units."""

    items: list[UnitLine]


class AreaPage(RowPage):
    """Areas."""

    items: list[AreaLine]


class ListPage(Page):
    """Lines of one of the three lists, as of a day."""

    as_of: date
    is_locked: bool
    items: list[ListLine]


class Files(Schema):
    """The files of a matter."""

    items: list[FileLine]
