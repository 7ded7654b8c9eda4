"""Addresses of plans: one list a topic, kept beside its views."""

from django.urls import URLPattern

from shiyu.plans.views import (
    approval,
    compare,
    duties,
    editions,
    guidelines,
    imports,
    opinions,
    plans,
    readiness,
    reports,
    tasks,
)

urlpatterns: list[URLPattern] = [
    *guidelines.urlpatterns,
    *imports.urlpatterns,
    *plans.urlpatterns,
    *editions.urlpatterns,
    *approval.urlpatterns,
    *compare.urlpatterns,
    *tasks.urlpatterns,
    *opinions.urlpatterns,
    *duties.urlpatterns,
    *reports.urlpatterns,
    *readiness.urlpatterns,
]
