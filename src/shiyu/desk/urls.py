"""Addresses of the desk."""

from django.urls import path

from shiyu.desk.views import desk, lists, search

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("search/", search.search, name="search"),
    path("open/<str:kind>/<uuid:subject_id>/", search.subject_detail, name="subject_detail"),
    *lists.urlpatterns,
]
