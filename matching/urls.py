"""The pages of matching."""

from django.urls import path

from matching.views import groups, mentorships, rules, runs, stand_ins, years

app_name = "matching"

cohort = "cohorts/<slug:cohort>/"
urlpatterns = [
    # Runs
    path(f"{cohort}matching/", runs.overview, name="overview"),
    path(f"{cohort}matching/start/", runs.start, name="start"),
    path(f"{cohort}matching/runs/<slug:run>/", runs.review, name="run"),
    path(f"{cohort}matching/runs/<slug:run>/again/", runs.again, name="again"),
    path(f"{cohort}matching/runs/<slug:run>/publish/", runs.publish, name="publish"),
    # Rules about pairs
    path(f"{cohort}matching/rules/", rules.rules, name="rules"),
    path(f"{cohort}matching/rules/add/", rules.add, name="add_rule"),
    path(f"{cohort}matching/rules/<slug:rule>/remove/", rules.remove, name="remove_rule"),
    # By hand
    path(f"{cohort}matching/unmatched/", mentorships.unmatched, name="unmatched"),
    path(f"{cohort}matching/unmatched/<slug:student>/", mentorships.assign, name="assign"),
    path(f"{cohort}matching/mentors/<slug:mentor>/place/", mentorships.add_place, name="add_place"),
    path(f"{cohort}mentorships/", mentorships.mentorships, name="mentorships"),
    path(f"{cohort}mentorships/seats/", years.to_fill, name="seats"),
    path(f"{cohort}next-year/groups/", years.next_year, name="next_year"),
    # Stand-ins
    path(f"{cohort}away/<slug:absence>/", stand_ins.away, name="away"),
    path("mentorships/<slug:key>/stand-in/", stand_ins.stand_in, name="stand_in"),
    path(
        "mentorships/<slug:key>/stand-in/<slug:stand_in>/end/",
        stand_ins.end,
        name="end_stand_in",
    ),
    # One mentorship
    path("mentorships/<slug:key>/manage/", mentorships.manage, name="manage"),
    path("mentorships/<slug:key>/name/", groups.rename, name="rename"),
    path("mentorships/<slug:key>/leaders/", groups.add_leader, name="add_leader"),
    path("mentorships/<slug:key>/leaders/<slug:leader>/end/", groups.end_leader, name="end_leader"),
    path("mentorships/<slug:key>/end/", mentorships.end, name="end"),
    path("mentorships/<slug:key>/move/<slug:student>/", mentorships.move, name="move"),
]
