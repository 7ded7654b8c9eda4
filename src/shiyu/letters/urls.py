"""Addresses of letters and leaders' instructions."""

from django.urls import URLPattern, path

from shiyu.letters import views

LETTER = "letters/<uuid:letter_id>/"

urlpatterns: list[URLPattern] = [
    path("letters/", views.letter_list, name="letter_list"),
    path("letters/new/", views.letter_new, name="letter_new"),
    path("letters/counts/", views.letter_counts, name="letter_counts"),
    path("letters/replies/", views.letter_answers, name="letter_answers"),
    path("letters/replies/<uuid:reply_id>/judge/", views.reply_judge, name="reply_judge"),
    path("letters/circulations/<uuid:circulation_id>/read/", views.circulation_read, name="circulation_read"),
    path(LETTER, views.letter_detail, name="letter_detail"),
    path(f"{LETTER}word/", views.letter_word, name="letter_word"),
    path(f"{LETTER}pdf/", views.letter_pdf, name="letter_pdf"),
    path(f"{LETTER}package/", views.letter_approval_package, name="letter_approval_package"),
    path(f"{LETTER}formal-file/", views.letter_formal_file, name="letter_formal_file"),
    path(f"{LETTER}files/<uuid:document_id>/", views.letter_file, name="letter_file"),
    path(f"{LETTER}edit/", views.letter_edit, name="letter_edit"),
    path(f"{LETTER}submit/", views.letter_submit, name="letter_submit"),
    path(f"{LETTER}take-back/", views.letter_take_back, name="letter_take_back"),
    path(f"{LETTER}drop/", views.letter_drop, name="letter_drop"),
    path(f"{LETTER}issue/", views.letter_issue, name="letter_issue"),
    path(f"{LETTER}receive/", views.letter_receive, name="letter_receive"),
    path(f"{LETTER}reply/", views.letter_reply, name="letter_reply"),
    path(f"{LETTER}answer/", views.letter_answer, name="letter_answer"),
    path(f"{LETTER}circulate/", views.letter_circulate, name="letter_circulate"),
    path(f"{LETTER}urge/", views.letter_urge, name="letter_urge"),
    path(f"{LETTER}withdraw/", views.letter_withdraw, name="letter_withdraw"),
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
