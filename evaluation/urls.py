"""Addresses of the coordinator's pages."""

from django.urls import path

from evaluation.views import answer, board, flags, reports, rules, surveys, write

app_name = "evaluation"

cohort = "cohorts/<slug:cohort>/"
flag = "flags/<slug:key>/"
report = "reports/<slug:key>/"
survey = "surveys/<slug:key>/"

urlpatterns = [
    path(f"{cohort}board/", board.board, name="board"),
    path(f"{cohort}board/pairs/", board.pairs, name="pairs"),
    path(f"{cohort}board/people/", board.people, name="people"),
    path(f"{cohort}board/flags/", flags.flags, name="flags"),
    path(f"{cohort}board/rules/", rules.rules, name="rules"),
    path(f"{cohort}board/rules/<slug:rule>/", rules.set_rule, name="set_rule"),
    path(f"{cohort}board/write/", write.write, name="write"),
    path(flag, flags.flag, name="flag"),
    path(f"{flag}acknowledge/", flags.acknowledge, name="acknowledge"),
    path(f"{flag}snooze/", flags.snooze, name="snooze"),
    path(f"{flag}note/", flags.note, name="note"),
    path(f"{flag}reopen/", flags.reopen, name="reopen"),
    path(f"{flag}dismiss/", flags.dismiss, name="dismiss"),
    path(f"{cohort}report/", reports.current, name="report"),
    path(f"{cohort}report/issue/", reports.issue, name="issue_report"),
    path(report, reports.issued, name="issued_report"),
    path(f"{report}csv/", reports.as_csv, name="report_csv"),
    path(f"{report}json/", reports.as_json, name="report_json"),
    path(f"{report}pdf/", reports.order_pdf, name="order_report_pdf"),
    path(f"{report}pdf/<slug:paper>/", reports.pdf, name="report_pdf"),
    # Surveys. The addresses under which one answers come first: they are no survey's key.
    path("surveys/answer/", answer.take_answer, name="take_answer"),
    path("surveys/answer/<str:token>/", answer.answer_link, name="answer_link"),
    path("surveys/answered/", answer.answered, name="answered"),
    path(f"{cohort}surveys/", surveys.surveys, name="surveys"),
    path(f"{cohort}surveys/new/", surveys.new_survey, name="new_survey"),
    path(f"{cohort}surveys/preview/", surveys.preview_survey, name="preview_survey"),
    path(survey, surveys.survey, name="survey"),
    path(f"{survey}close/", surveys.close_survey, name="close_survey"),
    path(f"{survey}take-back/", surveys.take_back_survey, name="take_back_survey"),
    path(f"{survey}answer/", answer.answer, name="answer"),
]
