"""Addresses of people."""

from django.urls import path

from shiyu.people import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("account/", views.account, name="account"),
    path("account/password/", views.password_change, name="password_change"),
    path("account/absence/", views.absence_set, name="absence_set"),
    path("account/absence/<uuid:absence_id>/end/", views.absence_end, name="absence_end"),
    path("units/", views.unit_list, name="unit_list"),
    path("units/<uuid:unit_id>/", views.unit_detail, name="unit_detail"),
    path("units/<uuid:unit_id>/phone/", views.unit_phone, name="unit_phone"),
    path("accounts/", views.user_list, name="user_list"),
    path("accounts/new/", views.user_new, name="user_new"),
    path("accounts/<uuid:user_id>/", views.user_detail, name="user_detail"),
    path("accounts/<uuid:user_id>/password/", views.user_password, name="user_password"),
    path("appointments/<uuid:appointment_id>/end/", views.appointment_end, name="appointment_end"),
    path(
        "appointments/<uuid:appointment_id>/hand-over/",
        views.appointment_handover,
        name="appointment_handover",
    ),
    path("security/", views.security, name="security"),
    path("security/posts/<uuid:post_id>/", views.post_roles, name="post_roles"),
]
