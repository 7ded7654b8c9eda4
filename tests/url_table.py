"""What every address answers every person: by GET, and by an empty POST where that answers otherwise.

302 sends nobody to the sign-in page; 403 is seen but not allowed, 404 not to be seen at all, 405 no such method; 400,
409 and 422 show the form again. `r` is a POST answered by a redirect that recorded nothing: refused with a message,
or nothing was chosen. ADDRESSES says which rows (tests/example_rows.py) fill an address; `=x` stands for itself.
"""

ADDRESSES = {
    "set_language": "",
    "desk": "",
    "search": "",
    "waiting_list": "",
    "asked_overview": "",
    "asked_unit": "=2026-10 unit",
    "subject_detail": "=matters.matter matter",
    "three_lists": "",
    "lists_archive": "",
    "sign_in": "",
    "sign_out": "",
    "account": "",
    "password_change": "",
    "absence_set": "",
    "absence_end": "absence",
    "unit_list": "",
    "unit_detail": "unit",
    "unit_phone": "unit",
    "user_list": "",
    "user_new": "",
    "user_detail": "user",
    "user_password": "user",
    "appointment_end": "appointment",
    "appointment_handover": "appointment",
    "security": "",
    "post_roles": "post",
    "audit_list": "",
    "audit_verify": "",
    "audit_heads": "",
    "healthz": "",
    "job_list": "",
    "job_retry": "",
    "job_run": "=audit.tidy",
    "job_detail": "job",
    "job_file": "job",
    "job_state": "job",
    "pack_list": "",
    "notice_list": "",
    "notice_open": "notice",
    "saved_view_save": "",
    "saved_view_delete": "view",
    "box_list": "",
    "box_new": "",
    "box_detail": "box",
    "box_label": "box",
    "box_catalogue": "box",
    "document_file": "document",
    "letter_list": "",
    "letter_new": "",
    "letter_detail": "letter",
    "letter_word": "letter",
    "letter_receive": "letter",
    "letter_reply": "letter",
    "letter_withdraw": "letter",
    "letter_counts": "",
    "letter_answers": "",
    "reply_judge": "reply",
    "circulation_read": "circulation",
    "letter_pdf": "letter",
    "letter_approval_package": "letter",
    "letter_formal_file": "letter",
    "letter_file": "answered reply_document",
    "letter_edit": "letter",
    "letter_submit": "letter",
    "letter_take_back": "letter",
    "letter_drop": "letter",
    "letter_issue": "letter",
    "letter_answer": "letter",
    "letter_circulate": "letter",
    "letter_urge": "letter",
    "instruction_list": "",
    "instruction_register": "",
    "instruction_detail": "instruction",
    "instruction_reply": "instruction",
    "instruction_file": "instruction scan",
    "period_list": "",
    "period_detail": "period",
    "span_lock": "period",
    "figure_overview": "",
    "figure_rows": "figure",
    "matter_list": "",
    "matter_new": "",
    "matter_alike": "",
    "matter_rates": "",
    "matter_rate_rows": "=2026-10 unit =closed",
    "matter_urge": "",
    "matter_dispatch_many": "",
    "order_list": "",
    "order_enter_many": "",
    "order_export": "",
    "order_import": "",
    "order_template": "=hotline",
    "order_batch": "order_batch",
    "order_batch_do": "order_batch =take",
    "order_enter": "order",
    "order_reply": "order",
    "order_note": "matter",
    "matter_detail": "matter",
    "matter_proof": "matter",
    "matter_file": "matter matter_document",
    "matter_letter": "matter =rectification",
    "matter_act": "matter =note",
    "reporter_find": "",
    "destruction_list": "",
    "reporters_open": "matter",
    "reporter_own": "matter",
    "matter_print": "matter =registration",
    "reporter_add": "matter",
    "reporter_pin": "matter party",
    "reporter_correct": "matter party",
    "reporter_acting": "matter party",
    "progress": "",
    "progress_matter": "",
    "progress_grade": "",
    "progress_held": "",
    "progress_leave": "",
    "progress_large": "",
    "progress_act": "=answer",
    "mediation_list": "",
    "mediation_figures": "",
    "mediation_coverage": "",
    "holder_list": "",
    "holder_new": "",
    "holder_end": "=00000000-0000-7000-8000-000000000000",
    "mediation_new": "matter",
    "mediation_detail": "=00000000-0000-7000-8000-000000000000",
    "mediation_paper": "=00000000-0000-7000-8000-000000000000 =agreement",
    "mediation_do": "=00000000-0000-7000-8000-000000000000 =add_side",
    "meeting_list": "",
    "meeting_new": "",
    "meeting_detail": "meeting",
    "meeting_minutes": "meeting",
    "meeting_file": "meeting document",
    "meeting_change": "meeting =add",
    "meeting_point": "point",
    "point_off": "point",
    "decision_detail": "decision",
    "decision_file": "decision document",
    "watch_list": "",
    "watch_detail": "decision",
    "guideline_list": "",
    "guideline_detail": "guideline",
    "plan_import_new": "",
    "plan_import": "import",
    "plan_import_edit": "import",
    "plan_import_json": "import",
    "plan_import_take": "import",
    "plan_import_discard": "import",
    "plan_list": "",
    "plan_detail": "plan",
    "plan_next_edition": "plan",
    "edition_formal_file": "edition",
    "edition_detail": "edition",
    "edition_circumstances": "draft",
    "edition_submit": "draft",
    "edition_take_back": "draft",
    "edition_package": "draft",
    "edition_issue": "draft",
    "edition_difference": "edition",
    "blind_spots": "edition",
    "task_add": "draft",
    "task_detail": "task",
    "task_edit": "draft_task",
    "task_split": "draft_task",
    "task_remove": "draft_task",
    "task_clauses": "draft_task",
    "opinion_round_open": "draft",
    "opinion_round": "round",
    "opinion_round_close": "round",
    "opinion_decide": "round opinion",
    "opinion_keep_wording": "round opinion",
    "opinion_slip": "slip",
    "opinion_slip_sheet": "slip",
    "opinion_slip_word": "slip",
    "duty_assign": "unit draft",
    "duty_detail": "duty",
    "duty_problem": "duty",
    "duty_handover": "unit",
    "report_overview": "",
    "report_month_open": "",
    "report_sign_off": "",
    "period_lock": "locked",
    "report_remind": "=2026-10",
    "report_reminders": "=2026-10",
    "report_office": "token",
    "report_office_proof": "token entry",
    "report_office_file": "token entry office_document",
    "report_proof": "entry",
    "report_proof_file": "entry report_document",
    "report_detail": "=2026-10 unit",
    "report_sheet": "=2026-10 unit",
    "report_office_link": "=2026-10 unit office",
    "report_act": "=2026-10 unit =send",
    "readiness": "",
    "pack_detail": "locked",
    "pack_make": "locked",
    "pack_archive": "pack",
    "pack_file": "pack =01通报.docx",
    "wall": "",
    "api_me": "",
    "api_schema": "",
    "api_matters": "",
    "api_matter": "matter",
    "api_matter_acts": "matter",
    "api_matter_act": "matter =note",
    "api_matter_files": "matter",
    "api_matter_file": "matter matter_document",
    "api_assignments": "",
    "api_steps": "",
    "api_letters": "",
    "api_letter": "letter",
    "api_units": "",
    "api_unit": "unit",
    "api_areas": "",
    "api_area": "area",
    "api_list": "=problems",
    "api_docs": "",
    "api_docs_schema": "",
    "token_list": "",
    "token_revoke": "token_id",
    "system_list": "",
    "system_new": "",
    "system_detail": "system",
    "subscription_new": "system",
    "subscription_detail": "subscription",
    "subscription_rotate": "subscription",
    "subscription_end": "subscription",
    "secret_end": "secret",
    "delivery_retry": "delivery",
    "surge_list": "",
    "surge_new": "",
    "surge_order_receive": "=01900000-0000-7000-8000-000000000001",
    "surge_order_done": "=01900000-0000-7000-8000-000000000001",
    "surge_detail": "=01900000-0000-7000-8000-000000000001",
    "surge_log": "=01900000-0000-7000-8000-000000000001",
    "surge_log_word": "=01900000-0000-7000-8000-000000000001",
    "surge_extend": "=01900000-0000-7000-8000-000000000001",
    "surge_end": "=01900000-0000-7000-8000-000000000001",
    "surge_close": "=01900000-0000-7000-8000-000000000001",
    "surge_order_new": "=01900000-0000-7000-8000-000000000001",
    "surge_take_out": "=01900000-0000-7000-8000-000000000001 matter",
    "surge_day": "=01900000-0000-7000-8000-000000000001 =2026-10-09",
    "surge_rows": "=01900000-0000-7000-8000-000000000001 =2026-10-09",
    "surge_bulletin": "=01900000-0000-7000-8000-000000000001 =2026-10-09",
}  # fmt: skip

GET = """
                      nob cle hea lea jus div edu eas sys sec aud
set_language          302 302 302 302 302 302 302 302 302 302 302
desk                  302 200 200 200 200 200 200 200 200 200 200
search                302 200 200 200 200 200 200 200 200 200 200
waiting_list          302 200 200 200 200 200 200 200 200 200 200
asked_overview        302 200 200 200 403 403 403 403 403 403 403
asked_unit            302 200 200 200 200 200 404 404 404 404 404
subject_detail        302 302 302 302 302 302 302 302 302 302 302
three_lists           302 200 200 200 200 200 200 200 404 404 404
sign_in               200 200 200 200 200 200 200 200 200 200 200
sign_out              405 405 405 405 405 405 405 405 405 405 405
account               302 200 200 200 200 200 200 200 200 200 200
password_change       302 200 200 200 200 200 200 200 200 200 200
absence_set           405 405 405 405 405 405 405 405 405 405 405
absence_end           405 405 405 405 405 405 405 405 405 405 405
user_password         405 405 405 405 405 405 405 405 405 405 405
appointment_end       405 405 405 405 405 405 405 405 405 405 405
appointment_handover  302 403 403 403 403 403 403 403 200 403 403
unit_list             302 200 200 200 200 200 200 200 403 403 403
unit_detail           302 200 200 200 200 200 200 200 403 403 403
unit_phone            302 403 403 403 403 403 403 403 403 403 403
user_list             302 403 403 403 403 403 403 403 200 403 403
user_new              302 403 403 403 403 403 403 403 200 403 403
user_detail           302 403 403 403 403 403 403 403 200 403 403
security              302 403 403 403 403 403 403 403 403 200 403
post_roles            302 403 403 403 403 403 403 403 403 200 403
audit_list            302 403 403 403 403 403 403 403 403 403 200
audit_verify          302 403 403 403 403 403 403 403 403 403 200
audit_heads           302 403 403 403 403 403 403 403 403 403 200
healthz               503 503 503 503 503 503 503 503 503 503 503
job_list              302 200 200 200 200 200 200 200 200 200 200
job_retry             405 405 405 405 405 405 405 405 405 405 405
job_run               405 405 405 405 405 405 405 405 405 405 405
job_detail            302 200 404 404 404 404 404 404 404 404 404
job_file              302 404 404 404 404 404 404 404 404 404 404
lists_archive         405 405 405 405 405 405 405 405 405 405 405
job_state             302 200 404 404 404 404 404 404 404 404 404
pack_list             302 403 200 403 403 403 403 403 200 403 403
notice_list           302 200 200 200 200 200 200 200 200 200 200
notice_open           302 302 404 404 404 404 404 404 404 404 404
saved_view_save       302 405 405 405 405 405 405 405 405 405 405
saved_view_delete     302 405 405 405 405 405 405 405 405 405 405
box_list              302 200 200 200 200 200 200 200 403 403 403
box_new               302 200 403 403 403 403 403 403 403 403 403
box_detail            302 200 200 200 200 200 200 200 403 403 403
box_label             302 200 200 200 200 200 200 200 403 403 403
box_catalogue         302 200 200 200 200 200 200 200 403 403 403
document_file         302 200 200 200 404 404 404 404 404 404 404
letter_list           302 200 200 200 200 200 200 200 200 200 200
letter_new            302 200 200 403 403 403 403 403 403 403 403
letter_detail         302 200 200 200 200 200 404 404 404 404 404
letter_word           302 200 200 200 200 200 404 404 404 404 404
letter_receive        405 405 405 405 405 405 405 405 405 405 405
letter_reply          405 405 405 405 405 405 405 405 405 405 405
letter_withdraw       405 405 405 405 405 405 405 405 405 405 405
letter_counts         302 200 200 200 200 200 200 200 200 200 200
letter_answers        302 200 200 200 200 200 200 200 200 200 200
reply_judge           405 405 405 405 405 405 405 405 405 405 405
circulation_read      405 405 405 405 405 405 405 405 405 405 405
letter_pdf            302 200 200 200 200 200 404 404 404 404 404
letter_approval_package 302 200 200 403 403 403 404 404 404 404 404
letter_formal_file    302 404 404 404 404 404 404 404 404 404 404
letter_file           302 200 200 200 200 200 404 404 404 404 404
letter_edit           302 409 409 403 403 403 404 404 404 404 404
letter_submit         405 405 405 405 405 405 405 405 405 405 405
letter_take_back      405 405 405 405 405 405 405 405 405 405 405
letter_drop           405 405 405 405 405 405 405 405 405 405 405
letter_issue          302 409 409 403 403 403 404 404 404 404 404
letter_answer         302 403 403 403 403 403 404 404 404 404 404
letter_circulate      405 405 405 405 405 405 405 405 405 405 405
letter_urge           405 405 405 405 405 405 405 405 405 405 405
instruction_list      302 200 200 200 200 200 200 200 200 200 200
instruction_register  302 302 302 403 403 403 403 403 403 403 403
instruction_detail    302 200 200 200 200 200 404 404 404 404 404
instruction_reply     405 405 405 405 405 405 405 405 405 405 405
instruction_file      302 200 200 200 200 200 404 404 404 404 404
period_list           302 200 200 200 200 200 200 200 404 404 404
period_detail         302 200 200 200 200 200 200 200 404 404 404
figure_overview       302 200 200 200 200 200 200 200 404 404 404
figure_rows           302 200 200 200 200 200 200 200 404 404 404
matter_list           302 200 200 200 200 200 200 200 200 200 200
matter_rates          302 200 200 200 200 200 200 200 200 200 200
matter_rate_rows      302 200 200 200 200 200 200 200 200 200 200
matter_new            302 200 200 403 200 403 200 200 403 403 403
matter_alike          405 405 405 405 405 405 405 405 405 405 405
matter_urge           405 405 405 405 405 405 405 405 405 405 405
order_list            302 200 200 200 200 200 200 200 200 200 200
order_enter_many      405 405 405 405 405 405 405 405 405 405 405
order_export          405 405 405 405 405 405 405 405 405 405 405
order_import          302 200 200 403 403 403 403 403 403 403 403
order_template        302 404 404 403 403 403 403 403 403 403 403
order_batch           302 200 404 403 403 403 403 403 403 403 403
order_batch_do        405 405 405 405 405 405 405 405 405 405 405
order_enter           405 405 405 405 405 405 405 405 405 405 405
order_reply           302 302 302 302 302 302 404 404 404 404 404
order_note            302 200 200 403 403 403 404 404 404 404 404
matter_dispatch_many  405 405 405 405 405 405 405 405 405 405 405
matter_detail         302 200 200 200 200 200 404 404 404 404 404
matter_proof          405 405 405 405 405 405 405 405 405 405 405
matter_file           302 200 200 200 200 200 404 404 404 404 404
matter_letter         302 200 200 403 403 403 404 404 404 404 404
matter_act            405 405 405 405 405 405 405 405 405 405 405
reporter_find         302 403 403 403 403 403 403 403 403 403 403
destruction_list      302 403 200 403 403 403 403 403 403 403 200
reporters_open        302 200 200 403 200 200 404 404 404 404 404
reporter_own          302 200 200 403 200 200 404 404 404 404 404
matter_print          302 200 200 200 200 200 404 404 404 404 404
reporter_add          302 200 200 403 200 200 404 404 404 404 404
reporter_pin          302 200 200 403 200 200 404 404 404 404 404
reporter_correct      302 200 200 403 200 200 404 404 404 404 404
reporter_acting       302 200 200 403 200 200 404 404 404 404 404
progress              200 200 200 200 200 200 200 200 200 200 200
progress_matter       302 302 302 302 302 302 302 302 302 302 302
progress_grade        302 302 302 302 302 302 302 302 302 302 302
progress_held         302 302 302 302 302 302 302 302 302 302 302
progress_leave        405 405 405 405 405 405 405 405 405 405 405
progress_large        405 405 405 405 405 405 405 405 405 405 405
progress_act          405 405 405 405 405 405 405 405 405 405 405
mediation_list        302 403 403 403 403 403 403 403 403 403 403
mediation_figures     302 403 403 403 403 403 403 403 403 403 403
mediation_coverage    302 403 403 403 403 403 403 403 403 403 403
holder_list           302 403 403 403 403 403 403 403 403 403 403
holder_new            302 403 403 403 403 403 403 403 403 403 403
holder_end            302 403 403 403 403 403 403 403 403 403 403
mediation_new         302 403 403 403 403 403 403 403 403 403 403
mediation_detail      302 403 403 403 403 403 403 403 403 403 403
mediation_paper       302 403 403 403 403 403 403 403 403 403 403
mediation_do          302 403 403 403 403 403 403 403 403 403 403
meeting_list          302 200 200 200 200 200 200 200 403 403 403
meeting_new           302 200 200 403 403 403 403 403 403 403 403
meeting_detail        302 200 200 200 200 200 200 200 404 404 404
meeting_minutes       302 200 200 200 200 200 200 200 404 404 404
meeting_file          302 404 404 404 404 404 404 404 404 404 404
meeting_change        405 405 405 405 405 405 405 405 405 405 405
meeting_point         302 200 200 200 200 200 200 200 404 404 404
point_off             405 405 405 405 405 405 405 405 405 405 405
decision_detail       302 200 200 200 200 200 200 200 404 404 404
decision_file         302 404 404 404 404 404 404 404 404 404 404
watch_list            302 404 404 404 404 404 404 404 404 404 404
watch_detail          302 404 404 404 404 404 404 404 404 404 404
guideline_list        302 200 200 200 200 200 200 200 404 404 404
guideline_detail      302 200 200 200 200 200 200 200 404 404 404
plan_import_new       302 200 403 403 403 403 403 403 404 404 404
plan_import           302 200 403 403 403 403 403 403 404 404 404
plan_import_edit      302 405 405 405 405 405 405 405 405 405 405
plan_import_json      302 200 403 403 403 403 403 403 404 404 404
plan_import_take      302 200 403 403 403 403 403 403 404 404 404
plan_import_discard   302 405 405 405 405 405 405 405 405 405 405
plan_list             302 200 200 200 200 200 200 200 404 404 404
plan_detail           302 200 200 200 200 200 200 200 404 404 404
plan_next_edition     302 405 405 405 405 405 405 405 405 405 405
edition_formal_file   302 404 404 404 404 404 404 404 404 404 404
edition_detail        302 200 200 200 200 200 200 200 404 404 404
edition_circumstances 302 200 200 404 200 200 200 200 404 404 404
edition_submit        302 200 200 404 403 403 403 403 404 404 404
edition_take_back     302 200 200 404 403 403 403 403 404 404 404
edition_package       302 200 200 404 403 403 403 403 404 404 404
edition_issue         302 403 409 404 403 403 403 403 404 404 404
edition_difference    302 200 200 200 200 200 200 200 404 404 404
blind_spots           302 200 200 200 200 200 200 200 404 404 404
task_add              302 200 200 404 403 403 403 403 404 404 404
task_detail           302 200 200 200 200 200 200 200 404 404 404
task_edit             302 200 200 404 403 403 403 403 404 404 404
task_split            302 200 200 404 403 403 403 403 404 404 404
task_remove           302 200 200 404 403 403 403 403 404 404 404
task_clauses          302 200 200 404 403 403 403 403 404 404 404
opinion_round_open    302 200 200 404 403 403 403 403 404 404 404
opinion_round         302 200 200 404 302 302 302 302 404 404 404
opinion_round_close   302 405 405 405 405 405 405 405 405 405 405
opinion_decide        302 405 405 405 405 405 405 405 405 405 405
opinion_keep_wording  302 200 200 404 403 403 403 403 404 404 404
opinion_slip          302 200 200 404 200 200 404 404 404 404 404
opinion_slip_sheet    302 200 200 404 200 200 404 404 404 404 404
opinion_slip_word     302 200 200 404 200 200 404 404 404 404 404
duty_assign           302 200 200 403 200 403 403 403 404 404 404
duty_detail           302 200 200 200 200 200 200 200 404 404 404
duty_problem          302 200 200 403 200 403 200 200 404 404 404
duty_handover         302 200 200 403 200 403 403 403 404 404 404
report_overview       302 200 200 200 200 200 200 200 404 404 404
report_month_open     302 405 405 405 405 405 405 405 405 405 405
report_sign_off       302 405 405 405 405 405 405 405 405 405 405
period_lock           302 405 405 405 405 405 405 405 405 405 405
span_lock             302 405 405 405 405 405 405 405 405 405 405
report_remind         302 405 405 405 405 405 405 405 405 405 405
report_reminders      302 200 200 200 200 200 200 200 404 404 404
report_office         200 200 200 200 200 200 200 200 200 200 200
report_office_proof   200 200 200 200 200 200 200 200 200 200 200
report_office_file    200 200 200 200 200 200 200 200 200 200 200
report_proof          302 200 200 200 200 200 404 404 404 404 404
report_proof_file     302 200 200 200 200 200 404 404 404 404 404
report_detail         302 200 200 200 200 200 404 404 404 404 404
report_sheet          302 403 403 403 200 200 404 404 404 404 404
report_office_link    302 405 405 405 405 405 405 405 405 405 405
report_act            302 405 405 405 405 405 405 405 405 405 405
readiness             302 200 200 200 403 403 403 403 403 403 403
pack_detail           302 200 200 200 404 404 404 404 404 404 404
pack_make             302 405 405 405 405 405 405 405 405 405 405
pack_archive          302 200 200 200 404 404 404 404 404 404 404
pack_file             302 200 200 200 404 404 404 404 404 404 404
wall                  302 200 200 200 200 200 200 200 404 404 404
api_me                401 401 401 401 401 401 401 401 401 401 401
api_schema            401 401 401 401 401 401 401 401 401 401 401
api_matters           401 401 401 401 401 401 401 401 401 401 401
api_matter            401 401 401 401 401 401 401 401 401 401 401
api_matter_acts       401 401 401 401 401 401 401 401 401 401 401
api_matter_act        405 405 405 405 405 405 405 405 405 405 405
api_matter_files      401 401 401 401 401 401 401 401 401 401 401
api_matter_file       401 401 401 401 401 401 401 401 401 401 401
api_assignments       401 401 401 401 401 401 401 401 401 401 401
api_steps             401 401 401 401 401 401 401 401 401 401 401
api_letters           401 401 401 401 401 401 401 401 401 401 401
api_letter            401 401 401 401 401 401 401 401 401 401 401
api_units             401 401 401 401 401 401 401 401 401 401 401
api_unit              401 401 401 401 401 401 401 401 401 401 401
api_areas             401 401 401 401 401 401 401 401 401 401 401
api_area              401 401 401 401 401 401 401 401 401 401 401
api_list              401 401 401 401 401 401 401 401 401 401 401
api_docs              302 200 200 200 200 200 200 200 200 200 200
api_docs_schema       302 200 200 200 200 200 200 200 200 200 200
token_list            302 200 200 200 200 200 200 200 200 200 200
token_revoke          405 405 405 405 405 405 405 405 405 405 405
system_list           302 403 403 403 403 403 403 403 200 403 403
system_new            302 403 403 403 403 403 403 403 200 403 403
system_detail         302 403 403 403 403 403 403 403 200 403 403
subscription_new      302 403 403 403 403 403 403 403 200 403 403
subscription_detail   302 403 403 403 403 403 403 403 200 403 403
subscription_rotate   405 405 405 405 405 405 405 405 405 405 405
subscription_end      405 405 405 405 405 405 405 405 405 405 405
secret_end            405 405 405 405 405 405 405 405 405 405 405
delivery_retry        405 405 405 405 405 405 405 405 405 405 405
surge_list            302 200 200 200 200 200 200 200 403 403 403
surge_new             302 403 403 403 403 403 403 403 403 403 403
surge_order_receive   405 405 405 405 405 405 405 405 405 405 405
surge_order_done      405 405 405 405 405 405 405 405 405 405 405
surge_detail          302 404 404 404 404 404 404 404 404 404 404
surge_log             302 404 404 404 404 404 404 404 404 404 404
surge_log_word        302 404 404 404 404 404 404 404 404 404 404
surge_extend          302 404 404 404 404 404 404 404 404 404 404
surge_end             302 404 404 404 404 404 404 404 404 404 404
surge_close           302 404 404 404 404 404 404 404 404 404 404
surge_order_new       302 404 404 404 404 404 404 404 404 404 404
surge_take_out        302 404 404 404 404 404 404 404 404 404 404
surge_day             302 404 404 404 404 404 404 404 404 404 404
surge_rows            302 404 404 404 404 404 404 404 404 404 404
surge_bulletin        302 404 404 404 404 404 404 404 404 404 404
"""

POST = """
set_language          302   r   r   r   r   r   r   r   r   r   r
subject_detail        302   r   r   r   r   r   r   r   r   r   r
sign_out             302  302  302  302  302  302  302  302  302  302  302
security              302 403 403 403 403 403 403 403 403 400 403
absence_set           302 422 422 422 422 422 422 422 422 422 422
absence_end           302 302 404 404 404 404 404 404 404 404 404
user_password         302 403 403 403 403 403 403 403 200 403 403
appointment_end       302 403 403 403 403 403 403 403   r 403 403
appointment_handover  302 403 403 403 403 403 403 403 422 403 403
job_retry             302 403 403 403 403 403 403 403 302 403 403
job_run               302 403 403 403 403 403 403 403 302 403 403
notice_list           302   r   r   r   r   r   r   r   r   r   r
notice_open           302   r 404 404 404 404 404 404 404 404 404
saved_view_save       302 400 400 400 400 400 400 400 400 400 400
saved_view_delete     302 302 404 404 404 404 404 404 404 404 404
box_detail            302 200 403 403 403 403 403 403 403 403 403
letter_list           405 405 405 405 405 405 405 405 405 405 405
letter_detail         405 405 405 405 405 405 405 405 405 405 405
letter_word           405 405 405 405 405 405 405 405 405 405 405
letter_receive        302 403 403 403 302 403 404 404 404 404 404
letter_reply          302 403 403 403 422 403 404 404 404 404 404
letter_withdraw       302 422 422 403 403 403 404 404 404 404 404
letter_counts         405 405 405 405 405 405 405 405 405 405 405
letter_answers        405 405 405 405 405 405 405 405 405 405 405
reply_judge           302 422 422 403 403 403 404 404 404 404 404
circulation_read      302 404 404 404 302 404 404 404 404 404 404
letter_pdf            405 405 405 405 405 405 405 405 405 405 405
letter_approval_package 405 405 405 405 405 405 405 405 405 405 405
letter_formal_file    405 405 405 405 405 405 405 405 405 405 405
letter_file           405 405 405 405 405 405 405 405 405 405 405
letter_edit           302 409 409 403 403 403 404 404 404 404 404
letter_submit         302 409 409 403 403 403 404 404 404 404 404
letter_take_back      302 422 422 403 403 403 404 404 404 404 404
letter_drop           302 422 422 403 403 403 404 404 404 404 404
letter_issue          302 409 409 403 403 403 404 404 404 404 404
letter_answer         302 403 403 403 403 403 404 404 404 404 404
letter_circulate      302 403 403 403 422 403 404 404 404 404 404
letter_urge           302 422 422 403 403 403 404 404 404 404 404
instruction_list      405 405 405 405 405 405 405 405 405 405 405
instruction_register  302   r   r 403 403 403 403 403 403 403 403
instruction_detail    405 405 405 405 405 405 405 405 405 405 405
instruction_reply     302 422 422 422 422 422 404 404 404 404 404
instruction_file      405 405 405 405 405 405 405 405 405 405 405
period_detail         302 403 200 403 403 403 403 403 404 404 404
matter_list           405 405 405 405 405 405 405 405 405 405 405
mediation_list        405 405 405 405 405 405 405 405 405 405 405
mediation_figures     405 405 405 405 405 405 405 405 405 405 405
mediation_coverage    405 405 405 405 405 405 405 405 405 405 405
holder_list           405 405 405 405 405 405 405 405 405 405 405
mediation_detail      405 405 405 405 405 405 405 405 405 405 405
matter_rates          405 405 405 405 405 405 405 405 405 405 405
matter_rate_rows      405 405 405 405 405 405 405 405 405 405 405
matter_new            302 422 422 403 422 403 422 422 403 403 403
matter_alike          302 200 200 403 200 403 200 200 403 403 403
matter_urge           302   r   r   r   r   r   r   r   r   r   r
order_list            405 405 405 405 405 405 405 405 405 405 405
order_enter_many      302   r   r   r   r   r   r   r   r   r   r
order_export          302   r   r   r   r 403   r   r 403 403 403
order_import          302 422 422 403 403 403 403 403 403 403 403
order_template        405 405 405 405 405 405 405 405 405 405 405
order_batch           405 405 405 405 405 405 405 405 405 405 405
order_batch_do        302   r 404 403 403 403 403 403 403 403 403
order_enter           302   r   r 403 403 403 404 404 404 404 404
order_reply           405 405 405 405 405 405 405 405 405 405 405
order_note            302 422 422 403 403 403 404 404 404 404 404
matter_dispatch_many  302   r   r   r   r   r   r   r   r   r   r
matter_detail         405 405 405 405 405 405 405 405 405 405 405
matter_proof          302   r   r   r   r   r 404 404 404 404 404
matter_file           405 405 405 405 405 405 405 405 405 405 405
matter_letter         302 422 422 403 403 403 404 404 404 404 404
matter_act            302 422 422 422 422 422 404 404 404 404 404
meeting_new           302 422 422 403 403 403 403 403 403 403 403
meeting_detail        302 422 422 403 403 403 403 403 404 404 404
meeting_change        302 422 422 403 403 403 403 403 404 404 404
meeting_point         302 404 404 403 403 403 403 403 404 404 404
point_off             302   r   r 403 403 403 403 403 404 404 404
decision_detail       302 403 403 403 403 403 422 403 404 404 404
reporters_open        302 422 422 403 422 422 404 404 404 404 404
reporter_own          302 422 422 403 422 422 404 404 404 404 404
matter_print          302   r   r 403   r   r 404 404 404 404 404
reporter_add          302 422 422 403 422 422 404 404 404 404 404
reporter_pin          302 422 422 403 422 422 404 404 404 404 404
reporter_correct      302 422 422 403 422 422 404 404 404 404 404
reporter_acting       302 422 422 403 422 422 404 404 404 404 404
progress              422 422 422 422 422 422 422 422 422 422 422
progress_leave        302 r r r r r r r r r r
progress_large        302 r r r r r r r r r r
progress_act          302 r r r r r r r r r r
plan_import_new       302 400 403 403 403 403 403 403 404 404 404
plan_import_edit      302   r 403 403 403 403 403 403 404 404 404
plan_import_take      302 400 403 403 403 403 403 403 404 404 404
plan_import_discard   302 302 403 403 403 403 403 403 404 404 404
plan_next_edition     302 409 409 403 403 403 403 403 404 404 404
edition_circumstances 302 400 400 404 403 403 403 403 404 404 404
edition_submit        302 400 400 404 403 403 403 403 404 404 404
edition_take_back     302 400 400 404 403 403 403 403 404 404 404
task_add              302 400 400 404 403 403 403 403 404 404 404
task_edit             302 400 400 404 403 403 403 403 404 404 404
task_split            302 400 400 404 403 403 403 403 404 404 404
task_remove           302 400 400 404 403 403 403 403 404 404 404
task_clauses          302 302 302 404 403 403 403 403 404 404 404
opinion_round_open    302 400 400 404 403 403 403 403 404 404 404
opinion_round         302 200 200 404   r   r   r   r 404 404 404
opinion_round_close   302 400 400 404 403 403 403 403 404 404 404
opinion_decide        302 400 400 404 403 403 403 403 404 404 404
opinion_keep_wording  302 400 400 404 403 403 403 403 404 404 404
opinion_slip          302 400 400 404 400 403 404 404 404 404 404
duty_assign           302 400 400 403 400 403 403 403 404 404 404
duty_detail           302 400 400 403 400 403 403 403 404 404 404
duty_problem          302 400 400 403 400 403 400 400 404 404 404
duty_handover         302 400 400 403 400 403 403 403 404 404 404
report_month_open     302 403   r 403 403 403 403 403 404 404 404
report_sign_off       302 403   r 403 403 403 403 403 404 404 404
period_lock           302 403   r 403 403 403 403 403 404 404 404
span_lock             302 403   r 403 403 403 403 403 404 404 404
period_list           302 403 400 403 403 403 403 403 404 404 404
report_remind         302 403 302 403 403 403 403 403 404 404 404
report_office         302 302 302 302 302 302 302 302 302 302 302
report_office_proof   400 400 400 400 400 400 400 400 400 400 400
report_office_file    200 200 200 200 200 200 200 200 200 200 200
report_proof          302 403 403 403 400 400 404 404 404 404 404
report_detail       302 403 403 403 302 302 404 404 404 404 404
report_sheet          302 400 400 400 400 400 404 404 404 404 404
report_office_link    302 403 403 403 200 403 404 404 404 404 404
report_act            302 404 404 404 404 404 404 404 404 404 404
pack_make             302 302 302 403 404 404 404 404 404 404 404
api_me                405 405 405 405 405 405 405 405 405 405 405
api_schema            405 405 405 405 405 405 405 405 405 405 405
api_matters           401 401 401 401 401 401 401 401 401 401 401
api_matter            405 405 405 405 405 405 405 405 405 405 405
api_matter_acts       405 405 405 405 405 405 405 405 405 405 405
api_matter_act        401 401 401 401 401 401 401 401 401 401 401
api_matter_files      401 401 401 401 401 401 401 401 401 401 401
api_matter_file       405 405 405 405 405 405 405 405 405 405 405
api_assignments       405 405 405 405 405 405 405 405 405 405 405
api_steps             405 405 405 405 405 405 405 405 405 405 405
api_letters           405 405 405 405 405 405 405 405 405 405 405
api_letter            405 405 405 405 405 405 405 405 405 405 405
api_units             405 405 405 405 405 405 405 405 405 405 405
api_unit              405 405 405 405 405 405 405 405 405 405 405
api_areas             405 405 405 405 405 405 405 405 405 405 405
api_area              405 405 405 405 405 405 405 405 405 405 405
api_list              405 405 405 405 405 405 405 405 405 405 405
api_docs              405 405 405 405 405 405 405 405 405 405 405
api_docs_schema       405 405 405 405 405 405 405 405 405 405 405
token_list            302 422 422 422 422 422 422 422 422 422 422
token_revoke          302 302 404 404 404 404 404 404 302 404 404
system_list           405 405 405 405 405 405 405 405 405 405 405
system_new            302 403 403 403 403 403 403 403 422 403 403
system_detail         302 403 403 403 403 403 403 403 422 403 403
subscription_new      302 403 403 403 403 403 403 403 422 403 403
subscription_detail   405 405 405 405 405 405 405 405 405 405 405
subscription_rotate   302 403 403 403 403 403 403 403 200 403 403
subscription_end      302 403 403 403 403 403 403 403 302 403 403
secret_end            302 403 403 403 403 403 403 403   r 403 403
delivery_retry        302 403 403 403 403 403 403 403 302 403 403
surge_list            405 405 405 405 405 405 405 405 405 405 405
surge_order_receive   302 404 404 404 404 404 404 404 404 404 404
surge_order_done      302 404 404 404 404 404 404 404 404 404 404
surge_detail          405 405 405 405 405 405 405 405 405 405 405
surge_log             405 405 405 405 405 405 405 405 405 405 405
surge_log_word        405 405 405 405 405 405 405 405 405 405 405
surge_rows            405 405 405 405 405 405 405 405 405 405 405
"""
