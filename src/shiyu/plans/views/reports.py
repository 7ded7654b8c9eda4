"""Addresses of reports and lists."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
