"""Addresses of matters."""

from django.urls import URLPattern, path

from shiyu.matters import views

urlpatterns: list[URLPattern] = [
    path("matters/", views.matter_list, name="matter_list"),
    path("matters/new/", views.matter_new, name="matter_new"),
    path("matters/urge/", views.matter_urge, name="matter_urge"),
    path("matters/<uuid:matter_id>/", views.matter_detail, name="matter_detail"),
    path("matters/<uuid:matter_id>/proof/", views.matter_proof, name="matter_proof"),
    path("matters/<uuid:matter_id>/files/<uuid:document_id>/", views.matter_file, name="matter_file"),
    path("matters/<uuid:matter_id>/letters/<slug:kind>/", views.matter_letter, name="matter_letter"),
    path("matters/<uuid:matter_id>/<slug:verb>/", views.matter_act, name="matter_act"),
]
