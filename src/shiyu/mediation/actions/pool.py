"""The pools: who holds which public role, from when to when."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.mediation.access import can, need_view
from shiyu.mediation.models import RoleHolder
from shiyu.mediation.queries.words import kind_choices, role_choices
from shiyu.people.models import Unit

Row = Mapping[str, str]


@action("mediation.add_holder")
def add_holder(
    actor: Actor,
    *,
    unit_id: UUID,
    name: str,
    role: str,
    topics: Sequence[str] = (),
    full_time: bool = False,
    valid_from: date | None = None,
) -> RoleHolder:
    """A person takes up a public role in a body. Raises NotAllowed for another body's pool, UserError for a role or kind
    that the pack does not know, or who is there already."""
    need_view(actor)
    unit = Unit.objects.in_force().filter(pk=unit_id).first()
    if unit is None:
        raise UserError(_("Choose a unit from the list."), field="unit")
    if not can(actor, "run", unit):
        raise NotAllowed(_("A body, or the centre above it, keeps its own pool."))
    if len(name.strip()) < 2:
        raise UserError(_("Give a name."), field="name")
    if role not in dict(role_choices()):
        raise UserError(_("Choose a role from the list."), field="role")
    known = dict(kind_choices())
    if [topic for topic in topics if topic not in known]:
        raise UserError(_("Choose the kinds from the list."), field="topics")
    row = RoleHolder(unit=unit, name=name.strip()[:60], role=role, topics=list(topics), full_time=full_time)
    row.valid_from = valid_from or clock.today()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise UserError(_("This person holds the role already."), field="name") from None
    record(row, {"unit": unit.name, "role": role, "topics": list(topics), "full_time": full_time})
    return row


@action("mediation.end_holder")
def end_holder(actor: Actor, holder_id: UUID, *, on: date) -> RoleHolder:
    """The role ends with this day; what the person mediated stays on record. Raises UserError while a mediation that goes
    on has nobody else."""
    need_view(actor)
    row = (
        RoleHolder.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=holder_id).first()
    )
    if row is None:
        raise NotVisible(_("There is no such person in a public role."))
    if not can(actor, "run", row.unit):
        raise NotAllowed(_("A body, or the centre above it, keeps its own pool."))
    if row.valid_to is not None:
        raise UserError(_("This role has ended already."), field="on")
    if row.valid_from and on < row.valid_from:
        raise UserError(_("The day lies before the beginning."), field="on")
    if row.chosen.filter(mediation__outcome="").exists():
        raise UserError(_("Choose somebody else for the mediations that go on first."))
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    record(row, {"valid_to": on})
    return row


@action("mediation.import_holders")
def import_holders(actor: Actor, rows: Sequence[Row]) -> int:
    """The pools of a pack's seed; who is there already stays. Gives how many were added. Raises UserError for a unit that
    does not exist."""
    units = dict(Unit.objects.values_list("code", "pk"))
    known = set(RoleHolder.objects.filter(valid_to=None).values_list("unit_id", "name", "role"))
    added = []
    for row in rows:
        if row["unit"] not in units:
            raise UserError(_("This unit does not exist (any more)."), unit=row["unit"])
        key = (units[row["unit"]], row["name"], row["role"])
        if key in known:
            continue
        known.add(key)
        topics = [topic for topic in (row.get("topics") or "").split("|") if topic]
        begun, over = (
            date.fromisoformat(day) if day else None for day in (row["valid_from"], row["valid_to"])
        )
        added.append(
            RoleHolder(
                unit_id=key[0],
                name=key[1],
                role=key[2],
                topics=topics,
                full_time=row.get("full_time") == "true",
                valid_from=begun,
                valid_to=over,
            )
        )
    RoleHolder.objects.bulk_create(added, batch_size=1000)
    record(None, {"role_holders": len(added)})
    return len(added)
