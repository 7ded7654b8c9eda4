"""Addresses of documents."""

from django.urls import path

from shiyu.documents import views

urlpatterns = [
    path("boxes/", views.box_list, name="box_list"),
    path("boxes/new/", views.box_new, name="box_new"),
    path("boxes/<str:code>/", views.box_detail, name="box_detail"),
    path("boxes/<str:code>/label/", views.box_label, name="box_label"),
    path("boxes/<str:code>/catalogue/", views.box_catalogue, name="box_catalogue"),
    path("documents/<uuid:document_id>/", views.document_file, name="document_file"),
]
