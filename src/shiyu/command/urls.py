"""Addresses of command."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
