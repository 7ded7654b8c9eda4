"""What a unit itself keeps of its own data: the public number."""

from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.personal import is_reachable, written
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.people.access import may_set_phone
from shiyu.people.models import Unit


@action("people.set_unit_phone")
def set_unit_phone(actor: Actor, unit_id: UUID, *, phone: str) -> Unit:
    """Sets or empties the public number of a unit, which stands on its receipts. Raises NotVisible, NotAllowed, UserError
    for a number that cannot be called."""
    unit = Unit.objects.select_for_update().filter(pk=unit_id).first()
    if unit is None:
        raise NotVisible(_("There is no such unit."))
    if not may_set_phone(actor, unit):
        raise NotAllowed(_("Your posts do not include this right."))
    given = written(phone)
    if given and not is_reachable(given):
        raise UserError(
            _("Give a fixed line with its area code, or a mobile number of 11 digits."), field="phone"
        )
    before, unit.phone = unit.phone, given
    unit.save(update_fields=["phone"])
    record(unit, {"phone": [before, given]})
    return unit
