"""Addresses of letters and leaders' instructions."""

from django.urls import URLPattern, path

from shiyu.letters import views

urlpatterns: list[URLPattern] = [
    path("letters/", views.letter_list, name="letter_list"),
    path("letters/new/", views.letter_new, name="letter_new"),
    path("letters/<uuid:letter_id>/", views.letter_detail, name="letter_detail"),
    path("letters/<uuid:letter_id>/word/", views.letter_word, name="letter_word"),
    path("letters/<uuid:letter_id>/receive/", views.letter_receive, name="letter_receive"),
    path("letters/<uuid:letter_id>/reply/", views.letter_reply, name="letter_reply"),
    path("letters/<uuid:letter_id>/withdraw/", views.letter_withdraw, name="letter_withdraw"),
    path("instructions/", views.instruction_list, name="instruction_list"),
    path("instructions/new/", views.instruction_register, name="instruction_register"),
    path("instructions/<uuid:instruction_id>/", views.instruction_detail, name="instruction_detail"),
    path("instructions/<uuid:instruction_id>/reply/", views.instruction_reply, name="instruction_reply"),
    path(
        "instructions/<uuid:instruction_id>/files/<uuid:document_id>/",
        views.instruction_file,
        name="instruction_file",
    ),
]
