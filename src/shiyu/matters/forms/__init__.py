"""Forms of matters, by what they are about."""

from shiyu.matters.forms.listing import MatterFilter
from shiyu.matters.forms.matters import (
    NO_UNITS,
    MatterForm,
    draw_kind,
    draw_sources,
    kind_choices,
    kind_given,
    unit_choices,
)
from shiyu.matters.forms.verbs import VerbForm

__all__ = [
    "NO_UNITS",
    "MatterFilter",
    "MatterForm",
    "VerbForm",
    "draw_kind",
    "draw_sources",
    "kind_choices",
    "kind_given",
    "unit_choices",
]
