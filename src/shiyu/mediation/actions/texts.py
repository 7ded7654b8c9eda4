"""Texts that are not sealed hold no name: in its place stands 当事人甲, 乙."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from shiyu.kernel.personal import Personal
from shiyu.lib.errors import UserError
from shiyu.mediation.models import Danger, LookBack, Mediation, Side, Sitting
from shiyu.mediation.queries.names import SHORTEST, is_named, names_in
from shiyu.mediation.queries.words import party_label

OWN = ("reason", "facts", "issues", "responsibility", "terms", "performance")
OF_PARTS: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (Side, ("note",)),
    (Sitting, ("place", "tried", "following")),
    (Danger, ("what", "told_to")),
    (LookBack, ("note",)),
)


def check_names(mediation: Mediation, texts: dict[str, Any]) -> None:
    """Raises UserError where a text holds the name or number of a party: they are sealed, and the texts are not."""
    for field, text in texts.items():
        label = names_in(mediation, text)
        if label is not None:
            raise UserError(
                _("Write %(party)s instead of the name or the number: these texts are not sealed.")
                % {"party": label},
                field=field,
            )


def take_names_out(mediation: Mediation, number: int, given: Mapping[Personal, str]) -> int:
    """Puts a new side's label in the place of its name and number in all that was written before it was entered; returns
    in how many rows. No record of its own."""
    changed = _put_label(mediation, OWN, number, given)
    for model, fields in OF_PARTS:
        rows: Any = model._default_manager.filter(mediation=mediation)
        changed += sum(_put_label(row, fields, number, given) for row in rows)
    return changed


def _put_label(row: Any, fields: Sequence[str], number: int, given: Mapping[Personal, str]) -> int:
    touched = [name for name in fields if is_named(getattr(row, name), given)]
    for name in touched:
        text = getattr(row, name)
        for part in (Personal.NAME, Personal.PHONE):
            if len(sought := given.get(part, "")) >= SHORTEST:
                text = text.replace(sought, party_label(number))
        setattr(row, name, text[: row._meta.get_field(name).max_length])
    if touched:
        row.save(update_fields=touched)
    return bool(touched)
