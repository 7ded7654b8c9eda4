"""Mediation of a matter by a body, its sides and sittings, the people in public roles, and what follows an agreement."""

from shiyu.mediation.models.holders import RoleHolder
from shiyu.mediation.models.mediation import Mediation, MediationQuerySet
from shiyu.mediation.models.parts import Chosen, Danger, LookBack, Side, Sitting

__all__ = [
    "Chosen",
    "Danger",
    "LookBack",
    "Mediation",
    "MediationQuerySet",
    "RoleHolder",
    "Side",
    "Sitting",
]
