"""Pages of mediation."""

from shiyu.mediation.views.figures import mediation_coverage, mediation_figures
from shiyu.mediation.views.listing import mediation_list
from shiyu.mediation.views.one import mediation_detail, mediation_do, mediation_new, mediation_paper
from shiyu.mediation.views.pool import holder_end, holder_list, holder_new

__all__ = [
    "holder_end",
    "holder_list",
    "holder_new",
    "mediation_coverage",
    "mediation_detail",
    "mediation_do",
    "mediation_figures",
    "mediation_list",
    "mediation_new",
    "mediation_paper",
]
