"""Who does what to a matter of the simulated half year, and whether they may: the hands of the centres' play."""

from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile

from shiyu.demo.cast import Cast
from shiyu.kernel.actor import Actor
from shiyu.kernel.competence import FunctionStanding, against_dispatch
from shiyu.matters.access import can
from shiyu.matters.actions import act_on_matter
from shiyu.matters.actions.proof import keep_proof
from shiyu.matters.models import Assignment, Matter
from shiyu.matters.queries.ways import competence_for, standings_for
from shiyu.people.models import Unit


class Hands:
    """Deeds by whoever of the units concerned holds the right for them."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def office(self, right: str, matter: Matter, besides: Actor | None = None) -> Actor | None:
        """Somebody of the unit that has taken the matter in, else of the one above, who is not `besides`."""
        above = matter.unit.upper_centre_id or matter.unit.parent_id
        return self.cast.who(right, matter.unit_id, besides) or (
            self.cast.who(right, above, besides) if above else None
        )

    def do(self, matter_id: UUID, verb: str, right: str, **data: Any) -> bool:
        """The centre's people do a verb, where it may be done as things stand; False where not."""
        matter = Matter.objects.select_related("unit").get(pk=matter_id)
        return self.by(self.office(right, matter), matter, verb, **data)

    def check(self, matter_id: UUID, verb: str, right: str, **data: Any) -> bool:
        """A verb that wants another hand: by somebody who neither handled the matter nor reported it done."""
        matter = Matter.objects.select_related("unit").get(pk=matter_id)
        for actor in self.cast.actors:
            if actor.has(right, matter.unit_id) and self.by(actor, matter, verb, **data):
                return True
        return False

    def by(self, actor: Actor | None, matter: Matter, verb: str, **data: Any) -> bool:
        """A person does a verb, where it may be done as things stand; False where not."""
        if actor is None or not can(actor, verb, matter):
            return False
        act_on_matter(actor, matter.pk, verb, **data)
        return True

    def holder(self, row: Assignment) -> Actor | None:
        """Somebody of the unit that holds an assignment."""
        return self.cast.who("matter.handle", row.unit_id)

    def lead(self, matter_id: UUID) -> Assignment | None:
        """The assignment that leads a matter now."""
        rows = Assignment.objects.filter(matter_id=matter_id, active=True, role="lead")
        return rows.select_related("unit", "matter__unit").first()

    def held(self, matter_id: UUID) -> list[Assignment]:
        """All assignments that are going on, those of supporting units first."""
        rows = Assignment.objects.filter(matter_id=matter_id, active=True).select_related("matter__unit")
        return list(rows.order_by("-role", "asked_at", "id"))

    def handle(self, matter_id: UUID, verb: str, **data: Any) -> bool:
        """The leading unit does a verb with its own assignment."""
        row = self.lead(matter_id)
        if row is None:
            return False
        if verb in ("acknowledge", "complete", "return"):
            data["assignment_id"] = row.pk
        return self.by(self.holder(row), row.matter, verb, **data)

    def complete_all(self, matter_id: UUID, result: str, opinion: dict[str, str] | None = None) -> None:
        """Each unit that holds it reports what it did, the lead last with its written opinion where the kind asks for
        one, each with a file as proof."""
        for row in self.held(matter_id):
            actor = self.holder(row)
            if actor is None:
                continue
            if row.acknowledged_at is None:
                self.by(actor, row.matter, "acknowledge", assignment_id=row.pk)
            leads = row.role == Assignment.Role.LEAD
            said, fields = (result, opinion or {}) if leads else ("已按分工配合到位。", {})
            if can(actor, "complete", row.matter):
                text = f"{row.matter.code} 办理情况\n{said}\n".encode()
                keep_proof(actor, row.matter, [ContentFile(text, name=f"办理情况-{str(row.pk)[-6:]}.txt")])
                self.by(actor, row.matter, "complete", result=said, assignment_id=row.pk, fields=fields)

    def competent(self, matter: Matter) -> tuple[list[Unit], list[Unit]]:
        """Who may lead, the first one rather, and who supports, by the pack's table and the lists of functions, among
        units with people."""
        found = competence_for(matter)
        named = [found.lead, *found.supporting, *found.informed] if found else []
        units = list(
            dict.fromkeys(unit for unit in named if unit and self.cast.who("matter.handle", unit.pk))
        )
        standings = standings_for(matter, [unit.pk for unit in units])

        def fits(unit: Unit, as_lead: bool) -> bool:
            standing: FunctionStanding | None = standings.get(unit.pk)
            return against_dispatch(standing, as_lead=as_lead) is None

        support = [
            unit for unit in (found.supporting if found else []) if unit in units and fits(unit, False)
        ]
        return [unit for unit in units if fits(unit, True)], support
