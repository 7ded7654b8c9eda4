"""Pages of matters."""

from shiyu.matters.views.letters import matter_letter
from shiyu.matters.views.pages import (
    matter_act,
    matter_detail,
    matter_file,
    matter_list,
    matter_new,
    matter_proof,
    matter_urge,
)

__all__ = [
    "matter_act",
    "matter_detail",
    "matter_file",
    "matter_letter",
    "matter_list",
    "matter_new",
    "matter_proof",
    "matter_urge",
]
