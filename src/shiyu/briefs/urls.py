"""Addresses of briefs."""

from django.urls import path

from shiyu.briefs import views

urlpatterns = [
    path("meeting-packs/<uuid:period_id>/", views.pack_detail, name="pack_detail"),
    path("meeting-packs/<uuid:period_id>/make/", views.pack_make, name="pack_make"),
    path("meeting-packs/archive/<uuid:pack_id>/", views.pack_archive, name="pack_archive"),
    path("meeting-packs/file/<uuid:pack_id>/<path:path>", views.pack_file, name="pack_file"),
]
