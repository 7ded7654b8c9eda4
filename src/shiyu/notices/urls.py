"""Addresses of notices."""

from django.urls import path

from shiyu.notices import views

urlpatterns = [
    path("notices/", views.notice_list, name="notice_list"),
    path("notices/<uuid:notice_id>/", views.notice_open, name="notice_open"),
    path("views/", views.saved_view_save, name="saved_view_save"),
    path("views/<uuid:view_id>/delete/", views.saved_view_delete, name="saved_view_delete"),
]
