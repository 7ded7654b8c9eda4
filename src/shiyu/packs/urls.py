"""Addresses of packs."""

from django.urls import path

from shiyu.packs import views

urlpatterns = [path("packs/", views.pack_list, name="pack_list")]
