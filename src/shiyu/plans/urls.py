"""Addresses of plans: one list a topic, kept beside its views."""

from django.urls import URLPattern

from shiyu.plans.views import reports

urlpatterns: list[URLPattern] = [*reports.urlpatterns]
