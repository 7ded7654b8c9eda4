"""Addresses of plans: one list a topic, kept beside its views."""

from django.urls import URLPattern

from shiyu.plans.views import guidelines, imports, plans, reports

urlpatterns: list[URLPattern] = [
    *guidelines.urlpatterns,
    *imports.urlpatterns,
    *plans.urlpatterns,
    *reports.urlpatterns,
]
