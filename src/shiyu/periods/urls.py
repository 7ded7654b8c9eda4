"""Addresses of periods."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
