"""A problem opened against a duty: the matter runs its own loop, the link says which duty it is about."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.documents.actions import Upload
from shiyu.kernel.actor import Actor
from shiyu.lib.errors import NotVisible, UserError
from shiyu.matters.actions import file_matter
from shiyu.packs.queries import current_pack
from shiyu.people.models import Post
from shiyu.plans.access import need
from shiyu.plans.models import Duty, DutyProblem


@action("plans.open_problem")
def open_problem(
    actor: Actor,
    duty_id: UUID,
    *,
    title: str,
    text: str,
    source: str = "",
    goal: str = "",
    measures: str = "",
    happened_on: date | None = None,
    due_at: date | datetime | None = None,
    supporting_unit_ids: tuple[UUID, ...] = (),
    fields: Mapping[str, Any] | None = None,
    files: Mapping[str, Sequence[Upload]] | None = None,
) -> DutyProblem:
    """File a problem (the kind the pack names in `plan.problem_kind`) against a duty of an edition in force.

    The unit that holds the duty leads, its holder is named; the filer's rights are checked by `file_matter`.
    """
    need(actor, "view")
    duty = _duty(duty_id)
    holder = next((row for row in duty.holders.all() if row.valid_to is None), None)
    matter = file_matter(
        actor,
        kind=problem_kind(),
        title=title,
        text=text,
        source=source,
        unit_id=_owner(actor, duty),
        lead_unit_id=duty.unit_id,
        supporting_unit_ids=supporting_unit_ids,
        office_id=holder.office_id if holder else None,
        person=holder.person.name if holder and holder.person else "",
        goal=goal,
        measures=measures,
        happened_on=happened_on,
        due_at=due_at,
        about=("plans.duty", duty.pk, str(duty.task or duty.decision)[:200]),
        fields=fields,
        files=files,
    )
    link = DutyProblem.objects.create(duty=duty, matter=matter)
    record(duty, {"problem": matter.code, "title": title})
    return link


def problem_kind() -> str:
    """The kind of matter the pack opens against duties. Raises UserError where it names none."""
    kind = current_pack().plan.problem_kind
    if not kind:
        raise UserError(_("The city's pack names no kind of problem; problems cannot be opened."))
    return kind


def _duty(duty_id: UUID) -> Duty:
    """The duty with all that the matter is told of it."""
    duty = (
        Duty.objects.filter(pk=duty_id)
        .select_related("unit", "task__edition__plan", "decision")
        .prefetch_related("holders__person")
        .first()
    )
    if duty is None:
        raise NotVisible(_("This duty does not exist."))
    return duty


def _owner(actor: Actor, duty: Duty) -> UUID:
    """Who dispatches and closes: the filer's unit if it may, else the plan's unit, else the office with that right."""
    own = actor.units_with("matter.dispatch")
    if own:
        return actor.home_unit_id if actor.home_unit_id in own else min(own)
    plan = duty.task.edition.plan if duty.task else None
    if plan and plan.unit_id:
        return plan.unit_id
    roles = [code for code, role in current_pack().role.items() if "matter.dispatch" in role.rights]
    rows = Post.objects.order_by("unit__protocol_order", "protocol_order").values_list("unit_id", "roles")
    found = next((unit for unit, held in rows if set(held) & set(roles)), None)
    if found is None:
        raise UserError(_("No unit has the right to dispatch problems; the pack's roles give it to nobody."))
    return found
