"""What the API takes, and what it says of verbs. Only the shape that files a matter has a place for who reports it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from shiyu.matters.models import Matter

Text = Annotated[str, Field(max_length=4000)]
Name = Annotated[str, Field(max_length=120)]


class Choice(Schema):
    """What a field may be."""

    value: str
    label: str


class ActField(Schema):
    """A field of a verb. `type` is text, date, integer, boolean, choice, unit or units; `fields.x` stands in `fields`, as
    when a matter is filed."""

    name: str
    label: str
    required: bool
    type: str
    choices: list[Choice] | None = None


class Act(Schema):
    """A verb of the matter's kind, as it stands for this account now: with its fields, or why it cannot be done."""

    verb: str
    label: str
    allowed: bool
    reasons: list[str]
    fields: list[ActField]


class Acts(Schema):
    """Every verb of the kind. `version` is to be sent back as `seen`, so that nobody acts on an old state."""

    version: int
    items: list[Act]


class Strict(Schema):
    """A body in which an unknown field is an error."""

    model_config = ConfigDict(extra="forbid")


class ReporterGiven(Strict):
    """Who reports it. Sealed at once; nothing of it can be read here again."""

    name: Annotated[str, Field(max_length=60)] = ""
    phone: Annotated[str, Field(max_length=30)] = ""
    address: Annotated[str, Field(max_length=200)] = ""
    anonymous: bool = False


class OtherSideGiven(Strict):
    """Whom a dispute is with. Sealed at once, as the reporter."""

    name: Annotated[str, Field(max_length=60)] = ""
    phone: Annotated[str, Field(max_length=30)] = ""
    address: Annotated[str, Field(max_length=200)] = ""


class MatterGiven(Strict):
    """What came up. Which fields a kind takes and needs is the pack's; `fields` are those of the kind's own form."""

    kind: Annotated[str, Field(max_length=30)]
    title: Name
    text: Text = ""
    topic: Annotated[str, Field(max_length=60)] = ""
    source: Annotated[str, Field(max_length=30)] = ""
    happened_on: date | None = None
    due_at: date | None = None
    unit_id: UUID | None = None
    lead_unit_id: UUID | None = None
    supporting_unit_ids: Annotated[list[UUID], Field(max_length=200)] = []
    person: Annotated[str, Field(max_length=60)] = ""
    area_id: UUID | None = None
    further_area_ids: Annotated[list[UUID], Field(max_length=200)] = []
    goal: Text = ""
    measures: Text = ""
    fields: dict[str, str | int | float | bool | None] = {}
    reporter: ReporterGiven | None = None
    other_side: OtherSideGiven | None = None


class Filed(Schema):
    """A matter that was filed. `pin` goes to its reporter, with the code; it is not shown again."""

    id: UUID
    code: str
    pin: str | None = None


class DeedGiven(Strict):
    """The fields of a verb: GET …/acts says which of them it takes and needs."""

    seen: int | None = None
    reason: Text | None = None
    result: Text | None = None
    note: Text | None = None
    text: Text | None = None
    remedy: Text | None = None
    unit_id: UUID | None = None
    supporting_unit_ids: Annotated[list[UUID], Field(max_length=200)] | None = None
    person: Annotated[str, Field(max_length=60)] | None = None
    until: date | None = None
    outcome: Annotated[str, Field(max_length=30)] | None = None
    assignment_id: UUID | None = None
    sort_class: Annotated[str, Field(max_length=60)] | None = None
    grade: Annotated[str, Field(max_length=60)] | None = None
    other: Annotated[str, Field(max_length=30)] | None = None
    leader: Annotated[str, Field(max_length=60)] | None = None
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    no_more_calls: bool | None = None
    fields: dict[str, str | int | float | bool | None] | None = None


class Acted(Schema):
    """How the matter stands after a verb."""

    id: UUID
    code: str
    phase: str
    state: str
    outcome: str
    is_open: bool
    version: int

    @classmethod
    def of(cls, row: Matter) -> "Acted":
        """The state of a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class FilesKept(Schema):
    """Proof that was kept."""

    ids: list[UUID]
