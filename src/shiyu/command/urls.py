"""Addresses of command."""

from django.urls import path

from shiyu.command import views

urlpatterns = [path("wall/", views.wall, name="wall")]
