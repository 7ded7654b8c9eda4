"""Addresses of emergency response."""

from django.urls import path

from shiyu.surge.views import decisions, orders, pages, rounds

urlpatterns = [
    path("surges/", pages.surge_list, name="surge_list"),
    path("surges/new/", decisions.surge_new, name="surge_new"),
    path("surges/orders/<uuid:order_id>/receive/", orders.surge_order_receive, name="surge_order_receive"),
    path("surges/orders/<uuid:order_id>/done/", orders.surge_order_done, name="surge_order_done"),
    path("surges/<uuid:surge_id>/", pages.surge_detail, name="surge_detail"),
    path("surges/<uuid:surge_id>/log/", pages.surge_log, name="surge_log"),
    path("surges/<uuid:surge_id>/log/word/", pages.surge_log_word, name="surge_log_word"),
    path("surges/<uuid:surge_id>/extend/", decisions.surge_extend, name="surge_extend"),
    path("surges/<uuid:surge_id>/end/", decisions.surge_end, name="surge_end"),
    path("surges/<uuid:surge_id>/close/", decisions.surge_close, name="surge_close"),
    path(
        "surges/<uuid:surge_id>/matters/<uuid:matter_id>/take-out/",
        decisions.surge_take_out,
        name="surge_take_out",
    ),
    path("surges/<uuid:surge_id>/order/", orders.surge_order_new, name="surge_order_new"),
    path("surges/<uuid:surge_id>/<str:day>/", rounds.surge_day, name="surge_day"),
    path("surges/<uuid:surge_id>/<str:day>/matters/", rounds.surge_rows, name="surge_rows"),
    path("surges/<uuid:surge_id>/<str:day>/bulletin/", rounds.surge_bulletin, name="surge_bulletin"),
]
