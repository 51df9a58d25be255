"""The pages of programs, by object."""

from django.urls import path

from programs.views import (
    along,
    applicants,
    applications,
    cohorts,
    design,
    files,
    gallery,
    history,
    invitations,
    library,
    many,
    own,
    people,
    policies,
    policy_answers,
    public,
    questions,
    resources,
    rosters,
    scoring,
    settings,
    staff,
    staffing,
    years,
)
from programs.views import (
    help as help_views,
)

app_name = "programs"

urlpatterns = [
    path("help/", help_views.page, name="help"),
    path("invitations/<str:token>/", invitations.answer, name="invitation"),
    # programs of the school
    path("programs/", library.index, name="own_programs"),
    path("programs/design/", design.begin, name="design_begin"),
    path("programs/design/<slug:key>/", design.draft, name="draft"),
    path("programs/design/<slug:key>/publish/", design.publish, name="draft_publish"),
    path("programs/design/<slug:key>/discard/", design.discard, name="draft_discard"),
    path("programs/design/<slug:key>/step/<slug:step>/", design.step, name="design"),
    path("programs/design/<slug:key>/step/<slug:step>/check/", design.check, name="design_check"),
    path("programs/of-school/<slug:slug>/", library.show, name="own_program"),
    path("programs/of-school/<slug:slug>/improve/", library.improve, name="improve"),
    path("programs/of-school/<slug:slug>/file/", files.own_program, name="own_program_file"),
    # cohorts
    path("cohorts/", cohorts.index, name="cohorts"),
    path("cohorts/new/", gallery.index, name="templates"),
    path("cohorts/new/table/", gallery.table, name="templates_table"),
    path("cohorts/new/compare/", gallery.compare, name="compare"),
    path("cohorts/new/<slug:template>/", cohorts.new, name="new"),
    path("cohorts/new/<slug:template>/file/", files.template, name="template_file"),
    path("cohorts/<slug:cohort>/", cohorts.show, name="cohort"),
    path("cohorts/<slug:cohort>/program/", cohorts.program, name="program"),
    path("cohorts/<slug:cohort>/program/file/", files.cohort, name="program_file"),
    path("cohorts/<slug:cohort>/override/", cohorts.override, name="override"),
    path("cohorts/<slug:cohort>/move/", cohorts.move, name="move"),
    path("cohorts/<slug:cohort>/about/", public.about, name="about"),
    path("cohorts/<slug:cohort>/about/<slug:key>/", resources.public, name="about_resource"),
    # resources
    path("cohorts/<slug:cohort>/resources/", resources.index, name="resources"),
    path("cohorts/<slug:cohort>/resources/manage/", resources.manage, name="resources_manage"),
    path("cohorts/<slug:cohort>/resources/add/", resources.add, name="resource_add"),
    path(
        "cohorts/<slug:cohort>/resources/starters/", resources.starters, name="resources_starters"
    ),
    path("cohorts/<slug:cohort>/resources/<slug:key>/", resources.show, name="resource"),
    path("cohorts/<slug:cohort>/resources/<slug:key>/edit/", resources.edit, name="resource_edit"),
    path("cohorts/<slug:cohort>/resources/<slug:key>/act/", resources.act, name="resource_act"),
    # applications
    path("cohorts/<slug:cohort>/applicants/", applicants.index, name="applicants"),
    path("cohorts/<slug:cohort>/applicants/decide/", applicants.decide, name="decide"),
    path("cohorts/<slug:cohort>/applicants/scoring/", scoring.index, name="scoring"),
    path("cohorts/<slug:cohort>/applicants/scoring/act/", scoring.act, name="scoring_act"),
    path("cohorts/<slug:cohort>/applicants/page/", public.edit, name="public_page"),
    path("cohorts/<slug:cohort>/applicants/page/act/", public.act, name="public_page_act"),
    path("cohorts/<slug:cohort>/applicants/page/code/", public.code, name="public_page_code"),
    path("cohorts/<slug:cohort>/applicants/questions/", questions.index, name="questions"),
    path("cohorts/<slug:cohort>/applicants/questions/add/", questions.add, name="question_add"),
    path("cohorts/<slug:cohort>/applicants/questions/act/", questions.act, name="questions_act"),
    path(
        "cohorts/<slug:cohort>/applicants/questions/preview/",
        questions.preview,
        name="questions_preview",
    ),
    path(
        "cohorts/<slug:cohort>/applicants/questions/<slug:key>/",
        questions.edit,
        name="question_edit",
    ),
    path("cohorts/<slug:cohort>/applicants/<slug:key>/", applicants.review, name="applicant"),
    # people
    path("cohorts/<slug:cohort>/people/", people.index, name="people"),
    path("cohorts/<slug:cohort>/people/add/", people.add, name="person_add"),
    path("cohorts/<slug:cohort>/people/invite/", people.invite, name="invite"),
    path("cohorts/<slug:cohort>/people/many/", many.act, name="many"),
    path("cohorts/<slug:cohort>/people/needed/", staffing.index, name="staffing"),
    path("cohorts/<slug:cohort>/people/along/", along.index, name="along"),
    path("cohorts/<slug:cohort>/people/along/undo/", along.undo, name="along_undo"),
    # rosters
    path("cohorts/<slug:cohort>/people/roster/", rosters.index, name="roster"),
    path("cohorts/<slug:cohort>/people/roster/example/", rosters.example, name="roster_example"),
    path("cohorts/<slug:cohort>/people/roster/<slug:key>/", rosters.show, name="roster_preview"),
    path(
        "cohorts/<slug:cohort>/people/roster/<slug:key>/apply/", rosters.apply, name="roster_apply"
    ),
    path("cohorts/<slug:cohort>/people/roster/<slug:key>/undo/", rosters.undo, name="roster_undo"),
    path(
        "cohorts/<slug:cohort>/people/roster/<slug:key>/discard/",
        rosters.discard,
        name="roster_discard",
    ),
    # one person
    path("cohorts/<slug:cohort>/people/<slug:key>/", people.show, name="person"),
    path("cohorts/<slug:cohort>/people/<slug:key>/edit/", people.edit, name="person_edit"),
    path("cohorts/<slug:cohort>/people/<slug:key>/act/", people.act, name="person_act"),
    path("cohorts/<slug:cohort>/people/<slug:key>/absence/", people.absence, name="person_absence"),
    path("cohorts/<slug:cohort>/people/<slug:key>/invite/", people.invite_one, name="invite_one"),
    # roles and settings
    path("cohorts/<slug:cohort>/roles/", staff.index, name="staff"),
    path("cohorts/<slug:cohort>/roles/<slug:key>/revoke/", staff.revoke, name="staff_revoke"),
    path("cohorts/<slug:cohort>/settings/", settings.index, name="settings"),
    path("cohorts/<slug:cohort>/settings/history/", history.index, name="history"),
    path("cohorts/<slug:cohort>/settings/delete/", settings.delete, name="cohort_delete"),
    path("cohorts/<slug:cohort>/settings/checked/", settings.checked, name="dates_checked"),
    path("cohorts/<slug:cohort>/settings/remove/", settings.remove, name="settings_remove"),
    path(
        "cohorts/<slug:cohort>/settings/applications/", settings.applications, name="applications"
    ),
    # policies and consent texts
    path("cohorts/<slug:cohort>/settings/policies/", policies.index, name="policies"),
    path("cohorts/<slug:cohort>/settings/policies/add/", policies.add, name="policy_add"),
    path("cohorts/<slug:cohort>/settings/policies/begin/", policies.begin, name="policies_begin"),
    path("cohorts/<slug:cohort>/settings/policies/<slug:key>/", policies.show, name="policy"),
    path(
        "cohorts/<slug:cohort>/settings/policies/<slug:key>/draft/",
        policies.draft,
        name="policy_draft",
    ),
    path(
        "cohorts/<slug:cohort>/settings/policies/<slug:key>/act/", policies.act, name="policy_act"
    ),
    # the next year
    path("cohorts/<slug:cohort>/next-year/", years.dates, name="next_year"),
    path("cohorts/<slug:cohort>/next-year/people/", years.people, name="next_year_people"),
    path("cohorts/<slug:cohort>/next-year/mentors/", years.mentors, name="next_year_mentors"),
    path("cohorts/<slug:cohort>/next-year/begin/", years.begin, name="next_year_begin"),
    path("cohorts/<slug:cohort>/next-year/undo/", years.undo, name="next_year_undo"),
    # one's own places
    path("places/", own.places, name="places"),
    path("agreements/", policy_answers.index, name="my_policies"),
    path("agreements/<slug:key>/", policy_answers.answer, name="my_policy"),
    path("cohorts/<slug:cohort>/apply/", applications.apply, name="apply"),
    path("cohorts/<slug:cohort>/apply/<str:token>/", applications.confirm, name="apply_confirm"),
    path("cohorts/<slug:cohort>/mine/<slug:key>/", own.mine, name="mine"),
    path("cohorts/<slug:cohort>/mine/<slug:key>/respond/", own.respond, name="respond"),
    path("cohorts/<slug:cohort>/mine/<slug:key>/absence/", own.absence, name="absence"),
    path("cohorts/<slug:cohort>/mine/<slug:key>/absence/end/", own.absence_end, name="absence_end"),
    path("cohorts/<slug:cohort>/mine/<slug:key>/leave/", own.leave, name="leave"),
    path("cohorts/<slug:cohort>/mine/<slug:key>/leave/ask/", own.ask, name="leave_ask"),
]
