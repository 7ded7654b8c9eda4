"""Addresses of the desk."""

from django.urls import path

from shiyu.desk.views import asked, desk, lists, search

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("waiting/", desk.waiting_list, name="waiting_list"),
    path("asked/", asked.asked_overview, name="asked_overview"),
    path("asked/<str:code>/<uuid:unit_id>/", asked.asked_unit, name="asked_unit"),
    path("search/", search.search, name="search"),
    path("open/<str:kind>/<uuid:subject_id>/", search.subject_detail, name="subject_detail"),
    *lists.urlpatterns,
]
