"""The people of the simulated year: Actors by what they may do."""

from uuid import UUID

from shiyu.kernel.actor import Actor
from shiyu.people.models import Appointment, Unit
from shiyu.people.queries import actor_of


class Cast:
    """Who does what. Built once: the demo's posts do not change during its year."""

    def __init__(self) -> None:
        held = (
            Appointment.objects.filter(valid_to=None).select_related("user").order_by("post__protocol_order")
        )
        self.actors: list[Actor] = []
        seen: set[UUID] = set()
        for row in held:
            if row.user_id not in seen:
                seen.add(row.user_id)
                self.actors.append(actor_of(row.user))
        self.units = {unit.code: unit for unit in Unit.objects.all()}

    def who(self, right: str, unit_id: UUID | None = None, besides: Actor | None = None) -> Actor | None:
        """Somebody who holds a right (in a unit), other than `besides`; the first by protocol."""
        for actor in self.actors:
            if actor is not besides and actor.has(right, unit_id):
                return actor
        return None

    def unit(self, code: str) -> Unit:
        """A unit of the material. Raises LookupError for one the city does not have."""
        if code not in self.units:
            raise LookupError(f"seed/demo: no unit {code}")
        return self.units[code]

    def at(self, unit: Unit, right: str) -> Actor:
        """Somebody of the unit with the right. Raises LookupError where nobody holds it."""
        found = self.who(right, unit.pk)
        if found is None:
            raise LookupError(f"seed/demo: nobody at {unit.code} has {right}")
        return found

    def office(self, *rights: str, rather: str = "") -> Actor:
        """Somebody of the office that holds all of `rights`, rather one who also holds the right `rather`.

        Raises LookupError where nobody holds them.
        """
        able = [actor for actor in self.actors if all(actor.has(right) for right in rights)]
        if not able:
            raise LookupError(", ".join(rights))
        return next((actor for actor in able if rather and actor.has(rather)), able[0])
