"""Addresses of meetings, decisions and the watch list."""

from django.urls import path

from shiyu.meetings import views

urlpatterns = [
    path("meetings/", views.meeting_list, name="meeting_list"),
    path("meetings/new/", views.meeting_new, name="meeting_new"),
    path("meetings/<uuid:meeting_id>/", views.meeting_detail, name="meeting_detail"),
    path("meetings/<uuid:meeting_id>/minutes/", views.meeting_minutes, name="meeting_minutes"),
    path("meetings/<uuid:meeting_id>/files/<uuid:document_id>/", views.meeting_file, name="meeting_file"),
    path("meetings/<uuid:meeting_id>/do/<slug:change>/", views.meeting_change, name="meeting_change"),
    path("meetings/points/<uuid:point_id>/", views.meeting_point, name="meeting_point"),
    path("meetings/points/<uuid:point_id>/off/", views.point_off, name="point_off"),
    path("meetings/decisions/<uuid:decision_id>/", views.decision_detail, name="decision_detail"),
    path(
        "meetings/decisions/<uuid:decision_id>/files/<uuid:document_id>/",
        views.decision_file,
        name="decision_file",
    ),
    path("watch/", views.watch_list, name="watch_list"),
    path("watch/<uuid:entry_id>/", views.watch_detail, name="watch_detail"),
]
