"""Addresses of matters."""

from django.urls import URLPattern, path

from shiyu.matters import views

urlpatterns: list[URLPattern] = [
    path("matters/", views.matter_list, name="matter_list"),
    path("matters/new/", views.matter_new, name="matter_new"),
    path("matters/new/alike/", views.matter_alike, name="matter_alike"),
    path("matters/rates/", views.matter_rates, name="matter_rates"),
    path(
        "matters/rates/<slug:month>/<uuid:unit_id>/<slug:code>/",
        views.matter_rate_rows,
        name="matter_rate_rows",
    ),
    path("matters/urge/", views.matter_urge, name="matter_urge"),
    path("matters/by-phone/", views.reporter_find, name="reporter_find"),
    path("matters/destroyed/", views.destruction_list, name="destruction_list"),
    path("matters/<uuid:matter_id>/reporters/", views.reporters_open, name="reporters_open"),
    path("matters/<uuid:matter_id>/reporters/own/", views.reporter_own, name="reporter_own"),
    path("matters/<uuid:matter_id>/reporters/new/", views.reporter_add, name="reporter_add"),
    path("matters/<uuid:matter_id>/reporters/<uuid:party_id>/pin/", views.reporter_pin, name="reporter_pin"),
    path(
        "matters/<uuid:matter_id>/reporters/<uuid:party_id>/acting/",
        views.reporter_acting,
        name="reporter_acting",
    ),
    path(
        "matters/<uuid:matter_id>/reporters/<uuid:party_id>/correct/",
        views.reporter_correct,
        name="reporter_correct",
    ),
    path("matters/orders/", views.order_list, name="order_list"),
    path("matters/orders/enter/", views.order_enter_many, name="order_enter_many"),
    path("matters/orders/export/", views.order_export, name="order_export"),
    path("matters/orders/import/", views.order_import, name="order_import"),
    path("matters/orders/import/template/<slug:source>/", views.order_template, name="order_template"),
    path("matters/orders/import/<uuid:batch_id>/", views.order_batch, name="order_batch"),
    path("matters/orders/import/<uuid:batch_id>/<slug:deed>/", views.order_batch_do, name="order_batch_do"),
    path("matters/orders/<uuid:order_id>/enter/", views.order_enter, name="order_enter"),
    path("matters/orders/<uuid:order_id>/reply/", views.order_reply, name="order_reply"),
    path("matters/dispatch/", views.matter_dispatch_many, name="matter_dispatch_many"),
    path("matters/<uuid:matter_id>/", views.matter_detail, name="matter_detail"),
    path("matters/<uuid:matter_id>/order/", views.order_note, name="order_note"),
    path("matters/<uuid:matter_id>/print/<slug:form>/", views.matter_print, name="matter_print"),
    path("matters/<uuid:matter_id>/proof/", views.matter_proof, name="matter_proof"),
    path("matters/<uuid:matter_id>/files/<uuid:document_id>/", views.matter_file, name="matter_file"),
    path("matters/<uuid:matter_id>/letters/<slug:kind>/", views.matter_letter, name="matter_letter"),
    path("matters/<uuid:matter_id>/<slug:verb>/", views.matter_act, name="matter_act"),
    path("progress/", views.progress, name="progress"),
    path("progress/matter/", views.progress_matter, name="progress_matter"),
    path("progress/held/", views.progress_held, name="progress_held"),
    path("progress/grade/", views.progress_grade, name="progress_grade"),
    path("progress/leave/", views.progress_leave, name="progress_leave"),
    path("progress/large/", views.progress_large, name="progress_large"),
    path("progress/do/<slug:verb>/", views.progress_act, name="progress_act"),
]
