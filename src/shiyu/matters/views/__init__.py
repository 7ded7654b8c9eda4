"""Pages of matters."""

from shiyu.matters.views.alike import matter_alike
from shiyu.matters.views.letters import matter_letter
from shiyu.matters.views.many import matter_dispatch_many, matter_urge
from shiyu.matters.views.order_tables import order_batch, order_batch_do, order_import, order_template
from shiyu.matters.views.orders import (
    order_enter,
    order_enter_many,
    order_export,
    order_list,
    order_note,
    order_reply,
)
from shiyu.matters.views.pages import (
    matter_act,
    matter_detail,
    matter_file,
    matter_list,
    matter_new,
    matter_proof,
)
from shiyu.matters.views.parties import (
    destruction_list,
    reporter_acting,
    reporter_add,
    reporter_correct,
    reporter_find,
    reporter_own,
    reporter_pin,
    reporters_open,
)
from shiyu.matters.views.prints import matter_print
from shiyu.matters.views.progress import (
    progress,
    progress_act,
    progress_grade,
    progress_held,
    progress_large,
    progress_leave,
    progress_matter,
)
from shiyu.matters.views.rates import matter_rate_rows, matter_rates

__all__ = [
    "destruction_list",
    "progress",
    "progress_act",
    "progress_grade",
    "progress_held",
    "progress_large",
    "progress_leave",
    "progress_matter",
    "reporter_acting",
    "reporter_add",
    "reporter_correct",
    "reporter_find",
    "reporter_own",
    "reporter_pin",
    "reporters_open",
    "matter_act",
    "matter_alike",
    "matter_dispatch_many",
    "matter_detail",
    "matter_file",
    "matter_letter",
    "matter_list",
    "matter_new",
    "matter_print",
    "matter_proof",
    "matter_rate_rows",
    "matter_rates",
    "matter_urge",
    "order_batch",
    "order_batch_do",
    "order_enter",
    "order_enter_many",
    "order_export",
    "order_import",
    "order_list",
    "order_note",
    "order_reply",
    "order_template",
]
